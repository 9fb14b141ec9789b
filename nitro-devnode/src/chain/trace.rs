//! Executes sealed transactions and calls again, under a tracer.
use alloy::{
    primitives::B256,
    rpc::types::trace::geth::{
        CallFrame, GethDebugBuiltInTracerType, GethDebugTracerType, GethDebugTracingOptions,
        GethTrace, NoopFrame,
    },
};
use revm::{
    DatabaseCommit, DatabaseRef,
    context::{
        BlockEnv,
        result::{ExecutionResult, HaltReason, Output, ResultAndState, ResultGas, SuccessReason},
    },
    database::CacheDB,
    primitives::U256,
};
use revm_inspectors::tracing::{DebugInspector, TransactionContext};

use super::{Block, Body, CallError, CallOptions, CallRequest, Included, Reader, call::Prepared};
use crate::{
    chain::transaction::tx_env,
    evm::{self, BlockValues, Outcome, Purpose, Status, TxError},
    state::View,
};

/// Why there is no trace.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TraceError {
    /// No sealed transaction has this hash.
    #[error("transaction not found")]
    UnknownTransaction,
    /// The genesis block has nothing to trace.
    #[error("genesis is not traceable")]
    Genesis,
    /// The tracer is not one this node has.
    #[error("tracer not found: {0}")]
    UnknownTracer(String),
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
        let gas = request.gas.unwrap_or(u64::MAX).min(self.config().gas_cap);
        let rules = self.rules();
        let tx = request.executable(rules.chain_id, gas);
        let mut inspector = inspector(options)?;
        let outcome = evm::execute_traced(
            prepared.view.clone(),
            &prepared.values,
            &rules,
            &tx,
            Purpose::Call,
            &mut inspector,
        )?;
        let database = CacheDB::new(prepared.view.clone());
        result(
            &mut inspector,
            &tx,
            &prepared.values,
            None,
            outcome,
            database,
        )
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
                let parent = self.reader.block(self.values.number.saturating_sub(1));
                let before = parent.map_or(0, |parent| parent.header.timestamp);
                let passed = self.values.timestamp.saturating_sub(before);
                evm::start_block(&mut self.database, &self.values, &rules, passed)?.state
            }
            Body::Signed(envelope, raw) => {
                let env = tx_env(envelope, tx.sender);
                let tx = evm::Transaction {
                    env,
                    raw: Some(raw.clone()),
                };
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
            return Ok(internal_trace(tx, options));
        };
        let mut inspector = inspector(options)?;
        let executable = evm::Transaction {
            env: tx_env(envelope, tx.sender),
            raw: Some(raw.clone()),
        };
        let outcome = evm::execute_traced(
            &mut self.database,
            &self.values,
            &self.reader.rules(),
            &executable,
            Purpose::Commit,
            &mut inspector,
        )?;
        let context = TransactionContext {
            block_hash: Some(self.block.hash),
            tx_index: Some(index),
            tx_hash: Some(tx.hash),
        };
        let (values, database) = (&self.values, &mut self.database);
        result(
            &mut inspector,
            &executable,
            values,
            Some(context),
            outcome,
            database,
        )
    }
}

/// The internal transaction runs no code, so there is one frame at most.
fn internal_trace(tx: &Included, options: &GethDebugTracingOptions) -> GethTrace {
    let call_tracer = GethDebugTracerType::BuiltInTracer(GethDebugBuiltInTracerType::CallTracer);
    let Body::Internal(input) = &tx.body else {
        return NoopFrame::default().into();
    };
    if options.tracer.as_ref() != Some(&call_tracer) {
        return NoopFrame::default().into();
    }
    let frame = CallFrame {
        from: tx.sender,
        to: Some(tx.sender),
        input: input.clone(),
        value: Some(U256::ZERO),
        typ: "CALL".to_owned(),
        ..CallFrame::default()
    };
    frame.into()
}

fn inspector(options: &GethDebugTracingOptions) -> Result<DebugInspector, TraceError> {
    if let Some(GethDebugTracerType::JsTracer(name)) = &options.tracer {
        let name = name.chars().take(40).collect();
        return Err(TraceError::UnknownTracer(name));
    }
    DebugInspector::new(options.clone()).map_err(|error| TraceError::Tracer(error.to_string()))
}

fn result<DB: DatabaseRef>(
    inspector: &mut DebugInspector,
    tx: &evm::Transaction,
    values: &BlockValues,
    context: Option<TransactionContext>,
    outcome: Outcome,
    mut database: DB,
) -> Result<GethTrace, TraceError> {
    let block = BlockEnv {
        number: U256::from(values.number),
        basefee: values.base_fee,
        ..BlockEnv::default()
    };
    let outcome = as_revm(outcome);
    inspector
        .get_result(context, &tx.env, &block, &outcome, &mut database)
        .map_err(|error| TraceError::Tracer(error.to_string()))
}

/// The outcome as revm would have told it. The reasons are not shown by any tracer.
fn as_revm(outcome: Outcome) -> ResultAndState<HaltReason> {
    let gas = ResultGas::default().with_total_gas_spent(outcome.gas_used);
    let logs = outcome.logs;
    let result = match outcome.status {
        Status::Success => ExecutionResult::Success {
            reason: SuccessReason::Return,
            gas,
            logs,
            output: match outcome.contract_address {
                Some(address) => Output::Create(outcome.output, Some(address)),
                None => Output::Call(outcome.output),
            },
        },
        Status::Revert => ExecutionResult::Revert {
            gas,
            logs,
            output: outcome.output,
        },
        Status::Failure => ExecutionResult::Halt {
            reason: HaltReason::OpcodeNotFound,
            gas,
            logs,
        },
    };
    ResultAndState::new(result, outcome.state)
}

impl From<TraceError> for CallError {
    fn from(error: TraceError) -> Self {
        Self::Failed(error.to_string())
    }
}
