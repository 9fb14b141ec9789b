//! Persistent and transient storage of the acting account.
use revm::primitives::U256;

use crate::stylus::{
    exchange::{Request, StoreError},
    host::{Escape, Guest},
    ink::{EVM_API, HOSTIO, POINTER},
};

const LOAD: u64 = HOSTIO + 2 * POINTER;
const FLUSH: u64 = HOSTIO + EVM_API;
const TRANSIENT: u64 = HOSTIO + 2 * POINTER + EVM_API;
const COLD_LOAD_GAS: u64 = 2_100;
const WARM_GAS: u64 = 100;
const WORST_SURCHARGE: u64 = 10;
const FLUSH_SENTRY_GAS: u64 = 2_300;
const TRANSIENT_GAS: u64 = 100;

/// The price of the EVM API in whole gas.
fn api_gas(guest: &Guest<'_>) -> u64 {
    EVM_API
        .checked_div(guest.env().ink_price)
        .unwrap_or(u64::MAX)
}

/// `storage_load_bytes32(key, dest)`.
pub(super) async fn load(mut guest: Guest<'_>, key: u32, dest: u32) -> Result<(), Escape> {
    guest.buy_ink(LOAD)?;
    let api = api_gas(&guest);
    guest.require_gas(
        COLD_LOAD_GAS
            .saturating_add(WORST_SURCHARGE)
            .saturating_add(api),
    )?;
    let key = guest.read_word(key)?;
    let surcharge = guest.host().storage.read_surcharge();
    let (value, gas) = match guest.host().storage.get(key) {
        Some(value) => (value, surcharge),
        None => {
            let exchange = guest.host().exchange.clone();
            let access = exchange
                .ask(|reply| Request::LoadStorage { key, reply })
                .await;
            guest.host().storage.loaded(key, access.value);
            let access_gas = if access.cold { COLD_LOAD_GAS } else { WARM_GAS };
            let gas = surcharge.saturating_add(access_gas).saturating_add(api);
            (access.value, gas)
        }
    };
    guest.buy_gas(gas)?;
    guest.write_word(dest, value)?;
    guest.report("storage_load_bytes32", || (key, value));
    Ok(())
}

/// `storage_cache_bytes32(key, value)`: the state sees it at the next flush.
pub(super) fn cache(mut guest: Guest<'_>, key: u32, value: u32) -> Result<(), Escape> {
    guest.buy_ink(LOAD)?;
    guest.require_gas(FLUSH_SENTRY_GAS + WORST_SURCHARGE)?;
    let key = guest.read_word(key)?;
    let value = guest.read_word(value)?;
    let surcharge = guest.host().storage.write_surcharge();
    guest.host().storage.store(key, value);
    guest.buy_gas(surcharge)?;
    guest.report("storage_cache_bytes32", || ((key, value), ()));
    Ok(())
}

/// `storage_flush_cache(clear)`.
pub(super) async fn flush(mut guest: Guest<'_>, clear: u32) -> Result<(), Escape> {
    guest.buy_ink(FLUSH)?;
    guest.require_gas(FLUSH_SENTRY_GAS)?;
    let gas_left = guest.gas_left()?;
    let entries = guest.host().storage.take_dirty();
    if clear != 0 {
        guest.host().storage.clear();
    }
    if !entries.is_empty() {
        write(&mut guest, entries, gas_left.saturating_add(1)).await?;
    }
    guest.report("storage_flush_cache", || (clear != 0, ()));
    Ok(())
}

/// Writes slots for less gas than `budget`.
async fn write(
    guest: &mut Guest<'_>,
    entries: Vec<(U256, U256)>,
    budget: u64,
) -> Result<(), Escape> {
    if guest.env().is_static {
        return Err(Escape::WriteProtection);
    }
    let exchange = guest.host().exchange.clone();
    let stored = exchange
        .ask(|reply| Request::StoreStorage {
            entries,
            budget,
            reply,
        })
        .await;
    match stored {
        Ok(gas) => guest.buy_gas(gas),
        // From ArbOS 50 the whole budget is charged, which the program cannot pay.
        Err(StoreError::OutOfGas) if guest.env().arbos_version >= 50 => guest.buy_gas(budget),
        Err(StoreError::OutOfGas) => Err(Escape::FlushFailed),
    }
}

/// `transient_load_bytes32(key, dest)`.
pub(super) async fn transient_load(
    mut guest: Guest<'_>,
    key: u32,
    dest: u32,
) -> Result<(), Escape> {
    guest.buy_ink(TRANSIENT)?;
    guest.buy_gas(TRANSIENT_GAS)?;
    let key = guest.read_word(key)?;
    let exchange = guest.host().exchange.clone();
    let value = exchange
        .ask(|reply| Request::LoadTransient { key, reply })
        .await;
    guest.write_word(dest, value)?;
    guest.report("transient_load_bytes32", || (key, value));
    Ok(())
}

/// `transient_store_bytes32(key, value)`.
pub(super) async fn transient_store(
    mut guest: Guest<'_>,
    key: u32,
    value: u32,
) -> Result<(), Escape> {
    guest.buy_ink(TRANSIENT)?;
    guest.buy_gas(TRANSIENT_GAS)?;
    let key = guest.read_word(key)?;
    let value = guest.read_word(value)?;
    if guest.env().is_static {
        return Err(Escape::WriteProtection);
    }
    let exchange = guest.host().exchange.clone();
    exchange
        .ask(|reply| Request::StoreTransient { key, value, reply })
        .await;
    guest.report("transient_store_bytes32", || ((key, value), ()));
    Ok(())
}
