//! Executes a transaction from its checks to its outcome.
use revm::{
    Database, Inspector, Journal,
    context::{BlockEnv, CfgEnv, LocalContext, result::ExecutionResult},
    context_interface::{ContextTr, JournalTr},
    handler::{EvmTr, Handler},
    inspector::{InspectorHandler, NoOpInspector},
    interpreter::InstructionResult,
    primitives::{Bytes, TxKind, U256},
    state::EvmState,
};

use super::{
    ArbContext, BlockValues, ChainRules, MAX_CODE_SIZE, MAX_INITCODE_SIZE, Outcome, Purpose,
    Status, Transaction, TxError, TxState, checks, fees, handler::ArbHandler, machine::Machine,
    words,
};
use crate::{
    arbos::{self, l1_pricing, storage::Slots as _},
    precompiles::spec_of,
};

/// Executes a transaction on `db`.
pub fn execute<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
    purpose: Purpose,
) -> Result<Outcome, TxError> {
    let ctx = prepared(db, block, rules, tx, purpose)?;
    let mut machine = Machine::new(ctx, NoOpInspector {});
    let result = ArbHandler::new()
        .run(&mut machine)
        .map_err(|error| TxError::Execution(error.to_string()))?;
    Ok(outcome(&mut machine, tx, result))
}

/// Executes a transaction on `db` under the eyes of `inspector`.
pub fn execute_traced<DB: Database, I: Inspector<ArbContext<DB>>>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
    purpose: Purpose,
    inspector: I,
) -> Result<Outcome, TxError> {
    let ctx = prepared(db, block, rules, tx, purpose)?;
    let mut machine = Machine::new(ctx, inspector);
    let result = ArbHandler::new()
        .inspect_run(&mut machine)
        .map_err(|error| TxError::Execution(error.to_string()))?;
    Ok(outcome(&mut machine, tx, result))
}

/// Checks a transaction that is to wait for a block, on the state before that block.
pub fn check_waiting<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
) -> Result<(), TxError> {
    let mut ctx = context(db, block, rules, Purpose::Commit);
    ctx.tx = tx.env.clone();
    checks::check_waiting(&mut ctx, tx)
}

/// L1 gas that an estimate for `tx` contains.
pub fn estimated_l1_gas<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
) -> Result<u64, TxError> {
    let mut ctx = context(db, block, rules, Purpose::Estimate);
    let price = ctx.read(l1_pricing::slot(l1_pricing::PRICE));
    let price = price.map_err(|error| TxError::Database(error.to_string()))?;
    // Most dev chains, which then need not compress anything.
    if price.is_zero() {
        return Ok(0);
    }
    ctx.tx = tx.env.clone();
    fees::set_limits(&mut ctx, tx).map_err(|error| TxError::Database(error.to_string()))?;
    Ok(ctx.chain.poster_gas)
}

/// What the internal transaction at the start of a block did.
#[derive(Debug, Clone)]
pub struct StartedBlock {
    /// Accounts and storage that changed.
    pub state: EvmState,
    /// Base fee of the block after this one, wei per gas.
    pub next_base_fee: u64,
    /// ArbOS version from here on.
    pub arbos_version: u64,
}

/// Runs ArbOS's internal transaction, `time_passed` seconds after the last block.
pub fn start_block<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    time_passed: u64,
) -> Result<StartedBlock, TxError> {
    let mut ctx = context(db, block, rules, Purpose::Commit);
    let started =
        arbos::start_block::start_block(&mut ctx, U256::ZERO, block.l1_block_number, time_passed)
            .map_err(|error| TxError::Database(error.to_string()))?;
    ctx.journal_mut().commit_tx();
    Ok(StartedBlock {
        state: ctx.journal_mut().finalize(),
        next_base_fee: started.next_base_fee,
        arbos_version: started.arbos_version,
    })
}

fn context<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    purpose: Purpose,
) -> ArbContext<DB> {
    let spec = spec_of(block.arbos_version);
    let mut cfg = CfgEnv::new_with_spec(spec);
    cfg.chain_id = rules.chain_id;
    cfg.limit_contract_code_size = Some(MAX_CODE_SIZE);
    cfg.limit_contract_initcode_size = Some(MAX_INITCODE_SIZE);
    cfg.tx_gas_limit_cap = Some(u64::MAX);
    cfg.disable_eip3541 = true;
    cfg.disable_eip7623 = true;
    let mut journal = Journal::new(db);
    journal.set_spec_id(spec);
    ArbContext {
        block: BlockEnv {
            number: U256::from(block.l1_block_number),
            beneficiary: block.constants.beneficiary,
            timestamp: U256::from(block.timestamp),
            gas_limit: block.constants.gas_limit,
            basefee: block.base_fee,
            difficulty: U256::ONE,
            prevrandao: Some(block.constants.prevrandao),
            ..BlockEnv::default()
        },
        tx: revm::context::TxEnv::default(),
        cfg,
        journaled_state: journal,
        chain: TxState::new(*block, *rules, purpose),
        local: LocalContext::default(),
        error: Ok(()),
    }
}

/// The context of a transaction that has passed its checks.
fn prepared<DB: Database>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
    purpose: Purpose,
) -> Result<ArbContext<DB>, TxError> {
    let mut ctx = context(db, block, rules, purpose);
    ctx.tx = tx.env.clone();
    ctx.chain.replaced = tx.replaced.clone();
    let fee_cap = ctx.tx.gas_price;
    checks::check_sender(&mut ctx, tx)?;
    fees::set_limits(&mut ctx, tx).map_err(|error| TxError::Database(error.to_string()))?;
    checks::charge_intrinsic(&mut ctx)?;
    // Tips are dropped: everybody pays the base fee, and calls without a price nothing.
    let price = if purpose != Purpose::Commit && fee_cap == 0 {
        0
    } else {
        block.base_fee
    };
    ctx.block.basefee = price;
    ctx.tx.gas_price = price.into();
    ctx.tx.gas_priority_fee = None;
    Ok(ctx)
}

fn outcome<DB: Database, I>(
    machine: &mut Machine<DB, I>,
    tx: &Transaction,
    result: ExecutionResult,
) -> Outcome {
    let ctx = machine.ctx_mut();
    let (status, output) = match &result {
        ExecutionResult::Success { output, .. } => (Status::Success, output.data().clone()),
        ExecutionResult::Revert { output, .. } => (Status::Revert, output.clone()),
        ExecutionResult::Halt { .. } => (Status::Failure, Bytes::new()),
    };
    let message = match status {
        Status::Success => None,
        Status::Revert => ctx.chain.message.take(),
        Status::Failure => Some(failure_words(ctx)),
    };
    let contract_address = match tx.env.kind {
        TxKind::Create => Some(tx.env.caller.create(tx.env.nonce)),
        TxKind::Call(_) => None,
    };
    Outcome {
        status,
        output,
        gas_used: result.tx_gas_used(),
        peak_gas: ctx.chain.peak_gas,
        gas_used_for_l1: ctx.chain.poster_gas,
        contract_address,
        message,
        state: ctx.journal_mut().finalize(),
        logs: result.into_logs(),
    }
}

/// What Nitro says of a frame that took all its gas.
fn failure_words<DB: Database>(ctx: &mut ArbContext<DB>) -> String {
    if let Some(message) = ctx.chain.message.take() {
        return message;
    }
    let result = ctx.chain.result.unwrap_or(InstructionResult::OutOfGas);
    words::plain(result).to_owned()
}
