//! The first depositor's attack, and the owner of one share: an attacker with a little, a donor with much
//! who is in league with it, and a victim who loses nothing.

use alloy::primitives::{Address, B256, U256};
use client::abi::IWrappedToken::ZeroShares;
use eyre::{Result, ensure};

use crate::forced_ether::force;
use crate::world::{Person, World, ether, milliether};

/// Who takes part: Bob has one share when the victim comes, Carol gives, Alice deposits an ETH.
struct Cast<'a> {
    world: &'a World,
    attacker: Person,
    donor: Person,
    victim: Person,
}

impl<'a> Cast<'a> {
    fn of(world: &'a World) -> Self {
        Self {
            world,
            attacker: world.bob,
            donor: world.carol,
            victim: world.alice,
        }
    }

    /// The attacker deposits the least there is and keeps one share of it.
    async fn take_one_share(&self) -> Result<()> {
        let (world, pool) = (self.world, &self.world.protocol.pool);
        world.deposit(self.attacker, milliether(1)).await?;
        let rest = world.shares(self.attacker).await? - U256::from(1);
        let away = pool.transferShares(self.donor.0, rest);
        world
            .send(self.attacker, away.into_transaction_request())
            .await?;
        assert_eq!(world.shares(self.attacker).await?, U256::from(1));
        Ok(())
    }

    /// The donor pushes ETH and lsETH into the pool, past its functions and through them.
    async fn donate_to_the_pool(&self) -> Result<()> {
        let (world, pool) = (self.world, &self.world.protocol.pool);
        for _ in 0..3 {
            force(world, *pool.address()).await?;
        }
        world.deposit(self.donor, ether(100)).await?;
        // The token takes no tokens: they would be nobody's.
        let gift = pool.transfer(*pool.address(), ether(50));
        let refused = client::abi::IStakingPool::ERC20InvalidReceiver {
            receiver: *pool.address(),
        };
        world
            .refused(self.donor, gift.into_transaction_request(), refused)
            .await
    }

    /// The victim deposits an ETH, gets `shares` for it, or up to `dust` less, and has lost `loss` wei at
    /// most.
    async fn deposit_of_the_victim(&self, shares: u64, dust: u64, loss: u64) -> Result<()> {
        let world = self.world;
        let (had, was_worth) = (
            world.shares(self.victim).await?,
            world.balance(self.victim).await?,
        );
        world.deposit(self.victim, ether(1)).await?;
        let got = world.shares(self.victim).await? - had;
        let most = U256::from(shares);
        ensure!(
            got <= most && got + U256::from(dust) >= most,
            "an ETH bought {got} shares"
        );
        let worth = world.balance(self.victim).await? - was_worth;
        ensure!(
            worth + U256::from(loss) >= ether(1),
            "an ETH became {worth} wei"
        );
        Ok(())
    }
}

/// Whatever is given to a pool at this rate, an ETH buys `shares`, or up to `dust` less, and one share
/// stays as small as it is.
async fn nobody_is_robbed_at_the_pool(world: &World, shares: u64, dust: u64) -> Result<()> {
    let cast = Cast::of(world);
    cast.take_one_share().await?;
    let small = world.balance(cast.attacker).await?;
    // A share at a rate between a half and two.
    ensure!(small <= U256::from(1), "a share is worth {small} wei");
    cast.donate_to_the_pool().await?;
    // Rounding takes less than a share: two wei.
    cast.deposit_of_the_victim(shares, dust, 2).await?;
    assert_eq!(world.balance(cast.attacker).await?, small);
    Ok(())
}

#[tokio::test]
async fn the_first_depositor_of_a_fresh_pool_robs_nobody() -> Result<()> {
    let world = World::fresh().await?;
    nobody_is_robbed_at_the_pool(&world, 1_000_000_000_000_000_000, 0).await
}

#[tokio::test]
async fn the_first_depositor_after_everybody_left_robs_nobody() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    for holder in [world.alice, world.treasury] {
        world.allow_queue(holder).await?;
        let shares = world.shares(holder).await?;
        let leave = world
            .protocol
            .queue
            .requestWithdrawal(shares, Address::ZERO, U256::ZERO);
        world.send(holder, leave.into_transaction_request()).await?;
    }
    world.finalize(2).await?;
    let rate = world.protocol.rate().await?;
    // The shares of the beginning are left, nobody's.
    assert_eq!(rate.shares, milliether(10));
    // 0.010890207715133531 ETH, and up to a wei of either request.
    ensure!(
        rate.assets >= U256::from(10_890_207_715_133_531_u64)
            && rate.assets <= U256::from(10_890_207_715_133_533_u64),
        "{rate:?}"
    );
    let shares = ether(1) * rate.shares / rate.assets;
    // ⌊10 ÷ 10.890207715133531…⌋ and what those wei make of it.
    ensure!(
        shares / U256::from(1_000) == U256::from(918_256_130_790_190_u64),
        "{shares}"
    );
    // Each of two deposits leaves up to a wei to the 0.0109 ETH, which is 84 shares of an ETH's.
    nobody_is_robbed_at_the_pool(&world, shares.to(), 168).await
}

#[tokio::test]
async fn the_owner_of_one_share_robs_nobody_above_a_rate_of_one() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    nobody_is_robbed_at_the_pool(&world, 918_256_130_790_190_735, 0).await
}

#[tokio::test]
async fn the_owner_of_one_share_robs_nobody_below_a_rate_of_one() -> Result<()> {
    let world = World::with_stake().await?;
    let slash = world.slash(1, ether(30), B256::repeat_byte(1));
    world.send_a_loss(world.admin, slash).await?;
    nobody_is_robbed_at_the_pool(&world, 1_250_000_000_000_000_000, 0).await
}

