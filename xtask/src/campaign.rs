//! The long forms of the proofs that `test` runs in their short ones, and their figures in a table.
//!
//! A test of a campaign prints lines that contain `figure: `; what follows is its result. Where seeds
//! are drawn, a campaign draws new ones each time; one that fails is named, and belongs into the
//! list of its test for good.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread::available_parallelism;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use eyre::{OptionExt, Result, WrapErr, bail, ensure};

use crate::fuzz::{self, Fuzz};
use crate::workspaces::{Repository, Workspace, shown};
use crate::{tools, twins};

/// Operations that a lockstep takes if no time is set.
const OPERATIONS: &str = "100000";
/// Operations on each pair of twins.
const TWINS: &str = "10000";
/// How much longer the random lives of the rules are than in a test run: a hundred times.
const CASES: &str = "25600";
/// Steps of the traces that are tried without exception.
const TRACES: &str = "5";
/// Minutes of each fuzzer if no time is set.
const FUZZ_MINUTES: u32 = 5;
/// Part of the mutants that tests must catch.
const CAUGHT: f64 = 0.95;

/// What a campaign does.
#[derive(Args)]
pub(crate) struct Campaign {
    /// One part instead of all.
    #[arg(long)]
    part: Option<Part>,
    /// How long the parts go on that could go on for ever.
    #[arg(long)]
    minutes: Option<u32>,
}

/// A proof that has a long form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Every trace of five steps over three actors, against the invariants.
    Traces,
    /// The properties of the rules, a hundred times as many cases.
    Properties,
    /// Changes of the rules that a test must notice.
    Mutants,
    /// The compiled contracts beside an independent model.
    Lockstep,
    /// The compiled contracts beside implementations of the same standards by others.
    Twins,
    /// Inputs of the node, each fuzzer in its turn.
    Fuzz,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Traces,
        Self::Properties,
        Self::Mutants,
        Self::Lockstep,
        Self::Twins,
        Self::Fuzz,
    ];

    fn run(self, repository: &Repository, minutes: Option<u32>) -> Result<Vec<String>> {
        match self {
            Self::Traces => rules(repository, "traces", ("TRACES_LENGTH", TRACES)),
            Self::Properties => rules(repository, "", ("PROPTEST_CASES", CASES)),
            Self::Mutants => mutants(repository),
            Self::Lockstep => lockstep(repository, minutes),
            Self::Twins => beside_others(repository),
            Self::Fuzz => search(repository, minutes),
        }
    }
}

/// Runs the parts one after the other; one that fails does not stop the rest.
pub(crate) fn run(repository: &Repository, campaign: &Campaign) -> Result<()> {
    let parts = campaign.part.map_or(Part::ALL.to_vec(), |part| vec![part]);
    let mut table = Vec::new();
    for part in parts {
        let began = Instant::now();
        let outcome = part.run(repository, campaign.minutes);
        table.push((part, began.elapsed(), outcome));
    }
    println!();
    for (part, took, outcome) in &table {
        for line in lines(outcome) {
            println!("{:10} {:>9}  {line}", format!("{part:?}"), clock(*took));
        }
    }
    let failed = table.iter().filter(|(.., outcome)| outcome.is_err());
    match failed.count() {
        0 => Ok(()),
        count => bail!("{count} parts of the campaign failed"),
    }
}

fn lines(outcome: &Result<Vec<String>>) -> Vec<String> {
    match outcome {
        Ok(figures) if figures.is_empty() => vec!["passed".to_owned()],
        Ok(figures) => figures.clone(),
        Err(error) => vec![format!("FAILED: {error:#}")],
    }
}

fn clock(time: Duration) -> String {
    let secs = time.as_secs();
    format!("{}:{:02} min", secs / 60, secs % 60)
}

fn contracts(repository: &Repository) -> Result<Workspace> {
    let mut workspaces = repository.workspaces().into_iter();
    let contracts = workspaces.find(|workspace| workspace.name == "contracts");
    contracts.ok_or_eyre("the contracts are a workspace")
}

/// The properties of `protocol` whose name contains `filter`.
fn rules(repository: &Repository, filter: &str, long: (&str, &str)) -> Result<Vec<String>> {
    let mut test = contracts(repository)?.cargo();
    test.args(["test", "--locked", "--package", "protocol"]);
    test.args(["--test", "properties", "--", "--nocapture", filter]);
    figures(test.env(long.0, long.1))
}

