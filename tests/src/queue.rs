//! The withdrawal queue: order, parts, claims, and what is refused.

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IAdministration::GroupPaused;
use client::abi::IWithdrawalQueue::{
    InvalidOperationCount, NotRequestOwner, RequestAlreadyClaimed, RequestBelowMinimum,
    RequestNotFinalized, RequestNotFound, WithdrawalClaimed, WorthBelowMinimum,
};
use client::contract::Contract;
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// Pause groups of the queue.
const REQUESTS: u8 = 0;
const FINALIZATION: u8 = 1;

/// Alice has 30 ETH in a pool that delegates nothing.
async fn buffered() -> Result<World> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(30)).await?;
    Ok(world)
}

/// A claim that is not sent yet.
fn claim(world: &World, id: U256) -> TransactionRequest {
    let claim = world.protocol.queue.claimWithdrawal(id);
    claim.into_transaction_request()
}

#[tokio::test]
async fn a_finalized_request_pays_its_owner_what_was_asked_for() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.finalize(100).await?;
    let before = world.wei(world.alice.0).await?;
    let receipt = world.claim(world.stranger, id).await?;
    let claimed = receipt
        .decoded_log::<WithdrawalClaimed>()
        .ok_or_eyre("no event")?;
    assert_eq!(claimed.receiver, world.alice.0);
    assert_eq!(claimed.amountOfETH, ether(10));
    assert_eq!(world.wei(world.alice.0).await? - before, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_claim_before_finalization_is_refused() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let claim = claim(&world, id);
    let expected = RequestNotFinalized {
        requestId: id,
        sharesLeft: ether(10),
    };
    world.refused(world.alice, claim, expected).await
}

#[tokio::test]
async fn a_second_claim_is_refused() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.finalize(100).await?;
    world.claim(world.alice, id).await?;
    let claim = claim(&world, id);
    let expected = RequestAlreadyClaimed { requestId: id };
    world.refused(world.alice, claim, expected).await
}

