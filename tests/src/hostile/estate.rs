//! A stranger's contract that has something everywhere, so that there is something to gain by calling
//! back; and what all of it is worth.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IValidatorRegistry::ValidatorRegistered;
use client::abi::IWithdrawalQueue::PermitInput;
use client::contract::Contract;
use client::protocol::Role;
use eyre::{OptionExt, Result};

use super::account::{Account, Attempt};
use crate::world::{World, ether, milliether};

/// What the bond of each validator of the estate is, or becomes.
const BOND: u64 = 10;

/// The contract, and what it has beside 65 lsETH and 10 wlsETH.
pub(crate) struct Estate {
    pub(crate) account: Account,
    /// Two finalized requests of 10 ETH, and one of 5 behind them that is not.
    pub(crate) finalized: [U256; 2],
    pub(crate) open: U256,
    /// Two validators whose time is over: each may leave with its bond.
    pub(crate) leaving: [u32; 2],
    /// Two validators of which 2 ETH of bond may leave.
    pub(crate) shrinking: [u32; 2],
}

impl Estate {
    /// Within a pool of 200 ETH at a rate of one, 20 of them free, 5 of which are asked for.
    pub(crate) async fn settle(world: &World) -> Result<Self> {
        let account = Account::create(world).await?;
        let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
        let wrapped = &world.protocol.wrapped;
        // ETH for what it sends along.
        let purse = TransactionRequest::default()
            .with_to(account.0)
            .with_value(ether(5));
        world.send(world.stranger, purse).await?;
        let (leaving, shrinking) = Self::enter(world, account).await?;
        let submit = pool.submit(Address::ZERO).value(ether(100));
        account
            .act(world, submit.into_transaction_request())
            .await?;
        for spender in [*queue.address(), *wrapped.address()] {
            let approve = pool.approve(spender, U256::MAX);
            account
                .act(world, approve.into_transaction_request())
                .await?;
        }
        world.rebalance().await?;
        // 160 of 200 ETH are delegated.
        let wrap = wrapped.wrap(ether(10)).into_transaction_request();
        account.act(world, wrap).await?;
        let amounts = vec![ether(10), ether(10), ether(5)];
        let request = queue.requestWithdrawals(amounts, Address::ZERO);
        account
            .act(world, request.into_transaction_request())
            .await?;
        world.finalize(2).await?;
        Self::report(world, account).await?;
        Ok(Self {
            account,
            finalized: [U256::from(1), U256::from(2)],
            open: U256::from(3),
            leaving,
            shrinking,
        })
    }

    /// Four validators of which all, or a part, may leave by now.
    async fn enter(world: &World, account: Account) -> Result<([u32; 2], [u32; 2])> {
        let registry = &world.protocol.registry;
        let mut ids = [0; 4];
        for (id, number) in ids.iter_mut().zip(1..) {
            let signer = Address::with_last_byte(0xf0 + number);
            let register = world.registration(signer, account.0, ether(BOND));
            let receipt = account.act(world, register).await?;
            let registered = receipt.decoded_log::<ValidatorRegistered>();
            *id = registered.ok_or_eyre("a registration emits its event")?.id;
        }
        let [first, second, third, fourth] = ids;
        for id in [first, second] {
            let exit = registry.exit(id).into_transaction_request();
            account.act(world, exit).await?;
        }
        for id in [third, fourth] {
            let part = registry.requestBondExit(id, ether(2));
            account.act(world, part.into_transaction_request()).await?;
        }
        world.advance(7 * 86_400).await?;
        Ok(([first, second], [third, fourth]))
    }

    /// It proves a fault: 4 ETH of bond are taken, and a twentieth of them is its reward.
    async fn report(world: &World, account: Account) -> Result<()> {
        let office = world.protocol.administration(Contract::ValidatorRegistry);
        let grant = office.grantRole(Role::Slasher.id(), account.0);
        world
            .send(world.admin, grant.into_transaction_request())
            .await?;
        let slash = world.slash(1, ether(4), B256::repeat_byte(1));
        account.act(world, slash).await?;
        let reward = world.protocol.registry.reporterReward(account.0);
        eyre::ensure!(reward.call().await? == milliether(200), "no reward");
        Ok(())
    }

