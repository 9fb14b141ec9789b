//! Transactions: signed ones, and ones for accounts whose keys the node has.
use std::{sync::Arc, time::Duration};

use alloy::{
    consensus::{TxEip1559, TxEip2930, TxEip7702, TxLegacy},
    eips::{BlockId, eip2930::AccessList, eip7702::SignedAuthorization},
    primitives::{Address, B256, Bytes, TxKind},
    rpc::types::TransactionRequest,
};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::{
    Args, Registered, Rpc, answer_later,
    blocks::{RpcReceipt, rpc_receipt},
    errors::RpcError,
    request::call_request,
};
use crate::chain::{CallOptions, Incoming, Rejected, Unsigned};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "eth_sendRawTransaction", send_raw)?;
    answer_later(module, "eth_sendRawTransactionSync", send_raw_sync)?;
    answer_later(module, "eth_sendTransaction", send)?;
    answer_later(module, "eth_fillTransaction", fill)
}

async fn send_raw(rpc: Arc<Rpc>, mut args: Args) -> Result<B256, RpcError> {
    let raw: Bytes = args.required(0)?;
    let tx = Incoming::decode(raw, rpc.node.reader().config().chain_id)?;
    Ok(rpc.node.submit(tx).await?)
}

/// How long a sender waits for a receipt if it says nothing, and at most, in milliseconds.
const SYNC_WAIT: u64 = 20_000;
const LONGEST_SYNC_WAIT: u64 = 60_000;

/// EIP-7966: sends and waits for the receipt, as long as the second parameter says in
/// milliseconds.
async fn send_raw_sync(rpc: Arc<Rpc>, mut args: Args) -> Result<RpcReceipt, RpcError> {
    let wait = super::anvil::number(&mut args, 1)?.unwrap_or(SYNC_WAIT);
    let wait = Duration::from_millis(wait.min(LONGEST_SYNC_WAIT));
    // Before it is sent, so that no block is missed.
    let mut events = rpc.node.reader().subscribe();
    let hash = send_raw(rpc.clone(), args).await?;
    let included = async {
        loop {
            if let Some(receipt) = receipt_of(&rpc, hash) {
                return Ok(receipt);
            }
            // Whoever falls behind the blocks looks again.
            if let Err(RecvError::Closed) = events.recv().await {
                return Err(Rejected::Stopping.into());
            }
        }
    };
    let timeout = tokio::time::timeout(wait, included).await;
    timeout.unwrap_or(Err(RpcError::NotYetIncluded { hash, wait }))
}

fn receipt_of(rpc: &Rpc, hash: B256) -> Option<RpcReceipt> {
    let located = rpc.node.reader().transaction(hash)?;
    let tx = located.transaction()?;
    Some(rpc_receipt(&located.block, located.index, tx))
}

async fn send(rpc: Arc<Rpc>, mut args: Args) -> Result<B256, RpcError> {
    let request: TransactionRequest = args.required(0)?;
    let from = request.from.ok_or(Rejected::UnknownAccount)?;
    let impersonated = rpc
        .node
        .write(move |chain| chain.is_impersonated(from))
        .await?;
    if rpc.signer(from).is_none() && !impersonated {
        return Err(Rejected::UnknownAccount.into());
    }
    let tx = complete(&rpc, request, from).await?;
    let incoming = match rpc.signer(from) {
        Some(signer) => Incoming::signed(tx, signer)?,
        None => Incoming::unsigned(tx, from),
    };
    Ok(rpc.node.submit(incoming).await?)
}

async fn fill(rpc: Arc<Rpc>, mut args: Args) -> Result<Value, RpcError> {
    let request: TransactionRequest = args.required(0)?;
    let from = request.from.unwrap_or_default();
    let filled = Incoming::unsigned(complete(&rpc, request, from).await?, from);
    let raw = filled.raw.clone();
    Ok(json!({ "raw": raw, "tx": super::blocks::waiting_transaction(&filled) }))
}

/// Fills in what the request leaves open: nonce, gas limit and fees.
pub(super) async fn complete(
    rpc: &Rpc,
    request: TransactionRequest,
    from: Address,
) -> Result<Unsigned, RpcError> {
    let nonce = match request.nonce {
        Some(nonce) => nonce,
        None => {
            rpc.node
                .write(move |chain| chain.pending_nonce(from))
                .await?
        }
    };
    let kind = Kind::of(&request);
    let to = request.to.unwrap_or(TxKind::Create);
    let priority = request.max_priority_fee_per_gas.unwrap_or_default();
    let call = call_request(request, rpc.chain_id())?;
    let (value, input) = (call.value, call.data.clone());
    let block = rpc.find(BlockId::latest())?;
    let base_fee = u128::from(block.header.base_fee_per_gas.unwrap_or_default());
    let fee_cap = if call.fee_cap == 0 {
        base_fee.saturating_mul(2)
    } else {
        call.fee_cap
    };
    let gas_limit = match call.gas {
        Some(gas) => gas,
        None => {
            let estimate = move |reader: &crate::chain::Reader| {
                reader.estimate(&call, &block, CallOptions::default())
            };
            rpc.node.compute(estimate).await??
        }
    };
    let plain = TxEip1559 {
        chain_id: rpc.chain_id(),
        nonce,
        gas_limit,
        max_fee_per_gas: fee_cap,
        max_priority_fee_per_gas: priority,
        to,
        value,
        access_list: AccessList::default(),
        input,
    };
    Ok(kind.shape(plain))
}

/// Which envelope a request wants, by the fields that it has.
enum Kind {
    Legacy(u128),
    Eip2930(u128, AccessList),
    Eip1559(AccessList),
    Eip7702(AccessList, Vec<SignedAuthorization>),
}

impl Kind {
    fn of(request: &TransactionRequest) -> Self {
        let access_list = request.access_list.clone();
        let delegations = request.authorization_list.clone();
        match (delegations, request.gas_price, access_list) {
            (Some(delegations), _, list) => Self::Eip7702(list.unwrap_or_default(), delegations),
            (None, Some(gas_price), Some(list)) => Self::Eip2930(gas_price, list),
            (None, Some(gas_price), None) => Self::Legacy(gas_price),
            (None, None, list) => Self::Eip1559(list.unwrap_or_default()),
        }
    }

    /// The transaction in its envelope.
    fn shape(self, plain: TxEip1559) -> Unsigned {
        let gas_limit = plain.gas_limit;
        let (chain_id, nonce, to, value) = (plain.chain_id, plain.nonce, plain.to, plain.value);
        match self {
            Self::Legacy(gas_price) => Unsigned::Legacy(TxLegacy {
                chain_id: Some(chain_id),
                nonce,
                gas_price,
                gas_limit,
                to,
                value,
                input: plain.input,
            }),
            Self::Eip2930(gas_price, access_list) => Unsigned::Eip2930(TxEip2930 {
                chain_id,
                nonce,
                gas_price,
                gas_limit,
                to,
                value,
                access_list,
                input: plain.input,
            }),
            Self::Eip1559(access_list) => Unsigned::Eip1559(TxEip1559 {
                access_list,
                ..plain
            }),
            Self::Eip7702(access_list, authorization_list) => Unsigned::Eip7702(TxEip7702 {
                chain_id,
                nonce,
                gas_limit,
                max_fee_per_gas: plain.max_fee_per_gas,
                max_priority_fee_per_gas: plain.max_priority_fee_per_gas,
                to: to.to().copied().unwrap_or_default(),
                value,
                access_list,
                authorization_list,
                input: plain.input,
            }),
        }
    }
}
