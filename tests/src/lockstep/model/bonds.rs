//! How validators come, and how they and their bonds go.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IAdministration::ZeroAddress;
use client::abi::IValidatorRegistry::{self as Registry, registerCall as Register};

use super::pauses::REGISTRATION;
use super::registry::{BondExit, Commission, Status, Validator, id};
use super::{DAY, Model, Refusal, narrow, refuse, word};

const LONGEST_NAME: usize = 64;
const WHOLE_BPS: u16 = 10_000;
/// Most that one announcement may add to a commission.
const STEEPEST_RAISE: u16 = 500;

impl Model {
    pub(super) fn register(
        &mut self,
        operator: Address,
        value: U256,
        call: &Register,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.registry, REGISTRATION)?;
        let name = call.name.as_bytes();
        if name.is_empty() || name.len() > LONGEST_NAME {
            return refuse(&Registry::NameLength {
                length: U256::from(name.len()),
                maximum: U256::from(LONGEST_NAME),
            });
        }
        if name.iter().any(|byte| !(0x20..0x7f).contains(byte)) {
            return refuse(&Registry::NameNotPrintable {});
        }
        check_somebody(call.rewardAddress)?;
        self.check_signer(call.signer)?;
        check_commission(call.commissionBps)?;
        let bond = narrow(value)?;
        check_bond(bond, self.terms.minimum_bond)?;
        self.validators.push(Validator {
            operator,
            signer: call.signer,
            reward_address: call.rewardAddress,
            commission: Commission {
                previous: call.commissionBps,
                next: call.commissionBps,
                from: 0,
            },
            bond,
            ..Validator::default()
        });
        let index = self.validators.len() - 1;
        self.signers.insert(call.signer, id(index));
        let registered = Registry::ValidatorRegistered {
            id: id(index),
            operator,
            signer: call.signer,
            rewardAddress: call.rewardAddress,
            commissionBps: call.commissionBps,
            bond: value,
            name: call.name.clone(),
        };
        self.log(self.at.registry, &registered);
        self.become_status(index, Status::Pending);
        Ok(Registry::registerCall::abi_encode_returns(&id(index)))
    }

    pub(super) fn activate(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let one = &self.validators[index];
        if one.status != Status::Pending {
            return forbidden(one.status, Status::Active);
        }
        check_bond(one.staying(), self.terms.minimum_bond)?;
        self.working.push(index);
        self.become_status(index, Status::Active);
        Ok(Vec::new())
    }

    pub(super) fn unjail(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let one = &self.validators[index];
        if one.status != Status::Jailed {
            return forbidden(one.status, Status::Active);
        }
        if self.now < one.jailed_until {
            return refuse(&Registry::StillJailed {
                until: one.jailed_until,
                timestamp: self.now,
            });
        }
        self.check_no_faults(index)?;
        check_bond(one.staying(), self.terms.minimum_bond)?;
        self.become_status(index, Status::Active);
        Ok(Vec::new())
    }

    pub(super) fn exit(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.known(number)?;
        if !self.is_given_up(index) {
            self.operated(caller, number)?;
        }
        let status = self.validators[index].status;
        if !status.stays() {
            return forbidden(status, Status::Exiting);
        }
        self.become_status(index, Status::Exiting);
        self.ask_for_bond(index, self.validators[index].bond);
        Ok(Vec::new())
    }

    /// Out of jail for two weeks with too small a bond: anybody may make it leave.
    fn is_given_up(&self, index: usize) -> bool {
        let one = &self.validators[index];
        one.status == Status::Jailed
            && self.now >= one.jailed_until + 14 * DAY
            && one.staying() < self.terms.minimum_bond
    }

    /// The last step: all stake is back, and so the bond may go.
    pub(super) fn withdraw_bond(&mut self, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.known(number)?;
        let one = self.validators[index].clone();
        if one.status != Status::Exiting {
            return forbidden(one.status, Status::Exited);
        }
        if one.delegated != 0 || one.unbonding != 0 {
            return refuse(&Registry::StakeOutstanding {
                delegated: word(one.delegated),
                unbonding: word(one.unbonding),
            });
        }
        self.check_bond_is_free(index)?;
        if let Some(place) = self.working.iter().position(|working| *working == index) {
            self.working.swap_remove(place);
        }
        self.become_status(index, Status::Exited);
        self.return_bond(index, one.bond)?;
        Ok(Vec::new())
    }

    pub(super) fn top_up(&mut self, number: u32, value: U256) -> Result<Vec<u8>, Refusal> {
        let assets = narrow(value)?;
        let index = self.known(number)?;
        if value.is_zero() {
            return refuse(&Registry::ZeroAmount {});
        }
        let one = &mut self.validators[index];
        if one.status == Status::Exited {
            return forbidden(one.status, one.status);
        }
        one.bond += assets;
        let increased = Registry::BondIncreased {
            id: number,
            assets: value,
            bond: word(one.bond),
        };
        self.log(self.at.registry, &increased);
        Ok(Vec::new())
    }

    pub(super) fn request_bond(
        &mut self,
        caller: Address,
        number: u32,
        assets: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let asked = narrow(assets)?;
        if asked == 0 {
            return refuse(&Registry::ZeroAmount {});
        }
        let one = &self.validators[index];
        check_stays(one)?;
        if asked > one.bond {
            return refuse(&Registry::DifferenceUnderflow {
                a: word(one.bond),
                b: assets,
            });
        }
        check_bond(one.bond - asked, self.needed_bond(one))?;
        self.ask_for_bond(index, asked);
        Ok(Vec::new())
    }

    pub(super) fn keep_bond(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let one = &mut self.validators[index];
        check_stays(one)?;
        let assets = word(std::mem::take(&mut one.bond_exit).amount);
        if assets.is_zero() {
            return refuse(&Registry::NoBondExit {});
        }
        let cancelled = Registry::BondExitCancelled { id: number, assets };
        self.log(self.at.registry, &cancelled);
        Ok(Vec::new())
    }

    pub(super) fn claim_bond(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let one = &self.validators[index];
        check_stays(one)?;
        let paid = one.bond_exit.amount;
        if paid == 0 {
            return refuse(&Registry::NoBondExit {});
        }
        self.check_bond_is_free(index)?;
        check_bond(one.staying(), self.needed_bond(one))?;
        self.return_bond(index, paid)?;
        Ok(Registry::claimBondCall::abi_encode_returns(&word(paid)))
    }

    pub(super) fn announce_commission(
        &mut self,
        caller: Address,
        number: u32,
        next: u16,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        let previous = self.validators[index].commission.at(self.now);
        check_commission(next)?;
        if next.saturating_sub(previous) > STEEPEST_RAISE {
            return refuse(&Registry::CommissionRaiseTooLarge {
                currentBps: previous,
                commissionBps: next,
                maximumRaise: STEEPEST_RAISE,
            });
        }
        let from = self.now + self.notice_secs;
        self.validators[index].commission = Commission {
            previous,
            next,
            from,
        };
        let announced = Registry::CommissionAnnounced {
            id: number,
            previousBps: previous,
            commissionBps: next,
            effectiveAt: from,
        };
        self.log(self.at.registry, &announced);
        Ok(Vec::new())
    }

    pub(super) fn rotate_signer(
        &mut self,
        caller: Address,
        number: u32,
        signer: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        self.check_signer(signer)?;
        self.signers.insert(signer, number);
        let previous = std::mem::replace(&mut self.validators[index].signer, signer);
        let rotated = Registry::SignerRotated {
            id: number,
            previous,
            current: signer,
        };
        self.log(self.at.registry, &rotated);
        Ok(Vec::new())
    }

    pub(super) fn set_reward_address(
        &mut self,
        caller: Address,
        number: u32,
        receiver: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.operated(caller, number)?;
        check_somebody(receiver)?;
        self.validators[index].reward_address = receiver;
        let changed = Registry::RewardAddressChanged {
            id: number,
            rewardAddress: receiver,
        };
        self.log(self.at.registry, &changed);
        Ok(Vec::new())
    }

    fn ask_for_bond(&mut self, index: usize, amount: u128) {
        let available_at = self.now + self.unbonding_secs;
        self.validators[index].bond_exit = BondExit {
            amount,
            available_at,
        };
        let asked = Registry::BondExitRequested {
            id: id(index),
            assets: word(amount),
            availableAt: available_at,
        };
        self.log(self.at.registry, &asked);
    }

    fn return_bond(&mut self, index: usize, assets: u128) -> Result<(), Refusal> {
        let one = &mut self.validators[index];
        one.bond -= assets;
        one.bond_exit = BondExit::default();
        let (receiver, assets) = (one.reward_address, word(assets));
        let returned = Registry::BondReturned {
            id: id(index),
            receiver,
            assets,
        };
        self.log(self.at.registry, &returned);
        if assets.is_zero() {
            return Ok(());
        }
        self.send(receiver, assets)
    }

    /// The minimum, or more for the stake that the bond stands for.
    fn needed_bond(&self, one: &Validator) -> u128 {
        let cover = (one.delegated + one.unbonding).div_ceil(self.terms.leverage_of(one));
        cover.max(self.terms.minimum_bond)
    }

    fn check_bond_is_free(&self, index: usize) -> Result<(), Refusal> {
        let available_at = self.validators[index].bond_exit.available_at;
        if self.now < available_at {
            return refuse(&Registry::BondLocked {
                availableAt: available_at,
                timestamp: self.now,
            });
        }
        self.check_no_faults(index)
    }

    fn check_no_faults(&self, index: usize) -> Result<(), Refusal> {
        match self.validators[index].faults.open(self.now) {
            0 => Ok(()),
            count => refuse(&Registry::OpenFaults { count }),
        }
    }

    /// A signer serves one validator, and that for good.
    fn check_signer(&self, signer: Address) -> Result<(), Refusal> {
        check_somebody(signer)?;
        if let Some(&taken) = self.signers.get(&signer) {
            return refuse(&Registry::SignerInUse { signer, id: taken });
        }
        Ok(())
    }
}

pub(super) fn forbidden<T>(current: Status, requested: Status) -> Result<T, Refusal> {
    refuse(&Registry::ForbiddenTransition {
        current: current as u8,
        requested: requested as u8,
    })
}

fn check_stays(one: &Validator) -> Result<(), Refusal> {
    if one.status.stays() {
        return Ok(());
    }
    forbidden(one.status, one.status)
}

fn check_somebody(address: Address) -> Result<(), Refusal> {
    if address.is_zero() {
        return refuse(&ZeroAddress {});
    }
    Ok(())
}

fn check_commission(bps: u16) -> Result<(), Refusal> {
    if bps > WHOLE_BPS {
        return refuse(&Registry::CommissionTooHigh {
            commissionBps: bps,
            maximum: WHOLE_BPS,
        });
    }
    Ok(())
}

fn check_bond(bond: u128, required: u128) -> Result<(), Refusal> {
    if bond < required {
        return refuse(&Registry::BondTooSmall {
            bond: word(bond),
            required: word(required),
        });
    }
    Ok(())
}
