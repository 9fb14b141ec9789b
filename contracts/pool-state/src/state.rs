//! Where the pool's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`]; in slot 0, beside the pauses, `drip`: end (40), start (40), amount (88) |
//! | 8 | `booked`: shares (128), assets (128) |
//! | 9 | `stake_limit`: refill (32), level (96), updated (32), capacity (96) |
//! | 10 | `stake`: until when a slash may be pending (64), target buffer (96), staked at the registry (96) |
//! | 11 | `treasury` (160) |
//! | 12 | `terms`: time of the next fee (64), release seconds (64), – (96), next fee bps (16), fee bps (16) |
//! | 13 | `registry` (160) |
//! | 14 | `queue` (160) |
//! | 15 | `last_rate`: – (128), round (64), timestamp of the last rebase (64) |
//! | 16 | `shares`: account → shares |
//! | 17 | `allowances`: owner → spender → wei |
//! | 18 | `nonces`: account → permits used |
//! | 19 | `rounds`: round → – (64), timestamp (64), rate with 27 decimals (128) |

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    pause::Beside,
    revert::Word,
    storage::{Slot, WordMap},
    word,
};
use protocol::{
    drip::Drip,
    fees::{FeeBps, FeeSchedule},
    limits::Bucket,
    mul_div::MathError,
    pool::Ledger,
    rate::{self, Totals},
};
use stylus_sdk::prelude::*;

use crate::error::Error;

/// Bits of a release.
const RELEASE_BITS: u32 = 88;
/// Most wei that can wait to be released: 2⁸⁸ − 1, 309 million ETH, more than there is.
pub const MAX_RELEASE: u128 = (1 << RELEASE_BITS) - 1;
/// Bits of what is staked, and of the target buffer.
const STAKE_BITS: u32 = 96;
/// Most wei that can be staked or asked for as a buffer: 2⁹⁶ − 1.
pub const MAX_STAKE: u128 = (1 << STAKE_BITS) - 1;

/// What is at the registry, and should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// Wei at the registry.
    pub staked: u128,
    /// Wei that rebalance leaves in the pool beyond the queue's demand.
    pub target_buffer: u128,
    /// Until when a slash may be pending that has to be judged; past if there is none.
    pub slash_until: u64,
}

/// The pool's books.
#[storage]
pub struct Books {
    booked: Slot,
    drip: Beside,
    stake_limit: Slot,
    stake: Slot,
    treasury: Slot,
    terms: Slot,
}

impl Books {
    /// The ledger as it was last written.
    #[inline(never)]
    pub fn ledger(&self) -> Ledger {
        let (assets, shares) = word::halves(self.booked.read());
        let (low, end) = self.drip.read();
        Ledger {
            booked: Totals { assets, shares },
            drip: Drip {
                amount: low & MAX_RELEASE,
                start: (low >> RELEASE_BITS) as u64,
                end,
            },
        }
    }

    /// Writes the totals alone; a deposit leaves the release as it is.
    #[inline(never)]
    pub fn store_booked(&mut self, booked: Totals) {
        self.booked
            .write(word::pack_halves(booked.assets, booked.shares));
    }

    /// Writes totals and release. Timestamps of 40 bits last for 34,000 years; a release that the daily
    /// cap stretches beyond them ends with them.
    ///
    /// - Errors: `AmountTooWide` above [`MAX_RELEASE`].
    #[inline(never)]
    pub fn store_ledger(&mut self, ledger: &Ledger) -> Result<(), Error> {
        let Drip { amount, start, end } = ledger.drip;
        if amount > MAX_RELEASE {
            return Err(MathError::TooWide {
                value: U256::from(amount),
            }
            .into());
        }
        self.store_booked(ledger.booked);
        self.drip
            .write(u128::from(start) << RELEASE_BITS | amount, end);
        Ok(())
    }

    /// What all shares are worth at the block's time.
    #[inline(never)]
    pub fn totals(&self) -> Result<Totals, Error> {
        Ok(self.ledger().totals(self.vm().block_timestamp())?)
    }

    /// What is at the registry, and should be.
    #[inline(never)]
    pub fn stake(&self) -> Stake {
        let (low, high) = word::halves(self.stake.read());
        Stake {
            staked: low & MAX_STAKE,
            target_buffer: (high << 32 | low >> STAKE_BITS) & MAX_STAKE,
            slash_until: (high >> 64) as u64,
        }
    }

