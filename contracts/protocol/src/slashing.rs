//! Who pays a penalty, in which order: bond, cover fund, then the pool.

use crate::{
    bps::portion,
    mul_div::{MathError, Rounding, add, mul_div, sub},
    registry::{Unbonding, Validator},
    reserves::RegistryBooks,
};

/// The reporter's part of the bond that is lost: 5 %.
pub const REPORTER_BPS: u16 = 500;
/// Largest part of the bond that one penalty for absence takes: 5 %.
pub const ABSENCE_BPS: u16 = 500;

/// A slash that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlashError {
    /// The step has no answer.
    Math(MathError),
    /// A penalty of nothing.
    ZeroPenalty,
    /// More than the validator has at stake.
    AboveExposure {
        /// Wei of penalty.
        penalty: u128,
        /// Wei of bond, active and unbonding stake; for absence, the part of the bond that it may cost.
        exposure: u128,
    },
}

impl From<MathError> for SlashError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

/// A slash as the registry books it.
///
/// `bond_loss + cover_used + stake_loss` is the penalty, to the wei;
/// of `stake_loss` the pool takes what it can from unreleased rewards, the rest from the rate
/// ([`crate::pool::recognise_loss`]). All of it is burned but the reporter's reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slash {
    /// Wei of the validator's bond.
    pub bond_loss: u128,
    /// Part of `bond_loss` that the reporter gets.
    pub reporter_reward: u128,
    /// Wei of the cover fund.
    pub cover_used: u128,
    /// Wei of delegated stake; `active_cut + unbonding_cut`.
    pub stake_loss: u128,
    /// Part of `stake_loss` from delegated stake.
    pub active_cut: u128,
    /// Part of `stake_loss` from unbonding stake.
    pub unbonding_cut: u128,
    /// Wei that leave the protocol for good: the penalty without the reporter's reward.
    pub burned: u128,
    /// The validator afterwards.
    pub validator: Validator,
    /// The cover fund afterwards.
    pub cover_fund: u128,
}

impl Slash {
    /// The registry's books after the slash.
    ///
    /// - Errors: [`MathError`], if they are not those that the validator and the cover are part of.
    pub fn booked(&self, books: &RegistryBooks) -> Result<RegistryBooks, MathError> {
        Ok(RegistryBooks {
            bonds: sub(books.bonds, self.bond_loss)?,
            active: sub(books.active, self.active_cut)?,
            unbonding: sub(books.unbonding, self.unbonding_cut)?,
            cover_fund: self.cover_fund,
            reporter_rewards: add(books.reporter_rewards, self.reporter_reward)?,
        })
    }
}

/// What a validator can lose: bond, active and unbonding stake.
///
/// - Errors: [`MathError::SumOverflow`].
pub fn exposure(validator: &Validator) -> Result<u128, MathError> {
    add(
        validator.bond,
        add(validator.active, validator.unbonding.assets)?,
    )
}

/// Takes `penalty` wei from the validator's bond, then the cover fund, then its stake.
///
/// Active and unbonding stake are cut in proportion, so undelegating is no escape.
/// The reporter is paid from the bond alone, so a validator that reports itself always loses.
///
/// The validator goes to jail until `jailed_until` at least, if it can be jailed.
///
/// - Rounding: the cut of unbonding stake down (it reaches zero only if all stake does),
///   the reporter's reward down.
/// - Errors: [`SlashError::ZeroPenalty`], [`SlashError::AboveExposure`], [`MathError`].
pub fn slash(
    validator: &Validator,
    cover_fund: u128,
    penalty: u128,
    jailed_until: u64,
) -> Result<Slash, SlashError> {
    if penalty == 0 {
        return Err(SlashError::ZeroPenalty);
    }
    let exposure = exposure(validator)?;
    if penalty > exposure {
        return Err(SlashError::AboveExposure { penalty, exposure });
    }
    let bond_loss = penalty.min(validator.bond);
    let beyond_bond = sub(penalty, bond_loss)?;
    let cover_used = beyond_bond.min(cover_fund);
    let stake_loss = sub(beyond_bond, cover_used)?;
    let stake = add(validator.active, validator.unbonding.assets)?;
    let unbonding_cut = match stake_loss {
        0 => 0,
        loss => mul_div(loss, validator.unbonding.assets, stake, Rounding::Down)?,
    };
    let active_cut = sub(stake_loss, unbonding_cut)?;
    let reporter_reward = portion(bond_loss, REPORTER_BPS)?;
    Ok(Slash {
        bond_loss,
        reporter_reward,
        cover_used,
        stake_loss,
        active_cut,
        unbonding_cut,
        burned: sub(penalty, reporter_reward)?,
        validator: Validator {
            bond: sub(validator.bond, bond_loss)?,
            active: sub(validator.active, active_cut)?,
            unbonding: Unbonding {
                assets: sub(validator.unbonding.assets, unbonding_cut)?,
                ..validator.unbonding
            },
            ..validator.convicted(jailed_until)
        },
        cover_fund: sub(cover_fund, cover_used)?,
    })
}

/// Takes a penalty for absence from the bond alone: at most [`ABSENCE_BPS`] of it, nothing for a
/// reporter.
///
/// The validator goes to jail until `jailed_until` at least, if it can be jailed.
///
/// - Rounding: the largest penalty down.
/// - Errors: [`SlashError::ZeroPenalty`], [`SlashError::AboveExposure`], [`MathError`].
pub fn slash_bond(
    validator: &Validator,
    cover_fund: u128,
    penalty: u128,
    jailed_until: u64,
) -> Result<Slash, SlashError> {
    if penalty == 0 {
        return Err(SlashError::ZeroPenalty);
    }
    let exposure = portion(validator.bond, ABSENCE_BPS)?;
    if penalty > exposure {
        return Err(SlashError::AboveExposure { penalty, exposure });
    }
    Ok(Slash {
        bond_loss: penalty,
        reporter_reward: 0,
        cover_used: 0,
        stake_loss: 0,
        active_cut: 0,
        unbonding_cut: 0,
        burned: penalty,
        validator: Validator {
            bond: sub(validator.bond, penalty)?,
            ..validator.convicted(jailed_until)
        },
        cover_fund,
    })
}
