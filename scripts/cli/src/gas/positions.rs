//! Steps of who has positions in the queue: given up, lent, sold, and claimed many at once.

use alloy::primitives::{Address, U256};
use client::abi::IWithdrawalQueue::PermitInput;
use client::clock;
use client::permit::{self, Signature};
use eyre::Result;

use super::journey::Journey;
use crate::amounts::milliether;

impl Journey {
    /// Behind twelve requests, the second of which is claimed.
    pub(super) async fn positions(&mut self) -> Result<()> {
        let (alice, bob) = (self.alice.address(), self.bob);
        let (queue, amount) = (self.protocol.queue.clone(), milliether(10));
        let ask = queue.requestWithdrawal(amount, Address::ZERO, U256::ZERO);
        self.measure(
            "request a withdrawal of shares",
            alice,
            ask.into_transaction_request(),
        )
        .await?;
        // What shares gained in the line is burned, by a call more: here always, and not only where the
        // machine is slow.
        clock::advance(&self.provider, 3_600).await?;
        let cancel = queue.cancel(U256::from(13)).into_transaction_request();
        self.measure("cancel a request", alice, cancel).await?;
        let input = self.signed(amount).await?;
        let ask = queue.requestWithdrawalsWithPermit(vec![amount], Address::ZERO, input);
        self.measure(
            "request with a permit",
            alice,
            ask.into_transaction_request(),
        )
        .await?;
        let approve = queue.approve(bob, U256::from(3));
        self.measure(
            "approve a position",
            alice,
            approve.into_transaction_request(),
        )
        .await?;
        let sale = |id: u64| {
            let sale = queue.transferFrom(alice, bob, U256::from(id));
            sale.into_transaction_request()
        };
        self.send(alice, sale(4)).await?;
        self.measure("transfer a position", alice, sale(5)).await?;
        self.claims().await
    }

    /// Five and ten at once, of an owner who keeps others.
    async fn claims(&mut self) -> Result<()> {
        let alice = self.alice.address();
        let queue = self.protocol.queue.clone();
        let allow = self.protocol.pool.approve(*queue.address(), U256::MAX);
        self.send(alice, allow.into_transaction_request()).await?;
        let ask = queue.requestWithdrawals(vec![milliether(10); 10], Address::ZERO);
        self.measure(
            "request 10 withdrawals",
            alice,
            ask.into_transaction_request(),
        )
        .await?;
        // The one that was cancelled, the one with a permit, and these ten.
        let finalize = queue.finalize(U256::from(12)).into_transaction_request();
        self.send(self.bob, finalize).await?;
        for (step, first, end) in [
            ("claim 5 requests", 6_u64, 11_u64),
            ("claim 10 requests", 15, 25),
        ] {
            let ids: Vec<U256> = (first..end).map(U256::from).collect();
            let claims = queue.claimWithdrawals(ids, Vec::new());
            self.measure(step, alice, claims.into_transaction_request())
                .await?;
        }
        Ok(())
    }

    /// The next permit of Alice's lsETH for the queue.
    async fn signed(&self, value: U256) -> Result<PermitInput> {
        let (pool, queue) = (&self.protocol.pool, *self.protocol.queue.address());
        let deadline = U256::MAX;
        let Signature { v, r, s } = permit::next(pool, &self.alice, queue, value, deadline).await?;
        Ok(PermitInput {
            value,
            deadline,
            v,
            r,
            s,
        })
    }
}
