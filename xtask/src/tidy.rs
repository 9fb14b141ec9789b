//! Rules of the repository that rustc and clippy do not check.
//!
//! - The first line of every Rust file is a `//!` line.
//! - A Rust file has at most [`LINE_CAP`] lines.
//! - The protocol's ABI stands in `.sol` files: no `interface` block inside a `sol!`.
//!   The node is excepted: it serves Nitro's ABI, which is not ours to publish.
//! - `Stylus.toml` stands in deployed contracts and at their workspace root, never in a library.
//! - Every package inherits the lints of its workspace.
//! - No mark of unfinished work.
//! - Every test that `docs/security.md` names exists.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use eyre::{Result, WrapErr, bail};

use crate::workspaces::Repository;

/// Lines a Rust file may have.
const LINE_CAP: usize = 500;

/// Folders that hold nothing written by hand.
const SKIPPED_FOLDERS: [&str; 3] = ["target", ".git", "node_modules"];

/// Checks the whole repository and reports every finding at once.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let mut files = Vec::new();
    collect(repository.root(), &mut files)?;
    let mut findings = Vec::new();
    for path in &files {
        let shown = path.strip_prefix(repository.root()).unwrap_or(path);
        check(path, shown, &mut findings)?;
    }
    findings.extend(missing_tests(repository.root(), &files)?);
    for finding in &findings {
        eprintln!("tidy: {finding}");
    }
    if !findings.is_empty() {
        bail!("tidy has {} findings", findings.len());
    }
    println!("tidy: {} files", files.len());
    Ok(())
}

/// Tests that the catalogue of threats names and that no Rust file has.
fn missing_tests(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let catalogue = root.join("docs/security.md");
    let catalogue = fs::read_to_string(&catalogue)
        .wrap_err_with(|| format!("cannot read {}", catalogue.display()))?;
    let mut tests = HashSet::new();
    for path in files {
        if path.extension() == Some(OsStr::new("rs")) {
            let text = fs::read_to_string(path)?;
            tests.extend(functions(&text).map(str::to_owned));
        }
    }
    let named = named_tests(&catalogue).filter(|name| !tests.contains(*name));
    let missing = named.map(|name| format!("docs/security.md: no test is called {name}"));
    Ok(missing.collect())
}

/// What stands in backquotes in the last column of a table.
fn named_tests(catalogue: &str) -> impl Iterator<Item = &str> {
    let rows = catalogue.lines().filter(|line| line.starts_with('|'));
    let last = rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next());
    last.flat_map(|column| column.split('`').skip(1).step_by(2))
}

fn functions(text: &str) -> impl Iterator<Item = &str> {
    let declared = text.split("fn ").skip(1);
    declared.filter_map(|rest| rest.split('(').next())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).wrap_err_with(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let skipped = SKIPPED_FOLDERS
            .iter()
            .any(|name| *entry.file_name() == **name);
        if entry.file_type()?.is_dir() && !skipped {
            collect(&entry.path(), files)?;
        } else if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(())
}

fn check(path: &Path, shown: &Path, findings: &mut Vec<String>) -> Result<()> {
    if path.file_name() == Some(OsStr::new("Stylus.toml")) {
        findings.extend(misplaced_stylus_toml(path, shown)?);
    }
    if path.file_name() == Some(OsStr::new("Cargo.toml")) {
        let text = fs::read_to_string(path)?;
        let package = text.contains("[package]");
        if package && !text.contains("[lints]\nworkspace = true") {
            findings.push(format!("{}: does not inherit the lints", shown.display()));
        }
    }
    if path.extension() == Some(OsStr::new("rs")) {
        let text = fs::read_to_string(path)
            .wrap_err_with(|| format!("cannot read {}", shown.display()))?;
        let mut found: Vec<String> = rust_findings(&text).collect();
        if !shown.starts_with("nitro-devnode") {
            found.extend(inline_solidity(&text));
        }
        findings.extend(
            found
                .iter()
                .map(|finding| format!("{}: {finding}", shown.display())),
        );
    }
    Ok(())
}

/// A library with a `Stylus.toml` would be deployed as a contract by cargo-stylus.
fn misplaced_stylus_toml(path: &Path, shown: &Path) -> Result<Option<String>> {
    let text = fs::read_to_string(path)?;
    let manifest = path.with_file_name("Cargo.toml");
    let manifest = fs::read_to_string(&manifest)
        .wrap_err_with(|| format!("{} stands beside no Cargo.toml", shown.display()))?;
    let library = !manifest.contains("[workspace]") && !manifest.contains("cdylib");
    let marked = text.contains("[contract]");
    Ok((library && marked).then(|| format!("{}: the package is a library", shown.display())))
}

fn rust_findings(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().count();
    let header = (!text.starts_with("//!")).then(|| "the first line is not `//!`".to_owned());
    let length = (lines > LINE_CAP).then(|| format!("{lines} lines, the cap is {LINE_CAP}"));
    let unfinished = UNFINISHED.iter().find(|mark| text.contains(**mark));
    let unfinished = unfinished.map(|mark| format!("unfinished work: `{mark}`"));
    [header, length, unfinished].into_iter().flatten()
}

fn inline_solidity(text: &str) -> Option<String> {
    text.lines()
        .find(|line| line.trim_start().starts_with("interface I"))
        .map(|line| format!("Solidity outside a .sol file: `{}`", line.trim()))
}

// Spelled in two halves so that this file does not report itself.
const UNFINISHED: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_header_is_found() {
        let found: Vec<_> = rust_findings("use std::fs;\n").collect();
        assert_eq!(found, ["the first line is not `//!`"]);
    }

    #[test]
    fn a_file_above_the_line_cap_is_found() {
        let text = format!("//! Long.\n{}", "\n".repeat(500));
        let found: Vec<_> = rust_findings(&text).collect();
        assert_eq!(found, ["501 lines, the cap is 500"]);
    }

    #[test]
    fn solidity_inside_rust_is_found() {
        let found = inline_solidity("//! A.\nsol! {\n    interface IPool {\n    }\n}\n");
        assert_eq!(
            found.as_deref(),
            Some("Solidity outside a .sol file: `interface IPool {`")
        );
    }

    #[test]
    fn the_tests_of_a_catalogue_are_read_from_its_last_column() {
        let catalogue = "no `table`\n| the `rule` | `a_test`, `another` |\n";
        let named: Vec<_> = named_tests(catalogue).collect();
        assert_eq!(named, ["a_test", "another"]);
        assert_eq!(functions("fn a_test() {}").collect::<Vec<_>>(), ["a_test"]);
    }

    #[test]
    fn a_tidy_file_has_no_findings() {
        assert_eq!(rust_findings("//! Decides nothing.\n").count(), 0);
    }
}
