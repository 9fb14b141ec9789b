//! The full-width arithmetic against wider integers.

use proptest::prelude::*;
use protocol::mul_div::{MathError, Rounding, compare_products, mul_div};
use ruint::{Uint, aliases::U256};

use crate::config;

fn wide(value: u128) -> U256 {
    U256::from(value)
}

/// `a · b / denominator` over a 512-bit product, rounded once; `None` if the divisor is zero
/// or the quotient exceeds 256 bits.
fn mul_div_wide(a: U256, b: U256, denominator: U256, rounding: Rounding) -> Option<U256> {
    if denominator.is_zero() {
        return None;
    }
    let product: Uint<512, 8> = a.widening_mul(b);
    let (quotient, remainder) = product.div_rem(Uint::<512, 8>::from(denominator));
    let quotient = match *quotient.as_limbs() {
        [a, b, c, d, 0, 0, 0, 0] => U256::from_limbs([a, b, c, d]),
        _ => return None,
    };
    match rounding {
        Rounding::Up if !remainder.is_zero() => quotient.checked_add(U256::ONE),
        Rounding::Up | Rounding::Down => Some(quotient),
    }
}

#[test]
fn every_triple_of_edges_equals_the_512_bit_division() {
    let mut edges = vec![0, 1, 2, 3, u128::MAX, u128::MAX - 1, u128::MAX - 2];
    for bit in [31, 32, 63, 64, 65, 95, 96, 126, 127] {
        let power = 1_u128 << bit;
        edges.extend([
            power - 1,
            power,
            power + 1,
            u128::MAX - power,
            u128::MAX - power + 1,
        ]);
    }
    for a in &edges {
        for b in &edges {
            for d in &edges {
                for rounding in [Rounding::Down, Rounding::Up] {
                    let [x, y, z] = [a, b, d].map(|edge| wide(*edge));
                    let expected = mul_div_wide(x, y, z, rounding)
                        .filter(|quotient| *quotient <= wide(u128::MAX))
                        .map(|quotient| quotient.to::<u128>());
                    assert_eq!(mul_div(*a, *b, *d, rounding).ok(), expected, "{a} {b} {d}");
                }
            }
        }
    }
}

#[test]
fn the_wide_division_uses_all_512_bits() {
    let [two, three] = [2, 3].map(U256::from);
    assert_eq!(
        mul_div_wide(U256::MAX, U256::MAX, U256::MAX, Rounding::Up),
        Some(U256::MAX)
    );
    // 7 · 3 / 2 = 10.5
    let seven = U256::from(7);
    assert_eq!(
        mul_div_wide(seven, three, two, Rounding::Down),
        Some(U256::from(10))
    );
    assert_eq!(
        mul_div_wide(seven, three, two, Rounding::Up),
        Some(U256::from(11))
    );
    assert_eq!(
        mul_div_wide(U256::MAX, two, U256::ONE, Rounding::Down),
        None
    );
    assert_eq!(mul_div_wide(two, two, U256::ZERO, Rounding::Down), None);
}

proptest! {
    #![proptest_config(config(4_096))]

    #[test]
    fn mul_div_equals_the_512_bit_division(
        a: u128, b: u128, d: u128, shifts in (0_u32..128, 0_u32..128, 0_u32..128)
    ) {
        let (a, b, d) = (a >> shifts.0, b >> shifts.1, d >> shifts.2);
        for rounding in [Rounding::Down, Rounding::Up] {
            let expected = mul_div_wide(wide(a), wide(b), wide(d), rounding);
            match mul_div(a, b, d, rounding) {
                Ok(quotient) => prop_assert_eq!(Some(wide(quotient)), expected),
                Err(MathError::DivisionByZero { .. }) => prop_assert_eq!(d, 0),
                Err(error) => {
                    prop_assert_eq!(error, MathError::QuotientOverflow { a, b, denominator: d });
                    prop_assert!(expected.unwrap() > wide(u128::MAX));
                }
            }
        }
    }

    #[test]
    fn compare_products_equals_the_256_bit_comparison(a: u128, b: u128, c: u128, d: u128, same: bool) {
        let (c, d) = if same { (b, a) } else { (c, d) };
        let expected = (wide(a) * wide(b)).cmp(&(wide(c) * wide(d)));
        prop_assert_eq!(compare_products(a, b, c, d), expected);
    }
}
