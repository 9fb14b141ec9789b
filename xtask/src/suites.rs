//! Runs the tests of every workspace and adds up what the test runners report.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};

use eyre::{OptionExt, Result, WrapErr, bail, ensure};

use crate::elsewhere;
use crate::workspaces::{Repository, Workspace, shown};
use crate::{tools, twins};

/// What the test runners reported, over all workspaces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    passed: u64,
    failed: u64,
    /// Workspaces whose runner exited with an error, test failure or not.
    broken: Vec<&'static str>,
}

/// Builds the contracts, then tests every workspace; a failure does not stop the rest.
///
/// Tools that are not there yet are installed for a full run; a filtered one takes what there is.
pub(crate) fn run(repository: &Repository, filter: Option<&str>) -> Result<Outcome> {
    if let Err(error) = tools::ensure_npm() {
        println!("notice: programs are not optimised on this machine: {error:#}");
    }
    repository.lst(&["build"])?;
    if filter.is_none() {
        tools::install(repository);
        twins::build(repository)?;
    }
    let mut outcome = Outcome::default();
    let folder = tools::folder(repository);
    for workspace in repository.workspaces() {
        let mut command = test(&workspace, filter);
        command.env("DEVNODE_TOOLS", &folder);
        count(&workspace, command, &mut outcome)?;
    }
    if filter.is_none() {
        scenarios_elsewhere(repository, &mut outcome)?;
    }
    Ok(outcome)
}

/// Runs the scenarios that any node takes on nodes that were started as somebody else's would be.
fn scenarios_elsewhere(repository: &Repository, outcome: &mut Outcome) -> Result<()> {
    let workspace = repository.off_chain();
    for rules in elsewhere::RULES {
        let node = elsewhere::Node::start(repository, rules)?;
        let mut command = test(&workspace, Some(elsewhere::SCENARIOS));
        command.env("NITRO_URL", &node.url);
        let before = outcome.ran();
        count(&workspace, command, outcome)?;
        let scenarios = elsewhere::SCENARIOS;
        ensure!(outcome.ran() > before, "no test is named {scenarios}");
    }
    Ok(())
}

impl Outcome {
    /// Prints the closing line; an error unless everything ran and passed.
    pub(crate) fn conclude(self) -> Result<()> {
        println!("{} passed, {} failed", self.passed, self.failed);
        if !self.broken.is_empty() {
            bail!("tests failed in: {}", self.broken.join(", "));
        }
        Ok(())
    }

    fn ran(&self) -> u64 {
        self.passed + self.failed
    }

    /// Adds a `test result:` line of libtest; any other line changes nothing.
    fn add(&mut self, line: &str) {
        let Some((_, report)) = line.split_once("test result:") else {
            return;
        };
        self.passed += count_before(report, " passed");
        self.failed += count_before(report, " failed");
    }
}

/// The tests of a workspace, to be run.
fn test(workspace: &Workspace, filter: Option<&str>) -> Command {
    let mut command = workspace.cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    command.args(filter);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
        command.args(["--", "--color", "always"]);
    }
    command
}

/// Runs tests and adds what their runner reports.
fn count(workspace: &Workspace, mut command: Command, outcome: &mut Outcome) -> Result<()> {
    let shown = shown(&command);
    println!("{}: {shown}", workspace.name);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .wrap_err_with(|| format!("cannot start `{shown}`"))?;
    let reader = child.stdout.take().ok_or_eyre("the pipe was asked for")?;
    let mut ours = std::io::stdout().lock();
    for line in BufReader::new(reader).lines() {
        let line = line?;
        outcome.add(&line);
        writeln!(ours, "{line}")?;
    }
    if !child.wait()?.success() {
        outcome.broken.push(workspace.name);
    }
    Ok(())
}

/// The number that stands directly before `label`, 0 if there is none.
fn count_before(report: &str, label: &str) -> u64 {
    report
        .split_once(label)
        .and_then(|(before, _)| before.rsplit([' ', ';']).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_added_up_whatever_their_colour() {
        let mut outcome = Outcome::default();
        outcome.add("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        outcome.add("test result: \u{1b}[31mFAILED\u{1b}[m. 7 passed; 2 failed; 0 ignored");
        outcome.add("test deposit_rounds_shares_down ... ok");
        assert_eq!((outcome.passed, outcome.failed), (19, 2));
    }
}
