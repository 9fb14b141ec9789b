//! What validators are accused of, jailed for, and pay.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use client::abi::IAdministration::ZeroAddress;
use client::abi::ISlashingHook::onSlashCall;
use client::abi::IStakingPool::PendingSlashReported;
use client::abi::IValidatorRegistry::{self as Registry, slashBondCall as SlashBond};

use super::bonds::forbidden;
use super::registry::{Status, check_within};
use super::{Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::down;

/// An allegation lapses after 14 days.
const LAPSE: u64 = 14 * 86_400;
const LONGEST_JAIL: u64 = 30 * 86_400;

/// Allegations that are open, until when all of them are.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::lockstep) struct Faults {
    count: u16,
    until: u64,
}

impl Faults {
    pub(super) fn open(self, now: u64) -> u16 {
        if now < self.until { self.count } else { 0 }
    }

    fn add(&mut self, now: u64) {
        self.count += 1;
        self.until = now + LAPSE;
    }

    fn remove(&mut self) {
        self.count -= 1;
    }
}

/// What is known of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lockstep) enum Evidence {
    Alleged {
        against: u32,
        until: u64,
    },
    /// Not decided in time, and no longer counted.
    Lapsed {
        against: u32,
    },
    Used,
}

/// What a slash takes.
struct Penalty {
    amount: u128,
    bond: u128,
    cover: u128,
    stake: u128,
    reward: u128,
    jailed_until: u64,
}

