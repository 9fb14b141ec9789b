//! Exact arithmetic: products over their full width, one division, and an error instead of a wrap.

use core::cmp::Ordering;

use ruint::aliases::U256;

/// Which way a division that does not come out even goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// An arithmetic step that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// `a · b / 0`.
    DivisionByZero {
        /// First factor.
        a: u128,
        /// Second factor.
        b: u128,
    },
    /// `a · b / denominator` exceeds 128 bits.
    QuotientOverflow {
        /// First factor.
        a: u128,
        /// Second factor.
        b: u128,
        /// Divisor.
        denominator: u128,
    },
    /// `a + b` exceeds 128 bits.
    SumOverflow {
        /// First summand.
        a: u128,
        /// Second summand.
        b: u128,
    },
    /// `a - b` is negative.
    DifferenceUnderflow {
        /// What was there.
        a: u128,
        /// What was to be taken away.
        b: u128,
    },
    /// The value does not fit 128 bits.
    TooWide {
        /// The value.
        value: U256,
    },
}

/// `a + b`.
///
/// - Errors: [`MathError::SumOverflow`].
pub const fn add(a: u128, b: u128) -> Result<u128, MathError> {
    match a.checked_add(b) {
        Some(sum) => Ok(sum),
        None => Err(MathError::SumOverflow { a, b }),
    }
}

/// `a - b`.
///
/// - Errors: [`MathError::DifferenceUnderflow`].
pub const fn sub(a: u128, b: u128) -> Result<u128, MathError> {
    match a.checked_sub(b) {
        Some(difference) => Ok(difference),
        None => Err(MathError::DifferenceUnderflow { a, b }),
    }
}

/// `a · b`.
///
/// - Errors: [`MathError::QuotientOverflow`], with a denominator of one.
pub const fn mul(a: u128, b: u128) -> Result<u128, MathError> {
    match a.checked_mul(b) {
        Some(product) => Ok(product),
        None => Err(MathError::QuotientOverflow {
            a,
            b,
            denominator: 1,
        }),
    }
}

/// An amount of the ABI (`uint256`) as an amount of the rules.
///
/// - Errors: [`MathError::TooWide`] above `u128::MAX`.
pub fn narrow(value: U256) -> Result<u128, MathError> {
    match *value.as_limbs() {
        [low, high, 0, 0] => Ok(join(high, low)),
        _ => Err(MathError::TooWide { value }),
    }
}

/// `a · b / denominator` over a 256-bit product, rounded once.
///
/// 256 bits hold any product of two 128-bit factors, so this is exact for every input.
///
/// - Errors: [`MathError::DivisionByZero`], [`MathError::QuotientOverflow`].
#[inline(never)]
pub fn mul_div(a: u128, b: u128, denominator: u128, rounding: Rounding) -> Result<u128, MathError> {
    let overflow = MathError::QuotientOverflow { a, b, denominator };
    if denominator == 0 {
        return Err(MathError::DivisionByZero { a, b });
    }
    let (high, low) = product(a, b);
    if high >= denominator {
        return Err(overflow);
    }
    let (quotient, remainder) = divide(high, low, denominator);
    match rounding {
        Rounding::Up if remainder != 0 => quotient.checked_add(1).ok_or(overflow),
        Rounding::Up | Rounding::Down => Ok(quotient),
    }
}

/// Compares `a · b` with `c · d` exactly.
pub fn compare_products(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    product(a, b).cmp(&product(c, d))
}

const LOW_64: u128 = u64::MAX as u128;

const fn join(high: u64, low: u64) -> u128 {
    ((high as u128) << 64) | low as u128
}

/// `a · b` as its upper and lower 128 bits, schoolbook in digits of 64 bits.
fn product(a: u128, b: u128) -> (u128, u128) {
    let (a1, a0) = (a >> 64, a & LOW_64);
    let (b1, b0) = (b >> 64, b & LOW_64);
    // Each factor is below 2^64, so a digit product is at most (2^64 − 1)² = 2^128 − 2^65 + 1
    // and leaves room for two more digits: none of the sums below can wrap.
    let low = a0.wrapping_mul(b0);
    let cross = a1.wrapping_mul(b0).wrapping_add(low >> 64);
    let middle = a0.wrapping_mul(b1).wrapping_add(cross & LOW_64);
    let high = a1
        .wrapping_mul(b1)
        .wrapping_add(cross >> 64)
        .wrapping_add(middle >> 64);
    (high, (middle << 64) | (low & LOW_64))
}

/// Quotient and remainder of `high·2^128 + low` by `divisor`, for `high < divisor`.
///
/// Knuth's algorithm D (TAOCP 4.3.1) with two quotient digits of 64 bits.
fn divide(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    if high == 0 {
        // `divisor > high` is not zero; the fallback is never taken.
        let quotient = low.checked_div(divisor).unwrap_or(0);
        return (quotient, low.wrapping_sub(quotient.wrapping_mul(divisor)));
    }
    // Here `divisor > high ≥ 1`, so the shift is at most 126. Two steps keep it below 128.
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let high = (high << shift) | ((low >> 1) >> 127_u32.wrapping_sub(shift));
    let low = low << shift;
    let (upper, rest) = digit(high, low >> 64, divisor);
    let (lower, rest) = digit(rest, low & LOW_64, divisor);
    ((upper << 64) | lower, rest >> shift)
}

/// One digit of the quotient of `rest·2^64 + next` by a divisor whose top bit is set, and what remains.
fn digit(rest: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (d1, d0) = (divisor >> 64, divisor & LOW_64);
    // The top bit of the divisor is set, so `d1` is not zero; the fallback is never taken.
    let mut guess = rest.checked_div(d1).unwrap_or(0);
    let mut over = rest.wrapping_sub(guess.wrapping_mul(d1));
    // The guess is at most two too large (Knuth, theorem B), hence at most two rounds.
    while over <= LOW_64 && (guess > LOW_64 || guess.wrapping_mul(d0) > (over << 64) | next) {
        guess = guess.wrapping_sub(1);
        over = over.wrapping_add(d1);
    }
    // The true remainder is below the divisor, so arithmetic modulo 2^128 yields it exactly.
    let remainder = (rest << 64)
        .wrapping_add(next)
        .wrapping_sub(guess.wrapping_mul(divisor));
    (guess, remainder)
}
