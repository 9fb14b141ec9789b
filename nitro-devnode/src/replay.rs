//! Executes recorded transactions again and compares every answer with the recorded one.
//!
//! One file is one chain from the plain genesis. What is compared: receipts (status, gas,
//! L1 gas, gas price, contract address, logs) and their blocks, results and errors of calls,
//! estimates, refusals, `stylusTracer`'s traces, and the recorded state. What is not: state
//! roots, block hashes (where a result holds one, it must be ours of the same block), and the
//! module hash in ArbWasm's `ProgramActivated`.
mod builtin;
mod compare;
mod record;
mod report;

use std::sync::Arc;

use alloy::{
    primitives::{B256, Bytes},
    rpc::types::trace::geth::{GethDebugTracerType, GethDebugTracingOptions},
};
use parking_lot::Mutex;

pub use builtin::{BuiltinError, builtin_file, builtin_names};
pub use report::{Difference, EqualCounts, Report, Tally};

use crate::chain::{Block, CallOptions, CallRequest, Chain, Config, Incoming, Rejected};
use compare::Comparison;
use record::{Line, TxLine};

/// Why a file cannot be replayed at all.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A line is not what the recording promises.
    #[error("line {line} of {name}: {source}")]
    Line {
        /// The recording.
        name: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is no answer to compare.
    #[error("{name} records no answers")]
    Nothing {
        /// The recording.
        name: String,
    },
    /// The chain could not be started.
    #[error("the chain cannot start: {0}")]
    Start(#[from] Rejected),
}

/// Replays the text of one recording.
///
/// # Errors
/// [`ReplayError`] if the text is no recording.
pub fn replay(name: &str, text: &str) -> Result<Report, ReplayError> {
    let mut lines = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let parsed = serde_json::from_str::<Line>(line).map_err(|source| ReplayError::Line {
            name: name.to_owned(),
            line: index.saturating_add(1),
            source,
        })?;
        lines.push(parsed);
    }
    let chain = Chain::new(Config {
        bare: true,
        ..Config::default()
    })?;
    let mut replay = Replay {
        chain,
        comparison: Comparison::new(name),
    };
    let mut waiting: Vec<TxLine> = Vec::new();
    for line in lines {
        if let Line::Tx(tx) = line {
            waiting.push(*tx);
            continue;
        }
        replay.transactions(std::mem::take(&mut waiting));
        replay.other(line);
    }
    replay.transactions(waiting);
    let report = replay.comparison.finish();
    if report.answers() == 0 {
        let name = name.to_owned();
        return Err(ReplayError::Nothing { name });
    }
    Ok(report)
}

/// Stack of the threads that execute. Virtual memory: untouched pages cost nothing.
const STACK: usize = 64 << 20;

/// Replays recordings, given as name and text, on as many threads as there are cores.
/// The reports come in the order of the recordings.
pub fn replay_all(
    recordings: Vec<(String, String)>,
) -> impl Iterator<Item = Result<Report, ReplayError>> {
    let total = recordings.len();
    let (send, receive) = std::sync::mpsc::channel();
    let queue = Arc::new(Mutex::new(recordings.into_iter().enumerate()));
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    for _ in 0..threads.min(total) {
        let (send, queue) = (send.clone(), queue.clone());
        let work = move || {
            loop {
                let Some((index, (name, text))) = queue.lock().next() else {
                    break;
                };
                if send.send((index, replay(&name, &text))).is_err() {
                    break;
                }
            }
        };
        let started = std::thread::Builder::new().stack_size(STACK).spawn(work);
        if let Err(error) = started {
            tracing::error!(%error, "cannot start a thread");
        }
    }
    drop(send);
    let mut done = std::collections::BTreeMap::new();
    (0..total).map_while(move |wanted| {
        loop {
            if let Some(report) = done.remove(&wanted) {
                return Some(report);
            }
            let (index, report) = receive.recv().ok()?;
            done.insert(index, report);
        }
    })
}

struct Replay {
    chain: Chain,
    comparison: Comparison,
}

impl Replay {
    /// Executes a run of transactions, those of one block together.
    fn transactions(&mut self, mut run: Vec<TxLine>) {
        run.sort_by_key(|tx| (tx.block.number, tx.receipt.transaction_index));
        for block in run.chunk_by(|a, b| a.block.number == b.block.number) {
            self.block(block);
            for tx in block {
                self.replay_call(tx);
                self.trace(tx);
            }
        }
    }

