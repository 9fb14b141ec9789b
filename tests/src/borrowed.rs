//! ETH that is borrowed for a transaction finds nothing to take in it.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use client::abi::IStakingPool::{approveCall, rebalanceCall, submitCall};
use client::abi::IWithdrawalQueue::{
    RequestJustMade, cancelCall, finalizeCall, requestWithdrawalCall, withdrawInstantlyCall,
};
use eyre::Result;

use crate::puppet::{Call, at_once};
use crate::world::{World, ether};

/// More than the pool has.
fn loan() -> U256 {
    ether(400)
}

/// What a borrower of 400 ETH does first, of which it gets `shares`: deposits, `between`, and requests all
/// of it back, as request number 2.
fn in_and_out(world: &World, shares: U256, between: Call) -> Vec<Call> {
    let pool = *world.protocol.pool.address();
    let queue = *world.protocol.queue.address();
    let referral = Address::ZERO;
    let (owner, min_eth) = (Address::ZERO, U256::ZERO);
    let approve = approveCall {
        spender: queue,
        amount: U256::MAX,
    };
    let request = requestWithdrawalCall {
        shares,
        owner,
        minEth: min_eth,
    };
    vec![
        (pool, loan(), submitCall { referral }.abi_encode()),
        between,
        (pool, U256::ZERO, approve.abi_encode()),
        (queue, U256::ZERO, request.abi_encode()),
    ]
}

fn finalize(world: &World) -> Call {
    let finalize = finalizeCall {
        maxRequests: U256::from(100),
    };
    let queue = *world.protocol.queue.address();
    (queue, U256::ZERO, finalize.abi_encode())
}

/// Alice waits with half of a pool whose rate has risen since, and nothing but her demand is in the way of
/// a fill.
async fn a_gain_in_the_queue() -> Result<World> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(50)).await?;
    world.deposit(world.bob, ether(50)).await?;
    world.request(world.alice, ether(50)).await?;
    world.distribute(ether(1)).await?;
    // 0.9 ETH at 0.075 % of 100 a day take twelve days.
    world.advance(13 * 86_400).await?;
    Ok(world)
}

#[tokio::test]
async fn what_the_queue_gained_is_not_for_who_deposits_before_a_fill() -> Result<()> {
    let world = a_gain_in_the_queue().await?;
    let pool = &world.protocol.pool;
    let before = pool.getPooledEthByShares(ether(1)).call().await?;
    let shares = pool.getSharesByPooledEth(loan()).call().await?;
    // Alice is filled between, and 0.45 ETH that her shares gained stay.
    let calls = in_and_out(&world, shares, finalize(&world));
    world.send(world.stranger, at_once(&calls)?).await?;
    let last = world.protocol.queue.getLastFinalizedRequestId();
    assert_eq!(last.call().await?, U256::ONE);
    // The rate has not moved by it, but for the rounding of a wei.
    let after = pool.getPooledEthByShares(ether(1)).call().await?;
    assert!(after - before <= U256::ONE, "{before} {after}");
    let gain = pool.release().call().await?.amount;
    let gained = U256::from(450_000_000_000_000_000_u64);
    assert!(gain > gained - ether(1) / U256::from(1_000), "{gain}");
    assert!(gain <= gained, "{gain}");
    Ok(())
}

#[tokio::test]
async fn a_request_is_not_filled_in_the_transaction_that_makes_it() -> Result<()> {
    let world = a_gain_in_the_queue().await?;
    let shares = world.protocol.pool.getSharesByPooledEth(loan());
    let shares = shares.call().await?;
    let mut calls = in_and_out(&world, shares, finalize(&world));
    calls.push(finalize(&world));
    world.send(world.stranger, at_once(&calls)?).await?;
    let last = world.protocol.queue.getLastFinalizedRequestId();
    assert_eq!(last.call().await?, U256::ONE);
    // In the next, anybody fills it.
    world.finalize(1).await?;
    assert_eq!(last.call().await?, U256::from(2));
    Ok(())
}

