//! The rules of `protocol::fees` on literal numbers.

use protocol::{
    fees::{FeeBps, FeeError, FeeSplit, portion, split},
    mul_div::MathError,
    rate::Totals,
};

#[test]
fn a_fee_above_a_fifth_is_refused() {
    assert_eq!(FeeBps::new(2_000).unwrap().get(), 2_000);
    assert_eq!(
        FeeBps::new(2_001),
        Err(FeeError::AboveMaximum {
            fee_bps: 2_001,
            maximum_bps: 2_000
        })
    );
}

#[test]
fn the_fee_buys_shares_at_the_current_rate() {
    let totals = Totals {
        assets: 150,
        shares: 100,
    };
    // Fee 10 % of 1,009 = 100.9 → 100; 100 / 1.5 = 66.67 → 66 shares.
    assert_eq!(
        split(totals, 1_009, FeeBps::new(1_000).unwrap()),
        Ok(FeeSplit {
            fee: 100,
            fee_shares: 66,
            net: 909
        })
    );
}

#[test]
fn without_a_fee_no_rate_is_needed() {
    assert_eq!(
        split(Totals::default(), 1_000, FeeBps::new(0).unwrap()),
        Ok(FeeSplit {
            fee: 0,
            fee_shares: 0,
            net: 1_000
        })
    );
    assert_eq!(
        split(Totals::default(), 1_000, FeeBps::new(1_000).unwrap()),
        Err(MathError::DivisionByZero { a: 100, b: 0 })
    );
}

#[test]
fn a_portion_is_rounded_down() {
    assert_eq!(portion(999, 1_000), Ok(99));
    assert_eq!(portion(u128::MAX, 10_000), Ok(u128::MAX));
}
