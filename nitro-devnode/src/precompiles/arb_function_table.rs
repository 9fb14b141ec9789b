//! ArbFunctionTable (0x68): a remnant that accepts anything and stores nothing.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    abi,
    call::Failure,
    method::{Method, view, write},
};

alloy::sol! {
    interface IArbFunctionTable {
        function upload(bytes buf);
        function size(address account);
        function get(address account, uint256 index);
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbFunctionTable::uploadCall::SELECTOR => write(|_, args| {
            args.bytes()?;
            Ok(Vec::new())
        }),
        IArbFunctionTable::sizeCall::SELECTOR => view(|_, args| {
            args.address()?;
            Ok(abi::number(0))
        }),
        IArbFunctionTable::getCall::SELECTOR => view(|_, args| {
            args.address()?;
            args.u256()?;
            Err(Failure::Reverted)
        }),
        _ => return None,
    })
}
