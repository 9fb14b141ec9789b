//! Which SELFDESTRUCT revm tells no inspector of: one of an older contract to itself, which
//! changes nothing. geth's tracers see it as every other.
use revm::{
    Database,
    bytecode::opcode::SELFDESTRUCT,
    interpreter::{
        InstructionResult, Interpreter, InterpreterAction,
        interpreter::EthInterpreter,
        interpreter_types::{InputsTr as _, Jumps as _, LoopControl as _},
    },
    primitives::{Address, U256},
};

use crate::evm::ArbContext;

/// Looks at each instruction before and after it is executed.
#[derive(Debug, Default)]
pub(super) struct OwnHeir {
    /// The instruction is a SELFDESTRUCT to the account that runs.
    is_next: bool,
}

impl OwnHeir {
    /// Before an instruction.
    pub(super) fn step(&mut self, interp: &Interpreter<EthInterpreter>) {
        self.is_next = interp.bytecode.opcode() == SELFDESTRUCT
            && interp.stack.data().last().is_some_and(|heir| {
                Address::from_word((*heir).into()) == interp.input.target_address()
            });
    }

    /// After it: the account and its balance, wei, if it destroyed itself unnoticed.
    pub(super) fn step_end<DB: Database>(
        &self,
        interp: &mut Interpreter<EthInterpreter>,
        context: &ArbContext<DB>,
    ) -> Option<(Address, U256)> {
        if !self.is_next {
            return None;
        }
        let account = interp.input.target_address();
        let Some(InterpreterAction::Return(result)) = interp.bytecode.action() else {
            return None;
        };
        // It runs, so it is loaded.
        let loaded = context.journaled_state.state.get(&account)?;
        let is_noticed = loaded.is_created_locally();
        (result.result == InstructionResult::SelfDestruct && !is_noticed)
            .then_some((account, loaded.info.balance))
    }
}
