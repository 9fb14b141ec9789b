//! `debug_…`: traces, and blocks and receipts as bytes.
use std::sync::Arc;

use alloy::{
    consensus::Header,
    eips::BlockId,
    primitives::{B256, Bytes},
    rlp::{self, Decodable, Encodable},
    rpc::types::trace::geth::{GethDebugTracingCallOptions, GethDebugTracingOptions, GethTrace},
};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer, answer_later, errors::RpcError};
use crate::chain::{Reader, TraceError};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "debug_traceTransaction", trace_transaction)?;
    answer_later(module, "debug_traceCall", trace_call)?;
    answer_later(module, "debug_traceBlockByNumber", trace_block)?;
    answer_later(module, "debug_traceBlockByHash", trace_block)?;
    answer_later(module, "debug_traceBlock", trace_raw_block)?;
    answer(module, "debug_getRawTransaction", raw_transaction)?;
    answer(module, "debug_getRawReceipts", raw_receipts)?;
    answer(module, "debug_getRawHeader", raw_header)?;
    answer(module, "debug_getRawBlock", raw_block)
}

async fn trace_transaction(rpc: Arc<Rpc>, mut args: Args) -> Result<GethTrace, RpcError> {
    let hash: B256 = args.required(0)?;
    let options: GethDebugTracingOptions = args.optional(1)?.unwrap_or_default();
    let run = move |reader: &Reader| reader.trace_transaction(hash, &options);
    Ok(rpc.node.compute(run).await??)
}

async fn trace_call(rpc: Arc<Rpc>, mut args: Args) -> Result<GethTrace, RpcError> {
    let options: GethDebugTracingCallOptions = args.optional(2)?.unwrap_or_default();
    let overrides = json!(options.state_overrides);
    let values = json!(options.block_overrides);
    let request: Value = args.required(0)?;
    let block: Option<Value> = args.optional(1)?;
    let mut call = Args::from_values(vec![request, json!(block), overrides, values]);
    let call = rpc.call_args(&mut call)?;
    let run = move |reader: &Reader| {
        reader.trace_call(
            &call.request,
            &call.block,
            call.options,
            &options.tracing_options,
        )
    };
    Ok(rpc.node.compute(run).await??)
}

async fn trace_block(rpc: Arc<Rpc>, mut args: Args) -> Result<Vec<Value>, RpcError> {
    let id: BlockId = args.required(0)?;
    trace_found(&rpc, id, args).await
}

/// Takes the bytes of a block that is sealed here.
async fn trace_raw_block(rpc: Arc<Rpc>, mut args: Args) -> Result<Vec<Value>, RpcError> {
    let bytes: Bytes = args.required(0)?;
    let header = header_of(&bytes).map_err(|error| RpcError::Invalid {
        index: 0,
        why: format!("could not decode block: {error}"),
    })?;
    trace_found(&rpc, header.hash_slow().into(), args).await
}

async fn trace_found(rpc: &Rpc, id: BlockId, mut args: Args) -> Result<Vec<Value>, RpcError> {
    let block = rpc.find(id)?;
    let options: GethDebugTracingOptions = args.optional(1)?.unwrap_or_default();
    let run = move |reader: &Reader| reader.trace_block(&block, &options);
    let traces = rpc.node.compute(run).await??;
    Ok(traces.into_iter().map(traced).collect())
}

fn traced((hash, trace): (B256, Result<GethTrace, TraceError>)) -> Value {
    match trace {
        Ok(trace) => json!({ "txHash": hash, "result": trace }),
        Err(error) => json!({ "txHash": hash, "error": error.to_string() }),
    }
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

fn raw_block(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let block = rpc.find(args.required::<BlockId>(0)?)?;
    Ok(block.encoded(rpc.chain_id()))
}

/// The first part of a block's bytes.
fn header_of(mut bytes: &[u8]) -> Result<Header, rlp::Error> {
    let mut parts = rlp::Header::decode_bytes(&mut bytes, true)?;
    Header::decode(&mut parts)
}
