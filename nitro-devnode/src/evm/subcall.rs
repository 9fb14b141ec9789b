//! Calls and creations made by a program: what they cost, and the frames they become.
use revm::{
    Database,
    context_interface::{ContextTr, CreateScheme, JournalTr},
    handler::{EthFrame, FrameResult},
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, Gas,
        InterpreterResult,
    },
    primitives::{Address, B256, Bytes, U256},
    state::Bytecode,
};

use super::ArbContext;
use crate::arbos::accounts;
use crate::stylus::exchange::{Call, CallKind, Called, Create, Created, Reply};

const WARM: u64 = 100;
const COLD: u64 = 2_500;
const NEW_ACCOUNT: u64 = 25_000;
const VALUE: u64 = 9_000;
const STIPEND: u64 = 2_300;
const CREATE: u64 = 32_000;
const CREATE2_WORD: u64 = 6;

/// The answer a program waits for while its sub-frame runs.
pub(super) enum Awaited {
    /// A call.
    Call {
        /// Where the answer goes.
        reply: Reply<Called>,
        /// Gas taken before the callee started.
        base: u64,
        /// Gas the callee started with.
        gas: u64,
    },
    /// A creation.
    Create {
        /// Where the answer goes.
        reply: Reply<Option<Created>>,
        /// Gas taken before the init code started.
        base: u64,
        /// Gas the init code started with.
        gas: u64,
    },
}

/// Prices a call; returns its frame, or answers at once if it cannot be made.
pub(super) fn call<DB: Database>(
    ctx: &mut ArbContext<DB>,
    frame: &EthFrame,
    call: Call,
    reply: Reply<Called>,
) -> Result<Option<(FrameInput, Awaited)>, DB::Error> {
    let refuse = |cost| Called {
        success: false,
        cost,
        output: Bytes::new(),
    };
    let is_static = frame.interpreter.runtime_flag.is_static;
    let pays = !call.value.is_zero();
    if is_static && pays {
        reply.send(refuse(0));
        return Ok(None);
    }
    let mut base = WARM;
    if base > call.gas_left {
        // Not even a warm account is affordable: the callee stays as cold as it is.
        reply.send(refuse(call.gas_left));
        return Ok(None);
    }
    let account = ctx.journal_mut().load_account_with_code(call.to)?;
    if account.is_cold {
        base += COLD;
    }
    if pays && account.data.info.is_empty() {
        base += NEW_ACCOUNT;
    }
    if pays {
        base += VALUE;
    }
    if base > call.gas_left {
        reply.send(refuse(call.gas_left));
        return Ok(None);
    }
    let code_hash = account.data.info.code_hash;
    let code = account.data.info.code.clone().unwrap_or_default();
    let known_bytecode = match code.eip7702_address() {
        Some(delegate) => peek_code(ctx, delegate)?,
        None => (code_hash, code),
    };
    let most = (call.gas_left - base).saturating_mul(63) / 64;
    let mut gas = most.min(call.gas_offered);
    if pays {
        gas = gas.saturating_add(STIPEND);
    }
    let input = FrameInput::Call(Box::new(inputs(frame, call, gas, known_bytecode)));
    Ok(Some((input, Awaited::Call { reply, base, gas })))
}

fn inputs(frame: &EthFrame, call: Call, gas: u64, known_bytecode: (B256, Bytecode)) -> CallInputs {
    let parent = &frame.interpreter.input;
    let is_static = frame.interpreter.runtime_flag.is_static;
    let acting = parent.target_address;
    let (target_address, caller, value, scheme, is_static) = match call.kind {
        CallKind::Call => (
            call.to,
            acting,
            CallValue::Transfer(call.value),
            CallScheme::Call,
            is_static,
        ),
        CallKind::Delegate => (
            acting,
            parent.caller_address,
            CallValue::Apparent(parent.call_value),
            CallScheme::DelegateCall,
            is_static,
        ),
        CallKind::Static => (
            call.to,
            acting,
            CallValue::Transfer(U256::ZERO),
            CallScheme::StaticCall,
            true,
        ),
    };
    CallInputs {
        input: CallInput::Bytes(call.input),
        return_memory_offset: 0..0,
        gas_limit: gas,
        reservoir: 0,
        bytecode_address: call.to,
        known_bytecode,
        target_address,
        caller,
        value,
        scheme,
        is_static,
        charged_new_account_state_gas: false,
    }
}

/// Reads an account's code without making the account warm.
fn peek_code<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
) -> Result<(B256, Bytecode), DB::Error> {
    let code = accounts::code(ctx, address)?;
    Ok((accounts::code_hash(ctx, address)?, code))
}

/// Prices a creation; returns its frame, or answers at once if its base is not affordable.
pub(super) fn create(
    frame: &EthFrame,
    create: Create,
    reply: Reply<Option<Created>>,
) -> Option<(FrameInput, Awaited)> {
    let words = (create.init_code.len() as u64).div_ceil(32);
    let base = match create.salt {
        Some(_) => CREATE.saturating_add(words.saturating_mul(CREATE2_WORD)),
        None => CREATE,
    };
    let Some(rest) = create.gas_left.checked_sub(base) else {
        reply.send(None);
        return None;
    };
    let gas = rest - rest / 64;
    let scheme = match create.salt {
        Some(salt) => CreateScheme::Create2 { salt },
        None => CreateScheme::Create,
    };
    let input = FrameInput::Create(Box::new(CreateInputs::new(
        frame.interpreter.input.target_address,
        scheme,
        create.endowment,
        create.init_code,
        gas,
        0,
    )));
    Some((input, Awaited::Create { reply, base, gas }))
}

/// Turns the sub-frame's result into the program's answer.
pub(super) fn deliver(awaited: Awaited, frame: &mut EthFrame, result: FrameResult) {
    match (awaited, result) {
        (Awaited::Call { reply, base, gas }, FrameResult::Call(outcome)) => {
            let returned = settle(frame, &outcome.result);
            reply.send(Called {
                success: outcome.result.result.is_ok(),
                cost: base.saturating_add(gas).saturating_sub(returned),
                output: outcome.result.output,
            });
        }
        (Awaited::Create { reply, base, gas }, FrameResult::Create(outcome)) => {
            let returned = settle(frame, &outcome.result);
            let success = outcome.result.result.is_ok();
            let output = if outcome.result.result.is_revert() {
                outcome.result.output
            } else {
                Bytes::new()
            };
            reply.send(Some(Created {
                address: outcome.address.filter(|_| success),
                cost: base.saturating_add(gas).saturating_sub(returned),
                output,
            }));
        }
        // A call's frame ends as a call, a creation's as a creation; a program whose answer
        // never comes is dropped with its frame.
        (Awaited::Call { .. }, FrameResult::Create(_))
        | (Awaited::Create { .. }, FrameResult::Call(_)) => {}
    }
}

/// Passes refunds on and returns the gas that comes back.
fn settle(frame: &mut EthFrame, result: &InterpreterResult) -> u64 {
    let gas: &Gas = &result.gas;
    if result.result.is_ok() {
        frame.interpreter.gas.record_refund(gas.refunded());
    }
    if result.result.is_ok_or_revert() {
        gas.remaining()
    } else {
        0
    }
}
