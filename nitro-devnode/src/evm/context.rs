//! The revm context of an Arbitrum transaction and the state that lives as long as it.
use revm::{
    Context, Journal,
    context::{BlockEnv, CfgEnv, TxEnv},
    interpreter::InstructionResult,
    primitives::{Address, AddressSet, U256},
};

use super::{BlockValues, ChainRules, Purpose};
use crate::stylus::hostio_log::HostioLog;

/// The context that the interpreter, the precompiles and the hostios work on.
pub type ArbContext<DB> = Context<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, TxState>;

/// What Nitro keeps beside the EVM's state while one transaction runs. Not journaled.
#[derive(Debug, Clone)]
pub struct TxState {
    /// The block's values.
    pub block: BlockValues,
    /// The chain's settings.
    pub rules: ChainRules,
    /// Why this transaction runs.
    pub purpose: Purpose,
    /// Gas charged for being a transaction.
    pub intrinsic_gas: u64,
    /// Least gas that the transaction pays, whatever it uses (EIP-7623).
    pub floor_gas: u64,
    /// L1 part of the gas limit, charged before execution.
    pub poster_gas: u64,
    /// L1 fee in wei.
    pub poster_fee: U256,
    /// Most gas that one transaction may spend on execution.
    pub compute_limit: u64,
    /// Gas above `compute_limit`, held back and returned.
    pub held_gas: u64,
    /// Gas used before refunds, once execution is over.
    pub peak_gas: u64,
    /// How the outermost frame ended.
    pub result: Option<InstructionResult>,
    /// WASM pages open now.
    pub open_pages: u16,
    /// Most WASM pages ever open in this transaction.
    pub ever_pages: u16,
    /// Accounts that are no precompiles, wherever they are.
    pub replaced: AddressSet,
    /// Open contract frames, outermost first.
    pub frames: Vec<OpenFrame>,
    /// Nitro's words for the latest precompile or Stylus failure.
    pub message: Option<String>,
    /// Where programs note their hostios, if a tracer watches.
    pub hostios: Option<HostioLog>,
}

/// One open contract frame, for `msg_reentrant` and ArbSys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenFrame {
    /// The account whose storage the frame acts on.
    pub acting: Address,
    /// Who called it.
    pub caller: Address,
    /// True for DELEGATECALL and CALLCODE.
    pub delegate: bool,
}

impl TxState {
    /// The state at the start of a transaction.
    pub fn new(block: BlockValues, rules: ChainRules, purpose: Purpose) -> Self {
        Self {
            block,
            rules,
            purpose,
            intrinsic_gas: 0,
            floor_gas: 0,
            poster_gas: 0,
            poster_fee: U256::ZERO,
            compute_limit: u64::MAX,
            held_gas: 0,
            peak_gas: 0,
            result: None,
            open_pages: 0,
            ever_pages: 0,
            replaced: AddressSet::default(),
            frames: Vec::new(),
            message: None,
            hostios: None,
        }
    }

    /// Counts `pages` more WASM pages as open.
    pub fn open(&mut self, pages: u16) {
        self.open_pages = self.open_pages.saturating_add(pages);
        self.ever_pages = self.ever_pages.max(self.open_pages);
    }
}
