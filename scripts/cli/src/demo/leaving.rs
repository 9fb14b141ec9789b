//! The demo's acts about leaving: requests, the buffer, unbonding, claims, and at last everybody.

use std::fmt::Display;

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IWithdrawalQueue::{WithdrawalClaimed, WithdrawalRequested};
use client::clock;
use eyre::{OptionExt, Result, ensure};

use super::cast::Actor;
use super::stage::Stage;
use super::timers::Timers;
use crate::amounts::{duration, eth, ether, milliether};

/// Rounds of rebalance, wait and finalize within which everybody must be out.
const LAST_ROUNDS: usize = 8;

/// Three users queue more than the buffer holds.
pub(super) async fn users_ask_to_leave(stage: &mut Stage) -> Result<()> {
    stage.begin("Three users ask to leave");
    let [alice, bob, carol, ..] = stage.cast.users.clone();
    for (user, amount) in [(&bob, 9), (&carol, 26), (&alice, 15)] {
        request(stage, user, ether(amount)).await?;
    }
    let queue = stage.protocol.queue.clone();
    let call = queue.claimWithdrawal(U256::from(1));
    let request = call.into_transaction_request();
    stage
        .refused(
            &bob,
            "claims before it is finalized",
            request,
            "RequestNotFinalized",
        )
        .await?;
    stage.end().await
}

/// What lies in the buffer pays at once, first come first served, the last of them in part.
pub(super) async fn the_buffer_pays_first(stage: &mut Stage) -> Result<()> {
    stage.begin("The buffer pays the first of them at once, the next in part");
    finalize(stage, 100).await?;
    print_open(stage, 2).await?;
    stage.end().await
}

/// The rest waits for stake that unbonds.
pub(super) async fn stake_unbonds(stage: &mut Stage, timers: &Timers) -> Result<()> {
    stage.begin("Stake unbonds for the rest");
    rebalance(stage).await?;
    print_estimate(stage, 3).await?;
    timers.pass(stage, timers.unbonding_secs).await?;
    rebalance(stage).await?;
    stage.remark("finalized in slices of one request a call");
    finalize(stage, 1).await?;
    finalize(stage, 1).await?;
    stage.end().await
}

/// Claims pay what was fixed; once, and to the owner alone.
pub(super) async fn requests_are_claimed(stage: &mut Stage) -> Result<()> {
    stage.begin("Payouts are claimed");
    let queue = stage.protocol.queue.clone();
    let [alice, bob, carol, dave, _] = stage.cast.users.clone();
    let keeper = stage.cast.keeper.clone();
    let own = queue
        .claimWithdrawal(U256::from(1))
        .into_transaction_request();
    claim(stage, &bob, "claims request 1", own.clone()).await?;
    stage
        .refused(&bob, "claims it again", own, "RequestAlreadyClaimed")
        .await?;
    let theirs = queue
        .claimTo(U256::from(2), dave.address())
        .into_transaction_request();
    let what = "claims carol's request 2 for himself";
    stage
        .refused(&dave, what, theirs.clone(), "NotRequestOwner")
        .await?;
    claim(stage, &carol, "claims request 2 to dave's address", theirs).await?;
    let for_alice = queue
        .claimWithdrawal(U256::from(3))
        .into_transaction_request();
    let what = format!("claims request 3 for {}, who is paid", alice.name);
    claim(stage, &keeper, what, for_alice).await?;
    stage.end().await
}

/// ETH that comes in pays who wants out, without any stake unbonding.
pub(super) async fn a_deposit_pays_who_leaves(stage: &mut Stage) -> Result<()> {
    stage.begin("A deposit pays who leaves, without any stake unbonding");
    let [alice, _, _, _, erin] = stage.cast.users.clone();
    let submit = stage.protocol.pool.submit(Address::ZERO).value(ether(5));
    stage
        .act(&alice, "submits 5 ETH", submit.into_transaction_request())
        .await?;
    request(stage, &erin, ether(3)).await?;
    finalize(stage, 100).await?;
    stage.end().await
}

/// Everybody who holds a share leaves; nothing is left but the shares of nobody.
pub(super) async fn everybody_leaves(stage: &mut Stage, timers: &Timers) -> Result<()> {
    stage.begin("Everybody leaves");
    let cast = stage.cast.clone();
    for holder in cast.users.iter().chain([&cast.treasury]) {
        let balance = stage.balance(holder).await?;
        if balance >= milliether(1) {
            request(stage, holder, balance).await?;
        }
    }
    for _ in 0..LAST_ROUNDS {
        rebalance(stage).await?;
        finalize(stage, 100).await?;
        if waiting(stage).await?.is_zero() {
            break;
        }
        timers.pass(stage, timers.unbonding_secs).await?;
    }
    let left = waiting(stage).await?;
    ensure!(left.is_zero(), "{left} requests are still waiting");
    claim_all(stage).await?;
    stage.end().await
}

