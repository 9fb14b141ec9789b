//! Contracts that the protocol meets and did not write: they refuse, or call back.

use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
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
