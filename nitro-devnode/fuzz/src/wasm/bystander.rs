//! A host that gives every program the same answers, whatever it asks and pays.
//!
//! So two runs of a program, metered and not, must see and do the same.
use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    sync::OnceLock,
    thread,
};

use nitro_devnode::stylus::{
    imports::{CONSOLE, CONSOLE_FUNCTIONS, HOSTIOS, PAY_FOR_MEMORY_GROW, Signature, VM_HOOKS},
    instrument::{ENTRYPOINT_EXPORT, INK_LEFT_EXPORT, INK_STATUS_EXPORT, STACK_LEFT_EXPORT},
};
use wasmparser::ValType as Parsed;
use wasmtime::{
    Caller, Config, Engine, Error, Extern, FuncType, Global, Instance, Linker, Module, Result,
    Store, StoreLimits, StoreLimitsBuilder, Strategy, Trap, Val, ValType,
};

/// Native stack for WASM, as the node has it.
const PROGRAM_STACK: usize = 24 << 20;

/// Bytes a memory may have here, so that comparing them is quick: a little more than the 128 pages
/// that it may start with.
const MEMORY: usize = 132 << 16;

/// Operators of a plain run: far more than the ink of a metered one buys.
const FUEL: u64 = 10_000_000_000;

/// What stops a run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// The meters of an instrumented module.
    Metered {
        /// Ink.
        ink: u64,
        /// Words of stack.
        stack: u32,
    },
    /// The engine's own, which a plain module never reaches if the metered one reached none.
    Fuel,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a status.
    Returned(i32),
    /// By a trap, or by a hostio.
    Trapped(Option<Trap>),
}

/// What can be seen of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    end: End,
    /// Hostios called, with their arguments.
    calls: u64,
    trace: u64,
    /// Pages at the end, and what is in them.
    pages: u64,
    memory: u64,
}

/// A run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) seen: Seen,
    /// A meter stopped it.
    exhausted: bool,
}

impl Run {
    /// Whether no meter stopped it.
    pub(super) fn is_within_limits(&self) -> bool {
        !self.exhausted
    }
}

struct Host {
    calls: u64,
    trace: u64,
    limits: StoreLimits,
}

