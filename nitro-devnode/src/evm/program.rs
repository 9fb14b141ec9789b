//! Where a frame becomes Stylus: starts a program for a frame whose code is one, answers
//! its questions from the journal, and turns its end into the frame's result.
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
    handler::{EthFrame, FrameResult},
    interpreter::{FrameInput, Gas, InstructionResult, InterpreterAction, InterpreterResult},
    primitives::{Bytes, U256},
};

use super::{
    ArbContext,
    subcall::{self, Awaited},
};
use crate::{
    arbos::{
        params::{self, StylusParams},
        programs,
    },
    stylus::{
        activate::{ActivationRules, instrument},
        code,
        engine::{CompileError, ProgramKey, Programs},
        exchange::{Access, Request, StoreError},
        host::Env,
        run::{Ended, Ending, Running, Start, Step},
    },
};

/// A suspended program and what its frame needs at the end.
pub(super) struct ProgramFrame {
    /// Depth of the EVM frame it runs in.
    pub(super) depth: usize,
    running: Running,
    awaited: Option<Awaited>,
    params: StylusParams,
    starting_gas: u64,
    open_pages_before: u16,
}

impl ProgramFrame {
    /// Hands the result of the frame's call or creation to the program.
    pub(super) fn deliver(&mut self, frame: &mut EthFrame, result: FrameResult) {
        frame.interpreter.memory.free_child_context();
        if let Some(awaited) = self.awaited.take() {
            subcall::deliver(awaited, frame, result);
        }
    }
}

/// Whether the frame's code is a Stylus program.
pub(super) fn is_program(frame: &EthFrame) -> bool {
    matches!(frame.input, FrameInput::Call(_))
        && code::is_program(frame.interpreter.bytecode.original_byte_slice())
}

/// Why a program does not start. All of them take the frame's whole gas.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    /// It is not active.
    #[error(transparent)]
    Inactive(#[from] programs::ProgramError),
    /// Its start-up cost is more than the frame's gas.
    #[error("out of gas")]
    OutOfGas,
    /// It cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

/// Bytes of the largest module that is compiled for a call whatever the limit has become:
/// 128 times the limit that a chain starts with.
const ANY_WASM: u32 = 16 << 20;

/// Runs the program of the top frame until the frame calls, creates or returns.
pub(super) fn run<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &mut EthFrame,
    programs: &mut Vec<ProgramFrame>,
) -> Result<InterpreterAction, DB::Error> {
    if programs.last().map(|program| program.depth) != Some(frame.depth) {
        match start(ctx, frame)? {
            Ok(program) => programs.push(program),
            Err(error) => {
                ctx.chain.message = Some(error.to_string());
                return Ok(InterpreterAction::Return(out_of_gas(frame)));
            }
        }
    }
    let Some(program) = programs.last_mut() else {
        return Ok(InterpreterAction::Return(out_of_gas(frame)));
    };
    loop {
        let request = match program.running.step() {
            Step::Asks(request) => request,
            Step::Ended(ended) => {
                ctx.chain.open_pages = program.open_pages_before;
                let result = finish(ctx, frame, program, ended);
                programs.pop();
                return Ok(InterpreterAction::Return(result));
            }
        };
        if let Some((input, awaited)) = answer(ctx, frame, &program.params, request)? {
            program.awaited = Some(awaited);
            return Ok(InterpreterAction::NewFrame(input));
        }
    }
}

fn start<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &mut EthFrame,
) -> Result<Result<ProgramFrame, StartError>, DB::Error> {
    let code_hash = frame.interpreter.bytecode.get_or_calculate_hash();
    let params = params::load(ctx)?;
    let program = programs::load_program(ctx, code_hash)?;
    Ok(start_active(ctx, frame, code_hash, params, &program))
}

fn start_active<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &mut EthFrame,
    code_hash: revm::primitives::B256,
    params: StylusParams,
    program: &programs::Program,
) -> Result<ProgramFrame, StartError> {
    programs::check_active(program, &params, ctx.chain.block.timestamp)?;
    let starting_gas = frame.interpreter.gas.remaining();
    let open_pages_before = ctx.chain.open_pages;
    let cost = programs::call_cost(program, &params, open_pages_before, ctx.chain.ever_pages);
    let gas = starting_gas.checked_sub(cost).ok_or(StartError::OutOfGas)?;
    // Pages are open only while a program runs, and one that cannot be built does not.
    let compiled = compile(ctx, frame, code_hash, &params)?;
    ctx.chain.open(program.footprint);
    let start = Start {
        ink: gas.saturating_mul(u64::from(params.ink_price)),
        stack: params.max_stack_depth,
        env: env(ctx, frame, &params),
        log: ctx.chain.hostios.clone(),
    };
    Ok(ProgramFrame {
        depth: frame.depth,
        running: Running::new(compiled, start),
        awaited: None,
        params,
        starting_gas,
        open_pages_before,
    })
}

fn compile<DB: Database>(
    ctx: &ArbContext<DB>,
    frame: &EthFrame,
    code_hash: revm::primitives::B256,
    params: &StylusParams,
) -> Result<crate::stylus::engine::Program, StartError> {
    let key = ProgramKey {
        code_hash,
        max_stack_depth: params.max_stack_depth,
        arbos_version: ctx.chain.block.arbos_version,
    };
    let rules = ActivationRules {
        arbos_version: ctx.chain.block.arbos_version,
        stylus_version: params.version,
        page_limit: params.page_limit,
        production_rules: ctx.chain.rules.production_rules,
    };
    let code = frame.interpreter.bytecode.original_byte_slice();
    Ok(Programs::get()?.program(key, || {
        // The limit of today is for activations; this program may have had another one.
        let wasm = code::decompress(code, params.max_wasm_size.max(ANY_WASM))?;
        Ok(instrument(&wasm, &rules)?)
    })?)
}

