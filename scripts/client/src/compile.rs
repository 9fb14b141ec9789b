//! Builds the contracts to WASM with the cargo of the pinned toolchain.
//!
//! Decides how cargo is run and which file of its output is which contract;
//! what becomes of the bytes is decided in [`crate::optimize`] and [`crate::artifact`].

use std::collections::HashSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use serde::Deserialize;

use crate::artifact::{Artifact, ArtifactError};
use crate::contract::{Contract, Program};
use crate::optimize::{OptimizeError, optimize};

/// The only target that Nitro runs.
const TARGET: &str = "wasm32-unknown-unknown";

/// Why the contracts could not be built.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A program is not installed or cannot be started.
    #[error("cannot start `{program}`")]
    Start {
        /// The program.
        program: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The output of cargo could not be read to its end.
    #[error("cannot read the output of cargo")]
    Output(#[source] io::Error),
    /// rustup could not add the wasm32 target to the pinned toolchain.
    #[error("the toolchain has no {TARGET} and rustup could not add it ({status})")]
    Target {
        /// How rustup ended.
        status: ExitStatus,
    },
    /// The compiler refused the contracts.
    #[error("cargo could not build the contracts ({status})\n{diagnostics}")]
    Build {
        /// How cargo ended.
        status: ExitStatus,
        /// What cargo printed.
        diagnostics: String,
    },
    /// Cargo succeeded without writing a module for this contract.
    #[error("cargo wrote no module for {0}: is its crate-type cdylib?")]
    NoModule(&'static str),
    /// A module that cargo wrote could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The module.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The modules could not be optimised although the program for it is there.
    #[error("cannot optimise the programs")]
    Optimize(#[from] OptimizeError),
    /// The module is not one that a Nitro chain takes.
    #[error("{program} cannot be deployed")]
    Artifact {
        /// The program.
        program: Program,
        /// What is wrong with its module.
        source: ArtifactError,
    },
}

/// What a build reports while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// This many packages take part.
    Packages(usize),
    /// A package is ready, compiled now or before.
    Ready(String),
    /// The compiler is done.
    Compiled,
    /// The programs stay as the compiler wrote them, for this reason: they do the same for more gas.
    NotOptimized(String),
}

/// The workspace of the contracts in the checkout that cargo runs this for, and else in the one that
/// this crate was compiled in.
///
/// The two differ where checkouts share a target folder: what cargo compiled for one, it runs for the
/// other.
pub fn workspace() -> PathBuf {
    let compiled = Path::new(env!("CARGO_MANIFEST_DIR"));
    let running = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let beside = |manifest: &Path| {
        let mut folders = manifest.ancestors().map(|folder| folder.join("contracts"));
        folders.find(|folder| folder.join("Stylus.toml").is_file())
    };
    let found = running.as_deref().and_then(beside);
    found
        .or_else(|| beside(compiled))
        .unwrap_or_else(|| compiled.join("../../contracts"))
}

/// Builds every program and prepares its code for deployment, in the order of [`Program::ALL`].
///
/// Adds the wasm32 target to the toolchain where it is missing, and `wasm-opt` to the build products.
/// Where that cannot be had, the programs are not optimised, and `report` is told.
///
/// # Errors
/// [`CompileError`]; with the compiler's own words where the contracts do not compile.
pub fn contracts(
    workspace: &Path,
    mut report: impl FnMut(Progress),
) -> Result<Vec<Artifact>, CompileError> {
    ensure_target(workspace)?;
    report(Progress::Packages(count_packages(workspace)?));
    let packages = Program::ALL.map(Program::package);
    let modules = build(workspace, &packages, &[], &mut report)?;
    report(Progress::Compiled);
    finish(workspace, &Program::ALL, &modules, &mut report)
}

/// As [`contracts`], for the next version of each contract's program: the same with one more field, so
/// that upgrades can be tested.
///
/// # Errors
/// As [`contracts`].
pub fn next_contracts(workspace: &Path) -> Result<Vec<Artifact>, CompileError> {
    ensure_target(workspace)?;
    let programs = Contract::ALL.map(Contract::program);
    let packages = programs.map(Program::package);
    let modules = build(workspace, &packages, &["--features", "next"], &mut |_| {})?;
    finish(workspace, &programs, &modules, &mut |_| {})
}

/// Builds programs of any workspace; their modules as the compiler wrote them, in the order of
/// `packages`.
///
/// # Errors
/// As [`contracts`].
pub fn modules(workspace: &Path, packages: &[&'static str]) -> Result<Vec<Vec<u8>>, CompileError> {
    ensure_target(workspace)?;
    let modules = build(workspace, packages, &[], &mut |_| {})?;
    packages
        .iter()
        .map(|package| read(module(package, &modules)?))
        .collect()
}

/// The module that cargo wrote for a package.
fn module<'a>(package: &'static str, modules: &'a [PathBuf]) -> Result<&'a PathBuf, CompileError> {
    let stem = package.replace('-', "_");
    modules
        .iter()
        .find(|path| path.file_stem() == Some(OsStr::new(&stem)))
        .ok_or(CompileError::NoModule(package))
}

fn read(path: &Path) -> Result<Vec<u8>, CompileError> {
    fs::read(path).map_err(|source| CompileError::Read {
        path: path.to_owned(),
        source,
    })
}

/// The programs, optimised if that is possible.
fn finish(
    workspace: &Path,
    programs: &[Program],
    modules: &[PathBuf],
    report: &mut impl FnMut(Progress),
) -> Result<Vec<Artifact>, CompileError> {
    let paths = programs.iter();
    let paths = paths.map(|program| module(program.package(), modules).cloned());
    let paths = paths.collect::<Result<Vec<_>, _>>()?;
    let (modules, optimized) = match optimize(workspace, &paths) {
        Ok(modules) => (modules, true),
        Err(error @ OptimizeError::Missing { .. }) => {
            report(Progress::NotOptimized(error.to_string()));
            let modules = paths.iter().map(|path| read(path));
            (modules.collect::<Result<_, _>>()?, false)
        }
        Err(error) => return Err(error.into()),
    };
    let artifacts = programs.iter().zip(modules).map(|(program, module)| {
        let program = *program;
        Artifact::new(program, &module, optimized)
            .map_err(|source| CompileError::Artifact { program, source })
    });
    artifacts.collect()
}

/// Cargo in the workspace of the contracts, so that its `.cargo/config.toml` is in force.
fn cargo(workspace: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(workspace)
        // These would replace the flags of the workspace, among them the size of the stack:
        // without it a program starts with 17 pages of memory instead of 1.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

fn ensure_target(workspace: &Path) -> Result<(), CompileError> {
    let start = |program| move |source| CompileError::Start { program, source };
    let printed = Command::new("rustc")
        .current_dir(workspace)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(start("rustc"))?;
    let library = String::from_utf8_lossy(&printed.stdout);
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    let status = Command::new("rustup")
        .current_dir(workspace)
        .args(["target", "add", TARGET])
        .stdout(Stdio::null())
        .status()
        .map_err(start("rustup"))?;
    if status.success() {
        Ok(())
    } else {
        Err(CompileError::Target { status })
    }
}

/// The packages that the build touches, for the length of a progress bar.
fn count_packages(workspace: &Path) -> Result<usize, CompileError> {
    let mut command = cargo(workspace);
    command.args(["tree", "--quiet", "--locked", "--target", TARGET]);
    command.args(["--edges", "normal,build", "--prefix", "none"]);
    command.args(selected(&Program::ALL.map(Program::package)));
    let output = output(command)?;
    let lines = String::from_utf8_lossy(&output);
    let names: HashSet<&str> = lines
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(names.len())
}

fn output(mut command: Command) -> Result<Vec<u8>, CompileError> {
    let output = command.output().map_err(|source| CompileError::Start {
        program: "cargo",
        source,
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(CompileError::Build {
        status: output.status,
        diagnostics: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn selected(packages: &[&'static str]) -> impl Iterator<Item = &'static str> {
    packages.iter().flat_map(|package| ["--package", package])
}

/// Builds one program after the other and returns the modules that were written.
fn build(
    workspace: &Path,
    packages: &[&'static str],
    options: &[&str],
    report: &mut impl FnMut(Progress),
) -> Result<Vec<PathBuf>, CompileError> {
    let mut modules = Vec::new();
    let mut ready = HashSet::new();
    for package in packages {
        let mut command = cargo(workspace);
        command.args([
            "rustc",
            "--release",
            "--locked",
            "--lib",
            "--target",
            TARGET,
        ]);
        // Tests and the ABI's exporter want the same library for Rust, and what Rust may link is not
        // optimised as a whole: built as a program alone it is a seventh smaller.
        command.args(["--package", package, "--crate-type", "cdylib"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        command.args(options);
        modules.extend(run(command, |built| {
            if ready.insert(built.package_id) {
                report(Progress::Ready(built.target.name));
            }
        })?);
    }
    Ok(modules)
}

/// Runs cargo, tells what it has built, and returns the modules among that.
fn run(mut command: Command, mut tell: impl FnMut(Built)) -> Result<Vec<PathBuf>, CompileError> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| CompileError::Start {
            program: "cargo",
            source,
        })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Read apart from the messages: a full pipe would stop the compiler.
    let diagnostics = thread::spawn(move || {
        let mut text = String::new();
        stderr.map(|mut pipe| pipe.read_to_string(&mut text));
        text
    });
    let mut modules = Vec::new();
    for line in stdout
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
    {
        let line = line.map_err(CompileError::Output)?;
        let Ok(Message::CompilerArtifact(built)) = serde_json::from_str(&line) else {
            continue;
        };
        modules.extend(built.modules());
        tell(built);
    }
    let status = child.wait().map_err(CompileError::Output)?;
    let diagnostics = diagnostics.join().unwrap_or_default();
    if status.success() {
        return Ok(modules);
    }
    Err(CompileError::Build {
        status,
        diagnostics,
    })
}

/// The lines of cargo's JSON output that matter here.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact(Built),
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Built {
    package_id: String,
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Built {
    fn modules(&self) -> impl Iterator<Item = PathBuf> {
        let is_module = |path: &&PathBuf| path.extension() == Some(OsStr::new("wasm"));
        self.filenames.iter().filter(is_module).cloned()
    }
}
