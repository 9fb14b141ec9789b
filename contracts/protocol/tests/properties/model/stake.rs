//! The stake of the small world: what validators are given, give back and lose.

use protocol::{
    allocation::{self, Slot},
    delegation, pool, queue,
    registry::{Status, Validator},
    slashing::{self, Slash},
};

use super::{DAY, TARGET_BUFFER, World, terms};

impl World {
    pub(crate) fn fund_cover(&mut self, assets: u128) {
        self.cover += assets;
        self.registry_eth += assets;
        self.eth_in += assets;
    }

    /// Slashes `ppm` millionths of the exposure and jails.
    pub(crate) fn slash(&mut self, index: usize, ppm: u128) {
        let before = self.totals();
        let validator = self.validators[index];
        let exposure = slashing::exposure(&validator).unwrap();
        let penalty = exposure * ppm / 1_000_000;
        if penalty == 0 {
            return;
        }
        assert!(slashing::slash(&validator, self.cover, exposure + 1, 0).is_err());
        let slash: Slash =
            slashing::slash(&validator, self.cover, penalty, self.now + DAY).unwrap();
        let loss =
            pool::recognise_loss(&self.ledger, self.staked, slash.stake_loss, self.now).unwrap();
        assert_eq!(
            slash.bond_loss + slash.cover_used + loss.from_unreleased + loss.socialised,
            penalty,
            "I8: parts sum to the penalty"
        );
        assert_eq!(slash.active_cut + slash.unbonding_cut, slash.stake_loss);
        assert!(slash.reporter_reward * 20 <= slash.bond_loss);
        self.validators[index] = slash.validator;
        self.cover = slash.cover_fund;
        self.reporter_rewards += slash.reporter_reward;
        self.registry_eth -= slash.burned;
        self.eth_out += slash.burned;
        self.ledger = loss.ledger;
        self.staked = loss.staked;
        let after = self.totals();
        assert_eq!(after.assets, before.assets - loss.socialised, "I8");
        assert_eq!(after.shares, before.shares);
    }

    fn slots(&self) -> Vec<Slot> {
        let pool_assets = self.totals().assets;
        (0_u32..)
            .zip(&self.validators)
            .map(|(id, validator)| Slot {
                id,
                status: validator.status,
                active: validator.active,
                capacity: delegation::capacity(validator, pool_assets, &terms(), self.now).unwrap(),
                amount: 0,
            })
            .collect()
    }

    /// One bounded rebalance: exits for what the queue lacks, deposits for what lies idle.
    pub(crate) fn rebalance(&mut self, max_ops: usize) {
        let totals = self.totals();
        let free = self.free();
        let unbonding = self.validators.iter().map(|v| v.unbonding.assets).sum();
        let exiting = self
            .validators
            .iter()
            .filter(|v| v.status == Status::Exiting)
            .map(|v| v.active)
            .sum();
        let demand = queue::demand(self.unfilled, totals).unwrap();
        let not_released = pool::not_released(totals, self.staked);
        let demand = allocation::wanted(demand, not_released).unwrap();
        let plan = allocation::rebalance(free, TARGET_BUFFER, demand, unbonding, exiting);
        let mut slots = self.slots();
        let planned = allocation::plan_exits(&mut slots, plan.undelegate, max_ops).unwrap();
        assert!(planned <= plan.undelegate);
        let mut moved = 0;
        for slot in slots.iter().filter(|slot| slot.amount != 0) {
            let index = slot.id as usize;
            let (validator, entry) =
                delegation::undelegate(&self.validators[index], slot.amount, self.now, &terms())
                    .unwrap();
            self.validators[index] = validator;
            self.entries.push_back((index, entry));
            moved += slot.amount;
        }
        assert_eq!(moved, planned);
        let mut slots = self.slots();
        let planned = allocation::plan_deposits(&mut slots, plan.delegate, max_ops).unwrap();
        assert!(planned <= plan.delegate && planned <= free, "I9");
        assert!(
            slots.iter().filter(|slot| slot.amount != 0).count() <= max_ops,
            "I11"
        );
        let mut moved = 0;
        for slot in slots.iter().filter(|slot| slot.amount != 0) {
            let index = slot.id as usize;
            // `delegate` refuses anything above the capacity: I9.
            self.validators[index] = delegation::delegate(
                &self.validators[index],
                slot.amount,
                totals.assets,
                &terms(),
                self.now,
            )
            .unwrap();
            moved += slot.amount;
        }
        assert_eq!(moved, planned);
        self.staked = pool::stake(&self.ledger, self.staked, planned, self.now).unwrap();
        self.pool_eth -= planned;
        self.registry_eth += planned;
    }

    /// Brings back at most `max` matured entries, oldest first.
    pub(crate) fn release(&mut self, max: usize) {
        for _ in 0..max {
            let Some(&(index, entry)) = self.entries.front() else {
                return;
            };
            let Ok((validator, assets)) =
                delegation::release(&self.validators[index], &entry, self.now)
            else {
                assert!(self.now < entry.matures_at);
                return;
            };
            self.entries.pop_front();
            self.validators[index] = validator;
            self.staked = pool::unstake(self.staked, assets).unwrap();
            self.registry_eth -= assets;
            self.pool_eth += assets;
        }
    }

    pub(crate) fn claim_bond(&mut self, index: usize) {
        if let Ok((validator, assets)) = self.validators[index].claim_bond(self.now, &terms()) {
            self.validators[index] = validator;
            self.registry_eth -= assets;
            self.eth_out += assets;
        }
    }

    pub(crate) fn complete_exit(&mut self, index: usize) {
        if let Ok((validator, assets)) = self.validators[index].complete_exit(self.now) {
            self.validators[index] = validator;
            self.registry_eth -= assets;
            self.eth_out += assets;
        }
    }

    pub(crate) fn add_bond(&mut self, index: usize, assets: u128) {
        if let Ok(validator) = self.validators[index].add_bond(assets) {
            self.validators[index] = validator;
            self.registry_eth += assets;
            self.eth_in += assets;
        }
    }

    /// Applies a step of one validator, if it is allowed.
    pub(crate) fn step_validator<E>(
        &mut self,
        index: usize,
        step: impl FnOnce(&Validator) -> Result<Validator, E>,
    ) {
        if let Ok(next) = step(&self.validators[index]) {
            let before = self.validators[index].status;
            assert!(
                before == next.status || before.may_become(next.status),
                "I9: arrows"
            );
            self.validators[index] = next;
        }
    }
}