fn env<DB: Database>(ctx: &ArbContext<DB>, frame: &EthFrame, params: &StylusParams) -> Env {
    let input = &frame.interpreter.input;
    let open = ctx
        .chain
        .frames
        .iter()
        .filter(|open| !open.delegate && open.acting == input.target_address)
        .count();
    Env {
        calldata: input.input.bytes(ctx),
        contract: input.target_address,
        caller: input.caller_address,
        value: input.call_value,
        is_static: frame.interpreter.runtime_flag.is_static,
        reentrant: open > 1,
        origin: ctx.tx.caller,
        gas_price: U256::from(ctx.tx.gas_price),
        base_fee: U256::from(ctx.block.basefee),
        block_number: ctx.chain.block.l1_block_number,
        block_timestamp: ctx.chain.block.timestamp,
        block_gas_limit: ctx.block.gas_limit,
        coinbase: ctx.block.beneficiary,
        chain_id: ctx.chain.rules.chain_id,
        ink_price: params.ink_price.into(),
        arbos_version: ctx.chain.block.arbos_version,
    }
}

/// Answers a question, or returns the frame whose result will be the answer.
fn answer<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &mut EthFrame,
    params: &StylusParams,
    request: Request,
) -> Result<Option<(FrameInput, Awaited)>, DB::Error> {
    let contract = frame.interpreter.input.target_address;
    match request {
        Request::LoadStorage { key, reply } => {
            let load = ctx.journal_mut().sload(contract, key)?;
            reply.send(Access {
                value: load.data,
                cold: load.is_cold,
            });
        }
        Request::StoreStorage {
            entries,
            budget,
            reply,
        } => reply.send(store(ctx, frame, &entries, budget)?),
        Request::LoadTransient { key, reply } => {
            reply.send(ctx.journal_mut().tload(contract, key));
        }
        Request::StoreTransient { key, value, reply } => {
            ctx.journal_mut().tstore(contract, key, value);
            reply.send(());
        }
        Request::Balance { address, reply } => {
            let load = ctx.journal_mut().load_account(address)?;
            reply.send(Access {
                value: load.data.info.balance,
                cold: load.is_cold,
            });
        }
        Request::CodeHash { address, reply } => {
            let load = ctx.journal_mut().load_account(address)?;
            let value = if load.data.is_loaded_as_not_existing_not_touched() {
                revm::primitives::B256::ZERO
            } else {
                load.data.info.code_hash
            };
            reply.send(Access {
                value,
                cold: load.is_cold,
            });
        }
        Request::Code { address, reply } => {
            let load = ctx.journal_mut().load_account_with_code(address)?;
            let code = load.data.info.code.as_ref();
            reply.send(Access {
                value: code.map(|code| code.original_bytes()).unwrap_or_default(),
                cold: load.is_cold,
            });
        }
        Request::OpenPages { pages, reply } => {
            let (open, ever) = (ctx.chain.open_pages, ctx.chain.ever_pages);
            ctx.chain.open(pages);
            reply.send(programs::memory_cost(pages, open, ever, params));
        }
        Request::Log {
            topics,
            data,
            reply,
        } => {
            ctx.journal_mut()
                .log(revm::primitives::Log::new_unchecked(contract, topics, data));
            reply.send(());
        }
        Request::Call { call, reply } => return subcall::call(ctx, frame, call, reply),
        Request::Create { create, reply } => return Ok(subcall::create(frame, create, reply)),
    }
    Ok(None)
}

/// Writes slots at the EVM's SSTORE prices, without its 2,300 gas sentry.
fn store<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &mut EthFrame,
    entries: &[(U256, U256)],
    budget: u64,
) -> Result<Result<u64, StoreError>, DB::Error> {
    let contract = frame.interpreter.input.target_address;
    let mut total = 0u64;
    for (key, value) in entries {
        let stored = ctx.journal_mut().sstore(contract, *key, *value)?;
        let (cost, refund) = super::sstore::price(&stored.data, stored.is_cold);
        total = total.saturating_add(cost);
        if total >= budget {
            return Ok(Err(StoreError::OutOfGas));
        }
        frame.interpreter.gas.record_refund(refund);
    }
    Ok(Ok(total))
}

fn finish<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &EthFrame,
    program: &ProgramFrame,
    ended: Ended,
) -> InterpreterResult {
    ctx.chain.message = None;
    let result = match ended.ending {
        Ending::Success => InstructionResult::Return,
        Ending::Revert | Ending::Trap => InstructionResult::Revert,
        Ending::OutOfInk => return out_of_gas(frame),
        Ending::OutOfStack => {
            ctx.chain.message = Some("max call depth exceeded".to_owned());
            return out_of_gas(frame);
        }
    };
    let ink_price = u64::from(program.params.ink_price);
    let mut left = ended.ink.checked_div(ink_price).unwrap_or(0);
    if !ended.output.is_empty() {
        // Return data costs at least what expanding EVM memory to hold it would.
        let words = (ended.output.len() as u64).div_ceil(32);
        let floor = words * 3 + words * words / 512;
        let Some(most) = program.starting_gas.checked_sub(floor) else {
            return out_of_gas(frame);
        };
        left = left.min(most);
    }
    let mut gas = Gas::new(frame.interpreter.gas.limit());
    gas.set_remaining(left);
    gas.set_refunded(frame.interpreter.gas.refunded());
    InterpreterResult::new(result, ended.output, gas)
}

fn out_of_gas(frame: &EthFrame) -> InterpreterResult {
    let mut gas = Gas::new(frame.interpreter.gas.limit());
    gas.spend_all();
    InterpreterResult::new(InstructionResult::OutOfGas, Bytes::new(), gas)
}
