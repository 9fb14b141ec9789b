//! The rules of `protocol::bps` on literal numbers.

use protocol::bps::{WHOLE, portion};

#[test]
fn a_portion_is_rounded_down() {
    assert_eq!(portion(999, 1_000), Ok(99));
}

#[test]
fn ten_thousand_basis_points_are_all_of_any_amount() {
    assert_eq!(WHOLE, 10_000);
    assert_eq!(portion(u128::MAX, WHOLE), Ok(u128::MAX));
}
