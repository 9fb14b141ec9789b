//! The demo's act about other ways out than waiting: a permit, a position that is sold, one that is
//! cancelled, and leaving at once.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, keccak256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IWithdrawalQueue::{PermitInput, WithdrawalRequested, WithdrawnInstantly};
use client::permit::{self, Signature};
use eyre::{OptionExt, Result};

use super::cast::Actor;
use super::leaving::request;
use super::stage::Stage;
use crate::amounts::{eth, ether, milliether};

/// The validator that is accused for nothing.
const ACCUSED: u32 = 3;

/// Bob sells a position that he asked for by a permit, cancels another, and leaves at once.
pub(super) async fn positions_are_sold_and_cancelled(stage: &mut Stage) -> Result<()> {
    stage.begin("A position is sold, one is cancelled, and somebody leaves at once");
    let cast = stage.cast.clone();
    let [alice, bob, ..] = &cast.users;
    let (pool, queue) = (stage.protocol.pool.clone(), stage.protocol.queue.clone());
    let submit = pool.submit(Address::ZERO).value(ether(5));
    let submit = submit.into_transaction_request();
    stage.act(bob, "submits 5 ETH", submit).await?;

    let permit = permit(stage, bob, ether(2)).await?;
    let call = queue.requestWithdrawalsWithPermit(vec![ether(1)], Address::ZERO, permit);
    let what = "asks for 1 ETH with a permit in the same call";
    let receipt = stage
        .act(bob, what, call.into_transaction_request())
        .await?;
    let asked = receipt.decoded_log::<WithdrawalRequested>();
    let id = asked.ok_or_eyre("a request without its event")?.requestId;
    let price = TransactionRequest::default()
        .with_to(bob.address())
        .with_value(milliether(990));
    let what = format!("pays bob 0.99 ETH for position {id}");
    stage.act(alice, what, price).await?;
    let sale = queue.transferFrom(bob.address(), alice.address(), id);
    let what = format!("sends position {id} to alice");
    stage
        .act(bob, what, sale.into_transaction_request())
        .await?;

    let cancelled = request(stage, bob, ether(1)).await?;
    let cancel = queue.cancel(cancelled).into_transaction_request();
    let what = format!("cancels position {cancelled}");
    stage.act(bob, what, cancel).await?;

    let open = queue.setInstantLimit(ether(10), 86_400);
    let what = "lets 10 ETH a day leave at once";
    stage
        .act(&cast.admin, what, open.into_transaction_request())
        .await?;
    let leave = queue.withdrawInstantly(ether(1), Address::ZERO, U256::ZERO);
    let leave = leave.into_transaction_request();
    let what = "leaves at once with one share";
    a_fault_closes_the_lane(stage, bob, leave.clone()).await?;
    let receipt = stage.act(bob, what, leave).await?;
    let left = receipt.decoded_log::<WithdrawnInstantly>();
    let left = left.ok_or_eyre("an exit without its event")?;
    stage.remark(format!("{} ETH of it stay with the holders", eth(left.fee)));
    stage.end().await
}

/// While it is undecided whether a validator is slashed, nobody leaves ahead of the loss.
async fn a_fault_closes_the_lane(
    stage: &mut Stage,
    leaver: &Actor,
    leave: TransactionRequest,
) -> Result<()> {
    let (registry, watcher) = (stage.protocol.registry.clone(), stage.cast.watcher.clone());
    let evidence = keccak256("a signature that may be forged");
    let open = registry.openFault(ACCUSED, evidence);
    let what = format!("alleges a fault of validator {ACCUSED}");
    stage
        .act(&watcher, what, open.into_transaction_request())
        .await?;
    let what = "tries to leave before it is decided";
    stage
        .refused(leaver, what, leave, "InstantLaneClosed")
        .await?;
    let dismiss = registry.dismissFault(ACCUSED, evidence);
    let what = "finds the signature forged, and dismisses it";
    stage
        .act(&watcher, what, dismiss.into_transaction_request())
        .await?;
    Ok(())
}

/// A permit of `actor` for the queue, without end.
async fn permit(stage: &Stage, actor: &Actor, value: U256) -> Result<PermitInput> {
    let (pool, queue) = (&stage.protocol.pool, *stage.protocol.queue.address());
    let deadline = U256::MAX;
    let Signature { v, r, s } = permit::next(pool, &actor.key, queue, value, deadline).await?;
    Ok(PermitInput {
        value,
        deadline,
        v,
        r,
        s,
    })
}
