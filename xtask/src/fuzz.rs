//! Runs the node's fuzzers on the pinned toolchain.
//!
//! cargo-fuzz would ask for a nightly one, for the sake of sanitizers that safe Rust can do without.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use eyre::{Result, bail, ensure};

use crate::workspaces::{Repository, run_to_success};

/// Where the fuzzers are, from the root.
const FOLDER: &str = "nitro-devnode/fuzz";

/// Longest input, bytes: long enough for anything but large contracts.
const LONGEST: u32 = 8_192;

/// An input that takes longer is a finding, seconds.
const PATIENCE: u32 = 60;

/// More memory is a finding, MiB.
const MEMORY: u32 = 3_072;

/// How a fuzzer is run.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// What is fed: `rpc`, `transaction`, `wasm` or `precompile`.
    target: String,
    /// How long it runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Keeps few inputs that reach every branch that was reached, instead of looking for more.
    #[arg(long)]
    minimize: bool,
}

impl Fuzz {
    /// A search of so many seconds.
    pub(crate) fn search(target: &str, seconds: u32) -> Self {
        Self {
            target: target.to_owned(),
            seconds,
            minimize: false,
        }
    }
}

/// The fuzzers there are.
pub(crate) fn targets(repository: &Repository) -> Result<Vec<String>> {
    let folder = repository.root().join(FOLDER).join("fuzz_targets");
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().map(|name| name.to_string_lossy());
        targets.extend(name.map(|name| name.into_owned()));
    }
    targets.sort();
    Ok(targets)
}

/// Builds a fuzzer and runs it on the inputs that are kept.
pub(crate) fn run(repository: &Repository, fuzz: &Fuzz) -> Result<()> {
    let folder = repository.root().join(FOLDER);
    let source = folder.join("fuzz_targets").join(&fuzz.target);
    ensure!(
        source.with_extension("rs").exists(),
        "there is no fuzzer called {}",
        fuzz.target
    );
    ensure_cpp()?;
    let binary = build(repository, &folder, &fuzz.target)?;
    let kept = folder.join("corpus").join(&fuzz.target);
    std::fs::create_dir_all(&kept)?;
    if fuzz.minimize {
        return minimize(&binary, &kept, repository);
    }
    search(&binary, &folder, &kept, repository, fuzz)
}

/// libFuzzer is a C++ library that is compiled here.
fn ensure_cpp() -> Result<()> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let answer = Command::new(&compiler)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !answer.is_ok_and(|status| status.success()) {
        bail!("libFuzzer needs a C++ compiler, and {compiler} is none: install g++ or clang");
    }
    Ok(())
}

fn build(repository: &Repository, folder: &Path, target: &str) -> Result<PathBuf> {
    let mut cargo = repository.cargo();
    cargo
        .args(["build", "--locked", "--package", "fuzz", "--bin", target])
        .args(["--features", "libfuzzer"])
        .env("RUSTC_WORKSPACE_WRAPPER", folder.join("rustc"));
    run_to_success(&mut cargo)?;
    Ok(repository.target().join("debug").join(target))
}

/// New inputs go to the build folder, findings to `artifacts`; what is worth keeping comes into
/// the repository by `--minimize`.
fn search(
    binary: &Path,
    folder: &Path,
    kept: &Path,
    repository: &Repository,
    fuzz: &Fuzz,
) -> Result<()> {
    let found = found(repository, kept)?;
    let mut artifacts = folder.join("artifacts").join(&fuzz.target);
    std::fs::create_dir_all(&artifacts)?;
    // A trailing separator makes it a folder for libFuzzer.
    artifacts.push("");
    let dictionary = folder.join("dictionaries").join(&fuzz.target);
    let mut fuzzer = Command::new(binary);
    fuzzer.args([&found, kept]);
    fuzzer.arg(format!("-max_total_time={}", fuzz.seconds));
    fuzzer.arg(format!("-max_len={LONGEST}"));
    fuzzer.arg(format!("-timeout={PATIENCE}"));
    fuzzer.arg(format!("-rss_limit_mb={MEMORY}"));
    fuzzer.arg(format!("-artifact_prefix={}", artifacts.display()));
    fuzzer.arg("-print_final_stats=1");
    if dictionary.exists() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    run_to_success(&mut fuzzer)
}

fn minimize(binary: &Path, kept: &Path, repository: &Repository) -> Result<()> {
    let found = found(repository, kept)?;
    let fewest = found.with_extension("fewest");
    if fewest.exists() {
        std::fs::remove_dir_all(&fewest)?;
    }
    std::fs::create_dir_all(&fewest)?;
    let mut fuzzer = Command::new(binary);
    // Which branches, not how often: a fifth of the inputs, and the tests replay them all.
    fuzzer.args(["-merge=1", "-use_counters=0"]);
    fuzzer.args([&fewest, kept, &found]);
    fuzzer.arg(format!("-max_len={LONGEST}"));
    run_to_success(&mut fuzzer)?;
    for entry in std::fs::read_dir(kept)? {
        let path = entry?.path();
        // A finding has a name of its own and stays; libFuzzer's names are hashes.
        if path
            .file_name()
            .is_some_and(|name| is_hash(&name.to_string_lossy()))
        {
            std::fs::remove_file(path)?;
        }
    }
    for entry in std::fs::read_dir(&fewest)? {
        let path = entry?.path();
        if let Some(name) = path.file_name() {
            std::fs::copy(&path, kept.join(name))?;
        }
    }
    Ok(())
}

fn is_hash(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where a fuzzer's inputs are collected, outside of the repository.
fn found(repository: &Repository, kept: &Path) -> Result<PathBuf> {
    let name = kept.file_name().unwrap_or_default();
    let found = repository.target().join("fuzz").join(name);
    std::fs::create_dir_all(&found)?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_libfuzzer_gives_are_replaced() {
        assert!(is_hash("da39a3ee5e6b4b0d3255bfef95601890afd80709"));
        assert!(!is_hash("interval-mining-of-the-largest-number-of-seconds"));
    }
}
