//! The errors of the vault that are made in more than one place.

use abi::IEtherVault;
use alloy_primitives::{Address, U256};
use glue::revert;

glue::contract_error!();

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
