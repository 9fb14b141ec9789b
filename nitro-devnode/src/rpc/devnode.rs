//! `devnode_…`: what this node alone offers, and Anvil's dump and load of a whole chain.
use std::sync::Arc;

use alloy::primitives::{Bytes, U64};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer_later, anvil::needed_number, errors::RpcError};
use crate::{
    chain::Block,
    state_file::{Moment, Save},
};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "devnode_reorg", reorg)?;
    answer_later(module, "devnode_saveState", save_state)?;
    answer_later(module, "anvil_dumpState", dump_state)?;
    answer_later(module, "anvil_loadState", load_state)?;
    module.register_alias("hardhat_dumpState", "anvil_dumpState")?;
    module.register_alias("hardhat_loadState", "anvil_loadState")
}

/// Drops the newest blocks; answers with the new head and what was dropped, newest first.
async fn reorg(rpc: Arc<Rpc>, mut args: Args) -> Result<Value, RpcError> {
    let depth = needed_number(&mut args, 0)?;
    let reorg = rpc.node.write(move |chain| chain.reorg(depth)).await??;
    let chain_id = rpc.node.reader().config().chain_id;
    let dropped = reorg.dropped.iter().map(|block| dropped(block, chain_id));
    Ok(json!({
        "number": U64::from(reorg.head.header.number),
        "hash": reorg.head.hash,
        "dropped": dropped.collect::<Vec<_>>(),
    }))
}

/// A dropped block, with what `eth_sendRawTransaction` takes to send its transactions again.
fn dropped(block: &Block, chain_id: u64) -> Value {
    let users = block.transactions.iter().skip(1).map(|tx| {
        json!({
            "hash": tx.hash,
            "from": tx.sender,
            "raw": tx.raw(chain_id),
        })
    });
    json!({
        "number": U64::from(block.header.number),
        "hash": block.hash,
        "transactions": users.collect::<Vec<_>>(),
    })
}

/// Saves to the node's state file at once.
async fn save_state(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let saved = rpc.node.save().await?.ok_or(RpcError::NoStateFile)??;
    Ok(json!({
        "path": saved.path,
        "block": U64::from(saved.block),
        "size": U64::from(saved.size),
    }))
}

/// The bytes that a state file would have.
async fn dump_state(rpc: Arc<Rpc>, _: Args) -> Result<Bytes, RpcError> {
    let image = rpc.node.write(|chain| chain.image()).await??;
    Ok(Save::now(Moment::Running, image).encode().into())
}

/// Puts a dumped chain in the place of this one, blocks, clock and all; Anvil's method adds
/// accounts to the newest block instead.
async fn load_state(rpc: Arc<Rpc>, mut args: Args) -> Result<bool, RpcError> {
    let dump: Bytes = args.required(0)?;
    let save = Save::decode(dump.into())?;
    rpc.node
        .write(move |chain| chain.restore(&save.payload))
        .await??;
    Ok(true)
}
