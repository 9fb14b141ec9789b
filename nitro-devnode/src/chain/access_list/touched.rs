//! Listens to what contracts and programs touch: revm's inspector sees the opcodes, and the
//! log that programs leave their hostios in tells the rest.
use std::collections::BTreeSet;

use alloy::{
    eips::eip2930::{AccessList, AccessListItem},
    primitives::{Address, B256, map::AddressMap},
};
use revm::{
    Database, Inspector,
    interpreter::{
        CallInputs, CallOutcome, CreateInputs, CreateOutcome, Interpreter,
        interpreter::EthInterpreter,
    },
};
use revm_inspectors::access_list::AccessListInspector;

use crate::{
    evm::ArbContext,
    stylus::hostio_log::{HostioCall, HostioLog, Noted},
};

/// Collects accounts and slots.
#[derive(Debug)]
pub(super) struct Touched {
    opcodes: AccessListInspector,
    log: HostioLog,
    by_programs: AddressMap<BTreeSet<B256>>,
    frames: Vec<Frame>,
}

/// A frame that has not ended.
#[derive(Debug, Default)]
struct Frame {
    /// Whose storage it works on; a creation runs no program.
    acting: Address,
    /// Slots that its program has in its cache to be written.
    unwritten: Vec<B256>,
}

impl Touched {
    /// Starts with what the call lists itself.
    pub(super) fn new(listed: AccessList) -> Self {
        Self {
            opcodes: AccessListInspector::new(listed),
            log: HostioLog::default(),
            by_programs: AddressMap::default(),
            frames: Vec::new(),
        }
    }

    /// Everything that was touched, without accounts that are warm anyway; nothing if the
    /// programs did more than could be written down.
    pub(super) fn into_access_list(self) -> Option<AccessList> {
        if self.log.is_cut() {
            return None;
        }
        let warm = self.opcodes.excluded().clone();
        let mut touched = self.opcodes.into_touched_slots();
        for (account, slots) in self.by_programs {
            if !slots.is_empty() || !warm.contains(&account) {
                touched.entry(account).or_default().extend(slots);
            }
        }
        let items = touched.into_iter().map(|(address, slots)| AccessListItem {
            address,
            storage_keys: slots.into_iter().collect(),
        });
        let mut list = AccessList(items.collect());
        list.sort();
        Some(list)
    }

    /// Sorts out what the innermost program did since the last frame began or ended.
    fn catch_up(&mut self) {
        let Some(mut frame) = self.frames.pop() else {
            return;
        };
        for noted in self.log.take() {
            if let Noted::Hostio(call) = noted {
                self.hostio(&mut frame, &call);
            }
        }
        self.frames.push(frame);
    }

    fn hostio(&mut self, frame: &mut Frame, call: &HostioCall) {
        let slot = || call.args.first_chunk().copied().map(B256::new);
        let account = || call.args.first_chunk().copied().map(Address::new);
        match call.name {
            "storage_load_bytes32" => self.slots(frame.acting).extend(slot()),
            "storage_cache_bytes32" => frame.unwritten.extend(slot()),
            "storage_flush_cache" => {
                let written = std::mem::take(&mut frame.unwritten);
                self.slots(frame.acting).extend(written);
            }
            "account_balance" | "account_code" | "account_code_size" | "account_codehash" => {
                if let Some(account) = account() {
                    self.slots(account);
                }
            }
            _ => {}
        }
    }

    /// The slots of an account that is now touched.
    fn slots(&mut self, account: Address) -> &mut BTreeSet<B256> {
        self.by_programs.entry(account).or_default()
    }

    fn enter<DB: Database>(&mut self, context: &mut ArbContext<DB>, acting: Address) {
        self.catch_up();
        if self.frames.is_empty() {
            context.chain.hostios = Some(self.log.clone());
        }
        let unwritten = Vec::new();
        self.frames.push(Frame { acting, unwritten });
    }

    fn exit(&mut self) {
        self.catch_up();
        self.frames.pop();
    }
}

impl<DB: Database> Inspector<ArbContext<DB>, EthInterpreter> for Touched {
    fn step(&mut self, interp: &mut Interpreter, context: &mut ArbContext<DB>) {
        self.opcodes.step(interp, context);
    }

    fn call(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CallInputs,
    ) -> Option<CallOutcome> {
        self.enter(context, inputs.target_address);
        if self.frames.len() > 1 {
            self.slots(inputs.bytecode_address);
        }
        self.opcodes.call(context, inputs)
    }

    fn call_end(&mut self, _: &mut ArbContext<DB>, _: &CallInputs, _: &mut CallOutcome) {
        self.exit();
    }

    fn create(
        &mut self,
        context: &mut ArbContext<DB>,
        inputs: &mut CreateInputs,
    ) -> Option<CreateOutcome> {
        self.enter(context, Address::ZERO);
        self.opcodes.create(context, inputs)
    }

    fn create_end(&mut self, _: &mut ArbContext<DB>, _: &CreateInputs, _: &mut CreateOutcome) {
        self.exit();
    }
}
