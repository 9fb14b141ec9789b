//! lsETH as a token: amounts, shares, allowances.

use alloy::primitives::{Address, U256};
use client::abi::IAdministration::GroupPaused;
use client::abi::IStakingPool::{
    ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver,
};
use client::contract::Contract;
use eyre::Result;

use crate::world::{World, ether};

/// Pause group of transfers.
const TRANSFERS: u8 = 1;

#[tokio::test]
async fn the_full_balance_can_be_transferred_at_any_rate() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let balance = world.balance(world.alice).await?;
    let transfer = world.protocol.pool.transfer(world.bob.0, balance);
    world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    assert_eq!(world.shares(world.alice).await?, U256::ZERO);
    assert!(world.balance(world.bob).await? >= balance);
    Ok(())
}

#[tokio::test]
async fn the_recipient_of_a_transfer_is_never_short_of_a_wei() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let amount = U256::from(1_234_567_890_123_456_789_u64);
    let transfer = world.protocol.pool.transfer(world.bob.0, amount);
    world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    let received = world.balance(world.bob).await?;
    // At a rate between 1 and 2 a share is worth at most 2 wei.
    assert!(
        received >= amount && received <= amount + U256::from(2),
        "{received}"
    );
    Ok(())
}

#[tokio::test]
async fn shares_are_transferred_exactly() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let transfer = world.protocol.pool.transferShares(world.bob.0, ether(2));
    world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    assert_eq!(world.shares(world.alice).await?, ether(8));
    assert_eq!(world.shares(world.bob).await?, ether(2));
    Ok(())
}

#[tokio::test]
async fn a_transfer_of_more_than_the_balance_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(1)).await?;
    let transfer = world.protocol.pool.transfer(world.bob.0, ether(2));
    let expected = ERC20InsufficientBalance {
        sender: world.alice.0,
        balance: ether(1),
        needed: ether(2),
    };
    world
        .refused(world.alice, transfer.into_transaction_request(), expected)
        .await
}

#[tokio::test]
async fn a_transfer_to_nobody_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(1)).await?;
    let transfer = world.protocol.pool.transfer(Address::ZERO, ether(1));
    let expected = ERC20InvalidReceiver {
        receiver: Address::ZERO,
    };
    world
        .refused(world.alice, transfer.into_transaction_request(), expected)
        .await
}

#[tokio::test]
async fn an_allowance_is_spent_once() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(5)).await?;
    let pool = &world.protocol.pool;
    let approve = pool
        .approve(world.bob.0, ether(2))
        .into_transaction_request();
    world.send(world.alice, approve).await?;
    let take = pool.transferFrom(world.alice.0, world.carol.0, ether(2));
    let take = take.into_transaction_request();
    world.send(world.bob, take.clone()).await?;
    assert_eq!(world.balance(world.carol).await?, ether(2));
    let expected = ERC20InsufficientAllowance {
        spender: world.bob.0,
        allowance: U256::ZERO,
        needed: ether(2),
    };
    world.refused(world.bob, take, expected).await
}

#[tokio::test]
async fn a_transfer_while_transfers_are_paused_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(1)).await?;
    let pool = &world.protocol.pool;
    let expected = GroupPaused {
        group: TRANSFERS,
        until: world.pause(Contract::StakingPool, TRANSFERS).await?,
    };
    let transfer = pool
        .transfer(world.bob.0, ether(1))
        .into_transaction_request();
    world.refused(world.alice, transfer, expected).await
}

#[tokio::test]
async fn an_allowance_of_an_amount_is_enough_to_request_it() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
    // Of five amounts next to each other, most have shares that are worth more.
    for wei in 1_234_567_890_123_456_780_u64..1_234_567_890_123_456_785 {
        let amount = U256::from(wei);
        let approve = pool.approve(*queue.address(), amount);
        world
            .send(world.alice, approve.into_transaction_request())
            .await?;
        let request = queue.requestWithdrawals(vec![amount], Address::ZERO);
        world
            .send(world.alice, request.into_transaction_request())
            .await?;
        let left = pool.allowance(world.alice.0, *queue.address());
        assert!(left.call().await?.is_zero());
    }
    Ok(())
}
