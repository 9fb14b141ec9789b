//! `lst status`: what a deployment holds and owes, and how long its programs run.

use alloy::providers::DynProvider;
use clap::Args;
use client::address_book::AddressBook;
use client::books;
use client::lifetime::{Life, left};
use client::protocol::Protocol;
use console::style;
use eyre::{Result, ensure};

use crate::amounts::{eth, rate};
use crate::keepalive::remaining;
use crate::options::{Deployments, Node};

/// Options of `lst status`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    deployments: Deployments,
}

/// Prints the state of the deployment; an error if one wei is unexplained.
pub(crate) async fn run(options: Options) -> Result<()> {
    let (provider, chain_id) = options.node.connect(&[]).await?;
    let book = AddressBook::read(&options.deployments.deployments, chain_id)?;
    book.check(&provider).await?;
    println!("chain          {chain_id}");
    print_programs(&provider, &book).await?;
    let protocol = Protocol::from_book(provider, &book)?;
    let now = protocol.rate().await?;
    println!("rate           {} ETH per share", rate(now.e27()));
    println!("pooled         {} ETH", eth(now.assets));
    println!("shares         {}", eth(now.shares));
    print_queue(&protocol).await?;
    print_validators(&protocol).await?;
    print_books(&protocol).await
}

/// Prints how long each program stays active; an error if one is not, because then nothing answers.
async fn print_programs(provider: &DynProvider, book: &AddressBook) -> Result<()> {
    println!("programs");
    let mut inactive = 0;
    for (program, code) in &book.programs {
        let life = left(provider, code.address).await?;
        inactive += usize::from(matches!(life, Life::Inactive(_)));
        let (words, colour) = remaining(&life);
        println!("  {:<20} {}", style(program).bold(), colour.apply_to(words));
    }
    ensure!(
        inactive == 0,
        "{inactive} programs are inactive: `lst keepalive` brings them back"
    );
    Ok(())
}

async fn print_queue(protocol: &Protocol) -> Result<()> {
    let waiting = protocol.queue.unfinalizedRequestNumber();
    let demand = protocol.queue.unfinalizedStETH();
    let locked = protocol.queue.getLockedEtherAmount();
    let (waiting, demand, locked) = tokio::try_join!(waiting.call(), demand.call(), locked.call())?;
    println!(
        "queue          {waiting} waiting for {} ETH; {} ETH locked for claims",
        eth(demand),
        eth(locked)
    );
    Ok(())
}

async fn print_validators(protocol: &Protocol) -> Result<()> {
    let count = protocol.registry.validatorCount().call().await?;
    println!("validators     {count}");
    for id in 1..=count {
        let one = protocol.registry.validator(id).call().await?;
        println!(
            "  {id:>3} {} {:<8} bond {} · delegated {} · unbonding {}",
            one.operator,
            status_name(one.status),
            eth(one.bond),
            eth(one.delegated),
            eth(one.unbonding),
        );
    }
    Ok(())
}

/// The status as `IValidatorRegistry` numbers it.
pub(crate) fn status_name(status: u8) -> &'static str {
    match status {
        1 => "pending",
        2 => "active",
        3 => "jailed",
        4 => "exiting",
        5 => "exited",
        _ => "unknown",
    }
}

async fn print_books(protocol: &Protocol) -> Result<()> {
    let books = books::read(protocol).await?;
    println!("books");
    for account in &books.accounts {
        println!(
            "  {:<20} {} ETH",
            style(account.program).bold(),
            eth(account.balance)
        );
        let surplus = ("surplus", account.surplus);
        for (purpose, assets) in account.claims.iter().copied().chain([surplus]) {
            if !assets.is_zero() {
                println!("    {purpose:<18} {}", eth(assets));
            }
        }
    }
    for (what, wei) in books.disagreements() {
        if !wei.is_zero() {
            println!("  {} {what}: {wei} wei", style("✗").red());
        }
    }
    ensure!(
        books.unexplained().is_zero(),
        "{} wei are unexplained",
        books.unexplained()
    );
    println!("  {} every wei is explained", style("✓").green());
    Ok(())
}
