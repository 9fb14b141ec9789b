//! The steps that are measured, in an order in which each finds what it needs.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, keccak256};
use alloy::providers::DynProvider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use client::artifact::Artifact;
use client::clock;
use client::connection::connect;
use client::launch::{Launch, launch};
use client::nitro::{ARB_WASM_CACHE, IArbWasmCache};
use client::parameters::Parameters;
use client::permit::{self, Signature};
use client::protocol::Protocol;
use client::send::send;
use eyre::{Result, ensure};
use nitro_devnode::Devnode;

use crate::amounts::{ether, milliether};

/// Which programs the chain has in its cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    Full,
    Empty,
}

/// Measured steps, in order.
pub(super) type Steps = Vec<(&'static str, u64)>;

/// A fresh chain with the protocol on it and what was measured so far.
pub(super) struct Journey {
    pub(super) provider: DynProvider,
    pub(super) protocol: Protocol,
    admin: Address,
    pub(super) alice: PrivateKeySigner,
    pub(super) bob: Address,
    pub(super) carol: Address,
    steps: Steps,
    /// Held, not used: dropping it stops the node.
    _node: Devnode,
}

/// Takes every step on a fresh chain; returns the gas of each.
pub(super) async fn travel(artifacts: &[Artifact], cache: Cache) -> Result<Steps> {
    let mut journey = Journey::begin(artifacts, cache).await?;
    journey.deposits().await?;
    journey.transfers().await?;
    journey.permits().await?;
    journey.withdrawals().await?;
    journey.positions().await?;
    journey.wrapping().await?;
    journey.wrapped().await?;
    journey.validators().await?;
    journey.bonds().await?;
    journey.vault().await?;
    Ok(journey.steps)
}

impl Journey {
    async fn begin(artifacts: &[Artifact], cache: Cache) -> Result<Self> {
        let node = Devnode::builder().manual_clock().spawn().await?;
        let mut keys = vec![node.dev_account().clone()];
        keys.extend_from_slice(node.accounts());
        let (provider, _) = connect(&node.http_url(), &keys).await?;
        let [dev, alice, bob, carol, ..] = keys.as_slice() else {
            eyre::bail!("the node funds {} accounts, four are needed", keys.len());
        };
        let admin = dev.address();
        let launched = launch(&provider, artifacts, &Parameters::devnode(admin)).await?;
        if cache == Cache::Empty {
            evict(&provider, admin, &launched).await?;
        }
        Ok(Self {
            protocol: launched.protocol,
            admin,
            alice: alice.clone(),
            bob: bob.address(),
            carol: carol.address(),
            steps: Vec::new(),
            provider,
            _node: node,
        })
    }

    /// Sends without measuring.
    pub(super) async fn send(&self, from: Address, request: TransactionRequest) -> Result<u64> {
        Ok(send(&self.provider, request.with_from(from))
            .await?
            .gas_used)
    }

    pub(super) async fn measure(
        &mut self,
        step: &'static str,
        from: Address,
        request: TransactionRequest,
    ) -> Result<()> {
        let gas = self.send(from, request).await?;
        self.steps.push((step, gas));
        Ok(())
    }

    fn submit(&self) -> TransactionRequest {
        let submit = self.protocol.pool.submit(Address::ZERO);
        submit.value(ether(3)).into_transaction_request()
    }

    async fn deposits(&mut self) -> Result<()> {
        let alice = self.alice.address();
        self.send(self.bob, self.submit()).await?;
        self.measure("deposit, new holder", alice, self.submit())
            .await?;
        self.measure("deposit, existing holder", alice, self.submit())
            .await?;
        let plain = TransactionRequest::default()
            .with_to(*self.protocol.pool.address())
            .with_value(ether(1));
        self.measure("deposit by plain send", alice, plain).await
    }

    async fn transfers(&mut self) -> Result<()> {
        let (alice, bob) = (self.alice.address(), self.bob);
        let amount = milliether(10);
        let pool = self.protocol.pool.clone();
        let existing = pool.transfer(bob, amount).into_transaction_request();
        self.measure("transfer, existing holder", alice, existing)
            .await?;
        let new = pool.transfer(self.carol, amount).into_transaction_request();
        self.measure("transfer, new holder", alice, new).await?;
        let shares = pool.transferShares(bob, amount).into_transaction_request();
        self.measure("transferShares, existing holder", alice, shares)
            .await?;
        let approve = pool
            .approve(bob, milliether(100))
            .into_transaction_request();
        self.measure("approve, first", alice, approve).await?;
        let spend = pool.transferFrom(alice, self.carol, amount);
        self.measure(
            "transferFrom, existing holder",
            bob,
            spend.into_transaction_request(),
        )
        .await?;
        let spend = pool.transferSharesFrom(alice, self.carol, amount);
        self.measure(
            "transferSharesFrom, existing holder",
            bob,
            spend.into_transaction_request(),
        )
        .await
    }

    async fn permits(&mut self) -> Result<()> {
        let first = self.permit(milliether(1)).await?;
        self.measure("permit, first", self.bob, first).await?;
        let again = self.permit(milliether(2)).await?;
        self.measure("permit, again", self.bob, again).await
    }

    /// Alice lets the queue have `value`, signed and not sent yet.
    async fn permit(&self, value: U256) -> Result<TransactionRequest> {
        let (pool, queue) = (&self.protocol.pool, *self.protocol.queue.address());
        let deadline = U256::MAX;
        let Signature { v, r, s } = permit::next(pool, &self.alice, queue, value, deadline).await?;
        let permit = pool.permit_0(self.alice.address(), queue, value, deadline, v, r, s);
        Ok(permit.into_transaction_request())
    }

    async fn withdrawals(&mut self) -> Result<()> {
        let alice = self.alice.address();
        let queue = self.protocol.queue.clone();
        let allow = self.protocol.pool.approve(*queue.address(), U256::MAX);
        self.send(alice, allow.into_transaction_request()).await?;
        let request = || {
            let amounts = vec![milliether(10)];
            queue
                .requestWithdrawals(amounts, Address::ZERO)
                .into_transaction_request()
        };
        let finalize = |most: u64| queue.finalize(U256::from(most)).into_transaction_request();
        self.measure("request a withdrawal, first", alice, request())
            .await?;
        self.send(self.bob, finalize(1)).await?;
        self.measure("request a withdrawal, again", alice, request())
            .await?;
        self.measure("finalize 1 request", self.bob, finalize(1))
            .await?;
        for _ in 0..10 {
            self.send(alice, request()).await?;
        }
        self.measure("finalize 10 requests", self.bob, finalize(10))
            .await?;
        let claim = queue.claimWithdrawal(U256::from(2));
        self.measure("claim", alice, claim.into_transaction_request())
            .await?;
        let limit = queue.setInstantLimit(ether(1), 3_600);
        self.send(self.admin, limit.into_transaction_request())
            .await?;
        let leave = queue.withdrawInstantly(milliether(10), Address::ZERO, U256::ZERO);
        self.measure("leave at once", alice, leave.into_transaction_request())
            .await
    }

    async fn validators(&mut self) -> Result<()> {
        let registry = self.protocol.registry.clone();
        let register = |name: &str, signer: Address| {
            let call = registry.register(name.to_owned(), signer, signer, 500);
            call.value(ether(1)).into_transaction_request()
        };
        let (bob, carol) = (self.bob, self.carol);
        self.send(bob, register("first", bob)).await?;
        self.measure("register a validator", carol, register("second", carol))
            .await?;
        let activate = registry.activate(2).into_transaction_request();
        self.measure("activate a validator", carol, activate)
            .await?;
        let rebalance = self.protocol.pool.rebalance(U256::from(16));
        self.measure(
            "rebalance to 1 validator",
            bob,
            rebalance.into_transaction_request(),
        )
        .await?;
        self.rewards_and_penalties().await
    }

    /// More bond and less of it; and a validator that leaves before it was given stake.
    async fn bonds(&mut self) -> Result<()> {
        let alice = self.alice.address();
        let registry = self.protocol.registry.clone();
        let register = registry.register("third".to_owned(), alice, alice, 500);
        let register = register.value(ether(1)).into_transaction_request();
        self.send(alice, register).await?;
        let more = registry.topUpBond(3).value(milliether(500));
        let part = registry.requestBondExit(3, milliether(100));
        let exit = registry.exit(3);
        for (step, request) in [
            ("top up a bond", more.into_transaction_request()),
            ("ask for a part of a bond", part.into_transaction_request()),
            ("exit a validator", exit.into_transaction_request()),
        ] {
            self.measure(step, alice, request).await?;
        }
        Ok(())
    }

    async fn rewards_and_penalties(&mut self) -> Result<()> {
        let admin = self.admin;
        let distribute = || {
            let call = self.protocol.pool.distribute().value(milliether(1));
            call.into_transaction_request()
        };
        // The first reward opens the treasury's account.
        self.send(admin, distribute()).await?;
        clock::advance(&self.provider, 60).await?;
        let distribute = distribute();
        self.measure("distribute a reward", admin, distribute)
            .await?;
        let registry = self.protocol.registry.clone();
        let allege = registry.openFault(2, keccak256("rumour"));
        self.measure("allege a fault", admin, allege.into_transaction_request())
            .await?;
        let dismiss = registry.dismissFault(2, keccak256("rumour"));
        self.measure("dismiss a fault", admin, dismiss.into_transaction_request())
            .await?;
        let penalty = milliether(1_100);
        let slash = self.protocol.registry.slash(2, penalty, keccak256("fault"));
        self.measure("slash a validator", admin, slash.into_transaction_request())
            .await
    }
}

/// Takes every program out of the chain's cache.
async fn evict(provider: &DynProvider, owner: Address, launched: &Launch) -> Result<()> {
    let cache = IArbWasmCache::new(ARB_WASM_CACHE, provider);
    for program in &launched.programs {
        let evict = cache.evictCodehash(program.codehash).from(owner);
        send(provider, evict.into_transaction_request()).await?;
        let cached = cache.codehashIsCached(program.codehash).call().await?;
        ensure!(!cached, "{} stays cached", program.program);
    }
    Ok(())
}
