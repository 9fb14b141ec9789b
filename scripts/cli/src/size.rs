//! `lst size`: what the contracts weigh, against what is recorded in `contracts/sizes.json`.

use std::collections::BTreeMap;
use std::fmt;

use clap::Args;
use client::artifact::Artifact;
use client::contract::Program;
use client::launch::{Launch, launch};
use client::parameters::Parameters;
use eyre::{OptionExt, Result, bail};
use serde::{Deserialize, Serialize};

use crate::{build, devnode, recorded};

/// Options of `lst size`.
#[derive(Args)]
pub(crate) struct Options {
    /// Writes the measurements instead of comparing them.
    #[arg(long)]
    record: bool,
}

/// What one program weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Weight {
    /// Bytes of the stripped module.
    raw_bytes: usize,
    /// Bytes of the code on chain.
    code_bytes: usize,
    /// Memory pages it starts with.
    memory_pages: u64,
    /// Gas with which a call starts when the program is not cached.
    start_gas_uncached: u64,
    /// Gas with which a call starts when the program is cached.
    start_gas_cached: u64,
}

impl fmt::Display for Weight {
    /// `51234/18500 bytes, 1 page(s), 21900/8400 gas`, as the columns are.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/{} bytes, {} page(s), {}/{} gas",
            self.raw_bytes,
            self.code_bytes,
            self.memory_pages,
            self.start_gas_uncached,
            self.start_gas_cached,
        )
    }
}

type Weights = BTreeMap<Program, Weight>;

/// Measures on a fresh node; an error if a program weighs other than is recorded.
pub(crate) async fn run(options: Options) -> Result<()> {
    let artifacts = build::contracts().await?;
    let measured = measure(&artifacts).await?;
    println!(
        "  {:<20} {:>8} {:>8} {:>6} {:>10} {:>8}",
        "", "raw", "code", "pages", "uncached", "cached"
    );
    for (program, weight) in &measured {
        println!(
            "  {:<20} {:>8} {:>8} {:>6} {:>10} {:>8}",
            program.to_string(),
            weight.raw_bytes,
            weight.code_bytes,
            weight.memory_pages,
            weight.start_gas_uncached,
            weight.start_gas_cached,
        );
    }
    recorded::settle("sizes.json", &artifacts, &measured, options.record, compare)
}

fn compare(measured: &Weights, recorded: &Weights) -> Result<()> {
    let changed: Vec<_> = measured
        .iter()
        .filter(|(program, weight)| recorded.get(program) != Some(weight))
        .map(|(program, weight)| match recorded.get(program) {
            Some(then) => format!("{program} is {weight}, was {then}"),
            None => format!("{program} is {weight}, and is not recorded"),
        })
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    bail!(
        "contracts/sizes.json records other sizes ({}): run `cargo xtask size --record` and commit it",
        changed.join("; ")
    )
}

async fn measure(artifacts: &[Artifact]) -> Result<Weights> {
    let node = devnode::start().await?;
    let parameters = Parameters::devnode(node.key.address());
    let launched = launch(&node.provider, artifacts, &parameters).await?;
    artifacts
        .iter()
        .map(|artifact| weigh(artifact, &launched))
        .collect()
}

fn weigh(artifact: &Artifact, launched: &Launch) -> Result<(Program, Weight)> {
    let mut programs = launched.programs.iter();
    let program = programs
        .find(|deployed| deployed.program == artifact.program)
        .ok_or_eyre("a program was not deployed")?;
    let weight = Weight {
        raw_bytes: artifact.module.bytes.len(),
        code_bytes: artifact.code.len(),
        memory_pages: artifact.module.pages,
        start_gas_uncached: program.start.uncached,
        start_gas_cached: program.start.cached,
    };
    Ok((artifact.program, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_weighs_something_else_is_named_with_both_weights() {
        let weight = Weight {
            raw_bytes: 50_000,
            code_bytes: 18_500,
            memory_pages: 1,
            start_gas_uncached: 21_900,
            start_gas_cached: 8_400,
        };
        let recorded = Weights::from([(Program::StakingPool, weight)]);
        assert!(compare(&recorded, &recorded).is_ok());
        let heavier = Weight {
            code_bytes: 18_501,
            ..weight
        };
        let measured = Weights::from([(Program::StakingPool, heavier)]);
        let refusal = compare(&measured, &recorded).expect_err("it weighs a byte more");
        let words = "staking-pool is 50000/18501 bytes, 1 page(s), 21900/8400 gas, \
                     was 50000/18500 bytes, 1 page(s), 21900/8400 gas";
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
}
