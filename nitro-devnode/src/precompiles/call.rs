//! What a call of an ArbOS precompile is charged and how it may fail, as
//! `corpus/80-precompiles` shows it.
use alloy::sol_types::{SolError, SolEvent};
use revm::{
    Database,
    context_interface::JournalTr,
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
    primitives::{Address, B256, Bytes, Log, U256},
};

use super::{
    abi::Args,
    method::{Method, Mutability},
};
use crate::{
    arbos::{accounts, programs::ProgramError, storage::Slots},
    evm::ArbContext,
};

/// A read of ArbOS state, and so the price of opening it.
pub(super) const READ_GAS: u64 = 800;
const WRITE_GAS: u64 = 20_000;
const WRITE_ZERO_GAS: u64 = 5_000;
const COPY_WORD_GAS: u64 = 3;
const LOG_GAS: u64 = 375;
const LOG_TOPIC_GAS: u64 = 375;
const LOG_BYTE_GAS: u64 = 8;
const CODE_HASH_GAS: u64 = 2_600;

/// One method call in progress: the caller, what it sent and the gas it has left.
pub(super) struct Call<'a, DB: Database> {
    /// The transaction's context; going through it costs nothing.
    pub(super) ctx: &'a mut ArbContext<DB>,
    /// The precompile.
    pub(super) address: Address,
    /// Who called.
    pub(super) caller: Address,
    /// Wei sent along.
    pub(super) value: U256,
    /// Gas left.
    pub(super) gas: u64,
    /// Neither a write nor an event is allowed.
    read_only: bool,
}

/// Why a call did not return.
#[derive(Debug)]
pub(super) enum Failure {
    /// The gas is used up: a revert without data.
    OutOfGas,
    /// A revert without data; the gas left is returned.
    Reverted,
    /// A revert with a Solidity error; the gas left is returned.
    Typed {
        /// Selector and arguments.
        data: Vec<u8>,
        /// Nitro's words: `error Name(arguments)`.
        text: String,
    },
    /// Not even enough gas to open the state: not a revert.
    Unopened,
    /// A call that does not fit the ABI: a revert without data that takes all gas.
    Refused,
    /// Not a revert: takes all gas, with these words.
    Halted(String),
    /// The database failed; nothing can be said about the transaction.
    Database(String),
}

impl Failure {
    /// A Solidity error with Nitro's words for it.
    pub(super) fn typed(error: &impl SolError, text: impl Into<String>) -> Self {
        Self::Typed {
            data: error.abi_encode(),
            text: text.into(),
        }
    }

    /// What this node does not do: fails loudly, and says so in the log.
    pub(super) fn unsupported(what: &str) -> Self {
        tracing::warn!(method = what, "this node does not implement the method");
        Self::Halted(format!("{what} is not implemented by this node"))
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Self {
        Self::Typed {
            data: error.abi_encode(),
            text: error.to_string(),
        }
    }
}

/// Wraps a database error.
pub(super) fn database(error: impl std::fmt::Display) -> Failure {
    Failure::Database(error.to_string())
}

impl<DB: Database> Call<'_, DB> {
    /// Takes gas, or all of it if there is not enough.
    pub(super) fn burn(&mut self, gas: u64) -> Result<(), Failure> {
        match self.gas.checked_sub(gas) {
            Some(left) => {
                self.gas = left;
                Ok(())
            }
            None => Err(self.burn_out()),
        }
    }

    /// Takes all gas.
    pub(super) fn burn_out(&mut self) -> Failure {
        self.gas = 0;
        Failure::OutOfGas
    }

    /// Takes the copy price of `bytes`.
    fn burn_copy(&mut self, bytes: usize) -> Result<(), Failure> {
        self.burn(COPY_WORD_GAS.saturating_mul(bytes.div_ceil(32) as u64))
    }

    /// The code hash of an account, charged as a cold EXTCODEHASH.
    pub(super) fn code_hash(&mut self, address: Address) -> Result<B256, Failure> {
        self.burn(CODE_HASH_GAS)?;
        accounts::code_hash(self.ctx, address).map_err(database)
    }

    /// Emits an event of the precompile.
    pub(super) fn emit(&mut self, event: &impl SolEvent) -> Result<(), Failure> {
        if self.read_only {
            return Err(Failure::Reverted);
        }
        let data = event.encode_log_data();
        let topics = LOG_TOPIC_GAS * data.topics().len() as u64;
        self.burn(LOG_GAS + topics + LOG_BYTE_GAS * data.data.len() as u64)?;
        let address = self.address;
        self.ctx.journaled_state.log(Log { address, data });
        Ok(())
    }

    /// Seconds since the epoch, of the block.
    pub(super) fn now(&self) -> u64 {
        self.ctx.chain.block.timestamp
    }

    /// ArbOS version in force.
    pub(super) fn arbos_version(&self) -> u64 {
        self.ctx.chain.block.arbos_version
    }
}

