//! The programs that the node is tested with: installed once, kept beside the build products.
//!
//! Each is in a folder named by its version or holds the lockfile it was installed from, so that a
//! new version is installed and an old one is not used. A machine that cannot have a tool is told so;
//! its tests say so too and pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use eyre::{Result, WrapErr, bail, ensure};

use crate::twins;
use crate::workspaces::{Repository, run_to_success};

/// Name and version of the crate that people deploy programs with.
const CARGO_STYLUS: (&str, &str) = ("cargo-stylus", "0.10.10");

/// Name and version of the crate that changes the rules to see which test notices.
const CARGO_MUTANTS: (&str, &str) = ("cargo-mutants", "27.1.0");

/// What cargo-stylus defines for contracts that it replays.
#[rustfmt::skip]
const HOST_FUNCTIONS: [&str; 47] = [
    "account_balance", "account_code", "account_code_size", "account_codehash", "block_basefee",
    "block_coinbase", "block_gas_limit", "block_number", "block_timestamp", "call_contract",
    "chainid", "contract_address", "create1", "create2", "delegate_call_contract", "emit_log",
    "evm_gas_left", "evm_ink_left", "exit_early", "log_f32", "log_f64", "log_i32", "log_i64",
    "log_txt", "math_add_mod", "math_div", "math_mod", "math_mul_mod", "math_pow",
    "msg_reentrant", "msg_sender", "msg_value", "native_keccak256", "pay_for_memory_grow",
    "read_args", "read_return_data", "return_data_size", "static_call_contract",
    "storage_cache_bytes32", "storage_flush_cache", "storage_load_bytes32",
    "transient_load_bytes32", "transient_store_bytes32", "tx_gas_price", "tx_ink_price",
    "tx_origin", "write_result",
];

/// Where the list of the node's packages from npm stands, and what such a list consists of.
const NPM_LIST: &str = "nitro-devnode/tests/tools/npm";
const NPM_FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// The folder the tools are in.
pub(crate) fn folder(repository: &Repository) -> PathBuf {
    repository.target().join("tools")
}

/// Installs what is not there yet.
pub(crate) fn install(repository: &Repository) {
    let folder = folder(repository);
    for (tool, installed) in [
        ("cargo-stylus", cargo_stylus(&folder)),
        (
            "what npm has",
            from_npm(&repository.root().join(NPM_LIST), &folder.join("npm")),
        ),
        ("twins in Solidity", twins::compile(repository, &folder)),
    ] {
        if let Err(error) = installed {
            println!("notice: not tested on this machine: {tool}: {error:#}");
        }
    }
}

/// The program that mutates, installed on first use.
pub(crate) fn cargo_mutants(repository: &Repository) -> Result<PathBuf> {
    let (name, version) = CARGO_MUTANTS;
    let root = folder(repository).join(format!("{name}-{version}"));
    from_registry(&root, CARGO_MUTANTS, "")
}

fn cargo_stylus(folder: &Path) -> Result<()> {
    let (name, version) = CARGO_STYLUS;
    let root = folder.join(format!("{name}-{version}-exporting"));
    from_registry(&root, CARGO_STYLUS, &exports()).map(drop)
}

/// A program of crates.io in a folder of its own; built and installed unless it is there.
fn from_registry(root: &Path, (name, version): (&str, &str), flags: &str) -> Result<PathBuf> {
    let program = root.join("bin").join(name);
    if program.is_file() {
        return Ok(program);
    }
    println!("tools: {name} {version} is installed once; this takes several minutes");
    // A folder of its own: it shares no build product with this repository, and none is kept.
    let build = root.join("build");
    let mut install = Command::new("cargo");
    install
        .args(["install", name, "--version", version, "--locked", "--root"])
        .arg(root)
        .env("CARGO_TARGET_DIR", &build)
        .env("RUSTFLAGS", flags)
        // Quickly rather than well: five and a half minutes on two cores.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run_to_success(&mut install)?;
    fs::remove_dir_all(&build).wrap_err_with(|| build.display().to_string())?;
    Ok(program)
}

/// Makes the executable export the host functions, which the contract that `replay` loads as a
/// library takes from it: by name, because wasmer cannot be linked with everything exported
/// (`undefined symbol: __rust_probestack`).
fn exports() -> String {
    if !cfg!(target_os = "linux") {
        return String::new();
    }
    let export = |name: &&str| format!("-Clink-arg=-Wl,--export-dynamic-symbol={name}");
    HOST_FUNCTIONS
        .iter()
        .map(export)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Installs the packages that the folder `list` names into the folder `installed`.
pub(crate) fn from_npm(list: &Path, installed: &Path) -> Result<()> {
    // Copied last, after all packages have been put there.
    let [_, lock] = NPM_FILES;
    let stamp = installed.join("node_modules").join("installed-from.json");
    let wanted = fs::read(list.join(lock)).wrap_err("the lockfile is committed")?;
    if fs::read(&stamp).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    ensure_npm()?;
    fs::create_dir_all(installed)?;
    for file in NPM_FILES {
        fs::copy(list.join(file), installed.join(file))?;
    }
    let mut install = Command::new("npm");
    install.args([
        "ci",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
    ]);
    run_to_success(install.current_dir(installed))?;
    Ok(fs::write(stamp, wanted)?)
}

/// Node.js and npm, from the system's packages where they are missing.
pub(crate) fn ensure_npm() -> Result<()> {
    if answers("node") && answers("npm") {
        return Ok(());
    }
    println!("tools: Node.js and npm are missing; apt-get installs them");
    for arguments in [
        &["update", "-qq"][..],
        &["install", "-qq", "-y", "nodejs", "npm"],
    ] {
        let mut apt = Command::new("apt-get");
        let status = apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        let status = status.stdout(Stdio::null()).status();
        let status = status.wrap_err("Node.js and npm are missing, and so is apt-get")?;
        ensure!(status.success(), "apt-get {arguments:?} failed");
    }
    if !answers("node") || !answers("npm") {
        bail!("Node.js and npm are missing");
    }
    Ok(())
}

fn answers(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
