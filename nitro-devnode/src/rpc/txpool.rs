//! `txpool_…`: transactions that wait, which they do only while blocks are sealed by hand or by the clock.
//!
//! All of them are `pending`: a transaction whose nonce leaves a gap waits in the same place.
use std::{collections::BTreeMap, sync::Arc};

use alloy::{
    consensus::Transaction as _,
    primitives::{Address, U64},
};
use jsonrpsee::RpcModule;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer_later, blocks::waiting_transaction, errors::RpcError};
use crate::chain::Incoming;

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "txpool_status", status)?;
    answer_later(module, "txpool_content", content)?;
    answer_later(module, "txpool_contentFrom", content_from)?;
    answer_later(module, "txpool_inspect", inspect)
}

/// What waits, by nonce in decimal.
type ByNonce<T> = BTreeMap<String, T>;

fn by_sender<T: Serialize>(
    waiting: &[Incoming],
    shown: fn(&Incoming) -> T,
) -> BTreeMap<Address, ByNonce<T>> {
    let mut pending: BTreeMap<Address, ByNonce<T>> = BTreeMap::new();
    for tx in waiting {
        let by_nonce = pending.entry(tx.sender).or_default();
        by_nonce.insert(tx.nonce().to_string(), shown(tx));
    }
    pending
}

async fn status(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    Ok(json!({ "pending": U64::from(waiting.len()), "queued": U64::ZERO }))
}

async fn content(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    Ok(json!({ "pending": by_sender(&waiting, waiting_transaction), "queued": {} }))
}

async fn content_from(rpc: Arc<Rpc>, mut args: Args) -> Result<Value, RpcError> {
    let sender: Address = args.required(0)?;
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    let pending = by_sender(&waiting, waiting_transaction).remove(&sender);
    Ok(json!({ "pending": pending.unwrap_or_default(), "queued": {} }))
}

async fn inspect(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    Ok(json!({ "pending": by_sender(&waiting, in_words), "queued": {} }))
}

/// geth's line about a transaction.
fn in_words(tx: &Incoming) -> String {
    let to = tx.envelope.to().map_or_else(
        || "contract creation".to_owned(),
        |address| address.to_string(),
    );
    let (value, gas) = (tx.envelope.value(), tx.envelope.gas_limit());
    let price = tx.envelope.max_fee_per_gas();
    format!("{to}: {value} wei + {gas} gas × {price} wei")
}
