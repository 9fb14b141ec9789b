//! Errors and events as words: what the typed encoders of alloy do, in one shared function each.
//!
//! All errors and nearly all events of the interfaces have arguments of one word. Encoding them
//! through the generic encoders costs 300 to 2,000 bytes of program for every one of them.
//! Builds with debug assertions compare each use with alloy's own encoding.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, aliases::U48};
use protocol::{mul_div::MathError, reserves::ReservesError};
use stylus_sdk::stylus_core::Host;

/// The revert data of a refused call: an error that an interface declares, its selector first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revert(Vec<u8>);

impl Revert {
    /// An error of the interfaces; use [`crate::revert!`], which checks the arguments.
    #[cold]
    #[inline(never)]
    pub fn encode(selector: [u8; 4], words: &[U256]) -> Self {
        let mut data = selector.to_vec();
        append(&mut data, words);
        Self(data)
    }

    /// An error that another contract of the protocol reverted with, as it came.
    pub const fn forwarded(data: Vec<u8>) -> Self {
        Self(data)
    }

    /// The data.
    pub fn into_data(self) -> Vec<u8> {
        self.0
    }

    /// The data.
    pub fn data(&self) -> &[u8] {
        &self.0
    }
}

impl From<Revert> for Vec<u8> {
    fn from(revert: Revert) -> Self {
        revert.0
    }
}

impl From<MathError> for Revert {
    #[cold]
    #[inline(never)]
    fn from(error: MathError) -> Self {
        match error {
            MathError::DivisionByZero { a, b } => {
                crate::revert!(abi::IStakingPool::DivisionByZero {
                    a: U256::from(a),
                    b: U256::from(b),
                })
            }
            MathError::QuotientOverflow { a, b, denominator } => {
                crate::revert!(abi::IStakingPool::QuotientOverflow {
                    a: U256::from(a),
                    b: U256::from(b),
                    denominator: U256::from(denominator),
                })
            }
            MathError::SumOverflow { a, b } => crate::revert!(abi::IStakingPool::SumOverflow {
                a: U256::from(a),
                b: U256::from(b),
            }),
            MathError::DifferenceUnderflow { a, b } => {
                crate::revert!(abi::IStakingPool::DifferenceUnderflow {
                    a: U256::from(a),
                    b: U256::from(b),
                })
            }
            MathError::TooWide { value } => {
                crate::revert!(abi::IStakingPool::AmountTooWide { value })
            }
        }
    }
}

impl From<ReservesError> for Revert {
    #[cold]
    #[inline(never)]
    fn from(error: ReservesError) -> Self {
        match error {
            ReservesError::Math(error) => error.into(),
            ReservesError::Insolvent { balance, owed } => {
                crate::revert!(abi::IStakingPool::Insolvent {
                    balance: U256::from(balance),
                    owed: U256::from(owed),
                })
            }
        }
    }
}

/// A value that is one word of the ABI.
pub trait Word {
    /// The word as a number, padded as the ABI says.
    fn word(self) -> U256;
}

impl Word for U256 {
    fn word(self) -> U256 {
        self
    }
}

impl Word for B256 {
    #[inline(never)]
    fn word(self) -> U256 {
        Self::into(self)
    }
}

impl Word for Address {
    fn word(self) -> U256 {
        self.into_word().word()
    }
}

macro_rules! word_of_uint {
    ($($uint:ty)*) => {
        $(impl Word for $uint {
            fn word(self) -> U256 {
                U256::from(self)
            }
        })*
    };
}

word_of_uint!(u8 u16 u32 u64 u128 bool U48);

/// Emits a log; use [`crate::emit!`], which checks the arguments.
#[inline(never)]
pub fn log(host: &impl Host, signature: &B256, topics: &[U256], words: &[U256]) {
    let mut data = signature.to_vec();
    append(&mut data, topics);
    append(&mut data, words);
    // At most three topics besides the signature.
    host.emit_log(&data, topics.len().saturating_add(1));
}

/// As [`log`], for an event whose last argument is a string.
pub fn log_with_text(
    host: &impl Host,
    signature: &B256,
    topics: &[U256],
    words: &[U256],
    text: &[u8],
) {
    let mut data = signature.to_vec();
    append(&mut data, topics);
    append(&mut data, words);
    // The string begins behind the words and its own offset.
    let offset = words.len().saturating_add(1).saturating_mul(32);
    append(&mut data, &[U256::from(offset)]);
    crate::router::append_text(&mut data, text);
    host.emit_log(&data, topics.len().saturating_add(1));
}

/// Appends words as the ABI writes them.
#[inline(never)]
pub(crate) fn append(data: &mut Vec<u8>, words: &[U256]) {
    for word in words {
        data.extend_from_slice(&word.to_be_bytes::<32>());
    }
}

/// One argument of [`revert!`] and [`emit!`] as a word.
#[doc(hidden)]
#[macro_export]
macro_rules! argument {
    ($field:ident) => {
        $crate::revert::Word::word($field)
    };
    ($field:ident, $value:expr) => {
        $crate::revert::Word::word($value)
    };
}

