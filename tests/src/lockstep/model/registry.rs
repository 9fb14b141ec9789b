//! Validators: their bonds, the stake they carry, and who pays for a fault.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IValidatorRegistry as Registry;

use super::faults::Faults;
use super::pauses::STAKE;
use super::{MAX_DILUTION, Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::down;

/// Most entries or validators that one call may touch.
const MOST: u64 = 64;

/// Where a validator stands, with the ABI's codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::lockstep) enum Status {
    #[default]
    Unknown = 0,
    Pending = 1,
    Active = 2,
    Jailed = 3,
    Exiting = 4,
    Exited = 5,
}

impl Status {
    /// Neither on its way out nor gone.
    pub(super) fn stays(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Jailed)
    }
}

/// How a validator came in, with the ABI's codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::lockstep) enum Lane {
    #[default]
    Open = 0,
    Vetted = 1,
}

/// Bond that asked to leave.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::lockstep) struct BondExit {
    pub(super) amount: u128,
    pub(super) available_at: u64,
}

/// What a validator takes of the pay, before and as of a moment.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::lockstep) struct Commission {
    pub(in crate::lockstep) previous: u16,
    pub(in crate::lockstep) next: u16,
    pub(in crate::lockstep) from: u64,
}

impl Commission {
    pub(super) fn at(self, now: u64) -> u16 {
        if now < self.from {
            self.previous
        } else {
            self.next
        }
    }
}

/// What bonds must be and carry.
#[derive(Debug, Clone, Copy)]
pub(in crate::lockstep) struct Terms {
    pub(in crate::lockstep) minimum_bond: u128,
    pub(in crate::lockstep) leverage: u128,
    pub(in crate::lockstep) open_leverage: u128,
    pub(in crate::lockstep) pool_share_bps: u128,
}

