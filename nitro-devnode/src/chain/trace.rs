//! Executes sealed transactions and calls again, under a tracer.
mod bounded;
mod own_heir;
mod stylus;
mod tracer;

use alloy::{
    primitives::B256,
    rpc::types::trace::geth::{
        CallFrame, DefaultFrame, GethDebugBuiltInTracerType, GethDebugTracerType,
        GethDebugTracingOptions, GethTrace, NoopFrame,
    },
};
use revm::{DatabaseCommit, database::CacheDB, primitives::U256};
use revm_inspectors::tracing::TransactionContext;
use serde_json::Value;

use super::{Block, Body, CallError, CallOptions, CallRequest, Included, Reader, call::Prepared};
use crate::{
    chain::transaction::executable,
    evm::{self, BlockValues, Purpose, TxError},
    state::View,
};
use tracer::Tracer;

/// Why there is no trace.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TraceError {
    /// No sealed transaction has this hash.
    #[error("transaction not found")]
    UnknownTransaction,
    /// The genesis block has nothing to trace.
    #[error("genesis is not traceable")]
    Genesis,
    /// The tracer's name is not one this node has. A real node takes it for a script.
    #[error("ReferenceError: {0} is not defined at <eval>:1:2(0)")]
    UnknownTracer(String),
    /// The tracer is a script that this node does not know.
    #[error("tracer not found: no JavaScript but cargo-stylus's query is answered")]
    Script,
    /// A program's call failed before it entered the EVM: Nitro's `stylusTracer` gives up.
    #[error("trace inconsistency for {hostio}: last opcode is {last}")]
    Inconsistent {
        /// The hostio that reported the call.
        hostio: &'static str,
        /// The entry where the call's frame was expected.
        last: &'static str,
    },
    /// It would take more memory than a node may.
    #[error("the trace is too large: ask for less of it, or for its first steps with limit")]
    TooLarge,
    /// The tracer refuses its configuration or the outcome.
    #[error("{0}")]
    Tracer(String),
    /// The call cannot be executed at all.
    #[error("tracing failed: {0}")]
    Refused(#[from] TxError),
}

/// Traces of a block's transactions, in order.
pub type TracedBlock = Vec<(B256, Result<GethTrace, TraceError>)>;

impl Reader {
    /// Executes a sealed transaction again and returns what the tracer saw.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn trace_transaction(
        &self,
        hash: B256,
        options: &GethDebugTracingOptions,
    ) -> Result<GethTrace, TraceError> {
        let _past = self.keep_past();
        let located = self
            .transaction(hash)
            .ok_or(TraceError::UnknownTransaction)?;
        let mut again = self.again(&located.block)?;
        for (index, tx) in located.block.transactions.iter().enumerate() {
            if index == located.index {
                return again.trace(index, tx, options);
            }
            again.execute(tx)?;
        }
        Err(TraceError::UnknownTransaction)
    }

    /// Executes a block again and returns what the tracer saw in each transaction.
    ///
    /// # Errors
    /// [`TraceError::Genesis`]; what goes wrong in one transaction stands in its place.
    pub fn trace_block(
        &self,
        block: &Block,
        options: &GethDebugTracingOptions,
    ) -> Result<TracedBlock, TraceError> {
        let _past = self.keep_past();
        let mut again = self.again(block)?;
        let mut traces = Vec::with_capacity(block.transactions.len());
        for (index, tx) in block.transactions.iter().enumerate() {
            traces.push((tx.hash, again.trace(index, tx, options)));
            again.execute(tx)?;
        }
        Ok(traces)
    }

    /// Executes a call under a tracer.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn trace_call(
        &self,
        request: &CallRequest,
        block: &Block,
        call: CallOptions,
        options: &GethDebugTracingOptions,
    ) -> Result<GethTrace, TraceError> {
        let _past = self.keep_past();
        let prepared = Prepared::new(self, request, block, call);
        let asked = request.gas.unwrap_or(u64::MAX);
        let gas = prepared.capped(asked)?;
        let rules = self.rules();
        let tx = prepared.executable(gas);
        let traced = tracer::Traced {
            tx,
            values: prepared.values,
            rules,
            purpose: Purpose::Call,
            context: None,
        };
        traced.run(&mut CacheDB::new(prepared.view), Tracer::of(options)?)
    }

    fn again<'a>(&'a self, block: &'a Block) -> Result<Again<'a>, TraceError> {
        let number = block.header.number;
        let parent = number.checked_sub(1).ok_or(TraceError::Genesis)?;
        let database = CacheDB::new(self.state().view(parent));
        Ok(Again {
            reader: self,
            block,
            values: block.values(),
            database,
        })
    }
}

