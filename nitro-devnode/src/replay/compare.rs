//! Compares one answer with the recorded one and notes how they differ.
use std::fmt::Display;

use alloy::{
    primitives::{Address, B256, Bytes, Log, U64, address, map::B256Map},
    rpc::types::trace::geth::GethTrace,
    sol,
    sol_types::SolEvent,
};
use serde_json::Value;

use super::{
    record::{Answer, ErrorLine, LogLine, StateLine, TraceLine, TxLine},
    report::{Difference, Report},
};
use crate::chain::{CallError, Located, Reader, Receipt, Rejected, TraceError};

const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

sol! {
    event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
}

/// Most characters of a value that a difference shows.
const SHOWN: usize = 200;

pub(super) struct Comparison {
    report: Report,
    /// Our block hashes, by the recorded hash of the same block.
    hashes: B256Map<B256>,
}

impl Comparison {
    pub(super) fn new(name: &str) -> Self {
        Self {
            report: Report {
                name: name.to_owned(),
                ..Report::default()
            },
            hashes: B256Map::default(),
        }
    }

    /// Takes `recorded` and `ours` for hashes of the same block.
    pub(super) fn know_hash(&mut self, recorded: B256, ours: B256) {
        self.hashes.insert(recorded, ours);
    }

    /// What the recorded bytes would be with our block hashes.
    fn with_our_hashes(&self, recorded: &Bytes) -> Bytes {
        let mut bytes = recorded.to_vec();
        let mut at: usize = 0;
        while let Some(window) = bytes.get_mut(at..at.saturating_add(32)) {
            match self.hashes.get(&B256::from_slice(window)) {
                Some(ours) => {
                    window.copy_from_slice(ours.as_slice());
                    at = at.saturating_add(32);
                }
                None => at = at.saturating_add(1),
            }
        }
        bytes.into()
    }

    pub(super) fn finish(self) -> Report {
        self.report
    }

    fn differs(&mut self, label: &str, what: String) {
        self.report.differences.push(Difference {
            label: label.to_owned(),
            what,
        });
    }

    pub(super) fn refused(&mut self, label: &str, why: &str) {
        self.report.receipts.count(false);
        self.differs(label, format!("refused: {why}"));
    }

    pub(super) fn missing_block(&mut self, label: &str) {
        self.report.calls.count(false);
        self.differs(label, "its block was never sealed".to_owned());
    }

    pub(super) fn receipt(&mut self, recorded: &TxLine, located: &Located) {
        let mut notes = Vec::new();
        if let Some(tx) = located.transaction() {
            receipt_notes(&tx.receipt, recorded, &mut notes);
        }
        let header = &located.block.header;
        let block = &recorded.block;
        note(&mut notes, "block number", header.number, block.number.to());
        note(
            &mut notes,
            "base fee",
            header.base_fee_per_gas.unwrap_or(0),
            block.base_fee_per_gas.to(),
        );
        if let Some(recorded) = recorded.receipt.effective_gas_price {
            let ours = header.base_fee_per_gas.unwrap_or(0);
            note(&mut notes, "effective gas price", ours, recorded.to());
        }
        if let Some(recorded) = block.l1_block_number {
            let ours = located.block.values().l1_block_number;
            note(&mut notes, "L1 block number", ours, recorded.to());
        }
        note(
            &mut notes,
            "index",
            located.index as u64,
            recorded.receipt.transaction_index.to(),
        );
        note(
            &mut notes,
            "transactions in block",
            located.block.transactions.len(),
            block.tx_count,
        );
        note(
            &mut notes,
            "gas used by block",
            header.gas_used,
            block.gas_used.to(),
        );
        self.report.receipts.count(notes.is_empty());
        if !notes.is_empty() {
            self.differs(&recorded.label, notes.join("; "));
        }
    }

