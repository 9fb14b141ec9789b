//! `evm_…` and `anvil_…`, with their `hardhat_…` names: what tests do to a chain.
//!
//! What only changes something answers `null`, as Anvil does: typed clients read nothing else.
use std::{sync::Arc, time::Duration};

use alloy::primitives::{Address, B256, Bytes, U64, U256};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer_later, errors::RpcError};
use crate::{chain::Mining, precompiles::spec_of};

/// Most blocks one `anvil_mine` seals.
const MOST_BLOCKS: u64 = 1_000_000;

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "evm_snapshot", snapshot)?;
    answer_later(module, "evm_revert", revert)?;
    answer_later(module, "evm_mine", evm_mine)?;
    answer_later(module, "evm_setAutomine", set_automine)?;
    answer_later(module, "evm_setIntervalMining", set_interval)?;
    answer_later(module, "evm_setNextBlockTimestamp", set_next_timestamp)?;
    answer_later(module, "evm_increaseTime", increase_time)?;
    answer_later(module, "evm_setTime", set_time)?;
    answer_later(module, "anvil_mine", anvil_mine)?;
    answer_later(module, "anvil_getAutomine", get_automine)?;
    answer_later(module, "anvil_setBalance", set_balance)?;
    answer_later(module, "anvil_setCode", set_code)?;
    answer_later(module, "anvil_setStorageAt", set_storage_at)?;
    answer_later(module, "anvil_setNonce", set_nonce)?;
    answer_later(module, "anvil_impersonateAccount", impersonate)?;
    answer_later(module, "anvil_stopImpersonatingAccount", stop_impersonating)?;
    answer_later(module, "anvil_autoImpersonateAccount", impersonate_all)?;
    answer_later(module, "anvil_nodeInfo", node_info)?;
    for (alias, name) in ALIASES {
        module.register_alias(alias, name)?;
    }
    Ok(())
}

const ALIASES: &[(&str, &str)] = &[
    ("anvil_snapshot", "evm_snapshot"),
    ("anvil_revert", "evm_revert"),
    ("anvil_setAutomine", "evm_setAutomine"),
    ("anvil_setIntervalMining", "evm_setIntervalMining"),
    ("anvil_setNextBlockTimestamp", "evm_setNextBlockTimestamp"),
    ("anvil_increaseTime", "evm_increaseTime"),
    ("anvil_setTime", "evm_setTime"),
    ("hardhat_mine", "anvil_mine"),
    ("hardhat_getAutomine", "anvil_getAutomine"),
    ("hardhat_setBalance", "anvil_setBalance"),
    ("hardhat_setCode", "anvil_setCode"),
    ("hardhat_setStorageAt", "anvil_setStorageAt"),
    ("hardhat_setNonce", "anvil_setNonce"),
    ("hardhat_impersonateAccount", "anvil_impersonateAccount"),
    (
        "hardhat_stopImpersonatingAccount",
        "anvil_stopImpersonatingAccount",
    ),
];

/// A count or a time: a JSON number, or a string in hex or decimal, as clients send all.
pub(super) fn number(args: &mut Args, index: usize) -> Result<Option<u64>, RpcError> {
    let Some(value) = args.optional::<Value>(index)? else {
        return Ok(None);
    };
    let read = match &value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse::<U256>().ok().and_then(|n| n.try_into().ok()),
        _ => None,
    };
    let why = format!("not a number: {value}");
    read.map(Some).ok_or(RpcError::Invalid { index, why })
}

pub(super) fn needed_number(args: &mut Args, index: usize) -> Result<u64, RpcError> {
    number(args, index)?.ok_or(RpcError::Missing(index))
}

fn few_enough(blocks: u64) -> Result<u64, RpcError> {
    if blocks > MOST_BLOCKS {
        return Err(RpcError::TooManyBlocks {
            asked: blocks,
            most: MOST_BLOCKS,
        });
    }
    Ok(blocks)
}

async fn snapshot(rpc: Arc<Rpc>, _: Args) -> Result<U64, RpcError> {
    Ok(U64::from(rpc.node.write(|chain| chain.snapshot()).await?))
}

async fn revert(rpc: Arc<Rpc>, mut args: Args) -> Result<bool, RpcError> {
    let id = needed_number(&mut args, 0)?;
    Ok(rpc.node.write(move |chain| chain.revert(id)).await?)
}

/// Takes a timestamp, or an object with one and a number of blocks.
async fn evm_mine(rpc: Arc<Rpc>, mut args: Args) -> Result<&'static str, RpcError> {
    let (mut timestamp, mut blocks) = (None, None);
    match args.optional::<Value>(0)? {
        Some(Value::Object(options)) => {
            let wanted = |name: &str| options.get(name).filter(|value| !value.is_null()).cloned();
            let mut inner = Args::from_values(vec![
                wanted("timestamp").unwrap_or(Value::Null),
                wanted("blocks").unwrap_or(Value::Null),
            ]);
            timestamp = number(&mut inner, 0)?;
            blocks = number(&mut inner, 1)?;
        }
        Some(value) => timestamp = number(&mut Args::from_values(vec![value]), 0)?,
        None => {}
    }
    let blocks = few_enough(blocks.unwrap_or(1))?;
    let mined = rpc.node.write(move |chain| {
        if let Some(timestamp) = timestamp {
            chain.set_next_timestamp(timestamp)?;
        }
        for _ in 0..blocks {
            chain.mine();
        }
        Ok::<_, RpcError>("0x0")
    });
    mined.await?
}

