//! The full-width arithmetic against wider integers.

use proptest::prelude::*;
use protocol::mul_div::{MathError, Rounding, compare_products, mul_div, mul_div_wide};
use ruint::aliases::U256;

use crate::config;

fn wide(value: u128) -> U256 {
    U256::from(value)
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
