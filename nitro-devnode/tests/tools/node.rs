//! The binary, as a user starts it.
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use eyre::{OptionExt, Result};

/// Key of the dev account: holds 1,000 ETH and owns the chain.
pub(crate) const DEV_KEY: &str =
    "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";

/// Its address.
pub(crate) const DEV: &str = "0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E";

/// Init code of `Counter.sol`, in hex; the constructor's argument follows it.
pub(crate) const COUNTER: &str = include_str!("counter.init.hex").trim_ascii_end();

/// A running node; dropping it ends the process.
pub(crate) struct Node {
    process: Child,
    /// Where it serves HTTP.
    pub(crate) http: String,
    /// Where it serves WebSocket.
    pub(crate) ws: String,
}

impl Node {
    /// Starts the binary on a free port and waits for the line that says it serves.
    pub(crate) fn start() -> Result<Self> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_nitro-devnode"))
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let greeting = process.stdout.take().ok_or_eyre("the pipe was asked for")?;
        let mut node = Self {
            process,
            http: String::new(),
            ws: String::new(),
        };
        for line in BufReader::new(greeting).lines() {
            let line = line?;
            match line.trim() {
                url if url.starts_with("http://") => url.clone_into(&mut node.http),
                url if url.starts_with("ws://") => url.clone_into(&mut node.ws),
                ready if ready.starts_with("ready") => break,
                _ => {}
            }
        }
        eyre::ensure!(!node.ws.is_empty(), "the node ended before it served");
        Ok(node)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Errors mean that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
