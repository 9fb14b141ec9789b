//! Stake of the pool: delegating, undelegating, and paying back what has finished unbonding.

use alloc::vec::Vec;

use abi::{IStakingPool, IValidatorRegistry};
use alloy_primitives::U256;
use glue::{access::only, bounds::check_count, calldata, calls, emit, revert};
use protocol::{
    allocation::{self, MAX_OPS, Slot},
    delegation,
    mul_div::{add, narrow, sub},
    registry::Status,
};
use registry_state::{Counts, STAKE};
use stylus_sdk::prelude::*;

use crate::{ValidatorRegistry, error::Error};

impl ValidatorRegistry {
    pub fn delegate(
        &mut self,
        assets: U256,
        total_pooled: U256,
        max_ops: U256,
    ) -> Result<(), Error> {
        self.check_pool()?;
        self.state.administration.pauses.check(STAKE)?;
        let value = self.vm().msg_value();
        let total_pooled = narrow(total_pooled)?;
        let (slots, planned) = self.deposit_plan(narrow(assets)?, total_pooled, max_ops)?;
        let placeable = U256::from(planned);
        if placeable != value {
            return Err(revert!(IValidatorRegistry::NotPlaceable {
                assets: value,
                placeable,
            })
            .into());
        }
        let mut sums = self.state.books.sums();
        sums.active = add(sums.active, planned)?;
        self.state.books.store_sums(&sums);
        let (terms, now) = (self.state.books.terms(), self.vm().block_timestamp());
        for slot in moving(&slots) {
            let validator = self.state.register.validator(slot.id);
            let validator =
                delegation::delegate(&validator, slot.amount, total_pooled, &terms, now)?;
            self.state.register.store_validator(slot.id, &validator);
            emit!(
                self.vm(),
                IValidatorRegistry::StakeDelegated [id: slot.id] {
                    assets: U256::from(slot.amount),
                    delegated: U256::from(validator.active),
                }
            );
        }
        Ok(())
    }

    pub fn undelegate(&mut self, assets: U256, max_ops: U256) -> Result<U256, Error> {
        self.check_pool()?;
        self.state.administration.pauses.check(STAKE)?;
        let (slots, planned) = self.exit_plan(narrow(assets)?, max_ops)?;
        let mut sums = self.state.books.sums();
        sums.active = sub(sums.active, planned)?;
        sums.unbonding = add(sums.unbonding, planned)?;
        self.state.books.store_sums(&sums);
        let now = self.vm().block_timestamp();
        let terms = self.state.books.terms();
        let mut counts = self.state.books.counts();
        for slot in moving(&slots) {
            let validator = self.state.register.validator(slot.id);
            let (validator, entry) = delegation::undelegate(&validator, slot.amount, now, &terms)?;
            self.state.register.store_validator(slot.id, &validator);
            self.state
                .register
                .store_entry(counts.end_entry, &entry, slot.id);
            emit!(
                self.vm(),
                IValidatorRegistry::StakeUndelegated [
                    id: slot.id,
                    entry: U256::from(counts.end_entry),
                ] {
                    assets: U256::from(slot.amount),
                    maturity: entry.matures_at,
                    delegated: U256::from(validator.active),
                }
            );
            // 2⁶⁴ entries cannot be made: each costs tens of thousands of gas.
            counts.end_entry = counts.end_entry.saturating_add(1);
        }
        self.state.books.store_counts(counts);
        Ok(U256::from(planned))
    }

