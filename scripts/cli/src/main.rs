//! `lst`: the protocol from the command line, one file per verb.

mod amounts;
mod build;
mod demo;
mod deploy;
mod devnode;
mod gas;
mod keepalive;
mod options;
mod profile;
mod recorded;
mod size;
mod status;

use std::panic;
use std::process::{self, ExitCode};

use clap::{Parser, Subcommand};
use console::style;
use eyre::Result;
use tracing_subscriber::EnvFilter;

/// Liquid staking on Arbitrum Stylus: run it, deploy it, look at it.
#[derive(Parser)]
#[command(name = "lst", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Runs the whole life of a stake and reconciles every wei after each step.
    Demo(demo::Options),
    /// Deploys the protocol and writes its address book.
    Deploy(Box<deploy::Options>),
    /// Shows programs, rate, totals, validators, queue and books of a deployment.
    Status(status::Options),
    /// Keeps the programs of a deployment active for another year, or brings them back.
    Keepalive(keepalive::Options),
    /// Runs a Stylus devnode until it is interrupted.
    Devnode(devnode::Options),
    /// Builds the contracts and prints their sizes.
    Build,
    /// Measures the contracts on a fresh devnode against `contracts/sizes.json`.
    Size(size::Options),
    /// Measures what each step of a user costs on fresh devnodes against `contracts/gas.json`.
    Gas(gas::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    stop_with_the_reader();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse().verb).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("{} {}", style("error:").red().bold(), causes(&report));
            ExitCode::FAILURE
        }
    }
}

/// Ends the program quietly when whoever reads its output has seen enough, as `head` does:
/// `println!` would panic.
fn stop_with_the_reader() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let closed = |words: &str| words.starts_with("failed printing to stdout: Broken pipe");
        if panic.payload_as_str().is_some_and(closed) {
            process::exit(0);
        }
        report(panic);
    }));
}

/// The error and its causes in one line, without those that a cause before them quotes already.
fn causes(report: &eyre::Report) -> String {
    report.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        match told.is_empty() {
            true => cause,
            false if told.contains(&cause) => told,
            false => format!("{told}: {cause}"),
        }
    })
}

async fn run(verb: Verb) -> Result<()> {
    match verb {
        Verb::Demo(options) => demo::run(options).await,
        Verb::Deploy(options) => deploy::run(*options).await,
        Verb::Status(options) => status::run(options).await,
        Verb::Keepalive(options) => keepalive::run(options).await,
        Verb::Devnode(options) => devnode::run(options).await,
        Verb::Build => build::run().await,
        Verb::Size(options) => size::run(options).await,
        Verb::Gas(options) => gas::run(options).await,
    }
}
