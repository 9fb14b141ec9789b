//! Where the pool's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`] |
//! | 8 | `booked`: shares (128), assets (128) |
//! | 9 | `drip`: end (64), start (64), amount (128) |
//! | 10 | `stake_limit`: refill (32), level (96), updated (32), capacity (96) |
//! | 11 | `stake`: target buffer (128), staked at the registry (128) |
//! | 12 | `treasury` (160) |
//! | 13 | `terms`: –, release seconds (64), fee bps (128) |
//! | 14 | `registry` (160) |
//! | 15 | `queue` (160) |
//! | 16 | `last_rebase`: timestamp (64) |
//! | 17 | `shares`: account → shares |
//! | 18 | `allowances`: owner → spender → wei |
//! | 19 | `nonces`: account → permits used |

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    revert::Word,
    storage::{Slot, WordMap, WordMaps},
    word,
};
use protocol::{limits::Bucket, pool::Ledger, rate::Totals};
use stylus_sdk::prelude::*;

use crate::error::Error;

/// The pool's books.
#[storage]
pub struct Books {
    booked: Slot,
    drip: Slot,
    stake_limit: Slot,
    stake: Slot,
    treasury: Slot,
    terms: Slot,
}

impl Books {
    /// The ledger as it was last written.
    #[inline(never)]
    pub(crate) fn ledger(&self) -> Ledger {
        let (assets, shares) = word::halves(self.booked.read());
        Ledger {
            booked: Totals { assets, shares },
            drip: word::drip(self.drip.read()),
        }
    }

    /// Writes the totals alone; a deposit leaves the release as it is.
    #[inline(never)]
    pub(crate) fn store_booked(&mut self, booked: Totals) {
        self.booked
            .write(word::pack_halves(booked.assets, booked.shares));
    }

    /// Writes totals and release.
    #[inline(never)]
    pub(crate) fn store_ledger(&mut self, ledger: &Ledger) {
        self.store_booked(ledger.booked);
        self.drip.write(word::pack_drip(&ledger.drip));
    }

    /// What all shares are worth at the block's time.
    #[inline(never)]
    pub(crate) fn totals(&self) -> Result<Totals, Error> {
        Ok(self.ledger().totals(self.vm().block_timestamp())?)
    }

    /// Wei at the registry, and the target buffer.
    #[inline(never)]
    pub(crate) fn stake(&self) -> (u128, u128) {
        word::halves(self.stake.read())
    }

    /// Writes the wei at the registry, and the target buffer.
    #[inline(never)]
    pub(crate) fn store_stake(&mut self, staked: u128, target_buffer: u128) {
        self.stake.write(word::pack_halves(staked, target_buffer));
    }

    /// The deposit limit.
    pub(crate) fn stake_limit(&self) -> Bucket {
        word::bucket(self.stake_limit.read())
    }

    /// Writes the deposit limit.
    pub(crate) fn store_stake_limit(&mut self, bucket: &Bucket) {
        self.stake_limit.write(word::pack_bucket(bucket));
    }

    /// Treasury, seconds of a release, fee in basis points.
    #[inline(never)]
    pub(crate) fn terms(&self) -> (Address, u64, u16) {
        let (fee_bps, release_secs, _) = word::amount(self.terms.read());
        let treasury = word::address(self.treasury.read());
        // Only a checked fee of 16 bits is ever written.
        (treasury, release_secs, fee_bps as u16)
    }

    /// Writes treasury, seconds of a release, fee in basis points.
    pub(crate) fn store_terms(&mut self, treasury: Address, release_secs: u64, fee_bps: u16) {
        self.treasury.write(treasury.word());
        self.terms
            .write(word::pack_amount(fee_bps.into(), release_secs, 0));
    }
}

/// The other contracts and the time of the last change of the rate.
#[storage]
pub struct Links {
    registry: Slot,
    queue: Slot,
    last_rebase: Slot,
}

impl Links {
    /// The validator registry; zero until connected.
    pub(crate) fn registry(&self) -> Address {
        word::address(self.registry.read())
    }

    /// The withdrawal queue; zero until connected.
    pub(crate) fn queue(&self) -> Address {
        word::address(self.queue.read())
    }

    /// Names the other two contracts.
    pub(crate) fn store(&mut self, registry: Address, queue: Address) {
        self.registry.write(registry.word());
        self.queue.write(queue.word());
    }

    /// Remembers the block's time as that of a rebase; returns the seconds since the one before.
    #[inline(never)]
    pub(crate) fn rebased(&mut self) -> u64 {
        let now = self.vm().block_timestamp();
        let last = word::low_64(self.last_rebase.read());
        self.last_rebase.write(now.word());
        // Block times never fall.
        now.saturating_sub(last)
    }
}

/// Who holds how many shares, and who may move whose lsETH.
#[storage]
pub struct Accounts {
    shares: WordMap,
    allowances: WordMaps,
}

impl Accounts {
    /// Shares of an account. They fit 128 bits because all shares together do.
    #[inline(never)]
    pub(crate) fn shares(&self, account: Address) -> u128 {
        word::halves(self.shares.get(account.word())).0
    }

    /// Writes the shares of an account.
    #[inline(never)]
    pub(crate) fn store_shares(&mut self, account: Address, shares: u128) {
        self.shares.set(account.word(), U256::from(shares));
    }

    /// Wei that `spender` may move for `owner`.
    #[inline(never)]
    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.get(owner.word()).get(spender.word())
    }

    /// Writes the wei that `spender` may move for `owner`.
    #[inline(never)]
    pub(crate) fn store_allowance(&mut self, owner: Address, spender: Address, assets: U256) {
        self.allowances
            .get_mut(owner.word())
            .set(spender.word(), assets);
    }
}
