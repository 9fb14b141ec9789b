//! How much, as a part of what there is.

use crate::dice::Dice;

/// An amount that becomes a number where the operation meets a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// 0.
    Nothing,
    /// 1.
    One,
    /// So many thousandths of what there is.
    Thousandths(u64),
    /// What there is.
    All,
    /// More than there is.
    Above,
    /// 2²⁵⁶−1.
    Endless,
}

impl Amount {
    /// Mostly a part; the edges often.
    pub fn draw(dice: &mut Dice) -> Self {
        match dice.below(16) {
            0 => Self::Nothing,
            1 => Self::One,
            2 => Self::Endless,
            3..=5 => Self::Above,
            6..=7 => Self::All,
            _ => Self::Thousandths(dice.below(1_000)),
        }
    }

    /// The number where `available` is there and `margin` more is too much; none for 2²⁵⁶−1.
    pub fn of(self, available: u128, margin: u128) -> Option<u128> {
        Some(match self {
            Self::Nothing => 0,
            Self::One => 1,
            // Divided first: a thousandth more or less does not matter, an overflow would.
            Self::Thousandths(part) => available / 1_000 * u128::from(part),
            Self::All => available,
            Self::Above => available.saturating_add(margin),
            Self::Endless => return None,
        })
    }
}
