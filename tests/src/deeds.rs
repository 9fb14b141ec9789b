//! What people do in a world: each sends one transaction or two, and checks what must hold after any.

use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use client::abi::IStakingPool::StakingLimitSet;
use client::abi::IValidatorRegistry::ValidatorRegistered;
use client::abi::IWithdrawalQueue::WithdrawalRequested;
use client::contract::Contract;
use eyre::{OptionExt, Result, ensure};

use crate::world::{Person, World};

impl World {
    pub(crate) async fn deposit(&self, person: Person, assets: U256) -> Result<TransactionReceipt> {
        let submit = self.protocol.pool.submit(Address::ZERO).value(assets);
        self.send(person, submit.into_transaction_request()).await
    }

    pub(crate) async fn register(&self, operator: Person, bond: U256) -> Result<u32> {
        let request = self.registration(operator.0, operator.0, bond);
        let receipt = self.send(operator, request).await?;
        let registered = receipt.decoded_log::<ValidatorRegistered>();
        Ok(registered.ok_or_eyre("a registration emits its event")?.id)
    }

    /// A registration that is not sent yet.
    pub(crate) fn registration(
        &self,
        signer: Address,
        reward: Address,
        bond: U256,
    ) -> TransactionRequest {
        let registry = &self.protocol.registry;
        let call = registry.register("validator".to_owned(), signer, reward, 500);
        call.value(bond).into_transaction_request()
    }

    pub(crate) async fn rebalance(&self) -> Result<TransactionReceipt> {
        let rebalance = self.protocol.pool.rebalance(U256::from(16));
        self.send(self.stranger, rebalance.into_transaction_request())
            .await
    }

    pub(crate) async fn distribute(&self, assets: U256) -> Result<TransactionReceipt> {
        let distribute = self.protocol.pool.distribute().value(assets);
        self.send(self.admin, distribute.into_transaction_request())
            .await
    }

    /// Lets the queue take all that somebody has, an allowance that is never spent: shares are rounded
    /// up, and what they take of it with them.
    pub(crate) async fn allow_queue(&self, person: Person) -> Result<()> {
        let queue = *self.protocol.queue.address();
        let allow = self.protocol.pool.approve(queue, U256::MAX);
        self.send(person, allow.into_transaction_request()).await?;
        Ok(())
    }

    /// Queues `assets` wei of lsETH; returns the id of the request.
    pub(crate) async fn request(&self, person: Person, assets: U256) -> Result<U256> {
        self.request_for(person, Address::ZERO, assets).await
    }

    /// As [`World::request`], for `owner`.
    pub(crate) async fn request_for(
        &self,
        person: Person,
        owner: Address,
        assets: U256,
    ) -> Result<U256> {
        self.allow_queue(person).await?;
        let request = self.protocol.queue.requestWithdrawals(vec![assets], owner);
        let receipt = self
            .send(person, request.into_transaction_request())
            .await?;
        let requested = receipt.decoded_log::<WithdrawalRequested>();
        Ok(requested.ok_or_eyre("a request emits its event")?.requestId)
    }

    pub(crate) async fn finalize(&self, most: u64) -> Result<TransactionReceipt> {
        let finalize = self.protocol.queue.finalize(U256::from(most));
        self.send(self.stranger, finalize.into_transaction_request())
            .await
    }

    pub(crate) async fn claim(&self, person: Person, id: U256) -> Result<TransactionReceipt> {
        let claim = self.protocol.queue.claimWithdrawal(id);
        self.send(person, claim.into_transaction_request()).await
    }

    /// A slash that is not sent yet.
    pub(crate) fn slash(&self, id: u32, penalty: U256, evidence: B256) -> TransactionRequest {
        let slash = self.protocol.registry.slash(id, penalty, evidence);
        slash.into_transaction_request()
    }

    /// The admin pauses a group for a day; returns until when.
    pub(crate) async fn pause(&self, contract: Contract, group: u8) -> Result<u64> {
        let office = self.protocol.administration(contract);
        let pause = office.pause(group, 86_400).into_transaction_request();
        self.send(self.admin, pause).await?;
        Ok(office.pausedUntil(group).call().await?)
    }

    /// Sets the deposit bucket.
    pub(crate) async fn limit_deposits(&self, most: U256, refill_secs: u32) -> Result<()> {
        let limit = self.protocol.pool.setStakingLimit(most, refill_secs);
        let receipt = self
            .send(self.admin, limit.into_transaction_request())
            .await?;
        let set = receipt.decoded_log::<StakingLimitSet>();
        ensure!(set.is_some(), "a new limit emits its event");
        Ok(())
    }

    /// Every operator registers a validator with this bond and activates it.
    pub(crate) async fn bond(&self, bond: U256) -> Result<()> {
        for operator in self.operators {
            let id = self.register(operator, bond).await?;
            let activate = self.protocol.registry.activate(id);
            self.send(operator, activate.into_transaction_request())
                .await?;
        }
        Ok(())
    }

    pub(crate) async fn balance(&self, person: Person) -> Result<U256> {
        Ok(self.protocol.pool.balanceOf(person.0).call().await?)
    }

    pub(crate) async fn shares(&self, person: Person) -> Result<U256> {
        Ok(self.protocol.pool.sharesOf(person.0).call().await?)
    }

    pub(crate) async fn wei(&self, address: Address) -> Result<U256> {
        Ok(self.provider.get_balance(address).await?)
    }
}
