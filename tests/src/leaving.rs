//! Other ways out than waiting: cancelling, leaving at once, and a request with a permit.

use alloy::primitives::{Address, B256, U256};
use client::abi::IStakingPool::ERC20InsufficientAllowance;
use client::abi::IValidatorRegistry::FaultOpened;
use client::abi::IWithdrawalQueue::{
    AboveLimit, InstantLaneClosed, NotRequestOwner, PermitInput, RequestAlreadyClaimed,
    RequestAlreadyFinalized, RequestCancelled, SlashPending, WithdrawnInstantly,
};
use client::connection::well_known_key;
use client::permit::{self, Signature};
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// Alice and Bob have 50 ETH each in a pool that delegates nothing.
async fn buffered() -> Result<World> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(50)).await?;
    world.deposit(world.bob, ether(50)).await?;
    Ok(world)
}

async fn cancel(world: &World, id: U256) -> Result<RequestCancelled> {
    let cancel = world.protocol.queue.cancel(id);
    let receipt = world
        .send(world.alice, cancel.into_transaction_request())
        .await?;
    let cancelled = receipt.decoded_log::<RequestCancelled>();
    Ok(cancelled
        .ok_or_eyre("a cancelled request emits its event")?
        .data)
}

#[tokio::test]
async fn cancelling_after_a_gain_returns_no_more_than_was_asked_for() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let before = world.balance(world.alice).await?;
    assert_eq!(before, ether(40));
    world.distribute(ether(10)).await?;
    world.advance(300 * 86_400).await?;
    let held = world.balance(world.alice).await?;
    let cancelled = cancel(&world, id).await?;
    assert!(cancelled.sharesBurned > U256::ZERO);
    // Ten ETH and no gain, less a wei of rounding; what the burned shares leave to all holders is
    // shared by Alice as by everybody.
    let returned = world
        .protocol
        .pool
        .getPooledEthByShares(cancelled.sharesReturned);
    let returned = returned.call().await?;
    let left = world.balance(world.alice).await? - returned;
    assert!(left >= held);
    let share = world.shares(world.alice).await? - cancelled.sharesReturned;
    let (shares, rate) = (share, world.protocol.rate().await?);
    assert!(left <= shares * rate.assets / rate.shares + U256::from(1));
    // At the rate of before the burn the returned shares were worth ten ETH at most.
    let worth = cancelled.sharesReturned * held / share;
    assert!(
        worth <= ether(10) && worth > ether(10) - U256::from(10),
        "{worth}"
    );
    Ok(())
}

#[tokio::test]
async fn cancelling_does_not_undo_a_loss() -> Result<()> {
    let world = World::with_stake().await?;
    let id = world.request(world.alice, ether(50)).await?;
    let evidence = B256::repeat_byte(1);
    world
        .send_a_loss(world.admin, world.slash(1, ether(30), evidence))
        .await?;
    let cancelled = cancel(&world, id).await?;
    assert_eq!(cancelled.sharesReturned, ether(50));
    // 20 of 100 ETH are gone: bond pays 10 of 30.
    let worth = world.protocol.pool.getPooledEthByShares(ether(50));
    assert_eq!(worth.call().await?, ether(40));
    Ok(())
}

#[tokio::test]
async fn cancelling_a_head_that_is_filled_in_part_pays_that_part() -> Result<()> {
    let world = World::with_stake().await?;
    let id = world.request(world.alice, ether(50)).await?;
    let next = world.request(world.alice, ether(5)).await?;
    world.finalize(2).await?;
    let cancelled = cancel(&world, id).await?;
    assert_eq!(cancelled.amountOfETH, ether(20));
    assert_eq!(cancelled.sharesReturned, ether(30));
    let queue = &world.protocol.queue;
    assert_eq!(queue.getLockedEtherAmount().call().await?, U256::ZERO);
    let again = queue.cancel(id).into_transaction_request();
    world
        .refused(world.alice, again, RequestAlreadyClaimed { requestId: id })
        .await?;
    // The queue goes on behind it.
    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    world.finalize(2).await?;
    let late = queue.cancel(next).into_transaction_request();
    let expected = RequestAlreadyFinalized { requestId: next };
    world.refused(world.alice, late, expected).await?;
    world.claim(world.alice, next).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_owner_cancels() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let queue = &world.protocol.queue;
    let cancel = queue.cancel(id).into_transaction_request();
    let expected = NotRequestOwner {
        requestId: id,
        caller: world.bob.0,
        owner: world.alice.0,
    };
    world.refused(world.bob, cancel, expected).await
}

