//! What a price feed may say: the recorded rate, up to a bound that only time raises.

use crate::{
    drip::{DAILY_CAP_E9, DAY_SECS},
    mul_div::{MathError, Rounding, mul_div},
};

/// A recorded rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// ETH of a share, 27 decimals.
    pub rate_e27: u128,
    /// Timestamp.
    pub at: u64,
}

impl Round {
    /// The rate of `round` with 18 decimals, at most what this one, growing 0.075 % of itself a day,
    /// has become by then.
    ///
    /// - Rounding: down.
    /// - Errors: none in fact before the bound exceeds 128 bits; then there is no bound.
    pub fn capped_e18(&self, round: &Self) -> Result<u128, MathError> {
        let elapsed = round.at.saturating_sub(self.at);
        let growth = match mul_div(
            self.rate_e27,
            u128::from(DAILY_CAP_E9).saturating_mul(u128::from(elapsed)),
            u128::from(DAY_SECS).saturating_mul(1_000_000_000),
            Rounding::Down,
        ) {
            Err(MathError::QuotientOverflow { .. }) => u128::MAX,
            other => other?,
        };
        let rate_e27 = round.rate_e27.min(self.rate_e27.saturating_add(growth));
        // The divisor is not zero.
        Ok(rate_e27.checked_div(1_000_000_000).unwrap_or_default())
    }
}
