//! `lst deploy`: puts the protocol on a chain and writes its address book.

use alloy::providers::Provider;
use clap::Args;
use client::deploy::check_chain;
use client::launch::{Launch, launch};
use client::send::SendError;
use console::style;
use eyre::{Result, ensure};

use crate::amounts::{count, eth};
use crate::build;
use crate::options::{Deployments, Node, Signer};
use crate::profile::Choice;

/// Options of `lst deploy`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten)]
    deployments: Deployments,
    /// Replaces the address book if there is one already.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    choice: Choice,
}

/// Deploys with the parameters that were chosen.
pub(crate) async fn run(options: Options) -> Result<()> {
    let key = options.signer.key()?;
    let (provider, chain_id) = options.node.connect(std::slice::from_ref(&key)).await?;
    let folder = &options.deployments.deployments;
    let path = client::address_book::AddressBook::path(folder, chain_id);
    ensure!(
        options.replace || !path.exists(),
        "{} exists: pass --replace to deploy again and forget the old addresses",
        path.display()
    );
    let choice = options.choice;
    let production = choice.is_production();
    // Until the roles are handed over, whoever has the key administers pool, registry and queue.
    ensure!(
        !production || !options.signer.is_everybodys(),
        "the production profile wants a key of your own: pass --private-key, or LST_PRIVATE_KEY"
    );
    let parameters = choice
        .parameters(&provider, chain_id, key.address())
        .await?;
    // Before minutes of building.
    check_chain(&provider).await?;
    let deployer = key.address();
    let purse = provider.get_balance(deployer).await;
    ensure!(
        !purse.map_err(SendError::from)?.is_zero(),
        "{deployer} has no ETH on chain {chain_id}"
    );
    let artifacts = build::contracts().await?;
    ensure!(
        !production || build::are_optimized(&artifacts),
        "the production profile wants programs that went through wasm-opt"
    );
    let launched = launch(&provider, &artifacts, &parameters).await?;
    let path = launched.book(chain_id).write(folder)?;
    print(&launched);
    println!("  address book: {}", path.display());
    Ok(())
}

/// Prints where the programs are and what they cost.
pub(crate) fn print(launched: &Launch) {
    for program in &launched.programs {
        println!(
            "  {:<20} {}",
            style(program.program).bold(),
            program.address
        );
        let cached = if program.cached {
            "cached"
        } else {
            "not cached"
        };
        println!(
            "  {:<20} {} gas to deploy, {} ETH data fee; each call starts with {} gas, {} cached ({cached})",
            "",
            count(program.gas),
            eth(program.data_fee),
            count(program.start.uncached),
            count(program.start.cached),
        );
    }
    for contract in &launched.contracts {
        println!(
            "  {:<20} {}: contract, {} gas to create and initialise",
            style(contract.contract).bold(),
            contract.address,
            count(contract.gas),
        );
    }
    println!(
        "  {:<20} {} gas",
        "connect and grant",
        count(launched.setup_gas)
    );
}
