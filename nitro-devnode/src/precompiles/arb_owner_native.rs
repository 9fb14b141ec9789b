//! What ArbOwner decides about the native token: from when it may have owners, and who they are.
use alloy::sol_types::SolCall;
use revm::{Database, primitives::U256};

use super::{
    abi::Args,
    arb_owner::remove_member,
    arb_owner_public::{is_member, members},
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::{address_set::AddressSet, layout, storage::Slots};

alloy::sol! {
    interface IArbOwnerNative {
        function setNativeTokenManagementFrom(uint64 timestamp);
        function addNativeTokenOwner(address newOwner);
        function removeNativeTokenOwner(address ownerToRemove);
        function isNativeTokenOwner(address account);
        function getAllNativeTokenOwners();
    }
}

/// Seconds ahead at which the management may begin at the earliest.
const NOTICE: u64 = 7 * 86_400;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbOwnerNative as I;
    let method = match selector {
        I::setNativeTokenManagementFromCall::SELECTOR => write(set_management_from),
        I::addNativeTokenOwnerCall::SELECTOR => write(add_owner),
        I::removeNativeTokenOwnerCall::SELECTOR => write(|call, args| {
            remove_member(call, args, AddressSet::new(layout::native_token_owners()))
        }),
        I::isNativeTokenOwnerCall::SELECTOR => {
            view(|call, args| is_member(call, args, layout::native_token_owners()))
        }
        I::getAllNativeTokenOwnersCall::SELECTOR => {
            view(|call, _| members(call, layout::native_token_owners()))
        }
        _ => return None,
    };
    Some(method.since(41))
}

/// Sets from when owners may be added; 0: never. It must be seven days ahead, unless it has
/// begun; a beginning that is nearer than that can only be put off.
fn set_management_from<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let from: u64 = args.uint()?;
    let slot = layout::root(layout::NATIVE_TOKEN_FROM);
    if from != 0 {
        let now = call.now();
        let before = call.read_u64(slot)?;
        let earliest = now.saturating_add(NOTICE);
        let is_far = before == 0 || before > earliest;
        let is_near = !is_far && before > now;
        if (is_far && from < earliest) || (is_near && from < before) {
            return Err(Failure::Reverted);
        }
    }
    call.write(slot, U256::from(from))?;
    Ok(Vec::new())
}

/// Adds an owner, once the management has begun.
fn add_owner<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let owner = args.address()?;
    let from = call.read_u64(layout::root(layout::NATIVE_TOKEN_FROM))?;
    if from == 0 || from > call.now() {
        return Err(Failure::Reverted);
    }
    AddressSet::new(layout::native_token_owners()).add(call, owner)?;
    Ok(Vec::new())
}
