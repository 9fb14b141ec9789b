//! Validators: their bonds, the stake they carry, and who pays for a fault.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use client::abi::IValidatorRegistry as Registry;

use super::{MAX_DILUTION, Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::down;

/// Where a validator stands, with the ABI's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::lockstep) enum Status {
    Active = 2,
    Jailed = 3,
    Exiting = 4,
}

#[derive(Debug, Clone)]
pub(in crate::lockstep) struct Validator {
    pub(in crate::lockstep) operator: Address,
    pub(in crate::lockstep) status: Status,
    pub(in crate::lockstep) bond: u128,
    pub(in crate::lockstep) delegated: u128,
    pub(in crate::lockstep) unbonding: u128,
    /// What the entries of the unbonding line have of `unbonding`.
    pub(in crate::lockstep) unbonding_shares: u128,
    pub(in crate::lockstep) jailed_until: u64,
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
            .filter(|one| one.status != Status::Active);
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

    pub(in crate::lockstep) fn slash(
        &mut self,
        sender: Address,
        number: u32,
        penalty: U256,
        evidence: B256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "SLASHER_ROLE")?;
        let index = self.known(number)?;
        let amount = narrow(penalty)?;
        let one = self.validators[index].clone();
        let exposure = one.bond + one.delegated + one.unbonding;
        if amount == 0 {
            return refuse(&Registry::ZeroPenalty {});
        }
        if amount > exposure {
            return refuse(&Registry::PenaltyAboveExposure {
                penalty,
                exposure: word(exposure),
            });
        }
        if evidence.is_zero() {
            return refuse(&Registry::ZeroEvidence {});
        }
        if self.used_evidence.contains(&evidence) {
            return refuse(&Registry::EvidenceAlreadyUsed {
                evidenceHash: evidence,
            });
        }
        let bond_loss = amount.min(one.bond);
        let cover_used = (amount - bond_loss).min(self.cover);
        let stake_loss = amount - bond_loss - cover_used;
        let cut = match stake_loss {
            0 => 0,
            loss => down(loss, one.unbonding, one.delegated + one.unbonding),
        };
        self.used_evidence.push(evidence);
        self.cover -= cover_used;
        let after = &mut self.validators[index];
        after.bond -= bond_loss;
        after.unbonding -= cut;
        after.delegated -= stake_loss - cut;
        let reward = down(bond_loss, 500, 10_000);
        self.reward(sender, reward, evidence);
        if one.status != Status::Exiting {
            self.jail_until(index, self.now + self.unbonding_secs);
        }
        let (from_unreleased, socialised) = match stake_loss {
            0 => (0, 0),
            loss => self.lose(loss),
        };
        let slashed = Registry::ValidatorSlashed {
            id: number,
            evidenceHash: evidence,
            penalty,
            bondLoss: word(bond_loss),
            coverUsed: word(cover_used),
            fromUnreleased: word(from_unreleased),
            socialised: word(socialised),
        };
        self.log(self.at.registry, &slashed);
        let burned = Registry::PenaltyBurned {
            assets: word(amount - reward),
        };
        self.log(self.at.registry, &burned);
        Ok(Registry::slashCall::abi_encode_returns(
            &Registry::slashReturn {
                bondLoss: word(bond_loss),
                coverUsed: word(cover_used),
                socialised: word(socialised),
            },
        ))
    }

    fn reward(&mut self, reporter: Address, reward: u128, evidence: B256) {
        if reward == 0 {
            return;
        }
        *self.rewards.entry(reporter).or_default() += reward;
        let rewarded = Registry::ReporterRewarded {
            reporter,
            evidenceHash: evidence,
            assets: word(reward),
        };
        self.log(self.at.registry, &rewarded);
    }

    fn jail_until(&mut self, index: usize, until: u64) {
        let one = &mut self.validators[index];
        one.jailed_until = one.jailed_until.max(until);
        self.become_status(index, Status::Jailed);
    }

    fn become_status(&mut self, index: usize, current: Status) {
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

    pub(in crate::lockstep) fn unjail(
        &mut self,
        caller: Address,
        number: u32,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let one = &self.validators[index];
        if one.status != Status::Jailed {
            return refuse(&Registry::ForbiddenTransition {
                current: one.status as u8,
                requested: Status::Active as u8,
            });
        }
        if self.now < one.jailed_until {
            return refuse(&Registry::StillJailed {
                until: one.jailed_until,
                timestamp: self.now,
            });
        }
        if one.bond < self.minimum_bond {
            return refuse(&Registry::BondTooSmall {
                bond: word(one.bond),
                required: word(self.minimum_bond),
            });
        }
        self.become_status(index, Status::Active);
        Ok(Vec::new())
    }

    pub(in crate::lockstep) fn exit(
        &mut self,
        caller: Address,
        number: u32,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        if self.validators[index].status == Status::Exiting {
            return refuse(&Registry::ForbiddenTransition {
                current: Status::Exiting as u8,
                requested: Status::Exiting as u8,
            });
        }
        self.become_status(index, Status::Exiting);
        let asked = Registry::BondExitRequested {
            id: number,
            assets: word(self.validators[index].bond),
            availableAt: self.now + self.unbonding_secs,
        };
        self.log(self.at.registry, &asked);
        Ok(Vec::new())
    }

    pub(in crate::lockstep) fn top_up(
        &mut self,
        number: u32,
        value: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.known(number)?;
        if value.is_zero() {
            return refuse(&Registry::ZeroAmount {});
        }
        let one = &mut self.validators[index];
        one.bond += narrow(value)?;
        let increased = Registry::BondIncreased {
            id: number,
            assets: value,
            bond: word(one.bond),
        };
        self.log(self.at.registry, &increased);
        Ok(Vec::new())
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

    /// Bond that unbonding stake has not used up, times `leverage`; at most `share_bps` of the pool.
    pub(super) fn capacity(&self, index: usize, pool_assets: u128) -> u128 {
        const LEVERAGE: u128 = 5;
        let one = &self.validators[index];
        // Stake that joined entries worth next to nothing would not come out again.
        let worthless = one.unbonding.saturating_mul(MAX_DILUTION) < one.unbonding_shares;
        if one.status != Status::Active || worthless {
            return 0;
        }
        let by_bond = (one.bond * LEVERAGE).saturating_sub(one.unbonding);
        by_bond.min(down(pool_assets, 2_000, 10_000))
    }

    fn known(&self, number: u32) -> Result<usize, Refusal> {
        let known = number != 0 && number as usize <= self.validators.len();
        if !known {
            return refuse(&Registry::UnknownValidator { id: number });
        }
        Ok(number as usize - 1)
    }

    fn operated(&self, caller: Address, number: u32) -> Result<usize, Refusal> {
        let index = self.known(number)?;
        let operator = self.validators[index].operator;
        if caller != operator {
            return refuse(&Registry::NotOperator { caller, operator });
        }
        Ok(index)
    }
}

/// Validators are numbered from one.
fn id(index: usize) -> u32 {
    u32::try_from(index + 1).expect("a handful of validators")
}
