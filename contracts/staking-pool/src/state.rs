//! Where the pool's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0 | `booked`: shares (128), assets (128) |
//! | 1 | `drip`: end (64), start (64), amount (128) |
//! | 2 | `stake_limit`: refill (32), level (96), updated (32), capacity (96) |
//! | 3 | `pauses`: withdrawals, rebalance, transfers, deposits (64 each) |
//! | 4 | `stake`: target buffer (128), staked at the registry (128) |
//! | 5 | `terms`: fee bps (16), release seconds (64), treasury (160) |
//! | 6 | `registry` (160) |
//! | 7 | `queue` (160) |
//! | 8 | `last_rebase`: timestamp (64) |
//! | 9 | `shares`: account → shares |
//! | 10 | `allowances`: owner → spender → wei |
//! | 11 | `roles`: role → account → held |

use alloc::vec::Vec;

use alloy_primitives::{Address, U16, U64, U256};
use glue::{pause::Pauses, word};
use protocol::{limits::Bucket, pool::Ledger, rate::Totals};
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageMap, StorageU16, StorageU64, StorageU256},
};

use crate::error::Error;

/// The pool's books.
#[storage]
pub struct Books {
    booked: StorageU256,
    drip: StorageU256,
    stake_limit: StorageU256,
    /// Which groups are paused.
    pub(crate) pauses: Pauses,
    stake: StorageU256,
    treasury: StorageAddress,
    release_secs: StorageU64,
    fee_bps: StorageU16,
}

impl Books {
    /// The ledger as it was last written.
    #[inline(never)]
    pub(crate) fn ledger(&self) -> Ledger {
        let (assets, shares) = word::halves(self.booked.get());
        Ledger {
            booked: Totals { assets, shares },
            drip: word::drip(self.drip.get()),
        }
    }

    /// Writes the totals alone; a deposit leaves the release as it is.
    #[inline(never)]
    pub(crate) fn store_booked(&mut self, booked: Totals) {
        self.booked
            .set(word::pack_halves(booked.assets, booked.shares));
    }

    /// Writes totals and release.
    #[inline(never)]
    pub(crate) fn store_ledger(&mut self, ledger: &Ledger) {
        self.store_booked(ledger.booked);
        self.drip.set(word::pack_drip(&ledger.drip));
    }

    /// What all shares are worth at the block's time.
    #[inline(never)]
    pub(crate) fn totals(&self) -> Result<Totals, Error> {
        Ok(self.ledger().totals(self.vm().block_timestamp())?)
    }

    /// Wei at the registry, and the target buffer.
    #[inline(never)]
    pub(crate) fn stake(&self) -> (u128, u128) {
        word::halves(self.stake.get())
    }

    /// Writes the wei at the registry, and the target buffer.
    #[inline(never)]
    pub(crate) fn store_stake(&mut self, staked: u128, target_buffer: u128) {
        self.stake.set(word::pack_halves(staked, target_buffer));
    }

    /// The deposit limit.
    pub(crate) fn stake_limit(&self) -> Bucket {
        word::bucket(self.stake_limit.get())
    }

    /// Writes the deposit limit.
    pub(crate) fn store_stake_limit(&mut self, bucket: &Bucket) {
        self.stake_limit.set(word::pack_bucket(bucket));
    }

    /// Treasury, seconds of a release, fee in basis points.
    #[inline(never)]
    pub(crate) fn terms(&self) -> (Address, u64, u16) {
        let [release_secs] = *self.release_secs.get().as_limbs();
        let [fee_bps] = *self.fee_bps.get().as_limbs();
        // The slot holds 16 bits.
        (self.treasury.get(), release_secs, fee_bps as u16)
    }

    /// Writes treasury, seconds of a release, fee in basis points.
    pub(crate) fn store_terms(&mut self, treasury: Address, release_secs: u64, fee_bps: u16) {
        self.treasury.set(treasury);
        self.release_secs.set(U64::from(release_secs));
        self.fee_bps.set(U16::from(fee_bps));
    }
}

/// The other contracts and the time of the last change of the rate.
#[storage]
pub struct Links {
    /// The validator registry; zero until connected.
    pub(crate) registry: StorageAddress,
    /// The withdrawal queue; zero until connected.
    pub(crate) queue: StorageAddress,
    last_rebase: StorageU64,
}

impl Links {
    /// Remembers the block's time as that of a rebase; returns the seconds since the one before.
    #[inline(never)]
    pub(crate) fn rebased(&mut self) -> u64 {
        let now = self.vm().block_timestamp();
        let [last] = *self.last_rebase.get().as_limbs();
        self.last_rebase.set(U64::from(now));
        // Block times never fall.
        now.saturating_sub(last)
    }
}

/// Who holds how many shares, and who may move whose lsETH.
#[storage]
pub struct Accounts {
    shares: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
}

impl Accounts {
    /// Shares of an account. They fit 128 bits because all shares together do.
    #[inline(never)]
    pub(crate) fn shares(&self, account: Address) -> u128 {
        word::halves(self.shares.get(account)).0
    }

    /// Writes the shares of an account.
    #[inline(never)]
    pub(crate) fn store_shares(&mut self, account: Address, shares: u128) {
        self.shares.insert(account, U256::from(shares));
    }

    /// Wei that `spender` may move for `owner`.
    #[inline(never)]
    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.getter(owner).get(spender)
    }

    /// Writes the wei that `spender` may move for `owner`.
    #[inline(never)]
    pub(crate) fn store_allowance(&mut self, owner: Address, spender: Address, assets: U256) {
        self.allowances.setter(owner).insert(spender, assets);
    }
}
