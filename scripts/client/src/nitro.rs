//! Bindings of the parts of Nitro that a deployment calls.

use alloy::primitives::{Address, address};
use alloy::sol;

/// Precompile that activates programs.
pub const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

/// Precompile that keeps programs in the cache.
pub const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");

/// Contract that deploys programs with a constructor, at this address on every Arbitrum chain.
pub const STYLUS_DEPLOYER: Address = address!("0xcEcba2F1DC234f70Dd89F2041029807F8D03A990");

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
sol!(
    #[sol(rpc, all_derives)]
    "interfaces/StylusDeployer.sol"
);
