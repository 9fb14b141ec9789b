//! A withdrawal request: its nominal, how it is filled, cancelled and claimed.
//!
//! Shares of a request stay in the pool's ledger, held by the queue, until they are filled:
//! so requests share every loss until then, and no gain, because a payout is capped by the nominal.

use crate::{
    limits::{LimitError, MIN_REQUEST, check_minimum},
    mul_div::{MathError, Rounding, add, mul_div, sub},
    rate::{Totals, assets_for_shares, shares_for_assets, shares_for_withdrawal_up},
};

/// Most requests that one call finalizes.
pub const MAX_FINALIZE: u32 = 100;
/// Smallest part of a request that is filled alone: 0.001 ETH.
///
/// Each part may cost the claimant a wei of rounding; a floor keeps anybody from making many.
pub const MIN_PART: u128 = MIN_REQUEST;

/// A place in the queue. Two storage words, the second with room for a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Shares still locked; zero once the request is finalized.
    pub shares: u128,
    /// Most wei that may still be paid for them.
    pub nominal: u128,
    /// Wei filled and not claimed.
    pub filled: u128,
}

/// All unfilled requests together. One storage word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unfilled {
    /// Sum of their locked shares.
    pub shares: u128,
    /// Sum of their nominals.
    pub nominal: u128,
}

/// A step of the queue that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueError {
    /// The step has no answer.
    Math(MathError),
    /// Too little.
    Limit(LimitError),
    /// The shares are worth less than the owner insisted on.
    BelowMinAssets {
        /// Wei they are worth.
        assets: u128,
        /// Wei demanded.
        min_assets: u128,
    },
    /// A part is not filled yet.
    NotFinalized {
        /// Shares still locked.
        shares: u128,
    },
    /// All is filled already; there is nothing to cancel.
    AlreadyFinalized,
    /// There is nothing to claim.
    NothingToClaim,
}

impl From<MathError> for QueueError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl From<LimitError> for QueueError {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

/// A request that locks `shares`; its nominal is their worth now.
///
/// - Rounding: the nominal down, against the claimant.
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH, [`QueueError::BelowMinAssets`], [`MathError`].
pub fn request_shares(
    totals: Totals,
    shares: u128,
    min_assets: u128,
) -> Result<Request, QueueError> {
    let nominal = assets_for_shares(totals, shares)?;
    check_minimum(nominal, MIN_REQUEST)?;
    if nominal < min_assets {
        return Err(QueueError::BelowMinAssets {
            assets: nominal,
            min_assets,
        });
    }
    Ok(Request {
        shares,
        nominal,
        filled: 0,
    })
}

/// A request for `assets` wei; it locks the shares that are worth at least that.
///
/// - Rounding: the shares up, against the claimant.
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH, [`MathError`].
pub fn request_assets(totals: Totals, assets: u128) -> Result<Request, QueueError> {
    check_minimum(assets, MIN_REQUEST)?;
    Ok(Request {
        shares: shares_for_withdrawal_up(totals, assets)?,
        nominal: assets,
        filled: 0,
    })
}

/// What a request would be paid now: `min(nominal, ⌊shares × rate⌋)`.
///
/// - Errors: [`MathError`].
pub fn owed(request: &Request, totals: Totals) -> Result<u128, MathError> {
    if request.shares == 0 {
        return Ok(0);
    }
    Ok(request
        .nominal
        .min(assets_for_shares(totals, request.shares)?))
}

/// Wei that would fill every request now, or a little more: `min(Σ nominal, worth of Σ shares)`.
///
/// - Rounding: down, but never below the sum of what single requests are owed.
/// - Errors: [`MathError`].
pub fn demand(unfilled: Unfilled, totals: Totals) -> Result<u128, MathError> {
    owed(
        &Request {
            shares: unfilled.shares,
            nominal: unfilled.nominal,
            filled: 0,
        },
        totals,
    )
}

impl Unfilled {
    /// With one more request.
    ///
    /// - Errors: [`MathError::SumOverflow`].
    pub fn with(self, request: &Request) -> Result<Self, MathError> {
        Ok(Self {
            shares: add(self.shares, request.shares)?,
            nominal: add(self.nominal, request.nominal)?,
        })
    }

    /// After a request changed from `before` to `after`.
    ///
    /// - Errors: [`MathError::DifferenceUnderflow`] if `before` was not in it.
    pub fn changed(self, before: &Request, after: &Request) -> Result<Self, MathError> {
        Ok(Self {
            shares: add(sub(self.shares, before.shares)?, after.shares)?,
            nominal: add(sub(self.nominal, before.nominal)?, after.nominal)?,
        })
    }
}

/// A request filled, in whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Wei that move from the pool to the queue.
    pub paid: u128,
    /// Locked shares that are burned, surplus included.
    pub shares_burned: u128,
    /// The request afterwards.
    pub request: Request,
}

