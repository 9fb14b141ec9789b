//! The rules of `protocol::mul_div` on literal numbers.

use std::cmp::Ordering;

use protocol::mul_div::{MathError, Rounding, add, compare_products, mul, mul_div, narrow, sub};
use ruint::aliases::U256;

const MAX: u128 = u128::MAX;

#[test]
fn a_quotient_that_comes_out_even_ignores_the_rounding() {
    // 8 · 3 / 4 = 6
    assert_eq!(mul_div(8, 3, 4, Rounding::Down), Ok(6));
    assert_eq!(mul_div(8, 3, 4, Rounding::Up), Ok(6));
}

#[test]
fn a_quotient_that_does_not_is_rounded_as_asked() {
    // 7 · 3 / 4 = 5.25
    assert_eq!(mul_div(7, 3, 4, Rounding::Down), Ok(5));
    assert_eq!(mul_div(7, 3, 4, Rounding::Up), Ok(6));
}

#[test]
fn products_wider_than_128_bits_are_exact() {
    assert_eq!(mul_div(MAX, MAX, MAX, Rounding::Down), Ok(MAX));
    // 2^127 · 2 = 2^128 = 1 · (2^128 − 1) + 1
    assert_eq!(mul_div(1 << 127, 2, MAX, Rounding::Down), Ok(1));
    assert_eq!(mul_div(1 << 127, 2, MAX, Rounding::Up), Ok(2));
}

#[test]
fn a_quotient_wider_than_128_bits_is_an_error_with_its_numbers() {
    let error = MathError::QuotientOverflow {
        a: MAX,
        b: 2,
        denominator: 1,
    };
    assert_eq!(mul_div(MAX, 2, 1, Rounding::Down), Err(error));
}

#[test]
fn rounding_up_past_128_bits_is_an_error() {
    // (2^43 − 1) · (2^86 + 2^43 + 1) = 2^129 − 1, and half of that is 2^128 − ½.
    let (a, b) = ((1 << 43) - 1, (1 << 86) + (1 << 43) + 1);
    assert_eq!(mul_div(a, b, 2, Rounding::Down), Ok(MAX));
    assert_eq!(
        mul_div(a, b, 2, Rounding::Up),
        Err(MathError::QuotientOverflow {
            a,
            b,
            denominator: 2
        })
    );
}

#[test]
fn division_by_zero_is_an_error_with_its_factors() {
    let error = MathError::DivisionByZero { a: 5, b: 7 };
    assert_eq!(mul_div(5, 7, 0, Rounding::Up), Err(error));
}

#[test]
fn every_small_triple_equals_plain_division() {
    for a in 0..=64_u128 {
        for b in 0..=64_u128 {
            for d in 1..=64_u128 {
                assert_eq!(mul_div(a, b, d, Rounding::Down), Ok(a * b / d));
                assert_eq!(mul_div(a, b, d, Rounding::Up), Ok((a * b).div_ceil(d)));
            }
        }
    }
}

#[test]
fn sums_and_differences_report_instead_of_wrapping() {
    assert_eq!(add(MAX - 1, 1), Ok(MAX));
    assert_eq!(add(MAX, 1), Err(MathError::SumOverflow { a: MAX, b: 1 }));
    assert_eq!(sub(5, 5), Ok(0));
    assert_eq!(
        sub(5, 6),
        Err(MathError::DifferenceUnderflow { a: 5, b: 6 })
    );
}

#[test]
fn a_product_reports_instead_of_wrapping() {
    assert_eq!(mul(MAX, 1), Ok(MAX));
    // (2^64 + 1) · (2^64 − 1) = 2^128 − 1
    assert_eq!(mul((1 << 64) + 1, (1 << 64) - 1), Ok(MAX));
    let overflow = MathError::QuotientOverflow {
        a: 1 << 64,
        b: 1 << 64,
        denominator: 1,
    };
    assert_eq!(mul(1 << 64, 1 << 64), Err(overflow));
}

#[test]
fn an_abi_amount_is_narrowed_or_refused() {
    assert_eq!(narrow(U256::from(MAX)), Ok(MAX));
    assert_eq!(narrow(U256::from_limbs([5, 7, 0, 0])), Ok((7 << 64) | 5));
    for limbs in [[0, 0, 1, 0], [0, 0, 0, 1]] {
        let value = U256::from_limbs(limbs);
        assert_eq!(narrow(value), Err(MathError::TooWide { value }));
    }
}

#[test]
fn products_are_compared_over_their_full_width() {
    assert_eq!(compare_products(6, 7, 2, 21), Ordering::Equal);
    assert_eq!(compare_products(MAX, MAX, MAX, MAX - 1), Ordering::Greater);
    // 2^128 against 2^128 − 1
    assert_eq!(
        compare_products(1 << 64, 1 << 64, MAX, 1),
        Ordering::Greater
    );
    assert_eq!(compare_products(MAX, 1, 1 << 64, 1 << 64), Ordering::Less);
}
