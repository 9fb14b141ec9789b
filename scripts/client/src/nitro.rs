//! Bindings of the parts of Nitro that a deployment calls.

use alloy::primitives::{Address, address};
use alloy::sol;

/// Precompile that activates programs.
pub const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

/// Precompile that keeps programs in the cache.
pub const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");

sol!(
    #[sol(rpc, all_derives)]
    "interfaces/ArbWasm.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "interfaces/ArbWasmCache.sol"
);
sol!(
    #[sol(rpc, all_derives)]
    "interfaces/CacheManager.sol"
);
