//! The ETH vault of wlsETH: in at once, out as the queue fills, in any parts.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IEtherVault::{
    AboveClaimable, CallerNotAllowed, NotAnOperator, RedeemRequest, TransferFailed, ValueTooSmall,
};
use client::abi::{IWithdrawalQueue, IWrappedToken};
use eyre::{OptionExt, Result};

use crate::world::{Person, World, ether, milliether};

/// Alice has the wlsETH of 8 ETH at a rate that is no whole number, and the vault may take it.
async fn holding() -> Result<(World, U256)> {
    let world = World::at_an_odd_rate().await?;
    let (wrapped, vault) = (&world.protocol.wrapped, &world.protocol.vault);
    let deposit = vault.deposit(U256::ZERO, world.alice.0).value(ether(8));
    world
        .send(world.alice, deposit.into_transaction_request())
        .await?;
    let approve = wrapped.approve(*vault.address(), U256::MAX);
    world
        .send(world.alice, approve.into_transaction_request())
        .await?;
    let shares = wrapped.balanceOf(world.alice.0).call().await?;
    Ok((world, shares))
}

/// Alice queues `shares` for herself.
async fn request(world: &World, shares: U256) -> Result<U256> {
    let (vault, alice) = (&world.protocol.vault, world.alice);
    let request = vault.requestRedeem(shares, alice.0, alice.0);
    let receipt = world
        .send(alice, request.into_transaction_request())
        .await?;
    let requested = receipt.decoded_log::<RedeemRequest>();
    let requested = requested.ok_or_eyre("a request emits its event")?;
    assert_eq!((requested.sender, requested.shares), (alice.0, shares));
    Ok(requested.requestId)
}

fn redeem(world: &World, shares: U256, receiver: Person) -> TransactionRequest {
    let vault = &world.protocol.vault;
    let redeem = vault.redeem(shares, receiver.0, world.alice.0);
    redeem.into_transaction_request()
}

