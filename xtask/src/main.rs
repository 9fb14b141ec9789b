//! Tasks of the repository: what the README names and what CI runs.
//!
//! This is the only program that knows every workspace of the repository.

mod bench;
mod campaign;
mod elsewhere;
mod fuzz;
mod lint;
mod suites;
mod tidy;
mod toolchain;
mod tools;
mod twins;
mod workspaces;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use eyre::Result;

use crate::workspaces::Repository;

/// Tasks of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the contracts, runs every test of every workspace, and compares the gas of each step.
    Test {
        /// Runs only the tests whose name contains this.
        filter: Option<String>,
    },
    /// Installs the programs that the node is tested with, once: cargo-stylus, cast, ethers.js, viem;
    /// and compiles the contracts in Solidity that ours are compared with.
    Tools,
    /// Checks formatting, clippy, documentation and the rules of `tidy`; changes nothing.
    Lint,
    /// Formats every workspace.
    Fmt,
    /// Checks what rustc and clippy do not: module headers, line caps, where ABI text lives.
    Tidy,
    /// Builds the contracts to WASM and prints their sizes.
    Wasm,
    /// Measures the contracts and compares them with `contracts/sizes.json`.
    Size {
        /// Writes the measurements instead of comparing them.
        #[arg(long)]
        record: bool,
    },
    /// Measures speed.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Looks for inputs that the node cannot take.
    Fuzz(fuzz::Fuzz),
    /// Runs the long forms of the proofs and prints their figures.
    Campaign(campaign::Campaign),
    /// What continuous integration runs, and `size`.
    Ci,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("error: {report:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let repository = Repository::locate()?;
    match task {
        Task::Test { filter } => {
            let outcome = suites::run(&repository, filter.as_deref())?;
            if filter.is_none() {
                gas(&repository)?;
            }
            outcome.conclude()
        }
        Task::Tools => {
            tools::install(&repository);
            Ok(())
        }
        Task::Lint => lint::run(&repository),
        Task::Fmt => lint::format(&repository),
        Task::Tidy => tidy::run(&repository),
        Task::Wasm => wasm(&repository),
        Task::Size { record: false } => size(&repository),
        Task::Size { record: true } => repository.lst(&["size", "--record"]),
        Task::Bench(bench) => bench::run(&repository, &bench),
        Task::Fuzz(fuzz) => fuzz::run(&repository, &fuzz),
        Task::Campaign(campaign) => campaign::run(&repository, &campaign),
        Task::Ci => {
            let outcome = suites::run(&repository, None)?;
            gas(&repository)?;
            size(&repository)?;
            lint::run(&repository)?;
            outcome.conclude()
        }
    }
}

fn wasm(repository: &Repository) -> Result<()> {
    repository.lst(&["build"])
}

/// What each step of a user costs, against what is recorded.
fn gas(repository: &Repository) -> Result<()> {
    repository.lst(&["gas"])
}

fn size(repository: &Repository) -> Result<()> {
    repository.lst(&["size"])
}
