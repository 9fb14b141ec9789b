//! When a request will be filled, as far as the chain can know.

use crate::{
    mul_div::{MathError, add},
    queue::{Request, Unfilled, demand, owed},
    rate::Totals,
};

/// What the owner of a request may expect if the rate stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Wei that are filled before this request: what the places ahead of it are owed now.
    pub ahead: u128,
    /// Wei that the request was paid and would be paid now, together.
    pub payout: u128,
    /// Wei that must become free before all that is ahead and the request itself can be filled.
    pub missing: u128,
}

/// Stake on its way back to the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returning {
    /// Wei.
    pub assets: u128,
    /// Timestamp from which it can be taken back.
    pub matures_at: u64,
}

/// When `missing` more wei can be free at the latest, if everything that can be done is done at once.
///
/// What is on its way comes back in the order of the line, `returning` being its beginning. What that
/// does not cover is called back now, or was before: it is here an unbonding period from now.
///
/// - Units: seconds; `now` if nothing is missing.
pub fn eta(
    missing: u128,
    returning: impl IntoIterator<Item = Returning>,
    now: u64,
    unbonding_secs: u64,
) -> u64 {
    if missing == 0 {
        return now;
    }
    let mut left = missing;
    for Returning { assets, matures_at } in returning {
        // Saturating is what is meant: more than enough is enough.
        left = left.saturating_sub(assets);
        if left == 0 {
            return matures_at.max(now);
        }
    }
    now.saturating_add(unbonding_secs)
}

/// What request `request` may expect behind the requests of `ahead`, with `free` wei to fill from.
///
/// - Rounding: up for `ahead`, down for the payout.
/// - Errors: [`MathError`].
pub fn estimate(
    request: &Request,
    ahead: Unfilled,
    totals: Totals,
    free: u128,
) -> Result<Estimate, MathError> {
    let owed = owed(request, totals)?;
    let ahead = demand(ahead, totals)?;
    Ok(Estimate {
        ahead,
        payout: add(request.filled, owed)?,
        // Saturating is what is meant: what is left over is missing nowhere.
        missing: match request.shares {
            0 => 0,
            _ => add(ahead, owed)?.saturating_sub(free),
        },
    })
}