    pub fn release_matured(&mut self, max_entries: U256) -> Result<U256, Error> {
        self.state.check_unlocked()?;
        self.state.administration.pauses.check(STAKE)?;
        let now = self.vm().block_timestamp();
        let counts = self.state.books.counts();
        let mut first_entry = counts.first_entry;
        let mut returned = 0;
        for _ in 0..check_count(max_entries, MAX_OPS)? {
            if first_entry == counts.end_entry {
                break;
            }
            let (entry, id) = self.state.register.entry(first_entry);
            if now < entry.matures_at {
                break;
            }
            let (validator, paid) =
                delegation::release(&self.state.register.validator(id), &entry, now)?;
            self.state.register.store_validator(id, &validator);
            emit!(
                self.vm(),
                IValidatorRegistry::StakeReturned [id, entry: U256::from(first_entry)] {
                    assets: U256::from(paid),
                }
            );
            first_entry = first_entry.saturating_add(1);
            returned = add(returned, paid)?;
        }
        self.state.books.store_counts(Counts {
            first_entry,
            ..counts
        });
        let assets = U256::from(returned);
        if returned != 0 {
            let mut sums = self.state.books.sums();
            sums.unbonding = sub(sums.unbonding, returned)?;
            self.state.books.store_sums(&sums);
            let [] = calls::call(
                self.vm(),
                self.state.books.pool(),
                assets,
                &calldata!(IStakingPool::receiveReturnedCall {}),
            )?;
        }
        Ok(assets)
    }

    /// The plan of a delegation, and how much of `assets` it places.
    pub(crate) fn deposit_plan(
        &self,
        assets: u128,
        total_pooled: u128,
        max_ops: U256,
    ) -> Result<(Vec<Slot>, u128), Error> {
        let mut slots = self.slots(Some(total_pooled))?;
        let max_ops = check_count(max_ops, MAX_OPS)? as usize;
        let planned = allocation::plan_deposits(&mut slots, assets, max_ops)?;
        Ok((slots, planned))
    }

    /// The plan of an undelegation, and how much it calls back.
    pub(crate) fn exit_plan(
        &self,
        assets: u128,
        max_ops: U256,
    ) -> Result<(Vec<Slot>, u128), Error> {
        let mut slots = self.slots(None)?;
        let max_ops = check_count(max_ops, MAX_OPS)? as usize;
        let planned = allocation::plan_exits(&mut slots, assets, max_ops)?;
        Ok((slots, planned))
    }

    /// Delegated stake of validators that leave.
    pub(crate) fn leaving(&self) -> Result<u128, Error> {
        let mut leaving = 0;
        for place in 0..self.state.books.counts().working {
            let validator = self
                .state
                .register
                .validator(self.state.books.working(place));
            if matches!(validator.status, Status::Jailed | Status::Exiting) {
                leaving = add(leaving, validator.active)?;
            }
        }
        Ok(leaving)
    }

    /// The working validators as plans see them. Without a total, capacities are those of an
    /// infinite pool: exits ask only who has none and who is fullest for its bond.
    fn slots(&self, total_pooled: Option<u128>) -> Result<Vec<Slot>, Error> {
        let (terms, now) = (self.state.books.terms(), self.vm().block_timestamp());
        let working = self.state.books.counts().working;
        let mut slots = Vec::with_capacity(working as usize);
        for place in 0..working {
            let id = self.state.books.working(place);
            let validator = self.state.register.validator(id);
            slots.push(Slot {
                id,
                status: validator.status,
                active: validator.active,
                capacity: delegation::capacity(
                    &validator,
                    total_pooled.unwrap_or(u128::MAX),
                    &terms,
                    now,
                )?,
                amount: 0,
            });
        }
        Ok(slots)
    }

    fn check_pool(&self) -> Result<(), Error> {
        self.state.check_unlocked()?;
        Ok(only(self.vm().msg_sender(), self.state.books.pool())?)
    }
}

/// The validators that a plan moves stake of, in its order.
pub(crate) fn moving(slots: &[Slot]) -> impl Iterator<Item = &Slot> {
    slots.iter().filter(|slot| slot.amount != 0)
}

/// A plan for the ABI.
pub(crate) fn listed(slots: &[Slot]) -> Vec<(u32, U256)> {
    moving(slots)
        .map(|slot| (slot.id, U256::from(slot.amount)))
        .collect()
}
