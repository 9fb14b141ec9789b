//! The rule of `protocol::feed` on literal numbers.

use protocol::feed::Round;

const ONE: u128 = 1_000_000_000_000_000_000_000_000_000;
const DAY: u64 = 86_400;

const fn round(rate_e27: u128, at: u64) -> Round {
    Round { rate_e27, at }
}

#[test]
fn a_rate_below_the_bound_is_told_as_it_is() {
    let start = round(ONE, 1_000);
    assert_eq!(
        start.capped_e18(&round(ONE, 1_000)),
        Ok(ONE / 1_000_000_000)
    );
    let day = round(1_000_500_000_000_000_000_999_999_999, 1_000 + DAY);
    assert_eq!(start.capped_e18(&day), Ok(1_000_500_000_000_000_000));
}

#[test]
fn a_rate_above_the_bound_is_the_bound() {
    let start = round(2 * ONE, 1_000);
    // 0.075 % of 2 ETH is 0.0015 ETH a day.
    assert_eq!(
        start.capped_e18(&round(9 * ONE, 1_000 + DAY)),
        Ok(2_001_500_000_000_000_000)
    );
    assert_eq!(
        start.capped_e18(&round(9 * ONE, 1_000 + 365 * DAY)),
        Ok(2_547_500_000_000_000_000)
    );
}

#[test]
fn a_loss_is_told_at_once() {
    let start = round(ONE, 1_000);
    assert_eq!(
        start.capped_e18(&round(ONE / 2, 1_000)),
        Ok(500_000_000_000_000_000)
    );
}

#[test]
fn a_round_before_the_start_is_bounded_by_the_start() {
    let start = round(ONE, 1_000);
    assert_eq!(
        start.capped_e18(&round(2 * ONE, 1)),
        Ok(1_000_000_000_000_000_000)
    );
}

#[test]
fn no_rate_and_no_time_is_refused() {
    let start = round(u128::MAX, 0);
    let far = round(u128::MAX, u64::MAX);
    assert_eq!(start.capped_e18(&far), Ok(u128::MAX / 1_000_000_000));
}
