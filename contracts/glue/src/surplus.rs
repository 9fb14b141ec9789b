//! ETH that is nobody's, and the one place where it may go.

use abi::{
    IAdministration,
    IStakingPool::{SurplusSwept, ZeroAmount},
    IValidatorRegistry,
};
use alloy_primitives::{Address, U256};
use stylus_sdk::stylus_core::Host;

use crate::{calldata, calls, emit, revert, revert::Revert};

/// Emits `SurplusSwept` and sends `surplus` wei to the cover fund of `registry`.
///
/// - Errors: `ZeroAmount`; `NotAContract` while no registry is named: an address without code takes
///   every call, and ETH with it. The registry's own.
#[inline(never)]
pub fn sweep(host: &impl Host, registry: Address, surplus: U256) -> Result<(), Revert> {
    if surplus.is_zero() {
        return Err(revert!(ZeroAmount {}));
    }
    if registry.is_zero() {
        return Err(revert!(IAdministration::NotAContract { target: registry }));
    }
    emit!(host, SurplusSwept [] { assets: surplus });
    let fund = calldata!(IValidatorRegistry::fundCoverCall {});
    let [] = calls::call(host, registry, surplus, &fund)?;
    Ok(())
}
