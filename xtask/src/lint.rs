//! Formatting, clippy and documentation of every workspace, warnings refused.

use eyre::Result;

use crate::workspaces::{Repository, Workspace, run_to_success};
use crate::{tidy, toolchain};

/// Every check; changes nothing.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    toolchain::ensure_components(repository)?;
    tidy::run(repository)?;
    for workspace in repository.workspaces() {
        println!("lint: {}", workspace.name);
        run_to_success(workspace.cargo().args(["fmt", "--all", "--check"]))?;
        clippy(&workspace)?;
        document(&workspace)?;
    }
    println!("lint: nothing to report");
    Ok(())
}

/// Formats every workspace in place.
pub(crate) fn format(repository: &Repository) -> Result<()> {
    toolchain::ensure_components(repository)?;
    for workspace in repository.workspaces() {
        run_to_success(workspace.cargo().args(["fmt", "--all"]))?;
    }
    Ok(())
}

/// Tests may use bare arithmetic where the code they test may not,
/// so the workspace's own flags go to the libraries alone.
fn clippy(workspace: &Workspace) -> Result<()> {
    let base = ["clippy", "--quiet", "--workspace", "--locked"];
    let refuse = ["--", "-D", "warnings"];
    if !workspace.clippy_flags.is_empty() {
        let mut strict = workspace.cargo();
        strict.args(base).arg("--lib").args(refuse);
        run_to_success(strict.args(workspace.clippy_flags))?;
    }
    let mut all = workspace.cargo();
    run_to_success(all.args(base).arg("--all-targets").args(refuse))
}

fn document(workspace: &Workspace) -> Result<()> {
    let mut doc = workspace.cargo();
    doc.args(["doc", "--quiet", "--workspace", "--no-deps", "--locked"]);
    run_to_success(doc.env("RUSTDOCFLAGS", "-D warnings"))
}
