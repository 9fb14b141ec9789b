//! Blocks, transactions, receipts and logs as the RPC prints them.
use std::sync::Arc;

use alloy::{
    consensus::{Header, Transaction as _, TxEnvelope, transaction::Recovered},
    eips::BlockId,
    primitives::{Address, B256, Bloom, Bytes, U64, U256},
    rpc::types::{Log as RpcLog, Transaction},
};
use jsonrpsee::RpcModule;
use serde::Serialize;

use super::{Args, Registered, Rpc, answer, answer_later, errors::RpcError};
use crate::arbos::accounts::ARBOS_ACTS;
use crate::chain::{Block, Body, INTERNAL_TYPE, Included, Incoming, Located};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "eth_getBlockByNumber", block_by_id)?;
    answer(module, "eth_getBlockByHash", block_by_id)?;
    answer(module, "eth_getHeaderByNumber", header_by_id)?;
    answer(module, "eth_getHeaderByHash", header_by_id)?;
    answer(
        module,
        "eth_getBlockTransactionCountByNumber",
        transaction_count,
    )?;
    answer(
        module,
        "eth_getBlockTransactionCountByHash",
        transaction_count,
    )?;
    answer(module, "eth_getUncleCountByBlockNumber", uncle_count)?;
    answer(module, "eth_getUncleCountByBlockHash", uncle_count)?;
    answer_later(module, "eth_getTransactionByHash", transaction_by_hash)?;
    answer(
        module,
        "eth_getTransactionByBlockNumberAndIndex",
        transaction_in_block,
    )?;
    answer(
        module,
        "eth_getTransactionByBlockHashAndIndex",
        transaction_in_block,
    )?;
    answer(module, "eth_getRawTransactionByHash", raw_transaction)?;
    answer(
        module,
        "eth_getRawTransactionByBlockNumberAndIndex",
        raw_transaction_in_block,
    )?;
    answer(
        module,
        "eth_getRawTransactionByBlockHashAndIndex",
        raw_transaction_in_block,
    )?;
    answer(module, "eth_getTransactionReceipt", receipt)?;
    answer(module, "eth_getBlockReceipts", block_receipts)
}

/// A header with what Nitro adds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RpcHeader {
    hash: B256,
    #[serde(flatten)]
    header: Header,
    size: U64,
    l1_block_number: U64,
    send_root: B256,
    send_count: U64,
}

impl RpcHeader {
    pub(super) fn of(block: &Block) -> Self {
        Self {
            hash: block.hash,
            header: block.header.clone(),
            size: U64::from(block.size),
            l1_block_number: U64::from(block.values().l1_block_number),
            send_root: block.send_root(),
            send_count: U64::from(block.send_count()),
        }
    }
}

/// A block as the RPC prints it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RpcBlock {
    #[serde(flatten)]
    header: RpcHeader,
    uncles: [B256; 0],
    transactions: Transactions,
}

