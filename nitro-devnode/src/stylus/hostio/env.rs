//! Hostios that tell a program about its call, transaction and block.
use revm::primitives::Address;

use crate::stylus::{
    host::{Env, Escape, Guest},
    ink::{HOSTIO, POINTER, read_price, write_price},
};

/// `read_args(dest)`: copies the calldata.
pub(super) fn read_args(mut guest: Guest<'_>, dest: u32) -> Result<(), Escape> {
    let calldata = guest.env().calldata.clone();
    guest.buy_ink(HOSTIO)?;
    guest.buy_ink(write_price(calldata.len() as u64))?;
    guest.write(dest, &calldata)?;
    guest.report("read_args", || ((), calldata));
    Ok(())
}

/// `write_result(data, len)`: sets the output.
pub(super) fn write_result(mut guest: Guest<'_>, data: u32, length: u32) -> Result<(), Escape> {
    guest.buy_ink(HOSTIO)?;
    guest.buy_ink(read_price(length.into()))?;
    guest.buy_ink(read_price(length.into()))?;
    let output = guest.read(data, length)?;
    guest.report("write_result", || (&output[..], ()));
    guest.host().output = output;
    Ok(())
}

/// `exit_early(status)`: ends the program; free.
pub(super) fn exit_early(mut guest: Guest<'_>, status: u32) -> Result<(), Escape> {
    guest.host().exit = Some(status);
    guest.report("exit_early", || (status, ()));
    Err(Escape::Exit(status))
}

/// A 64-bit fact about the frame.
pub(super) fn number(
    mut guest: Guest<'_>,
    name: &'static str,
    fact: impl Fn(&Env) -> u64,
) -> Result<u64, Escape> {
    guest.buy_ink(HOSTIO)?;
    let number = fact(guest.env());
    guest.report(name, || ((), number));
    Ok(number)
}

/// A 32-bit fact about the frame.
pub(super) fn small_number(
    mut guest: Guest<'_>,
    name: &'static str,
    fact: impl Fn(&Env) -> u32,
) -> Result<u32, Escape> {
    guest.buy_ink(HOSTIO)?;
    let number = fact(guest.env());
    guest.report(name, || ((), number));
    Ok(number)
}

/// An address of the frame.
pub(super) fn address(
    mut guest: Guest<'_>,
    name: &'static str,
    dest: u32,
    fact: impl Fn(&Env) -> Address,
) -> Result<(), Escape> {
    guest.buy_ink(HOSTIO + POINTER)?;
    let address = fact(guest.env());
    guest.write(dest, address.as_slice())?;
    guest.report(name, || ((), address));
    Ok(())
}

/// A 256-bit amount of the frame.
pub(super) fn word(
    mut guest: Guest<'_>,
    name: &'static str,
    dest: u32,
    fact: impl Fn(&Env) -> revm::primitives::U256,
) -> Result<(), Escape> {
    guest.buy_ink(HOSTIO + POINTER)?;
    let word = fact(guest.env());
    guest.write_word(dest, word)?;
    guest.report(name, || ((), word));
    Ok(())
}

/// `evm_gas_left()`, after the hostio's own charge.
pub(super) fn evm_gas_left(mut guest: Guest<'_>) -> Result<u64, Escape> {
    guest.buy_ink(HOSTIO)?;
    let gas = guest.gas_left()?;
    guest.report("evm_gas_left", || ((), gas));
    Ok(gas)
}

/// `evm_ink_left()`, after the hostio's own charge.
pub(super) fn evm_ink_left(mut guest: Guest<'_>) -> Result<u64, Escape> {
    guest.buy_ink(HOSTIO)?;
    let ink = guest.ink_left()?;
    guest.report("evm_ink_left", || ((), ink));
    Ok(ink)
}
