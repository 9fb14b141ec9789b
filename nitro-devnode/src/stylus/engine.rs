//! Compiles instrumented modules and keeps them.
//!
//! One engine serves every node of a process. A module is compiled once per code hash and
//! stack limit; the least recently used ones are dropped beyond [`KEPT_MODULES`].
use std::{num::NonZeroUsize, sync::OnceLock};

use lru::LruCache;
use parking_lot::Mutex;
use revm::primitives::B256;
use wasmtime::{Config, Engine, InstancePre, Linker, Module, Strategy};

use super::{activate::ActivationError, code::CodeError, host::Host, hostio};

/// Compiled programs kept in memory.
const KEPT_MODULES: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// Native stack of a program, bytes: metering stops a program long before it ends.
///
/// The deepest metered stack is 262,144 words (ArbOS 40); a native frame takes at most a few
/// words more than its metered size.
const PROGRAM_STACK: usize = 24 << 20;

/// Native stack for the host's side of a hostio, on top of the program's.
const HOSTIO_STACK: usize = 2 << 20;

/// Why a program cannot be made runnable.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The code cannot be decompressed.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The module does not pass activation's checks.
    #[error(transparent)]
    Refused(Box<ActivationError>),
    /// The engine refuses what activation accepted.
    #[error("the engine refuses the module: {0}")]
    Engine(wasmtime::Error),
}

impl From<ActivationError> for CompileError {
    fn from(error: ActivationError) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// What identifies a compiled program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProgramKey {
    /// Hash of the account's code.
    pub code_hash: B256,
    /// Stack words a call may use, which instrumentation writes into the module.
    pub max_stack_depth: u32,
    /// ArbOS version, on which some rules depend.
    pub arbos_version: u64,
}

/// A program ready to be instantiated.
pub type Program = InstancePre<Host>;

/// The engine, its hostios and the compiled programs.
pub struct Programs {
    engine: Engine,
    linker: Linker<Host>,
    kept: Mutex<LruCache<ProgramKey, Program>>,
}

impl Programs {
    /// The engine of this process.
    pub fn get() -> Result<&'static Self, CompileError> {
        static PROGRAMS: OnceLock<Programs> = OnceLock::new();
        if let Some(programs) = PROGRAMS.get() {
            return Ok(programs);
        }
        let programs = Self::new().map_err(CompileError::Engine)?;
        Ok(PROGRAMS.get_or_init(|| programs))
    }

    fn new() -> wasmtime::Result<Self> {
        let engine = Engine::new(&config())?;
        let mut linker = Linker::new(&engine);
        hostio::link(&mut linker)?;
        Ok(Self {
            engine,
            linker,
            kept: Mutex::new(LruCache::new(KEPT_MODULES)),
        })
    }

    /// The engine that compiles and runs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the compiled program, compiling what `instrument` returns if it is not kept.
    pub fn program(
        &self,
        key: ProgramKey,
        instrument: impl FnOnce() -> Result<Vec<u8>, CompileError>,
    ) -> Result<Program, CompileError> {
        if let Some(program) = self.kept.lock().get(&key) {
            return Ok(program.clone());
        }
        let program = self.compile(&instrument()?)?;
        self.kept.lock().put(key, program.clone());
        Ok(program)
    }

    /// Compiles an instrumented module.
    pub fn compile(&self, module: &[u8]) -> Result<Program, CompileError> {
        let module = Module::from_binary(&self.engine, module).map_err(CompileError::Engine)?;
        self.linker
            .instantiate_pre(&module)
            .map_err(CompileError::Engine)
    }
}

/// Winch, the baseline compiler, where it runs; a program is compiled when it is first
/// called, and ARCHITECTURE.md has the figures that chose it.
const COMPILER: Strategy = if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
    Strategy::Winch
} else {
    Strategy::Cranelift
};

fn config() -> Config {
    let mut config = Config::new();
    config
        .strategy(COMPILER)
        .max_wasm_stack(PROGRAM_STACK)
        .async_stack_size(PROGRAM_STACK + HOSTIO_STACK)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true);
    config
}
