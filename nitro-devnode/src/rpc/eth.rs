//! Accounts, calls, estimates and fees.
use std::sync::Arc;

use alloy::{
    eips::{BlockId, BlockNumberOrTag},
    primitives::{Address, B256, Bytes, U64, U256},
    rpc::types::FeeHistory,
};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer, answer_later, errors::RpcError};
use crate::{
    arbos::{ARBOS_STATE, l2_pricing},
    chain::{Block, Reader},
};

/// Most blocks that `eth_feeHistory` looks back.
const MAX_HISTORY: u64 = 1_024;

/// Most percentiles that `eth_feeHistory` takes.
const MOST_PERCENTILES: usize = 100;

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "eth_chainId", |rpc, _| {
        Ok(U64::from(rpc.node.reader().config().chain_id))
    })?;
    answer(module, "eth_blockNumber", |rpc, _| {
        Ok(U64::from(rpc.node.reader().head_number()))
    })?;
    answer(module, "eth_syncing", |_, _| Ok(false))?;
    answer(module, "eth_mining", |_, _| Ok(false))?;
    answer(module, "eth_protocolVersion", |_, _| Ok("0x41"))?;
    answer(module, "eth_coinbase", |_, _| Ok(crate::evm::SEQUENCER))?;
    answer(module, "eth_gasPrice", gas_price)?;
    answer(module, "eth_maxPriorityFeePerGas", |_, _| Ok(U256::ZERO))?;
    answer(module, "eth_blobBaseFee", |_, _| Ok(U256::ZERO))?;
    answer(module, "eth_feeHistory", fee_history)?;
    answer(module, "eth_accounts", accounts)?;
    answer(module, "eth_getBalance", balance)?;
    answer(module, "eth_getCode", code)?;
    answer(module, "eth_getStorageAt", storage_at)?;
    answer_later(module, "eth_getTransactionCount", nonce)?;
    answer_later(module, "eth_call", call)?;
    answer_later(module, "eth_estimateGas", estimate)?;
    answer_later(module, "eth_createAccessList", access_list)?;
    answer(module, "eth_getProof", proof)
}

fn proof(_: &Rpc, _: Args) -> Result<(), RpcError> {
    let why = "the state has no Merkle trie";
    Err(RpcError::Unsupported("eth_getProof", why))
}

fn gas_price(rpc: &Rpc, _: Args) -> Result<U64, RpcError> {
    let head = rpc.node.reader().head();
    Ok(U64::from(
        head.and_then(|block| block.header.base_fee_per_gas)
            .unwrap_or_default(),
    ))
}

fn accounts(rpc: &Rpc, _: Args) -> Result<Vec<Address>, RpcError> {
    Ok(rpc.signers.iter().map(|signer| signer.address()).collect())
}

fn balance(rpc: &Rpc, mut args: Args) -> Result<U256, RpcError> {
    let address = args.required(0)?;
    let block = rpc.block_at(&mut args, 1)?;
    Ok(rpc
        .node
        .reader()
        .account(block.header.number, address)
        .balance)
}

fn code(rpc: &Rpc, mut args: Args) -> Result<Bytes, RpcError> {
    let address = args.required(0)?;
    let block = rpc.block_at(&mut args, 1)?;
    Ok(rpc.node.reader().code(block.header.number, address))
}

fn storage_at(rpc: &Rpc, mut args: Args) -> Result<B256, RpcError> {
    let address = args.required(0)?;
    let slot: U256 = args.required(1)?;
    let block = rpc.block_at(&mut args, 2)?;
    Ok(rpc
        .node
        .reader()
        .slot(block.header.number, address, slot)
        .into())
}

async fn nonce(rpc: Arc<Rpc>, mut args: Args) -> Result<U64, RpcError> {
    let address: Address = args.required(0)?;
    let id: BlockId = args.optional(1)?.unwrap_or(BlockId::latest());
    if id.is_pending() {
        return Ok(U64::from(
            rpc.node
                .write(move |chain| chain.pending_nonce(address))
                .await?,
        ));
    }
    let block = rpc.find(id)?;
    Ok(U64::from(
        rpc.node
            .reader()
            .account(block.header.number, address)
            .nonce,
    ))
}

async fn call(rpc: Arc<Rpc>, mut args: Args) -> Result<Bytes, RpcError> {
    let call = rpc.call_args(&mut args)?;
    let run = rpc
        .node
        .compute(move |reader| reader.call(&call.request, &call.block, call.options));
    Ok(run.await??)
}

