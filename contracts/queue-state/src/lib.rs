//! Where the queue's state lies in storage: one layout for its two programs, `withdrawal-queue` and
//! `queue-desk`. Append only: the layout outlives every program.
//!
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`]; in slot 0, beside the pauses, `ends`: last finalized id (40), last id (40), locked wei (88) |
//! | 8 | `unfilled`: 1 once written (1), nominal wei (127), shares (128) |
//! | 9 | `links`: end of the instant lane's suspension (64), – (32), `pool` (160) |
//! | 10 | `head`: nominal wei left (128), shares left (128) of a head that is filled in part |
//! | 11 | `places`: id → closed (8), wei filled (88), owner (160) |
//! | 12 | `asked`: id → position (24), shares (104), timestamp (40), nominal wei (88) |
//! | 13 | `owned`: owner → n → four ids (64 each); in the first place their number |
//! | 14 | `approved`: id → who may move it |
//! | 15 | `operators`: owner → operator → may move all |
//! | 16 | `lane`: refill (32), level (96), updated (32), capacity (96) |
#![no_std]

#[macro_use]
extern crate alloc;

mod error;
mod line;
mod owned;

use alloc::vec::Vec;

use abi::{
    IStakingPool::{self, transferAmountsFromCall},
    IWithdrawalQueue,
};
use alloy_primitives::{Address, B256, U256};
use glue::{
    SolCall,
    access::role,
    administration::Administration,
    calldata, calls, revert,
    revert::{Revert, Word},
    word,
};
use protocol::{
    mul_div::narrow,
    queue::{Request, fill::MAX_FINALIZE},
    rate::Totals,
};
use stylus_sdk::prelude::*;

pub use self::{
    error::Error,
    line::{Asked, Ends, Line, Place},
    owned::{MAX_OWNED, Owned},
};

/// Sets how much may leave at once.
pub const LIMITER_ROLE: B256 = role("LIMITER_ROLE");
/// Suspends the instant lane while a slash is being decided.
pub const GUARDIAN_ROLE: B256 = role("GUARDIAN_ROLE");

/// Pause group: requests.
pub const REQUESTS: u8 = 0;
/// Pause group: finalization. Claims are in no group.
pub const FINALIZATION: u8 = 1;
/// Pause group: leaving at once.
pub const INSTANT: u8 = 2;
/// How many pause groups there are.
pub const GROUPS: u8 = 3;

/// All that the queue stores.
#[storage]
pub struct State {
    /// Programs, roles and pauses.
    pub administration: Administration,
    /// The requests.
    pub line: Line,
}

/// What the queue has to know of the pool.
#[derive(Clone, Copy)]
pub struct Quote {
    /// The two sides of the rate.
    pub totals: Totals,
    /// Wei that may be taken.
    pub free: u128,
    /// Until when a slash may be pending that has to be judged.
    pub slash_until: u64,
}

impl Quote {
    /// Whether a slash may be pending at `now`.
    pub const fn is_slash_pending(&self, now: u64) -> bool {
        now < self.slash_until
    }
}

impl State {
    /// The position of a request that was made.
    ///
    /// - Errors: `RequestNotFound`.
    #[inline(never)]
    pub fn known(&self, id: U256) -> Result<Place, Error> {
        let place = self.line.place(id);
        if place.owner.is_zero() {
            return Err(revert!(IWithdrawalQueue::RequestNotFound { requestId: id }).into());
        }
        Ok(place)
    }

    /// A position that is not over, and what is left of its request.
    ///
    /// - Errors: `RequestNotFound`, `RequestAlreadyClaimed`.
    #[inline(never)]
    pub fn open(&self, id: U256) -> Result<(Place, Request), Error> {
        let place = self.known(id)?;
        if place.closed {
            return Err(revert!(IWithdrawalQueue::RequestAlreadyClaimed { requestId: id }).into());
        }
        Ok((place, self.line.request(id, &place)))
    }

    /// The position of a token that exists.
    ///
    /// - Errors: `ERC721NonexistentToken`.
    #[inline(never)]
    pub fn token(&self, id: U256) -> Result<Place, Error> {
        let place = self.line.place(id);
        if place.closed || place.owner.is_zero() {
            return Err(revert!(IWithdrawalQueue::ERC721NonexistentToken { tokenId: id }).into());
        }
        Ok(place)
    }

    /// What the pool says of itself.
    ///
    /// - Errors: the pool's own.
    #[inline(never)]
    pub fn quote(&self) -> Result<Quote, Error> {
        let [free, assets, shares, slash_until] = calls::view(
            self.vm(),
            self.line.pool(),
            &calldata!(IStakingPool::withdrawalQuoteCall {}),
        )?;
        let totals = Totals {
            assets: narrow(assets)?,
            shares: narrow(shares)?,
        };
        Ok(Quote {
            totals,
            free: narrow(free)?,
            slash_until: word::low_64(slash_until),
        })
    }

    /// Moves here the shares that are worth at least the sum of `amounts`, rounded up once, by the
    /// allowance that `from` gave. Returns the two sides of the rate at which they were converted.
    ///
    /// - Errors: the pool's own.
    pub fn take_amounts(&mut self, from: Address, amounts: &[U256]) -> Result<Totals, Error> {
        let here = self.vm().contract_address();
        // The list begins behind the three words of the arguments.
        let mut words = vec![
            from.word(),
            here.word(),
            U256::from(96),
            U256::from(amounts.len()),
        ];
        words.extend_from_slice(amounts);
        let call = Revert::encode(transferAmountsFromCall::SELECTOR, &words).into_data();
        let [assets, shares] = calls::call(self.vm(), self.line.pool(), U256::ZERO, &call)?;
        Ok(Totals {
            assets: narrow(assets)?,
            shares: narrow(shares)?,
        })
    }

    /// Moves shares of `from` here, by the allowance it gave. Returns what they are worth.
    ///
    /// - Errors: the pool's own.
    #[inline(never)]
    pub fn take_shares(&mut self, from: Address, shares: U256) -> Result<U256, Error> {
        let [worth] = calls::call(
            self.vm(),
            self.line.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::transferSharesFromCall {
                from,
                to: self.vm().contract_address(),
                shares,
            }),
        )?;
        Ok(worth)
    }

    /// Burns shares that are here for `assets` wei of the pool.
    ///
    /// - Errors: the pool's own.
    #[inline(never)]
    pub fn burn_shares(&mut self, shares: U256, assets: U256) -> Result<(), Error> {
        let [] = calls::call(
            self.vm(),
            self.line.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::fillWithdrawalsCall { shares, assets }),
        )?;
        Ok(())
    }
}

/// Refuses more ids than one call may touch.
///
/// - Errors: `TooManyRequests`.
pub fn check_length(count: usize) -> Result<(), Error> {
    let maximum = U256::from(MAX_FINALIZE);
    let count = U256::from(count);
    if count > maximum {
        return Err(revert!(IWithdrawalQueue::TooManyRequests { count, maximum }).into());
    }
    Ok(())
}
