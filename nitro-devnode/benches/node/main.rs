//! How fast the node is, beside anvil on the same machine at the same time.
//!
//! The nodes take turns, round by round, so that whatever else the machine does slows both;
//! what counts are the ratios of the medians. `cargo xtask bench node` starts this.
mod load;
mod report;
mod server;
mod token;
mod wallet;
mod wire;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use alloy::primitives::{Address, address};
use clap::Parser;
use eyre::{Result, ensure};

use crate::{
    load::Blocks,
    report::{Memory, Report, Samples},
    server::Server,
    wallet::{Job, Wallet},
};

/// Who is paid: an account that exists before the measurement, as most payees do.
const PAYEE: Address = address!("0x000000000000000000000000000000000b00b5ed");

#[derive(Debug, Parser)]
struct Options {
    /// The binary of our node, to compare builds.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_nitro-devnode"))]
    node: PathBuf,
    /// The anvil binary; without it only our node is measured.
    #[arg(long)]
    anvil: Option<PathBuf>,
    /// Times that everything is measured; medians are reported.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Blocks after which memory is measured.
    #[arg(long, default_value_t = 100_000)]
    blocks: usize,
    /// Writes the result to this file.
    #[arg(long)]
    record: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut report = Report::default();
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        measure_ours(&options.node, &mut report.ours)?;
        if let Some(anvil) = &options.anvil {
            // It stops answering at times, when many transactions arrive at once.
            if let Err(error) = measure_anvil(anvil, report.anvil.get_or_insert_default()) {
                eprintln!("anvil drops out of this round: {error:#}");
            }
        }
    }
    report.memory = memory(&options.node, options.blocks)?;
    println!("{report}");
    if let Some(path) = options.record {
        std::fs::write(path, report.to_json())?;
    }
    Ok(())
}

fn measure_ours(binary: &Path, samples: &mut Samples) -> Result<()> {
    server::forget_programs()?;
    let (_, compiled) = token::deploy(&Server::ours(binary)?, &mut Wallet::new()?)?;
    samples.first_call.push(milliseconds(compiled));
    let server = Server::ours(binary)?;
    let mut wallet = Wallet::new()?;
    plain(&server, &mut wallet, samples)?;
    let (token, loaded) = token::deploy(&server, &mut wallet)?;
    samples.first_call_kept.push(milliseconds(loaded));
    let transfer = token::transfer(token, PAYEE);
    let rate = load::one_by_one(&server, &mut wallet, &transfer, 400)?;
    samples.token_one_by_one.push(rate);
    let rate = load::together(&server, &mut wallet, &transfer, 200, Blocks::Full)?;
    samples.token_full_blocks.push(rate);
    let balance_of = token::balance_of(PAYEE);
    let calls = load::calls(&server, token, &balance_of, 2_000)?;
    samples.calls.extend(calls);
    Ok(())
}

fn measure_anvil(binary: &Path, samples: &mut Samples) -> Result<()> {
    let server = Server::anvil(binary)?;
    plain(&server, &mut Wallet::new()?, samples)
}

/// Start-up and plain transfers, which every node can do.
fn plain(server: &Server, wallet: &mut Wallet, samples: &mut Samples) -> Result<()> {
    samples.start_up.push(server.start_up.as_secs_f64() * 1e3);
    let transfer = Job::transfer(PAYEE);
    // The payee comes into being, code paths and connections become warm.
    load::one_by_one(server, wallet, &transfer, 50)?;
    let rate = load::one_by_one(server, wallet, &transfer, 400)?;
    samples.one_by_one.push(rate);
    let rate = load::together(server, wallet, &transfer, 200, Blocks::Automatic)?;
    samples.pipelined.push(rate);
    let rate = load::together(server, wallet, &transfer, 200, Blocks::Full)?;
    samples.full_blocks.push(rate);
    Ok(())
}

/// What our node holds after so many blocks of one transfer each.
fn memory(binary: &Path, blocks: usize) -> Result<Vec<Memory>> {
    const STEPS: usize = 4;
    let server = Server::ours(binary)?;
    let mut wallet = Wallet::new()?;
    let transfer = Job::transfer(PAYEE);
    load::one_by_one(&server, &mut wallet, &transfer, 50)?;
    let mut measured = vec![Memory {
        blocks: 0,
        bytes: server.resident()?,
    }];
    let each = blocks / STEPS / wallet.addresses().count();
    ensure!(each > 0, "--blocks is too small");
    for step in 1..=STEPS {
        load::together(&server, &mut wallet, &transfer, each, Blocks::Automatic)?;
        measured.push(Memory {
            blocks: step * each * wallet.addresses().count(),
            bytes: server.resident()?,
        });
    }
    Ok(measured)
}

/// Milliseconds, for people.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
