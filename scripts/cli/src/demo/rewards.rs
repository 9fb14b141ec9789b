//! The demo's acts about rewards: they are paid, and released while time passes.

use client::abi::IStakingPool::RewardsDistributed;
use eyre::{OptionExt, Result};

use super::stage::Stage;
use super::timers::Timers;
use crate::amounts::{duration, eth, milliether, rate};

/// Rewards arrive; the fee is rate-neutral and nothing else has been released yet.
pub(super) async fn rewards_are_paid(stage: &mut Stage) -> Result<()> {
    stage.begin("Rewards are paid: the fee becomes shares, the rest is released over time");
    let pool = stage.protocol.pool.clone();
    let (payer, alice) = (stage.cast.payer.clone(), stage.cast.users[0].clone());
    let before = stage.protocol.rate().await?;
    let request = pool
        .distribute()
        .value(milliether(500))
        .into_transaction_request();
    let receipt = stage
        .act(&payer, "distributes 0.5 ETH", request.clone())
        .await?;
    let paid = receipt.decoded_log::<RewardsDistributed>();
    let paid = paid.ok_or_eyre("a distribution without its event")?;
    let release = pool.release().call().await?;
    stage.remark(format!(
        "fee {} ETH for {} shares; {} ETH released over {}",
        eth(paid.fee),
        eth(paid.feeShares),
        eth(paid.unreleased),
        duration(release.end.saturating_sub(release.start))
    ));
    let after = stage.protocol.rate().await?;
    stage.remark(format!(
        "rate {} before, {} after",
        rate(before.e27()),
        rate(after.e27())
    ));
    let what = "distributes without the role";
    stage
        .refused(&alice, what, request, "AccessControlUnauthorizedAccount")
        .await?;
    stage.end().await
}

/// The rate climbs second by second until everything is released.
pub(super) async fn the_rate_climbs(stage: &mut Stage, timers: &Timers) -> Result<()> {
    stage.begin("The rate climbs by itself");
    let alice = stage.cast.users[0].clone();
    let release = stage.protocol.pool.release().call().await?;
    // Rounded up, so that four quarters are the whole.
    let quarter = release.end.saturating_sub(release.start).div_ceil(4);
    for _ in 0..4 {
        timers.pass(stage, quarter).await?;
        let now = stage.protocol.rate().await?;
        let balance = stage.balance(&alice).await?;
        stage.remark(format!(
            "rate {} · alice has {} lsETH",
            rate(now.e27()),
            eth(balance)
        ));
    }
    stage.end().await
}
