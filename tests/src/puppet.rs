//! Contracts that the protocol meets and did not write: they refuse, or call back.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionRequest;
use client::artifact::init_code;
use eyre::{OptionExt, Result};

use crate::world::World;

/// `REVERT(0, 0)`, whatever is asked or sent.
const REFUSAL: [u8; 3] = [0x5f, 0x5f, 0xfd];

/// Creates a contract of this code.
pub(crate) async fn create(world: &World, code: &[u8]) -> Result<Address> {
    let request = TransactionRequest::default().with_deploy_code(init_code(code));
    let receipt = world.send(world.stranger, request).await?;
    receipt.contract_address.ok_or_eyre("nothing was created")
}

/// A contract that takes neither ETH nor tokens.
pub(crate) async fn refuser(world: &World) -> Result<Address> {
    create(world, &REFUSAL).await
}

/// A contract that, whenever it is called or paid, first calls `target` with `calldata`, whether that
/// succeeds or not, and then agrees to take a token.
pub(crate) async fn caller(world: &World, target: Address, calldata: &[u8]) -> Result<Address> {
    let length = u8::try_from(calldata.len())?;
    let mut code = Vec::new();
    // CODECOPY(0, 50, length): the calldata lies behind the 50 bytes of code.
    code.extend([0x60, length, 0x60, 50, 0x5f, 0x39]);
    // CALL(GAS, target, 0, 0, length, 0, 0), its answer dropped.
    code.extend([0x5f, 0x5f, 0x60, length, 0x5f, 0x5f, 0x73]);
    code.extend(target);
    code.extend([0x5a, 0xf1, 0x50]);
    // MSTORE(0, onERC721Received.selector << 224); RETURN(0, 32)
    code.extend([0x63, 0x15, 0x0b, 0x7a, 0x02, 0x60, 0xe0, 0x1b, 0x5f, 0x52]);
    code.extend([0x60, 0x20, 0x5f, 0xf3]);
    code.extend_from_slice(calldata);
    create(world, &code).await
}

/// A call with value.
pub(crate) type Call = (Address, U256, Vec<u8>);

/// Does `calls` one after the other in one transaction, as a contract that is being created; its value is
/// that of all of them. One that fails fails it, with its data.
pub(crate) fn at_once(calls: &[Call]) -> Result<TransactionRequest> {
    /// Bytes of each call, and of the end.
    const CALL: usize = 75;
    const END: usize = 11;
    let (mut code, mut data) = (Vec::new(), Vec::new());
    let begin = calls.len() * CALL + END;
    let failed = u16::try_from(begin - 8)?.to_be_bytes();
    for (target, value, calldata) in calls {
        let length = u16::try_from(calldata.len())?.to_be_bytes();
        let offset = u16::try_from(begin + data.len())?.to_be_bytes();
        // CODECOPY(0, offset, length)
        code.extend([0x61, length[0], length[1], 0x61, offset[0], offset[1]]);
        code.extend([0x5f, 0x39]);
        // CALL(GAS, target, value, 0, length, 0, 0)
        code.extend([0x5f, 0x5f, 0x61, length[0], length[1], 0x5f, 0x7f]);
        code.extend(value.to_be_bytes::<32>());
        code.push(0x73);
        code.extend(target);
        // JUMPI(failed) if it failed.
        code.extend([0x5a, 0xf1, 0x15, 0x61, failed[0], failed[1], 0x57]);
        data.extend_from_slice(calldata);
    }
    // RETURN(0, 0), and behind it REVERT with what the call returned.
    code.extend([0x5f, 0x5f, 0xf3]);
    code.extend([0x5b, 0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xfd]);
    code.extend(data);
    let value = calls.iter().map(|(_, value, _)| *value).sum();
    Ok(TransactionRequest::default()
        .with_deploy_code(Bytes::from(code))
        .with_value(value))
}
