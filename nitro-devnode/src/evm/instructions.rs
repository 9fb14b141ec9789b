//! Opcodes that differ from Ethereum's.
//!
//! NUMBER and BLOCKHASH see the L1 block number, which the block environment carries, so
//! they need nothing here.
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
    handler::instructions::EthInstructions,
    interpreter::{
        Instruction, InstructionContext, InstructionExecResult, InstructionResult,
        instructions::{gas_table_spec, host, instruction_table},
        interpreter::EthInterpreter,
        interpreter_types::InputsTr as _,
    },
    primitives::hardfork::SpecId,
};

use super::ArbContext;
use crate::stylus::code;

/// The table of a machine.
pub(super) type Instructions<DB> = EthInstructions<EthInterpreter, ArbContext<DB>>;

/// Arbitrum has no blobs.
pub(super) const BLOBBASEFEE: u8 = 0x4A;
const SELFDESTRUCT: u8 = 0xFF;

/// Ethereum's instructions of `spec` with Arbitrum's changes.
pub(super) fn instructions<DB: Database>(spec: SpecId) -> Instructions<DB> {
    let gas = gas_table_spec(spec);
    let mut table = EthInstructions::new(instruction_table(), gas, spec);
    table.insert_instruction(BLOBBASEFEE, Instruction::unknown(), 0);
    let price = gas[usize::from(SELFDESTRUCT)];
    table.insert_instruction(SELFDESTRUCT, Instruction::new(selfdestruct), price);
    table
}

/// SELFDESTRUCT reverts while the acting account holds a Stylus program.
fn selfdestruct<DB: Database>(
    context: InstructionContext<'_, ArbContext<DB>, EthInterpreter>,
) -> InstructionExecResult {
    let acting = context.interpreter.input.target_address();
    let journal = context.host.journal_mut();
    let holds_program = match journal.load_account_with_code(acting) {
        Ok(account) => account
            .data
            .info
            .code
            .as_ref()
            .is_some_and(|code| code::is_program(code.original_byte_slice())),
        Err(_) => return Err(InstructionResult::FatalExternalError),
    };
    if holds_program {
        return Err(InstructionResult::Revert);
    }
    host::selfdestruct(context)
}