    /// Everything that it has or is owed, at the rates of now.
    pub(crate) async fn worth(&self, world: &World) -> Result<U256> {
        let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
        let (registry, wrapped) = (&world.protocol.registry, &world.protocol.wrapped);
        let owner = self.account.0;
        let mut worth = world.wei(owner).await?;
        worth += pool.balanceOf(owner).call().await?;
        worth += wrapped.maxWithdraw(owner).call().await?;
        worth += registry.reporterReward(owner).call().await?;
        for id in queue.getWithdrawalRequests(owner).call().await? {
            let request = queue.requestOf(id).call().await?;
            worth += request.locked + request.assetsLeft;
        }
        for id in self.leaving.into_iter().chain(self.shrinking) {
            worth += registry.validator(id).call().await?.bond;
        }
        Ok(worth)
    }

    /// Every call of the queue that takes or moves something.
    pub(crate) fn at_the_queue(&self, world: &World) -> Vec<(&'static str, TransactionRequest)> {
        let [_, other] = self.finalized;
        let (me, one, none) = (self.account.0, ether(1), U256::ZERO);
        let (list, hints, zero) = (vec![one], vec![], Address::ZERO);
        let permit = PermitInput {
            value: U256::MAX,
            deadline: U256::MAX,
            v: 27,
            r: B256::ZERO,
            s: B256::ZERO,
        };
        calls!(world.protocol.queue;
            claimWithdrawal(other),
            claimWithdrawals(vec![other], hints.clone()),
            claimTo(other, me),
            claimWithdrawalsTo(vec![other], hints.clone(), me),
            cancel(self.open),
            withdrawInstantly(one, zero, none),
            finalize(U256::from(1)),
            requestWithdrawals(list.clone(), zero),
            requestWithdrawalsWithPermit(list.clone(), zero, permit.clone()),
            requestWithdrawal(one, zero, none),
        )
    }

    /// Every call of the registry that takes or moves something, and that the account may make.
    pub(crate) fn at_the_registry(&self, world: &World) -> Vec<(&'static str, TransactionRequest)> {
        let ([_, leaving], [_, shrinking]) = (self.leaving, self.shrinking);
        let (me, one, name) = (self.account.0, ether(1), "validator");
        let (evidence, signer) = (B256::repeat_byte(2), Address::repeat_byte(0xee));
        calls!(world.protocol.registry;
            withdrawBond(leaving),
            claimBond(shrinking),
            claimReporterReward(me),
            register(name.to_owned(), signer, me, 500) with one,
            activate(shrinking),
            exit(shrinking),
            topUpBond(shrinking) with one,
            requestBondExit(shrinking, one),
            cancelBondExit(shrinking),
            announceCommission(shrinking, 100),
            rotateSigner(shrinking, signer),
            setRewardAddress(shrinking, me),
            slash(2, one, evidence),
            slashBond(2, U256::ONE, 0, evidence),
            openFault(2, evidence),
            releaseMatured(U256::from(16)),
            fundCover() with one,
        )
    }

    /// What the tokens let it do with its own, whoever is paying; it ends with as much as before.
    pub(crate) fn at_the_tokens(&self, world: &World) -> Vec<Attempt> {
        let (me, one, none) = (self.account.0, ether(1), U256::ZERO);
        let mut all = calls!(world.protocol.pool;
            submit(Address::ZERO) with one,
            transfer(me, one),
            transferShares(me, one),
            recordRate(),
        );
        all.extend(calls!(world.protocol.wrapped;
            depositEth(me, Address::ZERO, none) with one,
            wrap(one),
            unwrap(one),
            mint(one, me),
            redeem(one, me, me),
            withdraw(one, me, me),
            delegate(me),
        ));
        all.into_iter()
            .map(|(what, request)| Attempt::allowed(what, request))
            .collect()
    }
}
