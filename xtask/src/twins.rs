//! What our contracts are compared with: OpenZeppelin's programs for Stylus, and contracts in Solidity.

use std::fs;
use std::path::Path;
use std::process::Command;

use eyre::{Result, WrapErr, ensure};

use crate::tools;
use crate::workspaces::{Repository, run_to_success};

/// The workspace of the programs, and the folder of the contracts in it.
const WORKSPACE: &str = "tests/twins";
const SOLIDITY: &str = "tests/twins/solidity";

/// What the compiled contracts depend on; the last is the script that compiles them.
const SOURCES: [&str; 4] = [
    "package-lock.json",
    "OpenZeppelin.sol",
    "Solady.sol",
    "compile.cjs",
];

/// Builds the programs as the tests do, who would say nothing while they wait.
pub(crate) fn build(repository: &Repository) -> Result<()> {
    println!("twins: OpenZeppelin's programs for Stylus");
    let mut build = Command::new("cargo");
    build.current_dir(repository.root().join(WORKSPACE)).args([
        "build",
        "--quiet",
        "--release",
        "--locked",
        "--lib",
        "--workspace",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    run_to_success(&mut build)
}

/// Compiles the contracts in Solidity, once, into `twins/contracts.json` of the folder of tools.
pub(crate) fn compile(repository: &Repository, folder: &Path) -> Result<()> {
    let sources = repository.root().join(SOLIDITY);
    let twins = folder.join("twins");
    tools::from_npm(&sources, &twins)?;
    let mut wanted = String::new();
    for source in SOURCES {
        let path = sources.join(source);
        wanted += &fs::read_to_string(&path).wrap_err_with(|| path.display().to_string())?;
    }
    // Written last, after the contracts.
    let stamp = twins.join("compiled-from.txt");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("twins: contracts in Solidity");
    let output = Command::new("node")
        .arg(sources.join("compile.cjs"))
        .env("NODE_PATH", twins.join("node_modules"))
        .output()
        .wrap_err("cannot start `node`")?;
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "solc: {diagnostics}");
    fs::write(twins.join("contracts.json"), output.stdout)?;
    Ok(fs::write(stamp, wanted)?)
}
