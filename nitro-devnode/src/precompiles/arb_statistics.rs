//! ArbStatistics (0x6f): the block number and five counters that Nitro no longer keeps.
use alloy::sol_types::SolCall;
use revm::{Database, primitives::U256};

use super::{
    abi,
    method::{Method, view},
};

alloy::sol! {
    interface IArbStatistics {
        function getStats();
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        IArbStatistics::getStatsCall::SELECTOR => Some(view(|call, _| {
            let mut stats = [U256::ZERO; 6];
            stats[0] = U256::from(call.ctx.chain.block.number);
            Ok(abi::words(stats))
        })),
        _ => None,
    }
}
