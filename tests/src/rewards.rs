//! Rewards: the fee is neutral to the rate, the rest is released while time passes.

use alloy::primitives::U256;
use client::abi::IAdministration::AccessControlUnauthorizedAccount;
use client::abi::IStakingPool::{RewardsDistributed, ZeroAmount};
use client::protocol::Role;
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

#[tokio::test]
async fn a_distribution_leaves_the_rate_as_it_is() -> Result<()> {
    let world = World::fresh().await?;
    // With the 0.01 ETH of nobody the pool has 100 ETH and 100 shares.
    world.deposit(world.alice, milliether(99_990)).await?;
    let receipt = world.distribute(ether(1)).await?;
    let paid = receipt
        .decoded_log::<RewardsDistributed>()
        .ok_or_eyre("no event")?;
    assert_eq!(paid.fee, milliether(100));
    assert_eq!(paid.feeShares, milliether(100));
    assert_eq!(world.shares(world.treasury).await?, milliether(100));
    let books = world.protocol.pool.release().call().await?;
    assert_eq!(books.amount, milliether(900));
    Ok(())
}

/// Timestamps have 40 bits in storage; the daily cap may stretch a release further.
#[tokio::test]
async fn a_release_beyond_all_time_ends_with_it() -> Result<()> {
    let world = World::fresh().await?;
    let announce = world.protocol.pool.announceFee(0);
    world
        .send(world.admin, announce.into_transaction_request())
        .await?;
    world.advance(3_600).await?;
    // 12,500 times the 0.01 ETH of nobody: at 0.075 % a day it takes 45,000 years.
    let receipt = world.distribute(ether(125)).await?;
    let release = world.protocol.pool.release().call().await?;
    assert_eq!(release.end, 1_099_511_627_775);
    let paid = receipt
        .decoded_log::<RewardsDistributed>()
        .ok_or_eyre("no event")?;
    assert_eq!(paid.releaseEnd, release.end);
    Ok(())
}

#[tokio::test]
async fn rewards_are_released_in_full_at_the_end_and_in_half_at_half_time() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, milliether(99_990)).await?;
    world.distribute(ether(1)).await?;
    let pool = &world.protocol.pool;
    let release = pool.release().call().await?;
    let half = (release.end - release.start) / 2;
    world.advance(half).await?;
    let pooled = pool.getTotalPooledEther().call().await?;
    // 100.1 ETH with the fee, and half of 0.9, give or take a few of a million seconds.
    let (least, most) = (milliether(100_549), milliether(100_551));
    assert!(pooled >= least && pooled <= most, "{pooled}");
    world.advance(half + 2).await?;
    assert_eq!(pool.getTotalPooledEther().call().await?, ether(101));
    Ok(())
}

#[tokio::test]
async fn a_distribution_without_the_role_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let distribute = world.protocol.pool.distribute().value(ether(1));
    let expected = AccessControlUnauthorizedAccount {
        account: world.stranger.0,
        neededRole: Role::Distributor.id(),
    };
    world
        .refused(
            world.stranger,
            distribute.into_transaction_request(),
            expected,
        )
        .await
}

#[tokio::test]
async fn a_distribution_of_nothing_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let distribute = world.protocol.pool.distribute().value(U256::ZERO);
    world
        .refused(
            world.admin,
            distribute.into_transaction_request(),
            ZeroAmount {},
        )
        .await
}
