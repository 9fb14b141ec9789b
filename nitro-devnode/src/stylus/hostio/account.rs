//! Other accounts, seen from a program.
use revm::primitives::{Address, Bytes};

use crate::stylus::{
    exchange::Request,
    host::{Escape, Guest},
    ink::{EVM_API, HOSTIO, POINTER, write_price},
};

const ACCOUNT: u64 = HOSTIO + 2 * POINTER + EVM_API;
const CODE: u64 = HOSTIO + EVM_API;
const COLD_GAS: u64 = 2_600;
const WARM_GAS: u64 = 100;
/// Price of copying the largest code, whatever the code's size.
const CODE_GAS: u64 = 700;

const fn access_gas(cold: bool) -> u64 {
    if cold { COLD_GAS } else { WARM_GAS }
}

/// `account_balance(address, dest)`.
pub(super) async fn balance(mut guest: Guest<'_>, address: u32, dest: u32) -> Result<(), Escape> {
    guest.buy_ink(ACCOUNT)?;
    guest.require_gas(COLD_GAS)?;
    let address = guest.read_address(address)?;
    let exchange = guest.host().exchange.clone();
    let access = exchange
        .ask(|reply| Request::Balance { address, reply })
        .await;
    guest.buy_gas(access_gas(access.cold))?;
    guest.write_word(dest, access.value)?;
    guest.report("account_balance", || (address, access.value));
    Ok(())
}

/// `account_codehash(address, dest)`: zero for an account that does not exist.
pub(super) async fn codehash(mut guest: Guest<'_>, address: u32, dest: u32) -> Result<(), Escape> {
    guest.buy_ink(ACCOUNT)?;
    guest.require_gas(COLD_GAS)?;
    let address = guest.read_address(address)?;
    let exchange = guest.host().exchange.clone();
    let access = exchange
        .ask(|reply| Request::CodeHash { address, reply })
        .await;
    guest.buy_gas(access_gas(access.cold))?;
    guest.write(dest, access.value.as_slice())?;
    guest.report("account_codehash", || (address, access.value));
    Ok(())
}

/// `account_code(address, offset, size, dest)`: bytes written, without padding.
pub(super) async fn code(
    mut guest: Guest<'_>,
    address: u32,
    offset: u32,
    size: u32,
    dest: u32,
) -> Result<u32, Escape> {
    guest.buy_ink(CODE)?;
    guest.require_gas(COLD_GAS)?;
    let address = guest.read_address(address)?;
    let code = fetch(&mut guest, address).await?;
    guest.buy_ink(write_price(code.len() as u64))?;
    let start = (offset as usize).min(code.len());
    let end = start.saturating_add(size as usize).min(code.len());
    let slice = code.slice(start..end);
    guest.write(dest, &slice)?;
    let written = u32::try_from(slice.len()).unwrap_or(u32::MAX);
    guest.report("account_code", || ((address, offset, size), slice));
    Ok(written)
}

/// `account_code_size(address)`.
pub(super) async fn code_size(mut guest: Guest<'_>, address: u32) -> Result<u32, Escape> {
    guest.buy_ink(CODE)?;
    guest.require_gas(COLD_GAS)?;
    let address = guest.read_address(address)?;
    let code = fetch(&mut guest, address).await?;
    let size = u32::try_from(code.len()).unwrap_or(u32::MAX);
    guest.report("account_code_size", || (address, size));
    Ok(size)
}

/// Reads and pays for a code; the last one read is free, unless it is empty.
async fn fetch(guest: &mut Guest<'_>, address: Address) -> Result<Bytes, Escape> {
    if let Some((last, code)) = &guest.host().last_code
        && *last == address
    {
        return Ok(code.clone());
    }
    let exchange = guest.host().exchange.clone();
    let access = exchange.ask(|reply| Request::Code { address, reply }).await;
    guest.buy_gas(CODE_GAS + access_gas(access.cold))?;
    if !access.value.is_empty() {
        guest.host().last_code = Some((address, access.value.clone()));
    }
    Ok(access.value)
}
