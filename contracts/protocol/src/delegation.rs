//! Capacity, delegated and unbonding stake of one validator.

use crate::{
    bps::portion,
    mul_div::{MathError, Rounding, add, mul_div, sub},
    registry::{Status, Unbonding, Validator},
    terms::Terms,
};

/// Most shares per wei of unbonding stake with which a validator is given more: 2²⁰.
///
/// A slash that leaves next to nothing makes entries worth next to nothing. Stake undelegated after it
/// buys shares at that price: beyond 128 bits of them, none could leave.
const MAX_DILUTION: u128 = 1 << 20;

/// One undelegation on its way back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnbondingEntry {
    /// Part of the validator's [`Unbonding`].
    pub shares: u128,
    /// Timestamp from which the ETH may go back to the pool.
    pub matures_at: u64,
}

/// A step of a validator's stake that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelegationError {
    /// The step has no answer.
    Math(MathError),
    /// Nothing to do.
    ZeroAmount,
    /// The stake would exceed the validator's capacity.
    AboveCapacity {
        /// Delegated wei after the step.
        active: u128,
        /// Wei it may hold.
        capacity: u128,
    },
    /// More stake than the validator holds.
    AboveStake {
        /// Wei asked for.
        assets: u128,
        /// Wei delegated.
        active: u128,
    },
    /// The entry matures later.
    NotMatured {
        /// Timestamp of maturity.
        matures_at: u64,
        /// The time now.
        now: u64,
    },
}

impl From<MathError> for DelegationError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

/// Stake that a validator may hold: min(bond × leverage − unbonding, its target, its part of the pool).
///
/// Zero unless Active with the minimum bond, and zero while a slash has left unbonding entries worth
/// less than a wei per 2²⁰ shares: new stake that is undelegated would have to be counted in their
/// shares. Unbonding stake is slashable too, so it uses up bond. With a fault open at `now` it is no
/// more than what is delegated: nobody is given stake who may be about to lose it.
/// The figure may fall below what is delegated; it binds increases only.
///
/// - Units: wei; `pool_assets` is the pool's total; `now` a timestamp.
/// - Rounding: down.
/// - Errors: [`MathError`].
pub fn capacity(
    validator: &Validator,
    pool_assets: u128,
    terms: &Terms,
    now: u64,
) -> Result<u128, MathError> {
    let Unbonding { assets, shares } = validator.unbonding;
    // Saturating is exact: shares are 128 bits.
    let worthless = assets.saturating_mul(MAX_DILUTION) < shares;
    let bonded = validator.staying_bond() >= terms.min_bond;
    if validator.status != Status::Active || !bonded || worthless {
        return Ok(0);
    }
    // Saturating is exact here: the result is the smallest of several numbers.
    let by_bond = validator
        .staying_bond()
        .saturating_mul(u128::from(validator.leverage(terms)))
        .saturating_sub(validator.unbonding.assets);
    let by_pool = portion(pool_assets, terms.pool_share_bps)?;
    let by_target = validator.target.unwrap_or(u128::MAX);
    let by_court = match validator.faults.open_at(now) {
        0 => u128::MAX,
        _ => validator.active,
    };
    Ok(by_bond.min(by_pool).min(by_target).min(by_court))
}

/// Gives `assets` wei of stake at `now`.
///
/// - Errors: [`DelegationError::ZeroAmount`], [`DelegationError::AboveCapacity`], [`MathError`].
pub fn delegate(
    validator: &Validator,
    assets: u128,
    pool_assets: u128,
    terms: &Terms,
    now: u64,
) -> Result<Validator, DelegationError> {
    if assets == 0 {
        return Err(DelegationError::ZeroAmount);
    }
    let active = add(validator.active, assets)?;
    let capacity = capacity(validator, pool_assets, terms, now)?;
    if active > capacity {
        return Err(DelegationError::AboveCapacity { active, capacity });
    }
    Ok(Validator {
        active,
        ..*validator
    })
}

/// Sends `assets` wei of stake on their way back, in any state.
///
/// - Rounding: shares down; what that leaves over belongs to the earlier entries of the same validator,
///   and through them to the pool.
/// - Errors: [`DelegationError::ZeroAmount`], [`DelegationError::AboveStake`], [`MathError`].
pub fn undelegate(
    validator: &Validator,
    assets: u128,
    now: u64,
    terms: &Terms,
) -> Result<(Validator, UnbondingEntry), DelegationError> {
    if assets == 0 {
        return Err(DelegationError::ZeroAmount);
    }
    let Some(active) = validator.active.checked_sub(assets) else {
        return Err(DelegationError::AboveStake {
            assets,
            active: validator.active,
        });
    };
    let Unbonding {
        assets: held,
        shares: total,
    } = validator.unbonding;
    // `held` is zero while `total` is not only after a slash of all stake; `capacity` is zero from then
    // until the last entry is gone, so there is nothing to undelegate. Otherwise `held ≤ total`
    // (a slash lowers `held` alone, a release rounds down), hence at least one share a wei.
    // The quotient fits: stake is given only at up to 2²⁰ shares a wei, and a slash cuts `held` no
    // more than the stake that is left to undelegate.
    let shares = if held == 0 {
        assets
    } else {
        mul_div(assets, total, held, Rounding::Down)?
    };
    let next = Validator {
        active,
        unbonding: Unbonding {
            assets: add(held, assets)?,
            shares: add(total, shares)?,
        },
        ..*validator
    };
    let entry = UnbondingEntry {
        shares,
        matures_at: now.saturating_add(terms.unbonding_secs),
    };
    Ok((next, entry))
}

/// ETH that an entry is worth now: `⌊shares · assets / total shares⌋`; the last entry takes the rest.
///
/// - Rounding: down.
/// - Errors: [`MathError`].
pub fn entry_assets(unbonding: &Unbonding, shares: u128) -> Result<u128, MathError> {
    if shares == unbonding.shares {
        return Ok(unbonding.assets);
    }
    mul_div(shares, unbonding.assets, unbonding.shares, Rounding::Down)
}

/// Releases a matured entry; returns the validator afterwards and the wei that go back to the pool.
///
/// - Errors: [`DelegationError::NotMatured`], [`MathError`].
pub fn release(
    validator: &Validator,
    entry: &UnbondingEntry,
    now: u64,
) -> Result<(Validator, u128), DelegationError> {
    if now < entry.matures_at {
        return Err(DelegationError::NotMatured {
            matures_at: entry.matures_at,
            now,
        });
    }
    let paid = entry_assets(&validator.unbonding, entry.shares)?;
    let next = Validator {
        unbonding: Unbonding {
            assets: sub(validator.unbonding.assets, paid)?,
            shares: sub(validator.unbonding.shares, entry.shares)?,
        },
        ..*validator
    };
    Ok((next, paid))
}
