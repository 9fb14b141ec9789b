//! ArbOwnerPublic (0x6b): what anyone may know about the chain's owners and their settings.
use alloy::sol_types::SolCall;
use revm::{Database, primitives::U256};

use super::{
    abi::{self, Args},
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::{
    address_set::AddressSet,
    l1_pricing, layout,
    storage::{Slots, Space, word_of},
};

alloy::sol! {
    interface IArbOwnerPublic {
        function isChainOwner(address account);
        function getAllChainOwners();
        function rectifyChainOwner(address ownerToRectify);
        function isNativeTokenOwner(address account);
        function getAllNativeTokenOwners();
        function getNativeTokenManagementFrom();
        function getNetworkFeeAccount();
        function getInfraFeeAccount();
        function getBrotliCompressionLevel();
        function getScheduledUpgrade();
        function isCalldataPriceIncreaseEnabled();
        function getParentGasFloorPerToken();
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbOwnerPublic as I;
    Some(match selector {
        I::isChainOwnerCall::SELECTOR => {
            view(|call, args| is_member(call, args, layout::chain_owners()))
        }
        I::getAllChainOwnersCall::SELECTOR => view(|call, _| members(call, layout::chain_owners())),
        I::rectifyChainOwnerCall::SELECTOR => write(rectify),
        I::isNativeTokenOwnerCall::SELECTOR => {
            view(|call, args| is_member(call, args, layout::native_token_owners())).since(41)
        }
        I::getAllNativeTokenOwnersCall::SELECTOR => {
            view(|call, _| members(call, layout::native_token_owners())).since(41)
        }
        I::getNativeTokenManagementFromCall::SELECTOR => {
            view(|call, _| root(call, layout::NATIVE_TOKEN_FROM)).since(50)
        }
        I::getNetworkFeeAccountCall::SELECTOR => {
            view(|call, _| root(call, layout::NETWORK_FEE_ACCOUNT))
        }
        I::getInfraFeeAccountCall::SELECTOR => {
            view(|call, _| root(call, layout::INFRA_FEE_ACCOUNT))
        }
        I::getBrotliCompressionLevelCall::SELECTOR => {
            view(|call, _| root(call, layout::BROTLI_LEVEL))
        }
        I::getScheduledUpgradeCall::SELECTOR => view(scheduled_upgrade),
        I::isCalldataPriceIncreaseEnabledCall::SELECTOR => view(|call, _| {
            let features = call.read(layout::features().at(0))?;
            Ok(abi::boolean(features.bit(layout::CALLDATA_PRICE_INCREASE)))
        }),
        I::getParentGasFloorPerTokenCall::SELECTOR => view(|call, _| {
            let slot = l1_pricing::slot(l1_pricing::GAS_FLOOR_PER_TOKEN);
            Ok(abi::words([call.read(slot)?]))
        })
        .since(50),
        _ => return None,
    })
}

/// A word under the root.
pub(super) fn root<DB: Database>(call: &mut Call<'_, DB>, offset: u64) -> Result<Vec<u8>, Failure> {
    Ok(abi::words([call.read(layout::root(offset))?]))
}

/// Whether the argument is in an address set.
pub(super) fn is_member<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
    set: Space,
) -> Result<Vec<u8>, Failure> {
    let address = args.address()?;
    Ok(abi::boolean(AddressSet::new(set).contains(call, address)?))
}

/// All members of an address set.
pub(super) fn members<DB: Database>(
    call: &mut Call<'_, DB>,
    set: Space,
) -> Result<Vec<u8>, Failure> {
    let members = AddressSet::new(set).members(call)?;
    Ok(abi::list(members.into_iter().map(word_of)))
}

/// Repairs an owner whose index and place in the list disagree, which an early ArbOS
/// version could leave behind; a chain of this node never has one.
fn rectify<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let owner = args.address()?;
    let owners = AddressSet::new(layout::chain_owners());
    if !owners.contains(call, owner)? || owners.is_consistent(call, owner)? {
        return Err(Failure::Reverted);
    }
    Err(Failure::unsupported(
        "ArbOwnerPublic.rectifyChainOwner on a broken entry",
    ))
}

/// Version and time of the upgrade ahead; zeros if there is none.
fn scheduled_upgrade<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let version = call.read_u64(layout::root(layout::UPGRADE_VERSION))?;
    let timestamp = call.read(layout::root(layout::UPGRADE_TIMESTAMP))?;
    if version <= call.arbos_version() {
        return Ok(abi::words([U256::ZERO, U256::ZERO]));
    }
    Ok(abi::words([U256::from(version), timestamp]))
}