impl Model {
    pub(super) fn jail(
        &mut self,
        caller: Address,
        number: u32,
        until: u64,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "JAILER_ROLE")?;
        self.check_term(1, until)?;
        let index = self.known(number)?;
        let status = self.validators[index].status;
        if !matches!(status, Status::Active | Status::Jailed) {
            return forbidden(status, Status::Jailed);
        }
        self.jail_until(index, until);
        Ok(Vec::new())
    }

    fn check_term(&self, parameter: u8, until: u64) -> Result<(), Refusal> {
        let latest = u128::from(self.now + LONGEST_JAIL);
        check_within(parameter, U256::from(until), 0, latest)
    }

    /// In jail until then at least, if it works at all.
    fn jail_until(&mut self, index: usize, until: u64) {
        let one = &mut self.validators[index];
        if !matches!(one.status, Status::Active | Status::Jailed) {
            return;
        }
        one.jailed_until = one.jailed_until.max(until);
        self.become_status(index, Status::Jailed);
    }

    pub(super) fn open_fault(
        &mut self,
        caller: Address,
        number: u32,
        evidence: B256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "SLASHER_ROLE")?;
        check_evidence(evidence)?;
        let index = self.known(number)?;
        let status = self.validators[index].status;
        if status == Status::Exited {
            return forbidden(status, status);
        }
        match self.evidence.get(&evidence) {
            Some(Evidence::Used) => return used(evidence),
            Some(Evidence::Alleged { until, .. }) if self.now < *until => {
                return refuse(&Registry::FaultAlreadyOpen {
                    evidenceHash: evidence,
                });
            }
            Some(Evidence::Alleged { .. } | Evidence::Lapsed { .. }) => {
                return refuse(&Registry::FaultLapsed {
                    evidenceHash: evidence,
                });
            }
            None => {}
        }
        let until = self.now + LAPSE;
        let against = number;
        let alleged = Evidence::Alleged { against, until };
        self.evidence.insert(evidence, alleged);
        self.validators[index].faults.add(self.now);
        self.faults.add(self.now);
        let opened = Registry::FaultOpened {
            id: number,
            evidenceHash: evidence,
            until,
        };
        self.log(self.at.registry, &opened);
        self.report_pending();
        Ok(Vec::new())
    }

    pub(super) fn dismiss_fault(
        &mut self,
        caller: Address,
        number: u32,
        evidence: B256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "SLASHER_ROLE")?;
        let index = self.known(number)?;
        if !self.evidence.contains_key(&evidence) {
            return refuse(&Registry::FaultNotOpen {
                evidenceHash: evidence,
            });
        }
        let closes = self.decide(index, evidence)?;
        let dismissed = Registry::FaultDismissed {
            id: number,
            evidenceHash: evidence,
        };
        self.log(self.at.registry, &dismissed);
        if closes {
            self.report_pending();
        }
        Ok(Vec::new())
    }

    /// Anybody may say that a fault was not decided in time.
    pub(super) fn lapse_fault(&mut self, evidence: B256) -> Result<Vec<u8>, Refusal> {
        let (against, until) = match self.evidence.get(&evidence) {
            Some(Evidence::Alleged { against, until }) => (*against, *until),
            Some(Evidence::Lapsed { .. } | Evidence::Used) | None => {
                return refuse(&Registry::FaultNotOpen {
                    evidenceHash: evidence,
                });
            }
        };
        if self.now < until {
            return refuse(&Registry::FaultNotLapsed {
                evidenceHash: evidence,
                until,
            });
        }
        self.evidence.insert(evidence, Evidence::Lapsed { against });
        let index = self.known(against)?;
        self.validators[index].faults.remove();
        self.faults.remove();
        let undecided = Registry::FaultUndecided {
            id: against,
            evidenceHash: evidence,
        };
        self.log(self.at.registry, &undecided);
        self.report_pending();
        Ok(Vec::new())
    }

    /// The pool is told until when somebody may still be slashed.
    fn report_pending(&mut self) {
        let until = match self.faults.open(self.now) {
            0 => 0,
            _ => self.faults.until,
        };
        self.slash_pending_until = until;
        self.log(self.at.pool, &PendingSlashReported { until });
    }

    /// Uses evidence up, and closes the allegation that it stood for; returns whether it was open.
    fn decide(&mut self, index: usize, evidence: B256) -> Result<bool, Refusal> {
        let number = super::registry::id(index);
        match self.evidence.insert(evidence, Evidence::Used) {
            Some(Evidence::Used) => used(evidence),
            Some(Evidence::Alleged { against, .. } | Evidence::Lapsed { against })
                if against != number =>
            {
                refuse(&Registry::FaultOfAnother {
                    evidenceHash: evidence,
                    id: against,
                })
            }
            Some(Evidence::Alleged { .. }) => {
                self.validators[index].faults.remove();
                self.faults.remove();
                Ok(true)
            }
            Some(Evidence::Lapsed { .. }) | None => Ok(false),
        }
    }

    /// The bond pays first, then the cover fund, then the stake.
    pub(super) fn slash(
        &mut self,
        sender: Address,
        number: u32,
        penalty: U256,
        evidence: B256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "SLASHER_ROLE")?;
        let index = self.known(number)?;
        let amount = narrow(penalty)?;
        let one = &self.validators[index];
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
        let bond = amount.min(one.bond);
        let cover = (amount - bond).min(self.cover);
        let parts = Penalty {
            amount,
            bond,
            cover,
            stake: amount - bond - cover,
            reward: down(bond, 500, 10_000),
            jailed_until: self.now + self.unbonding_secs,
        };
        let socialised = self.punish(sender, index, &parts, evidence)?;
        Ok(Registry::slashCall::abi_encode_returns(
            &Registry::slashReturn {
                bondLoss: word(bond),
                coverUsed: word(cover),
                socialised,
            },
        ))
    }

    /// Takes from the bond alone, and at most a twentieth of it.
    pub(super) fn slash_bond(
        &mut self,
        sender: Address,
        call: &SlashBond,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "SLASHER_ROLE")?;
        self.check_term(2, call.until)?;
        let index = self.known(call.id)?;
        let penalty = narrow(call.penalty)?;
        if penalty == 0 {
            return refuse(&Registry::ZeroPenalty {});
        }
        let most = down(self.validators[index].bond, 500, 10_000);
        if penalty > most {
            return refuse(&Registry::PenaltyAboveExposure {
                penalty: call.penalty,
                exposure: word(most),
            });
        }
        let parts = Penalty {
            amount: penalty,
            bond: penalty,
            cover: 0,
            stake: 0,
            reward: 0,
            jailed_until: call.until,
        };
        self.punish(sender, index, &parts, call.evidenceHash)?;
        Ok(Registry::slashBondCall::abi_encode_returns(&word(penalty)))
    }

    /// Returns what the rate lost.
    fn punish(
        &mut self,
        sender: Address,
        index: usize,
        parts: &Penalty,
        evidence: B256,
    ) -> Result<U256, Refusal> {
        check_evidence(evidence)?;
        let closes = self.decide(index, evidence)?;
        self.cover -= parts.cover;
        let one = &mut self.validators[index];
        let unbonding_cut = match parts.stake {
            0 => 0,
            loss => down(loss, one.unbonding, one.delegated + one.unbonding),
        };
        one.bond -= parts.bond;
        one.unbonding -= unbonding_cut;
        one.delegated -= parts.stake - unbonding_cut;
        self.reward(sender, parts.reward, evidence);
        self.jail_until(index, parts.jailed_until);
        let (from_unreleased, socialised) = match parts.stake {
            0 => (0, 0),
            loss => self.lose(loss),
        };
        if closes {
            self.report_pending();
        }
        let slashed = Registry::ValidatorSlashed {
            id: super::registry::id(index),
            evidenceHash: evidence,
            penalty: word(parts.amount),
            bondLoss: word(parts.bond),
            coverUsed: word(parts.cover),
            fromUnreleased: word(from_unreleased),
            socialised: word(socialised),
        };
        self.log(self.at.registry, &slashed);
        if parts.amount != parts.reward {
            let assets = word(parts.amount - parts.reward);
            self.log(self.at.registry, &Registry::PenaltyBurned { assets });
        }
        self.tell_hooks(&onSlashCall {
            validator: super::registry::id(index),
            bondLoss: word(parts.bond),
            coverUsed: word(parts.cover),
            socialised: word(socialised),
            evidenceHash: evidence,
        });
        Ok(word(socialised))
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

    pub(super) fn claim_reward(
        &mut self,
        reporter: Address,
        receiver: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let reward = self.rewards.remove(&reporter).unwrap_or_default();
        if reward == 0 {
            return refuse(&Registry::NoReward { account: reporter });
        }
        if receiver.is_zero() {
            return refuse(&ZeroAddress {});
        }
        let assets = word(reward);
        let claimed = Registry::ReporterRewardClaimed { reporter, assets };
        self.log(self.at.registry, &claimed);
        self.send(receiver, assets)?;
        Ok(Registry::claimReporterRewardCall::abi_encode_returns(
            &assets,
        ))
    }
}

fn check_evidence(evidence: B256) -> Result<(), Refusal> {
    if evidence.is_zero() {
        return refuse(&Registry::ZeroEvidence {});
    }
    Ok(())
}

fn used<T>(evidence: B256) -> Result<T, Refusal> {
    refuse(&Registry::EvidenceAlreadyUsed {
        evidenceHash: evidence,
    })
}
