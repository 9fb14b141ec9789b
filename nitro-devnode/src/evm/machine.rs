//! revm's machine with Stylus in it: which frames are programs, which frames are open.
use revm::{
    Database, Inspector,
    context::{Evm, FrameStack},
    handler::{
        EthFrame, EvmTr, FrameInitOrResult, FrameResult, ItemOrResult,
        evm::{ContextDbError, FrameInitResult},
        instructions::EthInstructions,
    },
    inspector::{InspectorEvmTr, handler::frame_end, inspect_instructions},
    interpreter::{
        CallScheme, FrameInput, InstructionResult, InterpreterAction, interpreter::EthInterpreter,
        interpreter_action::FrameInit,
    },
    primitives::{Address, address},
};

use super::{
    ArbContext,
    context::OpenFrame,
    instructions::{Instructions, instructions},
    program::{self, ProgramFrame},
    words,
};
use crate::{precompiles::ArbPrecompiles, stylus::code};

/// The precompile that revm keeps touched when the frame that touched it fails, as one block of
/// Ethereum's wants it.
const RIPEMD160: Address = address!("0x0000000000000000000000000000000000000003");

/// Everything one transaction runs on.
pub(super) struct Machine<DB: Database, I> {
    evm: Evm<ArbContext<DB>, I, Instructions<DB>, ArbPrecompiles, EthFrame>,
    programs: Vec<ProgramFrame>,
    /// Entries of the journal before the call that touched [`RIPEMD160`].
    ripemd160_touched_after: Option<usize>,
}

impl<DB: Database, I> Machine<DB, I> {
    /// A machine for the transaction in `ctx`.
    pub(super) fn new(ctx: ArbContext<DB>, inspector: I) -> Self {
        let spec = ctx.cfg.spec;
        let precompiles = ArbPrecompiles::new(ctx.chain.block.arbos_version);
        Self {
            evm: Evm::new_with_inspector(ctx, inspector, instructions(spec), precompiles),
            programs: Vec::new(),
            ripemd160_touched_after: None,
        }
    }

    /// Turns what the top frame did into a new frame or its result.
    fn settle(
        &mut self,
        action: InterpreterAction,
    ) -> Result<FrameInitOrResult<EthFrame>, ContextDbError<ArbContext<DB>>> {
        let action = self.refuse_reserved_code(action);
        let frame = self.evm.frame_stack.get();
        let ended = action.instruction_result();
        let outcome = frame
            .process_next_action::<_, ContextDbError<ArbContext<DB>>>(&mut self.evm.ctx, action)?;
        forget_reverted_touch(&mut self.evm.ctx, &mut self.ripemd160_touched_after);
        if let ItemOrResult::Result(result) = &outcome {
            frame.set_finished(true);
            if frame.depth == 0 && !program::is_program(frame) {
                self.evm.ctx.chain.message = match ended {
                    Some(ended) if ended.is_ok() && result.instruction_result().is_halt() => {
                        Some(words::of_deposit(result.instruction_result()))
                    }
                    Some(ended) => words::of(&frame.interpreter, ended),
                    None => None,
                };
            }
        }
        Ok(outcome)
    }

    /// EIP-3541, with an exemption for Stylus programs (revm's own check is off).
    fn refuse_reserved_code(&mut self, mut action: InterpreterAction) -> InterpreterAction {
        if let InterpreterAction::Return(result) = &mut action
            && matches!(self.evm.frame_stack.get().input, FrameInput::Create(_))
            && result.result.is_ok()
            && result.output.first() == Some(&0xEF)
            && result.output.len() <= crate::evm::MAX_CODE_SIZE
            && !code::is_program(&result.output)
        {
            result.result = InstructionResult::CreateContractStartingWithEF;
        }
        action
    }

    /// The callee, if it does not exist and this call does not make it: programs can tell an
    /// account that is empty from one that is not there (`account_codehash`).
    fn absent_callee(&self, init: &FrameInit) -> Option<Address> {
        let FrameInput::Call(call) = &init.frame_input else {
            return None;
        };
        let address = call.target_address;
        let account = self.evm.ctx.journaled_state.inner.state.get(&address)?;
        let makes_it = call.scheme != CallScheme::Call
            || call.transfers_value()
            || self.evm.precompiles.is_one(&address)
                && !self.evm.ctx.chain.replaced.contains(&address);
        (account.is_loaded_as_not_existing_not_touched() && !makes_it).then_some(address)
    }

    /// Notes where the journal is before a call that may be the first to touch [`RIPEMD160`].
    fn watch_ripemd160(&mut self, init: &FrameInit) {
        let FrameInput::Call(call) = &init.frame_input else {
            return;
        };
        let journal = &self.evm.ctx.journaled_state.inner;
        let callee = journal.state.get(&call.target_address);
        if call.target_address == RIPEMD160 && callee.is_none_or(|callee| !callee.is_touched()) {
            self.ripemd160_touched_after = Some(journal.journal.len());
        }
    }

    fn run_program(&mut self) -> Result<InterpreterAction, ContextDbError<ArbContext<DB>>> {
        Ok(program::run(
            &mut self.evm.ctx,
            self.evm.frame_stack.get(),
            &mut self.programs,
        )?)
    }
}

impl<DB: Database, I> EvmTr for Machine<DB, I> {
    type Context = ArbContext<DB>;
    type Instructions = EthInstructions<EthInterpreter, ArbContext<DB>>;
    type Precompiles = ArbPrecompiles;
    type Frame = EthFrame;

