//! Everything that can be asked of the contracts, with the answers the model expects.

mod registry;
mod vault;
mod wrapped;

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolValue};
use client::abi::{IAdministration as Office, IStakingPool as Pool, IWithdrawalQueue as Queue};

use super::pauses::DEPOSITS;
use super::{Bucket, Model, Token, word};

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
        views.extend(self.position_views(people));
        views.extend(self.registry_views());
        views.extend(self.wrapped_views(people));
        views.extend(self.vault_views(people));
        views.extend(self.pauses.iter().map(|(&(contract, group), until)| {
            view(
                contract,
                &Office::pausedUntilCall { group },
                until.abi_encode(),
            )
        }));
        views
    }

    fn pool_views(&self) -> Vec<View> {
        let pool = self.at.pool;
        let (assets, shares) = (word(self.assets()), word(self.total_shares));
        let reserves = (
            word(self.buffered()),
            word(self.unreleased_here()),
            word(self.staked),
            word(self.surplus(pool)),
        );
        let release = (
            word(self.release.amount),
            self.release.start,
            self.release.end,
        );
        let limit = self.stake_limit();
        let (round, rate, at) = self.newest_round();
        let quote = (
            word(self.buffered()),
            assets,
            shares,
            self.slash_pending_until,
        );
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
            view(pool, &Pool::getFeeCall {}, self.fee_bps().abi_encode()),
            view(
                pool,
                &Pool::announcedFeeCall {},
                (self.fee.next, self.fee.from).abi_encode_params(),
            ),
            view(
                pool,
                &Pool::rateAtCall { round },
                (word(rate), at).abi_encode_params(),
            ),
            view(pool, &Pool::latestRoundCall {}, round.abi_encode()),
        ]
    }

    /// Wei that may be deposited now.
    pub(super) fn stake_limit(&self) -> U256 {
        match self.bucket {
            _ if self.is_paused(self.at.pool, DEPOSITS) => U256::ZERO,
            Bucket { capacity: 0, .. } => U256::MAX,
            bucket => word(bucket.available(self.now)),
        }
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
            view(
                pool,
                &Pool::noncesCall { owner: account },
                self.nonce(Token::Lseth, account).abi_encode(),
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
                (word(locked), word(self.surplus(queue))).abi_encode_params(),
            ),
            view(
                queue,
                &Queue::instantLimitCall {},
                self.instant_limit().abi_encode_params(),
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
            let id = U256::from(index + 1);
            let call = Queue::requestOfCall { requestId: id };
            views.push(view(queue, &call, answer.abi_encode_params()));
            if !one.closed {
                let approved = self.approved.get(&index).copied().unwrap_or_default();
                let call = Queue::getApprovedCall { tokenId: id };
                views.push(view(queue, &call, approved.abi_encode()));
            }
        }
        views
    }

    fn position_views(&self, people: &[Address]) -> Vec<View> {
        let queue = self.at.queue;
        let owners = people.iter().chain(self.neighbours.keys());
        let mut views: Vec<View> = owners
            .map(|&owner| {
                let count = U256::from(self.positions_of(owner).len());
                view(queue, &Queue::balanceOfCall { owner }, count.abi_encode())
            })
            .collect();
        for &owner in people {
            for &operator in people {
                let all = self.operators.contains(&(owner, operator));
                let call = Queue::isApprovedForAllCall { owner, operator };
                views.push(view(queue, &call, all.abi_encode()));
            }
        }
        views
    }
}
