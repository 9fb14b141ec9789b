//! What the queue says about a wait, held against what then happens.

use alloy::primitives::{B256, U256};
use client::abi::IWithdrawalQueue::RequestNotFound;
use client::clock;
use eyre::Result;

use crate::world::{World, ether};

async fn now(world: &World) -> Result<u64> {
    Ok(clock::now(&world.provider).await?)
}

async fn eta(world: &World, id: U256) -> Result<u64> {
    Ok(world.protocol.queue.estimate(id).call().await?.etaTimestamp)
}

async fn is_finalized(world: &World, id: U256) -> Result<bool> {
    let last = world.protocol.queue.getLastFinalizedRequestId();
    Ok(last.call().await? >= id)
}

#[tokio::test]
async fn an_estimate_tells_when_stake_will_have_come_back() -> Result<()> {
    let world = World::with_stake().await?;
    let week = 7 * 86_400;
    // 80 ETH are with the validators, who take a fifth of the pool each, and 20 are free.
    let covered = world.request(world.alice, ether(15)).await?;
    assert_eq!(eta(&world, covered).await?, now(&world).await?);
    let first = world.request(world.alice, ether(25)).await?;
    // Nothing is called back yet: a week from whenever that is done.
    assert_eq!(eta(&world, first).await?, now(&world).await? + week);
    world.rebalance().await?;
    let promised = now(&world).await? + week;
    assert_eq!(eta(&world, first).await?, promised);
    world.advance(86_400).await?;
    // A day later the promise stands, and a later request waits for more stake.
    assert_eq!(eta(&world, first).await?, promised);
    let second = world.request(world.alice, ether(30)).await?;
    world.rebalance().await?;
    let later = now(&world).await? + week;
    assert_eq!(eta(&world, second).await?, later);
    let ahead = world.protocol.queue.estimate(second).call().await?;
    assert_eq!((ahead.ethAhead, ahead.payoutNow), (ether(40), ether(30)));

    world.advance(promised - now(&world).await?).await?;
    world.rebalance().await?;
    world.finalize(10).await?;
    assert!(is_finalized(&world, first).await? && !is_finalized(&world, second).await?);
    world.advance(later - now(&world).await?).await?;
    world.rebalance().await?;
    world.finalize(10).await?;
    assert!(is_finalized(&world, second).await?);
    Ok(())
}

#[tokio::test]
async fn a_loss_lowers_what_an_estimate_promises_to_pay() -> Result<()> {
    let world = World::with_stake().await?;
    let id = world.request(world.alice, ether(50)).await?;
    let before = world.protocol.queue.estimate(id).call().await?;
    assert_eq!((before.ethAhead, before.payoutNow), (U256::ZERO, ether(50)));
    let evidence = B256::repeat_byte(1);
    world
        .send_a_loss(world.admin, world.slash(1, ether(30), evidence))
        .await?;
    // The bond pays 10 of 30: the pool has 80 of 100 ETH left.
    let after = world.protocol.queue.estimate(id).call().await?;
    assert_eq!(after.payoutNow, ether(40));
    let next = id + U256::ONE;
    let unknown = world.protocol.queue.estimate(next);
    let refused: RequestNotFound = world.refusal(unknown.into_transaction_request()).await?;
    assert_eq!(refused.requestId, next);
    Ok(())
}
