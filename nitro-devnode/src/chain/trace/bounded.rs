//! Keeps a trace from taking more memory than a node may: what is beyond is not recorded, and
//! the request for it is refused.
use alloy::primitives::{
    Address, Log, U256,
    map::{AddressMap, HashSet},
};
use revm::{
    Database, Inspector,
    bytecode::opcode::{KECCAK256, SLOAD, SSTORE},
    interpreter::{
        CallInput, CallInputs, CallOutcome, CreateInputs, CreateOutcome, Interpreter,
        interpreter::EthInterpreter,
        interpreter_types::{InputsTr as _, Jumps as _},
    },
};
use revm_inspectors::tracing::{DebugInspector, TraceLimits, TracingInspector};

use super::{TraceError, own_heir::OwnHeir};
use crate::evm::ArbContext;

/// Bytes that the steps of a trace may take while it is recorded; answering takes about as
/// much again.
const STEPS: usize = 512 << 20;

/// Bytes of memory, storage and call data that a trace may hold, and once more that its answer
/// may show: in hexadecimal they are as long as the longest answer.
const COPIES: usize = 256 << 20;

/// What a step takes beside its stack, bytes.
const STEP: usize = 256;

/// What a slot and its value take, bytes.
const SLOT: usize = 64;

/// One of geth's tracers, within bounds. Once they are reached it hears of nothing more.
pub(super) struct Bounded {
    pub(super) inner: Box<DebugInspector>,
    steps: Room,
    copies: Room,
    /// Steps that were recorded.
    recorded: u64,
    /// Slots that the steps so far show of each account.
    shown: AddressMap<HashSet<U256>>,
    own_heir: OwnHeir,
}

/// Bytes that are left.
#[derive(Debug)]
struct Room(Option<usize>);

impl Room {
    fn reserve(&mut self, bytes: usize) {
        self.0 = self.0.and_then(|left| left.checked_sub(bytes));
    }
}

impl Bounded {
    pub(super) fn new(inspector: DebugInspector) -> Self {
        use DebugInspector as D;
        let limits = TraceLimits::default().set_max_recorded_bytes(Some(COPIES));
        let bounded = |inner: TracingInspector| inner.with_limits(limits);
        let inner = match inspector {
            D::CallTracer(inner, config) => D::CallTracer(bounded(inner), config),
            D::FlatCallTracer(inner) => D::FlatCallTracer(bounded(inner)),
            D::Erc7562Tracer(inner, config) => D::Erc7562Tracer(bounded(inner), config),
            D::Default(inner, options) => D::Default(bounded(inner), options),
            other => other,
        };
        Self {
            inner: Box::new(inner),
            steps: Room(Some(STEPS)),
            copies: Room(Some(COPIES)),
            recorded: 0,
            shown: AddressMap::default(),
            own_heir: OwnHeir::default(),
        }
    }

    /// Whether everything was recorded.
    ///
    /// # Errors
    /// [`TraceError::TooLarge`].
    pub(super) fn check(&self) -> Result<(), TraceError> {
        use DebugInspector as D;
        let is_cut = match self.inner.as_ref() {
            D::CallTracer(inner, _)
            | D::FlatCallTracer(inner)
            | D::Erc7562Tracer(inner, _)
            | D::Default(inner, _) => inner.limit_exceeded(),
            _ => false,
        };
        if self.is_spent() || is_cut {
            return Err(TraceError::TooLarge);
        }
        Ok(())
    }

    fn is_spent(&self) -> bool {
        self.steps.0.is_none() || self.copies.0.is_none()
    }

