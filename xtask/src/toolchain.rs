//! Adds what a fresh machine lacks to the pinned toolchain.
//!
//! The wasm32 target is not here: whoever builds the contracts adds it, see `client::compile`.

use std::process::{Command, Stdio};

use eyre::{Result, WrapErr};

use crate::workspaces::{Repository, run_to_success};

/// Makes `cargo fmt` and `cargo clippy` available.
pub(crate) fn ensure_components(repository: &Repository) -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if answers(repository, subcommand) {
            continue;
        }
        let mut rustup = Command::new("rustup");
        rustup
            .current_dir(repository.root())
            .args(["component", "add", component]);
        run_to_success(&mut rustup)
            .wrap_err_with(|| format!("the pinned toolchain has no {component}"))?;
    }
    Ok(())
}

fn answers(repository: &Repository, subcommand: &str) -> bool {
    Command::new("cargo")
        .current_dir(repository.root())
        .args([subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