#[tokio::test]
async fn a_reward_ten_thousand_times_the_pool_robs_nobody_who_deposits_after_it() -> Result<()> {
    let world = World::fresh().await?;
    let cast = Cast::of(&world);
    cast.take_one_share().await?;
    // Who may distribute is in league with the attacker. The pool holds 0.011 ETH.
    world.distribute(ether(110)).await?;
    let before = world.balance(cast.attacker).await?;
    world.deposit(cast.victim, ether(1)).await?;
    // Less than a share is rounded away, and what is released meanwhile is for all who are there.
    let worth = world.balance(cast.victim).await?;
    ensure!(
        worth + U256::from(2) >= ether(1),
        "an ETH became {worth} wei"
    );
    // A day later the rate has risen by 0.075 % at most, and a share is worth a wei as before.
    world.advance(86_400).await?;
    let rate = world.protocol.rate().await?;
    ensure!(
        rate.assets * U256::from(100_000) <= rate.shares * U256::from(100_076),
        "{rate:?}"
    );
    assert_eq!(world.balance(cast.attacker).await?, before);
    Ok(())
}

/// The first holder of wlsETH has one of it, and the donor gives lsETH and ETH to the contract.
async fn nobody_is_robbed_at_the_wrapper(world: &World, shares: u64) -> Result<()> {
    let cast = Cast::of(world);
    let (pool, wrapped) = (&world.protocol.pool, &world.protocol.wrapped);
    for person in [cast.attacker, cast.donor, cast.victim] {
        world.deposit(person, ether(20)).await?;
        let allow = pool.approve(*wrapped.address(), U256::MAX);
        world.send(person, allow.into_transaction_request()).await?;
    }
    let one = U256::from(1);
    let mint = wrapped.mint(one, cast.attacker.0);
    world
        .send(cast.attacker, mint.into_transaction_request())
        .await?;
    let gift = pool.transfer(*wrapped.address(), ether(10));
    world
        .send(cast.donor, gift.into_transaction_request())
        .await?;
    force(world, *wrapped.address()).await?;

    let had = world.shares(cast.victim).await?;
    let deposit = wrapped.deposit(ether(1), cast.victim.0);
    world
        .send(cast.victim, deposit.into_transaction_request())
        .await?;
    let got = wrapped.balanceOf(cast.victim.0).call().await?;
    assert_eq!(got, U256::from(shares));
    // Out again: to the share what went in.
    let out = wrapped.redeem(got, cast.victim.0, cast.victim.0);
    world
        .send(cast.victim, out.into_transaction_request())
        .await?;
    assert_eq!(world.shares(cast.victim).await?, had);

    let had = world.shares(cast.attacker).await?;
    let out = wrapped.redeem(one, cast.attacker.0, cast.attacker.0);
    world
        .send(cast.attacker, out.into_transaction_request())
        .await?;
    assert_eq!(world.shares(cast.attacker).await?, had + one);
    // The gift backs nothing and nobody can take it.
    assert_eq!(wrapped.totalSupply().call().await?, U256::ZERO);
    assert_eq!(wrapped.totalAssets().call().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn the_first_holder_of_wlseth_robs_nobody() -> Result<()> {
    let world = World::fresh().await?;
    nobody_is_robbed_at_the_wrapper(&world, 1_000_000_000_000_000_000).await
}

#[tokio::test]
async fn the_first_holder_of_wlseth_robs_nobody_above_a_rate_of_one() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    nobody_is_robbed_at_the_wrapper(&world, 918_256_130_790_190_735).await
}

#[tokio::test]
async fn the_first_holder_of_wlseth_robs_nobody_below_a_rate_of_one() -> Result<()> {
    let world = World::with_stake().await?;
    let slash = world.slash(1, ether(30), B256::repeat_byte(1));
    world.send_a_loss(world.admin, slash).await?;
    nobody_is_robbed_at_the_wrapper(&world, 1_250_000_000_000_000_000).await
}

/// Ten times in and out of wlsETH, a share or a wei each: the holder of 20 ETH has no more than before.
async fn dust_gains_nothing(world: &World) -> Result<()> {
    let (pool, wrapped) = (&world.protocol.pool, &world.protocol.wrapped);
    let attacker = world.bob;
    world.deposit(attacker, ether(20)).await?;
    let allow = pool.approve(*wrapped.address(), U256::MAX);
    world
        .send(attacker, allow.into_transaction_request())
        .await?;
    let (me, one) = (attacker.0, U256::from(1));
    let had = world.shares(attacker).await?;
    for _ in 0..10 {
        for request in [
            wrapped.mint(one, me).into_transaction_request(),
            wrapped.redeem(one, me, me).into_transaction_request(),
            wrapped.wrap(U256::from(2)).into_transaction_request(),
            wrapped.withdraw(one, me, me).into_transaction_request(),
        ] {
            world.send(attacker, request).await?;
        }
        let shares = world.shares(attacker).await? + wrapped.balanceOf(me).call().await?;
        assert_eq!(shares, had);
    }
    Ok(())
}

#[tokio::test]
async fn dust_that_goes_in_and_out_gains_nothing_above_a_rate_of_one() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    dust_gains_nothing(&world).await?;
    // A wei is worth no share.
    let nothing = world.protocol.wrapped.wrap(U256::from(1));
    let refused = ZeroShares {
        assets: U256::from(1),
    };
    world
        .refused(world.bob, nothing.into_transaction_request(), refused)
        .await
}

#[tokio::test]
async fn dust_that_goes_in_and_out_gains_nothing_below_a_rate_of_one() -> Result<()> {
    let world = World::with_stake().await?;
    let slash = world.slash(1, ether(30), B256::repeat_byte(1));
    world.send_a_loss(world.admin, slash).await?;
    dust_gains_nothing(&world).await
}
