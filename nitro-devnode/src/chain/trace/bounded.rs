//! Keeps a trace from taking more memory than a node may: what is beyond is not recorded, and
//! the request for it is refused.
use alloy::primitives::{Address, Log, U256};
use revm::{
    Database, Inspector,
    interpreter::{
        CallInputs, CallOutcome, CreateInputs, CreateOutcome, Interpreter,
        interpreter::EthInterpreter,
    },
};
use revm_inspectors::tracing::{DebugInspector, TraceLimits, TracingInspector};

use super::{TraceError, own_heir::OwnHeir};
use crate::evm::ArbContext;

/// Bytes that the steps of a trace may take while it is recorded; answering takes about as
/// much again.
const STEPS: usize = 512 << 20;

/// Bytes of memory snapshots and call data that a trace may hold.
const COPIES: usize = 256 << 20;

/// What a step takes beside its stack, bytes.
const STEP: usize = 256;

/// One of geth's tracers, within bounds.
pub(super) struct Bounded {
    pub(super) inner: Box<DebugInspector>,
    left: usize,
    is_spent: bool,
    own_heir: OwnHeir,
}

impl Bounded {
    pub(super) fn new(inspector: DebugInspector) -> Self {
        use DebugInspector as D;
        let limits = TraceLimits::default().set_max_recorded_bytes(Some(COPIES));
        let bounded = |inner: TracingInspector| inner.with_limits(limits);
        let inner = match inspector {
            D::CallTracer(inner, config) => D::CallTracer(bounded(inner), config),
            D::FlatCallTracer(inner) => D::FlatCallTracer(bounded(inner)),
            D::Default(inner, options) => D::Default(bounded(inner), options),
            other => other,
        };
        Self {
            inner: Box::new(inner),
            left: STEPS,
            is_spent: false,
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
            D::CallTracer(inner, _) | D::FlatCallTracer(inner) | D::Default(inner, _) => {
                inner.limit_exceeded()
            }
            _ => false,
        };
        if self.is_spent || is_cut {
            return Err(TraceError::TooLarge);
        }
        Ok(())
    }

    /// Whether a step with so many words on the stack is to be recorded.
    fn has_room(&mut self, words: usize) -> bool {
        let DebugInspector::Default(_, options) = self.inner.as_ref() else {
            // The others keep no steps.
            return true;
        };
        // Who wants only the first few gets them.
        if options.limit.is_some_and(|limit| limit > 0) {
            return true;
        }
        let bytes = words.saturating_mul(32).saturating_add(STEP);
        match self.left.checked_sub(bytes) {
            Some(left) if !self.is_spent => self.left = left,
            _ => self.is_spent = true,
        }
        !self.is_spent
    }
}

impl<DB: Database> Inspector<ArbContext<DB>, EthInterpreter> for Bounded
where
    DebugInspector: Inspector<ArbContext<DB>, EthInterpreter>,
{
    fn initialize_interp(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        self.inner.initialize_interp(interp, context);
    }

    fn step(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        self.own_heir.step(interp);
        if self.has_room(interp.stack.len()) {
            self.inner.step(interp, context);
        }
    }

    fn step_end(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        if !self.is_spent {
            self.inner.step_end(interp, context);
        }
        if let Some((account, balance)) = self.own_heir.step_end(interp, context) {
            Inspector::<ArbContext<DB>>::selfdestruct(self, account, account, balance);
        }
    }

    fn log(&mut self, context: &mut ArbContext<DB>, log: Log) {
        self.inner.log(context, log);
    }

    fn log_full(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>, log: Log) {
        self.inner.log_full(interp, context, log);
    }

    fn call(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CallInputs,
    ) -> Option<CallOutcome> {
        self.inner.call(context, inputs)
    }

    fn call_end(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &CallInputs,
        outcome: &mut CallOutcome,
    ) {
        self.inner.call_end(context, inputs, outcome);
    }

    fn create(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CreateInputs,
    ) -> Option<CreateOutcome> {
        self.inner.create(context, inputs)
    }

    fn create_end(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &CreateInputs,
        outcome: &mut CreateOutcome,
    ) {
        self.inner.create_end(context, inputs, outcome);
    }

    fn selfdestruct(&mut self, contract: Address, target: Address, value: U256) {
        let inner = self.inner.as_mut();
        Inspector::<ArbContext<DB>, EthInterpreter>::selfdestruct(inner, contract, target, value);
    }
}
