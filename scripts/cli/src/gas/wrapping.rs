//! Steps of who holds wlsETH.

use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::rpc::types::TransactionRequest;
use client::abi::IStakingPool::IStakingPoolInstance;
use client::clock;
use client::permit::{self, Signature};
use eyre::Result;

use super::journey::Journey;
use crate::amounts::milliether;

impl Journey {
    /// Every way into wlsETH; a minute apart, so that each supply is one to remember.
    pub(super) async fn wrapping(&mut self) -> Result<()> {
        let (alice, amount) = (self.alice.address(), milliether(10));
        let wrapped = self.protocol.wrapped.clone();
        let allow = self.protocol.pool.approve(*wrapped.address(), U256::MAX);
        let allow = allow.into_transaction_request();
        for holder in [alice, self.bob] {
            self.send(holder, allow.clone()).await?;
        }
        let wrap = wrapped.wrap(amount).into_transaction_request();
        self.send(self.bob, wrap.clone()).await?;
        let deposit = wrapped.deposit(amount, alice).into_transaction_request();
        let ether = TransactionRequest::default()
            .with_to(*wrapped.address())
            .with_value(amount);
        for (step, request) in [
            ("wlsETH: wrap, new holder", wrap.clone()),
            ("wlsETH: wrap, existing holder", wrap.clone()),
            ("wlsETH: wrap, once more", wrap),
            ("wlsETH: ERC-4626 deposit", deposit),
            ("wlsETH: ETH in one step", ether),
        ] {
            clock::advance(&self.provider, 60).await?;
            self.measure(step, alice, request).await?;
        }
        Ok(())
    }

    /// What wlsETH does as a token, and the ways out of it. Two checkpoints of its supply share a word, so
    /// that of two that follow each other one writes a new word and costs 17,100 more.
    pub(super) async fn wrapped(&mut self) -> Result<()> {
        let (alice, bob, amount) = (self.alice.address(), self.bob, milliether(1));
        let wrapped = self.protocol.wrapped.clone();
        let transfer = |to| wrapped.transfer(to, amount).into_transaction_request();
        let approve = wrapped.approve(bob, milliether(10));
        let spend = wrapped.transferFrom(alice, self.carol, amount);
        let unwrap = wrapped.unwrap(amount).into_transaction_request();
        let redeem = wrapped.redeem(amount, alice, alice);
        let withdraw = wrapped.withdraw(amount, alice, alice);
        let mint = wrapped.mint(amount, alice);
        let delegate = wrapped.delegate(alice).into_transaction_request();
        for (step, person, request) in [
            ("wlsETH: transfer, new holder", alice, transfer(self.carol)),
            ("wlsETH: transfer, existing holder", alice, transfer(bob)),
            (
                "wlsETH: approve, first",
                alice,
                approve.into_transaction_request(),
            ),
            (
                "wlsETH: transferFrom, existing holder",
                bob,
                spend.into_transaction_request(),
            ),
            ("wlsETH: unwrap", alice, unwrap),
            (
                "wlsETH: ERC-4626 redeem",
                alice,
                redeem.into_transaction_request(),
            ),
            (
                "wlsETH: ERC-4626 withdraw",
                alice,
                withdraw.into_transaction_request(),
            ),
            (
                "wlsETH: ERC-4626 mint",
                alice,
                mint.into_transaction_request(),
            ),
            ("wlsETH: delegate, first", alice, delegate),
            ("wlsETH: transfer, sender delegated", alice, transfer(bob)),
        ] {
            clock::advance(&self.provider, 60).await?;
            self.measure(step, person, request).await?;
        }
        for step in ["wlsETH: permit, first", "wlsETH: permit, again"] {
            let permit = self.permit_of_wrapped(amount).await?;
            self.measure(step, bob, permit).await?;
        }
        Ok(())
    }

    /// In and out through the ETH vault.
    pub(super) async fn vault(&mut self) -> Result<()> {
        let (alice, shares) = (self.alice.address(), milliether(2));
        let (wrapped, vault) = (self.protocol.wrapped.clone(), self.protocol.vault.clone());
        let allow = wrapped.approve(*vault.address(), U256::MAX);
        self.send(alice, allow.into_transaction_request()).await?;
        let deposit = vault.deposit(U256::ZERO, alice).value(milliether(500));
        let deposit = deposit.into_transaction_request();
        let request = vault.requestRedeem(shares, alice, alice);
        let request = request.into_transaction_request();
        let part = vault.redeem(milliether(1), alice, alice);
        let part = part.into_transaction_request();
        // The first of a controller writes more.
        self.send(alice, request.clone()).await?;
        for (step, request) in [
            ("ETH vault: deposit", deposit),
            ("ETH vault: request a redemption", request),
        ] {
            clock::advance(&self.provider, 60).await?;
            self.measure(step, alice, request).await?;
        }
        clock::advance(&self.provider, 60).await?;
        let finalize = self.protocol.queue.finalize(U256::from(100));
        self.send(self.bob, finalize.into_transaction_request())
            .await?;
        for (step, request) in [
            ("ETH vault: redeem, claiming a request", part.clone()),
            ("ETH vault: redeem the rest of a request", part),
        ] {
            clock::advance(&self.provider, 60).await?;
            self.measure(step, alice, request).await?;
        }
        Ok(())
    }

    /// Alice lets Carol have `value` wlsETH, signed and not sent yet.
    async fn permit_of_wrapped(&self, value: U256) -> Result<TransactionRequest> {
        let wrapped = &self.protocol.wrapped;
        // Its permits have the face of the pool's.
        let token = IStakingPoolInstance::new(*wrapped.address(), self.provider.clone());
        let (alice, carol, deadline) = (&self.alice, self.carol, U256::MAX);
        let Signature { v, r, s } = permit::next(&token, alice, carol, value, deadline).await?;
        let permit = wrapped.permit_0(alice.address(), carol, value, deadline, v, r, s);
        Ok(permit.into_transaction_request())
    }
}
