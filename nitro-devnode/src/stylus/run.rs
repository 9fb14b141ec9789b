//! Runs one program call on its fiber, up to its next question or its end.
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use revm::primitives::Bytes;
use wasmtime::{Extern, Store, Val};

use super::{
    engine::Program,
    exchange::{Exchange, Request},
    host::{Env, Exports, Host, read_ink},
    hostio_log::{HostioCall, HostioLog},
};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It returned zero, or exited with it.
    Success,
    /// It returned something else, or exited with it.
    Revert,
    /// It trapped, or a hostio failed.
    Trap,
    /// It used up its metered stack.
    OutOfStack,
    /// It used up its ink.
    OutOfInk,
}

/// What a program leaves behind.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How it ended.
    pub ending: Ending,
    /// Ink left.
    pub ink: u64,
    /// What it wrote as its result.
    pub output: Bytes,
}

/// A program's next move.
pub enum Step {
    /// It waits for an answer.
    Asks(Request),
    /// It is done.
    Ended(Ended),
}

/// Where and how much a program starts with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Ink.
    pub ink: u64,
    /// Words of metered stack.
    pub stack: u32,
    /// Its surroundings.
    pub env: Env,
    /// Where its hostios are noted, if a tracer watches.
    pub log: Option<HostioLog>,
}

/// A program on its fiber.
pub struct Running {
    exchange: Exchange,
    fiber: Pin<Box<dyn Future<Output = Ended> + Send>>,
}

impl Running {
    /// Prepares a call; nothing runs until the first [`Self::step`].
    pub fn new(program: Program, start: Start) -> Self {
        let exchange = Exchange::default();
        let mut host = Host::new(exchange.clone(), start.env);
        host.log = start.log;
        let ink = start.ink;
        let stack = start.stack;
        let fiber = Box::pin(async move {
            let mut store = Store::new(program.instance.module().engine(), host);
            let status = match call(&program, &mut store, ink, stack).await {
                Ok(status) => Some(status),
                Err(error) => {
                    tracing::debug!(target: "stylus", "program ended: {error:#}");
                    store.data().exit
                }
            };
            if let (Some(log), Some(status)) = (&store.data().log, status) {
                // Nitro repeats the initial ink here.
                log.hostio(HostioCall::new("user_returned", ((), status), ink, ink));
            }
            end(&mut store, status)
        });
        Self { exchange, fiber }
    }

    /// Runs the program until it asks or ends.
    pub fn step(&mut self) -> Step {
        let mut context = Context::from_waker(Waker::noop());
        match self.fiber.as_mut().poll(&mut context) {
            Poll::Ready(ended) => Step::Ended(ended),
            // Only a question suspends a fiber; one without would never go on.
            Poll::Pending => match self.exchange.take() {
                Some(request) => Step::Asks(request),
                None => Step::Ended(Ended {
                    ending: Ending::Trap,
                    ink: 0,
                    output: Bytes::new(),
                }),
            },
        }
    }
}

/// Instantiates the program, sets its meters and calls its entry point.
async fn call(
    program: &Program,
    store: &mut Store<Host>,
    ink: u64,
    stack: u32,
) -> wasmtime::Result<u32> {
    let instance = program.instance.instantiate_async(&mut *store).await?;
    let global = |store: &mut Store<Host>, name: &str| {
        instance
            .get_export(&mut *store, name)
            .and_then(Extern::into_global)
            .ok_or(super::host::Escape::NotInstrumented)
    };
    let exports = Exports {
        memory: instance
            .get_memory(&mut *store, "memory")
            .ok_or(super::host::Escape::NotInstrumented)?,
        ink_left: global(store, "stylus_ink_left")?,
        ink_status: global(store, "stylus_ink_status")?,
        stack_left: global(store, "stylus_stack_left")?,
    };
    exports
        .ink_left
        .set(&mut *store, Val::I64(ink.cast_signed()))?;
    exports.ink_status.set(&mut *store, Val::I32(0))?;
    exports
        .stack_left
        .set(&mut *store, Val::I32(stack.cast_signed()))?;
    store.data_mut().exports = Some(exports);
    let length = u32::try_from(store.data().env.calldata.len()).unwrap_or(u32::MAX);
    if let Some(log) = &store.data().log {
        log.hostio(HostioCall::new("user_entrypoint", (length, ()), ink, ink));
    }
    let entry = instance.get_typed_func::<u32, u32>(&mut *store, "user_entrypoint")?;
    entry.call_async(store, length).await
}

/// Sorts out how the program ended, in the order in which Nitro tests.
fn end(store: &mut Store<Host>, status: Option<u32>) -> Ended {
    let Some(exports) = store.data().exports else {
        return Ended {
            ending: Ending::Trap,
            ink: 0,
            output: Bytes::new(),
        };
    };
    let ink = read_ink(&mut *store, &exports);
    let out_of_stack = matches!(exports.stack_left.get(&mut *store), Val::I32(0));
    let out_of_ink = !matches!(exports.ink_status.get(&mut *store), Val::I32(0));
    let ending = match status {
        Some(0) => Ending::Success,
        Some(_) => Ending::Revert,
        None if out_of_stack => Ending::OutOfStack,
        None if out_of_ink => Ending::OutOfInk,
        None => Ending::Trap,
    };
    let output = match ending {
        Ending::Success | Ending::Revert => std::mem::take(&mut store.data_mut().output).into(),
        _ => Bytes::new(),
    };
    Ended {
        ending,
        ink,
        output,
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
