//! Calls, creations, what they return, and logs.
use revm::primitives::{B256, Bytes, FixedBytes, U256};

use crate::stylus::{
    exchange::{Call, CallKind, Create, Request},
    host::{Escape, Guest},
    ink::{EVM_API, HOSTIO, POINTER, read_price, write_price},
};

const CALL: u64 = HOSTIO + 3 * POINTER + EVM_API;
const CREATE1: u64 = HOSTIO + 3 * POINTER + EVM_API;
const CREATE2: u64 = HOSTIO + 4 * POINTER + EVM_API;
const RETURN_DATA: u64 = HOSTIO + EVM_API;
const LOG: u64 = HOSTIO + EVM_API;
const LOG_GAS: u64 = 375;
const LOG_BYTE_GAS: u64 = 8;

/// What a call hostio is given.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallArgs {
    /// Pointer to the callee's address.
    pub(super) contract: u32,
    /// Pointer to the calldata.
    pub(super) data: u32,
    /// Its length.
    pub(super) length: u32,
    /// Pointer to the value; none for delegate and static calls.
    pub(super) value: Option<u32>,
    /// Gas offered.
    pub(super) gas: u64,
    /// Where the length of the return data goes.
    pub(super) return_length: u32,
}

/// `call_contract`, `delegate_call_contract`, `static_call_contract`: 0 on success, else 2.
pub(super) async fn call(
    mut guest: Guest<'_>,
    kind: CallKind,
    args: CallArgs,
) -> Result<u32, Escape> {
    guest.buy_ink(CALL)?;
    guest.buy_ink(read_price(args.length.into()))?;
    guest.buy_ink(read_price(args.length.into()))?;
    let gas_left = guest.gas_left()?;
    let gas_offered = args.gas.min(gas_left);
    let to = guest.read_address(args.contract)?;
    let input = Bytes::from(guest.read(args.data, args.length)?);
    let value = match args.value {
        Some(pointer) => guest.read_word(pointer)?,
        None => U256::ZERO,
    };
    let call = Call {
        kind,
        to,
        input: input.clone(),
        value,
        gas_left,
        gas_offered,
    };
    let exchange = guest.host().exchange.clone();
    let called = exchange.ask(|reply| Request::Call { call, reply }).await;
    let length = called.output.len();
    guest.host().return_data = called.output;
    guest.buy_gas(called.cost)?;
    let length = guest.write_length(args.return_length, length)?;
    let status = if called.success { 0 } else { 2 };
    let outs = (length, FixedBytes([status]));
    match kind {
        CallKind::Call => {
            guest.report("call_contract", || ((to, args.gas, value, input), outs));
        }
        CallKind::Delegate => {
            guest.report("delegate_call_contract", || ((to, args.gas, input), outs));
        }
        CallKind::Static => {
            guest.report("static_call_contract", || ((to, args.gas, input), outs));
        }
    }
    Ok(status.into())
}

/// What a create hostio is given: pointers, and the length of the code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CreateArgs {
    /// Pointer to the init code.
    pub(super) code: u32,
    /// Its length.
    pub(super) length: u32,
    /// Pointer to the value.
    pub(super) endowment: u32,
    /// Pointer to the salt, for CREATE2.
    pub(super) salt: Option<u32>,
    /// Where the address goes.
    pub(super) contract: u32,
    /// Where the length of the revert data goes.
    pub(super) revert_length: u32,
}

/// `create1`, `create2`: the address is zero if the creation failed.
pub(super) async fn create(mut guest: Guest<'_>, args: CreateArgs) -> Result<(), Escape> {
    guest.buy_ink(if args.salt.is_some() {
        CREATE2
    } else {
        CREATE1
    })?;
    guest.buy_ink(read_price(args.length.into()))?;
    guest.buy_ink(read_price(args.length.into()))?;
    let init_code = Bytes::from(guest.read(args.code, args.length)?);
    let endowment = guest.read_word(args.endowment)?;
    let salt = match args.salt {
        Some(pointer) => Some(guest.read_word(pointer)?),
        None => None,
    };
    let gas_left = guest.gas_left()?;
    if guest.env().is_static {
        return Err(Escape::WriteProtection);
    }
    let create = Create {
        init_code: init_code.clone(),
        endowment,
        salt,
        gas_left,
    };
    let exchange = guest.host().exchange.clone();
    let created = exchange
        .ask(|reply| Request::Create { create, reply })
        .await
        .ok_or(Escape::CreateOutOfGas)?;
    let length = created.output.len();
    guest.host().return_data = created.output;
    guest.buy_gas(created.cost)?;
    let length = guest.write_length(args.revert_length, length)?;
    let address = created.address.unwrap_or_default();
    guest.write(args.contract, address.as_slice())?;
    let outs = (address, length);
    match salt {
        None => guest.report("create1", || ((endowment, init_code), outs)),
        Some(salt) => guest.report("create2", || ((endowment, salt, init_code), outs)),
    }
    Ok(())
}

/// `read_return_data(dest, offset, size)`: bytes written, without padding.
pub(super) fn read_return_data(
    mut guest: Guest<'_>,
    dest: u32,
    offset: u32,
    size: u32,
) -> Result<u32, Escape> {
    let data = guest.host().return_data.clone();
    let start = (offset as usize).min(data.len());
    let end = start.saturating_add(size as usize).min(data.len());
    let slice = data.slice(start..end);
    guest.buy_ink(RETURN_DATA)?;
    guest.buy_ink(write_price(slice.len() as u64))?;
    // Where there is nothing to write, the pointer is not looked at.
    if !slice.is_empty() {
        guest.write(dest, &slice)?;
    }
    let written = u32::try_from(slice.len()).unwrap_or(u32::MAX);
    guest.report("read_return_data", || ((offset, size), slice));
    Ok(written)
}

/// `return_data_size()`.
pub(super) fn return_data_size(mut guest: Guest<'_>) -> Result<u32, Escape> {
    guest.buy_ink(HOSTIO)?;
    let size = u32::try_from(guest.host().return_data.len()).unwrap_or(u32::MAX);
    guest.report("return_data_size", || ((), size));
    Ok(size)
}

/// `emit_log(data, len, topics)`: the topics are the first words of the data.
pub(super) async fn emit_log(
    mut guest: Guest<'_>,
    data: u32,
    length: u32,
    topics: u32,
) -> Result<(), Escape> {
    guest.buy_ink(LOG)?;
    let topic_bytes = topics.saturating_mul(32);
    if topics > 4 || length < topic_bytes {
        return Err(Escape::BadTopics);
    }
    guest.buy_ink(read_price(length.into()))?;
    let data_bytes = u64::from(length - topic_bytes);
    guest.buy_gas(LOG_GAS * (1 + u64::from(topics)) + LOG_BYTE_GAS * data_bytes)?;
    let bytes = Bytes::from(guest.read(data, length)?);
    if guest.env().is_static {
        return Err(Escape::WriteProtection);
    }
    let (words, rest) = bytes.split_at(topic_bytes as usize);
    let log_topics = words.chunks_exact(32).map(B256::from_slice).collect();
    let log_data = bytes.slice_ref(rest);
    let exchange = guest.host().exchange.clone();
    exchange
        .ask(|reply| Request::Log {
            topics: log_topics,
            data: log_data,
            reply,
        })
        .await;
    guest.report("emit_log", || ((topics, bytes), ()));
    Ok(())
}