    pub(super) fn call(
        &mut self,
        label: &str,
        recorded: Answer<'_, Bytes>,
        answer: Result<Bytes, CallError>,
    ) {
        let equal = match (&answer, recorded.result) {
            (Ok(ours), Some(theirs)) if ours == theirs || *ours == self.with_our_hashes(theirs) => {
                true
            }
            _ => self.answer(label, recorded, answer),
        };
        self.report.calls.count(equal);
    }

    pub(super) fn estimate(
        &mut self,
        label: &str,
        recorded: Answer<'_, U64>,
        answer: Result<u64, CallError>,
    ) {
        let answer = answer.map(U64::from);
        let equal = self.answer(label, recorded, answer);
        self.report.estimates.count(equal);
    }

    pub(super) fn trace(
        &mut self,
        label: &str,
        recorded: &TraceLine,
        answer: Result<GethTrace, TraceError>,
    ) {
        let label = format!("{label} (traced)");
        let equal = match (answer, recorded) {
            (Ok(GethTrace::JS(ours)), TraceLine::Steps(theirs)) => {
                let difference = first_difference(&ours, theirs);
                if let Some(difference) = &difference {
                    self.differs(&label, difference.clone());
                }
                difference.is_none()
            }
            (Err(ours), TraceLine::Refused { error }) => {
                self.error(&label, &ours.to_string(), -32000, None, error)
            }
            (Err(ours), TraceLine::Steps(_)) => {
                self.differs(&label, format!("error: {ours}, recorded a trace"));
                false
            }
            (Ok(_), _) => {
                self.differs(&label, "a trace, recorded something else".to_owned());
                false
            }
        };
        self.report.traces.count(equal);
    }

    fn answer<R: PartialEq + Display>(
        &mut self,
        label: &str,
        recorded: Answer<'_, R>,
        answer: Result<R, CallError>,
    ) -> bool {
        match (answer, recorded.result, recorded.error) {
            (Ok(ours), Some(theirs), _) => {
                if ours != *theirs {
                    self.differs(label, unequal("result", &ours, theirs));
                }
                ours == *theirs
            }
            (Err(ours), None, Some(theirs)) => {
                self.error(label, &ours.to_string(), ours.code(), ours.data(), theirs)
            }
            (Ok(ours), None, Some(theirs)) => {
                let what = format!("result {ours}, recorded error: {}", theirs.message);
                self.differs(label, what);
                false
            }
            (Err(ours), theirs, _) => {
                let theirs = theirs.map_or("nothing".to_owned(), |theirs| cut(theirs));
                self.differs(label, format!("error: {ours}, recorded result {theirs}"));
                false
            }
            (Ok(_), None, None) => false,
        }
    }

    fn error(
        &mut self,
        label: &str,
        words: &str,
        code: i32,
        data: Option<&Bytes>,
        recorded: &ErrorLine,
    ) -> bool {
        let same_words = words == recorded.message;
        self.report.words.count(same_words);
        if !same_words {
            self.differs(label, unequal("words", &words, &recorded.message));
        }
        let equal = code == recorded.code && data == recorded.data.as_ref();
        if code != recorded.code {
            self.differs(label, unequal("code", &code, &recorded.code));
        }
        if data != recorded.data.as_ref() {
            let shown = |data: Option<&Bytes>| data.map_or("none".to_owned(), |data| cut(data));
            let (ours, theirs) = (shown(data), shown(recorded.data.as_ref()));
            self.differs(label, unequal("data", &ours, &theirs));
        }
        equal
    }

    pub(super) fn refusal(
        &mut self,
        label: &str,
        recorded: &ErrorLine,
        verdict: Result<B256, Rejected>,
    ) {
        let equal = match verdict {
            Ok(_) => {
                self.differs(
                    label,
                    format!("accepted, recorded error: {}", recorded.message),
                );
                false
            }
            Err(refusal) => self.error(label, &refusal.to_string(), -32000, None, recorded),
        };
        self.report.calls.count(equal);
    }

