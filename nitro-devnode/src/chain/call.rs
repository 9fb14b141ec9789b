//! Executes a call on the state of some block without leaving a trace.
use std::sync::Arc;

use alloy::eips::eip2930::AccessList;
use alloy::{
    eips::eip7702::SignedAuthorization,
    primitives::{Address, Bytes, TxKind, U256, map::AddressSet},
    sol_types::{Panic, PanicKind, Revert, SolError},
};
use revm::context::{TxEnv, either::Either};

use super::{Block, Reader, node_interface::NODE_INTERFACE};
use crate::{
    evm::{self, BlockConstants, BlockValues, Outcome, Purpose, Status, TxError},
    state::{Overlay, View},
};

/// What to call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallRequest {
    /// Who calls; the zero address if nobody is named.
    pub from: Address,
    /// Whom; nothing creates a contract.
    pub to: Option<Address>,
    /// Gas limit.
    pub gas: Option<u64>,
    /// Most the caller pays for a unit of gas, wei; zero means that gas is free.
    pub fee_cap: u128,
    /// Tip in wei per gas. It is never paid but counts for the size of the transaction.
    pub tip: u128,
    /// Nonce, zero if it is not given: it counts for the size only.
    pub nonce: u64,
    /// Wei sent along.
    pub value: U256,
    /// Calldata or init code.
    pub data: Bytes,
    /// Warm accounts and slots.
    pub access_list: Option<AccessList>,
    /// EIP-7702 authorizations.
    pub authorizations: Vec<SignedAuthorization>,
    /// Pays nothing for L1 data.
    pub skips_l1: bool,
}

/// What the call pretends beside its fields.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// Accounts.
    pub overlay: Overlay,
    /// L2 block number.
    pub number: Option<u64>,
    /// Block timestamp.
    pub timestamp: Option<u64>,
    /// Base fee in wei.
    pub base_fee: Option<u64>,
    /// What is otherwise the same in every block.
    pub constants: BlockConstants,
}

impl CallOptions {
    fn values(&self, block: &Block) -> BlockValues {
        let values = block.values();
        BlockValues {
            number: self.number.unwrap_or(values.number),
            timestamp: self.timestamp.unwrap_or(values.timestamp),
            base_fee: self.base_fee.unwrap_or(values.base_fee),
            constants: self.constants,
            ..values
        }
    }
}

/// Why a call or estimate has no result, in Nitro's words.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// It reverted.
    #[error("{}", revert_words(reason.as_deref()))]
    Reverted {
        /// What the revert data or ArbOS says, if it says something.
        reason: Option<String>,
        /// Revert data.
        data: Bytes,
    },
    /// It failed without data.
    #[error("{0}")]
    Failed(String),
    /// It could not be executed at all.
    #[error("err: {error} (supplied gas {gas})")]
    Refused {
        /// Why.
        error: TxError,
        /// Gas it was to run with.
        gas: u64,
    },
    /// A probe of an estimate could not be executed at all.
    #[error("failed with {gas} gas: {error}")]
    ProbeRefused {
        /// Why.
        error: TxError,
        /// Gas of the probe.
        gas: u64,
    },
    /// No gas limit that the caller can pay suffices.
    #[error("gas required exceeds allowance ({0})")]
    AboveAllowance(u64),
    /// The caller's balance does not cover the value.
    #[error("insufficient funds for transfer")]
    ValueAboveBalance,
}

fn revert_words(reason: Option<&str>) -> String {
    reason.map_or_else(
        || "execution reverted".to_owned(),
        |reason| format!("execution reverted: {reason}"),
    )
}

/// The words in revert data: of `Error(string)`, or of a known `Panic(uint256)`.
pub fn revert_reason(data: &[u8]) -> Option<String> {
    if let Ok(revert) = Revert::abi_decode(data) {
        return Some(revert.reason);
    }
    let panic = Panic::abi_decode(data).ok()?;
    Some(match panic.kind() {
        None => format!("unknown panic code: {:#x}", panic.code),
        Some(kind) => panic_words(kind).to_owned(),
    })
}

fn panic_words(kind: PanicKind) -> &'static str {
    match kind {
        PanicKind::Generic => "generic panic",
        PanicKind::Assert => "assert(false)",
        PanicKind::UnderOverflow => "arithmetic underflow or overflow",
        PanicKind::DivisionByZero => "division or modulo by zero",
        PanicKind::EnumConversionError => "enum overflow",
        PanicKind::StorageEncodingError => "invalid encoded storage byte array accessed",
        PanicKind::EmptyArrayPop => "out-of-bounds array access; popping on an empty array",
        PanicKind::ArrayOutOfBounds => "out-of-bounds access of an array or bytesN",
        PanicKind::ResourceError => "out of memory",
        PanicKind::InvalidInternalFunction => "uninitialized function",
        _ => "unknown panic",
    }
}

