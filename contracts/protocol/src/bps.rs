//! Parts of a whole in basis points.

use crate::mul_div::{MathError, Rounding, mul_div};

/// Ten thousand basis points are the whole.
pub const WHOLE: u16 = 10_000;

/// `⌊amount · bps / 10000⌋`.
///
/// - Errors: [`MathError::QuotientOverflow`] only for more than 10,000 basis points.
pub fn portion(amount: u128, bps: u16) -> Result<u128, MathError> {
    mul_div(amount, u128::from(bps), u128::from(WHOLE), Rounding::Down)
}
