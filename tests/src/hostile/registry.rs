//! Paid by the registry: nothing of the registry can be called meanwhile, and what the other contracts
//! allow brings no gain.

use alloy::primitives::U256;
use alloy::rpc::types::TransactionRequest;
use eyre::Result;

use super::account::Attempt;
use super::estate::Estate;
use crate::world::{World, ether, milliether};

/// Tries everything while `request`, a call of its own, pays it `paid` wei.
async fn pay_for(
    world: &World,
    estate: &Estate,
    request: TransactionRequest,
    paid: U256,
) -> Result<()> {
    let (worth, before) = (
        estate.worth(world).await?,
        world.wei(estate.account.0).await?,
    );
    let mut attempts = Vec::new();
    for (what, request) in estate.at_the_registry(world) {
        attempts.push(Attempt::locked(what, request));
    }
    // It asks the registry to release and to delegate.
    let rebalance = world.protocol.pool.rebalance(U256::from(16));
    attempts.push(Attempt::locked(
        "rebalance",
        rebalance.into_transaction_request(),
    ));
    attempts.extend(estate.at_the_tokens(world));
    let [first, _] = estate.finalized;
    let owed = calls!(world.protocol.queue;
        claimWithdrawal(first),
        cancel(estate.open),
        finalize(U256::from(1)),
    );
    for (what, request) in owed {
        attempts.push(Attempt::allowed(what, request));
    }
    let order = estate.account.order(request);
    estate
        .account
        .paid_by(world, world.stranger, order, &attempts)
        .await?;
    assert_eq!(estate.worth(world).await?, worth);
    // Beside it 10 ETH of the queue came, and two of one went into deposits.
    assert_eq!(world.wei(estate.account.0).await? - before, paid + ether(8));
    Ok(())
}

#[tokio::test]
async fn a_bond_that_is_paid_lets_its_receiver_into_no_call_of_the_registry() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let registry = &world.protocol.registry;
    let ([_, other], [part, _]) = (estate.leaving, estate.shrinking);
    let claim = registry.claimBond(part).into_transaction_request();
    pay_for(&world, &estate, claim, ether(2)).await?;
    assert_eq!(registry.validator(part).call().await?.bond, ether(8));
    assert_eq!(registry.validator(other).call().await?.bond, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_validator_that_leaves_lets_nobody_into_a_call_of_the_registry() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let registry = &world.protocol.registry;
    let [one, other] = estate.leaving;
    let leave = registry.withdrawBond(one).into_transaction_request();
    pay_for(&world, &estate, leave, ether(10)).await?;
    assert_eq!(registry.validator(one).call().await?.bond, U256::ZERO);
    assert_eq!(registry.validator(other).call().await?.bond, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_reporter_that_is_paid_is_let_into_no_call_of_the_registry() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let registry = &world.protocol.registry;
    let reward = registry.claimReporterReward(estate.account.0);
    let reward = reward.into_transaction_request();
    pay_for(&world, &estate, reward, milliether(200)).await?;
    let left = registry.reporterReward(estate.account.0).call().await?;
    assert_eq!(left, U256::ZERO);
    Ok(())
}
