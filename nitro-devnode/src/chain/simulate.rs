//! Executes calls in blocks that follow one another and are not kept (`eth_simulateV1`).
use std::sync::Arc;

use alloy::{
    consensus::TxEip1559,
    primitives::{Address, B256, Bytes, TxKind, map::AddressSet},
};
use revm::{Database, DatabaseCommit, database::CacheDB, state::EvmState};
use revm_inspectors::transfer::TransferInspector;

use super::{
    Block, Body, CallError, CallOptions, CallRequest, Included, Incoming, Reader, Receipt, Unsigned,
};
use crate::{
    arbos::{accounts::ARBOS_STATE, send_merkle::SendMerkle},
    evm::{self, BlockValues, Outcome, Purpose, Status, TxError},
    state::{Overlay, View},
};

/// Most blocks of one simulation, those included that fill gaps.
const MOST_SIMULATED: usize = 256;

/// Calls of one block, in order, and what the block pretends before them.
#[derive(Debug, Default)]
pub struct Planned {
    /// Accounts and block values.
    pub options: CallOptions,
    /// What is called, and the nonce if one is given; else it is the sender's.
    pub calls: Vec<(CallRequest, Option<u64>)>,
}

/// How to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Nonces, fees and balances are checked as a block's.
    pub validates: bool,
    /// Moved ETH shows as a log of a token's transfer.
    pub logs_transfers: bool,
}

/// A simulated block: its transactions have no valid signatures.
#[derive(Debug)]
pub struct Simulated {
    /// The block.
    pub block: Block,
    /// How each call ended, in order.
    pub calls: Vec<SimulatedCall>,
}

/// How a call ended.
#[derive(Debug)]
pub struct SimulatedCall {
    /// Return or revert data.
    pub output: Bytes,
    /// Gas used after refunds.
    pub gas_used: u64,
    /// Gas used before refunds.
    pub peak_gas: u64,
    /// Why it failed, if it did.
    pub error: Option<CallError>,
}

/// Why nothing is simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulateError {
    /// A block's number is not above the one before it.
    #[error("block numbers must be in order: {number} <= {last}")]
    NumberOrder {
        /// Number asked for.
        number: u64,
        /// Number before it.
        last: u64,
    },
    /// A block's time is not after the one before it.
    #[error("block timestamps must be in order: {time} <= {last}")]
    TimeOrder {
        /// Time asked for, seconds.
        time: u64,
        /// Time before it, seconds.
        last: u64,
    },
    /// More than 256, those included that fill gaps.
    #[error("too many blocks")]
    TooManyBlocks,
    /// A call cannot be executed at all.
    #[error("err: {error} (supplied gas {gas})")]
    Refused {
        /// Why.
        error: TxError,
        /// Gas it was to run with.
        gas: u64,
    },
}

impl SimulateError {
    /// The code that the specification of the method has for it.
    pub fn code(&self) -> i32 {
        match self {
            Self::NumberOrder { .. } => -38020,
            Self::TimeOrder { .. } => -38021,
            Self::TooManyBlocks => -38026,
            Self::Refused { error, .. } => match error {
                TxError::NonceTooLow { .. } => -38010,
                TxError::NonceTooHigh { .. } => -38011,
                TxError::FeeCapTooLow { .. } => -38012,
                TxError::IntrinsicGas { .. } | TxError::FloorGas { .. } => -38013,
                TxError::InsufficientFunds { .. } => -38014,
                TxError::SenderNotEoa { .. } => -38024,
                TxError::InitcodeTooLarge { .. } => -38025,
                _ => -32000,
            },
        }
    }
}

