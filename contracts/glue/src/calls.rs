//! Calls to other contracts: typed for the protocol's own, bounded and deaf for strangers.
//!
//! The only place that makes raw calls. Each writes the storage cache out first, and drops it where
//! the callee may write, so that nothing is read stale afterwards.

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::{call::RawCall, stylus_core::Host};

use crate::{revert, revert::Revert};

/// Reads from a contract of the protocol.
///
/// - Errors: the callee's own error, forwarded; `CallFailed` without one.
pub fn view<C: SolCall>(host: &impl Host, target: Address, call: &C) -> Result<C::Return, Revert> {
    decode::<C>(target, &read(host, target, &call.abi_encode())?)
}

/// Calls a contract of the protocol, with `value` wei.
///
/// - Errors: as [`view`].
pub fn call<C: SolCall>(
    host: &impl Host,
    target: Address,
    value: U256,
    call: &C,
) -> Result<C::Return, Revert> {
    decode::<C>(target, &write(host, target, value, &call.abi_encode())?)
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
        .map_err(|_| revert!(IStakingPool::TransferFailed { receiver, assets }))
}

/// Tells a stranger something with at most `gas`; whether it liked it is all that comes back.
pub fn notify<C: SolCall>(host: &impl Host, target: Address, gas: u64, call: &C) -> bool {
    // SAFETY: as in `write`.
    let answer = unsafe {
        RawCall::new(host)
            .gas(gas)
            .clear_storage_cache()
            .skip_return_data()
            .call(target, &call.abi_encode())
    };
    answer.is_ok()
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

fn decode<C: SolCall>(target: Address, data: &[u8]) -> Result<C::Return, Revert> {
    C::abi_decode_returns_validate(data).map_err(|_| failed(target))
}

fn forward(target: Address, data: Vec<u8>) -> Revert {
    if data.is_empty() {
        return failed(target);
    }
    Revert::forwarded(data)
}

#[cold]
#[inline(never)]
fn failed(target: Address) -> Revert {
    revert!(IStakingPool::CallFailed { target })
}
