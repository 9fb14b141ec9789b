//! From a module to the code that a chain stores: stripped, checked, compressed, prefixed.

use alloy::primitives::{B256, Bytes, keccak256};
use brotlic::{CompressError, CompressionMode, Quality, WindowSize, compress_bound};

use crate::contract::Program;
use crate::module::{Module, ModuleError};

/// Marks code as a Stylus program; the last byte says that no dictionary is used.
const PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];

/// Bytes that the decompressed module may have: ArbWasm's `MaxWasmSize` up to ArbOS 59.
pub const RAW_LIMIT: usize = 131_072;

/// Bytes that the code of an account may have, prefix included (EIP-170).
pub const CODE_LIMIT: usize = 24_576;

/// Why a module cannot be deployed.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// Nitro would refuse the module at activation.
    #[error(transparent)]
    Module(#[from] ModuleError),
    /// The module is too long before compression.
    #[error("{bytes} bytes of WASM, a chain takes {RAW_LIMIT}")]
    RawTooLong {
        /// Length of the stripped module.
        bytes: usize,
    },
    /// The code is too long after compression.
    #[error("{bytes} bytes of compressed code, a chain takes {CODE_LIMIT}")]
    CodeTooLong {
        /// Length of the code, prefix included.
        bytes: usize,
    },
    /// The encoder failed.
    #[error("cannot compress the module")]
    Compression(#[from] CompressError),
}

/// A program ready to be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Which program it is.
    pub program: Program,
    /// The stripped module.
    pub module: Module,
    /// The code that the chain will store.
    pub code: Bytes,
    /// Whether the module went through `wasm-opt`, as what is measured and released does.
    pub optimized: bool,
}

impl Artifact {
    /// Prepares a module.
    ///
    /// # Errors
    /// [`ArtifactError`] if a chain would refuse it, before anything is sent.
    pub fn new(program: Program, wasm: &[u8], optimized: bool) -> Result<Self, ArtifactError> {
        let (module, code) = prepare(wasm)?;
        Ok(Self {
            program,
            module,
            code,
            optimized,
        })
    }

    /// Key under which a chain activates and caches the program.
    pub fn codehash(&self) -> B256 {
        keccak256(&self.code)
    }

    /// Init code that returns [`Artifact::code`]: the 43 bytes that cargo-stylus puts before it.
    pub fn init_code(&self) -> Bytes {
        init_code(&self.code)
    }
}

/// The stripped module of any program, and the code that a chain stores of it.
///
/// # Errors
/// [`ArtifactError`] if a chain would refuse it.
pub fn prepare(wasm: &[u8]) -> Result<(Module, Bytes), ArtifactError> {
    let module = Module::read(wasm)?;
    let bytes = module.bytes.len();
    if bytes > RAW_LIMIT {
        return Err(ArtifactError::RawTooLong { bytes });
    }
    let code = compress(&module.bytes)?;
    let bytes = code.len();
    if bytes > CODE_LIMIT {
        return Err(ArtifactError::CodeTooLong { bytes });
    }
    Ok((module, code.into()))
}

/// Init code of a contract whose code is `code`, whether that is a program or EVM code:
/// `PUSH32 len · DUP1 · PUSH1 43 · PUSH1 0 · CODECOPY · PUSH1 0 · RETURN · <version 0>`, then `code`.
pub fn init_code(code: &[u8]) -> Bytes {
    let mut length = [0; 32];
    if let Some(low) = length.last_chunk_mut::<8>() {
        *low = (code.len() as u64).to_be_bytes();
    }
    let mut init = vec![0x7f];
    init.extend(length);
    init.extend([0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
    init.extend_from_slice(code);
    init.into()
}

/// Quality 11 and a window of 22 bits, as cargo-stylus compresses.
fn compress(module: &[u8]) -> Result<Vec<u8>, ArtifactError> {
    let (quality, window) = (Quality::best(), WindowSize::default());
    let bound = compress_bound(module.len(), quality).unwrap_or(module.len());
    let mut payload = vec![0; bound];
    let mode = CompressionMode::Generic;
    let written = brotlic::compress(module, &mut payload, quality, window, mode)?;
    let mut code = PREFIX.to_vec();
    code.extend(payload.iter().take(written));
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_code_begins_with_the_43_bytes_of_cargo_stylus() {
        let init = init_code(&[0xef, 0xf0, 0x00, 0x00, 0x01]);
        let expected = "7f000000000000000000000000000000000000000000000000000000000000000580602b6000396000f300eff0000001";
        assert_eq!(alloy::hex::encode(init), expected);
    }

    /// A program that does nothing and carries `data`.
    fn carrying(data: &[u8]) -> Result<Artifact, ArtifactError> {
        let escaped: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let text = format!(
            r#"(module
                (memory (export "memory") 3 3)
                (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)
                (data (i32.const 0) "{escaped}"))"#
        );
        let wasm = wat::parse_str(text).expect("the text is WAT");
        Artifact::new(Program::StakingPool, &wasm, false)
    }

    #[test]
    fn a_module_of_more_than_128_kilobytes_is_refused() {
        let refusal = carrying(&[0; 131_072]).expect_err("it is too long");
        assert!(matches!(refusal, ArtifactError::RawTooLong { bytes } if bytes > 131_072));
    }

    #[test]
    fn code_of_more_than_24_kilobytes_is_refused() {
        // Bytes that no encoder makes shorter.
        let noise: Vec<u8> = (0_u32..768)
            .flat_map(|number| alloy::primitives::keccak256(number.to_be_bytes()).0)
            .collect();
        let refusal = carrying(&noise).expect_err("it is too long");
        assert!(matches!(refusal, ArtifactError::CodeTooLong { bytes } if bytes > 24_576));
        let short = noise.get(..16_384).expect("there are 24,576 bytes");
        assert!(carrying(short).is_ok());
    }
}