fn lockstep(repository: &Repository, minutes: Option<u32>) -> Result<Vec<String>> {
    let first = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let workers = available_parallelism()?.get();
    let mut test = repository.cargo();
    test.args(["test", "--locked", "--package", "tests"]);
    test.args(["--", "--nocapture", "random_operations_leave"]);
    test.env("LOCKSTEP_FIRST", first.to_string());
    test.env("LOCKSTEP_WORKERS", workers.to_string());
    match minutes {
        Some(minutes) => test.env("LOCKSTEP_MINUTES", minutes.to_string()),
        None => test.env("LOCKSTEP_OPERATIONS", OPERATIONS),
    };
    figures(&mut test)
}

fn beside_others(repository: &Repository) -> Result<Vec<String>> {
    let tools = tools::folder(repository);
    twins::build(repository)?;
    twins::compile(repository, &tools)?;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    println!("seed {seed}");
    let mut test = repository.cargo();
    test.args(["test", "--locked", "--package", "tests"]);
    test.args(["--", "--nocapture", "twins::"]);
    test.env("TWINS_OPERATIONS", TWINS);
    test.env("TWINS_SEED", seed.to_string());
    figures(test.env("DEVNODE_TOOLS", tools))
}

fn search(repository: &Repository, minutes: Option<u32>) -> Result<Vec<String>> {
    let seconds = minutes.unwrap_or(FUZZ_MINUTES).saturating_mul(60);
    let mut figures = Vec::new();
    for target in fuzz::targets(repository)? {
        fuzz::run(repository, &Fuzz::search(&target, seconds))?;
        figures.push(format!("{target}: nothing found in {seconds} s"));
    }
    Ok(figures)
}

/// Mutates the rules; what no test can notice is listed, with reasons, in `.cargo/mutants.toml`.
fn mutants(repository: &Repository) -> Result<Vec<String>> {
    let program = tools::cargo_mutants(repository)?;
    let contracts = contracts(repository)?;
    let mut mutate = Command::new(program);
    mutate.current_dir(&contracts.path).arg("mutants");
    mutate
        .arg("--output")
        .arg(repository.target().join("mutants"));
    // A test that fails need not look for its smallest failure, nor walk far.
    mutate.envs([("PROPTEST_MAX_SHRINK_ITERS", "0"), ("TRACES_LENGTH", "2")]);
    let (last, _) = output(&mut mutate)?;
    let summary = last
        .iter()
        .rev()
        .find(|line| line.contains(" mutants tested"));
    let summary = summary.ok_or_eyre("cargo-mutants did not come to its end")?;
    let caught = caught(summary).ok_or_eyre("cargo-mutants counts in other words")?;
    ensure!(caught >= CAUGHT, "{summary}: fewer than {CAUGHT} caught");
    Ok(vec![format!("{summary} ({:.1} % caught)", caught * 100.0)])
}

/// The part that was caught, of a line such as
/// `453 mutants tested in 31m: 9 missed, 440 caught, 2 unviable, 2 timeouts`.
fn caught(summary: &str) -> Option<f64> {
    let (_, counts) = summary.split_once(": ")?;
    let of = |kind: &str| {
        let mut counts = counts.split(", ").filter_map(|count| count.split_once(' '));
        let found = counts.find(|(_, name)| name.starts_with(kind));
        found.map_or(Some(0.0), |(count, _)| count.parse::<f64>().ok())
    };
    // What runs for ever is noticed too.
    let (caught, missed) = (of("caught")? + of("timeout")?, of("missed")?);
    Some(caught / (caught + missed))
}

/// Runs a test to success, and collects its figures.
fn figures(command: &mut Command) -> Result<Vec<String>> {
    let (lines, success) = output(command)?;
    ensure!(success, "`{}` failed", shown(command));
    let figures = lines.iter().filter_map(|line| line.split_once("figure: "));
    Ok(figures.map(|(_, figure)| figure.to_owned()).collect())
}

/// Shows what a program prints, and returns it with whether it succeeded.
fn output(command: &mut Command) -> Result<(Vec<String>, bool)> {
    let shown = shown(command);
    println!("{shown}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .wrap_err_with(|| format!("cannot start `{shown}`"))?;
    let reader = child.stdout.take().ok_or_eyre("the pipe was asked for")?;
    let mut ours = std::io::stdout().lock();
    let mut lines = Vec::new();
    for line in BufReader::new(reader).lines() {
        let line = line?;
        writeln!(ours, "{line}")?;
        lines.push(line);
    }
    Ok((lines, child.wait()?.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_mutants_that_was_caught_is_read_off_the_summary() {
        let summary = "453 mutants tested in 31m: 9 missed, 440 caught, 2 unviable, 2 timeouts";
        let part = caught(summary).unwrap_or_default();
        assert!((part - 442.0 / 451.0).abs() < 1e-9, "{part}");
        assert_eq!(caught("10 mutants tested in 8s: 10 caught"), Some(1.0));
    }
}
