//! What the contracts share and no rule of the protocol decides: who may call, when a group of
//! functions is paused, the lock against reentrancy, typed calls, packed storage words, bounds of
//! parameters, and the encoding of errors and events.
#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;

pub mod access;
pub mod administration;
pub mod allowance;
pub mod bounds;
pub mod calls;
pub mod erc165;
#[cfg(feature = "export-abi")]
pub mod export;
pub mod fresh;
pub mod lock;
pub mod next;
pub mod pause;
pub mod permit;
pub mod receiver;
pub mod revert;
pub mod router;
pub mod storage;
pub mod surplus;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transient;
pub mod word;

use alloy_primitives::{Address, address};

/// ETH where a token is asked for, as ERC-7528 writes it.
pub const ETH: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");
/// Holds the first shares, and what is burned: nobody has its key.
pub const DEAD: Address = address!("000000000000000000000000000000000000dEaD");

#[doc(hidden)]
pub use alloy_primitives::U256;
#[doc(hidden)]
pub use alloy_sol_types::{SolCall, SolError, SolEvent};

/// Gives a contract crate its `Error`, so that it can say how the rules' refusals map to its ABI.
#[macro_export]
macro_rules! contract_error {
    () => {
        /// Why a call is refused: an error that this contract's interface declares, or the one of
        /// another contract of the protocol, forwarded.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Error(::glue::revert::Revert);

        impl From<::glue::revert::Revert> for Error {
            fn from(revert: ::glue::revert::Revert) -> Self {
                Self(revert)
            }
        }

        impl From<::protocol::mul_div::MathError> for Error {
            fn from(error: ::protocol::mul_div::MathError) -> Self {
                Self(error.into())
            }
        }

        impl From<::protocol::reserves::ReservesError> for Error {
            fn from(error: ::protocol::reserves::ReservesError) -> Self {
                Self(error.into())
            }
        }

        impl From<Error> for ::alloc::vec::Vec<u8> {
            fn from(error: Error) -> Self {
                error.0.into()
            }
        }
    };
}
