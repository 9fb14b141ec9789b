//! Deposits: what they buy, and when they are refused.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IAdministration::GroupPaused;
use client::abi::IStakingPool::{
    BelowMinimumDeposit, Deposited, StakingLimitExceeded, TooFewShares,
};
use client::contract::Contract;
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// Pause group of deposits.
const DEPOSITS: u8 = 0;

#[tokio::test]
async fn a_deposit_at_rate_one_buys_one_share_per_wei() -> Result<()> {
    let world = World::fresh().await?;
    let receipt = world.deposit(world.alice, ether(40)).await?;
    let deposited = receipt.decoded_log::<Deposited>().ok_or_eyre("no event")?;
    assert_eq!(deposited.shares, ether(40));
    // 0.01 ETH were minted to nobody at the start.
    assert_eq!(deposited.totalAssets, milliether(40_010));
    assert_eq!(deposited.totalShares, milliether(40_010));
    assert_eq!(world.shares(world.alice).await?, ether(40));
    Ok(())
}

#[tokio::test]
async fn a_plain_send_of_ether_is_a_deposit() -> Result<()> {
    let world = World::fresh().await?;
    let send = TransactionRequest::default()
        .with_to(*world.protocol.pool.address())
        .with_value(ether(7));
    world.send(world.bob, send).await?;
    assert_eq!(world.balance(world.bob).await?, ether(7));
    Ok(())
}

#[tokio::test]
async fn a_deposit_can_be_for_somebody_else() -> Result<()> {
    let world = World::fresh().await?;
    let call = world
        .protocol
        .pool
        .deposit(world.carol.0, Address::ZERO, U256::ZERO);
    let request = call.value(ether(3)).into_transaction_request();
    world.send(world.alice, request).await?;
    assert_eq!(world.balance(world.carol).await?, ether(3));
    assert_eq!(world.balance(world.alice).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_deposit_of_zero_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let submit = world.protocol.pool.submit(Address::ZERO);
    let expected = BelowMinimumDeposit {
        assets: U256::ZERO,
        minimum: milliether(1),
    };
    world
        .refused(world.alice, submit.into_transaction_request(), expected)
        .await
}

#[tokio::test]
async fn a_deposit_of_a_wei_less_than_the_minimum_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let assets = milliether(1) - U256::from(1);
    let submit = world.protocol.pool.submit(Address::ZERO).value(assets);
    let expected = BelowMinimumDeposit {
        assets,
        minimum: milliether(1),
    };
    world
        .refused(world.alice, submit.into_transaction_request(), expected)
        .await?;
    world.deposit(world.alice, milliether(1)).await?;
    Ok(())
}

#[tokio::test]
async fn a_deposit_that_buys_fewer_shares_than_demanded_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let minimum = ether(1) + U256::from(1);
    let call = world
        .protocol
        .pool
        .deposit(world.alice.0, Address::ZERO, minimum);
    let request = call.value(ether(1)).into_transaction_request();
    let expected = TooFewShares {
        shares: ether(1),
        minimum,
    };
    world.refused(world.alice, request, expected).await
}

#[tokio::test]
async fn a_deposit_over_the_cap_is_refused_until_the_bucket_refills() -> Result<()> {
    let world = World::fresh().await?;
    world.limit_deposits(ether(10), 10_000).await?;
    world.deposit(world.alice, ether(10)).await?;
    let submit = world.protocol.pool.submit(Address::ZERO).value(ether(9));
    let request = submit.into_transaction_request().with_from(world.bob.0);
    let refusal = world
        .refusal::<StakingLimitExceeded>(request.clone())
        .await?;
    assert_eq!(refusal.assets, ether(9));
    // The bucket refills by 0.001 ETH a second, and no scenario takes 1,000.
    assert!(refusal.available < ether(1), "{refusal:?}");
    world.advance(10_000).await?;
    world.send(world.bob, request).await?;
    Ok(())
}

#[tokio::test]
async fn a_deposit_while_deposits_are_paused_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let pool = &world.protocol.pool;
    let until = world.pause(Contract::StakingPool, DEPOSITS).await?;
    let submit = pool
        .submit(Address::ZERO)
        .value(ether(1))
        .into_transaction_request();
    let paused = GroupPaused {
        group: DEPOSITS,
        until,
    };
    world.refused(world.alice, submit, paused.clone()).await?;
    let send = TransactionRequest::default()
        .with_to(*pool.address())
        .with_value(ether(1));
    world.refused(world.alice, send, paused).await?;
    assert_eq!(pool.getCurrentStakeLimit().call().await?, U256::ZERO);

    world.advance(86_400).await?;
    world.deposit(world.alice, ether(1)).await?;
    Ok(())
}