impl CallError {
    /// JSON-RPC error code: 3 with revert data, else -32000.
    pub fn code(&self) -> i32 {
        if self.data().is_some() { 3 } else { -32000 }
    }

    /// Revert data.
    pub fn data(&self) -> Option<&Bytes> {
        match self {
            Self::Reverted { data, .. } => Some(data),
            _ => None,
        }
    }

    /// The error of an outcome that is not a success.
    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome.status {
            Status::Revert => Self::Reverted {
                reason: revert_reason(&outcome.output).or(outcome.message),
                data: outcome.output,
            },
            Status::Success | Status::Failure => Self::Failed(
                outcome
                    .message
                    .unwrap_or_else(|| "execution failed".to_owned()),
            ),
        }
    }
}

impl CallRequest {
    /// What the machine executes, with this gas limit.
    pub(super) fn executable(&self, chain_id: u64, gas: u64) -> evm::Transaction {
        let tx_type = if !self.authorizations.is_empty() {
            4
        } else if self.access_list.is_some() {
            1
        } else {
            0
        };
        let env = TxEnv {
            tx_type,
            caller: self.from,
            gas_limit: gas,
            gas_price: self.fee_cap,
            kind: self.to.map_or(TxKind::Create, TxKind::Call),
            value: self.value,
            data: self.data.clone(),
            nonce: self.nonce,
            chain_id: Some(chain_id),
            access_list: self.access_list.clone().unwrap_or_default(),
            gas_priority_fee: (self.tip != 0).then_some(self.tip),
            blob_hashes: Vec::new(),
            max_fee_per_blob_gas: 0,
            authorization_list: self
                .authorizations
                .iter()
                .cloned()
                .map(Either::Left)
                .collect(),
        };
        evm::Transaction {
            env,
            raw: None,
            skips_l1: self.skips_l1,
            is_impersonated: false,
            replaced: AddressSet::default(),
        }
    }
}

/// A call with everything but its gas limit fixed.
#[derive(Debug, Clone)]
pub(super) struct Prepared<'a> {
    pub(super) reader: &'a Reader,
    pub(super) request: &'a CallRequest,
    pub(super) values: BlockValues,
    pub(super) view: View,
    replaced: AddressSet,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(
        reader: &'a Reader,
        request: &'a CallRequest,
        block: &Block,
        options: CallOptions,
    ) -> Self {
        let values = options.values(block);
        let number = block.header.number;
        let replaced = options.overlay.with_code();
        let view = reader.state().view(number).with_overlay(options.overlay);
        Self {
            reader,
            request,
            values,
            view,
            replaced,
        }
    }

    /// What the machine executes, with this gas limit.
    pub(super) fn executable(&self, gas: u64) -> evm::Transaction {
        evm::Transaction {
            replaced: self.replaced.clone(),
            ..self.request.executable(self.reader.rules().chain_id, gas)
        }
    }

    /// Gas limit of the call.
    pub(super) fn gas(&self) -> Result<u64, CallError> {
        let gas = self.request.gas.unwrap_or(u64::MAX);
        self.capped(gas)
            .map_err(|error| CallError::Refused { error, gas })
    }

    /// Gas that the request may use, of `asked`: the RPC's cap is for computing, and what the
    /// request pays for L1 data comes on top.
    pub(super) fn capped(&self, asked: u64) -> Result<u64, TxError> {
        let cap = self.reader.config().gas_cap;
        if asked <= cap {
            return Ok(asked);
        }
        Ok(asked.min(cap.saturating_add(self.l1_gas()?)))
    }

    /// L1 gas that an estimate for the request contains.
    pub(super) fn l1_gas(&self) -> Result<u64, TxError> {
        let rules = self.reader.rules();
        let tx = self.executable(0);
        evm::estimated_l1_gas(self.view.clone(), &self.values, &rules, &tx)
    }

    pub(super) fn run(&self, gas: u64, purpose: Purpose) -> Result<Outcome, TxError> {
        let rules = self.reader.rules();
        let tx = self.executable(gas);
        evm::execute(self.view.clone(), &self.values, &rules, &tx, purpose)
    }
}

impl Reader {
    /// Executes a call on the state at the end of `block` and returns its data.
    ///
    /// # Errors
    /// [`CallError`] when it reverts, fails or cannot be executed.
    pub fn call(
        &self,
        request: &CallRequest,
        block: &Arc<Block>,
        options: CallOptions,
    ) -> Result<Bytes, CallError> {
        let _past = self.keep_past();
        if request.to == Some(NODE_INTERFACE) {
            return self.node_interface(request, block, &options);
        }
        let prepared = Prepared::new(self, request, block, options);
        let gas = prepared.gas()?;
        let outcome = prepared
            .run(gas, Purpose::Call)
            .map_err(|error| CallError::Refused { error, gas })?;
        match outcome.status {
            Status::Success => Ok(outcome.output),
            Status::Revert | Status::Failure => Err(CallError::of(outcome)),
        }
    }
}
