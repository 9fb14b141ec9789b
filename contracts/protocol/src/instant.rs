//! Leaving at once, past the queue: what may be taken, and what it costs.
//!
//! Only ETH above what the queue is owed is given out, so nobody in the queue waits longer for it.
//! The fee is not paid to anybody: shares are burned for less than they are worth, and the
//! difference stays with the holders.

use crate::{
    bps,
    limits::{LimitError, MIN_REQUEST, check_minimum},
    mul_div::{MathError, Rounding, add, mul, mul_div, sub},
    queue::QueueError,
    rate::{Totals, assets_for_shares},
};

/// Fee while the buffer is full: 0.1 %.
///
/// More than the 0.075 % by which the rate rises in a day at most, so that nobody gains by
/// depositing for a day and leaving at once.
pub const MIN_LANE_FEE_BPS: u128 = 10;
/// Fee of the last wei in the buffer: 2 %.
pub const MAX_LANE_FEE_BPS: u128 = 200;
/// A buffer of this part of the pool is full: 10 %, or a ninth of the rest of it.
pub const FULL_BUFFER_BPS: u128 = 1_000;
/// Shortest time in which the lane's limit refills: an hour.
pub const MIN_LANE_REFILL_SECS: u32 = 3_600;

/// Shares paid out at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Wei that the shares are worth.
    pub worth: u128,
    /// Wei of it that stay with the holders.
    pub fee: u128,
    /// Wei that are paid.
    pub paid: u128,
}

/// Pays `shares` out at once, from the `free` wei of the pool less the `demand` of the queue.
///
/// - Rounding: worth down, fee up, against whoever leaves.
/// - Errors: [`LimitError::BelowMinimum`] under 0.001 ETH, [`LimitError::AboveLimit`] above what is
///   free, [`QueueError::BelowMinAssets`], [`MathError`].
pub fn withdraw(
    totals: Totals,
    shares: u128,
    free: u128,
    demand: u128,
    min_assets: u128,
) -> Result<Instant, QueueError> {
    let worth = assets_for_shares(totals, shares)?;
    check_minimum(worth, MIN_REQUEST)?;
    // Saturating is what is meant: a queue that is owed more than is free leaves nothing.
    let buffer = free.saturating_sub(demand);
    if worth > buffer {
        return Err(QueueError::Limit(LimitError::AboveLimit {
            assets: worth,
            available: buffer,
        }));
    }
    let fee = fee(worth, buffer, sub(totals.assets, buffer)?)?;
    let paid = sub(worth, fee)?;
    if paid < min_assets {
        return Err(QueueError::BelowMinAssets {
            assets: paid,
            min_assets,
        });
    }
    Ok(Instant { worth, fee, paid })
}

/// The fee for taking `worth` wei out of a buffer of `buffer` wei, beside which the pool has `rest` wei.
///
/// Each wei costs what the level costs at which it lies: [`MIN_LANE_FEE_BPS`] above a full buffer,
/// and from there in a straight line to [`MAX_LANE_FEE_BPS`] at the bottom. What is full is measured
/// by the rest, which leaving does not change. So one large withdrawal pays what many small ones
/// would.
///
/// - Rounding: up.
/// - Errors: [`MathError`]; `DifferenceUnderflow` if `worth` exceeds `buffer`.
pub fn fee(worth: u128, buffer: u128, rest: u128) -> Result<u128, MathError> {
    let whole = u128::from(bps::WHOLE);
    let rest_bps = sub(whole, FULL_BUFFER_BPS)?;
    let full = mul_div(rest, FULL_BUFFER_BPS, rest_bps, Rounding::Up)?;
    let low_before = buffer.min(full);
    let low_after = sub(buffer, worth)?.min(full);
    let below = sub(low_before, low_after)?;
    let above = sub(worth, below)?;
    let flat = mul_div(above, MIN_LANE_FEE_BPS, whole, Rounding::Up)?;
    if below == 0 {
        return Ok(flat);
    }
    // The mean fee between the two levels is `MAX − (MAX − MIN) · (before + after) / 2·full`.
    let twice_full = add(full, full)?;
    let slope = sub(MAX_LANE_FEE_BPS, MIN_LANE_FEE_BPS)?;
    let discount = mul(add(low_before, low_after)?, slope)?;
    let mean = sub(mul(twice_full, MAX_LANE_FEE_BPS)?, discount)?;
    let sloped = mul_div(below, mean, mul(twice_full, whole)?, Rounding::Up)?;
    add(flat, sloped)
}
