//! A validator's bond: what must stay, and how the rest leaves.
//!
//! Bond leaves as slowly as stake does, lest a fault be proven when nothing is there to pay for it.

use crate::{
    mul_div::{MathError, Rounding, add, mul_div, sub},
    registry::{Lane, RegistryError, Status, Validator},
    terms::Terms,
};

/// A part of the bond that wants to leave; all of it once the validator exits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BondExit {
    /// Wei asked for.
    pub amount: u128,
    /// Timestamp from which it may be paid.
    pub available_at: u64,
}

impl Validator {
    /// More bond.
    ///
    /// - Errors: [`RegistryError::ZeroAmount`], [`MathError::SumOverflow`];
    ///   [`RegistryError::ForbiddenTransition`] for a validator that is not there or gone.
    pub fn add_bond(&self, assets: u128) -> Result<Self, RegistryError> {
        if assets == 0 {
            return Err(RegistryError::ZeroAmount);
        }
        if matches!(self.status, Status::Unknown | Status::Exited) {
            return Err(self.forbidden(self.status));
        }
        Ok(Self {
            bond: add(self.bond, assets)?,
            ..*self
        })
    }

    /// Asks for `assets` wei of the bond; they count for nothing from now on, but stay slashable.
    ///
    /// A new request replaces the one before and starts its time again. Who exits has asked for all
    /// of it already.
    ///
    /// - Errors: [`RegistryError::ZeroAmount`], [`RegistryError::ForbiddenTransition`],
    ///   [`RegistryError::BondTooSmall`] if what stays does not cover stake and minimum.
    pub fn request_bond_exit(
        &self,
        assets: u128,
        now: u64,
        terms: &Terms,
    ) -> Result<Self, RegistryError> {
        if assets == 0 {
            return Err(RegistryError::ZeroAmount);
        }
        self.check_staying()?;
        let next = Self {
            bond_exit: BondExit {
                amount: assets,
                available_at: now.saturating_add(terms.bond_exit_secs),
            },
            ..*self
        };
        sub(self.bond, assets)?;
        check_bond(next.staying_bond(), next.required_bond(terms)?)?;
        Ok(next)
    }

    /// Lets the bond that wanted to leave count again.
    ///
    /// - Errors: [`RegistryError::NoBondExit`], [`RegistryError::ForbiddenTransition`].
    pub fn cancel_bond_exit(&self) -> Result<Self, RegistryError> {
        self.check_staying()?;
        if self.bond_exit.amount == 0 {
            return Err(RegistryError::NoBondExit);
        }
        Ok(Self {
            bond_exit: BondExit::default(),
            ..*self
        })
    }

    /// Pays the bond that asked to leave, if what slashes have left beside it still covers stake and
    /// minimum.
    ///
    /// - Errors: [`RegistryError::NoBondExit`], [`RegistryError::BondLocked`],
    ///   [`RegistryError::OpenFaults`], [`RegistryError::BondTooSmall`],
    ///   [`RegistryError::ForbiddenTransition`].
    pub fn claim_bond(&self, now: u64, terms: &Terms) -> Result<(Self, u128), RegistryError> {
        self.check_staying()?;
        let paid = self.bond_exit.amount;
        if paid == 0 {
            return Err(RegistryError::NoBondExit);
        }
        self.check_bond_is_free(now)?;
        check_bond(self.staying_bond(), self.required_bond(terms)?)?;
        let next = Self {
            bond: sub(self.bond, paid)?,
            bond_exit: BondExit::default(),
            ..*self
        };
        Ok((next, paid))
    }

    /// Bond that counts: without the part that wants to leave.
    pub const fn staying_bond(&self) -> u128 {
        self.bond.saturating_sub(self.bond_exit.amount)
    }

    /// Bond that must stay: what covers active and unbonding stake, and the minimum until the exit.
    ///
    /// - Rounding: up.
    /// - Errors: [`MathError`].
    pub fn required_bond(&self, terms: &Terms) -> Result<u128, MathError> {
        let stake = add(self.active, self.unbonding.assets)?;
        let cover = mul_div(stake, 1, u128::from(self.leverage(terms)), Rounding::Up)?;
        Ok(match self.status {
            Status::Exiting | Status::Exited => cover,
            Status::Unknown | Status::Pending | Status::Active | Status::Jailed => {
                cover.max(terms.min_bond)
            }
        })
    }

    /// Stake per bond in the validator's lane, at least one.
    pub const fn leverage(&self, terms: &Terms) -> u16 {
        let leverage = match self.lane {
            Lane::Open => terms.open_leverage,
            Lane::Vetted => terms.leverage,
        };
        if leverage == 0 { 1 } else { leverage }
    }

    /// Whether bond that asked to leave may go: its time has come and no fault is open.
    pub(crate) const fn check_bond_is_free(&self, now: u64) -> Result<(), RegistryError> {
        let available_at = self.bond_exit.available_at;
        if now < available_at {
            return Err(RegistryError::BondLocked { available_at, now });
        }
        self.check_no_faults(now)
    }

    const fn check_staying(&self) -> Result<(), RegistryError> {
        match self.status {
            Status::Pending | Status::Active | Status::Jailed => Ok(()),
            Status::Unknown | Status::Exiting | Status::Exited => Err(self.forbidden(self.status)),
        }
    }
}

pub(crate) const fn check_bond(bond: u128, required: u128) -> Result<(), RegistryError> {
    if bond < required {
        return Err(RegistryError::BondTooSmall { bond, required });
    }
    Ok(())
}
