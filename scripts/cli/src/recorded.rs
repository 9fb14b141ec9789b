//! Measurements that are kept in the repository, beside those of now.

use std::fs;

use client::artifact::Artifact;
use client::compile::workspace;
use eyre::{Result, WrapErr, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::build;

/// Compares what was measured with `file` in `contracts`, or writes it there.
///
/// # Errors
/// What `compare` refuses; a file that cannot be read or written. Programs that did not go through
/// wasm-opt are compared with nothing, and not recorded.
pub(crate) fn settle<T: Serialize + DeserializeOwned>(
    file: &str,
    artifacts: &[Artifact],
    measured: &T,
    record: bool,
    compare: impl Fn(&T, &T) -> Result<()>,
) -> Result<()> {
    let path = workspace().join(file);
    let comparable = build::are_optimized(artifacts);
    if record {
        ensure!(
            comparable,
            "only programs that went through wasm-opt are recorded"
        );
        let mut text = serde_json::to_string_pretty(measured)?;
        text.push('\n');
        return fs::write(&path, text).wrap_err_with(|| format!("cannot write {}", path.display()));
    }
    if !comparable {
        println!("notice: not compared with {file}, which is of programs after wasm-opt");
        return Ok(());
    }
    let text =
        fs::read_to_string(&path).wrap_err_with(|| format!("cannot read {}", path.display()))?;
    let recorded = serde_json::from_str(&text);
    let recorded = recorded.wrap_err_with(|| format!("{} is malformed", path.display()))?;
    compare(measured, &recorded)
}
