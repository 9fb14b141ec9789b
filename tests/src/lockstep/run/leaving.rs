//! How each run ends: everybody leaves, from whatever state it has come to.

use alloy::primitives::{Address, U256};
use alloy::signers::local::PrivateKeySigner;
use client::abi::{
    IEtherVault as Vault, IStakingPool as Pool, IWithdrawalQueue as Queue, IWrappedToken as Wrapped,
};
use eyre::{Result, ensure};

use super::Lockstep;
use crate::lockstep::model::MINIMUM;
use crate::lockstep::operation::Operation;

/// What requests gained while they waited may lift somebody over the minimum again: hence several rounds,
/// of eight days each.
const ROUNDS_OF_LEAVING: u32 = 3;

impl Lockstep {
    /// Everybody leaves, wherever the run has come to.
    pub(super) async fn leave(&mut self) -> Result<()> {
        let at = self.model.at;
        let people: Vec<Address> = self.people.iter().map(PrivateKeySigner::address).collect();
        // Pauses end and faults lapse in that time, whatever anybody does.
        self.pass(31 * 86_400).await?;
        for _ in 0..ROUNDS_OF_LEAVING {
            for &from in &people {
                self.ask_for_all(from).await?;
            }
            for wait in [0, 8 * 86_400, 0] {
                self.pass(wait).await?;
                let max_ops = U256::from(64);
                let rebalance = Pool::rebalanceCall { maxOps: max_ops };
                self.step(&Operation::call(people[0], at.pool, &rebalance))
                    .await?;
            }
            for _ in 0..=self.model.requests.len() / 100 {
                self.pass(1).await?;
                let most = U256::from(100);
                let finalize = Queue::finalizeCall { maxRequests: most };
                self.step(&Operation::call(people[0], at.queue, &finalize))
                    .await?;
            }
        }
        for &from in &people {
            for id in self.model.positions_of(from) {
                self.pass(1).await?;
                let claim = Queue::claimWithdrawalCall { requestId: id };
                self.step(&Operation::call(from, at.queue, &claim)).await?;
            }
            let left = self.model.positions_of(from);
            ensure!(left.is_empty(), "{from} could not claim {left:?}");
            self.empty_vault(from).await?;
            let worth = self.model.worth(self.model.held(from));
            ensure!(worth < MINIMUM, "{from} could not leave with {worth} wei");
        }
        let waiting = self.model.requests.iter().filter(|one| one.shares != 0);
        ensure!(waiting.count() == 0, "requests are not filled");
        Ok(())
    }

    /// Somebody takes everything that the vault has for it.
    async fn empty_vault(&mut self, from: Address) -> Result<()> {
        loop {
            let (shares, _) = self.model.takeable(from);
            if shares == 0 {
                break;
            }
            let redeem = Vault::redeemCall {
                shares: U256::from(shares),
                receiver: from,
                controller: from,
            };
            self.pass(1).await?;
            self.step(&Operation::call(from, self.model.at.vault, &redeem))
                .await?;
        }
        let left = self.model.left_in_vault(from);
        ensure!(left == 0, "{from} could not take {left} parts of the vault");
        Ok(())
    }

    /// Somebody unwraps its wlsETH and queues all of its lsETH.
    async fn ask_for_all(&mut self, from: Address) -> Result<()> {
        let at = self.model.at;
        let shares = U256::from(self.model.wrapped_of(from));
        let unwrap = Wrapped::unwrapCall { shares };
        let approve = Pool::approveCall {
            spender: at.queue,
            amount: U256::MAX,
        };
        self.pass(1).await?;
        self.step(&Operation::call(from, at.wrapped, &unwrap))
            .await?;
        self.pass(1).await?;
        self.step(&Operation::call(from, at.pool, &approve)).await?;
        let request = Queue::requestWithdrawalCall {
            shares: U256::from(self.model.held(from)),
            owner: Address::ZERO,
            minEth: U256::ZERO,
        };
        self.pass(1).await?;
        self.step(&Operation::call(from, at.queue, &request)).await
    }
}
