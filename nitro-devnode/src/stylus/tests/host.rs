//! A host of four functions: enough to watch instrumented modules meter themselves.

use wasmtime::{Caller, Config, Engine, Error, Extern, Linker, Module, Result, Store, Val};

use crate::stylus::instrument::{
    ENTRYPOINT_EXPORT, INK_LEFT_EXPORT, INK_STATUS_EXPORT, STACK_LEFT_EXPORT,
};

/// What a run left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The entrypoint's result, or `None` if it trapped.
    pub(crate) returned: Option<i32>,
    pub(crate) ink_left: u64,
    pub(crate) exhausted: bool,
    pub(crate) stack_left: u32,
    pub(crate) result: Vec<u8>,
}

#[derive(Default)]
struct Host {
    args: Vec<u8>,
    result: Vec<u8>,
}

/// Runs an instrumented `module` on `args` with so much ink and so many words of stack.
pub(crate) fn run(module: &[u8], args: &[u8], ink: u64, stack: u32) -> Outcome {
    let engine = engine();
    let module = Module::new(&engine, module).expect("instrumented modules compile");
    let mut store = Store::new(
        &engine,
        Host {
            args: args.to_vec(),
            result: Vec::new(),
        },
    );
    let instance = linker(&engine)
        .instantiate(&mut store, &module)
        .expect("known imports");
    let global = |store: &mut Store<Host>, name: &str| {
        instance
            .get_global(store, name)
            .expect("instrumented modules export their meters")
    };
    let ink_left = global(&mut store, INK_LEFT_EXPORT);
    let status = global(&mut store, INK_STATUS_EXPORT);
    let stack_left = global(&mut store, STACK_LEFT_EXPORT);
    ink_left
        .set(&mut store, Val::I64(ink.cast_signed()))
        .expect("mutable i64");
    stack_left
        .set(&mut store, Val::I32(stack.cast_signed()))
        .expect("mutable i32");
    let entrypoint = instance
        .get_typed_func::<i32, i32>(&mut store, ENTRYPOINT_EXPORT)
        .expect("activated programs have an entrypoint");
    let len = i32::try_from(args.len()).expect("short arguments");
    let returned = entrypoint.call(&mut store, len).ok();
    Outcome {
        returned,
        ink_left: ink_left.get(&mut store).unwrap_i64().cast_unsigned(),
        exhausted: status.get(&mut store).unwrap_i32() != 0,
        stack_left: stack_left.get(&mut store).unwrap_i32().cast_unsigned(),
        result: std::mem::take(&mut store.data_mut().result),
    }
}

/// Runs `module`, not instrumented, on `args`: the entrypoint's result and what it wrote.
pub(crate) fn run_plain(module: &[u8], args: &[u8]) -> (Option<i32>, Vec<u8>) {
    let engine = engine();
    let module = Module::new(&engine, module).expect("valid modules compile");
    let mut store = Store::new(
        &engine,
        Host {
            args: args.to_vec(),
            result: Vec::new(),
        },
    );
    let instance = linker(&engine)
        .instantiate(&mut store, &module)
        .expect("known imports");
    let entrypoint = instance
        .get_typed_func::<i32, i32>(&mut store, ENTRYPOINT_EXPORT)
        .expect("a program's entrypoint");
    let len = i32::try_from(args.len()).expect("short arguments");
    let returned = entrypoint.call(&mut store, len).ok();
    (returned, std::mem::take(&mut store.data_mut().result))
}

fn engine() -> Engine {
    let mut config = Config::new();
    config.max_wasm_stack(1 << 20);
    config.async_stack_size(2 << 20);
    Engine::new(&config).expect("a plain configuration")
}

fn linker(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    let hooks = "vm_hooks";
    linker
        .func_wrap(hooks, "read_args", read_args)
        .expect("a new name");
    linker
        .func_wrap(hooks, "write_result", write_result)
        .expect("a new name");
    linker
        .func_wrap(hooks, "evm_ink_left", evm_ink_left)
        .expect("a new name");
    linker
        .func_wrap(hooks, "pay_for_memory_grow", |_: i32| {})
        .expect("a new name");
    linker
}

/// Takes `ink` if the program meters itself.
fn buy(caller: &mut Caller<'_, Host>, ink: u64) -> Result<u64> {
    let (Some(Extern::Global(left)), Some(Extern::Global(status))) = (
        caller.get_export(INK_LEFT_EXPORT),
        caller.get_export(INK_STATUS_EXPORT),
    ) else {
        return Ok(0);
    };
    match left
        .get(&mut *caller)
        .unwrap_i64()
        .cast_unsigned()
        .checked_sub(ink)
    {
        Some(rest) => {
            left.set(&mut *caller, Val::I64(rest.cast_signed()))?;
            Ok(rest)
        }
        None => {
            status.set(&mut *caller, Val::I32(1))?;
            Err(Error::msg("out of ink"))
        }
    }
}

fn memory(caller: &mut Caller<'_, Host>) -> wasmtime::Memory {
    let export = caller
        .get_export("memory")
        .expect("programs export their memory");
    export.into_memory().expect("a memory")
}

fn read_args(mut caller: Caller<'_, Host>, to: i32) -> Result<()> {
    let args = caller.data().args.clone();
    buy(
        &mut caller,
        8_400 + 5_040 + 30 * (args.len() as u64).saturating_sub(32),
    )?;
    let to = usize::try_from(to.cast_unsigned())?;
    memory(&mut caller).write(&mut caller, to, &args)?;
    Ok(())
}

fn write_result(mut caller: Caller<'_, Host>, from: i32, len: i32) -> Result<()> {
    let words = u64::from(len.cast_unsigned()).saturating_sub(32);
    buy(&mut caller, 8_400 + 2 * (16_381 + 55 * words))?;
    let mut result = vec![0; usize::try_from(len)?];
    let from = usize::try_from(from.cast_unsigned())?;
    memory(&mut caller).read(&caller, from, &mut result)?;
    caller.data_mut().result = result;
    Ok(())
}

fn evm_ink_left(mut caller: Caller<'_, Host>) -> Result<i64> {
    buy(&mut caller, 8_400).map(u64::cast_signed)
}