/// The `Revert` of an error, its arguments in the order of the interface.
#[macro_export]
macro_rules! revert {
    ($($error:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        let revert = $crate::revert::Revert::encode(
            <$($error)::+ as $crate::SolError>::SELECTOR,
            &[$($crate::argument!($field $(, $value)?)),*],
        );
        debug_assert_eq!(
            revert.data(),
            $crate::SolError::abi_encode(&$($error)::+ { $($field $(: $value)?),* }),
        );
        revert
    }};
}

/// Emits an event: `emit!(host, Event [indexed arguments] { other arguments })`, each in the order
/// of the interface.
#[macro_export]
macro_rules! emit {
    (
        $host:expr,
        $($event:ident)::+
        [$($topic:ident $(: $indexed:expr)?),* $(,)?]
        { $($field:ident $(: $value:expr)?),* $(,)? }
    ) => {{
        let signature = &<$($event)::+ as $crate::SolEvent>::SIGNATURE_HASH;
        let topics: &[$crate::U256] = &[$($crate::argument!($topic $(, $indexed)?)),*];
        let words: &[$crate::U256] = &[$($crate::argument!($field $(, $value)?)),*];
        if cfg!(debug_assertions) {
            let event = $($event)::+ { $($topic $(: $indexed)?,)* $($field $(: $value)?,)* };
            $crate::revert::check_log(&event, topics, words);
        }
        $crate::revert::log($host, signature, topics, words);
    }};
}

/// Compares a log with alloy's own encoding of the event.
///
/// # Panics
///
/// If they differ; only builds with debug assertions call it.
#[doc(hidden)]
pub fn check_log<E: alloy_sol_types::SolEvent>(event: &E, topics: &[U256], words: &[U256]) {
    let encoded = event.encode_log_data();
    let mut expected = encoded
        .topics()
        .iter()
        .skip(1)
        .map(|topic| U256::from_be_bytes(topic.0));
    assert!(topics.iter().copied().eq(&mut expected));
    let mut data = Vec::new();
    append(&mut data, words);
    assert_eq!(encoded.data.as_ref(), data);
}

#[cfg(test)]
mod tests {
    use abi::{
        IEtherVault::IEtherVaultErrors,
        IStakingPool::{self as pool, IStakingPoolErrors},
        IValidatorRegistry::IValidatorRegistryErrors,
        IWithdrawalQueue::IWithdrawalQueueErrors,
        IWrappedToken::IWrappedTokenErrors,
    };
    use alloy_sol_types::{SolError, SolInterface};

    use super::*;

    /// Shared code encodes its errors with the pool's types, but for those of the administration,
    /// which every contract shows at its own address.
    #[test]
    fn every_interface_declares_the_errors_of_shared_code() {
        type Declares = fn([u8; 4]) -> bool;
        let [wrapped, vault, upgradeable @ ..]: [Declares; 5] = [
            IWrappedTokenErrors::valid_selector,
            IEtherVaultErrors::valid_selector,
            IStakingPoolErrors::valid_selector,
            IValidatorRegistryErrors::valid_selector,
            IWithdrawalQueueErrors::valid_selector,
        ];
        let of_all = [
            pool::DivisionByZero::SELECTOR,
            pool::QuotientOverflow::SELECTOR,
            pool::SumOverflow::SELECTOR,
            pool::DifferenceUnderflow::SELECTOR,
            pool::AmountTooWide::SELECTOR,
            pool::CallFailed::SELECTOR,
        ];
        let of_whoever_holds_eth = [pool::TransferFailed::SELECTOR, pool::Insolvent::SELECTOR];
        let of_tokens = [
            pool::ERC20InsufficientAllowance::SELECTOR,
            pool::ERC20InvalidSpender::SELECTOR,
        ];
        let of_the_upgradeable = [
            pool::CallerNotAllowed::SELECTOR,
            pool::ParameterOutOfBounds::SELECTOR,
            pool::InvalidOperationCount::SELECTOR,
            pool::ZeroAmount::SELECTOR,
        ];
        assert!(of_all.into_iter().chain(of_tokens).all(wrapped));
        let of_the_vault = of_all.into_iter().chain(of_whoever_holds_eth);
        assert!(of_the_vault.clone().all(vault));
        for declares in upgradeable {
            assert!(of_the_vault.clone().chain(of_the_upgradeable).all(declares));
        }
    }

    #[test]
    fn every_failure_of_the_arithmetic_is_encoded_as_the_abi_says() {
        let value = U256::MAX;
        let [one, two, three] = [1, 2, 3].map(U256::from);
        let by_zero = pool::DivisionByZero { a: one, b: two };
        let overflow = pool::QuotientOverflow {
            a: one,
            b: two,
            denominator: three,
        };
        let sum = pool::SumOverflow { a: one, b: two };
        let difference = pool::DifferenceUnderflow { a: one, b: two };
        for (error, encoded) in [
            (
                MathError::DivisionByZero { a: 1, b: 2 },
                by_zero.abi_encode(),
            ),
            (
                MathError::QuotientOverflow {
                    a: 1,
                    b: 2,
                    denominator: 3,
                },
                overflow.abi_encode(),
            ),
            (MathError::SumOverflow { a: 1, b: 2 }, sum.abi_encode()),
            (
                MathError::DifferenceUnderflow { a: 1, b: 2 },
                difference.abi_encode(),
            ),
            (
                MathError::TooWide { value },
                pool::AmountTooWide { value }.abi_encode(),
            ),
        ] {
            assert_eq!(Revert::from(error).data(), encoded);
        }
    }
}
