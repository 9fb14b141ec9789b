//! What the roles do, and what others would like to.

use alloy::primitives::{Address, U256};
use client::abi::{
    IAdministration as Office, IStakingPool as Pool, IValidatorRegistry as Registry,
    IWithdrawalQueue as Queue,
};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::{Draw, ETHER};
use crate::lockstep::operation::Operation;

impl Draw<'_> {
    /// The admin, or who has no role.
    pub(super) fn officer(&mut self, somebody: Address) -> Address {
        if self.one_in(15) {
            return somebody;
        }
        self.model.at.admin
    }

    pub(super) fn administration(&mut self, from: Address) -> Operation {
        let (pool, queue) = (self.model.at.pool, self.model.at.queue);
        let admin = self.officer(from);
        match self.rng.random_range(0..20) {
            0 => Operation::call(admin, pool, &Pool::distributeCall {}),
            1 | 2 => {
                let limit = Pool::setStakingLimitCall {
                    maxStakeLimit: U256::from(self.limit()),
                    refillSeconds: self.rng.random_range(0..10_000),
                };
                Operation::call(admin, pool, &limit)
            }
            3 => {
                let assets = U256::from(self.rng.random_range(0..5 * ETHER));
                Operation::call(admin, pool, &Pool::setTargetBufferCall { assets })
            }
            4 => {
                let fee_bps = self.rng.random_range(0..2_200);
                Operation::call(admin, pool, &Pool::announceFeeCall { feeBps: fee_bps })
            }
            5 => Operation::call(from, pool, &Pool::recordRateCall {}),
            6 | 7 => {
                let limit = Queue::setInstantLimitCall {
                    maxAssets: U256::from(self.limit()),
                    refillSeconds: self.rng.random_range(3_000..100_000),
                };
                Operation::call(admin, queue, &limit)
            }
            8 => Operation::call(admin, queue, &Queue::suspendInstantLaneCall {}),
            9 | 10 => Operation::call(admin, queue, &Queue::resumeInstantLaneCall {}),
            11 => self.terms(admin),
            12 => match self.rng.random_range(0..6) {
                0 => Operation::call(admin, pool, &Pool::pauseStakingCall {}),
                1..4 => Operation::call(admin, pool, &Pool::resumeStakingCall {}),
                _ => Operation::call(admin, pool, &Pool::removeStakingLimitCall {}),
            },
            _ => {
                let reward = self.ether(1) / 50;
                Operation::paid(admin, pool, reward, &Pool::distributeCall {})
            }
        }
    }

    fn limit(&mut self) -> u128 {
        let limits = [0, ETHER, 50 * ETHER, 50 * ETHER];
        *limits.choose(self.rng).unwrap_or(&0)
    }

    fn terms(&mut self, admin: Address) -> Operation {
        let leverage = self.rng.random_range(0..22);
        let terms = Registry::setTermsCall {
            minimumBond: U256::from(self.rng.random_range(0..3 * ETHER)),
            leverage,
            openLeverage: self.rng.random_range(0..=leverage + 1),
            poolShareBps: self.rng.random_range(50..10_100),
        };
        Operation::call(admin, self.model.at.registry, &terms)
    }

    /// Pauses are few and end by themselves: what is paused is not tried.
    pub(super) fn pause(&mut self, from: Address) -> Operation {
        let at = self.model.at;
        let contracts = [at.pool, at.queue, at.registry];
        let contract = *contracts.choose(self.rng).unwrap_or(&at.pool);
        let group = self.rng.random_range(0..=self.model.groups(contract));
        let officer = self.officer(from);
        if self.one_in(3) {
            let duration = self.rng.random_range(7 * 3_600..3 * 86_400);
            let pause = Office::pauseCall { group, duration };
            return Operation::call(officer, contract, &pause);
        }
        // Mostly one that is paused.
        let paused = self.model.pauses.iter();
        let paused: Vec<_> = paused
            .filter(|(_, until)| **until > self.model.now)
            .collect();
        let chosen = paused.choose(self.rng);
        let (contract, group) = chosen.map_or((contract, group), |(place, _)| **place);
        Operation::call(officer, contract, &Office::unpauseCall { group })
    }
}