    fn block(&mut self, transactions: &[TxLine]) {
        let Some(first) = transactions.first() else {
            return;
        };
        let time = first.block.timestamp.to();
        if let Err(error) = self.chain.set_next_timestamp(time) {
            self.comparison.refused(&first.label, &error.to_string());
        }
        let chain_id = self.chain.reader().config().chain_id;
        let mut decoded = Vec::with_capacity(transactions.len());
        for tx in transactions {
            match Incoming::decode(tx.raw.clone(), chain_id) {
                Ok(incoming) => decoded.push(incoming),
                Err(refusal) => return self.comparison.refused(&tx.label, &refusal.to_string()),
            }
        }
        let verdicts = self.chain.send_together(&decoded);
        self.know_hash(first.node_specific.block_hash, first.block.number.to());
        for (tx, verdict) in transactions.iter().zip(verdicts) {
            match verdict {
                Ok(hash) => match self.chain.reader().transaction(hash) {
                    Some(located) => self.comparison.receipt(tx, &located),
                    None => self
                        .comparison
                        .refused(&tx.label, "not found after inclusion"),
                },
                Err(refusal) => self.comparison.refused(&tx.label, &refusal.to_string()),
            }
        }
    }

    fn know_hash(&mut self, recorded: B256, number: u64) {
        if let Some(block) = self.find(number) {
            self.comparison.know_hash(recorded, block.hash);
        }
    }

    fn replay_call(&mut self, tx: &TxLine) {
        let Some(recorded) = &tx.replay_call else {
            return;
        };
        let Some(block) = self.find(recorded.block.to()) else {
            return self.comparison.missing_block(&tx.label);
        };
        let chain_id = self.chain.reader().config().chain_id;
        let Ok(incoming) = Incoming::decode(tx.raw.clone(), chain_id) else {
            return;
        };
        let request = CallRequest::from(&incoming);
        let answer = self
            .chain
            .reader()
            .call(&request, &block, CallOptions::default());
        self.comparison.call(
            &format!("{} (as a call)", tx.label),
            recorded.answer(),
            answer,
        );
    }

    fn trace(&mut self, tx: &TxLine) {
        let Some(recorded) = &tx.stylus_trace else {
            return;
        };
        let tracer = GethDebugTracerType::JsTracer("stylusTracer".to_owned());
        let options = GethDebugTracingOptions::default().with_tracer(tracer);
        let answer = self.chain.reader().trace_transaction(tx.hash, &options);
        self.comparison.trace(&tx.label, recorded, answer);
    }

    fn find(&self, number: u64) -> Option<Arc<Block>> {
        self.chain.reader().block(number)
    }

    fn other(&mut self, line: Line) {
        match line {
            Line::TxRejected(rejected) => {
                let verdict = self.send(rejected.raw);
                self.comparison
                    .refusal(&rejected.label, &rejected.error, verdict);
            }
            Line::Call(call) => {
                let Some(block) = self.find(call.block.to()) else {
                    return self.comparison.missing_block(&call.label);
                };
                let request = CallRequest::from(call.call.clone());
                let answer = self
                    .chain
                    .reader()
                    .call(&request, &block, CallOptions::default());
                self.comparison.call(&call.label, call.answer(), answer);
            }
            Line::Estimate(call) => {
                let Some(block) = self.find(call.block.to()) else {
                    return self.comparison.missing_block(&call.label);
                };
                let request = CallRequest::from(call.call.clone());
                let answer = self
                    .chain
                    .reader()
                    .estimate(&request, &block, CallOptions::default());
                self.comparison.estimate(&call.label, call.answer(), answer);
            }
            Line::State(state) => self.comparison.state(&state, self.chain.reader()),
            Line::Header(header) => {
                let recorded = header.genesis.node_specific.hash;
                self.know_hash(recorded, 0);
            }
            Line::Tx(_) | Line::Program | Line::Note | Line::End => {}
        }
    }

    fn send(&mut self, raw: Bytes) -> Result<B256, Rejected> {
        let chain_id = self.chain.reader().config().chain_id;
        let incoming = Incoming::decode(raw, chain_id)?;
        self.chain.send(incoming)
    }
}
