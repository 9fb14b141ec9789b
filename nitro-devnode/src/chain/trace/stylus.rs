//! `stylusTracer`: the hostios of a transaction's programs, nested as the frames are.
//!
//! The recorded traces show how it looks. The outermost frame is not listed; what its
//! program did is the trace. A call stands as `evm_call_contract` until the hostio that made
//! it has returned, and then in the hostio's own entry. Creations stay beside theirs.
use alloy::primitives::{Address, Bytes, U256};
use revm::{
    Database, Inspector,
    context_interface::CreateScheme,
    interpreter::{
        CallInputs, CallOutcome, CallScheme, CreateInputs, CreateOutcome, Interpreter,
        interpreter::EthInterpreter,
    },
};
use serde::Serialize;
use serde_json::Value;

use super::{TraceError, own_heir::OwnHeir};
use crate::{
    evm::ArbContext,
    stylus::hostio_log::{HostioCall, HostioLog, Noted},
};

/// Entry of a frame that a plain call opens.
const CALL_FRAME: &str = "evm_call_contract";

/// An entry of the trace.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    name: &'static str,
    args: Bytes,
    outs: Bytes,
    start_ink: u64,
    end_ink: u64,
    #[serde(flatten)]
    frame: Option<Frame>,
}

impl Step {
    /// The entry of a frame, as long as no hostio has taken it over.
    fn opening(name: &'static str, address: Address) -> Self {
        let steps = Vec::new();
        Self {
            name,
            args: Bytes::new(),
            outs: Bytes::new(),
            start_ink: 0,
            end_ink: 0,
            frame: Some(Frame { address, steps }),
        }
    }
}

/// What an entry has if it opened a frame.
#[derive(Debug, Serialize)]
struct Frame {
    address: Address,
    steps: Vec<Step>,
}

/// Listens to frames and, through the log that it hands to programs, to hostios.
#[derive(Debug, Default)]
pub(super) struct StylusTracer {
    log: HostioLog,
    offered_price: u128,
    /// Entries of the innermost frame.
    steps: Vec<Step>,
    /// Entries of the frames around it, each ending with the entry of the next inner one.
    outer: Vec<Vec<Step>>,
    inconsistent: Option<TraceError>,
    own_heir: OwnHeir,
}

impl StylusTracer {
    /// A tracer of a transaction that offers to pay `offered_price` wei per gas, tip
    /// included: under Nitro's tracer, programs see this and not the base fee that is paid.
    pub(super) fn new(offered_price: u128) -> Self {
        Self {
            offered_price,
            ..Self::default()
        }
    }

    /// Hands log and price to the transaction whose outermost frame starts.
    fn attach<DB: Database>(&self, context: &mut ArbContext<DB>) {
        context.chain.hostios = Some(self.log.clone());
        context.tx.gas_price = self.offered_price;
    }

    /// The trace of the transaction that was executed under this tracer.
    pub(super) fn into_trace(mut self) -> Result<Value, TraceError> {
        self.catch_up();
        if self.log.is_cut() {
            return Err(TraceError::TooLarge);
        }
        match self.inconsistent {
            Some(inconsistent) => Err(inconsistent),
            // Strings, numbers and lists: nothing that JSON does not have.
            None => Ok(serde_json::to_value(self.steps).unwrap_or_default()),
        }
    }

    /// Lists what the innermost program did since the last frame began or ended.
    fn catch_up(&mut self) {
        for noted in self.log.take() {
            let step = match noted {
                Noted::Hostio(call) => self.hostio(call),
                Noted::Transfer { to } => Step::opening(CALL_FRAME, to),
            };
            self.steps.push(step);
        }
    }

    fn hostio(&mut self, call: HostioCall) -> Step {
        let HostioCall {
            name,
            args,
            outs,
            start_ink,
            end_ink,
        } = call;
        let frame = frame_of(name).and_then(|wanted| self.merge(name, wanted));
        Step {
            name,
            args,
            outs,
            start_ink,
            end_ink,
            frame,
        }
    }

    /// Takes the frame of a hostio out of the entry before it.
    fn merge(&mut self, hostio: &'static str, wanted: &str) -> Option<Frame> {
        let last = self.steps.pop();
        let name = last.as_ref().map_or("", |step| step.name);
        if name != wanted {
            let inconsistent = TraceError::Inconsistent { hostio, last: name };
            self.inconsistent.get_or_insert(inconsistent);
            return None;
        }
        last.and_then(|step| step.frame)
    }

    fn enter(&mut self, name: &'static str, address: Address) {
        self.catch_up();
        // Without room there will be no trace, and only the nesting matters.
        if self.log.has_room_for_frame() {
            self.steps.push(Step::opening(name, address));
        }
        self.outer.push(std::mem::take(&mut self.steps));
    }

    fn destruct(&mut self, heir: Address) {
        self.enter("evm_self_destruct", heir);
        self.exit();
    }

    fn exit(&mut self) {
        self.catch_up();
        let Some(outer) = self.outer.pop() else {
            return;
        };
        let steps = std::mem::replace(&mut self.steps, outer);
        if let Some(frame) = self.steps.last_mut().and_then(|step| step.frame.as_mut()) {
            frame.steps = steps;
        }
    }
}

/// The entry of the frame that a hostio opens, if it takes it over.
fn frame_of(hostio: &str) -> Option<&'static str> {
    match hostio {
        "call_contract" => Some(CALL_FRAME),
        "delegate_call_contract" => Some("evm_delegate_call_contract"),
        "static_call_contract" => Some("evm_static_call_contract"),
        _ => None,
    }
}

/// Whether the frame that starts is the transaction's own.
fn is_outermost<DB: Database>(context: &ArbContext<DB>) -> bool {
    context.chain.frames.is_empty()
}

impl<DB: Database> Inspector<ArbContext<DB>, EthInterpreter> for StylusTracer {
    fn step(&mut self, interp: &mut Interpreter, _: &mut ArbContext<DB>) {
        self.own_heir.step(interp);
    }

    fn step_end(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        if let Some((account, _)) = self.own_heir.step_end(interp, context) {
            self.destruct(account);
        }
    }

    fn call(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CallInputs,
    ) -> Option<CallOutcome> {
        if is_outermost(context) {
            self.attach(context);
            return None;
        }
        let name = match inputs.scheme {
            CallScheme::Call => CALL_FRAME,
            CallScheme::DelegateCall => "evm_delegate_call_contract",
            CallScheme::StaticCall => "evm_static_call_contract",
            CallScheme::CallCode => "",
        };
        self.enter(name, inputs.bytecode_address);
        None
    }

    fn call_end(&mut self, _: &mut ArbContext<DB>, _: &CallInputs, _: &mut CallOutcome) {
        self.exit();
    }

    fn create(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CreateInputs,
    ) -> Option<CreateOutcome> {
        if is_outermost(context) {
            self.attach(context);
            return None;
        }
        let name = match inputs.scheme() {
            CreateScheme::Create2 { .. } => "evm_create2",
            CreateScheme::Create | CreateScheme::Custom { .. } => "evm_create1",
        };
        // The creator is the account that runs: it is loaded.
        let nonce = context
            .journaled_state
            .state
            .get(&inputs.caller())
            .map_or(0, |creator| creator.info.nonce);
        self.enter(name, inputs.created_address(nonce));
        None
    }

    fn create_end(&mut self, _: &mut ArbContext<DB>, _: &CreateInputs, _: &mut CreateOutcome) {
        self.exit();
    }

    fn selfdestruct(&mut self, _: Address, target: Address, _: U256) {
        self.destruct(target);
    }
}
