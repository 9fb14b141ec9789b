//! What a request may expect, from what the queue, the pool and the registry know.

use abi::{IStakingPool, IValidatorRegistry};
use alloc::vec::Vec;
use alloy_primitives::U256;
use glue::{
    calldata, calls,
    word::{self, low_64},
};
use protocol::{
    allocation::MAX_OPS,
    mul_div::{add, narrow, sub},
    pool,
    queue::{
        Request, Unfilled,
        estimate::{self, Returning},
    },
    rate::Totals,
};
use queue_state::{Ends, Error};
use stylus_sdk::prelude::*;

use crate::QueueDesk;

/// Most requests that are added up.
const MAX_SUM: u64 = 1_000;

impl QueueDesk {
    pub fn estimate(&self, request_id: U256) -> Result<(u64, U256, U256), Error> {
        let (_, request) = self.state.open(request_id)?;
        let quote = self.state.quote()?;
        let ahead = match request.shares {
            0 => Unfilled::default(),
            _ => self.ahead(request_id.saturating_to(), &request)?,
        };
        let estimate = estimate::estimate(&request, ahead, quote.totals, quote.free)?;
        let eta = match estimate.missing {
            0 => self.vm().block_timestamp(),
            missing => self.eta(missing, quote.totals)?,
        };
        // Nothing is filled while a slash may be pending; what is filled needs not wait.
        let eta = match request.shares {
            0 => eta,
            _ => eta.max(quote.slash_until),
        };
        Ok((eta, U256::from(estimate.ahead), U256::from(estimate.payout)))
    }

    /// When `missing` more wei can be free, by the registry's line.
    fn eta(&self, missing: u128, totals: Totals) -> Result<u64, Error> {
        let ask = calldata!(IStakingPool::reservesCall {});
        let [_, _, staked, _] = calls::view(self.vm(), self.state.line.pool(), &ask)?;
        let not_released = pool::not_released(totals, narrow(staked)?);
        let missing = add(missing, not_released)?;
        let [registry] = calls::view(
            self.vm(),
            self.state.line.pool(),
            &calldata!(IStakingPool::registryCall {}),
        )?;
        let registry = word::address(registry);
        let [.., unbonding_secs, _] = calls::view::<6>(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::termsCall {}),
        )?;
        let entries = calls::view_words(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::unbondingEntriesCall {
                first: U256::ZERO,
                // Entries beyond these count as called back now.
                most: U256::from(MAX_OPS),
            }),
        )?;
        // A list of tuples: its offset and length, then number, validator, maturity and wei of each.
        let mut returning = Vec::new();
        for entry in entries.get(2..).unwrap_or_default().chunks_exact(4) {
            if let [_, _, matures_at, assets] = *entry {
                returning.push(Returning {
                    assets: narrow(assets)?,
                    matures_at: low_64(matures_at),
                });
            }
        }
        let now = self.vm().block_timestamp();
        Ok(estimate::eta(
            missing,
            returning,
            now,
            low_64(unbonding_secs),
        ))
    }

    /// The sums over the open requests before `id`, counted from the nearer end of the queue. Far from
    /// both, the sums over all others: never too little.
    fn ahead(&self, id: u64, request: &Request) -> Result<Unfilled, Error> {
        let Ends {
            last, finalized, ..
        } = self.state.line.ends();
        let all = self.state.line.unfilled();
        let first = finalized.saturating_add(1);
        let before = id.saturating_sub(first);
        let behind = last.saturating_sub(id);
        if before <= behind && before <= MAX_SUM {
            return self.sum(first, id);
        }
        let rest = if behind <= MAX_SUM {
            self.sum(id, last.saturating_add(1))?
        } else {
            Unfilled::default().with(request)?
        };
        Ok(Unfilled {
            shares: sub(all.shares, rest.shares)?,
            nominal: sub(all.nominal, rest.nominal)?,
        })
    }

    /// The sums over the requests from `first` on, before `end`.
    fn sum(&self, first: u64, end: u64) -> Result<Unfilled, Error> {
        let mut sum = Unfilled::default();
        let mut next = first;
        while next < end {
            let id = U256::from(next);
            sum = sum.with(&self.state.line.request(id, &self.state.line.place(id)))?;
            next = next.saturating_add(1);
        }
        Ok(sum)
    }
}
