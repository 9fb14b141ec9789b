//! The whole life of a stake in one chain: everybody comes, earns, loses, and leaves.

use alloy::primitives::{B256, U256};
use eyre::{Result, ensure};

use crate::world::{World, ether};

#[tokio::test]
async fn from_any_state_everybody_can_leave() -> Result<()> {
    let world = World::with_validators().await?;
    for (person, assets) in [(world.alice, 40), (world.bob, 25), (world.carol, 15)] {
        world.deposit(person, ether(assets)).await?;
    }
    world.rebalance().await?;
    world.distribute(ether(2)).await?;
    world.advance(1_800).await?;
    world.request(world.bob, ether(20)).await?;
    world.finalize(100).await?;
    world.rebalance().await?;
    let slash = world.slash(2, ether(14), B256::repeat_byte(1));
    world.send_a_loss(world.admin, slash).await?;
    world.advance(200 * 86_400).await?;
    world.rebalance().await?;
    world.finalize(100).await?;

    for person in [world.alice, world.bob, world.carol, world.treasury] {
        let balance = world.balance(person).await?;
        world.request(person, balance).await?;
    }
    drain(&world).await?;
    claim_everything(&world).await?;
    for person in [world.alice, world.bob, world.carol, world.treasury] {
        ensure!(
            world.balance(person).await? <= U256::from(2),
            "{person:?} still holds lsETH"
        );
    }
    let queue = world.protocol.queue.reserves().call().await?;
    assert_eq!((queue.locked, queue.surplus), (U256::ZERO, U256::ZERO));
    bonds_go_home(&world).await?;
    let registry = world.protocol.registry.reserves().call().await?;
    let stakes = registry.bonds + registry.delegated + registry.unbonding;
    // What rounding left to the shares of nobody may still be delegated.
    ensure!(stakes <= ether(1), "{stakes} wei are still at the registry");
    Ok(())
}

async fn drain(world: &World) -> Result<()> {
    for _ in 0..8 {
        world.rebalance().await?;
        world.finalize(100).await?;
        let waiting = world.protocol.queue.unfinalizedRequestNumber();
        if waiting.call().await?.is_zero() {
            return Ok(());
        }
        world.advance(7 * 86_400).await?;
    }
    Err(eyre::eyre!("requests are still waiting after eight rounds"))
}

async fn claim_everything(world: &World) -> Result<()> {
    let last: u64 = world.protocol.queue.getLastRequestId().call().await?.to();
    for id in (1..=last).map(U256::from) {
        world.claim(world.stranger, id).await?;
    }
    Ok(())
}

async fn bonds_go_home(world: &World) -> Result<()> {
    let registry = &world.protocol.registry;
    for (operator, id) in world.operators.into_iter().zip(1..) {
        world
            .send(operator, registry.exit(id).into_transaction_request())
            .await?;
    }
    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    for (operator, id) in world.operators.into_iter().zip(1..) {
        let withdraw = registry.withdrawBond(id);
        world
            .send(operator, withdraw.into_transaction_request())
            .await?;
    }
    Ok(())
}
