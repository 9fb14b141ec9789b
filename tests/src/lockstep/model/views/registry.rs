//! What can be asked of the registry.

use alloy::primitives::U256;
use alloy::sol_types::SolValue;
use client::abi::IValidatorRegistry as Registry;

use super::{View, view};
use crate::lockstep::model::registry::Validator;
use crate::lockstep::model::{Model, word};

impl Model {
    pub(super) fn registry_views(&self) -> Vec<View> {
        let registry = self.at.registry;
        let sum =
            |part: fn(&Validator) -> u128| -> U256 { word(self.validators.iter().map(part).sum()) };
        let rewards: u128 = self.rewards.values().sum();
        let reserves = (
            sum(|one| one.bond),
            sum(|one| one.delegated),
            sum(|one| one.unbonding),
            word(self.cover),
            word(rewards),
            word(self.surplus(registry)),
        );
        let summary = (sum(|one| one.unbonding), word(self.leaving()));
        let mut views = vec![
            view(
                registry,
                &Registry::reservesCall {},
                reserves.abi_encode_params(),
            ),
            view(
                registry,
                &Registry::stakeSummaryCall {},
                summary.abi_encode_params(),
            ),
            view(
                registry,
                &Registry::pendingFaultsCall {},
                self.faults.open(self.now).abi_encode(),
            ),
            view(
                registry,
                &Registry::slashingHooksCall {},
                self.hooks.abi_encode(),
            ),
            view(
                registry,
                &Registry::validatorCountCall {},
                U256::from(self.validators.len()).abi_encode(),
            ),
        ];
        for (index, one) in self.validators.iter().enumerate() {
            views.extend(self.validator_views(index, one));
        }
        views
    }

    fn validator_views(&self, index: usize, one: &Validator) -> [View; 4] {
        let (registry, id) = (
            self.at.registry,
            crate::lockstep::model::registry::id(index),
        );
        let record = (
            U256::from(one.status as u8),
            word(one.bond),
            word(one.delegated),
            word(one.unbonding),
            one.commission.at(self.now),
            one.operator,
            one.signer,
            one.reward_address,
        );
        let commission = one.commission;
        let commission = (commission.previous, commission.next, commission.from);
        let waits = (
            word(one.bond_exit.amount),
            one.bond_exit.available_at,
            one.faults.open(self.now),
            one.jailed_until,
        );
        let pool = self.assets();
        let capacity = (
            U256::from(one.lane as u8),
            one.target.map_or(U256::MAX, word),
            word(self.capacity(index, pool)),
        );
        let capacity_of = Registry::capacityOfCall {
            id,
            totalPooled: word(pool),
        };
        [
            view(
                registry,
                &Registry::validatorCall { id },
                record.abi_encode_params(),
            ),
            view(
                registry,
                &Registry::commissionOfCall { id },
                commission.abi_encode_params(),
            ),
            view(
                registry,
                &Registry::bondExitOfCall { id },
                waits.abi_encode_params(),
            ),
            view(registry, &capacity_of, capacity.abi_encode_params()),
        ]
    }
}
