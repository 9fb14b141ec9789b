//! A stranger's contract that has something everywhere, so that there is something to gain by calling
//! back; and what all of it is worth.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IValidatorRegistry::ValidatorRegistered;
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
        let queue = &world.protocol.queue;
        let [_, other] = self.finalized;
        let me = self.account.0;
        let permit = client::abi::IWithdrawalQueue::PermitInput {
            value: U256::MAX,
            deadline: U256::MAX,
            v: 27,
            r: B256::ZERO,
            s: B256::ZERO,
        };
        let (one, none) = (ether(1), U256::ZERO);
        let (list, zero) = (vec![one], Address::ZERO);
        let asked = queue.requestWithdrawals(list.clone(), zero);
        let permitted = queue.requestWithdrawalsWithPermit(list, zero, permit);
        let shares = queue.requestWithdrawal(one, zero, none);
        let claims = queue.claimWithdrawals(vec![other], vec![]);
        let claims_to = queue.claimWithdrawalsTo(vec![other], vec![], me);
        let at_once = queue.withdrawInstantly(one, zero, none);
        vec![
            (
                "claimWithdrawal",
                queue.claimWithdrawal(other).into_transaction_request(),
            ),
            ("claimWithdrawals", claims.into_transaction_request()),
            (
                "claimTo",
                queue.claimTo(other, me).into_transaction_request(),
            ),
            ("claimWithdrawalsTo", claims_to.into_transaction_request()),
            ("cancel", queue.cancel(self.open).into_transaction_request()),
            ("withdrawInstantly", at_once.into_transaction_request()),
            (
                "finalize",
                queue.finalize(U256::from(1)).into_transaction_request(),
            ),
            ("requestWithdrawals", asked.into_transaction_request()),
            (
                "requestWithdrawalsWithPermit",
                permitted.into_transaction_request(),
            ),
            ("requestWithdrawal", shares.into_transaction_request()),
        ]
    }

    /// Every call of the registry that takes or moves something, and that the account may make.
    pub(crate) fn at_the_registry(&self, world: &World) -> Vec<(&'static str, TransactionRequest)> {
        let registry = &world.protocol.registry;
        let ([_, leaving], [_, shrinking]) = (self.leaving, self.shrinking);
        let me = self.account.0;
        let evidence = B256::repeat_byte(2);
        let signer = Address::repeat_byte(0xee);
        let register = world.registration(signer, me, ether(1));
        let top_up = registry.topUpBond(shrinking).value(ether(1));
        let part = registry.requestBondExit(shrinking, ether(1));
        let cover = registry.fundCover().value(ether(1));
        vec![
            (
                "withdrawBond",
                registry.withdrawBond(leaving).into_transaction_request(),
            ),
            (
                "claimBond",
                registry.claimBond(shrinking).into_transaction_request(),
            ),
            (
                "claimReporterReward",
                registry.claimReporterReward(me).into_transaction_request(),
            ),
            ("register", register),
            (
                "activate",
                registry.activate(shrinking).into_transaction_request(),
            ),
            ("exit", registry.exit(shrinking).into_transaction_request()),
            ("topUpBond", top_up.into_transaction_request()),
            ("requestBondExit", part.into_transaction_request()),
            (
                "cancelBondExit",
                registry
                    .cancelBondExit(shrinking)
                    .into_transaction_request(),
            ),
            (
                "announceCommission",
                registry
                    .announceCommission(shrinking, 100)
                    .into_transaction_request(),
            ),
            (
                "rotateSigner",
                registry
                    .rotateSigner(shrinking, signer)
                    .into_transaction_request(),
            ),
            (
                "setRewardAddress",
                registry
                    .setRewardAddress(shrinking, me)
                    .into_transaction_request(),
            ),
            ("slash", world.slash(2, ether(1), evidence)),
            (
                "slashBond",
                registry
                    .slashBond(2, ether(1), 0, evidence)
                    .into_transaction_request(),
            ),
            (
                "openFault",
                registry.openFault(2, evidence).into_transaction_request(),
            ),
            (
                "releaseMatured",
                registry
                    .releaseMatured(U256::from(16))
                    .into_transaction_request(),
            ),
            ("fundCover", cover.into_transaction_request()),
        ]
    }

    /// What the tokens let it do with its own, whoever is paying; it ends with as much as before.
    pub(crate) fn at_the_tokens(&self, world: &World) -> Vec<Attempt> {
        let (pool, wrapped) = (&world.protocol.pool, &world.protocol.wrapped);
        let (me, one, none) = (self.account.0, ether(1), U256::ZERO);
        let submit = pool.submit(Address::ZERO).value(one);
        let into_shares = wrapped.depositEth(me, Address::ZERO, none).value(one);
        [
            ("submit", submit.into_transaction_request()),
            ("depositEth", into_shares.into_transaction_request()),
            (
                "transfer",
                pool.transfer(me, one).into_transaction_request(),
            ),
            (
                "transferShares",
                pool.transferShares(me, one).into_transaction_request(),
            ),
            ("recordRate", pool.recordRate().into_transaction_request()),
            ("wrap", wrapped.wrap(one).into_transaction_request()),
            ("unwrap", wrapped.unwrap(one).into_transaction_request()),
            ("mint", wrapped.mint(one, me).into_transaction_request()),
            (
                "redeem",
                wrapped.redeem(one, me, me).into_transaction_request(),
            ),
            (
                "withdraw",
                wrapped.withdraw(one, me, me).into_transaction_request(),
            ),
            ("delegate", wrapped.delegate(me).into_transaction_request()),
        ]
        .map(|(what, request)| Attempt::allowed(what, request))
        .into()
    }
}