/// Fills the head of the queue with at most `free` wei at the rate of `totals`.
///
/// In whole: pays `min(nominal, ⌊shares × rate⌋)` and burns all its shares. What they are worth
/// beyond the nominal is thereby left to the holders: nothing is handed back, the rate never falls.
///
/// In part: pays `free`, and uses up shares and nominal in the same proportion, as if the request
/// had been many small ones. At an unchanged rate parts add up to the whole but for at most
/// `1 + ⌈rate⌉` wei a part, and to the wei once what is left has gained more than that.
///
/// `None` if `free` is less than what is owed and less than [`MIN_PART`]: wait for more.
///
/// - Rounding: shares and nominal used up, against the claimant.
/// - Errors: [`MathError`].
pub fn fill(request: &Request, totals: Totals, free: u128) -> Result<Option<Fill>, MathError> {
    let owed = owed(request, totals)?;
    if owed <= free {
        return Ok(Some(Fill {
            paid: owed,
            shares_burned: request.shares,
            request: Request {
                shares: 0,
                nominal: 0,
                filled: add(request.filled, owed)?,
            },
        }));
    }
    if free < MIN_PART {
        return Ok(None);
    }
    let shares_burned = mul_div(request.shares, free, owed, Rounding::Up)?;
    let shares = sub(request.shares, shares_burned)?;
    let nominal = match shares {
        // Less than a share was missing: the request is over, and waits for nothing.
        0 => 0,
        _ => sub(
            request.nominal,
            mul_div(request.nominal, free, owed, Rounding::Up)?,
        )?,
    };
    Ok(Some(Fill {
        paid: free,
        shares_burned,
        request: Request {
            shares,
            nominal,
            filled: add(request.filled, free)?,
        },
    }))
}

/// One bounded call of finalize: what is left to give, and what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finalization {
    /// The pool's totals after the fills so far.
    pub totals: Totals,
    /// Wei still free.
    pub free: u128,
    /// Wei that moved to the queue.
    pub paid: u128,
    /// Shares burned.
    pub shares_burned: u128,
}

impl Finalization {
    /// The beginning of a call.
    pub const fn new(totals: Totals, free: u128) -> Self {
        Self {
            totals,
            free,
            paid: 0,
            shares_burned: 0,
        }
    }

    /// Fills the next request and remembers it; `None` if it has to wait, and all behind it.
    ///
    /// - Errors: [`MathError`].
    pub fn step(&mut self, request: &Request) -> Result<Option<Fill>, MathError> {
        let Some(fill) = fill(request, self.totals, self.free)? else {
            return Ok(None);
        };
        *self = Self {
            totals: Totals {
                assets: sub(self.totals.assets, fill.paid)?,
                shares: sub(self.totals.shares, fill.shares_burned)?,
            },
            free: sub(self.free, fill.paid)?,
            paid: add(self.paid, fill.paid)?,
            shares_burned: add(self.shares_burned, fill.shares_burned)?,
        };
        Ok(Some(fill))
    }
}

/// A request taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// Shares that go back to the owner.
    pub shares_returned: u128,
    /// Shares that are burned: what the locked ones gained while they waited.
    pub shares_burned: u128,
    /// The request afterwards; what was filled can still be claimed.
    pub request: Request,
}

/// Takes the unfilled part back: `min(locked shares, ⌊nominal at today's rate⌋)`.
///
/// The owner ends with no more than a fill would have paid, so waiting in the queue is no free option.
///
/// - Rounding: down, against the owner.
/// - Errors: [`QueueError::AlreadyFinalized`], [`MathError`].
pub fn cancel(request: &Request, totals: Totals) -> Result<Cancelled, QueueError> {
    if request.shares == 0 {
        return Err(QueueError::AlreadyFinalized);
    }
    let at_todays_rate = match totals.assets {
        // A pool without ETH: any number of shares is worth nothing.
        0 => request.shares,
        _ => match shares_for_assets(totals, request.nominal) {
            Ok(shares) => shares,
            // More shares than there can be: the locked ones are fewer.
            Err(MathError::QuotientOverflow { .. }) => request.shares,
            Err(other) => return Err(other.into()),
        },
    };
    let shares_returned = at_todays_rate.min(request.shares);
    Ok(Cancelled {
        shares_returned,
        shares_burned: sub(request.shares, shares_returned)?,
        request: Request {
            shares: 0,
            nominal: 0,
            filled: request.filled,
        },
    })
}

/// Wei that a claim pays. The request is over afterwards.
///
/// - Errors: [`QueueError::NotFinalized`] while a part is unfilled, [`QueueError::NothingToClaim`].
pub const fn claim(request: &Request) -> Result<u128, QueueError> {
    if request.shares != 0 {
        return Err(QueueError::NotFinalized {
            shares: request.shares,
        });
    }
    match request.filled {
        0 => Err(QueueError::NothingToClaim),
        filled => Ok(filled),
    }
}
