//! Executes a transaction on plain revm, until the Nitro handler stands in its place.
use std::fmt::Debug;

use revm::{
    Context, Database, ExecuteEvm, Journal, MainBuilder,
    context::result::{ExecutionResult, Output, SuccessReason},
    context::{BlockEnv, CfgEnv, TxEnv},
    primitives::{Address, B256, U256, address, hardfork::SpecId},
    state::EvmState,
};

use super::{ArbContext, BlockValues, ChainRules, Outcome, Purpose, Status, Transaction, TxState};

const POSTER: Address = address!("0xa4b000000000000000000073657175656e636572");

/// Why a transaction cannot be executed at all. Displays Nitro's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TxError {
    /// The gas limit does not cover what is charged before execution.
    #[error("intrinsic gas too low")]
    IntrinsicGas,
    /// Anything else that revm refuses.
    #[error("{0}")]
    Invalid(String),
}

impl TxError {
    /// True if a higher gas limit might help.
    pub fn is_intrinsic_gas(&self) -> bool {
        matches!(self, Self::IntrinsicGas)
    }
}

/// What the internal transaction of a block did.
#[derive(Debug, Clone)]
pub struct StartedBlock {
    /// Accounts and storage that changed.
    pub state: EvmState,
    /// Base fee of the next block, wei per gas.
    pub next_base_fee: u64,
    /// ArbOS version from here on.
    pub arbos_version: u64,
}

/// Runs the internal transaction that opens a block.
///
/// # Errors
/// None yet.
pub fn start_block<DB: Database>(
    _db: DB,
    block: &BlockValues,
    _rules: &ChainRules,
    _time_passed: u64,
) -> Result<StartedBlock, TxError> {
    Ok(StartedBlock {
        state: EvmState::default(),
        next_base_fee: block.base_fee,
        arbos_version: block.arbos_version,
    })
}

/// Executes one transaction without committing it.
///
/// # Errors
/// [`TxError`] when it cannot be executed at all.
pub fn execute<DB: Database<Error: Debug>>(
    db: DB,
    block: &BlockValues,
    rules: &ChainRules,
    tx: &Transaction,
    purpose: Purpose,
) -> Result<Outcome, TxError> {
    let block_env = BlockEnv {
        number: U256::from(block.l1_block_number),
        beneficiary: POSTER,
        timestamp: U256::from(block.timestamp),
        gas_limit: 1 << 50,
        basefee: block.base_fee,
        difficulty: U256::ONE,
        prevrandao: Some(B256::with_last_byte(1)),
        ..BlockEnv::default()
    };
    let mut cfg = CfgEnv::new_with_spec(SpecId::OSAKA);
    cfg.chain_id = rules.chain_id;
    cfg.tx_gas_limit_cap = Some(u64::MAX);
    cfg.disable_eip7623 = true;
    if purpose != Purpose::Commit {
        cfg.disable_nonce_check = true;
        cfg.disable_base_fee = true;
        cfg.disable_eip3607 = true;
    }
    let mut tx_env = tx.env.clone();
    if purpose == Purpose::Commit {
        tx_env.gas_priority_fee = tx_env.gas_priority_fee.map(|_| 0);
    }
    let mut context: ArbContext<DB> =
        Context::<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, ()>::new(db, SpecId::OSAKA)
            .with_chain(TxState::new(*block, *rules, purpose));
    context.block = block_env;
    context.cfg = cfg;
    let mut evm = context.build_mainnet();
    let done = evm
        .transact(tx_env)
        .map_err(|error| TxError::Invalid(format!("{error:?}")))?;
    Ok(outcome(done.result, done.state))
}

fn outcome(result: ExecutionResult, state: EvmState) -> Outcome {
    let gas_used = result.tx_gas_used();
    let peak_gas = gas_used;
    let logs = result.logs().to_vec();
    let (status, output, contract_address, message) = match result {
        ExecutionResult::Success { output, reason, .. } => {
            let _: SuccessReason = reason;
            match output {
                Output::Call(data) => (Status::Success, data, None, None),
                Output::Create(data, address) => (Status::Success, data, address, None),
            }
        }
        ExecutionResult::Revert { output, .. } => (Status::Revert, output, None, None),
        ExecutionResult::Halt { reason, .. } => (
            Status::Failure,
            Default::default(),
            None,
            Some(format!("{reason:?}")),
        ),
    };
    Outcome {
        status,
        output,
        gas_used,
        peak_gas,
        gas_used_for_l1: 0,
        logs,
        contract_address,
        message,
        state,
    }
}