async fn estimate(rpc: Arc<Rpc>, mut args: Args) -> Result<U64, RpcError> {
    let call = rpc.call_args(&mut args)?;
    let run = rpc
        .node
        .compute(move |reader| reader.estimate(&call.request, &call.block, call.options));
    Ok(U64::from(run.await??))
}

async fn access_list(rpc: Arc<Rpc>, mut args: Args) -> Result<Value, RpcError> {
    let call = rpc.call_args(&mut args)?;
    let run = move |reader: &Reader| reader.access_list(&call.request, &call.block, call.options);
    let found = rpc.node.compute(run).await??;
    let mut answer = json!({
        "accessList": found.access_list,
        "gasUsed": U64::from(found.gas_used),
    });
    if let (Some(error), Some(fields)) = (found.error, answer.as_object_mut()) {
        fields.insert("error".to_owned(), error.into());
    }
    Ok(answer)
}

fn fee_history(rpc: &Rpc, mut args: Args) -> Result<FeeHistory, RpcError> {
    let count = block_count(&args.required(0)?)?;
    let newest: BlockNumberOrTag = args.required(1)?;
    let percentiles: Vec<f64> = args.optional(2)?.unwrap_or_default();
    check_percentiles(&percentiles)?;
    let reader = rpc.node.reader();
    let newest = rpc.find(newest.into())?.header.number;
    let count = count.min(newest.saturating_add(1)).min(MAX_HISTORY);
    let oldest = newest.saturating_add(1).saturating_sub(count);
    let blocks: Vec<_> = (oldest..=newest)
        .filter_map(|number| reader.block(number))
        .collect();
    let fee = |block: &Arc<Block>| u128::from(block.header.base_fee_per_gas.unwrap_or_default());
    let mut base_fee_per_gas: Vec<u128> = blocks.iter().map(fee).collect();
    let next = reader.block(newest.saturating_add(1));
    base_fee_per_gas.extend(next.as_ref().or(blocks.last()).map(fee));
    let speed_limit = reader.slot(
        newest,
        ARBOS_STATE,
        l2_pricing::slot(l2_pricing::SPEED_LIMIT),
    );
    let reward = (!percentiles.is_empty()).then(|| vec![vec![0; percentiles.len()]; blocks.len()]);
    Ok(FeeHistory {
        base_fee_per_blob_gas: vec![0; base_fee_per_gas.len()],
        blob_gas_used_ratio: vec![0.0; blocks.len()],
        gas_used_ratio: used_ratios(&blocks, speed_limit),
        base_fee_per_gas,
        oldest_block: oldest,
        reward,
    })
}

/// Percentages, each above the one before it, and not more than a real node takes.
fn check_percentiles(percentiles: &[f64]) -> Result<(), RpcError> {
    if percentiles.len() > MOST_PERCENTILES {
        return Err(RpcError::Percentiles(format!(
            "over the query limit {MOST_PERCENTILES}"
        )));
    }
    let mut last: Option<f64> = None;
    for (index, &percentile) in percentiles.iter().enumerate() {
        if !(0.0..=100.0).contains(&percentile) {
            return Err(RpcError::Percentiles(format!("{percentile:.6}")));
        }
        if let Some(last) = last.filter(|last| *last >= percentile) {
            let before = index.saturating_sub(1);
            return Err(RpcError::Percentiles(format!(
                "#{before}:{last:.6} >= #{index}:{percentile:.6}"
            )));
        }
        last = Some(percentile);
    }
    Ok(())
}

/// A number, or a quantity as hex, as clients send both.
fn block_count(value: &Value) -> Result<u64, RpcError> {
    let count = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse::<U64>().ok().map(|count| count.to()),
        _ => None,
    };
    count.ok_or(RpcError::Invalid {
        index: 0,
        why: "not a block count".to_owned(),
    })
}

/// Gas used by the blocks of the same second, against what the chain is priced for; the
/// gas limit of a header says nothing.
fn used_ratios(blocks: &[Arc<Block>], speed_limit: U256) -> Vec<f64> {
    let speed_limit = speed_limit.saturating_to::<u64>().max(1);
    let mut second = 0;
    let mut used: u64 = 0;
    let ratio = |block: &Arc<Block>| {
        if block.header.timestamp != second {
            second = block.header.timestamp;
            used = 0;
        }
        used = used.saturating_add(block.header.gas_used);
        #[expect(clippy::cast_precision_loss, reason = "a ratio for people to look at")]
        let ratio = used as f64 / speed_limit as f64;
        ratio.min(1.0)
    };
    blocks.iter().map(ratio).collect()
}