impl Reader {
    /// Executes the planned blocks on the state at the end of `base`.
    ///
    /// All calls together have the gas of one `eth_call`. The blocks have no internal
    /// transaction, and ArbOS does nothing between them.
    ///
    /// # Errors
    /// [`SimulateError`]; a call that reverts or fails stands in its place.
    pub fn simulate(
        &self,
        planned: Vec<Planned>,
        base: &Arc<Block>,
        how: Simulation,
    ) -> Result<Vec<Simulated>, SimulateError> {
        let _past = self.keep_past();
        let planned = fill_gaps(planned, base)?;
        let mut run = Run {
            reader: self,
            how,
            database: CacheDB::new(self.state().view(base.header.number)),
            gas_left: self.config().gas_cap,
            parent: base.hash,
            replaced: AddressSet::default(),
        };
        planned
            .into_iter()
            .map(|(values, planned)| run.block(&values, planned))
            .collect()
    }
}

/// Gives each block its values, and puts empty blocks where numbers are left out.
fn fill_gaps(
    planned: Vec<Planned>,
    base: &Block,
) -> Result<Vec<(BlockValues, Planned)>, SimulateError> {
    let mut last = base.values();
    let mut filled: Vec<(BlockValues, Planned)> = Vec::new();
    for block in planned {
        let number = block.options.number;
        let number = number.unwrap_or(last.number.saturating_add(1));
        if number <= last.number {
            let last = last.number;
            return Err(SimulateError::NumberOrder { number, last });
        }
        let gap = number.saturating_sub(last.number);
        let count = u64::try_from(filled.len()).unwrap_or(u64::MAX);
        if count.saturating_add(gap) > MOST_SIMULATED as u64 {
            return Err(SimulateError::TooManyBlocks);
        }
        while last.number.saturating_add(1) < number {
            last.number = last.number.saturating_add(1);
            last.timestamp = last.timestamp.saturating_add(1);
            filled.push((last, Planned::default()));
        }
        let time = block.options.timestamp;
        let time = time.unwrap_or(last.timestamp.saturating_add(1));
        if time <= last.timestamp {
            let last = last.timestamp;
            return Err(SimulateError::TimeOrder { time, last });
        }
        (last.number, last.timestamp) = (number, time);
        let values = BlockValues {
            base_fee: block.options.base_fee.unwrap_or(last.base_fee),
            constants: block.options.constants,
            ..last
        };
        filled.push((values, block));
    }
    Ok(filled)
}

/// A simulation in progress.
struct Run<'a> {
    reader: &'a Reader,
    how: Simulation,
    database: CacheDB<View>,
    gas_left: u64,
    parent: B256,
    /// Accounts that have got another code so far.
    replaced: AddressSet,
}