impl RpcBlock {
    /// With its transactions, or with their hashes only.
    pub(super) fn of(rpc: &Rpc, block: &Block, full: bool) -> Self {
        let transactions = block.transactions.iter();
        let transactions = if full {
            let shown = transactions.enumerate();
            let shown = shown.map(|(index, tx)| rpc_transaction(rpc, block, index, tx));
            Transactions::Full(shown.collect())
        } else {
            Transactions::Hashes(transactions.map(|tx| tx.hash).collect())
        };
        Self {
            header: RpcHeader::of(block),
            uncles: [],
            transactions,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Transactions {
    Hashes(Vec<B256>),
    Full(Vec<RpcTransaction>),
}

/// A transaction as the RPC prints it.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum RpcTransaction {
    Signed(Box<Transaction>),
    Internal(Box<InternalTransaction>),
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InternalTransaction {
    block_hash: B256,
    block_number: U64,
    transaction_index: U64,
    hash: B256,
    #[serde(rename = "type")]
    tx_type: U64,
    chain_id: U64,
    from: Address,
    to: Address,
    gas: U64,
    gas_price: U64,
    nonce: U64,
    value: U256,
    input: Bytes,
    v: U64,
    r: U64,
    s: U64,
}

/// A receipt with what Nitro adds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RpcReceipt {
    block_hash: B256,
    block_number: U64,
    contract_address: Option<Address>,
    cumulative_gas_used: U64,
    effective_gas_price: U64,
    from: Address,
    gas_used: U64,
    gas_used_for_l1: U64,
    l1_block_number: U64,
    logs: Vec<RpcLog>,
    logs_bloom: Bloom,
    status: U64,
    timeboosted: bool,
    to: Option<Address>,
    transaction_hash: B256,
    transaction_index: U64,
    #[serde(rename = "type")]
    tx_type: U64,
}

/// A log in its place.
pub(super) fn rpc_log(
    block: &Block,
    index: usize,
    log_index: u64,
    log: &alloy::primitives::Log,
) -> RpcLog {
    RpcLog {
        inner: log.clone(),
        block_hash: Some(block.hash),
        block_number: Some(block.header.number),
        block_timestamp: Some(block.header.timestamp),
        transaction_hash: block.transactions.get(index).map(|tx| tx.hash),
        transaction_index: u64::try_from(index).ok(),
        log_index: Some(log_index),
        removed: false,
    }
}

/// The logs of a transaction.
pub(super) fn rpc_logs(block: &Block, index: usize, tx: &Included) -> Vec<RpcLog> {
    let numbered = (tx.receipt.first_log_index..).zip(&tx.receipt.logs);
    numbered
        .map(|(log_index, log)| rpc_log(block, index, log_index, log))
        .collect()
}

pub(super) fn rpc_receipt(block: &Block, index: usize, tx: &Included) -> RpcReceipt {
    let receipt = &tx.receipt;
    RpcReceipt {
        block_hash: block.hash,
        block_number: U64::from(block.header.number),
        contract_address: receipt.contract_address,
        cumulative_gas_used: U64::from(receipt.cumulative_gas_used),
        effective_gas_price: U64::from(block.header.base_fee_per_gas.unwrap_or_default()),
        from: tx.sender,
        gas_used: U64::from(receipt.gas_used),
        gas_used_for_l1: U64::from(receipt.gas_used_for_l1),
        l1_block_number: U64::from(block.values().l1_block_number),
        logs: rpc_logs(block, index, tx),
        logs_bloom: receipt.bloom(),
        status: U64::from(receipt.success),
        timeboosted: false,
        to: match &tx.body {
            Body::Internal(_) => Some(ARBOS_ACTS),
            Body::Signed(envelope, _) => envelope.to(),
        },
        transaction_hash: tx.hash,
        transaction_index: U64::from(index),
        tx_type: U64::from(tx.tx_type()),
    }
}

fn rpc_transaction(rpc: &Rpc, block: &Block, index: usize, tx: &Included) -> RpcTransaction {
    match &tx.body {
        Body::Signed(envelope, _) => RpcTransaction::Signed(Box::new(Transaction {
            inner: Recovered::new_unchecked(envelope.as_ref().clone(), tx.sender),
            block_hash: Some(block.hash),
            block_number: Some(block.header.number),
            block_timestamp: Some(block.header.timestamp),
            transaction_index: u64::try_from(index).ok(),
            effective_gas_price: block.header.base_fee_per_gas.map(u128::from),
        })),
        Body::Internal(input) => RpcTransaction::Internal(Box::new(InternalTransaction {
            block_hash: block.hash,
            block_number: U64::from(block.header.number),
            transaction_index: U64::from(index),
            hash: tx.hash,
            tx_type: U64::from(INTERNAL_TYPE),
            chain_id: U64::from(rpc.node.reader().config().chain_id),
            from: ARBOS_ACTS,
            to: ARBOS_ACTS,
            gas: U64::ZERO,
            gas_price: U64::ZERO,
            nonce: U64::ZERO,
            value: U256::ZERO,
            input: input.clone(),
            v: U64::ZERO,
            r: U64::ZERO,
            s: U64::ZERO,
        })),
    }
}

/// A transaction that waits for a block.
pub(super) fn waiting_transaction(tx: &Incoming) -> Transaction {
    outside_blocks(&tx.envelope, tx.sender)
}

/// The users' transactions of a block as they were before it: to who follows what waits, they
/// come before their blocks.
pub(super) fn pending_transactions(block: &Block) -> Vec<Transaction> {
    let pending = block.transactions.iter().filter_map(|tx| match &tx.body {
        Body::Signed(envelope, _) => Some(outside_blocks(envelope, tx.sender)),
        Body::Internal(_) => None,
    });
    pending.collect()
}

fn outside_blocks(envelope: &TxEnvelope, sender: Address) -> Transaction {
    Transaction {
        inner: Recovered::new_unchecked(envelope.clone(), sender),
        block_hash: None,
        block_number: None,
        block_timestamp: None,
        transaction_index: None,
        effective_gas_price: None,
    }
}

fn found(rpc: &Rpc, args: &mut Args) -> Result<Option<Arc<Block>>, RpcError> {
    Ok(rpc.node.reader().find(args.required::<BlockId>(0)?))
}

fn block_by_id(rpc: &Rpc, mut args: Args) -> Result<Option<RpcBlock>, RpcError> {
    let Some(block) = found(rpc, &mut args)? else {
        return Ok(None);
    };
    let full: bool = args.optional(1)?.unwrap_or(false);
    Ok(Some(RpcBlock::of(rpc, &block, full)))
}

fn header_by_id(rpc: &Rpc, mut args: Args) -> Result<Option<RpcHeader>, RpcError> {
    Ok(found(rpc, &mut args)?.map(|block| RpcHeader::of(&block)))
}

fn transaction_count(rpc: &Rpc, mut args: Args) -> Result<Option<U64>, RpcError> {
    Ok(found(rpc, &mut args)?.map(|block| U64::from(block.transactions.len())))
}

fn uncle_count(rpc: &Rpc, mut args: Args) -> Result<Option<U64>, RpcError> {
    Ok(found(rpc, &mut args)?.map(|_| U64::ZERO))
}

fn located(rpc: &Rpc, args: &mut Args) -> Result<Option<Located>, RpcError> {
    Ok(rpc.node.reader().transaction(args.required(0)?))
}

fn located_in_block(rpc: &Rpc, args: &mut Args) -> Result<Option<Located>, RpcError> {
    let Some(block) = found(rpc, args)? else {
        return Ok(None);
    };
    let index: U64 = args.required(1)?;
    Ok(Some(Located {
        block,
        index: index.saturating_to(),
    }))
}

fn shown(rpc: &Rpc, located: Option<Located>) -> Option<RpcTransaction> {
    let located = located?;
    let tx = located.transaction()?;
    Some(rpc_transaction(rpc, &located.block, located.index, tx))
}

fn raw(rpc: &Rpc, located: Option<Located>) -> Option<Bytes> {
    let chain_id = rpc.node.reader().config().chain_id;
    Some(located?.transaction()?.raw(chain_id))
}

/// One in a block, or one that waits for it.
async fn transaction_by_hash(
    rpc: Arc<Rpc>,
    mut args: Args,
) -> Result<Option<RpcTransaction>, RpcError> {
    let hash: B256 = args.required(0)?;
    if let Some(sealed) = shown(&rpc, rpc.node.reader().transaction(hash)) {
        return Ok(Some(sealed));
    }
    let waiting = rpc
        .node
        .write(move |chain| chain.waiting_transaction(hash))
        .await?;
    Ok(match waiting {
        Some(tx) => Some(RpcTransaction::Signed(Box::new(waiting_transaction(&tx)))),
        // It may have been sealed in the meantime.
        None => shown(&rpc, rpc.node.reader().transaction(hash)),
    })
}

fn transaction_in_block(rpc: &Rpc, mut args: Args) -> Result<Option<RpcTransaction>, RpcError> {
    Ok(shown(rpc, located_in_block(rpc, &mut args)?))
}

fn raw_transaction(rpc: &Rpc, mut args: Args) -> Result<Option<Bytes>, RpcError> {
    Ok(raw(rpc, located(rpc, &mut args)?))
}

fn raw_transaction_in_block(rpc: &Rpc, mut args: Args) -> Result<Option<Bytes>, RpcError> {
    Ok(raw(rpc, located_in_block(rpc, &mut args)?))
}

fn receipt(rpc: &Rpc, mut args: Args) -> Result<Option<RpcReceipt>, RpcError> {
    let Some(located) = located(rpc, &mut args)? else {
        return Ok(None);
    };
    Ok(located
        .transaction()
        .map(|tx| rpc_receipt(&located.block, located.index, tx)))
}

fn block_receipts(rpc: &Rpc, mut args: Args) -> Result<Option<Vec<RpcReceipt>>, RpcError> {
    let Some(block) = found(rpc, &mut args)? else {
        return Ok(None);
    };
    let numbered = block.transactions.iter().enumerate();
    Ok(Some(
        numbered
            .map(|(index, tx)| rpc_receipt(&block, index, tx))
            .collect(),
    ))
}