    /// Counts what the next step adds to the trace.
    fn count_step(&mut self, interp: &Interpreter<EthInterpreter>) {
        use DebugInspector as D;
        let (is_memory_shown, is_storage_shown) = match self.inner.as_ref() {
            D::Default(_, options) => {
                // Who wants only the first few pays for no more.
                let limit = options.limit.filter(|limit| *limit > 0);
                if limit.is_some_and(|limit| self.recorded >= limit) {
                    return;
                }
                (options.is_memory_enabled(), options.is_storage_enabled())
            }
            D::Erc7562Tracer(..) => {
                // It shows what was hashed, even by a step that could not pay for it.
                if interp.bytecode.opcode() == KECCAK256 {
                    self.copies.reserve(nth_from_top(interp, 1));
                }
                (false, false)
            }
            // The others keep no steps.
            _ => return,
        };
        self.recorded = self.recorded.saturating_add(1);
        let stack = interp.stack.len().saturating_mul(32);
        self.steps.reserve(stack.saturating_add(STEP));
        if is_memory_shown {
            self.copies.reserve(interp.memory.len());
        }
        if is_storage_shown && matches!(interp.bytecode.opcode(), SLOAD | SSTORE) {
            let account = interp.input.target_address();
            let slots = self.shown.entry(account).or_default();
            slots.extend(interp.stack.data().last());
            self.copies.reserve(slots.len().saturating_mul(SLOT));
        }
    }

    /// Whether the tracer keeps what goes into a frame and what comes out.
    fn keeps_frames(&self) -> bool {
        use DebugInspector as D;
        !matches!(
            self.inner.as_ref(),
            D::FourByte(_) | D::PreStateTracer(..) | D::Noop(_) | D::StateGasTracer(_)
        )
    }

    /// Counts the data of a call where the tracer itself does not: a program's call brings
    /// its own.
    fn count_call(&mut self, inputs: &CallInputs) {
        match &inputs.input {
            CallInput::SharedBuffer(range) if matches!(*self.inner, DebugInspector::Mux(..)) => {
                self.copies.reserve(range.len());
            }
            CallInput::Bytes(bytes) if self.keeps_frames() => self.copies.reserve(bytes.len()),
            CallInput::SharedBuffer(_) | CallInput::Bytes(_) => {}
        }
    }

    fn count_output(&mut self, output: &[u8]) {
        if self.keeps_frames() {
            self.copies.reserve(output.len());
        }
    }
}

/// The word so many below the top of the stack, as a length.
fn nth_from_top(interp: &Interpreter<EthInterpreter>, below: usize) -> usize {
    let word = interp.stack.data().iter().rev().nth(below);
    word.map_or(0, |word| word.saturating_to())
}

impl<DB: Database> Inspector<ArbContext<DB>, EthInterpreter> for Bounded
where
    DebugInspector: Inspector<ArbContext<DB>, EthInterpreter>,
{
    fn initialize_interp(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        if !self.is_spent() {
            self.inner.initialize_interp(interp, context);
        }
    }

    fn step(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        self.own_heir.step(interp);
        self.count_step(interp);
        if !self.is_spent() {
            self.inner.step(interp, context);
        }
    }

    fn step_end(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        if self.is_spent() {
            return;
        }
        self.inner.step_end(interp, context);
        if let Some((account, balance)) = self.own_heir.step_end(interp, context) {
            Inspector::<ArbContext<DB>>::selfdestruct(self, account, account, balance);
        }
    }

    fn log(&mut self, context: &mut ArbContext<DB>, log: Log) {
        if !self.is_spent() {
            self.inner.log(context, log);
        }
    }

    fn log_full(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>, log: Log) {
        if !self.is_spent() {
            self.inner.log_full(interp, context, log);
        }
    }

    fn call(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CallInputs,
    ) -> Option<CallOutcome> {
        self.count_call(inputs);
        if self.is_spent() {
            return None;
        }
        self.inner.call(context, inputs)
    }

    fn call_end(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &CallInputs,
        outcome: &mut CallOutcome,
    ) {
        self.count_output(&outcome.result.output);
        if !self.is_spent() {
            self.inner.call_end(context, inputs, outcome);
        }
    }

    fn create(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CreateInputs,
    ) -> Option<CreateOutcome> {
        if self.is_spent() {
            return None;
        }
        self.inner.create(context, inputs)
    }

    fn create_end(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &CreateInputs,
        outcome: &mut CreateOutcome,
    ) {
        self.count_output(&outcome.result.output);
        if !self.is_spent() {
            self.inner.create_end(context, inputs, outcome);
        }
    }

    fn selfdestruct(&mut self, contract: Address, target: Address, value: U256) {
        if self.is_spent() {
            return;
        }
        let inner = self.inner.as_mut();
        Inspector::<ArbContext<DB>, EthInterpreter>::selfdestruct(inner, contract, target, value);
    }
}
