//! Everything that can be asked of the contracts, with the answers the model expects.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolValue};
use client::abi::{
    IStakingPool as Pool, IValidatorRegistry as Registry, IWithdrawalQueue as Queue,
};

use super::{Bucket, Model, word};

/// A question and its answer.
pub(in crate::lockstep) struct View {
    pub(in crate::lockstep) signature: &'static str,
    pub(in crate::lockstep) to: Address,
    pub(in crate::lockstep) data: Vec<u8>,
    pub(in crate::lockstep) expected: Vec<u8>,
}

fn view<C: SolCall>(to: Address, call: &C, expected: Vec<u8>) -> View {
    View {
        signature: C::SIGNATURE,
        to,
        data: call.abi_encode(),
        expected,
    }
}

impl Model {
    /// Every question; `people` are those whose accounts are looked at.
    pub(in crate::lockstep) fn views(&self, people: &[Address]) -> Vec<View> {
        let mut views = self.pool_views();
        views.extend(
            people
                .iter()
                .flat_map(|one| self.account_views(*one, people)),
        );
        views.extend(self.queue_views());
        views.extend(self.registry_views());
        views
    }

    fn pool_views(&self) -> Vec<View> {
        let pool = self.at.pool;
        let (assets, shares) = (word(self.assets()), word(self.total_shares));
        let reserves = (
            word(self.buffered()),
            word(self.unreleased()),
            word(self.staked),
            U256::ZERO,
        );
        let release = (
            word(self.release.amount),
            self.release.start,
            self.release.end,
        );
        let limit = match self.bucket {
            Bucket { capacity: 0, .. } => U256::MAX,
            _ => word(self.depositable()),
        };
        // Nobody alleges a fault here.
        let quote = (word(self.buffered()), assets, shares, U256::ZERO);
        vec![
            view(pool, &Pool::totalSupplyCall {}, assets.abi_encode()),
            view(pool, &Pool::getTotalSharesCall {}, shares.abi_encode()),
            view(pool, &Pool::reservesCall {}, reserves.abi_encode_params()),
            view(pool, &Pool::releaseCall {}, release.abi_encode_params()),
            view(pool, &Pool::getCurrentStakeLimitCall {}, limit.abi_encode()),
            view(
                pool,
                &Pool::withdrawalQuoteCall {},
                quote.abi_encode_params(),
            ),
            view(
                pool,
                &Pool::getTargetBufferCall {},
                word(self.target_buffer).abi_encode(),
            ),
        ]
    }

    fn account_views(&self, account: Address, people: &[Address]) -> Vec<View> {
        let pool = self.at.pool;
        let held = self.held(account);
        let mut views = vec![
            view(
                pool,
                &Pool::sharesOfCall { account },
                word(held).abi_encode(),
            ),
            view(
                pool,
                &Pool::balanceOfCall { account },
                word(self.worth(held)).abi_encode(),
            ),
        ];
        let allowances = people.iter().filter_map(|&spender| {
            let allowance = self.allowances.get(&(account, spender))?;
            let call = Pool::allowanceCall {
                owner: account,
                spender,
            };
            Some(view(pool, &call, allowance.abi_encode()))
        });
        views.extend(allowances);
        views
    }

    fn queue_views(&self) -> Vec<View> {
        let queue = self.at.queue;
        let shares: u128 = self.requests.iter().map(|one| one.shares).sum();
        let nominal: u128 = self.requests.iter().map(|one| one.nominal).sum();
        let locked: u128 = self.requests.iter().map(|one| one.filled).sum();
        let mut views = vec![
            view(
                queue,
                &Queue::getLastRequestIdCall {},
                U256::from(self.requests.len()).abi_encode(),
            ),
            view(
                queue,
                &Queue::getLastFinalizedRequestIdCall {},
                U256::from(self.finalized).abi_encode(),
            ),
            view(
                queue,
                &Queue::getLockedEtherAmountCall {},
                word(locked).abi_encode(),
            ),
            view(
                queue,
                &Queue::unfilledCall {},
                (word(nominal), word(shares)).abi_encode_params(),
            ),
            view(
                queue,
                &Queue::reservesCall {},
                (word(locked), U256::ZERO).abi_encode_params(),
            ),
        ];
        // The line behind the head does not change: the newest and the oldest unfilled tell enough.
        let first = self.finalized.saturating_sub(3);
        for (index, one) in self.requests.iter().enumerate().skip(first).take(6) {
            let answer = (
                one.owner,
                one.made_at,
                word(one.nominal),
                word(one.shares),
                word(one.filled),
                one.closed,
            );
            let call = Queue::requestOfCall {
                requestId: U256::from(index + 1),
            };
            views.push(view(queue, &call, answer.abi_encode_params()));
        }
        views
    }

    fn registry_views(&self) -> Vec<View> {
        let registry = self.at.registry;
        let sum = |part: fn(&super::Validator) -> u128| -> U256 {
            word(self.validators.iter().map(part).sum())
        };
        let rewards: u128 = self.rewards.values().sum();
        let reserves = (
            sum(|one| one.bond),
            sum(|one| one.delegated),
            sum(|one| one.unbonding),
            word(self.cover),
            word(rewards),
            U256::ZERO,
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
        ];
        for (number, one) in (1_u32..).zip(&self.validators) {
            let answer = (
                U256::from(one.status as u8),
                word(one.bond),
                word(one.delegated),
                word(one.unbonding),
                U256::from(500),
                one.operator,
                one.operator,
                one.operator,
            );
            let call = Registry::validatorCall { id: number };
            views.push(view(registry, &call, answer.abi_encode_params()));
        }
        views
    }
}
