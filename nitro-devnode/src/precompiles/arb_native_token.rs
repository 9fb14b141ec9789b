//! ArbNativeTokenManager (0x73): minting and burning the chain's native token, for its owners.
//!
//! Who they are is ArbOwner's business: [`super::arb_owner_native`].
use alloy::sol_types::SolCall;
use revm::{Database, primitives::U256};

use super::{
    abi::Args,
    call::{Call, Failure, database},
    method::{Method, write},
};
use crate::arbos::{accounts, address_set::AddressSet, layout};

alloy::sol! {
    interface IArbNativeTokenManager {
        function mintNativeToken(uint256 amount);
        function burnNativeToken(uint256 amount);
        event NativeTokenMinted(address indexed to, uint256 amount);
        event NativeTokenBurned(address indexed from, uint256 amount);
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbNativeTokenManager as I;
    Some(match selector {
        I::mintNativeTokenCall::SELECTOR => write(mint).since(41),
        I::burnNativeTokenCall::SELECTOR => write(burn).since(41),
        _ => return None,
    })
}

/// Owners of the token may go on; anyone else loses all gas.
fn require_owner<DB: Database>(call: &mut Call<'_, DB>) -> Result<(), Failure> {
    let caller = call.caller;
    if AddressSet::new(layout::native_token_owners()).contains(call, caller)? {
        Ok(())
    } else {
        Err(call.burn_out())
    }
}

/// Makes wei for the caller.
fn mint<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let amount: U256 = args.u256()?;
    require_owner(call)?;
    let to = call.caller;
    accounts::mint(call.ctx, to, amount).map_err(database)?;
    call.emit(&IArbNativeTokenManager::NativeTokenMinted { to, amount })?;
    Ok(Vec::new())
}

/// Destroys wei of the caller; more than it has is refused.
fn burn<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let amount: U256 = args.u256()?;
    require_owner(call)?;
    let from = call.caller;
    if !accounts::burn(call.ctx, from, amount).map_err(database)? {
        return Err(Failure::Reverted);
    }
    call.emit(&IArbNativeTokenManager::NativeTokenBurned { from, amount })?;
    Ok(Vec::new())
}