#[tokio::test]
async fn a_deposit_of_eth_mints_what_it_was_said_to() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let (wrapped, vault) = (&world.protocol.wrapped, &world.protocol.vault);
    assert_eq!(vault.share().call().await?, *wrapped.address());
    assert_eq!(
        wrapped.vault(vault.asset().call().await?).call().await?,
        *vault.address()
    );
    let said = vault.previewDeposit(ether(2)).call().await?;
    let deposit = vault.deposit(ether(2), world.bob.0).value(ether(2));
    world
        .send(world.carol, deposit.into_transaction_request())
        .await?;
    let minted = wrapped.balanceOf(world.bob.0).call().await?;
    // A second of released rewards may lie between.
    assert!(minted <= said && minted + U256::from(1_000_000_000_000_u64) > said);
    assert!(world.wei(*vault.address()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn a_mint_takes_what_it_costs_and_gives_the_rest_back() -> Result<()> {
    let world = World::at_an_odd_rate().await?;
    let (wrapped, vault) = (&world.protocol.wrapped, &world.protocol.vault);
    let needed = vault.previewMint(ether(1)).call().await?;
    assert!(needed > ether(1));
    let mint = |value| vault.mint(ether(1), world.bob.0).value(value);
    let request = mint(ether(1)).into_transaction_request();
    let small: ValueTooSmall = world.refusal(request.with_from(world.carol.0)).await?;
    assert_eq!(small.value, ether(1));
    let rate = world.protocol.rate().await?;
    let pooled = rate.assets;
    world
        .send(world.carol, mint(ether(3)).into_transaction_request())
        .await?;
    assert_eq!(wrapped.balanceOf(world.bob.0).call().await?, ether(1));
    // Of 3 ETH a little more than one stayed.
    let taken = world.protocol.rate().await?.assets - pooled;
    assert!(taken >= needed && taken < ether(2), "{taken}");
    assert!(world.wei(*vault.address()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn shares_are_pending_then_claimable_and_taken_in_parts_that_sum_to_the_whole() -> Result<()>
{
    let (world, shares) = holding().await?;
    let vault = &world.protocol.vault;
    let (alice, bob) = (world.alice.0, world.bob);
    let third = shares / U256::from(3);
    let (first, second) = (
        request(&world, third).await?,
        request(&world, shares - third).await?,
    );
    assert_eq!(
        vault.pendingRedeemRequest(first, alice).call().await?,
        third
    );
    assert!(vault.maxRedeem(alice).call().await?.is_zero());
    let nothing = AboveClaimable {
        controller: alice,
        wanted: U256::ONE,
        available: U256::ZERO,
    };
    world
        .refused(world.alice, redeem(&world, U256::ONE, bob), nothing)
        .await?;
    world.finalize(10).await?;
    assert!(
        vault
            .pendingRedeemRequest(first, alice)
            .call()
            .await?
            .is_zero()
    );
    let claimable = vault.claimableRedeemRequest(second, alice);
    assert_eq!(claimable.call().await?, shares - third);
    assert_eq!(vault.maxRedeem(alice).call().await?, shares);
    let all = vault.maxWithdraw(alice).call().await?;
    let before = world.wei(bob.0).await?;
    // All of the first and some of the second, an amount of wei, and the rest.
    let half = shares / U256::from(2);
    world.send(world.alice, redeem(&world, half, bob)).await?;
    let reserves = vault.reserves().call().await?;
    assert!(!reserves.owed.is_zero() && reserves.surplus.is_zero());
    let withdraw = vault.withdraw(ether(1), bob.0, alice);
    world
        .send(world.alice, withdraw.into_transaction_request())
        .await?;
    let rest = vault.maxRedeem(alice).call().await?;
    world.send(world.alice, redeem(&world, rest, bob)).await?;
    assert_eq!(world.wei(bob.0).await? - before, all);
    assert!(vault.maxRedeem(alice).call().await?.is_zero());
    assert!(world.wei(*vault.address()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn only_the_owner_its_operator_and_the_controller_act() -> Result<()> {
    let (world, shares) = holding().await?;
    let vault = &world.protocol.vault;
    let (alice, bob) = (world.alice, world.bob);
    let steal = vault.requestRedeem(shares, bob.0, alice.0);
    let foreign = NotAnOperator {
        account: alice.0,
        caller: bob.0,
    };
    let steal = steal.into_transaction_request();
    world.refused(bob, steal.clone(), foreign.clone()).await?;
    request(&world, milliether(500)).await?;
    world.finalize(1).await?;
    let take = redeem(&world, milliether(100), bob);
    world.refused(bob, take.clone(), foreign).await?;
    let operator = vault.setOperator(bob.0, true);
    world
        .send(alice, operator.into_transaction_request())
        .await?;
    world.send(bob, take).await?;
    let mine = vault.requestRedeem(milliether(500), bob.0, alice.0);
    world.send(bob, mine.into_transaction_request()).await?;
    assert!(vault.maxRedeem(bob.0).call().await?.is_zero());
    world.finalize(1).await?;
    assert_eq!(vault.maxRedeem(bob.0).call().await?, milliether(500));
    Ok(())
}

#[tokio::test]
async fn nobody_pays_the_vault_for_a_position_but_the_vault_itself() -> Result<()> {
    let (world, shares) = holding().await?;
    let vault = *world.protocol.vault.address();
    let id = request(&world, shares).await?;
    world.finalize(1).await?;
    let queue = &world.protocol.queue;
    // The ETH of a claim that somebody else makes would be nobody's here.
    let assets = queue.getLockedEtherAmount().call().await?;
    let claim = queue.claimWithdrawal(id).into_transaction_request();
    let refused = IWithdrawalQueue::TransferFailed {
        receiver: vault,
        assets,
    };
    world.refused(world.bob, claim, refused).await?;
    let gift = TransactionRequest::default()
        .with_to(vault)
        .with_value(ether(1));
    let caller = world.bob.0;
    let refused = CallerNotAllowed {
        caller,
        expected: vault,
    };
    world.refused(world.bob, gift, refused).await?;
    world
        .send(world.alice, redeem(&world, shares, world.alice))
        .await?;
    Ok(())
}

#[tokio::test]
async fn eth_is_not_paid_to_who_would_take_it_for_a_deposit() -> Result<()> {
    let (world, shares) = holding().await?;
    request(&world, shares).await?;
    world.finalize(1).await?;
    let protocol = &world.protocol;
    for receiver in [*protocol.pool.address(), *protocol.wrapped.address()] {
        let to_it = redeem(&world, shares, Person(receiver));
        let assets = U256::ZERO;
        let refused = TransferFailed { receiver, assets };
        world.refused(world.alice, to_it, refused).await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_the_owners_allowance_nothing_is_queued() -> Result<()> {
    let (world, shares) = holding().await?;
    let (wrapped, vault) = (&world.protocol.wrapped, &world.protocol.vault);
    let forbid = wrapped.approve(*vault.address(), U256::ZERO);
    world
        .send(world.alice, forbid.into_transaction_request())
        .await?;
    let request = vault.requestRedeem(shares, world.alice.0, world.alice.0);
    let missing = IWrappedToken::ERC20InsufficientAllowance {
        spender: *vault.address(),
        allowance: U256::ZERO,
        needed: shares,
    };
    world
        .refused(world.alice, request.into_transaction_request(), missing)
        .await
}

#[tokio::test]
async fn a_loss_before_the_fill_is_the_controllers_too() -> Result<()> {
    let world = World::with_stake().await?;
    let vault = &world.protocol.vault;
    let deposit = vault.deposit(U256::ZERO, world.alice.0).value(ether(10));
    world
        .send(world.alice, deposit.into_transaction_request())
        .await?;
    let wrapped = &world.protocol.wrapped;
    let approve = wrapped.approve(*vault.address(), U256::MAX);
    world
        .send(world.alice, approve.into_transaction_request())
        .await?;
    let shares = wrapped.balanceOf(world.alice.0).call().await?;
    request(&world, shares).await?;
    // 10 ETH of bond and 11 of 110 of stake are lost: a tenth of every share.
    let evidence = alloy::primitives::B256::repeat_byte(1);
    let slash = world.slash(1, ether(21), evidence);
    world.send_a_loss(world.admin, slash).await?;
    world.finalize(1).await?;
    assert_eq!(vault.maxWithdraw(world.alice.0).call().await?, ether(9));
    assert_eq!(vault.maxRedeem(world.alice.0).call().await?, shares);
    let none = vault.maxDeposit(Address::ZERO).call().await?;
    assert!(none > ether(1));
    Ok(())
}
