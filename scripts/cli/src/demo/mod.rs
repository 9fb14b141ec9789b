//! `lst demo`: the whole life of a stake, from the first bond to the last claim.

mod cast;
mod hooks;
mod joining;
mod leaving;
mod penalties;
mod positions;
mod rewards;
mod stage;
mod timers;
mod upgrade;
mod wrapping;

use std::time::Instant;

use alloy::network::TransactionBuilder;
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use clap::Args;
use client::artifact::Artifact;
use client::deploy::check_chain;
use client::launch::launch;
use client::parameters::Parameters;
use client::send::SendError;
use console::style;
use eyre::{Result, ensure};

use self::cast::{Actor, Cast};
use self::stage::Stage;
use self::timers::Timers;
use crate::amounts::{count, eth, ether};
use crate::options::{Node, Signer};
use crate::profile::DEV_CHAIN;
use crate::{build, deploy, devnode};

/// ETH that the admin keeps for the deployment and for gas.
const OWN_PURSE: u64 = 1;

/// Options of `lst demo`.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs against this node instead of one in this process.
    #[arg(long, value_name = "URL")]
    rpc_url: Option<String>,
    /// Runs on a chain other than a devnode's (412346) too: only where ETH is worth nothing, for the demo
    /// gives it to people whose keys everybody can derive.
    #[arg(long, requires = "rpc_url")]
    any_chain: bool,
    #[command(flatten)]
    signer: Signer,
}

/// Runs the demo; an error if one wei is unexplained.
pub(crate) async fn run(options: Options) -> Result<()> {
    println!(
        "{}\n",
        style("The life of a stake, on a Stylus node").bold()
    );
    let cast = Cast::new(options.signer.key()?);
    // Held to the end: the node stops when it is dropped.
    let (provider, _node) = connect(options.rpc_url, options.any_chain, &cast).await?;
    // Before minutes of building.
    check_chain(&provider).await?;
    check_means(&provider, &cast).await?;
    let artifacts = build::contracts().await?;
    let started = Instant::now();
    let timers = Timers::of(&provider).await;
    let parameters = Parameters {
        treasury: cast.treasury.address(),
        upgrader: cast.timelock.address(),
        distributor: cast.payer.address(),
        slasher: cast.watcher.address(),
        release_secs: timers.release_secs,
        unbonding_secs: timers.unbonding_secs,
        ..Parameters::devnode(cast.admin.address())
    };
    let deploying = Instant::now();
    let launched = launch(&provider, &artifacts, &parameters).await?;
    println!(
        "{} protocol deployed and activated in {:.1} s",
        style("✓").green(),
        deploying.elapsed().as_secs_f64()
    );
    deploy::print(&launched);
    let mut stage = Stage::open(launched.protocol, cast).await?;
    live(&mut stage, &timers, &artifacts).await?;
    let summary = stage.close();
    println!(
        "\n{} {} steps, {} transactions, {} gas; {} wei unexplained; {:.1} s after the build",
        style(if summary.unexplained.is_zero() {
            "✓"
        } else {
            "✗"
        })
        .bold(),
        summary.steps,
        summary.transactions,
        count(summary.gas),
        summary.unexplained,
        started.elapsed().as_secs_f64(),
    );
    ensure!(
        summary.unexplained.is_zero(),
        "{} wei are unexplained",
        summary.unexplained
    );
    Ok(())
}

/// The acts, in order.
async fn live(stage: &mut Stage, timers: &Timers, artifacts: &[Artifact]) -> Result<()> {
    fund(stage).await?;
    joining::validators_bond(stage).await?;
    joining::users_deposit(stage).await?;
    joining::shares_move(stage).await?;
    joining::stake_is_delegated(stage).await?;
    rewards::rewards_are_paid(stage).await?;
    rewards::the_rate_climbs(stage, timers).await?;
    wrapping::shares_are_wrapped(stage).await?;
    leaving::users_ask_to_leave(stage).await?;
    leaving::the_buffer_pays_first(stage).await?;
    leaving::stake_unbonds(stage, timers).await?;
    leaving::requests_are_claimed(stage).await?;
    leaving::a_deposit_pays_who_leaves(stage).await?;
    penalties::a_validator_is_slashed(stage).await?;
    penalties::the_queue_shares_the_loss(stage, timers).await?;
    upgrade::programs_are_replaced(stage, artifacts).await?;
    penalties::a_pause_stops_no_claim(stage).await?;
    positions::positions_are_sold_and_cancelled(stage).await?;
    wrapping::eth_goes_in_and_out(stage).await?;
    wrapping::shares_are_unwrapped(stage).await?;
    leaving::everybody_leaves(stage, timers).await?;
    leaving::validators_exit(stage, timers).await
}

