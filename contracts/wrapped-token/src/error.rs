//! Maps every refusal of the rules to one error of the interface.

use abi::IWrappedToken;
use alloy_primitives::U256;
use glue::revert;

glue::contract_error!();

/// An amount of lsETH that is worth no share.
#[cold]
pub(crate) fn zero_shares(assets: U256) -> Error {
    revert!(IWrappedToken::ZeroShares { assets }).into()
}