/// Takes the number of blocks and the seconds between them.
async fn anvil_mine(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let blocks = few_enough(number(&mut args, 0)?.unwrap_or(1))?;
    let interval = number(&mut args, 1)?;
    let mined = rpc.node.write(move |chain| {
        for sealed in 0..blocks {
            if let Some(interval) = interval.filter(|_| sealed > 0) {
                let last = chain
                    .reader()
                    .head()
                    .map_or(0, |block| block.header.timestamp);
                chain.set_next_timestamp(last.saturating_add(interval))?;
            }
            chain.mine();
        }
        Ok(())
    });
    mined.await?
}

async fn set_automine(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let automatic: bool = args.required(0)?;
    let mining = if automatic {
        Mining::Automatic
    } else {
        Mining::Manual
    };
    Ok(rpc
        .node
        .write(move |chain| chain.set_mining(mining))
        .await?)
}

/// Milliseconds for `evm_setIntervalMining` in Hardhat, seconds in Anvil: seconds here.
async fn set_interval(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let seconds = needed_number(&mut args, 0)?;
    let mining = match seconds {
        0 => Mining::Manual,
        seconds => Mining::Interval(Duration::from_secs(seconds)),
    };
    Ok(rpc
        .node
        .write(move |chain| chain.set_mining(mining))
        .await?)
}

async fn get_automine(rpc: Arc<Rpc>, _: Args) -> Result<bool, RpcError> {
    Ok(rpc
        .node
        .write(|chain| chain.mining() == Mining::Automatic)
        .await?)
}

async fn set_next_timestamp(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let seconds = needed_number(&mut args, 0)?;
    Ok(rpc
        .node
        .write(move |chain| chain.set_next_timestamp(seconds))
        .await??)
}

async fn increase_time(rpc: Arc<Rpc>, mut args: Args) -> Result<i64, RpcError> {
    let seconds = needed_number(&mut args, 0)?;
    let seconds = i64::try_from(seconds).map_err(|error| RpcError::Invalid {
        index: 0,
        why: error.to_string(),
    })?;
    Ok(rpc
        .node
        .write(move |chain| chain.increase_time(seconds))
        .await?)
}

async fn set_time(rpc: Arc<Rpc>, mut args: Args) -> Result<u64, RpcError> {
    let seconds = needed_number(&mut args, 0)?;
    rpc.node.write(move |chain| chain.set_time(seconds)).await?;
    Ok(seconds)
}

async fn set_balance(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let (address, wei): (Address, U256) = (args.required(0)?, args.required(1)?);
    Ok(rpc
        .node
        .write(move |chain| chain.set_balance(address, wei))
        .await?)
}

async fn set_code(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let (address, code): (Address, Bytes) = (args.required(0)?, args.required(1)?);
    Ok(rpc
        .node
        .write(move |chain| chain.set_code(address, code))
        .await?)
}

/// The one edit that Anvil answers with `true`.
async fn set_storage_at(rpc: Arc<Rpc>, mut args: Args) -> Result<bool, RpcError> {
    let address: Address = args.required(0)?;
    let slot: U256 = args.required(1)?;
    let value: B256 = args.required(2)?;
    rpc.node
        .write(move |chain| chain.set_slot(address, slot, value.into()))
        .await?;
    Ok(true)
}

async fn set_nonce(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let address: Address = args.required(0)?;
    let nonce = needed_number(&mut args, 1)?;
    Ok(rpc
        .node
        .write(move |chain| chain.set_nonce(address, nonce))
        .await?)
}

async fn impersonate(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let address = args.required(0)?;
    Ok(rpc
        .node
        .write(move |chain| chain.impersonate(address))
        .await?)
}

async fn stop_impersonating(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let address = args.required(0)?;
    Ok(rpc
        .node
        .write(move |chain| chain.stop_impersonating(address))
        .await?)
}

async fn impersonate_all(rpc: Arc<Rpc>, mut args: Args) -> Result<(), RpcError> {
    let all = args.required(0)?;
    Ok(rpc
        .node
        .write(move |chain| chain.set_impersonate_all(all))
        .await?)
}

async fn node_info(rpc: Arc<Rpc>, _: Args) -> Result<Value, RpcError> {
    let reader = rpc.node.reader();
    let head = rpc.find(alloy::eips::BlockId::latest())?;
    let base_fee = U64::from(head.header.base_fee_per_gas.unwrap_or_default());
    Ok(json!({
        "currentBlockNumber": U64::from(head.header.number),
        "currentBlockTimestamp": head.header.timestamp,
        "currentBlockHash": head.hash,
        "hardFork": spec_of(head.arbos_version).to_string(),
        // In the order of arrival, which Anvil calls so.
        "transactionOrder": "fifo",
        "environment": {
            "baseFee": base_fee,
            "chainId": reader.config().chain_id,
            "gasLimit": U64::from(head.header.gas_limit),
            // Tips are never paid.
            "gasPrice": base_fee,
        },
        "forkConfig": { "forkUrl": null, "forkBlockNumber": null, "forkRetryBackoff": null },
        "arbosVersion": head.arbos_version,
    }))
}
