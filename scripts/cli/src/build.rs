//! `lst build`: the contracts as WASM, with a progress bar.

use std::time::Instant;

use client::artifact::{Artifact, CODE_LIMIT, RAW_LIMIT};
use client::compile::{self, Progress};
use console::style;
use eyre::{Result, WrapErr};
use indicatif::{ProgressBar, ProgressStyle};

use crate::amounts::count;

/// Builds the contracts and prints their sizes.
pub(crate) async fn run() -> Result<()> {
    let artifacts = contracts().await?;
    for artifact in &artifacts {
        let (raw, code) = (artifact.module.bytes.len(), artifact.code.len());
        println!(
            "  {:<20} {:>9} bytes of WASM ({}) {:>9} compressed ({})  {} memory page(s)",
            artifact.program,
            count(raw as u64),
            share(raw, RAW_LIMIT),
            count(code as u64),
            share(code, CODE_LIMIT),
            artifact.module.pages,
        );
    }
    Ok(())
}

/// Builds the contracts; what a fresh toolchain lacks is installed on the way.
pub(crate) async fn contracts() -> Result<Vec<Artifact>> {
    let started = Instant::now();
    let bar = bar();
    let shown = bar.clone();
    // The compiler is waited for on a thread of its own, so that a node in this process goes on serving.
    let built = tokio::task::spawn_blocking(move || {
        compile::contracts(&compile::workspace(), |progress| match progress {
            Progress::Packages(packages) => shown.set_length(packages as u64),
            Progress::Ready(package) => {
                shown.inc(1);
                shown.set_message(package);
            }
            Progress::Compiled => shown.set_message("wasm-opt"),
            Progress::NotOptimized(reason) => {
                let notice = "notice: each call will cost a hundred gas more, and a thousand for each of its programs that is not cached";
                shown.suspend(|| eprintln!("{notice}: {reason}"));
            }
        })
    });
    let built = built.await.wrap_err("the build was interrupted")?;
    bar.finish_and_clear();
    let artifacts = built?;
    println!(
        "{} {} programs built in {:.1} s",
        style("✓").green(),
        artifacts.len(),
        started.elapsed().as_secs_f64(),
    );
    Ok(artifacts)
}

/// Whether the programs are as they are recorded and released.
pub(crate) fn are_optimized(artifacts: &[Artifact]) -> bool {
    artifacts.iter().all(|artifact| artifact.optimized)
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = "  building the contracts {bar:32.cyan/dim} {pos}/{len} {msg:.dim}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    bar
}

fn share(part: usize, whole: usize) -> String {
    format!("{} %", part.saturating_mul(100) / whole)
}
