//! Calls to other contracts: the protocol's own answer in words, receivers of ETH are not listened to.
//!
//! Besides this only [`crate::permit`] and [`crate::receiver`] make raw calls, to ask strangers; clippy
//! refuses them elsewhere. Each writes the storage cache out first, and drops it where
//! the callee may write, so that nothing is read stale afterwards.
#![expect(
    clippy::disallowed_types,
    reason = "every call here flushes the storage cache, and drops it where the callee may write"
)]

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, call::RawCall, stylus_core::Host};

use crate::{revert, revert::Revert, router::Input};

/// Reads from a contract of the protocol; `calldata` comes from [`crate::calldata!`].
///
/// - Returns: the first `N` words of the answer.
/// - Errors: the callee's own error, forwarded; `CallFailed` without one or for a short answer.
pub fn view<const N: usize>(
    host: &impl Host,
    target: Address,
    calldata: &[u8],
) -> Result<[U256; N], Revert> {
    decode(target, &read(host, target, calldata)?)
}

/// As [`view`], for an answer of any length: all its words, offsets and lengths among them.
///
/// - Errors: as [`view`].
pub fn view_words(host: &impl Host, target: Address, calldata: &[u8]) -> Result<Vec<U256>, Revert> {
    let data = read(host, target, calldata)?;
    let mut answer = Input::new(&data);
    let mut words = Vec::new();
    while let Some(word) = answer.argument() {
        words.push(word);
    }
    Ok(words)
}

/// Calls a contract of the protocol, with `value` wei.
///
/// - Returns, errors: as [`view`].
pub fn call<const N: usize>(
    host: &impl Host,
    target: Address,
    value: U256,
    calldata: &[u8],
) -> Result<[U256; N], Revert> {
    decode(target, &write(host, target, value, calldata)?)
}

/// Sends `assets` wei with all gas and no data. What the receiver answers is not copied.
///
/// - Errors: `TransferFailed`.
pub fn send(host: &impl Host, receiver: Address, assets: U256) -> Result<(), Revert> {
    // SAFETY: as in `write`.
    let answer = unsafe {
        RawCall::new_with_value(host, assets)
            .clear_storage_cache()
            .skip_return_data()
            .call(receiver, &[])
    };
    answer
        .map(drop)
        .map_err(|_| transfer_failed(receiver, assets))
}

/// Sends wei that are in nobody's books any more to whoever they are for.
///
/// - Errors: `TransferFailed`, also for the `pool`: it would take them as a deposit of the sender.
#[inline(never)]
pub fn pay_out(
    host: &impl Host,
    pool: Address,
    receiver: Address,
    assets: U256,
) -> Result<(), Revert> {
    if receiver == pool {
        return Err(transfer_failed(receiver, assets));
    }
    send(host, receiver, assets)
}

/// Tells a stranger, who gets `gas` at most and whose answer is not copied.
///
/// - Returns: whether the call succeeded. Nothing that the stranger does makes this call fail; who
///   must not re-enter is kept out by a [`crate::lock::Lock`].
pub fn notify(host: &impl Host, target: Address, gas: u64, calldata: &[u8]) -> bool {
    // SAFETY: as in `write`.
    unsafe {
        RawCall::new(host)
            .gas(gas)
            .clear_storage_cache()
            .skip_return_data()
            .call(target, calldata)
    }
    .is_ok()
}

/// Runs `program` on this contract's storage, sender and value; with the calldata as it came.
///
/// - Returns, errors: what the program answers, as it came; for the zero address, refused without
///   data. An address without code answers every call with success, so any other `program` is one
///   whose code was seen when it was set.
#[inline(never)]
pub fn delegate(host: &impl Host, program: Address, calldata: &[u8]) -> ArbResult {
    if program.is_zero() {
        return Err(Vec::new());
    }
    // SAFETY: as in `write`.
    unsafe {
        RawCall::new_delegate(host)
            .clear_storage_cache()
            .call(program, calldata)
    }
}

#[inline(never)]
fn read(host: &impl Host, target: Address, calldata: &[u8]) -> Result<Vec<u8>, Revert> {
    // SAFETY: a static call cannot write, so no reference to storage can go stale.
    let answer = unsafe {
        RawCall::new_static(host)
            .flush_storage_cache()
            .call(target, calldata)
    };
    answer.map_err(|data| forward(target, data))
}

#[inline(never)]
fn write(
    host: &impl Host,
    target: Address,
    value: U256,
    calldata: &[u8],
) -> Result<Vec<u8>, Revert> {
    // SAFETY: the cache is written out and dropped, and storage types read through it every time.
    let answer = unsafe {
        RawCall::new_with_value(host, value)
            .clear_storage_cache()
            .call(target, calldata)
    };
    answer.map_err(|data| forward(target, data))
}

fn decode<const N: usize>(target: Address, data: &[u8]) -> Result<[U256; N], Revert> {
    let mut words = [U256::ZERO; N];
    let mut answer = Input::new(data);
    for word in &mut words {
        *word = answer.argument().ok_or_else(|| failed(target))?;
    }
    Ok(words)
}

fn forward(target: Address, data: Vec<u8>) -> Revert {
    if data.is_empty() {
        return failed(target);
    }
    Revert::forwarded(data)
}

#[cold]
#[inline(never)]
fn transfer_failed(receiver: Address, assets: U256) -> Revert {
    revert!(IStakingPool::TransferFailed { receiver, assets })
}

#[cold]
#[inline(never)]
fn failed(target: Address) -> Revert {
    revert!(IStakingPool::CallFailed { target })
}

/// Calldata of a call, its arguments in the order of the interface.
#[macro_export]
macro_rules! calldata {
    ($($call:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        let data = $crate::revert::Revert::encode(
            <$($call)::+ as $crate::SolCall>::SELECTOR,
            &[$($crate::argument!($field $(, $value)?)),*],
        )
        .into_data();
        debug_assert_eq!(
            data,
            $crate::SolCall::abi_encode(&$($call)::+ { $($field $(: $value)?),* }),
        );
        data
    }};
}
