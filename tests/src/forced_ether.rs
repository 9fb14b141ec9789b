//! ETH that is forced into a contract, past its functions, is surplus and moves no rate.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
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

/// Puts 2 ETH into a contract, past its functions.
pub(crate) async fn force(world: &World, receiver: Address) -> Result<()> {
    let request = TransactionRequest::default()
        .with_deploy_code(bomb(receiver))
        .with_value(ether(2));
    world.send(world.stranger, request).await?;
    Ok(())
}

/// What users are told that depends on a rate: of lsETH and of wlsETH, for an ETH or a share each.
async fn quotes(world: &World) -> Result<Vec<U256>> {
    let (pool, wrapped) = (&world.protocol.pool, &world.protocol.wrapped);
    let one = ether(1);
    Ok(vec![
        pool.getSharesByPooledEth(one).call().await?,
        pool.getPooledEthByShares(one).call().await?,
        pool.getTotalPooledEther().call().await?,
        wrapped.getRate().call().await?,
        wrapped.totalAssets().call().await?,
        wrapped.previewDeposit(one).call().await?,
        wrapped.previewMint(one).call().await?,
        wrapped.previewWithdraw(one).call().await?,
        wrapped.previewRedeem(one).call().await?,
    ])
}

/// Forces 2 ETH into each contract: nobody is told another number, and an ETH buys `shares` as before.
async fn forced_ether_is_nobodys(world: &World, shares: u64) -> Result<()> {
    let protocol = &world.protocol;
    let (alice, wrapped) = (world.alice, &protocol.wrapped);
    let allow = protocol.pool.approve(*wrapped.address(), U256::MAX);
    world.send(alice, allow.into_transaction_request()).await?;
    let wrap = wrapped.wrap(ether(2)).into_transaction_request();
    world.send(alice, wrap).await?;
    let id = world.request(alice, ether(1)).await?;
    world.finalize(1).await?;
    let (rate, quotes_before) = (protocol.rate().await?, quotes(world).await?);
    for receiver in [
        *protocol.pool.address(),
        *protocol.registry.address(),
        *protocol.queue.address(),
        *protocol.vault.address(),
        *wrapped.address(),
    ] {
        force(world, receiver).await?;
        assert_eq!(world.protocol.rate().await?, rate);
        assert_eq!(quotes(world).await?, quotes_before);
    }
    let books = books::read(protocol).await?;
    for account in &books.accounts {
        assert_eq!(account.surplus, ether(2), "{}", account.program);
    }
    world.deposit(world.bob, ether(1)).await?;
    assert_eq!(world.shares(world.bob).await?, U256::from(shares));
    let before = world.wei(alice.0).await?;
    world.claim(world.stranger, id).await?;
    assert_eq!(world.wei(alice.0).await? - before, ether(1));
    let out = wrapped.redeem(ether(1), world.carol.0, alice.0);
    world.send(alice, out.into_transaction_request()).await?;
    assert_eq!(world.shares(world.carol).await?, ether(1));
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
async fn ether_forced_into_any_contract_moves_no_rate() -> Result<()> {
    let world = World::with_validators().await?;
    world.deposit(world.alice, ether(10)).await?;
    forced_ether_is_nobodys(&world, 1_000_000_000_000_000_000).await
}

#[tokio::test]
async fn ether_forced_into_any_contract_moves_no_rate_above_one() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    // 11.01 ETH behind 10.01 shares and the 0.1 of the fee: ⌊10.11 ÷ 11.01⌋.
    forced_ether_is_nobodys(&world, 918_256_130_790_190_735).await
}

#[tokio::test]
async fn ether_forced_into_any_contract_moves_no_rate_below_one() -> Result<()> {
    let world = World::with_stake().await?;
    let slash = world.slash(1, ether(30), B256::repeat_byte(1));
    world.send_a_loss(world.admin, slash).await?;
    // A bond of 10 and 20 of 100 ETH are lost: 100 ÷ 80.
    forced_ether_is_nobodys(&world, 1_250_000_000_000_000_000).await
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