impl<DB: Database> Slots for Call<'_, DB> {
    type Error = Failure;

    fn read(&mut self, slot: U256) -> Result<U256, Failure> {
        self.burn(READ_GAS)?;
        self.ctx.read(slot).map_err(database)
    }

    fn write(&mut self, slot: U256, value: U256) -> Result<(), Failure> {
        self.burn(if value.is_zero() {
            WRITE_ZERO_GAS
        } else {
            WRITE_GAS
        })?;
        if self.read_only {
            return Err(Failure::Reverted);
        }
        self.ctx.write(slot, value).map_err(database)
    }
}

/// Finds a selector's method.
pub(super) type Lookup<DB> = fn([u8; 4]) -> Option<Method<DB>>;

/// Runs the method that the input names.
pub(super) fn run<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
    lookup: Lookup<DB>,
) -> Result<InterpreterResult, String> {
    let input = inputs.input.bytes(ctx);
    let (gas_left, outcome) = execute(ctx, inputs, &input, lookup);
    finish(ctx, inputs, gas_left, outcome)
}

/// Gas left and what a method gave.
pub(super) type Ended = (u64, Result<Vec<u8>, Failure>);

/// Runs the method and charges for it.
pub(super) fn execute<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
    input: &[u8],
    lookup: Lookup<DB>,
) -> Ended {
    let Some((selector, data)) = input.split_first_chunk::<4>() else {
        return (0, Err(Failure::Refused));
    };
    let version = ctx.chain.block.arbos_version;
    let Some(method) = lookup(*selector).filter(|method| method.since <= version) else {
        return (0, Err(Failure::Refused));
    };
    if !is_allowed(inputs, method.mutability) {
        return (0, Err(Failure::Refused));
    }
    let mut call = Call {
        address: inputs.bytecode_address,
        caller: inputs.caller,
        value: inputs.transfer_value().unwrap_or(U256::ZERO),
        gas: inputs.gas_limit,
        read_only: inputs.is_static || method.mutability <= Mutability::View,
        ctx,
    };
    if method.mutability > Mutability::Pure && call.burn(READ_GAS).is_err() {
        return (0, Err(Failure::Unopened));
    }
    let outcome = invoke(&mut call, &method, data);
    (call.gas, outcome)
}

fn invoke<DB: Database>(
    call: &mut Call<'_, DB>,
    method: &Method<DB>,
    data: &[u8],
) -> Result<Vec<u8>, Failure> {
    call.burn_copy(data.len())?;
    let output = match (method.handler)(call, &mut Args::new(data)) {
        Err(Failure::Typed { data, text }) => {
            call.burn_copy(data.len())?;
            return Err(Failure::Typed { data, text });
        }
        outcome => outcome?,
    };
    call.burn_copy(output.len())?;
    Ok(output)
}

/// The rules on delegation, static context and value.
fn is_allowed(inputs: &CallInputs, mutability: Mutability) -> bool {
    let is_delegated = inputs.target_address != inputs.bytecode_address;
    let refuses_state = is_delegated && mutability > Mutability::Pure;
    let refuses_write = inputs.is_static && mutability > Mutability::View;
    let refuses_value = inputs.transfers_value() && mutability < Mutability::Payable;
    !(refuses_state || refuses_write || refuses_value)
}

/// The interpreter's view of an ended call; leaves Nitro's words in the context.
pub(super) fn finish<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
    gas_left: u64,
    outcome: Result<Vec<u8>, Failure>,
) -> Result<InterpreterResult, String> {
    ctx.chain.message = None;
    let (result, output, left) = match outcome {
        Ok(output) => (InstructionResult::Return, output, gas_left),
        Err(Failure::Reverted | Failure::OutOfGas) => {
            (InstructionResult::Revert, Vec::new(), gas_left)
        }
        Err(Failure::Typed { data, text }) => {
            ctx.chain.message = Some(text);
            (InstructionResult::Revert, data, gas_left)
        }
        Err(Failure::Refused) => (InstructionResult::Revert, Vec::new(), 0),
        Err(Failure::Unopened) => {
            ctx.chain.message = Some("out of gas".into());
            (InstructionResult::PrecompileOOG, Vec::new(), 0)
        }
        Err(Failure::Halted(text)) => {
            ctx.chain.message = Some(text);
            (InstructionResult::PrecompileError, Vec::new(), 0)
        }
        Err(Failure::Database(error)) => return Err(error),
    };
    let mut gas = Gas::new_with_regular_gas_and_reservoir(inputs.gas_limit, inputs.reservoir);
    gas.tracker_mut().set_remaining(left);
    Ok(InterpreterResult::new(result, Bytes::from(output), gas))
}

/// A call that no method takes: a revert without data that takes all gas.
pub(super) fn refuse<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
) -> Result<InterpreterResult, String> {
    finish(ctx, inputs, 0, Err(Failure::Refused))
}

/// A precompile before its version whose wrapper already looks the caller up: two reads,
/// then the success of an empty account.
pub(super) fn pass_filter<DB: Database>(
    ctx: &mut ArbContext<DB>,
    inputs: &CallInputs,
) -> Result<InterpreterResult, String> {
    let (left, outcome) = match inputs.gas_limit.checked_sub(2 * READ_GAS) {
        Some(left) => (left, Ok(Vec::new())),
        None => (0, Err(Failure::Unopened)),
    };
    finish(ctx, inputs, left, outcome)
}
