//! Opcodes that differ from Ethereum's.
//!
//! NUMBER and BLOCKHASH see the L1 block number, which the block environment carries, so
//! they need nothing here.
use revm::{
    Database,
    context_interface::{ContextTr, Host as _, JournalTr},
    handler::instructions::EthInstructions,
    interpreter::{
        Instruction, InstructionContext, InstructionExecResult, InstructionResult,
        instructions::{contract, gas_table_spec, host, instruction_table},
        interpreter::EthInterpreter,
        interpreter_types::InputsTr as _,
    },
    primitives::{Address, hardfork::SpecId},
    state::Account,
};

use super::ArbContext;
use crate::stylus::code;

/// The table of a machine.
pub(super) type Instructions<DB> = EthInstructions<EthInterpreter, ArbContext<DB>>;

/// Arbitrum has no blobs.
pub(super) const BLOBBASEFEE: u8 = 0x4A;
const CREATE: u8 = 0xF0;
const CREATE2: u8 = 0xF5;
const SELFDESTRUCT: u8 = 0xFF;

/// Ethereum's instructions of `spec` with Arbitrum's changes.
pub(super) fn instructions<DB: Database>(spec: SpecId) -> Instructions<DB> {
    let gas = gas_table_spec(spec);
    let mut table = EthInstructions::new(instruction_table(), gas, spec);
    table.insert_instruction(BLOBBASEFEE, Instruction::unknown(), 0);
    for (opcode, instruction) in [
        (CREATE, Instruction::new(create::<false, DB>)),
        (CREATE2, Instruction::new(create::<true, DB>)),
        (SELFDESTRUCT, Instruction::new(selfdestruct)),
    ] {
        table.insert_instruction(opcode, instruction, gas[usize::from(opcode)]);
    }
    table
}

/// CREATE and CREATE2, which leave the size of too large an init code on the stack: the
/// words of the failure name it (see `words`).
fn create<const IS_CREATE2: bool, DB: Database>(
    context: InstructionContext<'_, ArbContext<DB>, EthInterpreter>,
) -> InstructionExecResult {
    let limit = context.host.max_initcode_size() as u64;
    let operands = context.interpreter.stack.data();
    let size = operands.iter().nth_back(2).map(u64::try_from);
    let is_too_large = matches!(size, Some(Ok(size)) if size > limit);
    let is_complete = operands.len() >= if IS_CREATE2 { 4 } else { 3 };
    if is_too_large && is_complete && !context.interpreter.runtime_flag.is_static {
        return Err(InstructionResult::CreateInitCodeSizeLimit);
    }
    contract::create::<IS_CREATE2, _, _>(context)
}

/// SELFDESTRUCT reverts while the acting account holds a Stylus program, once it is paid.
fn selfdestruct<DB: Database>(
    context: InstructionContext<'_, ArbContext<DB>, EthInterpreter>,
) -> InstructionExecResult {
    let acting = context.interpreter.input.target_address();
    let account = load(context.host, acting)?;
    let holds_program = account
        .info
        .code
        .as_ref()
        .is_some_and(|code| code::is_program(code.original_byte_slice()));
    if !holds_program || context.interpreter.runtime_flag.is_static {
        return host::selfdestruct(context);
    }
    let has_value = !account.info.balance.is_zero();
    let heir = context
        .interpreter
        .stack
        .pop()
        .map_err(|_| InstructionResult::StackUnderflow)?;
    let heir = Address::from_word(heir.into());
    let cold = context
        .host
        .journal_mut()
        .load_account(heir)
        .map_err(|_| InstructionResult::FatalExternalError)?
        .is_cold;
    let creates = has_value && load(context.host, heir)?.info.is_empty();
    let cost = context.host.cfg.gas_params.selfdestruct_cost(creates, cold);
    if !context.interpreter.gas.record_regular_cost(cost) {
        return Err(InstructionResult::OutOfGas);
    }
    Err(InstructionResult::Revert)
}

fn load<DB: Database>(
    host: &mut ArbContext<DB>,
    address: Address,
) -> Result<&Account, InstructionResult> {
    host.journal_mut()
        .load_account_with_code(address)
        .map(|load| load.data)
        .map_err(|_| InstructionResult::FatalExternalError)
}
