//! How a request ends: claimed by its owner, or taken back.
//!
//! Both end it for good. Nothing can be taken out of a position that lives on, so whoever buys one
//! gets all of it or, if its seller was faster, nothing for no money.

use crate::{
    mul_div::{MathError, sub},
    queue::{QueueError, Request},
    rate::{Totals, shares_for_assets},
};

/// A request taken back. It is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// Shares that go back to the owner.
    pub shares_returned: u128,
    /// Shares that are burned: what the locked ones gained while they waited.
    pub shares_burned: u128,
    /// Wei that were filled before, and are paid out now.
    pub paid: u128,
}

/// Takes the unfilled part back, as `min(locked shares, ⌊nominal at today's rate⌋)`, and the filled
/// part in ETH.
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
        paid: request.filled,
    })
}

/// Wei that a claim pays; none if a loss had made the shares worthless. The request is over afterwards.
///
/// - Errors: [`QueueError::NotFinalized`] while a part is unfilled.
pub const fn claim(request: &Request) -> Result<u128, QueueError> {
    if request.shares != 0 {
        return Err(QueueError::NotFinalized {
            shares: request.shares,
        });
    }
    Ok(request.filled)
}
