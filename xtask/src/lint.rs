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
        // OpenZeppelin's crate compiles for a host only beside motsu, which `cargo doc` leaves out.
        if workspace.name != "twins" {
            document(&workspace)?;
        }
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

/// Which lints are denied is written in the `[workspace.lints]` of each workspace,
/// `arithmetic_side_effects` of the contracts among them; `tidy` checks that every package inherits it.
fn clippy(workspace: &Workspace) -> Result<()> {
    let mut clippy = workspace.cargo();
    clippy.args([
        "clippy",
        "--quiet",
        "--workspace",
        "--locked",
        "--all-targets",
    ]);
    run_to_success(clippy.args(["--", "-D", "warnings"]))
}

/// Private items too: who reads these pages works on the code, and most of what it says of itself
/// stands on modules that are nobody else's business, which public pages may therefore link to.
fn document(workspace: &Workspace) -> Result<()> {
    let mut doc = workspace.cargo();
    doc.args(["doc", "--quiet", "--workspace", "--no-deps", "--locked"]);
    doc.arg("--document-private-items");
    run_to_success(doc.env(
        "RUSTDOCFLAGS",
        "-D warnings -A rustdoc::private_intra_doc_links",
    ))
}