#[tokio::test]
async fn a_claim_of_somebody_elses_request_to_ones_own_address_is_refused() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.finalize(100).await?;
    let steal = world.protocol.queue.claimTo(id, world.bob.0);
    let steal = steal.into_transaction_request();
    let expected = NotRequestOwner {
        requestId: id,
        caller: world.bob.0,
        owner: world.alice.0,
    };
    world.refused(world.bob, steal.clone(), expected).await?;
    let before = world.wei(world.bob.0).await?;
    world.send(world.alice, steal).await?;
    assert_eq!(world.wei(world.bob.0).await? - before, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_claim_of_a_request_that_nobody_made_is_refused() -> Result<()> {
    let world = buffered().await?;
    let id = U256::from(7);
    let claim = claim(&world, id);
    let expected = RequestNotFound { requestId: id };
    world.refused(world.alice, claim, expected).await
}

#[tokio::test]
async fn a_request_below_the_minimum_is_refused() -> Result<()> {
    let world = buffered().await?;
    let queue = &world.protocol.queue;
    world.allow_queue(world.alice).await?;
    let dust = milliether(1) - U256::from(1);
    for assets in [U256::ZERO, dust] {
        let request = queue.requestWithdrawals(vec![assets], Address::ZERO);
        let expected = RequestBelowMinimum {
            assets,
            minimum: milliether(1),
        };
        world
            .refused(world.alice, request.into_transaction_request(), expected)
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_request_worth_less_than_its_owner_insists_on_is_refused() -> Result<()> {
    let world = buffered().await?;
    let queue = &world.protocol.queue;
    world.allow_queue(world.alice).await?;
    let minimum = ether(10) + U256::from(1);
    let request = queue.requestWithdrawal(ether(10), Address::ZERO, minimum);
    let expected = WorthBelowMinimum {
        assets: ether(10),
        minimum,
    };
    world
        .refused(world.alice, request.into_transaction_request(), expected)
        .await
}

#[tokio::test]
async fn a_head_larger_than_the_free_ether_is_filled_in_part() -> Result<()> {
    let world = World::with_stake().await?;
    let id = world.request(world.alice, ether(50)).await?;
    world.finalize(1).await?;
    let queue = &world.protocol.queue;
    let part = queue.requestOf(id).call().await?;
    assert_eq!((part.locked, part.assetsLeft), (ether(20), ether(30)));
    let claim = claim(&world, id);
    let expected = RequestNotFinalized {
        requestId: id,
        sharesLeft: ether(30),
    };
    world.refused(world.alice, claim, expected).await?;

    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    world.finalize(1).await?;
    let receipt = world.claim(world.alice, id).await?;
    let claimed = receipt
        .decoded_log::<WithdrawalClaimed>()
        .ok_or_eyre("no event")?;
    assert_eq!(claimed.amountOfETH, ether(50));
    Ok(())
}

#[tokio::test]
async fn requests_are_filled_in_the_order_of_their_ids() -> Result<()> {
    let world = buffered().await?;
    world.deposit(world.bob, ether(5)).await?;
    let first = world.request(world.alice, ether(30)).await?;
    let second = world.request(world.bob, ether(5)).await?;
    world.finalize(1).await?;
    let queue = &world.protocol.queue;
    assert_eq!(queue.requestOf(first).call().await?.locked, ether(30));
    assert_eq!(queue.requestOf(second).call().await?.locked, U256::ZERO);
    world.finalize(1).await?;
    assert_eq!(queue.requestOf(second).call().await?.locked, ether(5));
    Ok(())
}

#[tokio::test]
async fn rewards_do_not_accrue_in_the_queue() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.distribute(ether(3)).await?;
    world.advance(200 * 86_400).await?;
    world.finalize(100).await?;
    let locked = world.protocol.queue.requestOf(id).call().await?.locked;
    assert_eq!(locked, ether(10));
    Ok(())
}

#[tokio::test]
async fn finalization_is_bounded() -> Result<()> {
    let world = buffered().await?;
    for count in [0_u64, 101] {
        let finalize = world.protocol.queue.finalize(U256::from(count));
        let expected = InvalidOperationCount {
            maxOps: U256::from(count),
            maximum: U256::from(100),
        };
        world
            .refused(
                world.stranger,
                finalize.into_transaction_request(),
                expected,
            )
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn claims_work_while_everything_else_is_paused() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.finalize(100).await?;
    let queue = &world.protocol.queue;
    for group in 0..4 {
        world.pause(Contract::StakingPool, group).await?;
    }
    let paused = |group, until| GroupPaused { group, until };
    let until = world.pause(Contract::WithdrawalQueue, REQUESTS).await?;
    let request = queue.requestWithdrawals(vec![ether(1)], Address::ZERO);
    let request = request.into_transaction_request();
    world
        .refused(world.alice, request, paused(REQUESTS, until))
        .await?;
    let until = world.pause(Contract::WithdrawalQueue, FINALIZATION).await?;
    let finalize = queue.finalize(U256::from(1)).into_transaction_request();
    world
        .refused(world.alice, finalize, paused(FINALIZATION, until))
        .await?;
    world.claim(world.alice, id).await?;
    Ok(())
}

#[tokio::test]
async fn an_allowance_of_the_sum_suffices_for_requests_in_parts() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
    let parts = vec![milliether(1_100), milliether(1_300), milliether(1_700)];
    let allow = pool.approve(*queue.address(), milliether(4_100));
    world
        .send(world.alice, allow.into_transaction_request())
        .await?;
    let request = queue.requestWithdrawals(parts, Address::ZERO);
    world
        .send(world.alice, request.into_transaction_request())
        .await?;
    assert!(
        pool.allowance(world.alice.0, *queue.address())
            .call()
            .await?
            .is_zero()
    );
    let unfilled = queue.unfilled().call().await?;
    assert_eq!(unfilled.nominal, milliether(4_100));
    Ok(())
}

#[tokio::test]
async fn a_balance_can_be_requested_in_any_number_of_parts() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    world.allow_queue(world.alice).await?;
    let balance = world.balance(world.alice).await?;
    let part = balance / U256::from(7);
    let mut parts = vec![part; 6];
    parts.push(balance - part * U256::from(6));
    let request = world
        .protocol
        .queue
        .requestWithdrawals(parts, Address::ZERO);
    world
        .send(world.alice, request.into_transaction_request())
        .await?;
    assert!(world.balance(world.alice).await? <= U256::ONE);
    Ok(())
}