    /// Writes what is at the registry, and should be. A target is set within its bounds, and there is
    /// less ETH than [`MAX_STAKE`].
    #[inline(never)]
    pub fn store_stake(&mut self, stake: &Stake) {
        let target = stake.target_buffer & MAX_STAKE;
        self.stake.write(word::pack_halves(
            target << STAKE_BITS | stake.staked & MAX_STAKE,
            u128::from(stake.slash_until) << 64 | target >> 32,
        ));
    }

    /// The deposit limit.
    pub fn stake_limit(&self) -> Bucket {
        word::bucket(self.stake_limit.read())
    }

    /// Writes the deposit limit.
    pub fn store_stake_limit(&mut self, bucket: &Bucket) {
        self.stake_limit.write(word::pack_bucket(bucket));
    }

    /// Where fee shares go.
    pub fn treasury(&self) -> Address {
        word::address(self.treasury.read())
    }

    /// Names where fee shares go.
    pub fn store_treasury(&mut self, treasury: Address) {
        self.treasury.write(treasury.word());
    }

    /// The fee now and announced, and the seconds of a release.
    #[inline(never)]
    pub fn terms(&self) -> Result<(FeeSchedule, u64), Error> {
        let (fees, release_secs, effective_at) = word::amount(self.terms.read());
        // Two numbers of 16 bits side by side; the casts take one each.
        let fees = FeeSchedule {
            current: FeeBps::new(fees as u16)?,
            next: FeeBps::new((fees >> 16) as u16)?,
            effective_at,
        };
        Ok((fees, release_secs))
    }

    /// Writes the fee now and announced, and the seconds of a release.
    #[inline(never)]
    pub fn store_terms(&mut self, fees: &FeeSchedule, release_secs: u64) {
        let (current, next) = (fees.current.get(), fees.next.get());
        let packed = u128::from(next) << 16 | u128::from(current);
        self.terms
            .write(word::pack_amount(packed, release_secs, fees.effective_at));
    }
}

/// The other contracts, and when the rate changed last.
#[storage]
pub struct Links {
    registry: Slot,
    queue: Slot,
    last_rate: Slot,
}

impl Links {
    /// The validator registry; zero until connected.
    pub fn registry(&self) -> Address {
        word::address(self.registry.read())
    }

    /// The withdrawal queue; zero until connected.
    pub fn queue(&self) -> Address {
        word::address(self.queue.read())
    }

    /// Names the other two contracts.
    pub fn store(&mut self, registry: Address, queue: Address) {
        self.registry.write(registry.word());
        self.queue.write(queue.word());
    }

    /// Number of the last entry in the history of rates, and the time of the last rebase.
    #[inline(never)]
    pub fn last_rate(&self) -> (u64, u64) {
        let [rebased_at, round, ..] = *self.last_rate.read().as_limbs();
        (round, rebased_at)
    }

    /// Writes the number of the last entry in the history of rates, and the time of the last rebase.
    #[inline(never)]
    pub fn store_last_rate(&mut self, round: u64, rebased_at: u64) {
        self.last_rate.write(word::pack_amount(
            u128::from(round) << 64 | u128::from(rebased_at),
            0,
            0,
        ));
    }
}

/// Who holds how many shares.
#[storage]
pub struct Accounts {
    shares: WordMap,
}

impl Accounts {
    /// Shares of an account. They fit 128 bits because all shares together do.
    #[inline(never)]
    pub fn shares(&self, account: Address) -> u128 {
        word::halves(self.shares.get(account.word())).0
    }

    /// Writes the shares of an account.
    #[inline(never)]
    pub fn store_shares(&mut self, account: Address, shares: u128) {
        self.shares.set(account.word(), U256::from(shares));
    }
}

/// The rate as it was, round by round.
#[storage]
pub struct History {
    rounds: WordMap,
}

impl History {
    /// Rate with 27 decimals and time of a round; the time is zero if there is no such round.
    #[inline(never)]
    pub fn get(&self, round: u64) -> (u128, u64) {
        let (rate_e27, timestamp, _) = word::amount(self.rounds.get(round.word()));
        (rate_e27, timestamp)
    }

    /// Writes the rate of the block's time as a round; returns it with 27 decimals.
    #[inline(never)]
    pub fn record(&mut self, round: u64, totals: Totals) -> u128 {
        let rate_e27 = rate::recorded_rate_e27(totals);
        let now = self.vm().block_timestamp();
        self.rounds
            .set(round.word(), word::pack_amount(rate_e27, now, 0));
        rate_e27
    }
}
