//! Measures what the README and the crates' own documents claim about speed.
//!
//! The measurements are programs of the crates they measure; this fetches what they compare with.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Subcommand;
use eyre::Result;

use crate::workspaces::{Repository, run_to_success};

/// What the node is measured against: Foundry's own build, from the npm registry.
const ANVIL: &str = "@foundry-rs/anvil-linux-amd64@1.7.1";

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Starts nitro-devnode and anvil in turn and prints the ratios of their speed.
    Node {
        /// Writes the result to `nitro-devnode/bench.json`.
        #[arg(long)]
        record: bool,
    },
    /// Prints what each step costs a user, beside the peers, and compares it with `contracts/gas.json`.
    Gas {
        /// Writes the measurements instead of comparing them.
        #[arg(long)]
        record: bool,
    },
}

/// Runs one measurement.
pub(crate) fn run(repository: &Repository, bench: &Bench) -> Result<()> {
    match bench {
        Bench::Node { record } => node(repository, *record),
        Bench::Gas { record: false } => repository.lst(&["gas"]),
        Bench::Gas { record: true } => repository.lst(&["gas", "--record"]),
    }
}

fn node(repository: &Repository, record: bool) -> Result<()> {
    let mut command = repository.cargo();
    // The profile that the node is used in: what is measured is what people run.
    command.args(["bench", "--locked", "--profile", "dev"]);
    command.args(["--package", "nitro-devnode", "--bench", "node", "--"]);
    match anvil(repository) {
        Some(anvil) => {
            command.arg("--anvil").arg(anvil);
        }
        None => eprintln!("anvil cannot be had from npm here: only our node is measured"),
    }
    if record {
        let snapshot = repository.root().join("nitro-devnode/bench.json");
        command.arg("--record").arg(snapshot);
    }
    run_to_success(&mut command)
}

/// The anvil binary, fetched with npm on first use and kept beside the build.
fn anvil(repository: &Repository) -> Option<PathBuf> {
    let folder = repository.target().join("bench-anvil");
    let binary = folder.join("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    if !binary.exists() {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
        ])
        .arg(&folder)
        .arg(ANVIL)
        .stdout(Stdio::null());
        // Whatever goes wrong, npm has said it, and there is no anvil.
        run_to_success(&mut npm).ok()?;
    }
    binary.exists().then_some(binary)
}