/// Opens the lane for 20 ETH an hour.
async fn open_lane(world: &World) -> Result<()> {
    let queue = &world.protocol.queue;
    let limit = queue.setInstantLimit(ether(20), 3_600);
    world
        .send(world.admin, limit.into_transaction_request())
        .await?;
    world.allow_queue(world.alice).await
}

#[tokio::test]
async fn the_fee_of_leaving_at_once_stays_with_the_holders() -> Result<()> {
    let world = buffered().await?;
    open_lane(&world).await?;
    let queue = &world.protocol.queue;
    let (carol, bob) = (
        world.wei(world.carol.0).await?,
        world.balance(world.bob).await?,
    );
    let (assets, fee) = queue.previewInstant(ether(10)).call().await?.into();
    // All 100 ETH lie in the pool: a full buffer is a tenth of that.
    assert_eq!((assets, fee), (milliether(9_990), milliether(10)));
    let leave = queue.withdrawInstantly(ether(10), world.carol.0, assets);
    let receipt = world
        .send(world.alice, leave.into_transaction_request())
        .await?;
    let left = receipt
        .decoded_log::<WithdrawnInstantly>()
        .ok_or_eyre("no event")?;
    assert_eq!((left.amountOfETH, left.fee), (assets, fee));
    assert_eq!(world.wei(world.carol.0).await? - carol, assets);
    assert_eq!(world.balance(world.alice).await? / ether(1), U256::from(40));
    // Not at once: whoever deposits before somebody leaves would share it.
    assert!(world.balance(world.bob).await? - bob <= U256::ONE);
    // Bob has 50 of the 90.01 ETH that are left, and so of the fee: 0.005554938… ETH.
    world.advance(86_400).await?;
    let gain = world.balance(world.bob).await? - bob;
    assert_eq!(gain / U256::from(10).pow(U256::from(12)), U256::from(5_554));
    Ok(())
}

#[tokio::test]
async fn leaving_at_once_takes_nothing_that_the_queue_is_owed() -> Result<()> {
    let world = buffered().await?;
    open_lane(&world).await?;
    world.request(world.bob, ether(50)).await?;
    world.request(world.alice, ether(45)).await?;
    let queue = &world.protocol.queue;
    // 100.01 ETH less the 95 of the queue.
    let leave = queue.withdrawInstantly(ether(5) + milliether(11), Address::ZERO, U256::ZERO);
    let expected = AboveLimit {
        assets: milliether(5_011),
        available: milliether(5_010),
    };
    // Bob asks: Alice has no more than 5 ETH left.
    world
        .refused(world.bob, leave.into_transaction_request(), expected)
        .await?;
    let leave = queue.withdrawInstantly(ether(5), Address::ZERO, U256::ZERO);
    world
        .send(world.alice, leave.into_transaction_request())
        .await?;
    world.finalize(2).await?;
    let locked = queue.getLockedEtherAmount().call().await?;
    assert_eq!(locked, ether(95));
    Ok(())
}

