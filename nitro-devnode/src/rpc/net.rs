//! `net_`, `web3_` and `rpc_`: what little there is to say.
use alloy::primitives::{B256, Bytes, U64, keccak256};
use jsonrpsee::RpcModule;
use serde_json::{Value, json};

use super::{Args, Registered, Rpc, answer, errors::RpcError};

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
    answer(module, "rpc_modules", |_, _| Ok(modules()))
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
