//! 256-bit arithmetic and hashing for programs.
use revm::primitives::{U256, keccak256};

use crate::stylus::{
    host::{Escape, Guest},
    ink::{keccak_price, pow_price},
};

const DIV: u64 = 43_520;
const POW: u64 = 23_520;
const ADD_MOD: u64 = 49_560;
const MUL_MOD: u64 = 52_660;

/// `math_div(value, divisor)`: the quotient replaces the value; x / 0 = 0.
pub(super) fn div(guest: Guest<'_>, value: u32, divisor: u32) -> Result<(), Escape> {
    binary(guest, "math_div", [value, divisor], |a, b| {
        a.checked_div(b).unwrap_or(U256::ZERO)
    })
}

/// `math_mod(value, modulus)`: the remainder replaces the value; x mod 0 = 0.
pub(super) fn rem(guest: Guest<'_>, value: u32, modulus: u32) -> Result<(), Escape> {
    binary(guest, "math_mod", [value, modulus], |a, b| {
        a.checked_rem(b).unwrap_or(U256::ZERO)
    })
}

fn binary(
    mut guest: Guest<'_>,
    name: &'static str,
    [left, right]: [u32; 2],
    apply: impl Fn(U256, U256) -> U256,
) -> Result<(), Escape> {
    guest.buy_ink(DIV)?;
    let a = guest.read_word(left)?;
    let b = guest.read_word(right)?;
    let result = apply(a, b);
    guest.write_word(left, result)?;
    guest.report(name, || ((a, b), result));
    Ok(())
}

/// `math_pow(value, exponent)`: wraps at 2^256.
pub(super) fn pow(mut guest: Guest<'_>, value: u32, exponent: u32) -> Result<(), Escape> {
    guest.buy_ink(POW)?;
    let bytes: [u8; 32] = guest.read_array(exponent)?;
    guest.buy_ink(pow_price(&bytes))?;
    let base = guest.read_word(value)?;
    let exponent = U256::from_be_bytes(bytes);
    let result = base.wrapping_pow(exponent);
    guest.write_word(value, result)?;
    guest.report("math_pow", || ((base, exponent), result));
    Ok(())
}

/// `math_add_mod(value, addend, modulus)`.
pub(super) fn add_mod(
    guest: Guest<'_>,
    value: u32,
    addend: u32,
    modulus: u32,
) -> Result<(), Escape> {
    let operands = [value, addend, modulus];
    ternary(guest, "math_add_mod", ADD_MOD, operands, U256::add_mod)
}

/// `math_mul_mod(value, multiplier, modulus)`.
pub(super) fn mul_mod(
    guest: Guest<'_>,
    value: u32,
    multiplier: u32,
    modulus: u32,
) -> Result<(), Escape> {
    let operands = [value, multiplier, modulus];
    ternary(guest, "math_mul_mod", MUL_MOD, operands, U256::mul_mod)
}

fn ternary(
    mut guest: Guest<'_>,
    name: &'static str,
    price: u64,
    [value, operand, modulus]: [u32; 3],
    apply: impl Fn(U256, U256, U256) -> U256,
) -> Result<(), Escape> {
    guest.buy_ink(price)?;
    let a = guest.read_word(value)?;
    let b = guest.read_word(operand)?;
    let c = guest.read_word(modulus)?;
    let result = apply(a, b, c);
    guest.write_word(value, result)?;
    guest.report(name, || ((a, b, c), result));
    Ok(())
}

/// `native_keccak256(input, len, output)`.
pub(super) fn keccak(
    mut guest: Guest<'_>,
    input: u32,
    length: u32,
    output: u32,
) -> Result<(), Escape> {
    guest.buy_ink(keccak_price(length.into()))?;
    let preimage = guest.read(input, length)?;
    let hash = keccak256(&preimage);
    guest.write(output, hash.as_slice())?;
    guest.report("native_keccak256", || (preimage, hash));
    Ok(())
}