#[tokio::test]
async fn nobody_leaves_at_once_while_a_slash_is_pending_or_above_the_limit() -> Result<()> {
    let world = buffered().await?;
    let queue = &world.protocol.queue;
    let leave = |shares| {
        let call = queue.withdrawInstantly(shares, Address::ZERO, U256::ZERO);
        call.into_transaction_request()
    };
    // Closed until somebody sets a limit.
    world
        .refused(world.alice, leave(ether(1)), InstantLaneClosed {})
        .await?;
    open_lane(&world).await?;
    world.send(world.alice, leave(ether(15))).await?;
    let limit = queue.instantLimit().call().await?;
    assert_eq!((limit.maxAssets, limit.suspended), (ether(20), false));
    assert!(limit.available < ether(6));
    world.advance(3_600).await?;
    let suspend = queue.suspendInstantLane().into_transaction_request();
    world.send(world.admin, suspend).await?;
    world
        .refused(world.alice, leave(ether(15)), InstantLaneClosed {})
        .await?;
    let resume = queue.resumeInstantLane().into_transaction_request();
    world.send(world.admin, resume).await?;
    world.send(world.alice, leave(ether(15))).await?;
    // What a guardian forgets ends by itself.
    let suspend = queue.suspendInstantLane().into_transaction_request();
    world.send(world.admin, suspend).await?;
    world.advance(30 * 86_400).await?;
    world.send(world.alice, leave(ether(1))).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_leaves_at_once_while_a_fault_is_undecided() -> Result<()> {
    let world = World::with_validators().await?;
    world.deposit(world.alice, ether(90)).await?;
    open_lane(&world).await?;
    let (queue, registry) = (&world.protocol.queue, &world.protocol.registry);
    let leave = || {
        let call = queue.withdrawInstantly(ether(1), Address::ZERO, U256::ZERO);
        call.into_transaction_request()
    };
    let evidence = B256::repeat_byte;
    let accuse = |id, number| registry.openFault(id, evidence(number));
    world.send(world.alice, leave()).await?;
    // Two faults: the lane opens again when both are decided, whichever way.
    for (id, number) in [(1, 1), (2, 2)] {
        let accuse = accuse(id, number).into_transaction_request();
        world.send(world.admin, accuse).await?;
        let refused = InstantLaneClosed {};
        world.refused(world.alice, leave(), refused).await?;
    }
    assert!(queue.instantLimit().call().await?.suspended);
    let dismiss = registry.dismissFault(1, evidence(1));
    world
        .send(world.admin, dismiss.into_transaction_request())
        .await?;
    world
        .refused(world.alice, leave(), InstantLaneClosed {})
        .await?;
    world
        .send(world.admin, world.slash(2, ether(1), evidence(2)))
        .await?;
    assert!(!queue.instantLimit().call().await?.suspended);
    world.send(world.alice, leave()).await?;
    // A fault that nobody decides lapses after 14 days, and closes the lane no longer.
    let accuse = accuse(1, 3).into_transaction_request();
    world.send(world.admin, accuse).await?;
    world.advance(13 * 86_400).await?;
    world
        .refused(world.alice, leave(), InstantLaneClosed {})
        .await?;
    world.advance(86_400).await?;
    world.send(world.alice, leave()).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_passes_through_an_empty_queue_while_a_fault_is_undecided() -> Result<()> {
    let world = World::with_stake().await?;
    let (queue, registry) = (&world.protocol.queue, &world.protocol.registry);
    let evidence = B256::repeat_byte(1);
    let open = registry.openFault(1, evidence).into_transaction_request();
    let opened = world.send(world.admin, open).await?;
    let opened = opened.decoded_log::<FaultOpened>();
    let until = opened.ok_or_eyre("a fault emits its event")?.until;
    // 20 ETH are free: who knows of the fault would ask for them and be paid at once.
    let id = world.request(world.alice, ether(20)).await?;
    let finalize = || queue.finalize(U256::from(1)).into_transaction_request();
    world
        .refused(world.alice, finalize(), SlashPending { until })
        .await?;
    // It lapses then at the latest.
    let estimate = queue.estimate(id).call().await?;
    assert_eq!(estimate.etaTimestamp, until);
    // 20 of 100 ETH are lost, hence a fifth of what was asked for.
    world
        .send_a_loss(world.admin, world.slash(1, ether(30), evidence))
        .await?;
    world.send(world.alice, finalize()).await?;
    let locked = queue.getLockedEtherAmount().call().await?;
    assert_eq!(locked, ether(16));
    Ok(())
}

#[tokio::test]
async fn a_fault_that_lapses_holds_nobody_back() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    let id = world.request(world.alice, ether(20)).await?;
    let open = registry.openFault(1, B256::repeat_byte(1));
    world
        .send(world.admin, open.into_transaction_request())
        .await?;
    world.advance(14 * 86_400).await?;
    world.finalize(1).await?;
    world.claim(world.alice, id).await?;
    Ok(())
}

#[tokio::test]
async fn a_key_that_never_approved_requests_with_a_permit() -> Result<()> {
    let world = World::fresh().await?;
    let (pool, queue) = (&world.protocol.pool, &world.protocol.queue);
    let gift = pool.deposit(world.treasury.0, Address::ZERO, U256::ZERO);
    world
        .send(
            world.alice,
            gift.value(ether(10)).into_transaction_request(),
        )
        .await?;
    let (value, deadline) = (ether(4), U256::MAX);
    let key = well_known_key("treasury");
    let Signature { v, r, s } = permit::next(pool, &key, *queue.address(), value, deadline).await?;
    let permit = PermitInput {
        value,
        deadline,
        v,
        r,
        s,
    };
    let request = |assets| {
        let call = queue.requestWithdrawalsWithPermit(vec![assets], Address::ZERO, permit.clone());
        call.into_transaction_request()
    };
    let missing = ERC20InsufficientAllowance {
        spender: *queue.address(),
        allowance: ether(4),
        needed: ether(5),
    };
    world
        .refused(world.treasury, request(ether(5)), missing)
        .await?;
    world.send(world.treasury, request(ether(3))).await?;
    assert_eq!(queue.ownerOf(U256::from(1)).call().await?, world.treasury.0);
    // The permit is used up; the ETH of allowance that it left is not.
    world.send(world.treasury, request(ether(1))).await?;
    assert_eq!(queue.getLastRequestId().call().await?, U256::from(2));
    Ok(())
}
