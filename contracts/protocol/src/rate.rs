//! The exchange rate: conversions between ETH and shares, and which way each rounds.
//!
//! Every conversion multiplies first and divides once, against whoever asks.

use core::cmp::Ordering;

use crate::mul_div::{MathError, Rounding, compare_products, mul_div};

/// What all shares together are worth at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// ETH of the holders in wei, with what rewards have released by then.
    pub assets: u128,
    /// All shares, the dead ones and those in the queue included.
    pub shares: u128,
}

/// A conversion or a change of the totals that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// The result does not exist; see the numbers inside.
    Math(MathError),
    /// The amount is too small to buy one share.
    ZeroShares {
        /// Wei offered.
        assets: u128,
    },
    /// Holders would be left with less per share than before.
    RateLowered {
        /// Totals before the step.
        before: Totals,
        /// Totals after the step.
        after: Totals,
    },
}

impl From<MathError> for RateError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

/// Shares minted for a deposit: `⌊assets · shares / total assets⌋`.
///
/// - Units: wei in, shares out.
/// - Rounding: down, in favour of the holders already in.
/// - Errors: [`RateError::ZeroShares`] if not even one share is bought,
///   [`MathError::DivisionByZero`] while the pool has no ETH.
/// - Source: Lido `StETH.getSharesByPooledEth`.
pub fn shares_for_deposit(totals: Totals, assets: u128) -> Result<u128, RateError> {
    match shares_for_assets(totals, assets)? {
        0 => Err(RateError::ZeroShares { assets }),
        shares => Ok(shares),
    }
}

/// Shares that `assets` wei are worth: `⌊assets · shares / total assets⌋`.
///
/// - Rounding: down.
/// - Errors: [`MathError`] only.
pub fn shares_for_assets(totals: Totals, assets: u128) -> Result<u128, MathError> {
    mul_div(assets, totals.shares, totals.assets, Rounding::Down)
}

/// Shares that are worth at least `assets` wei: `⌈assets · shares / total assets⌉`.
///
/// Used to move or lock an amount of ETH. Moving everything always succeeds,
/// because `⌈⌊s·r⌋/r⌉ ≤ s`.
///
/// - Rounding: up; the receiver gets at least what was asked for, the sender pays for it.
/// - Errors: [`MathError`] only.
pub fn shares_for_assets_up(totals: Totals, assets: u128) -> Result<u128, MathError> {
    mul_div(assets, totals.shares, totals.assets, Rounding::Up)
}

/// Shares moved by `transfer(assets)`, see [`shares_for_assets_up`].
pub fn shares_for_transfer(totals: Totals, assets: u128) -> Result<u128, MathError> {
    shares_for_assets_up(totals, assets)
}

/// Shares locked by a withdrawal request for an amount of ETH, see [`shares_for_assets_up`].
pub fn shares_for_withdrawal_up(totals: Totals, assets: u128) -> Result<u128, MathError> {
    shares_for_assets_up(totals, assets)
}

/// ETH that `shares` are worth: `⌊shares · total assets / total shares⌋`.
///
/// - Rounding: down, in favour of the holders who stay.
/// - Errors: [`MathError`] only.
/// - Source: Lido `StETH.getPooledEthByShares`.
pub fn assets_for_shares(totals: Totals, shares: u128) -> Result<u128, MathError> {
    mul_div(shares, totals.assets, totals.shares, Rounding::Down)
}

/// What `getPooledEthBySharesRoundUp` says, and what moving `shares` takes of an ample allowance:
/// `⌈shares · total assets / total shares⌉`.
///
/// - Rounding: up, against the spender; rounding down would let dust move for free below rate 1.
/// - Errors: [`MathError`] only.
pub fn assets_for_shares_up(totals: Totals, shares: u128) -> Result<u128, MathError> {
    mul_div(shares, totals.assets, totals.shares, Rounding::Up)
}

/// What moving `shares` takes of an allowance of `allowance` wei.
///
/// Their worth rounded up; but an allowance that is short by less than the worth of the last share
/// suffices, and nothing of it is left. So an allowance of an amount is enough to move
/// [`shares_for_transfer`] of it, whose worth may be above it by the rounding. No dust moves for free:
/// an empty allowance moves nothing, and what one allowance moves is worth less than it and a share.
///
/// - Errors: [`MathError`] only; an allowance that does not suffice is less than what is returned.
pub fn allowance_for_shares(
    totals: Totals,
    shares: u128,
    allowance: u128,
) -> Result<u128, MathError> {
    let worth = assets_for_shares_up(totals, shares)?;
    let Some(all_but_one) = shares.checked_sub(1) else {
        return Ok(worth);
    };
    if allowance < worth && allowance > assets_for_shares(totals, all_but_one)? {
        return Ok(allowance);
    }
    Ok(worth)
}

/// ETH of a share with 27 decimals, rounded down.
///
/// - Errors: [`MathError`] only.
pub fn rate_e27(totals: Totals) -> Result<u128, MathError> {
    mul_div(
        1_000_000_000_000_000_000_000_000_000,
        totals.assets,
        totals.shares,
        Rounding::Down,
    )
}

/// The rate with 27 decimals for the history of rates, which must never stand in the way of a
/// distribution or a loss: what does not fit 128 bits (340 billion ETH a share) is the largest number
/// that does, and a rate without shares is zero.
pub fn recorded_rate_e27(totals: Totals) -> u128 {
    match rate_e27(totals) {
        Ok(rate) => rate,
        Err(MathError::DivisionByZero { .. }) => 0,
        Err(
            MathError::QuotientOverflow { .. }
            | MathError::SumOverflow { .. }
            | MathError::DifferenceUnderflow { .. }
            | MathError::TooWide { .. },
        ) => u128::MAX,
    }
}

/// Refuses a step after which a share is worth less: demands `E₁ · S₀ ≥ E₀ · S₁`.
///
/// - Errors: [`RateError::RateLowered`] with both totals.
pub fn check_not_lowered(before: Totals, after: Totals) -> Result<(), RateError> {
    match compare_products(after.assets, before.shares, before.assets, after.shares) {
        Ordering::Less => Err(RateError::RateLowered { before, after }),
        Ordering::Equal | Ordering::Greater => Ok(()),
    }
}
