//! Where the tools are, and how one is run.
use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use eyre::{Result, WrapErr, ensure};

/// The folder that `cargo xtask tools` fills: beside the build products.
pub(crate) fn folder() -> PathBuf {
    env::var_os("DEVNODE_TOOLS").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools"),
        PathBuf::from,
    )
}

/// A tool's executable, by its place in the folder of tools. Where there is none, says so in a way
/// that the test runner does not swallow.
pub(crate) fn installed(place: &str) -> Option<PathBuf> {
    let path = folder().join(place);
    if path.is_file() {
        return Some(path);
    }
    let notice = format!(
        "notice: not tested, {} is missing; `cargo xtask tools` installs it",
        path.display()
    );
    // Nobody to tell.
    let _ = writeln!(std::io::stderr(), "{notice}");
    None
}

/// What a command prints, without colours; an error with all of it unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let (success, printed) = attempt(command)?;
    ensure!(success, "{command:?} failed:\n{printed}");
    Ok(printed)
}

/// What a command prints that has to fail.
pub(crate) fn refused(command: &mut Command) -> Result<String> {
    let (success, printed) = attempt(command)?;
    ensure!(!success, "{command:?} succeeded:\n{printed}");
    Ok(printed)
}

fn attempt(command: &mut Command) -> Result<(bool, String)> {
    let output = command
        .env("NO_COLOR", "1")
        .output()
        .wrap_err_with(|| format!("{command:?}"))?;
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let printed = [stdout, stderr].concat();
    let printed = plain(&String::from_utf8_lossy(&printed));
    Ok((status.success(), printed.trim().to_owned()))
}

/// Text without the escape sequences that colour it.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.find(|c: char| c.is_ascii_alphabetic());
        plain.push_str(
            part.get(letter.map_or(0, |at| at + 1)..)
                .unwrap_or_default(),
        );
    }
    plain
}

/// The word that follows `label` in what a tool printed.
pub(crate) fn word_after(printed: &str, label: &str) -> Result<String> {
    let word = printed
        .split_once(label)
        .and_then(|(_, rest)| rest.split_whitespace().next());
    let word = word.ok_or_else(|| eyre::eyre!("no `{label}` in:\n{printed}"))?;
    Ok(word.trim_matches('"').to_owned())
}
