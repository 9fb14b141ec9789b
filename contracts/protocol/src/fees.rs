//! The protocol's part of a reward and the shares it buys.

use crate::{
    bps::portion,
    mul_div::{MathError, sub},
    rate::{Totals, shares_for_assets},
};

/// Highest fee that can be set: 20 %.
pub const MAX_FEE_BPS: u16 = 2_000;

/// A fee that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeError {
    /// The fee exceeds its bound in code.
    AboveMaximum {
        /// Basis points asked for.
        fee_bps: u16,
        /// Basis points allowed.
        maximum_bps: u16,
    },
}

/// A fee in basis points, at most [`MAX_FEE_BPS`] by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeBps(u16);

impl FeeBps {
    /// Checks a fee once, at the border.
    ///
    /// - Errors: [`FeeError::AboveMaximum`].
    pub const fn new(fee_bps: u16) -> Result<Self, FeeError> {
        if fee_bps > MAX_FEE_BPS {
            return Err(FeeError::AboveMaximum {
                fee_bps,
                maximum_bps: MAX_FEE_BPS,
            });
        }
        Ok(Self(fee_bps))
    }

    /// The basis points.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// The fee, and the one that has been announced to follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeSchedule {
    /// Fee before `effective_at`.
    pub current: FeeBps,
    /// Fee from then on.
    pub next: FeeBps,
    /// Timestamp of the change.
    pub effective_at: u64,
}

impl FeeSchedule {
    /// A fee that nothing is announced about.
    pub const fn fixed(fee: FeeBps) -> Self {
        Self {
            current: fee,
            next: fee,
            effective_at: 0,
        }
    }

    /// The fee at `now`.
    pub const fn at(&self, now: u64) -> FeeBps {
        if now < self.effective_at {
            return self.current;
        }
        self.next
    }

    /// The schedule after `next` was announced at `now`, to take effect `notice_secs` later.
    ///
    /// It replaces an announcement that has not taken effect, and its notice begins anew; announcing
    /// the fee of `now` is how a change is called off.
    pub const fn announced(&self, next: FeeBps, now: u64, notice_secs: u64) -> Self {
        Self {
            current: self.at(now),
            next,
            effective_at: now.saturating_add(notice_secs),
        }
    }
}

/// A reward taken apart. `fee + net` is the reward, to the wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeSplit {
    /// Wei that enter the pool at once, against `fee_shares`.
    pub fee: u128,
    /// Shares minted to the treasury.
    pub fee_shares: u128,
    /// Wei to be released to the holders.
    pub net: u128,
}

/// Splits a reward: `fee = ⌊reward · bps / 10000⌋`, `fee_shares = ⌊fee · shares / assets⌋`.
///
/// The fee's ETH and its shares enter together, so the rate does not move (it may rise by rounding).
///
/// - Rounding: both down, in favour of the holders.
/// - Errors: [`MathError::DivisionByZero`] while the pool has no ETH and a fee is due.
/// - Source: the algebra of Lido `Accounting`, Liquid Collective `_onEarnings`.
pub fn split(totals: Totals, reward: u128, fee: FeeBps) -> Result<FeeSplit, MathError> {
    let fee = portion(reward, fee.get())?;
    let fee_shares = match fee {
        0 => 0,
        fee => shares_for_assets(totals, fee)?,
    };
    Ok(FeeSplit {
        fee,
        fee_shares,
        net: sub(reward, fee)?,
    })
}
