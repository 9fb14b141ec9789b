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
    binary(guest, DIV, value, divisor, |a, b| {
        a.checked_div(b).unwrap_or(U256::ZERO)
    })
}

/// `math_mod(value, modulus)`: the remainder replaces the value; x mod 0 = 0.
pub(super) fn rem(guest: Guest<'_>, value: u32, modulus: u32) -> Result<(), Escape> {
    binary(guest, DIV, value, modulus, |a, b| {
        a.checked_rem(b).unwrap_or(U256::ZERO)
    })
}

fn binary(
    mut guest: Guest<'_>,
    price: u64,
    left: u32,
    right: u32,
    apply: impl Fn(U256, U256) -> U256,
) -> Result<(), Escape> {
    guest.buy_ink(price)?;
    let a = guest.read_word(left)?;
    let b = guest.read_word(right)?;
    guest.write_word(left, apply(a, b))
}

/// `math_pow(value, exponent)`: wraps at 2^256.
pub(super) fn pow(mut guest: Guest<'_>, value: u32, exponent: u32) -> Result<(), Escape> {
    guest.buy_ink(POW)?;
    let bytes: [u8; 32] = guest.read_array(exponent)?;
    guest.buy_ink(pow_price(&bytes))?;
    let base = guest.read_word(value)?;
    guest.write_word(value, base.wrapping_pow(U256::from_be_bytes(bytes)))
}

/// `math_add_mod(value, addend, modulus)`.
pub(super) fn add_mod(
    guest: Guest<'_>,
    value: u32,
    addend: u32,
    modulus: u32,
) -> Result<(), Escape> {
    ternary(guest, ADD_MOD, [value, addend, modulus], U256::add_mod)
}

/// `math_mul_mod(value, multiplier, modulus)`.
pub(super) fn mul_mod(
    guest: Guest<'_>,
    value: u32,
    multiplier: u32,
    modulus: u32,
) -> Result<(), Escape> {
    ternary(guest, MUL_MOD, [value, multiplier, modulus], U256::mul_mod)
}

fn ternary(
    mut guest: Guest<'_>,
    price: u64,
    [value, operand, modulus]: [u32; 3],
    apply: impl Fn(U256, U256, U256) -> U256,
) -> Result<(), Escape> {
    guest.buy_ink(price)?;
    let a = guest.read_word(value)?;
    let b = guest.read_word(operand)?;
    let c = guest.read_word(modulus)?;
    guest.write_word(value, apply(a, b, c))
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
    guest.write(output, keccak256(preimage).as_slice())
}
