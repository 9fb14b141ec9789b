//! ETH that is forced into a contract, past its functions, is surplus and moves no rate.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes};
use alloy::rpc::types::TransactionRequest;
use client::abi::IWithdrawalQueue::ZeroAmount;
use client::books;
use eyre::Result;

use crate::world::{World, ether};

/// Init code that destroys itself in favour of `receiver`, which cannot refuse the value.
fn bomb(receiver: Address) -> Bytes {
    let mut code = vec![0x73];
    code.extend(receiver);
    code.push(0xff);
    code.into()
}

async fn force(world: &World, receiver: Address) -> Result<()> {
    let request = TransactionRequest::default()
        .with_deploy_code(bomb(receiver))
        .with_value(ether(2));
    world.send(world.stranger, request).await?;
    Ok(())
}

#[tokio::test]
async fn ether_forced_into_any_contract_moves_no_rate() -> Result<()> {
    let world = World::with_validators().await?;
    world.deposit(world.alice, ether(10)).await?;
    let rate = world.protocol.rate().await?;
    let protocol = &world.protocol;
    for receiver in [
        *protocol.pool.address(),
        *protocol.registry.address(),
        *protocol.queue.address(),
        *protocol.vault.address(),
    ] {
        force(&world, receiver).await?;
    }
    assert_eq!(world.protocol.rate().await?, rate);
    let books = books::read(&world.protocol).await?;
    for account in &books.accounts {
        assert_eq!(account.surplus, ether(2), "{}", account.program);
    }
    Ok(())
}

#[tokio::test]
async fn surplus_of_pool_and_queue_goes_to_the_cover_fund() -> Result<()> {
    let world = World::fresh().await?;
    let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
    force(&world, *pool.address()).await?;
    force(&world, *queue.address()).await?;
    for sweep in [
        pool.sweepSurplus().into_transaction_request(),
        queue.sweepSurplus().into_transaction_request(),
    ] {
        world.send(world.stranger, sweep.clone()).await?;
        // There is no more.
        let nothing: ZeroAmount = world.refusal(sweep).await?;
        assert_eq!(nothing, ZeroAmount {});
    }
    let reserves = world.protocol.registry.reserves().call().await?;
    assert_eq!(reserves.cover, ether(4));
    Ok(())
}

#[tokio::test]
async fn surplus_of_the_registry_can_go_to_the_cover_fund_alone() -> Result<()> {
    let world = World::fresh().await?;
    force(&world, *world.protocol.registry.address()).await?;
    let sweep = world.protocol.registry.sweepSurplusToCover();
    world
        .send(world.admin, sweep.into_transaction_request())
        .await?;
    let reserves = world.protocol.registry.reserves().call().await?;
    assert_eq!(reserves.cover, ether(2));
    assert!(reserves.surplus.is_zero());
    Ok(())
}
