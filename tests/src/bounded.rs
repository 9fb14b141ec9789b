//! What a call costs is bounded, however many requests and validators there are.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use client::send::send;
use eyre::{Result, ensure};

use crate::world::{Person, World, ether, milliether};

/// What a transaction may use on an Arbitrum chain.
const TX_LIMIT: u64 = 32_000_000;

/// Alice asks for `count` hundredths of an ETH, a hundred at once.
async fn lengthen(world: &World, count: usize) -> Result<()> {
    let queue = &world.protocol.queue;
    for _ in 0..count / 100 {
        let request = queue.requestWithdrawals(vec![milliether(10); 100], Address::ZERO);
        let request = request.into_transaction_request().with_from(world.alice.0);
        send(&world.provider, request).await?;
    }
    Ok(())
}

/// Gas of a newcomer's request at the end of the line, of filling one at its head, and of a claim of Alice's.
async fn steps(world: &World, newcomer: Person, id: u64) -> Result<[u64; 3]> {
    let queue = &world.protocol.queue;
    let request = queue.requestWithdrawals(vec![milliether(10)], Address::ZERO);
    let fill = queue.finalize(U256::ONE);
    let claim = queue.claimWithdrawal(U256::from(id));
    let mut gas = [0; 3];
    for (step, (from, request)) in [
        (newcomer, request.into_transaction_request()),
        (world.stranger, fill.into_transaction_request()),
        (world.alice, claim.into_transaction_request()),
    ]
    .into_iter()
    .enumerate()
    {
        let receipt = send(&world.provider, request.with_from(from.0)).await?;
        gas[step] = receipt.gas_used;
    }
    Ok(gas)
}

#[tokio::test]
async fn a_line_of_two_thousand_costs_nobody_more_than_one_of_a_hundred() -> Result<()> {
    let world = World::fresh().await?;
    for person in [world.alice, world.bob, world.carol] {
        world.deposit(person, ether(50)).await?;
        world.allow_queue(person).await?;
    }
    lengthen(&world, 100).await?;
    world.finalize(20).await?;
    let short = steps(&world, world.bob, 1).await?;
    lengthen(&world, 1_900).await?;
    let long = steps(&world, world.carol, 2).await?;
    // A list has four ids a word: whether the last is alone in its own is worth a word more or less.
    for (short, long) in short.into_iter().zip(long) {
        ensure!(long <= short + 5_000, "{short} grew to {long}");
    }
    Ok(())
}

#[tokio::test]
async fn sixty_four_validators_are_given_stake_and_give_it_back_in_one_call_each() -> Result<()> {
    let world = World::fresh().await?;
    let (pool, registry) = (&world.protocol.pool, &world.protocol.registry);
    let act = async |from: Person, request| {
        let request: alloy::rpc::types::TransactionRequest = request;
        send(&world.provider, request.with_from(from.0)).await
    };
    let [operator, ..] = world.operators;
    for id in 1..=64_u32 {
        let signer = Address::from_word(U256::from(0x5160_0000_u64 + u64::from(id)).into());
        let register = world.registration(signer, operator.0, ether(1));
        act(operator, register).await?;
        // The last places are those of vetted validators.
        let vet = registry.vet(id, U256::MAX).into_transaction_request();
        act(world.admin, vet).await?;
        let activate = registry.activate(id).into_transaction_request();
        act(operator, activate).await?;
    }
    let assets = ether(640);
    world.deposit(world.alice, assets).await?;
    let most = || pool.rebalance(U256::from(64)).into_transaction_request();
    let given = act(world.stranger, most()).await?;
    let first = registry.validator(1).call().await?.delegated;
    let last = registry.validator(64).call().await?.delegated;
    // All have the same bond, and so the same, up to the last wei.
    ensure!(first.abs_diff(last) <= U256::ONE, "{first} and {last}");
    ensure!(first >= ether(9), "{first} of 640 ETH over 64");

    world.allow_queue(world.alice).await?;
    let leave = world.protocol.queue.requestWithdrawal(
        pool.sharesOf(world.alice.0).call().await?,
        Address::ZERO,
        U256::ZERO,
    );
    act(world.alice, leave.into_transaction_request()).await?;
    let called = act(world.stranger, most()).await?;
    let left = registry.validator(64).call().await?.delegated;
    ensure!(left <= ether(1), "{left} stayed");
    world.advance(7 * 86_400).await?;
    let returned = act(world.stranger, most()).await?;
    for (step, receipt) in [("given", given), ("called", called), ("returned", returned)] {
        let gas = receipt.gas_used;
        ensure!(gas < TX_LIMIT / 2, "{step} takes {gas} gas");
    }
    world.finalize(1).await?;
    world.claim(world.alice, U256::ONE).await?;
    Ok(())
}