    pub(super) fn state(&mut self, recorded: &StateLine, reader: &Reader) {
        let block = recorded.block.to();
        for account in &recorded.accounts {
            let ours = reader.account(block, account.address);
            let mut notes = Vec::new();
            note(&mut notes, "balance", ours.balance, account.balance);
            note(&mut notes, "nonce", ours.nonce, account.nonce.to());
            note(&mut notes, "code hash", ours.code_hash, account.code_hash);
            for (slot, value) in &account.storage {
                let name = format!("slot {slot:#x}");
                note(
                    &mut notes,
                    &name,
                    reader.slot(block, account.address, *slot),
                    *value,
                );
            }
            self.report.state.count(notes.is_empty());
            if !notes.is_empty() {
                let label = format!("{} {}", recorded.label, account.address);
                self.differs(&label, notes.join("; "));
            }
        }
    }
}

fn receipt_notes(ours: &Receipt, recorded: &TxLine, notes: &mut Vec<String>) {
    let theirs = &recorded.receipt;
    note(notes, "status", u64::from(ours.success), theirs.status.to());
    note(notes, "gas used", ours.gas_used, theirs.gas_used.to());
    note(
        notes,
        "gas used for L1",
        ours.gas_used_for_l1,
        theirs.gas_used_for_l1.to(),
    );
    note(
        notes,
        "cumulative gas",
        ours.cumulative_gas_used,
        theirs.cumulative_gas_used.to(),
    );
    if ours.contract_address != theirs.contract_address {
        let (ours, theirs) = (ours.contract_address, theirs.contract_address);
        notes.push(format!("contract address {ours:?}, recorded {theirs:?}"));
    }
    note(notes, "logs", ours.logs.len(), theirs.logs.len());
    let numbered = (ours.first_log_index..).zip(&ours.logs);
    for ((index, ours), theirs) in numbered.zip(&theirs.logs) {
        if index != theirs.log_index.to::<u64>() || !same_log(ours, theirs) {
            let data = cut(&ours.data.data);
            notes.push(format!(
                "log {index}: {} {data}, recorded {}",
                ours.address,
                cut(&theirs.data)
            ));
        }
    }
}

/// Equal logs; the module hash, which is the first word of an activation, is not compared.
fn same_log(ours: &Log, theirs: &LogLine) -> bool {
    let is_activation = ours.address == ARB_WASM
        && ours.topics().first() == Some(&ProgramActivated::SIGNATURE_HASH);
    let skipped = if is_activation { 32 } else { 0 };
    ours.address == theirs.address
        && ours.topics() == theirs.topics
        && ours.data.data.len() == theirs.data.len()
        && ours.data.data.get(skipped..) == theirs.data.get(skipped..)
}

fn note<T: PartialEq + Display>(notes: &mut Vec<String>, what: &str, ours: T, theirs: T) {
    if ours != theirs {
        notes.push(format!("{what} {ours}, recorded {theirs}"));
    }
}

/// Where two traces part: the innermost entries that differ.
fn first_difference(ours: &Value, theirs: &Value) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let (Some(our_steps), Some(their_steps)) = (ours.as_array(), theirs.as_array()) else {
        return Some(unequal("entry", ours, theirs));
    };
    for (ours, theirs) in our_steps.iter().zip(their_steps) {
        let inner = match (ours.get("steps"), theirs.get("steps")) {
            (Some(our_steps), Some(their_steps)) => first_difference(our_steps, their_steps),
            _ => None,
        };
        if ours != theirs {
            return inner.or_else(|| Some(unequal("entry", ours, theirs)));
        }
    }
    let (ours, theirs) = (our_steps.len(), their_steps.len());
    Some(unequal("entries", &ours, &theirs))
}

fn unequal(what: &str, ours: &dyn Display, theirs: &dyn Display) -> String {
    format!("{what} {}, recorded {}", cut(ours), cut(theirs))
}

fn cut(value: &dyn Display) -> String {
    let text: String = value.to_string().chars().take(SHOWN).collect();
    text.escape_debug().to_string()
}