/// A block that is executed again, up to some transaction.
struct Again<'a> {
    reader: &'a Reader,
    block: &'a Block,
    values: BlockValues,
    database: CacheDB<View>,
}

impl Again<'_> {
    /// Executes a transaction and keeps its changes for the next.
    fn execute(&mut self, tx: &Included) -> Result<(), TxError> {
        let rules = self.reader.rules();
        let changes = match &tx.body {
            Body::Internal(_) => {
                let mut values = self.values;
                let mut passed = values.timestamp;
                // The block's version is the one after its start, which may upgrade.
                if let Some(parent) = self.reader.block(values.number.saturating_sub(1)) {
                    values.arbos_version = parent.arbos_version;
                    passed = passed.saturating_sub(parent.header.timestamp);
                }
                evm::start_block(&mut self.database, &values, &rules, passed)?.state
            }
            Body::Signed(envelope, raw) => {
                let tx = executable(envelope, raw, tx.sender);
                let database = &mut self.database;
                evm::execute(database, &self.values, &rules, &tx, Purpose::Commit)?.state
            }
        };
        self.database.commit(changes);
        Ok(())
    }

    /// Executes a transaction under a tracer and drops its changes.
    fn trace(
        &mut self,
        index: usize,
        tx: &Included,
        options: &GethDebugTracingOptions,
    ) -> Result<GethTrace, TraceError> {
        let Body::Signed(envelope, raw) = &tx.body else {
            return internal_trace(tx, options);
        };
        let traced = tracer::Traced {
            tx: executable(envelope, raw, tx.sender),
            values: self.values,
            rules: self.reader.rules(),
            purpose: Purpose::Commit,
            context: Some(TransactionContext {
                block_hash: Some(self.block.hash),
                tx_index: Some(index),
                tx_hash: Some(tx.hash),
            }),
        };
        traced.run(&mut self.database, Tracer::of(options)?)
    }
}

/// The internal transaction runs no code, so there is one frame at most.
fn internal_trace(
    tx: &Included,
    options: &GethDebugTracingOptions,
) -> Result<GethTrace, TraceError> {
    use GethDebugBuiltInTracerType as T;
    if options.tracer.is_none() {
        return Ok(DefaultFrame::default().into());
    }
    if let Tracer::Stylus = Tracer::of(options)? {
        return Ok(GethTrace::JS(Value::Array(Vec::new())));
    }
    let Body::Internal(input) = &tx.body else {
        return Ok(NoopFrame::default().into());
    };
    match &options.tracer {
        Some(GethDebugTracerType::BuiltInTracer(T::CallTracer)) => {}
        Some(GethDebugTracerType::BuiltInTracer(T::FlatCallTracer)) => {
            return Ok(GethTrace::FlatCallTracer(Vec::new()));
        }
        _ => return Ok(NoopFrame::default().into()),
    }
    let frame = CallFrame {
        from: tx.sender,
        to: Some(tx.sender),
        input: input.clone(),
        value: Some(U256::ZERO),
        typ: "CALL".to_owned(),
        ..CallFrame::default()
    };
    Ok(frame.into())
}

impl From<TraceError> for CallError {
    fn from(error: TraceError) -> Self {
        Self::Failed(error.to_string())
    }
}