impl Terms {
    pub(super) fn leverage_of(&self, one: &Validator) -> u128 {
        match one.lane {
            Lane::Open => self.open_leverage,
            Lane::Vetted => self.leverage,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(in crate::lockstep) struct Validator {
    pub(in crate::lockstep) operator: Address,
    pub(in crate::lockstep) signer: Address,
    pub(in crate::lockstep) reward_address: Address,
    pub(in crate::lockstep) commission: Commission,
    pub(in crate::lockstep) status: Status,
    pub(in crate::lockstep) lane: Lane,
    /// Most that it should be given.
    pub(in crate::lockstep) target: Option<u128>,
    pub(in crate::lockstep) bond: u128,
    pub(in crate::lockstep) bond_exit: BondExit,
    pub(in crate::lockstep) delegated: u128,
    pub(in crate::lockstep) unbonding: u128,
    /// What the entries of the unbonding line have of `unbonding`.
    pub(in crate::lockstep) unbonding_shares: u128,
    pub(in crate::lockstep) jailed_until: u64,
    pub(in crate::lockstep) faults: Faults,
}

impl Validator {
    /// Whether a part of the bond has asked to leave.
    pub(in crate::lockstep) fn wants_bond(&self) -> bool {
        self.bond_exit.amount != 0
    }

    /// Bond that counts.
    pub(super) fn staying(&self) -> u128 {
        self.bond.saturating_sub(self.bond_exit.amount)
    }
}

/// One undelegation in the unbonding line.
#[derive(Debug, Clone, Copy)]
pub(in crate::lockstep) struct Entry {
    pub(in crate::lockstep) validator: usize,
    pub(in crate::lockstep) shares: u128,
    pub(in crate::lockstep) matures_at: u64,
}

impl Model {
    /// Stake of validators that give all of it back.
    pub(super) fn leaving(&self) -> u128 {
        let leaving = self
            .validators
            .iter()
            .filter(|one| matches!(one.status, Status::Jailed | Status::Exiting));
        leaving.map(|one| one.delegated).sum()
    }

    pub(super) fn delegate(&mut self, plan: &[(usize, u128)]) {
        for &(index, amount) in plan {
            self.validators[index].delegated += amount;
            let delegated = Registry::StakeDelegated {
                id: id(index),
                assets: word(amount),
                delegated: word(self.validators[index].delegated),
            };
            self.log(self.at.registry, &delegated);
        }
    }

    /// Starts the way back of at most `assets` wei; returns how much.
    pub(super) fn undelegate(&mut self, assets: u128, max_ops: usize) -> u128 {
        let plan = self.plan_exits(assets, max_ops);
        for &(index, amount) in &plan {
            let matures_at = self.now + self.unbonding_secs;
            let one = &mut self.validators[index];
            let shares = match one.unbonding {
                0 => amount,
                held => down(amount, one.unbonding_shares, held),
            };
            one.delegated -= amount;
            one.unbonding += amount;
            one.unbonding_shares += shares;
            let undelegated = Registry::StakeUndelegated {
                id: id(index),
                entry: U256::from(self.first_entry) + U256::from(self.entries.len()),
                assets: word(amount),
                maturity: matures_at,
                delegated: word(one.delegated),
            };
            self.entries.push_back(Entry {
                validator: index,
                shares,
                matures_at,
            });
            self.log(self.at.registry, &undelegated);
        }
        plan.iter().map(|(_, amount)| amount).sum()
    }

    /// `releaseMatured`, which anybody may call; the pool says what came back.
    pub(super) fn release_by_hand(&mut self, most: U256) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.registry, STAKE)?;
        let maximum = U256::from(MOST);
        if most.is_zero() || most > maximum {
            return refuse(&Registry::InvalidOperationCount {
                maxOps: most,
                maximum,
            });
        }
        let returned = self.release_matured(most.to());
        self.take_returned(returned);
        Ok(Registry::releaseMaturedCall::abi_encode_returns(&word(
            returned,
        )))
    }

    /// Pays matured entries, oldest first; returns the wei.
    pub(super) fn release_matured(&mut self, most: usize) -> u128 {
        let mut returned = 0;
        for _ in 0..most {
            let Some(&entry) = self.entries.front() else {
                break;
            };
            if self.now < entry.matures_at {
                break;
            }
            self.entries.pop_front();
            let one = &mut self.validators[entry.validator];
            let paid = if entry.shares == one.unbonding_shares {
                one.unbonding
            } else {
                down(entry.shares, one.unbonding, one.unbonding_shares)
            };
            one.unbonding -= paid;
            one.unbonding_shares -= entry.shares;
            let back = Registry::StakeReturned {
                id: id(entry.validator),
                entry: U256::from(self.first_entry),
                assets: word(paid),
            };
            self.first_entry += 1;
            returned += paid;
            self.log(self.at.registry, &back);
        }
        returned
    }

    pub(super) fn become_status(&mut self, index: usize, current: Status) {
        let previous = std::mem::replace(&mut self.validators[index].status, current);
        if previous != current {
            let changed = Registry::ValidatorStatusChanged {
                id: id(index),
                previous: previous as u8,
                current: current as u8,
            };
            self.log(self.at.registry, &changed);
        }
    }

    pub(in crate::lockstep) fn fund_cover(
        &mut self,
        from: Address,
        value: U256,
    ) -> Result<Vec<u8>, Refusal> {
        if value.is_zero() {
            return refuse(&Registry::ZeroAmount {});
        }
        self.cover += narrow(value)?;
        let funded = Registry::CoverFunded {
            from,
            assets: value,
            cover: word(self.cover),
        };
        self.log(self.at.registry, &funded);
        Ok(Vec::new())
    }

    /// Bond that unbonding stake has not used up, times its leverage; at most its target, and its
    /// part of the pool. Who is accused may hold what it holds.
    pub(super) fn capacity(&self, index: usize, pool_assets: u128) -> u128 {
        let one = &self.validators[index];
        // Stake that joined entries worth next to nothing would not come out again.
        let worthless = one.unbonding.saturating_mul(MAX_DILUTION) < one.unbonding_shares;
        let bonded = one.staying() >= self.terms.minimum_bond;
        if one.status != Status::Active || !bonded || worthless {
            return 0;
        }
        let stands_for = one.staying() * self.terms.leverage_of(one);
        let by_pool = down(pool_assets, self.terms.pool_share_bps, 10_000);
        let by_bond = stands_for.saturating_sub(one.unbonding);
        let most = by_bond.min(by_pool).min(one.target.unwrap_or(u128::MAX));
        if one.faults.open(self.now) == 0 {
            most
        } else {
            most.min(one.delegated)
        }
    }

    pub(super) fn known(&self, number: u32) -> Result<usize, Refusal> {
        let known = number != 0 && number as usize <= self.validators.len();
        if !known {
            return refuse(&Registry::UnknownValidator { id: number });
        }
        Ok(number as usize - 1)
    }

    pub(super) fn operated(&self, caller: Address, number: u32) -> Result<usize, Refusal> {
        let index = self.known(number)?;
        let operator = self.validators[index].operator;
        if caller != operator {
            return refuse(&Registry::NotOperator { caller, operator });
        }
        Ok(index)
    }
}

/// Validators are numbered from one.
pub(super) fn id(index: usize) -> u32 {
    u32::try_from(index + 1).expect("a handful of validators")
}

/// Refuses a parameter of a call that is outside its bounds.
pub(super) fn check_within(
    index: u8,
    value: U256,
    minimum: u128,
    maximum: u128,
) -> Result<(), Refusal> {
    let (minimum, maximum) = (word(minimum), word(maximum));
    if (minimum..=maximum).contains(&value) {
        return Ok(());
    }
    refuse(&Registry::ParameterOutOfBounds {
        index,
        value,
        minimum,
        maximum,
    })
}
