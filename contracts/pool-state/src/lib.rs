//! What the two programs of the pool share: where its state lies, what every mint, burn and rebase
//! writes and emits, and how the rules' refusals map to its ABI.
//!
//! `staking-pool` is called by users and by the queue: the token, deposits, withdrawals. What it does
//! not route runs in `pool-operations`, on the same storage: rewards, losses, delegation, the terms.
//! Each program is half as large as both together would be, and a call of a user pays for one.
#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;

pub mod error;
pub mod state;

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use glue::{
    administration::Administration,
    allowance::Allowances,
    emit,
    permit::{Domain, Nonces},
};
use protocol::{
    mul_div::add,
    pool,
    rate::{self, Totals},
};
use stylus_sdk::prelude::*;

use crate::{
    error::Error,
    state::{Accounts, Books, History, Links},
};

/// What holders sign permits for.
pub static DOMAIN: Domain = Domain::new("Liquid staked ETH");

/// Pause group: deposits.
pub const DEPOSITS: u8 = 0;
/// Pause group: moving lsETH.
pub use glue::pause::TRANSFERS;
/// Pause group: rebalance.
pub const REBALANCE: u8 = 2;
/// Pause group: paying the queue. Claims of what the queue holds already go on.
pub const WITHDRAWALS: u8 = 3;
/// How many pause groups there are.
pub const GROUPS: u8 = 4;

/// The pool's storage, whichever program runs. Slots are drawn in [`state`].
#[storage]
pub struct PoolState {
    /// Roles, pauses, programs.
    pub administration: Administration,
    /// Totals, release, limit, terms.
    pub books: Books,
    /// The other contracts, and when the rate changed last.
    pub links: Links,
    /// Shares.
    pub accounts: Accounts,
    /// Who may move how many wei of whose lsETH.
    pub allowances: Allowances,
    /// Permits used.
    pub nonces: Nonces,
    /// The rate as it was.
    pub history: History,
}

impl PoolState {
    /// Wei of the holders that lie in the pool, released rewards included.
    #[inline(never)]
    pub fn buffered(&self) -> Result<u128, Error> {
        Ok(pool::buffered(
            self.books.totals()?,
            self.books.stake().staked,
        ))
    }

    /// Mints `shares`, which the totals hold already.
    #[inline(never)]
    pub fn mint(&mut self, to: Address, shares: u128) -> Result<(), Error> {
        let next = add(self.accounts.shares(to), shares)?;
        self.accounts.store_shares(to, next);
        let worth = rate::assets_for_shares(self.books.totals()?, shares)?;
        self.log_transfer(Address::ZERO, to, U256::from(worth), shares);
        Ok(())
    }

    /// Emits `Transfer` and `TransferShares`.
    #[inline(never)]
    pub fn log_transfer(&self, from: Address, to: Address, value: U256, shares: u128) {
        emit!(
            self.vm(),
            IStakingPool::Transfer [from, to] { value }
        );
        emit!(
            self.vm(),
            IStakingPool::TransferShares [from, to] { sharesValue: U256::from(shares) }
        );
    }

    /// Adds the rate of `totals`, those of the block's time, to the history; returns the round.
    #[inline(never)]
    pub fn record_rate(&mut self, totals: Totals, rebased_at: u64) -> u64 {
        let (last, _) = self.links.last_rate();
        // Rounds are written one at a time; 64 bits of them never run out.
        let round = last.saturating_add(1);
        self.links.store_last_rate(round, rebased_at);
        let rate_e27 = self.history.record(round, totals);
        emit!(
            self.vm(),
            IStakingPool::RateRecorded [round] { rateE27: U256::from(rate_e27) }
        );
        round
    }
}
