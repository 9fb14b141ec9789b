//! How requests are paid: from the head, in whole or in part, with what is free.

use crate::{
    limits::MIN_REQUEST,
    mul_div::{MathError, Rounding, add, mul_div, sub},
    queue::{Request, owed},
    rate::{Totals, assets_for_shares},
};

/// Most requests that one call finalizes.
pub const MAX_FINALIZE: u32 = 100;
/// Smallest part of a request that is filled alone: 0.001 ETH.
///
/// Each part may cost the claimant a wei of rounding; a floor keeps anybody from making many.
pub const MIN_PART: u128 = MIN_REQUEST;

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
/// beyond the nominal is left to the holders, over time: see [`crate::pool::redeem`].
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
    /// The pool's totals without the shares that were burned and all they were worth: what is left
    /// behind is not in the rate yet.
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
        let worth = assets_for_shares(self.totals, fill.shares_burned)?;
        *self = Self {
            totals: Totals {
                // Rounding never makes the worth of what is burned less than what is paid.
                assets: sub(self.totals.assets, worth.max(fill.paid))?,
                shares: sub(self.totals.shares, fill.shares_burned)?,
            },
            free: sub(self.free, fill.paid)?,
            paid: add(self.paid, fill.paid)?,
            shares_burned: add(self.shares_burned, fill.shares_burned)?,
        };
        Ok(Some(fill))
    }
}
