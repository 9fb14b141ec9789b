//! ArbInfo (0x65): balance and code of any account.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    abi::{self, Args},
    call::{Call, Failure, database},
    method::{Method, view},
};
use crate::arbos::accounts;

alloy::sol! {
    interface IArbInfo {
        function getBalance(address account);
        function getCode(address account);
    }
}

const BALANCE_GAS: u64 = 700;
const CODE_GAS: u64 = 2_100;
const CODE_WORD_GAS: u64 = 3;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbInfo::getBalanceCall::SELECTOR => view(balance),
        IArbInfo::getCodeCall::SELECTOR => view(code),
        _ => return None,
    })
}

fn balance<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let account = args.address()?;
    call.burn(BALANCE_GAS)?;
    let balance = accounts::balance(call.ctx, account).map_err(database)?;
    Ok(abi::words([balance]))
}

fn code<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let account = args.address()?;
    call.burn(CODE_GAS)?;
    let code = accounts::code(call.ctx, account).map_err(database)?;
    let code = code.original_byte_slice();
    call.burn(CODE_WORD_GAS * code.len().div_ceil(32) as u64)?;
    Ok(abi::bytes(code))
}
