//! Paid by the queue: nothing of the queue can be called meanwhile, and what the other contracts allow
//! brings no gain.

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IWithdrawalQueue::ERC721NonexistentToken;
use eyre::Result;

use super::account::Attempt;
use super::estate::Estate;
use crate::world::{Person, World, ether, milliether};

/// Tries everything while `request` pays it, which ends position `id`.
async fn pay_for(
    world: &World,
    estate: &Estate,
    person: Person,
    request: TransactionRequest,
    id: U256,
) -> Result<()> {
    let queue = &world.protocol.queue;
    let mut attempts = Vec::new();
    for (what, request) in estate.at_the_queue(world) {
        attempts.push(Attempt::locked(what, request));
    }
    // Who is being paid for a position has it no more, and cannot sell it.
    let me = estate.account.0;
    if !id.is_zero() {
        let sale = queue.transferFrom(me, world.bob.0, id);
        let gone = ERC721NonexistentToken { tokenId: id };
        attempts.push(Attempt::refused(
            "transferFrom",
            sale.into_transaction_request(),
            &gone,
        ));
    }
    attempts.extend(estate.at_the_tokens(world));
    let rebalance = world.protocol.pool.rebalance(U256::from(16));
    attempts.push(Attempt::allowed(
        "rebalance",
        rebalance.into_transaction_request(),
    ));
    // What the registry owes it, it may take: each is paid once, below.
    let ([leaving, _], [shrinking, _]) = (estate.leaving, estate.shrinking);
    let owed = calls!(world.protocol.registry;
        withdrawBond(leaving),
        claimBond(shrinking),
        claimReporterReward(me),
        releaseMatured(U256::from(16)),
    );
    for (what, request) in owed {
        attempts.push(Attempt::allowed(what, request));
    }
    estate
        .account
        .paid_by(world, person, request, &attempts)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_claim_lets_its_owner_into_no_other_call_of_the_queue() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let (worth, [first, second]) = (estate.worth(&world).await?, estate.finalized);
    let before = world.wei(estate.account.0).await?;
    let claim = world.protocol.queue.claimWithdrawal(first);
    let claim = claim.into_transaction_request();
    pay_for(&world, &estate, world.stranger, claim, first).await?;
    assert_eq!(estate.worth(&world).await?, worth);
    // 10 of the claim, 10 and 2 of bond, 0.2 of reward, and two deposits of one.
    let paid = world.wei(estate.account.0).await? - before;
    assert_eq!(paid, milliether(20_200));
    // The rest is there to be claimed.
    let queue = &world.protocol.queue;
    assert_eq!(queue.getLockedEtherAmount().call().await?, ether(10));
    let claim = queue.claimWithdrawal(second).into_transaction_request();
    world.send(world.stranger, claim).await?;
    assert_eq!(estate.worth(&world).await?, worth);
    Ok(())
}

#[tokio::test]
async fn claims_to_a_receiver_let_it_into_no_other_call_of_the_queue() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let worth = estate.worth(&world).await?;
    let [first, second] = estate.finalized;
    let queue = &world.protocol.queue;
    let claims = queue.claimWithdrawalsTo(vec![first, second], vec![], estate.account.0);
    let order = estate.account.order(claims.into_transaction_request());
    // While it is paid for the first of both, it tries to be paid for the second.
    pay_for(&world, &estate, world.stranger, order, first).await?;
    assert_eq!(estate.worth(&world).await?, worth);
    assert_eq!(queue.getLockedEtherAmount().call().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_cancelled_head_lets_its_owner_into_no_other_call_of_the_queue() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let queue = &world.protocol.queue;
    // 20 ETH are free: 5 fill the third request, and 15 of 25 the fourth. A fifth one waits.
    let amounts = vec![ether(25), ether(2)];
    let request = queue.requestWithdrawals(amounts, Address::ZERO);
    let request = request.into_transaction_request();
    estate.account.act(&world, request).await?;
    world.finalize(2).await?;
    let (head, next) = (U256::from(4), U256::from(5));
    let worth = estate.worth(&world).await?;
    let cancel = queue.cancel(head).into_transaction_request();
    let order = estate.account.order(cancel);
    let estate = Estate {
        open: next,
        ..estate
    };
    pay_for(&world, &estate, world.stranger, order, head).await?;
    assert_eq!(estate.worth(&world).await?, worth);
    // The two of 10 and the one of 5 are there to be claimed, and the last waits.
    assert_eq!(queue.getLockedEtherAmount().call().await?, ether(25));
    assert_eq!(queue.unfilled().call().await?.shares, ether(2));
    Ok(())
}

#[tokio::test]
async fn leaving_at_once_lets_the_receiver_into_no_call_of_the_queue() -> Result<()> {
    let world = World::with_stake().await?;
    let estate = Estate::settle(&world).await?;
    let queue = &world.protocol.queue;
    let limit = queue.setInstantLimit(ether(20), 3_600);
    world
        .send(world.admin, limit.into_transaction_request())
        .await?;
    let worth = estate.worth(&world).await?;
    // 15 ETH are free above the 5 that the queue is owed: of 180, less than a tenth.
    let (paid, fee) = queue.previewInstant(ether(10)).call().await?.into();
    assert_eq!(paid + fee, ether(10));
    let leave = queue.withdrawInstantly(ether(10), Address::ZERO, U256::ZERO);
    let order = estate.account.order(leave.into_transaction_request());
    pay_for(&world, &estate, world.stranger, order, U256::ZERO).await?;
    // It pays the fee, of which everybody who stays gets a part over time; what it converts meanwhile is
    // rounded against it.
    let honest = worth - fee;
    let got = estate.worth(&world).await?;
    assert!(
        got <= honest && honest - got < U256::from(20),
        "{got} of {honest}"
    );
    assert_eq!(queue.getLockedEtherAmount().call().await?, ether(20));
    Ok(())
}
