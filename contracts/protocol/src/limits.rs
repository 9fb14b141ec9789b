//! Minimum amounts, and the deposit limit that refills with time.

use crate::mul_div::{MathError, Rounding, mul_div};

/// Smallest deposit: 0.001 ETH.
pub const MIN_DEPOSIT: u128 = 1_000_000_000_000_000;
/// Smallest withdrawal request: 0.001 ETH.
pub const MIN_REQUEST: u128 = 1_000_000_000_000_000;
/// Smallest first deposit, minted to a dead address: 10^12 wei for as many shares.
pub const MIN_BOOTSTRAP: u128 = 1_000_000_000_000;

/// Shortest time in which the deposit limit refills: a minute. Without one it would limit nothing.
pub const MIN_REFILL_SECS: u32 = 60;
/// Longest time in which a limit refills: 30 days.
pub const MAX_REFILL_SECS: u32 = 30 * 86_400;

/// An amount outside its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// Too little.
    BelowMinimum {
        /// Wei offered.
        assets: u128,
        /// Wei needed.
        minimum: u128,
    },
    /// More than may be deposited at this moment.
    AboveLimit {
        /// Wei offered.
        assets: u128,
        /// Wei allowed.
        available: u128,
    },
    /// The step has no answer.
    Math(MathError),
}

impl From<MathError> for LimitError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

/// Refuses less than `minimum` wei.
///
/// - Errors: [`LimitError::BelowMinimum`].
pub const fn check_minimum(assets: u128, minimum: u128) -> Result<(), LimitError> {
    if assets < minimum {
        return Err(LimitError::BelowMinimum { assets, minimum });
    }
    Ok(())
}

/// A bucket that deposits empty and time refills.
///
/// One storage word: `capacity` and `level` as 96 bits, the two times as 32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Wei when full; zero means that there is no limit.
    pub capacity: u128,
    /// Wei left at `updated_at`.
    pub level: u128,
    /// Seconds from empty to full; zero refills at once.
    pub refill_secs: u32,
    /// Timestamp of `level`.
    pub updated_at: u32,
}

impl Bucket {
    /// A full one.
    pub const fn full(capacity: u128, refill_secs: u32) -> Self {
        Self {
            capacity,
            level: capacity,
            refill_secs,
            updated_at: 0,
        }
    }

    /// Wei that may be deposited at `now`; `u128::MAX` without a limit.
    ///
    /// - Rounding: the refill down.
    /// - Errors: none in fact; the refill is at most `capacity`.
    pub fn available(&self, now: u64) -> Result<u128, MathError> {
        if self.capacity == 0 {
            return Ok(u128::MAX);
        }
        let elapsed = now.saturating_sub(u64::from(self.updated_at));
        if elapsed >= u64::from(self.refill_secs) {
            return Ok(self.capacity);
        }
        let refill = mul_div(
            self.capacity,
            u128::from(elapsed),
            u128::from(self.refill_secs),
            Rounding::Down,
        )?;
        Ok(self.level.saturating_add(refill).min(self.capacity))
    }

    /// The bucket after a deposit of `assets` at `now`.
    ///
    /// - Errors: [`LimitError::AboveLimit`].
    pub fn take(&self, assets: u128, now: u64) -> Result<Self, LimitError> {
        if self.capacity == 0 {
            return Ok(*self);
        }
        let available = self.available(now)?;
        let Some(level) = available.checked_sub(assets) else {
            return Err(LimitError::AboveLimit { assets, available });
        };
        Ok(Self {
            level,
            // 32 bits of seconds last until 2106; from then on the bucket is simply full.
            updated_at: u32::try_from(now).unwrap_or(u32::MAX),
            ..*self
        })
    }
}
