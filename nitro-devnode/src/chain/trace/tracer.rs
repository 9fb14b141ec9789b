//! Which tracer a request names, and one transaction under it.
use alloy::rpc::types::trace::geth::{GethDebugTracerType, GethDebugTracingOptions, GethTrace};
use revm::{
    context::{
        BlockEnv,
        result::{ExecutionResult, HaltReason, Output, ResultAndState, ResultGas, SuccessReason},
    },
    database::CacheDB,
    primitives::U256,
};
use revm_inspectors::tracing::{DebugInspector, TransactionContext};

use super::{TraceError, bounded::Bounded, stylus::StylusTracer};
use crate::{
    evm::{self, BlockValues, ChainRules, Outcome, Purpose, Status},
    state::View,
};

/// Nitro's own tracer.
const STYLUS_TRACER: &str = "stylusTracer";

/// What tells cargo-stylus's script from others: the hostio hook, which only Nitro calls,
/// and how it keeps its frames.
const QUERY_MARKS: [&str; 4] = ["\"hostio\"", "this.nests", "this.open", "this.stack"];

/// A tracer this node has.
pub(super) enum Tracer {
    /// One of geth's.
    Geth(Box<Bounded>),
    /// `stylusTracer`, by its name or by cargo-stylus's script, whose answer is the same
    /// but for keys that it leaves out.
    Stylus,
}

impl Tracer {
    /// The tracer that `options` ask for.
    pub(super) fn of(options: &GethDebugTracingOptions) -> Result<Self, TraceError> {
        if let Some(GethDebugTracerType::JsTracer(text)) = &options.tracer {
            if text == STYLUS_TRACER || QUERY_MARKS.iter().all(|mark| text.contains(mark)) {
                return Ok(Self::Stylus);
            }
            return Err(if is_name(text) {
                TraceError::UnknownTracer(text.clone())
            } else {
                TraceError::Script
            });
        }
        let inspector = DebugInspector::new(options.clone())
            .map_err(|error| TraceError::Tracer(error.to_string()))?;
        Ok(Self::Geth(Box::new(Bounded::new(inspector))))
    }
}

/// Whether a text is one identifier, of a length that can be repeated.
fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A transaction to trace and what it runs on.
pub(super) struct Traced {
    pub(super) tx: evm::Transaction,
    pub(super) values: BlockValues,
    pub(super) rules: ChainRules,
    pub(super) purpose: Purpose,
    /// Where it is sealed; none for a call.
    pub(super) context: Option<TransactionContext>,
}

impl Traced {
    /// Executes it on `database`, which it does not change, and returns what was seen.
    pub(super) fn run(
        &self,
        database: &mut CacheDB<View>,
        tracer: Tracer,
    ) -> Result<GethTrace, TraceError> {
        match tracer {
            Tracer::Geth(mut inspector) => {
                let outcome = self.execute(database, inspector.as_mut())?;
                inspector.check()?;
                self.result(database, &mut inspector.inner, outcome)
            }
            Tracer::Stylus => {
                let mut inspector = StylusTracer::new(self.offered_price());
                self.execute(database, &mut inspector)?;
                Ok(GethTrace::JS(inspector.into_trace()?))
            }
        }
    }

    /// What the sender offers for a unit of gas, wei: the base fee and the tip, at most the
    /// fee cap; transactions without a tip offer their price.
    fn offered_price(&self) -> u128 {
        let cap = self.tx.env.gas_price;
        match self.tx.env.gas_priority_fee {
            Some(tip) => cap.min(tip.saturating_add(self.values.base_fee.into())),
            None => cap,
        }
    }

    fn execute<I>(&self, database: &mut CacheDB<View>, inspector: I) -> Result<Outcome, TraceError>
    where
        I: for<'a> revm::Inspector<evm::ArbContext<&'a mut CacheDB<View>>>,
    {
        let (values, rules) = (&self.values, &self.rules);
        let (tx, purpose) = (&self.tx, self.purpose);
        let outcome = evm::execute_traced(database, values, rules, tx, purpose, inspector)?;
        Ok(outcome)
    }

    fn result(
        &self,
        database: &mut CacheDB<View>,
        inspector: &mut DebugInspector,
        outcome: Outcome,
    ) -> Result<GethTrace, TraceError> {
        let block = BlockEnv {
            number: U256::from(self.values.number),
            basefee: self.values.base_fee,
            ..BlockEnv::default()
        };
        let outcome = as_revm(outcome);
        let context = self.context;
        inspector
            .get_result(context, &self.tx.env, &block, &outcome, database)
            .map_err(|error| TraceError::Tracer(error.to_string()))
    }
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
