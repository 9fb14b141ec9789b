//! Compiles instrumented modules and keeps them.
//!
//! One engine serves every node of a process. A module is compiled once per code hash and
//! stack limit; the least recently used ones are dropped beyond [`KEPT_MODULES`].
//!
//! Calls take their memory and stack from a pool, which is most of what a call costs
//! otherwise. What the pool has no room for runs on a second engine that allocates.
use std::{
    num::NonZeroUsize,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use lru::LruCache;
use parking_lot::Mutex;
use revm::primitives::B256;
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module,
    PoolingAllocationConfig, Strategy,
};

use super::{activate::ActivationError, artifacts::Artifacts, code::CodeError, host::Host, hostio};

/// Compiled programs kept in memory.
const KEPT_MODULES: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// Native stack of a program, bytes: metering stops a program long before it ends.
///
/// The deepest metered stack is 262,144 words (ArbOS 40); a native frame takes at most a few
/// words more than its metered size.
const PROGRAM_STACK: usize = 24 << 20;

/// Native stack for the host's side of a hostio, on top of the program's.
const HOSTIO_STACK: usize = 2 << 20;

/// Calls that run in the pool at one time, over all nodes of the process. Each takes 4 GiB of
/// address space, of which only what was touched is memory.
pub(super) const POOLED_CALLS: u32 = 128;

/// Memory and stack that a place in the pool keeps between calls, bytes each. Clearing it costs
/// less than faulting it in again; what a call used beyond goes back to the system.
const KEPT_RESIDENT: usize = 64 << 10;

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

/// A program ready for one call.
pub struct Program {
    /// What is instantiated.
    pub instance: InstancePre<Host>,
    /// Dropped last, when the call's memory has been given back.
    _place: Option<Place>,
}

/// The right to use the pool for one call.
struct Place;

/// Places that are taken.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Place {
    fn take() -> Option<Self> {
        let taken = TAKEN.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
            (taken < POOLED_CALLS as usize).then(|| taken.saturating_add(1))
        });
        // Not `then_some`: a place that is made and dropped gives back one never taken.
        taken.is_ok().then(|| Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Ordering::AcqRel);
    }
}

/// An engine and the hostios linked for it.
struct Workshop {
    engine: Engine,
    linker: Linker<Host>,
}

impl Workshop {
    fn open(config: &Config) -> wasmtime::Result<Self> {
        let engine = Engine::new(config)?;
        let mut linker = Linker::new(&engine);
        hostio::link(&mut linker)?;
        Ok(Self { engine, linker })
    }

    fn compile(&self, module: &[u8]) -> wasmtime::Result<InstancePre<Host>> {
        let artifacts = Artifacts::get();
        let kept = artifacts.and_then(|artifacts| artifacts.load(&self.engine, module));
        if let Some(kept) = kept {
            return self.linker.instantiate_pre(&kept);
        }
        let compiled = Module::from_binary(&self.engine, module)?;
        if let Some(artifacts) = artifacts {
            artifacts.store(&self.engine, module, &compiled);
        }
        self.linker.instantiate_pre(&compiled)
    }
}

/// The engines and the compiled programs.
pub struct Programs {
    /// Nothing where the system has not enough address space.
    pooled: Option<Workshop>,
    allocating: Workshop,
    /// The flag tells programs for the pool.
    kept: Mutex<LruCache<(ProgramKey, bool), InstancePre<Host>>>,
}

impl Programs {
    /// The engines of this process.
    pub fn get() -> Result<&'static Self, CompileError> {
        static PROGRAMS: OnceLock<Programs> = OnceLock::new();
        if let Some(programs) = PROGRAMS.get() {
            return Ok(programs);
        }
        let programs = Self::new().map_err(CompileError::Engine)?;
        Ok(PROGRAMS.get_or_init(|| programs))
    }

    fn new() -> wasmtime::Result<Self> {
        let mut pooled = config();
        pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
        let pooled = Workshop::open(&pooled)
            .inspect_err(|error| tracing::info!("calls do without a pool: {error:#}"));
        Ok(Self {
            pooled: pooled.ok(),
            allocating: Workshop::open(&config())?,
            kept: Mutex::new(LruCache::new(KEPT_MODULES)),
        })
    }

    /// Returns the compiled program, compiling what `instrument` returns if it is not kept.
    pub fn program(
        &self,
        key: ProgramKey,
        instrument: impl FnOnce() -> Result<Vec<u8>, CompileError>,
    ) -> Result<Program, CompileError> {
        let place = self.place();
        let key = (key, place.is_some());
        if let Some(instance) = self.kept.lock().get(&key).cloned() {
            return Ok(Program {
                instance,
                _place: place,
            });
        }
        let program = self.compile_for(place, &instrument()?)?;
        self.kept.lock().put(key, program.instance.clone());
        Ok(program)
    }

    /// Compiles an instrumented module.
    pub fn compile(&self, module: &[u8]) -> Result<Program, CompileError> {
        self.compile_for(self.place(), module)
    }

    fn place(&self) -> Option<Place> {
        self.pooled.as_ref().and_then(|_| Place::take())
    }

    /// Compiles for the pool if there is a place in it and the module fits into one.
    fn compile_for(&self, place: Option<Place>, module: &[u8]) -> Result<Program, CompileError> {
        if let (Some(pooled), Some(_)) = (&self.pooled, &place)
            && let Ok(instance) = pooled.compile(module)
        {
            return Ok(Program {
                instance,
                _place: place,
            });
        }
        let instance = self.allocating.compile(module);
        Ok(Program {
            instance: instance.map_err(CompileError::Engine)?,
            _place: None,
        })
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
        // A pooled stack would stay as large as its deepest call.
        .async_stack_zeroing(true)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true);
    config
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(POOLED_CALLS)
        .total_memories(POOLED_CALLS)
        .total_tables(POOLED_CALLS)
        .total_stacks(POOLED_CALLS)
        // All that WASM can address: how far a memory grows is ArbOS's to decide.
        .max_memory_size(1 << 32)
        .linear_memory_keep_resident(KEPT_RESIDENT)
        .async_stack_keep_resident(KEPT_RESIDENT)
        .table_keep_resident(KEPT_RESIDENT);
    pool
}
