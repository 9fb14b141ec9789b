//! Executes one transaction, call or estimate probe as Nitro does.
//!
//! This is the seam between the chain (blocks, pool, history, RPC) and the machine
//! (revm, Stylus programs, ArbOS precompiles): the chain hands in a database view, the
//! block's values and a transaction, and gets back an [`Outcome`] with the state changes.
mod checks;
pub mod context;
mod error;
mod execute;
mod fees;
mod handler;
mod instructions;
mod machine;
mod program;
mod sstore;
mod subcall;
mod words;

pub use context::{ArbContext, TxState};
pub use error::TxError;
pub use execute::{
    StartedBlock, check_waiting, estimated_l1_gas, execute, execute_traced, start_block,
};

use revm::{
    context::TxEnv,
    primitives::{Address, AddressSet, B256, Bytes, Log},
    state::EvmState,
};

/// Largest deployed code, bytes (EIP-170).
pub const MAX_CODE_SIZE: usize = 24_576;

/// Largest init code, bytes (EIP-3860).
pub const MAX_INITCODE_SIZE: usize = 2 * MAX_CODE_SIZE;

/// Gas limit of every block and of the block environment.
pub const BLOCK_GAS_LIMIT: u64 = 1 << 50;

/// The sequencer's address: beneficiary of every block and poster of every batch.
pub const SEQUENCER: Address = crate::arbos::accounts::BATCH_POSTER;

/// What a transaction sees of the block it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockValues {
    /// L2 block number.
    pub number: u64,
    /// Seconds since the epoch.
    pub timestamp: u64,
    /// Base fee of the header, wei per gas; also the effective gas price.
    pub base_fee: u64,
    /// L1 block number, which NUMBER and `block_number` return (0 on a dev chain).
    pub l1_block_number: u64,
    /// ArbOS version in force.
    pub arbos_version: u64,
    /// What is the same in every block.
    pub constants: BlockConstants,
}

/// What is the same in every block, and other only where an `eth_call` pretends so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockConstants {
    /// What GASLIMIT returns.
    pub gas_limit: u64,
    /// What COINBASE returns; only the sequencer's transactions pay for L1 data.
    pub beneficiary: Address,
    /// What PREVRANDAO returns.
    pub prevrandao: B256,
}

impl Default for BlockConstants {
    fn default() -> Self {
        Self {
            gas_limit: BLOCK_GAS_LIMIT,
            beneficiary: SEQUENCER,
            prevrandao: B256::with_last_byte(1),
        }
    }
}

/// Settings of the chain that execution depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRules {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Refuse what only debug chains accept (start functions, console imports, ArbDebug).
    pub production_rules: bool,
}

/// Why a transaction is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Included in a block: all checks and fees apply.
    Commit,
    /// `eth_call`: no nonce, balance or fee checks, no per-transaction compute cap.
    Call,
    /// A probe of `eth_estimateGas`: like a call, with the compute cap and padded L1 fee.
    Estimate,
}

/// A transaction to execute.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// The fields revm executes.
    pub env: TxEnv,
    /// The signed EIP-2718 bytes, whose compressed length is the L1 fee; none in calls.
    pub raw: Option<Bytes>,
    /// It pays nothing for L1 data (`skipL1Charging` of a call).
    pub skips_l1: bool,
    /// Nobody signed it: its sender may be a contract, for which EIP-3607 would refuse it.
    pub is_impersonated: bool,
    /// Accounts whose code a call pretends: a precompile in such a place is replaced.
    pub replaced: AddressSet,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It succeeded.
    Success,
    /// It reverted; the output is the revert data.
    Revert,
    /// It failed without data and took all its gas.
    Failure,
}

/// The effect of one executed transaction.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Return or revert data, or the deployed code.
    pub output: Bytes,
    /// Gas used after refunds, L1 part included.
    pub gas_used: u64,
    /// Gas used before refunds: what an estimate must offer.
    pub peak_gas: u64,
    /// The L1 (poster) part of `gas_used`.
    pub gas_used_for_l1: u64,
    /// Logs in order.
    pub logs: Vec<Log>,
    /// Address of the contract created by a creating transaction.
    pub contract_address: Option<Address>,
    /// Nitro's words for a failure or for an ArbOS typed error, where it has some
    /// (`out of gas`, `program activation failed: …`, `error ProgramNotWasm()`).
    pub message: Option<String>,
    /// Accounts and storage that changed.
    pub state: EvmState,
}
