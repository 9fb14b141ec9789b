//! The rules of `protocol::fees` on literal numbers.

use protocol::{
    fees::{FeeBps, FeeError, FeeSchedule, FeeSplit, split},
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
fn an_announced_fee_takes_effect_when_its_notice_is_over() {
    let (ten, five) = (FeeBps::new(1_000).unwrap(), FeeBps::new(500).unwrap());
    let schedule = FeeSchedule::fixed(ten).announced(five, 100, 50);
    assert_eq!(schedule.at(100), ten);
    assert_eq!(schedule.at(149), ten);
    assert_eq!(schedule.at(150), five);
    assert_eq!(schedule.at(u64::MAX), five);
}

#[test]
fn a_second_announcement_replaces_the_first_and_begins_its_notice_anew() {
    let [ten, five, one] = [1_000, 500, 100].map(|bps| FeeBps::new(bps).unwrap());
    let schedule = FeeSchedule::fixed(ten).announced(five, 100, 50);
    let replaced = schedule.announced(one, 140, 50);
    assert_eq!(replaced.at(189), ten);
    assert_eq!(replaced.at(190), one);
    // Once the first is in force, it is what the second replaces.
    let followed = schedule.announced(one, 150, 50);
    assert_eq!(followed.at(199), five);
    assert_eq!(followed.at(200), one);
}

#[test]
fn a_notice_beyond_all_time_never_ends() {
    let [ten, five] = [1_000, 500].map(|bps| FeeBps::new(bps).unwrap());
    let schedule = FeeSchedule::fixed(ten).announced(five, 1, u64::MAX);
    assert_eq!(schedule.effective_at, u64::MAX);
    assert_eq!(schedule.at(u64::MAX - 1), ten);
}
