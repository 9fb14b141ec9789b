//! What the pool says of its rate, and what it takes of rewards.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IStakingPool as Pool;

use super::{Model, Refusal, refuse, word};
use crate::lockstep::amounts::down;

/// 27 decimals.
const ONE: u128 = 1_000_000_000_000_000_000_000_000_000;
const HIGHEST_FEE: u16 = 2_000;

/// The fee, and the one that follows it.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::lockstep) struct Fee {
    pub(in crate::lockstep) previous: u16,
    pub(in crate::lockstep) next: u16,
    pub(in crate::lockstep) from: u64,
}

impl Model {
    /// The fee of now.
    pub(super) fn fee_bps(&self) -> u128 {
        let Fee {
            previous,
            next,
            from,
        } = self.fee;
        u128::from(if self.now < from { previous } else { next })
    }

    pub(super) fn announce_fee(&mut self, caller: Address, next: u16) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "DEFAULT_ADMIN_ROLE")?;
        if next > HIGHEST_FEE {
            return refuse(&Pool::FeeAboveMaximum {
                feeBps: next,
                maximumBps: HIGHEST_FEE,
            });
        }
        let previous = u16::try_from(self.fee_bps()).expect("at most 2,000");
        let from = self.now + self.release_secs;
        self.fee = Fee {
            previous,
            next,
            from,
        };
        let announced = Pool::FeeAnnounced {
            feeBps: next,
            effectiveAt: from,
        };
        self.log(self.at.pool, &announced);
        Ok(Vec::new())
    }

    /// The newest entry of the history: its number, rate and time.
    pub(super) fn newest_round(&self) -> (u64, u128, u64) {
        let (rate, at) = self.history.last().copied().unwrap_or_default();
        (self.history.len() as u64, rate, at)
    }

    /// The rate becomes an entry of the history.
    pub(super) fn record(&mut self) {
        let rate = down(ONE, self.assets(), self.total_shares);
        self.history.push((rate, self.now));
        let recorded = Pool::RateRecorded {
            round: self.history.len() as u64,
            rateE27: word(rate),
        };
        self.log(self.at.pool, &recorded);
    }

    /// `recordRate`: at most one a second.
    pub(super) fn record_rate(&mut self) -> Vec<u8> {
        let (_, _, at) = self.newest_round();
        if at != self.now {
            self.record();
        }
        let (round, ..) = self.newest_round();
        Pool::recordRateCall::abi_encode_returns(&round)
    }

    /// What the feed of wlsETH answers to its newest round: the rate with 18 decimals, bounded by the
    /// growth of the first, 0.075 % of itself a day.
    pub(super) fn feed(&self) -> (U256, U256, U256, U256, U256) {
        let (round, rate, at) = self.newest_round();
        let (first, since) = self.feed_start;
        let grown = down(
            first,
            750_000 * u128::from(at - since),
            86_400 * 1_000_000_000,
        );
        let answer = rate.min(first + grown) / 1_000_000_000;
        let (id, time) = (U256::from(round), U256::from(at));
        (id, word(answer), time, time, id)
    }
}
