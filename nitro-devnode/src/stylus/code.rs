//! Tells Stylus code from EVM code by its first bytes, and turns it into WASM and back.
//!
//! It decides what a decompressed program may weigh; what the program may contain is decided by
//! [`activate`](super::activate).

use brotlic::{CompressionMode, Quality, WindowSize};

use super::dictionary::{self, End};

/// First bytes of a classic program: the EIP-3541 byte, the Stylus byte and the format.
///
/// A dictionary id and a brotli stream follow.
pub const CLASSIC_PREFIX: [u8; 3] = [0xef, 0xf0, 0x00];

/// A stream compressed without a shared dictionary; what every tool emits.
const NO_DICTIONARY: u8 = 0;

/// A stream compressed against Nitro's dictionary of common program text.
const STYLUS_PROGRAM_DICTIONARY: u8 = 1;

/// Why code could not be turned into WASM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The code does not start like a program.
    #[error("specified bytecode is not a Stylus program")]
    NotAProgram,
    /// The byte after the prefix names no dictionary.
    #[error("unsupported dictionary type: {0}")]
    UnsupportedDictionary(u8),
    /// The stream refers to Nitro's dictionary, whose licence keeps it out of this repository.
    #[error(
        "programs compressed with dictionary 1 cannot be read: the dictionary is not available"
    )]
    DictionaryUnavailable,
    /// The stream is malformed, ends early, or holds more than `max_size` bytes.
    #[error("brotli stream is malformed or longer than {max_size} bytes")]
    Stream {
        /// Decompressed bytes allowed.
        max_size: u32,
    },
}

/// Whether `code` is a classic Stylus program, to be run by the WASM engine.
///
/// The prefix alone is not one: at least a dictionary id must follow.
pub fn is_program(code: &[u8]) -> bool {
    code.len() > CLASSIC_PREFIX.len() && code.starts_with(&CLASSIC_PREFIX)
}

/// The WASM bytes of a classic program, at most `max_size` of them.
///
/// A stream that fills `max_size` exactly is accepted, and bytes after its end are ignored.
///
/// - Errors: [`CodeError`]; an activation answers each of them with a plain revert that keeps the
///   remaining gas, save [`CodeError::DictionaryUnavailable`]: Nitro has the dictionary, so the
///   nearest answer is the refusal that a program it cannot parse gets.
pub fn decompress(code: &[u8], max_size: u32) -> Result<Vec<u8>, CodeError> {
    let Some(([dictionary], stream)) = code
        .strip_prefix(&CLASSIC_PREFIX)
        .and_then(<[u8]>::split_first_chunk)
    else {
        return Err(CodeError::NotAProgram);
    };
    let refused = CodeError::Stream { max_size };
    let room = usize::try_from(max_size).map_err(|_| refused)?;
    match *dictionary {
        NO_DICTIONARY => {
            let mut wasm = vec![0; room];
            let len = brotlic::decompress(stream, &mut wasm).map_err(|_| refused)?;
            wasm.truncate(len);
            Ok(wasm)
        }
        STYLUS_PROGRAM_DICTIONARY => match dictionary::decode(stream, room) {
            None => Err(CodeError::DictionaryUnavailable),
            Some(decoded) if decoded.end == End::Broken => Err(refused),
            Some(decoded) => Ok(decoded.bytes),
        },
        other => Err(CodeError::UnsupportedDictionary(other)),
    }
}

/// The classic program that decompresses to `wasm`, as cargo-stylus builds it: quality 11, window
/// 22, no dictionary.
///
/// - Errors: [`CompressionFailed`] when the compressor does, which its output bound rules out for
///   any module that fits in memory.
pub fn encode(wasm: &[u8]) -> Result<Vec<u8>, CompressionFailed> {
    let quality = Quality::best();
    let bound = brotlic::compress_bound(wasm.len(), quality).ok_or(CompressionFailed)?;
    let mut stream = vec![0; bound];
    let len = brotlic::compress(
        wasm,
        &mut stream,
        quality,
        WindowSize::default(),
        CompressionMode::Generic,
    )
    .map_err(|_| CompressionFailed)?;
    stream.truncate(len);
    let mut code = CLASSIC_PREFIX.to_vec();
    code.push(NO_DICTIONARY);
    code.append(&mut stream);
    Ok(code)
}

/// The brotli compressor refused its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("brotli compression failed")]
pub struct CompressionFailed;
