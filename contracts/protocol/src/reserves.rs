//! To whom every wei of a contract's balance belongs.

use crate::{
    mul_div::{MathError, add, sub},
    pool::{self, Ledger},
};

/// Books that do not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservesError {
    /// The step has no answer.
    Math(MathError),
    /// The contract holds less than it owes.
    Insolvent {
        /// Wei held.
        balance: u128,
        /// Wei owed.
        owed: u128,
    },
}

impl From<MathError> for ReservesError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

/// The pool's balance, taken apart: `buffered + unreleased + surplus`. `staked` lies elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolReserves {
    /// Wei of the holders that lie in the pool.
    pub buffered: u128,
    /// Wei that nobody owns yet: rewards, and what was left behind. Where validators carry some of it,
    /// without that.
    pub unreleased: u128,
    /// Wei of the holders at the registry.
    pub staked: u128,
    /// Wei that nobody booked: donated or forced in.
    pub surplus: u128,
}

/// Takes the pool's `balance` apart at `now`.
///
/// - Errors: [`ReservesError::Insolvent`], [`MathError`].
pub fn pool(
    ledger: &Ledger,
    staked: u128,
    balance: u128,
    now: u64,
) -> Result<PoolReserves, ReservesError> {
    let totals = ledger.totals(now)?;
    let buffered = pool::buffered(totals, staked);
    let with_validators = pool::not_released(totals, staked);
    let unreleased = sub(ledger.drip.unreleased(now)?, with_validators)?;
    Ok(PoolReserves {
        buffered,
        unreleased,
        staked,
        surplus: surplus(balance, add(buffered, unreleased)?)?,
    })
}

/// What the registry owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegistryBooks {
    /// Sum of all bonds.
    pub bonds: u128,
    /// Sum of delegated stake.
    pub active: u128,
    /// Sum of unbonding stake.
    pub unbonding: u128,
    /// The cover fund.
    pub cover_fund: u128,
    /// Rewards of reporters that they have not taken yet.
    pub reporter_rewards: u128,
}

impl RegistryBooks {
    /// Wei owed in all.
    ///
    /// - Errors: [`MathError::SumOverflow`].
    pub fn owed(&self) -> Result<u128, MathError> {
        let own = add(add(self.bonds, self.cover_fund)?, self.reporter_rewards)?;
        add(own, add(self.active, self.unbonding)?)
    }
}

/// Wei of a balance that nobody booked.
///
/// - Errors: [`ReservesError::Insolvent`] if the balance is less than what is owed.
pub const fn surplus(balance: u128, owed: u128) -> Result<u128, ReservesError> {
    match balance.checked_sub(owed) {
        Some(surplus) => Ok(surplus),
        None => Err(ReservesError::Insolvent { balance, owed }),
    }
}
