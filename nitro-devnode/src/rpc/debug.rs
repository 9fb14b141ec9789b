//! `debug_…`: traces, and blocks and receipts as bytes.
use alloy::{eips::BlockId, primitives::Bytes, rlp::Encodable};
use jsonrpsee::RpcModule;

use super::{Args, Registered, Rpc, answer, errors::RpcError};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "debug_getRawTransaction", raw_transaction)?;
    answer(module, "debug_getRawReceipts", raw_receipts)?;
    answer(module, "debug_getRawHeader", raw_header)
}

fn raw_transaction(rpc: &Rpc, mut args: Args) -> Result<Option<Bytes>, RpcError> {
    let reader = rpc.node.reader();
    let located = reader.transaction(args.required(0)?);
    let chain_id = reader.config().chain_id;
    Ok(located.and_then(|located| Some(located.transaction()?.raw(chain_id))))
}

fn raw_receipts(rpc: &Rpc, mut args: Args) -> Result<Vec<Bytes>, RpcError> {
    let block = rpc.find(args.required::<BlockId>(0)?)?;
    Ok(block
        .transactions
        .iter()
        .map(|tx| tx.raw_receipt().into())
        .collect())
}

fn raw_header(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let block = rpc.find(args.required::<BlockId>(0)?)?;
    let mut bytes = Vec::new();
    block.header.encode(&mut bytes);
    Ok(bytes.into())
}
