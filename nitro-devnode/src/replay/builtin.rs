//! The recordings that are linked into the node, compressed.
use std::io::Read;

use brotlic::{DecompressorReader, decode::BrotliDecoderOptions};

/// A recording that is linked in cannot be read: the build is broken.
#[derive(Debug, thiserror::Error)]
pub enum BuiltinError {
    /// There is none with this name.
    #[error("no recording {0:?} is built in")]
    Unknown(String),
    /// It does not decompress to text.
    #[error("recording is damaged: {0}")]
    Damaged(#[from] std::io::Error),
}

macro_rules! recordings {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../corpus/", $name, ".jsonl.br")))),*]
    };
}

const RECORDINGS: &[(&str, &[u8])] = recordings![
    "00-devnode-setup",
    "10-evm",
    "20-activation",
    "30-opcodes",
    "31-multi-value",
    "40-hostios",
    "50-storage-cache",
    "60-calls-creates-returndata-reentrancy",
    "70-init-cost-cache",
    "80-precompiles",
    "90-estimate",
    "95-whole-contracts",
    "97-random-programs",
    "98-random-scripts",
];

/// Names of the recordings that are linked in, in order.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    RECORDINGS.iter().map(|(name, _)| *name)
}

/// Text of a recording that is linked in.
///
/// # Errors
/// [`BuiltinError`].
pub fn builtin_file(name: &str) -> Result<String, BuiltinError> {
    let (_, packed) = RECORDINGS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| BuiltinError::Unknown(name.to_owned()))?;
    let decoder = BrotliDecoderOptions::new()
        .large_window_size(true)
        .build()
        .map_err(std::io::Error::other)?;
    let mut text = String::new();
    DecompressorReader::with_decoder(decoder, *packed).read_to_string(&mut text)?;
    Ok(text)
}