async fn connect(
    rpc_url: Option<String>,
    any_chain: bool,
    cast: &Cast,
) -> Result<(DynProvider, Option<devnode::Running>)> {
    let keys: Vec<_> = cast.all().map(|actor| actor.key.clone()).collect();
    if let Some(rpc_url) = rpc_url {
        let (provider, chain_id) = Node { rpc_url }.connect(&keys).await?;
        check_worthless(chain_id, any_chain)?;
        println!("{} connected to chain {chain_id}", style("✓").green());
        return Ok((provider, None));
    }
    let starting = Instant::now();
    let running = devnode::start().await?;
    println!(
        "{} devnode started in {} ms: {}",
        style("✓").green(),
        starting.elapsed().as_millis(),
        running.url
    );
    let rpc_url = running.url.clone();
    let (provider, _) = Node { rpc_url }.connect(&keys).await?;
    Ok((provider, Some(running)))
}

/// Refuses a chain on which ETH may be worth something: whoever is quick takes what the demo hands out.
fn check_worthless(chain_id: u64, any_chain: bool) -> Result<()> {
    ensure!(
        any_chain || chain_id == DEV_CHAIN,
        "chain {chain_id} is no devnode, and the demo gives ETH to people whose keys everybody can derive: pass --any-chain if ETH is worth nothing there"
    );
    Ok(())
}

/// Refuses to begin with less than the demo hands out.
async fn check_means(provider: &DynProvider, cast: &Cast) -> Result<()> {
    let admin = cast.admin.address();
    let given = purses(cast).map(|(_, purse)| purse).sum::<u64>();
    let needed = ether(given.saturating_add(OWN_PURSE));
    let has = provider.get_balance(admin).await;
    let has = has.map_err(SendError::from)?;
    ensure!(
        has >= needed,
        "{admin} has {} ETH; the demo needs {}",
        eth(has),
        eth(needed)
    );
    Ok(())
}

/// What everybody starts with, in ETH: for gas, for rewards, for a bond, for stakes.
fn purses(cast: &Cast) -> impl Iterator<Item = (&Actor, u64)> {
    let gas = [&cast.treasury, &cast.keeper, &cast.watcher, &cast.timelock];
    let gas = gas.map(|actor| (actor, 1)).into_iter();
    let bonds = cast.validators.iter().map(|actor| (actor, 10));
    let stakes = cast.users.iter().map(|actor| (actor, 60));
    gas.chain([(&cast.payer, 5)]).chain(bonds).chain(stakes)
}

/// The admin gives everybody what they start with.
async fn fund(stage: &mut Stage) -> Result<()> {
    stage.begin("Everybody gets ETH for gas, bonds and stakes");
    let cast = stage.cast.clone();
    for (actor, purse) in purses(&cast) {
        let request = TransactionRequest::default()
            .with_to(actor.address())
            .with_value(ether(purse));
        let what = format!("sends {purse} ETH to {}", actor.name);
        stage.act(&cast.admin, what, request).await?;
    }
    stage.end().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eth_is_given_away_on_a_devnode_or_where_somebody_says_it_is_worth_nothing() {
        assert!(check_worthless(412_346, false).is_ok());
        assert!(check_worthless(42_161, true).is_ok());
        let refusal = check_worthless(42_161, false).expect_err("it is Arbitrum One");
        assert!(refusal.to_string().contains("--any-chain"), "{refusal}");
    }
}
