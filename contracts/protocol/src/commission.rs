//! A validator's commission: what it takes of the pay, and how it may change.
//!
//! A change is announced one epoch ahead, so whoever gives the validator stake can take it back first.

use crate::{bps, terms::Terms};

/// A commission cannot exceed all of the pay.
pub const MAX_COMMISSION_BPS: u16 = bps::WHOLE;
/// Most that one announcement may add: 5 % of the pay. Lowering is not bounded.
pub const MAX_RAISE_BPS: u16 = 500;

/// A commission and what was announced for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Commission {
    /// Basis points before `from`.
    pub current_bps: u16,
    /// Basis points as of `from`.
    pub next_bps: u16,
    /// Timestamp from which `next_bps` is charged.
    pub from: u64,
}

/// A commission that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommissionError {
    /// More than [`MAX_COMMISSION_BPS`].
    AboveMaximum {
        /// Basis points asked for.
        commission_bps: u16,
    },
    /// A rise by more than [`MAX_RAISE_BPS`].
    RaiseTooLarge {
        /// Basis points now.
        current_bps: u16,
        /// Basis points asked for.
        next_bps: u16,
    },
}

impl Commission {
    /// The commission that a validator registers with; it may be any.
    ///
    /// - Errors: [`CommissionError::AboveMaximum`].
    pub const fn registered(commission_bps: u16) -> Result<Self, CommissionError> {
        if commission_bps > MAX_COMMISSION_BPS {
            return Err(CommissionError::AboveMaximum { commission_bps });
        }
        Ok(Self {
            current_bps: commission_bps,
            next_bps: commission_bps,
            from: 0,
        })
    }

    /// Basis points charged at `now`.
    pub const fn at(&self, now: u64) -> u16 {
        if now < self.from {
            self.current_bps
        } else {
            self.next_bps
        }
    }

    /// Announces `next_bps`, to be charged after the notice; replaces what was announced before.
    ///
    /// - Errors: [`CommissionError`].
    pub const fn announced(
        &self,
        next_bps: u16,
        now: u64,
        terms: &Terms,
    ) -> Result<Self, CommissionError> {
        let current_bps = self.at(now);
        if next_bps > MAX_COMMISSION_BPS {
            return Err(CommissionError::AboveMaximum {
                commission_bps: next_bps,
            });
        }
        if next_bps.saturating_sub(current_bps) > MAX_RAISE_BPS {
            return Err(CommissionError::RaiseTooLarge {
                current_bps,
                next_bps,
            });
        }
        Ok(Self {
            current_bps,
            next_bps,
            from: now.saturating_add(terms.notice_secs),
        })
    }
}
