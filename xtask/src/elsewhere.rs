//! Starts the node as a process of its own, for the scenarios that run on any node.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use eyre::{OptionExt, Result, WrapErr, bail};

use crate::workspaces::Repository;

/// Scenarios that run on the node at `NITRO_URL`.
pub(crate) const SCENARIOS: &str = "live::";

/// How the node is started: as on a debug chain, and by the rules of a production chain.
pub(crate) const RULES: [&[&str]; 2] = [&[], &["--production-rules"]];

/// A running node; dropping it ends the process.
pub(crate) struct Node {
    process: Child,
    pub(crate) url: String,
    /// Kept open for what the node prints later.
    printed: BufReader<ChildStdout>,
}

impl Node {
    /// Starts the binary that the tests of the workspace have built, on a free port.
    pub(crate) fn start(repository: &Repository, rules: &[&str]) -> Result<Self> {
        let binary = repository.target().join("debug").join("nitro-devnode");
        let mut process = Command::new(&binary)
            .args(["--port", "0"])
            .args(rules)
            .stdout(Stdio::piped())
            .spawn()
            .wrap_err_with(|| binary.display().to_string())?;
        let printed = process.stdout.take().ok_or_eyre("the pipe was asked for")?;
        let mut node = Self {
            process,
            url: String::new(),
            printed: BufReader::new(printed),
        };
        let mut line = String::new();
        while node.printed.read_line(&mut line)? > 0 {
            match line.trim() {
                url if url.starts_with("http://") => url.clone_into(&mut node.url),
                ready if ready.starts_with("ready") => return Ok(node),
                _ => {}
            }
            line.clear();
        }
        bail!("{} ended before it served", binary.display());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Errors mean that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