/// Runs `module` on a stack of its own.
pub(super) fn run(module: &[u8], limit: Limit) -> Run {
    let run = || on_this_stack(module, limit);
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(PROGRAM_STACK + (8 << 20));
        let thread = builder.spawn_scoped(scope, run).expect("a thread");
        match thread.join() {
            Ok(run) => run,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn on_this_stack(module: &[u8], limit: Limit) -> Run {
    let linker = linker(limit);
    let engine = linker.engine();
    let module = Module::new(engine, module).expect("what is activated compiles");
    let limits = StoreLimitsBuilder::new().memory_size(MEMORY).build();
    let (calls, trace) = (0, 0);
    let mut store = Store::new(
        engine,
        Host {
            calls,
            trace,
            limits,
        },
    );
    store.limiter(|host| &mut host.limits);
    if matches!(limit, Limit::Fuel) {
        store.set_fuel(FUEL).expect("the engine counts");
    }
    let instance = match linker.instantiate(&mut store, &module) {
        Ok(instance) => instance,
        Err(error) => panic!("what is activated is instantiated: {error:#}"),
    };
    if let Limit::Metered { ink, stack } = limit {
        set(
            &instance,
            &mut store,
            INK_LEFT_EXPORT,
            Val::I64(ink.cast_signed()),
        );
        set(
            &instance,
            &mut store,
            STACK_LEFT_EXPORT,
            Val::I32(stack.cast_signed()),
        );
    }
    let entry = instance.get_typed_func::<i32, i32>(&mut store, ENTRYPOINT_EXPORT);
    let entry = entry.expect("a program has an entry point");
    let end = match entry.call(&mut store, 4) {
        Ok(status) => End::Returned(status),
        Err(error) => End::Trapped(error.downcast_ref::<Trap>().copied()),
    };
    let exhausted = match limit {
        Limit::Metered { .. } => is_exhausted(&instance, &mut store),
        Limit::Fuel => {
            assert!(
                end != End::Trapped(Some(Trap::OutOfFuel)),
                "a plain run ends"
            );
            false
        }
    };
    let overflow = End::Trapped(Some(Trap::StackOverflow));
    assert!(
        end != overflow,
        "the metered stack ends before the native one"
    );
    let memory = instance.get_memory(&mut store, "memory");
    let memory = memory.expect("a program exports its memory");
    Run {
        seen: Seen {
            end,
            calls: store.data().calls,
            trace: store.data().trace,
            pages: memory.size(&store),
            memory: hash(memory.data(&store)),
        },
        exhausted,
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn global(instance: &Instance, store: &mut Store<Host>, name: &str) -> Global {
    let global = instance.get_global(store, name);
    global.expect("an instrumented module exports its meters")
}

fn set(instance: &Instance, store: &mut Store<Host>, name: &str, value: Val) {
    let global = global(instance, store, name);
    global.set(store, value).expect("meters can be set");
}

fn is_exhausted(instance: &Instance, store: &mut Store<Host>) -> bool {
    let status = global(instance, store, INK_STATUS_EXPORT).get(&mut *store);
    let stack = global(instance, store, STACK_LEFT_EXPORT).get(&mut *store);
    status.i32() != Some(0) || stack.i32() == Some(0)
}

/// The host on the compiler that the node uses, or, for plain runs, on another one.
fn linker(limit: Limit) -> &'static Linker<Host> {
    static METERED: OnceLock<Linker<Host>> = OnceLock::new();
    static PLAIN: OnceLock<Linker<Host>> = OnceLock::new();
    let mut config = Config::new();
    config.max_wasm_stack(PROGRAM_STACK);
    // Of no consequence here, but it has to be more.
    config.async_stack_size(2 * PROGRAM_STACK);
    match limit {
        Limit::Metered { .. } => METERED.get_or_init(|| {
            if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
                config.strategy(Strategy::Winch);
            }
            link(&config)
        }),
        Limit::Fuel => PLAIN.get_or_init(|| {
            config.strategy(Strategy::Cranelift);
            config.cranelift_opt_level(wasmtime::OptLevel::None);
            config.consume_fuel(true);
            link(&config)
        }),
    }
}

fn link(config: &Config) -> Linker<Host> {
    let engine = Engine::new(config).expect("the engine starts");
    let mut linker = Linker::new(&engine);
    let hooks = HOSTIOS.iter().map(|host| (VM_HOOKS, host));
    let console = CONSOLE_FUNCTIONS.iter().map(|host| (CONSOLE, host));
    for (number, (module, host)) in (0_u64..).zip(hooks.chain(console)) {
        let answer = if host.name == PAY_FOR_MEMORY_GROW {
            pay
        } else {
            answer
        };
        let call = move |caller: Caller<'_, Host>, params: &[Val], results: &mut [Val]| {
            answer(caller, number, params, results)
        };
        let linked = linker.func_new(module, host.name, signature(&engine, host), call);
        linked.expect("each name is linked once");
    }
    linker
}

fn signature(engine: &Engine, host: &Signature) -> FuncType {
    let types = |types: &'static [Parsed]| {
        types.iter().map(|ty| match ty {
            Parsed::I64 => ValType::I64,
            Parsed::F32 => ValType::F32,
            Parsed::F64 => ValType::F64,
            // No hostio takes references or vectors.
            _ => ValType::I32,
        })
    };
    FuncType::new(engine, types(host.params), types(host.results))
}

/// Paying is what instrumentation adds: a plain run does not do it.
fn pay(_: Caller<'_, Host>, _: u64, _: &[Val], _: &mut [Val]) -> Result<()> {
    Ok(())
}

/// Notes the call, writes something wherever an argument may point, and returns something; one
/// call in sixteen traps.
fn answer(
    mut caller: Caller<'_, Host>,
    number: u64,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let arguments: Vec<u64> = params.iter().map(bits).collect();
    let host = caller.data_mut();
    host.calls = host.calls.wrapping_add(1);
    host.trace = hash((host.trace, number, &arguments));
    let word = host.trace;
    if word.is_multiple_of(16) {
        return Err(Error::msg("a hostio ends the program"));
    }
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        return Err(Error::msg("a program without a memory"));
    };
    for pointer in &arguments {
        // What lies outside of the memory is not written.
        let _ =
            usize::try_from(*pointer).map(|to| memory.write(&mut caller, to, &word.to_le_bytes()));
    }
    for result in results {
        *result = match result {
            Val::I64(_) => Val::I64(word.cast_signed()),
            Val::F32(_) | Val::F64(_) => params.first().copied().unwrap_or(*result),
            // Now and then a length, now and then anything.
            _ => Val::I32(i32::try_from(word % 100).unwrap_or_default()),
        };
    }
    Ok(())
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => value.cast_unsigned().into(),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(bits) => (*bits).into(),
        Val::F64(bits) => *bits,
        _ => 0,
    }
}
