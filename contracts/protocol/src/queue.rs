//! A withdrawal request: what it asks for, what it is owed, and what all requests together want.
//!
//! Shares of a request stay in the pool's ledger, held by the queue, until they are filled:
//! so requests share every loss until then, and no gain, because a payout is capped by the nominal.
//!
//! [`fill`] decides how requests are paid, [`leave`] how they end, [`estimate`] when that will be.

pub mod estimate;
pub mod fill;
pub mod leave;

use crate::{
    limits::{LimitError, MIN_REQUEST, check_minimum},
    mul_div::{MathError, add, sub},
    rate::{Totals, assets_for_shares, shares_for_withdrawal_up},
};

/// Largest nominal of one request: 2⁸⁸ − 1 wei, 309 million ETH, more than there is.
pub const MAX_NOMINAL: u128 = (1 << 88) - 1;
/// Most shares of one request: 2¹⁰⁴ − 1, what its storage word has room for.
///
/// A request of as many is worth the minimum as long as the pool has kept a 2·10⁻¹⁶th of what it
/// was given; whoever holds more shares asks in parts.
pub const MAX_SHARES: u128 = (1 << 104) - 1;

/// A place in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Shares still locked; zero once the request is finalized.
    pub shares: u128,
    /// Most wei that may still be paid for them.
    pub nominal: u128,
    /// Wei that were paid for the others.
    pub filled: u128,
}

/// All unfilled requests together.
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

/// A request that locks `shares`; its nominal is what they are worth now, `worth` wei.
///
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH, [`LimitError::AboveLimit`] over
///   [`MAX_NOMINAL`] or [`MAX_SHARES`], [`QueueError::BelowMinAssets`].
pub fn request_worth(shares: u128, worth: u128, min_assets: u128) -> Result<Request, QueueError> {
    if worth < min_assets {
        return Err(QueueError::BelowMinAssets {
            assets: worth,
            min_assets,
        });
    }
    request(shares, worth)
}

/// A request for `assets` wei, made together with others for `before` wei; it locks the shares that all
/// are worth, less those of the others.
///
/// So requests made together lock what one for their sum would: neither a balance nor an allowance of
/// the sum falls short of it, however many there are.
///
/// - Rounding: the shares of the sum up, against the claimant; those of the second and later may be a
///   share less than their worth.
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH and under a share, [`LimitError::AboveLimit`]
///   over [`MAX_NOMINAL`] or [`MAX_SHARES`], [`MathError`].
pub fn request_assets(totals: Totals, before: u128, assets: u128) -> Result<Request, QueueError> {
    check_minimum(assets, MIN_REQUEST)?;
    let all = shares_for_withdrawal_up(totals, add(before, assets)?)?;
    let others = shares_for_withdrawal_up(totals, before)?;
    let shares = sub(all, others)?;
    if shares == 0 {
        return Err(QueueError::Limit(LimitError::BelowMinimum {
            assets,
            minimum: assets_for_shares(totals, 1)?,
        }));
    }
    request(shares, assets)
}

fn request(shares: u128, nominal: u128) -> Result<Request, QueueError> {
    check_minimum(nominal, MIN_REQUEST)?;
    for (asked, most) in [(nominal, MAX_NOMINAL), (shares, MAX_SHARES)] {
        if asked > most {
            return Err(QueueError::Limit(LimitError::AboveLimit {
                assets: asked,
                available: most,
            }));
        }
    }
    Ok(Request {
        shares,
        nominal,
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
