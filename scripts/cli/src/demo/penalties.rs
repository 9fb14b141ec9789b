//! The demo's acts about loss: a slash, who bears it, and a pause that stops no claim.

use alloy::primitives::{Address, U256, keccak256};
use client::abi::IValidatorRegistry::ValidatorSlashed;
use client::contract::Contract;
use eyre::{OptionExt, Result};

use super::hooks::Hooks;
use super::leaving::{claim, finalize, rebalance, request};
use super::stage::Stage;
use super::timers::Timers;
use crate::amounts::{eth, ether, milliether};

/// The validator that signs two truths.
const CULPRIT: u32 = 2;

/// Request of erin, finalized before the slash.
const FINALIZED: u64 = 4;

/// Request of dave, still waiting when the slash comes.
const QUEUED: u64 = 5;

/// The pause group of deposits in the pool and of requests in the queue.
const FIRST_GROUP: u8 = 0;

/// A pause of a day.
const PAUSE_SECS: u64 = 86_400;

/// Bond first, then the cover fund, then unreleased rewards, then the rate.
pub(super) async fn a_validator_is_slashed(stage: &mut Stage) -> Result<()> {
    stage.begin("A validator is slashed: bond, cover fund, unreleased rewards, rate");
    let (pool, registry) = (stage.protocol.pool.clone(), stage.protocol.registry.clone());
    let cast = stage.cast.clone();
    let [_, _, _, dave, _] = &cast.users;

    request(stage, dave, ether(12)).await?;
    let cover = registry
        .fundCover()
        .value(milliether(500))
        .into_transaction_request();
    stage
        .act(&cast.payer, "gives 0.5 ETH to the cover fund", cover)
        .await?;
    let rewards = pool.distribute().value(ether(1)).into_transaction_request();
    stage.act(&cast.payer, "distributes 1 ETH", rewards).await?;

    let state = registry.validator(CULPRIT).call().await?;
    let exposure = state
        .bond
        .saturating_add(state.delegated)
        .saturating_add(state.unbonding);
    let evidence = keccak256("two signatures, one block number");
    let slash = |penalty| {
        registry
            .slash(CULPRIT, penalty, evidence)
            .into_transaction_request()
    };
    let too_much = slash(exposure.saturating_add(U256::from(1)));
    let what = "asks for 1 wei more than the validator's exposure";
    stage
        .refused(&cast.watcher, what, too_much, "PenaltyAboveExposure")
        .await?;
    let what = "slashes without the role";
    let refusal = "AccessControlUnauthorizedAccount";
    stage
        .refused(&cast.keeper, what, slash(ether(1)), refusal)
        .await?;

    let hooks = Hooks::list(stage).await?;
    let penalty = state.bond.saturating_add(ether(4));
    let what = format!("slashes validator {CULPRIT} by {} ETH", eth(penalty));
    let receipt = stage.act(&cast.watcher, what, slash(penalty)).await?;
    let slashed = receipt.decoded_log::<ValidatorSlashed>();
    let slashed = slashed.ok_or_eyre("a slash without its event")?;
    stage.remark(format!(
        "bond {} · cover fund {} · unreleased rewards {} · rate {}",
        eth(slashed.bondLoss),
        eth(slashed.coverUsed),
        eth(slashed.fromUnreleased),
        eth(slashed.socialised)
    ));
    hooks.heard(stage, &receipt)?;
    let again = "uses the same evidence again";
    stage
        .refused(&cast.watcher, again, slash(ether(1)), "EvidenceAlreadyUsed")
        .await?;
    stage.end().await
}

/// Who waits in the queue shares the loss; who was finalized does not.
pub(super) async fn the_queue_shares_the_loss(stage: &mut Stage, timers: &Timers) -> Result<()> {
    stage.begin("Who waits in the queue shares the loss, who was finalized does not");
    let queue = stage.protocol.queue.clone();
    let erin = stage.cast.users[4].clone();
    let own = queue
        .claimWithdrawal(U256::from(FINALIZED))
        .into_transaction_request();
    claim(
        stage,
        &erin,
        "claims what was finalized before the slash",
        own,
    )
    .await?;
    rebalance(stage).await?;
    timers.pass(stage, timers.unbonding_secs).await?;
    rebalance(stage).await?;
    finalize(stage, 100).await?;
    let filled = queue.requestOf(U256::from(QUEUED)).call().await?;
    stage.remark(format!(
        "dave asked for 12 ETH and gets {} ETH",
        eth(filled.locked)
    ));
    stage.end().await
}

/// A pause stops deposits and requests, and no claim.
pub(super) async fn a_pause_stops_no_claim(stage: &mut Stage) -> Result<()> {
    stage.begin("A pause stops deposits and requests, and no claim");
    let (pool, queue) = (stage.protocol.pool.clone(), stage.protocol.queue.clone());
    let office = [Contract::StakingPool, Contract::WithdrawalQueue];
    let [of_pool, of_queue] = office.map(|contract| stage.protocol.administration(contract));
    let cast = stage.cast.clone();
    let [alice, _, _, dave, _] = &cast.users;
    let request = of_pool
        .pause(FIRST_GROUP, PAUSE_SECS)
        .into_transaction_request();
    stage.act(&cast.admin, "pauses deposits", request).await?;
    let request = of_queue
        .pause(FIRST_GROUP, PAUSE_SECS)
        .into_transaction_request();
    stage.act(&cast.admin, "pauses requests", request).await?;

    let deposit = pool
        .submit(Address::ZERO)
        .value(ether(1))
        .into_transaction_request();
    stage
        .refused(alice, "submits 1 ETH", deposit, "GroupPaused")
        .await?;
    let call = queue.requestWithdrawals(vec![ether(1)], Address::ZERO);
    let ask = call.into_transaction_request();
    stage
        .refused(alice, "asks for 1 ETH", ask, "GroupPaused")
        .await?;
    let own = queue
        .claimWithdrawal(U256::from(QUEUED))
        .into_transaction_request();
    claim(stage, dave, "claims", own).await?;

    let request = of_pool.unpause(FIRST_GROUP).into_transaction_request();
    stage.act(&cast.admin, "unpauses deposits", request).await?;
    let request = of_queue.unpause(FIRST_GROUP).into_transaction_request();
    stage.act(&cast.admin, "unpauses requests", request).await?;
    stage.end().await
}