#[tokio::test]
async fn a_request_is_not_cancelled_in_the_transaction_that_makes_it() -> Result<()> {
    let world = a_gain_in_the_queue().await?;
    let shares = world.protocol.pool.getSharesByPooledEth(loan());
    let shares = shares.call().await?;
    let mut calls = in_and_out(&world, shares, finalize(&world));
    let request_id = U256::from(2);
    let cancel = cancelCall {
        requestId: request_id,
    };
    let queue = *world.protocol.queue.address();
    calls.push((queue, U256::ZERO, cancel.abi_encode()));
    let just_made = RequestJustMade {
        requestId: request_id,
    };
    world
        .refused(world.stranger, at_once(&calls)?, just_made)
        .await
}

#[tokio::test]
async fn a_borrowed_deposit_is_not_given_to_validators() -> Result<()> {
    // 80 of 100 ETH are delegated, 20 with each of four validators: a fifth of the pool.
    let world = World::with_stake().await?;
    let pool = *world.protocol.pool.address();
    let rebalance = rebalanceCall {
        maxOps: U256::from(64),
    };
    let shares = world.protocol.pool.getSharesByPooledEth(loan());
    let shares = shares.call().await?;
    let between = (pool, U256::ZERO, rebalance.abi_encode());
    let mut calls = in_and_out(&world, shares, between);
    // It cannot leave with it: as request number 1, it waits for the next transaction at least.
    calls.push(finalize(&world));
    world.send(world.stranger, at_once(&calls)?).await?;
    let waiting = world.protocol.queue.unfinalizedRequestNumber();
    assert_eq!(waiting.call().await?, U256::ONE);
    assert_eq!(delegated(&world).await?, ether(80));
    Ok(())
}

#[tokio::test]
async fn a_borrowed_deposit_that_leaves_at_once_has_moved_nothing() -> Result<()> {
    let world = World::with_stake().await?;
    let (pool, queue) = (*world.protocol.pool.address(), &world.protocol.queue);
    let limit = queue.setInstantLimit(ether(500), 3_600);
    world
        .send(world.admin, limit.into_transaction_request())
        .await?;
    let shares = world.protocol.pool.getSharesByPooledEth(loan());
    let shares = shares.call().await?;
    let rebalance = rebalanceCall {
        maxOps: U256::from(64),
    };
    let between = (pool, U256::ZERO, rebalance.abi_encode());
    let mut calls = in_and_out(&world, shares, between);
    let leave = withdrawInstantlyCall {
        shares,
        receiver: Address::ZERO,
        minEth: U256::ZERO,
    };
    calls.pop();
    calls.push((*queue.address(), U256::ZERO, leave.abi_encode()));
    world.send(world.stranger, at_once(&calls)?).await?;
    // The borrower has paid the fee of the lane; the validators have what they had.
    assert_eq!(delegated(&world).await?, ether(80));
    let reserves = world.protocol.pool.reserves().call().await?;
    assert!(reserves.buffered >= ether(20) - U256::ONE);
    Ok(())
}

/// ETH that lies with validators.
async fn delegated(world: &World) -> Result<U256> {
    Ok(world.protocol.pool.reserves().call().await?.delegated)
}

#[tokio::test]
async fn a_fault_that_lapsed_is_not_revived_by_younger_ones() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    let evidence = |byte| B256::repeat_byte(byte);
    let admin = world.admin;
    let open = |id, byte| registry.openFault(id, evidence(byte));
    let first = open(1, 1).into_transaction_request();
    world.send(admin, first).await?;
    world.advance(13 * 86_400).await?;
    let second = open(2, 2).into_transaction_request();
    world.send(admin, second).await?;
    let dismiss = registry.dismissFault(2, evidence(2));
    world
        .send(admin, dismiss.into_transaction_request())
        .await?;
    world.advance(86_400).await?;
    // The first has lapsed, and is counted until somebody says so: anybody may.
    assert_eq!(registry.pendingFaults().call().await?, 1);
    let lapse = registry.lapseFault(evidence(1)).into_transaction_request();
    world.send(world.stranger, lapse).await?;
    assert_eq!(registry.pendingFaults().call().await?, 0);
    let id = world.request(world.alice, ether(5)).await?;
    world.finalize(1).await?;
    world.claim(world.alice, id).await?;
    // The same evidence holds nobody up again.
    let again = open(1, 1).into_transaction_request();
    let lapsed = client::abi::IValidatorRegistry::FaultLapsed {
        evidenceHash: evidence(1),
    };
    world.refused(admin, again, lapsed).await
}