impl Run<'_> {
    fn block(
        &mut self,
        values: &BlockValues,
        planned: Planned,
    ) -> Result<Simulated, SimulateError> {
        self.replaced.extend(planned.options.overlay.with_code());
        pretend(&mut self.database, planned.options.overlay);
        let mut included = Vec::with_capacity(planned.calls.len());
        let mut calls = Vec::with_capacity(planned.calls.len());
        let (mut gas_used, mut logs) = (0_u64, 0_u64);
        for (mut request, nonce) in planned.calls {
            request.nonce = nonce.unwrap_or_else(|| self.nonce(request.from));
            request.gas = Some(self.gas(&request, values)?);
            let outcome = self.call(&request, values)?;
            gas_used = gas_used.saturating_add(outcome.gas_used);
            let tx = transaction(&request, self.reader.config().chain_id);
            let receipt = Receipt {
                success: outcome.status == Status::Success,
                gas_used: outcome.gas_used,
                gas_used_for_l1: outcome.gas_used_for_l1,
                cumulative_gas_used: gas_used,
                contract_address: outcome.contract_address,
                logs: outcome.logs.clone(),
                first_log_index: logs,
            };
            logs = logs.saturating_add(u64::try_from(receipt.logs.len()).unwrap_or(u64::MAX));
            included.push(Included {
                body: Body::from(&tx),
                hash: tx.hash,
                sender: tx.sender,
                receipt,
            });
            calls.push(SimulatedCall::from(outcome));
        }
        let database = &mut self.database;
        let Ok(sent) = SendMerkle::load(|slot| database.storage(ARBOS_STATE, slot));
        let chain_id = self.reader.config().chain_id;
        // What is not kept has no root.
        let block = Block::seal(values, self.parent, B256::ZERO, chain_id, &sent, included);
        self.parent = block.hash;
        Ok(Simulated { block, calls })
    }

    fn nonce(&mut self, sender: Address) -> u64 {
        let Ok(sender) = self.database.basic(sender);
        sender.map_or(0, |sender| sender.nonce)
    }

    /// Gas limit of a call: what it asks for, of what is left to compute with, and on top what
    /// it pays for L1 data.
    fn gas(&mut self, request: &CallRequest, values: &BlockValues) -> Result<u64, SimulateError> {
        let gas = request.gas.unwrap_or(u64::MAX);
        if gas <= self.gas_left {
            return Ok(gas);
        }
        let rules = self.reader.rules();
        let tx = request.executable(rules.chain_id, 0);
        let l1_gas = evm::estimated_l1_gas(&mut self.database, values, &rules, &tx)
            .map_err(|error| SimulateError::Refused { error, gas })?;
        Ok(gas.min(self.gas_left.saturating_add(l1_gas)))
    }

    fn call(
        &mut self,
        request: &CallRequest,
        values: &BlockValues,
    ) -> Result<Outcome, SimulateError> {
        let gas = request.gas.unwrap_or_default();
        let rules = self.reader.rules();
        let tx = evm::Transaction {
            replaced: self.replaced.clone(),
            ..request.executable(rules.chain_id, gas)
        };
        let purpose = match self.how.validates {
            true => Purpose::Commit,
            false => Purpose::Call,
        };
        let database = &mut self.database;
        let inspector = TransferInspector::new(false).with_logs(true);
        let outcome = match self.how.logs_transfers {
            true => evm::execute_traced(database, values, &rules, &tx, purpose, inspector),
            false => evm::execute(database, values, &rules, &tx, purpose),
        };
        let mut outcome = outcome.map_err(|error| SimulateError::Refused { error, gas })?;
        let computed = outcome.gas_used.saturating_sub(outcome.gas_used_for_l1);
        self.gas_left = self.gas_left.saturating_sub(computed);
        self.database
            .commit(std::mem::take::<EvmState>(&mut outcome.state));
        Ok(outcome)
    }
}

/// Writes what a block pretends into the state that its calls find.
fn pretend(database: &mut CacheDB<View>, overlay: Overlay) {
    for (address, pretended) in overlay.accounts {
        let Ok(found) = database.basic(address);
        let mut account = found.unwrap_or_default();
        account.balance = pretended.balance.unwrap_or(account.balance);
        account.nonce = pretended.nonce.unwrap_or(account.nonce);
        if let Some(code) = pretended.code {
            account.code_hash = code.hash_slow();
            account.code = Some(code);
        }
        database.insert_account_info(address, account);
        if pretended.only_slots {
            let Ok(()) =
                database.replace_account_storage(address, pretended.slots.into_iter().collect());
        } else {
            for (slot, value) in pretended.slots {
                let Ok(()) = database.insert_account_storage(address, slot, value);
            }
        }
    }
}

/// The call as a transaction that nobody signed.
fn transaction(request: &CallRequest, chain_id: u64) -> Incoming {
    let tx = TxEip1559 {
        chain_id,
        nonce: request.nonce,
        gas_limit: request.gas.unwrap_or_default(),
        max_fee_per_gas: request.fee_cap,
        max_priority_fee_per_gas: request.tip,
        to: request.to.map_or(TxKind::Create, TxKind::Call),
        value: request.value,
        access_list: request.access_list.clone().unwrap_or_default(),
        input: request.data.clone(),
    };
    Incoming::unsigned(Unsigned::Eip1559(tx), request.from)
}

impl From<Outcome> for SimulatedCall {
    fn from(outcome: Outcome) -> Self {
        Self {
            output: outcome.output.clone(),
            gas_used: outcome.gas_used,
            peak_gas: outcome.peak_gas,
            error: (outcome.status != Status::Success).then(|| CallError::of(outcome)),
        }
    }
}
