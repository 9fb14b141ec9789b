//! The node as a binary.
use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use eyre::{Result, WrapErr};
use nitro_devnode::replay::{self, Report};

/// An embedded Arbitrum Stylus devnode.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Executes recorded transactions again and compares every answer.
    Replay {
        /// Recordings; the built-in ones if none is given.
        files: Vec<PathBuf>,
        /// Differences to print for each file.
        #[arg(long, default_value_t = 10)]
        max_differences: usize,
    },
}

fn main() -> Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().command {
        Some(Command::Replay {
            files,
            max_differences,
        }) => replay_files(&files, max_differences),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn replay_files(files: &[PathBuf], max_differences: usize) -> Result<ExitCode> {
    let mut recordings = Vec::new();
    if files.is_empty() {
        for name in replay::builtin_names() {
            recordings.push((name.to_owned(), replay::builtin_file(name)?));
        }
    }
    for file in files {
        let text = std::fs::read_to_string(file).wrap_err_with(|| file.display().to_string())?;
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        recordings.push((name, text));
    }
    println!("{}", Report::heading());
    let mut equal = true;
    for report in replay::replay_all(recordings) {
        let report = report?;
        println!("{report}");
        for difference in report.differences.iter().take(max_differences) {
            println!("    {}: {}", difference.label, difference.what);
        }
        let hidden = report.differences.len().saturating_sub(max_differences);
        if hidden > 0 {
            println!("    … and {hidden} more");
        }
        equal &= report.is_equal();
    }
    Ok(if equal {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
