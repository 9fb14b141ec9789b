//! Taking what filled requests were paid, in parts.
//!
//! A request that is filled stands for some shares and some wei, and both are its controller's alone.
//! So rounding is at nobody's expense, and the parts that are taken sum to the whole to the wei.

use crate::mul_div::{MathError, Rounding, mul_div, sub};

/// A filled request, or what is left of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Shares that have not been asked for yet.
    pub shares: u128,
    /// Wei that they were filled with; none if a loss had made them worthless.
    pub assets: u128,
}

/// A part of a filled request, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What is paid out.
    pub part: Filled,
    /// What stays.
    pub left: Filled,
}

/// What a part of a filled request is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Shares.
    Shares,
    /// Wei.
    Assets,
}

impl Measure {
    /// How much `filled` is.
    pub const fn of(self, filled: &Filled) -> u128 {
        match self {
            Self::Shares => filled.shares,
            Self::Assets => filled.assets,
        }
    }

    /// Takes `amount` out of `filled`, or all if there is no more.
    ///
    /// - Rounding, errors: those of [`Filled::take_shares`] and [`Filled::take_assets`].
    pub fn take(self, filled: Filled, amount: u128) -> Result<Taken, MathError> {
        match self {
            Self::Shares => filled.take_shares(amount),
            Self::Assets => filled.take_assets(amount),
        }
    }
}

impl Filled {
    /// Takes `shares`, or all if there are no more.
    ///
    /// - Rounding: wei down; the last share takes what that left.
    /// - Errors: [`MathError`], of which none can occur.
    pub fn take_shares(self, shares: u128) -> Result<Taken, MathError> {
        if shares >= self.shares {
            return Ok(self.whole());
        }
        let assets = mul_div(self.assets, shares, self.shares, Rounding::Down)?;
        self.split(Self { shares, assets })
    }

    /// Takes `assets` wei, or all if there are no more.
    ///
    /// - Rounding: shares down, so that wei which are left always have a share that asks for them.
    /// - Errors: [`MathError`], of which none can occur.
    pub fn take_assets(self, assets: u128) -> Result<Taken, MathError> {
        if assets >= self.assets {
            return Ok(self.whole());
        }
        let shares = mul_div(self.shares, assets, self.assets, Rounding::Down)?;
        self.split(Self { shares, assets })
    }

    fn whole(self) -> Taken {
        Taken {
            part: self,
            left: Self::default(),
        }
    }

    fn split(self, part: Self) -> Result<Taken, MathError> {
        let left = Self {
            shares: sub(self.shares, part.shares)?,
            assets: sub(self.assets, part.assets)?,
        };
        Ok(Taken { part, left })
    }
}
