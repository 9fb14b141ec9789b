//! Receivers that burn all gas or answer with a megabyte: the first are not paid and stop nobody, the
//! second are paid.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionRequest;
use client::send::{SendError, send};
use eyre::{Result, ensure};

use super::account::Account;
use crate::invariants::State;
use crate::world::{Person, World, ether, milliether};

/// `INVALID`, which takes all gas that was given.
const BURNS_ALL: &[u8] = &[0xfe];
/// `PUSH3 1048576 PUSH0 RETURN`
const RETURNS_A_MEGABYTE: &[u8] = &[0x62, 0x10, 0x00, 0x00, 0x5f, 0xf3];

/// What the receiver answers with is paid for by whoever calls: 2.2 million for a megabyte of memory.
const GAS: u64 = 10_000_000;

/// One way in which ETH leaves to a receiver: who sends what, and how much is paid.
struct Way {
    what: &'static str,
    person: Person,
    request: TransactionRequest,
    paid: U256,
}

/// Every way, made ready for this receiver in a pool that delegates nothing.
async fn ways(world: &World, receiver: Account) -> Result<Vec<Way>> {
    let (queue, to) = (&world.protocol.queue, receiver.0);
    let (alice, admin, [one, two, ..]) = (world.alice, world.admin, world.operators);
    world.deposit(alice, ether(100)).await?;
    let first = world.request_for(alice, to, ether(3)).await?;
    let second = world.request(alice, ether(4)).await?;
    world.finalize(2).await?;
    let limit = queue.setInstantLimit(ether(20), 3_600);
    world.send(admin, limit.into_transaction_request()).await?;
    let (leaving, shrinking) = bonds(world, to).await?;
    let all = ether(10);
    let of_the_queue = calls!(queue;
        claimWithdrawal(first),
        claimTo(second, to),
        withdrawInstantly(all, to, U256::ZERO),
    );
    let of_the_registry = calls!(world.protocol.registry;
        withdrawBond(leaving),
        claimBond(shrinking),
        claimReporterReward(to),
    );
    // The buffer is full, so that the fee of leaving at once is a thousandth.
    let paid = [
        (world.stranger, ether(3)),
        (alice, ether(4)),
        (alice, milliether(9_990)),
        (one, all),
        (two, ether(2)),
        (admin, milliether(200)),
    ];
    let calls = of_the_queue.into_iter().chain(of_the_registry);
    let ways = calls
        .zip(paid)
        .map(|((what, request), (person, paid))| Way {
            what,
            person,
            request,
            paid,
        });
    Ok(ways.collect())
}

/// Two validators that pay to `to` and whose time is over: one leaves with its bond of 10 ETH, and of the
/// other 4 ETH were slashed and 2 leave.
async fn bonds(world: &World, to: Address) -> Result<(u32, u32)> {
    let registry = &world.protocol.registry;
    let [one, two, ..] = world.operators;
    let leaving = world.register(one, ether(10)).await?;
    let shrinking = world.register(two, ether(10)).await?;
    let slash = world.slash(shrinking, ether(4), B256::repeat_byte(1));
    world.send(world.admin, slash).await?;
    let mine = calls!(registry; setRewardAddress(leaving, to), exit(leaving));
    let others = calls!(registry;
        setRewardAddress(shrinking, to),
        requestBondExit(shrinking, ether(2)),
    );
    for (_, request) in mine {
        world.send(one, request).await?;
    }
    for (_, request) in others {
        world.send(two, request).await?;
    }
    world.advance(31 * 86_400).await?;
    Ok((leaving, shrinking))
}

#[tokio::test]
async fn a_receiver_that_answers_with_a_megabyte_is_paid() -> Result<()> {
    let world = World::fresh().await?;
    let receiver = Account::that(&world, RETURNS_A_MEGABYTE).await?;
    for Way {
        what,
        person,
        request,
        paid,
    } in ways(&world, receiver).await?
    {
        let before = world.wei(receiver.0).await?;
        let receipt = world.send(person, request.with_gas_limit(GAS)).await?;
        assert_eq!(world.wei(receiver.0).await? - before, paid, "{what}");
        // 32,768 words of memory are 2,195,456 gas; copying the answer would be as much again.
        ensure!(
            receipt.gas_used < 2_600_000,
            "{what} took {}",
            receipt.gas_used
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_burns_all_gas_is_not_paid_and_stops_nobody() -> Result<()> {
    let world = World::fresh().await?;
    let receiver = Account::that(&world, BURNS_ALL).await?;
    for Way {
        what,
        person,
        request,
        ..
    } in ways(&world, receiver).await?
    {
        let before = State::read(&world).await?;
        let request = request.with_from(person.0).with_gas_limit(GAS);
        let failed = send(&world.provider, request).await;
        let Err(SendError::Reverted(_) | SendError::Failed { .. } | SendError::Node(_)) = failed
        else {
            eyre::bail!("{what} ended as {failed:?}");
        };
        ensure!(
            before == State::read(&world).await?,
            "{what} changed the state"
        );
    }
    assert_eq!(world.wei(receiver.0).await?, U256::ZERO);
    // The others are served: the line goes on, and who leaves names another receiver.
    let third = world.request(world.alice, ether(5)).await?;
    world.finalize(1).await?;
    world.claim(world.stranger, third).await?;
    let leave = world
        .protocol
        .queue
        .withdrawInstantly(ether(10), Address::ZERO, U256::ZERO);
    world
        .send(world.alice, leave.into_transaction_request())
        .await?;
    let reward = world.protocol.registry.claimReporterReward(world.bob.0);
    world
        .send(world.admin, reward.into_transaction_request())
        .await?;
    Ok(())
}
