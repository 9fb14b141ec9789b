//! A node in a process of its own.
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use eyre::{OptionExt, Result, WrapErr, ensure};

use crate::{wallet::CHAIN_ID, wire::Wire};

/// How long a node may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where our node keeps compiled programs while it is measured.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-programs");

/// Makes the next node of ours compile what it runs.
pub(crate) fn forget_programs() -> Result<()> {
    match std::fs::remove_dir_all(CACHE) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A running node; dropping it ends the process.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to its first answer.
    pub(crate) start_up: Duration,
}

impl Server {
    /// This repository's node, with its defaults.
    pub(crate) fn ours(binary: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("--quiet").arg("--cache-dir").arg(CACHE);
        Self::start(command)
    }

    /// Anvil, with its defaults and our chain id, and without output.
    pub(crate) fn anvil(binary: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["--quiet", "--chain-id", &CHAIN_ID.to_string()]);
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = free.local_addr()?;
        drop(free);
        command.args(["--port", &address.port().to_string()]);
        let started = Instant::now();
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .wrap_err_with(|| format!("{command:?}"))?;
        let mut server = Self {
            process,
            address,
            start_up: Duration::ZERO,
        };
        let mut wire = loop {
            match Wire::connect(address) {
                Ok(wire) => break wire,
                Err(error) => {
                    ensure!(started.elapsed() < PATIENCE, "{command:?}: {error}");
                    ensure!(
                        server.process.try_wait()?.is_none(),
                        "{command:?} has ended"
                    );
                    std::thread::yield_now();
                }
            }
        };
        wire.ask("eth_blockNumber", "[]")?;
        server.start_up = started.elapsed();
        Ok(server)
    }

    pub(crate) fn connect(&self) -> Result<Wire> {
        Ok(Wire::connect(self.address)?)
    }

    /// Memory of the process that is in use, in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        let kilobytes: u64 = kilobytes.ok_or_eyre("no VmRSS")?.parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Errors mean that it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
