//! How much of a reward has been released by a moment, and how long a release takes.
//!
//! Released ETH belongs to the holders; what is unreleased belongs to nobody yet.

use crate::mul_div::{MathError, Rounding, add, mul_div, sub};

/// Seconds in a day.
pub const DAY_SECS: u64 = 86_400;
/// Most that a day of releases may add to the pool, in billionths of it: 0.075 %.
pub const DAILY_CAP_E9: u32 = 750_000;
/// Shortest release: a minute, so that a test chain need not wait.
pub const MIN_RELEASE_SECS: u64 = 60;
/// Longest release, unless the daily cap stretches it: 30 days.
pub const MAX_RELEASE_SECS: u64 = 30 * DAY_SECS;

/// A linear release that is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drip {
    /// Wei that the release hands out between `start` and `end`.
    pub amount: u128,
    /// Timestamp at which nothing of `amount` is released yet.
    pub start: u64,
    /// Timestamp from which all of it is.
    pub end: u64,
}

impl Drip {
    /// Wei released by `now`: `⌊amount · (now − start) / (end − start)⌋`, never falling with time.
    ///
    /// - Rounding: down; the last wei comes at `end`.
    /// - Errors: none in fact (the quotient is below `amount`); the type is that of the division.
    pub fn released(&self, now: u64) -> Result<u128, MathError> {
        if now >= self.end {
            return Ok(self.amount);
        }
        // `now < end`; before `start` nothing has elapsed.
        let elapsed = now.saturating_sub(self.start);
        if elapsed == 0 {
            return Ok(0);
        }
        let duration = self.end.saturating_sub(self.start);
        mul_div(
            self.amount,
            u128::from(elapsed),
            u128::from(duration),
            Rounding::Down,
        )
    }

    /// Wei still to come after `now`.
    ///
    /// - Errors: none in fact, see [`Self::released`].
    pub fn unreleased(&self, now: u64) -> Result<u128, MathError> {
        sub(self.amount, self.released(now)?)
    }

    /// The release that follows when `added` wei join what is unreleased at `now`.
    ///
    /// It lasts `epoch_secs`, or longer if it would otherwise add more than `daily_cap_e9`
    /// billionths of `pooled`, as it stands at `now`, in a day. Nothing is discarded; a release
    /// that the cap stretches beyond all time ends at `u64::MAX`.
    ///
    /// - Units: wei, seconds; `pooled` is what the holders own at `now`.
    /// - Rounding: the duration up, so the cap is never exceeded, but by a release that ends at
    ///   `u64::MAX`: some 4,700 wei a day of each ETH.
    /// - Errors: [`MathError::SumOverflow`].
    pub fn extended(
        &self,
        now: u64,
        added: u128,
        pooled: u128,
        epoch_secs: u64,
        daily_cap_e9: u32,
    ) -> Result<Self, MathError> {
        let amount = add(self.unreleased(now)?, added)?;
        let duration = epoch_secs.max(capped_duration(amount, pooled, daily_cap_e9)?);
        Ok(Self {
            amount,
            start: now,
            end: now.saturating_add(duration),
        })
    }

    /// The release when `added` wei join it at `now` that the holders had without a reward, and the
    /// pool is worth `pooled` from now on; `None` if it goes on as it is.
    ///
    /// It ends when it would have, or later where it would otherwise add more than `daily_cap_e9`
    /// billionths of `pooled` in a day. So neither what joins nor a pool that shrinks makes the
    /// rate rise faster than it may. Unlike [`Self::extended`] it does not begin an epoch anew:
    /// anybody can cause it, and must not be able to put it off for ever.
    ///
    /// - Units, rounding, errors: as [`Self::extended`].
    pub fn joined(
        &self,
        now: u64,
        added: u128,
        pooled: u128,
        daily_cap_e9: u32,
    ) -> Result<Option<Self>, MathError> {
        let amount = add(self.unreleased(now)?, added)?;
        if amount == 0 {
            return Ok(None);
        }
        let duration = capped_duration(amount, pooled, daily_cap_e9)?;
        let end = self.end.max(now.saturating_add(duration));
        let changes = added != 0 || end != self.end;
        Ok(changes.then_some(Self {
            amount,
            start: now,
            end,
        }))
    }

    /// The release that is left at `now` after a loss has eaten `eaten` wei of it.
    ///
    /// It keeps its end, so the rest comes more slowly, not later. An empty release is all zero.
    ///
    /// - Errors: [`MathError::DifferenceUnderflow`] if less than `eaten` is unreleased.
    pub fn reduced(&self, now: u64, eaten: u128) -> Result<Self, MathError> {
        let amount = sub(self.unreleased(now)?, eaten)?;
        if amount == 0 {
            return Ok(Self::default());
        }
        // Something is unreleased, so `now < end`.
        Ok(Self {
            amount,
            start: now.max(self.start),
            end: self.end,
        })
    }
}

/// Seconds that `amount` takes at the fastest pace the cap allows; `u64::MAX` if it allows none.
fn capped_duration(amount: u128, pooled: u128, daily_cap_e9: u32) -> Result<u64, MathError> {
    let per_day = mul_div(
        pooled,
        u128::from(daily_cap_e9),
        1_000_000_000,
        Rounding::Down,
    )?;
    let duration = match mul_div(amount, u128::from(DAY_SECS), per_day, Rounding::Up) {
        Ok(duration) => duration,
        // No release, or one slower than 128 bits of seconds.
        Err(MathError::DivisionByZero { .. } | MathError::QuotientOverflow { .. }) => u128::MAX,
        Err(other) => return Err(other),
    };
    Ok(u64::try_from(duration).unwrap_or(u64::MAX))
}
