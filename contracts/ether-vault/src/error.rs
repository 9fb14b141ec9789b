//! Maps every refusal of the rules to one error of the interface.

use abi::IEtherVault;
use alloy_primitives::{Address, U256};
use glue::revert;
use protocol::reserves::ReservesError;

glue::contract_error!();

impl From<ReservesError> for Error {
    fn from(error: ReservesError) -> Self {
        match error {
            ReservesError::Math(error) => error.into(),
            ReservesError::Insolvent { balance, owed } => revert!(IEtherVault::Insolvent {
                balance: U256::from(balance),
                owed: U256::from(owed),
            })
            .into(),
        }
    }
}

/// More than a controller can take in one call.
#[cold]
pub(crate) fn above_claimable(controller: Address, wanted: U256, available: U256) -> Error {
    revert!(IEtherVault::AboveClaimable {
        controller,
        wanted,
        available,
    })
    .into()
}