    fn all(
        &self,
    ) -> (
        &Self::Context,
        &Self::Instructions,
        &Self::Precompiles,
        &FrameStack<Self::Frame>,
    ) {
        self.evm.all()
    }

    fn all_mut(
        &mut self,
    ) -> (
        &mut Self::Context,
        &mut Self::Instructions,
        &mut Self::Precompiles,
        &mut FrameStack<Self::Frame>,
    ) {
        self.evm.all_mut()
    }

    fn frame_init(
        &mut self,
        frame_init: FrameInit,
    ) -> Result<FrameInitResult<'_, Self::Frame>, ContextDbError<Self::Context>> {
        let absent = self.absent_callee(&frame_init);
        self.watch_ripemd160(&frame_init);
        if let ItemOrResult::Result(result) = self.evm.frame_init(frame_init)? {
            forget_reverted_touch(&mut self.evm.ctx, &mut self.ripemd160_touched_after);
            let state = &mut self.evm.ctx.journaled_state.inner.state;
            if let Some(callee) = absent.and_then(|address| state.get_mut(&address)) {
                callee.unmark_touch();
            }
            return Ok(ItemOrResult::Result(result));
        }
        let frame = self.evm.frame_stack.get();
        let delegate = match &frame.input {
            FrameInput::Call(call) => {
                matches!(call.scheme, CallScheme::DelegateCall | CallScheme::CallCode)
            }
            _ => false,
        };
        self.evm.ctx.chain.frames.push(OpenFrame {
            acting: frame.interpreter.input.target_address,
            caller: frame.interpreter.input.caller_address,
            delegate,
        });
        Ok(ItemOrResult::Item(frame))
    }

    fn frame_run(
        &mut self,
    ) -> Result<FrameInitOrResult<Self::Frame>, ContextDbError<Self::Context>> {
        let frame = self.evm.frame_stack.get();
        let action = if program::is_program(frame) {
            self.run_program()?
        } else {
            frame.interpreter.run_plain(
                self.evm.instruction.instruction_table(),
                self.evm.instruction.gas_table(),
                &mut self.evm.ctx,
            )
        };
        self.settle(action)
    }

    fn frame_return_result(
        &mut self,
        result: FrameResult,
    ) -> Result<Option<FrameResult>, ContextDbError<Self::Context>> {
        if self.evm.frame_stack.get().is_finished() {
            self.evm.frame_stack.pop();
            self.evm.ctx.chain.frames.pop();
        }
        if self.evm.frame_stack.index().is_none() {
            return Ok(Some(result));
        }
        let frame = self.evm.frame_stack.get();
        match self.programs.last_mut() {
            Some(program) if program.depth == frame.depth => program.deliver(frame, result),
            _ => frame
                .return_result::<_, ContextDbError<Self::Context>>(&mut self.evm.ctx, result)?,
        }
        Ok(None)
    }
}

impl<DB: Database, I: Inspector<ArbContext<DB>>> InspectorEvmTr for Machine<DB, I> {
    type Inspector = I;

    fn all_inspector(
        &self,
    ) -> (
        &Self::Context,
        &Self::Instructions,
        &Self::Precompiles,
        &FrameStack<Self::Frame>,
        &Self::Inspector,
    ) {
        (
            &self.evm.ctx,
            &self.evm.instruction,
            &self.evm.precompiles,
            &self.evm.frame_stack,
            &self.evm.inspector,
        )
    }

    fn all_mut_inspector(
        &mut self,
    ) -> (
        &mut Self::Context,
        &mut Self::Instructions,
        &mut Self::Precompiles,
        &mut FrameStack<Self::Frame>,
        &mut Self::Inspector,
    ) {
        (
            &mut self.evm.ctx,
            &mut self.evm.instruction,
            &mut self.evm.precompiles,
            &mut self.evm.frame_stack,
            &mut self.evm.inspector,
        )
    }

    fn inspect_frame_run(
        &mut self,
    ) -> Result<FrameInitOrResult<Self::Frame>, ContextDbError<Self::Context>> {
        let frame = self.evm.frame_stack.get();
        let action = if program::is_program(frame) {
            let seen = self.evm.ctx.journaled_state.inner.logs.len();
            let action = self.run_program()?;
            let logs = self.evm.ctx.journaled_state.inner.logs.get(seen..);
            for log in logs.unwrap_or_default().to_vec() {
                self.evm.inspector.log(&mut self.evm.ctx, log);
            }
            action
        } else {
            inspect_instructions(
                &mut self.evm.ctx,
                &mut frame.interpreter,
                &mut self.evm.inspector,
                self.evm.instruction.instruction_table(),
                self.evm.instruction.gas_table(),
            )
        };
        let mut outcome = self.settle(action);
        if let Ok(ItemOrResult::Result(result)) = &mut outcome {
            let frame = self.evm.frame_stack.get();
            frame_end(
                &mut self.evm.ctx,
                &mut self.evm.inspector,
                &frame.input,
                result,
            );
        }
        outcome
    }
}

/// Takes the touch of [`RIPEMD160`] back if the journal has lost it: to programs
/// (`account_codehash`) the account is then as absent as before.
fn forget_reverted_touch<DB: Database>(
    ctx: &mut ArbContext<DB>,
    touched_after: &mut Option<usize>,
) {
    let journal = &mut ctx.journaled_state.inner;
    if touched_after.is_some_and(|entries| journal.journal.len() <= entries) {
        *touched_after = None;
        if let Some(account) = journal.state.get_mut(&RIPEMD160) {
            account.unmark_touch();
        }
    }
}
