//! Evidence, what reporters are owed for it, and who is told of a slash.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use glue::{revert::Word, storage::WordMap, word};
use protocol::fault::Evidence;
use stylus_sdk::prelude::*;

const USED: u64 = 1;
const ALLEGED: u64 = 2;
const LAPSED: u64 = 3;

/// What was brought before, and what is owed for it.
#[storage]
pub struct Court {
    evidence: WordMap,
    reporter_rewards: WordMap,
}

impl Court {
    /// What is known of a piece of evidence.
    #[inline(never)]
    pub fn evidence(&self, hash: B256) -> Evidence {
        match *self.evidence.get(hash.word()).as_limbs() {
            [0, ..] => Evidence::New,
            // Only 32-bit ids are ever written.
            [ALLEGED, validator, until, _] => Evidence::Alleged {
                validator: validator as u32,
                until,
            },
            [LAPSED, validator, ..] => Evidence::Lapsed {
                validator: validator as u32,
            },
            _ => Evidence::Used,
        }
    }

    /// Writes what is known of a piece of evidence.
    #[inline(never)]
    pub fn store_evidence(&mut self, hash: B256, evidence: Evidence) {
        let limbs = match evidence {
            Evidence::New => [0; 4],
            Evidence::Used => [USED, 0, 0, 0],
            Evidence::Alleged { validator, until } => [ALLEGED, u64::from(validator), until, 0],
            Evidence::Lapsed { validator } => [LAPSED, u64::from(validator), 0, 0],
        };
        self.evidence.set(hash.word(), U256::from_limbs(limbs));
    }

    /// Wei owed to a reporter.
    pub fn reward(&self, reporter: Address) -> u128 {
        word::halves(self.reporter_rewards.get(reporter.word())).0
    }

    /// Writes the wei owed to a reporter.
    pub fn store_reward(&mut self, reporter: Address, assets: u128) {
        self.reporter_rewards.set(reporter.word(), assets.word());
    }
}

/// The slashing hooks, in places 1, 2, …; place 0 holds their number.
#[storage]
pub struct Hooks {
    places: WordMap,
}

impl Hooks {
    /// How many there are.
    pub fn count(&self) -> u64 {
        word::low_64(self.places.get(U256::ZERO))
    }

    /// Writes how many there are.
    pub fn store_count(&mut self, count: u64) {
        self.places.set(U256::ZERO, count.word());
    }

    /// The hook in a place.
    #[inline(never)]
    pub fn hook(&self, place: u64) -> Address {
        word::address(self.places.get(place.word()))
    }

    /// Writes the hook in a place.
    pub fn store_hook(&mut self, place: u64, hook: Address) {
        self.places.set(place.word(), hook.word());
    }
}