/// Validators without stake take their bonds home.
pub(super) async fn validators_exit(stage: &mut Stage, timers: &Timers) -> Result<()> {
    stage.begin("The validators exit with what is left of their bonds");
    let registry = stage.protocol.registry.clone();
    let validators = stage.cast.validators.clone();
    for (validator, id) in validators.iter().zip(1_u32..) {
        stage
            .act(
                validator,
                "exits",
                registry.exit(id).into_transaction_request(),
            )
            .await?;
    }
    rebalance(stage).await?;
    timers.pass(stage, timers.unbonding_secs).await?;
    rebalance(stage).await?;
    for (validator, id) in validators.iter().zip(1_u32..) {
        let bond = registry.validator(id).call().await?.bond;
        let request = registry.withdrawBond(id).into_transaction_request();
        let what = format!("takes home the {} ETH of its bond", eth(bond));
        stage.act(validator, what, request).await?;
    }
    let watcher = stage.cast.watcher.clone();
    let call = registry.claimReporterReward(watcher.address());
    stage
        .act(
            &watcher,
            "claims the reporter's reward",
            call.into_transaction_request(),
        )
        .await?;
    stage.end().await
}

/// Queues `amount` wei of lsETH; returns the id.
pub(super) async fn request(stage: &mut Stage, user: &Actor, amount: U256) -> Result<U256> {
    let (pool, queue) = (stage.protocol.pool.clone(), stage.protocol.queue.clone());
    // An allowance that is never spent: shares are rounded up, and what they take of it with them.
    let approve = pool
        .approve(*queue.address(), U256::MAX)
        .into_transaction_request();
    stage.act(user, "allows the queue", approve).await?;
    let call = queue.requestWithdrawals(vec![amount], Address::ZERO);
    let what = format!("asks for {} ETH", eth(amount));
    let receipt = stage
        .act(user, what, call.into_transaction_request())
        .await?;
    let requested = receipt.decoded_log::<WithdrawalRequested>();
    Ok(requested
        .ok_or_eyre("a request without its event")?
        .requestId)
}

/// Fills up to `most` requests from the head.
pub(super) async fn finalize(stage: &mut Stage, most: u64) -> Result<()> {
    let (keeper, queue) = (stage.cast.keeper.clone(), stage.protocol.queue.clone());
    let request = queue.finalize(U256::from(most)).into_transaction_request();
    let what = format!("finalizes up to {most}");
    stage.act(&keeper, what, request).await?;
    Ok(())
}

/// Lets the pool fetch what has unbonded and undelegate or delegate.
pub(super) async fn rebalance(stage: &mut Stage) -> Result<()> {
    let (keeper, pool) = (stage.cast.keeper.clone(), stage.protocol.pool.clone());
    let request = pool.rebalance(U256::from(16)).into_transaction_request();
    stage.act(&keeper, "rebalances", request).await?;
    Ok(())
}

/// Claims, and prints what was paid to whom.
pub(super) async fn claim(
    stage: &mut Stage,
    actor: &Actor,
    what: impl Display,
    request: TransactionRequest,
) -> Result<()> {
    let receipt = stage.act(actor, what, request).await?;
    let claimed = receipt.decoded_log::<WithdrawalClaimed>();
    let claimed = claimed.ok_or_eyre("a claim without its event")?;
    stage.remark(format!("paid {} ETH", eth(claimed.amountOfETH)));
    Ok(())
}

/// The keeper claims for everyone what nobody has claimed yet.
async fn claim_all(stage: &mut Stage) -> Result<()> {
    let (keeper, queue) = (stage.cast.keeper.clone(), stage.protocol.queue.clone());
    let last: u64 = queue.getLastRequestId().call().await?.saturating_to();
    let ids: Vec<U256> = (1..=last).map(U256::from).collect();
    let claimable = queue
        .getClaimableEther(ids.clone(), Vec::new())
        .call()
        .await?;
    let open = ids.into_iter().zip(claimable);
    let open: Vec<U256> = open
        .filter(|(_, wei)| !wei.is_zero())
        .map(|(id, _)| id)
        .collect();
    let what = format!("claims for all {} owners", open.len());
    let call = queue.claimWithdrawals(open, Vec::new());
    stage
        .act(&keeper, what, call.into_transaction_request())
        .await?;
    Ok(())
}

async fn waiting(stage: &Stage) -> Result<U256> {
    Ok(stage
        .protocol
        .queue
        .unfinalizedRequestNumber()
        .call()
        .await?)
}

async fn print_open(stage: &Stage, id: u64) -> Result<()> {
    let open = stage
        .protocol
        .queue
        .requestOf(U256::from(id))
        .call()
        .await?;
    stage.remark(format!(
        "request {id}: {} ETH locked, {} ETH still open",
        eth(open.locked),
        eth(open.assetsLeft)
    ));
    Ok(())
}

async fn print_estimate(stage: &Stage, id: u64) -> Result<()> {
    let estimate = stage.protocol.queue.estimate(U256::from(id)).call().await?;
    let now = clock::now(&stage.protocol.provider).await?;
    stage.remark(format!(
        "request {id}: {} ETH ahead of it, {} ETH in {} at the latest",
        eth(estimate.ethAhead),
        eth(estimate.payoutNow),
        duration(estimate.etaTimestamp.saturating_sub(now))
    ));
    Ok(())
}
