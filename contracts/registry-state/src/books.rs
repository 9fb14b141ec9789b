//! Sums over all validators, the parameters, and the ids that plans look at.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    revert::Word,
    storage::{Slot, WordMap},
    word,
};
use protocol::{fault::Faults, reserves::RegistryBooks, terms::Terms};
use stylus_sdk::prelude::*;

/// How many there are, and where the unbonding line begins and ends.
#[derive(Clone, Copy)]
pub struct Counts {
    /// Oldest entry that is not paid.
    pub first_entry: u64,
    /// One after the newest entry.
    pub end_entry: u64,
    /// Validators ever registered; also the newest id.
    pub validators: u32,
    /// Validators in `working`.
    pub working: u32,
}

/// What concerns all validators.
#[storage]
pub struct Books {
    counts: Slot,
    bonds_cover: Slot,
    stake: Slot,
    rewards: Slot,
    terms: Slot,
    pool: Slot,
    working: WordMap,
}

impl Books {
    /// The staking pool.
    pub fn pool(&self) -> Address {
        word::address(self.pool.read())
    }

    /// Names the staking pool.
    pub fn store_pool(&mut self, pool: Address) {
        self.pool.write(pool.word());
    }

    /// The counters.
    #[inline(never)]
    pub fn counts(&self) -> Counts {
        let [first_entry, end_entry, numbers, _] = *self.counts.read().as_limbs();
        Counts {
            first_entry,
            end_entry,
            validators: numbers as u32,
            working: (numbers >> 32) as u32,
        }
    }

    /// Writes the counters.
    #[inline(never)]
    pub fn store_counts(&mut self, counts: Counts) {
        let numbers = u64::from(counts.working) << 32 | u64::from(counts.validators);
        self.counts.write(U256::from_limbs([
            counts.first_entry,
            counts.end_entry,
            numbers,
            0,
        ]));
    }

    /// The sums that the contract owes.
    #[inline(never)]
    pub fn sums(&self) -> RegistryBooks {
        let (bonds, cover_fund) = word::halves(self.bonds_cover.read());
        let (active, unbonding) = word::halves(self.stake.read());
        RegistryBooks {
            bonds,
            active,
            unbonding,
            cover_fund,
            reporter_rewards: word::amount(self.rewards.read()).0,
        }
    }

    /// Writes the sums.
    #[inline(never)]
    pub fn store_sums(&mut self, sums: &RegistryBooks) {
        self.bonds_cover
            .write(word::pack_halves(sums.bonds, sums.cover_fund));
        self.stake
            .write(word::pack_halves(sums.active, sums.unbonding));
        self.store_rewards(sums.reporter_rewards, self.pending());
    }

    /// The faults that are alleged against all validators.
    #[inline(never)]
    pub fn pending(&self) -> Faults {
        let (_, count, until) = word::amount(self.rewards.read());
        // Only 16-bit counts are ever written.
        Faults {
            count: count as u16,
            until,
        }
    }

    /// Writes the faults that are alleged against all validators.
    pub fn store_pending(&mut self, pending: Faults) {
        let (rewards, ..) = word::amount(self.rewards.read());
        self.store_rewards(rewards, pending);
    }

    #[inline(never)]
    fn store_rewards(&mut self, rewards: u128, pending: Faults) {
        let count = u64::from(pending.count);
        self.rewards
            .write(word::pack_amount(rewards, count, pending.until));
    }

    /// The registry's parameters. A bond leaves as slowly as stake does.
    #[inline(never)]
    pub fn terms(&self) -> Terms {
        let [low, high, times, more] = *self.terms.read().as_limbs();
        let (min_bond, ..) = word::amount(U256::from_limbs([low, high, 0, 0]));
        let unbonding_secs = times & u64::from(u32::MAX);
        Terms {
            min_bond,
            leverage: (times >> 32) as u16,
            open_leverage: (times >> 48) as u16,
            pool_share_bps: more as u16,
            unbonding_secs,
            bond_exit_secs: unbonding_secs,
            notice_secs: more >> 16 & u64::from(u32::MAX),
        }
    }

    /// Writes the parameters; their bounds are far below the widths here.
    #[inline(never)]
    pub fn store_terms(&mut self, terms: &Terms) {
        let times = u64::from(terms.open_leverage) << 48
            | u64::from(terms.leverage) << 32
            | terms.unbonding_secs & u64::from(u32::MAX);
        let more = terms.notice_secs << 16 | u64::from(terms.pool_share_bps);
        self.terms
            .write(word::pack_amount(terms.min_bond, times, more));
    }

    /// The id in a place of `working`; 0 beyond its end.
    pub fn working(&self, place: u32) -> u32 {
        // Only 32-bit ids are ever written.
        word::low_64(self.working.get(place.word())) as u32
    }

    /// Writes a place of `working`.
    pub fn store_working(&mut self, place: u32, id: u32) {
        self.working.set(place.word(), id.word());
    }
}
