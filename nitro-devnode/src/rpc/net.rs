//! `net_`, `web3_`, `txpool_` and `rpc_`: what little there is to say.
use std::{collections::BTreeMap, sync::Arc};

use alloy::primitives::{Address, B256, Bytes, U64, keccak256};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{
    Args, Registered, Rpc, answer, answer_later, blocks::waiting_transaction, errors::RpcError,
};

/// What `web3_clientVersion` answers.
const CLIENT: &str = concat!("nitro-devnode/v", env!("CARGO_PKG_VERSION"), "/rust");

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "net_version", |rpc, _| {
        Ok(rpc.node.reader().config().chain_id.to_string())
    })?;
    answer(module, "net_listening", |_, _| Ok(true))?;
    answer(module, "net_peerCount", |_, _| Ok(U64::ZERO))?;
    answer(module, "web3_clientVersion", |_, _| Ok(CLIENT))?;
    answer(module, "web3_sha3", sha3)?;
    answer(module, "rpc_modules", |_, _| Ok(modules()))?;
    answer_later(module, "txpool_status", status)?;
    answer_later(module, "txpool_content", content)
}

fn sha3(_: &Rpc, mut args: Args) -> Result<B256, RpcError> {
    Ok(keccak256(args.required::<Bytes>(0)?))
}

fn modules() -> Value {
    json!({
        "anvil": "1.0", "debug": "1.0", "eth": "1.0", "evm": "1.0",
        "net": "1.0", "rpc": "1.0", "txpool": "1.0", "web3": "1.0",
    })
}

async fn status(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    Ok(json!({ "pending": U64::from(waiting.len()), "queued": U64::ZERO }))
}

async fn content(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let waiting = rpc.node.write(|chain| chain.waiting()).await?;
    let mut pending: BTreeMap<Address, BTreeMap<String, Value>> = BTreeMap::new();
    for tx in waiting {
        let by_nonce = pending.entry(tx.sender).or_default();
        by_nonce.insert(tx.nonce().to_string(), json!(waiting_transaction(&tx)));
    }
    Ok(json!({ "pending": pending, "queued": {} }))
}
