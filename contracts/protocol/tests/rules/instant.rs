//! The rules of `protocol::instant` on literal numbers.

use protocol::{
    instant::{Instant, MIN_LANE_REFILL_SECS, fee, withdraw},
    limits::{LimitError, MAX_REFILL_SECS},
    mul_div::MathError,
    queue::QueueError,
    rate::Totals,
};

use crate::{ETH, MILLI};

/// 1,000 ETH in 500 shares.
const TOTALS: Totals = Totals {
    assets: 1_000 * ETH,
    shares: 500 * ETH,
};
/// Beside this a buffer of 100 ETH is full.
const REST: u128 = 900 * ETH;

#[test]
fn a_full_buffer_gives_at_a_thousandth() {
    assert_eq!(
        withdraw(TOTALS, 5 * ETH, 250 * ETH, 100 * ETH, 0),
        Ok(Instant {
            worth: 10 * ETH,
            fee: 10 * MILLI,
            paid: 9_990 * MILLI,
        })
    );
}

#[test]
fn the_fee_rises_as_the_buffer_falls() {
    // From 100 to 0: the mean of 0.1 % and 2 % is 1.05 %.
    assert_eq!(fee(100 * ETH, 100 * ETH, REST), Ok(1_050 * MILLI));
    // From 50 to 40: 2 % − 1.9 % · 0.45 = 1.145 %.
    assert_eq!(fee(10 * ETH, 50 * ETH, REST), Ok(114_500_000_000_000_000));
    // The last thousandth: 2 % − 1.9 % · 0.000005 = 1.9999905 %, 19,999,905,000,000 wei.
    assert_eq!(fee(MILLI, MILLI, REST), Ok(19_999_905_000_000));
}

#[test]
fn a_withdrawal_across_the_full_mark_pays_each_part_its_fee() {
    // 50 ETH at 0.1 %, then from 100 to 50: 2 % − 1.9 % · 0.75 = 0.575 % of 50.
    assert_eq!(
        fee(100 * ETH, 150 * ETH, REST),
        Ok(50 * MILLI + 287_500_000_000_000_000)
    );
}

#[test]
fn many_withdrawals_pay_the_fee_of_one() {
    let whole = fee(40 * ETH, 120 * ETH, REST).unwrap();
    let parts: u128 = (0..4)
        .map(|part| fee(10 * ETH, (120 - 10 * part) * ETH, REST).unwrap())
        .sum();
    // 20 ETH at 0.1 %, then from 100 to 80: 0.29 % of 20.
    assert_eq!((whole, parts), (78 * MILLI, 78 * MILLI));
}

#[test]
fn slices_cost_what_the_whole_costs_although_the_pool_shrinks_between() {
    // 200 of 1,000 ETH are free and 150 leave: down to 88.9 at 0.1 %, the rest at what the level costs.
    let whole = withdraw(TOTALS, 75 * ETH, 200 * ETH, 0, 0).unwrap();
    assert_eq!(whole.fee, 311_631_944_444_444_446);
    let mut totals = TOTALS;
    let mut fees = 0;
    for left in 0..10 {
        let free = (200 - 15 * left) * ETH;
        let slice = withdraw(totals, 15 * ETH / 2, free, 0, 0).unwrap();
        fees += slice.fee;
        totals.assets -= slice.worth;
        totals.shares -= 15 * ETH / 2;
    }
    assert!((whole.fee..=whole.fee + 10).contains(&fees), "{fees}");
}

#[test]
fn a_fee_is_rounded_up() {
    // 0.1 % of 10^15 + 1 is 10^12 + 1/1000.
    assert_eq!(fee(MILLI + 1, 200 * ETH, REST), Ok(1_000_000_000_001));
    // 19,999,905,000,000 and a fraction.
    assert_eq!(fee(MILLI, MILLI + 1, REST), Ok(19_999_905_000_000));
    assert_eq!(fee(MILLI + 1, MILLI + 1, REST), Ok(19_999_905_000_001));
}

#[test]
fn what_the_queue_is_owed_is_not_given_away() {
    let above = |available| {
        Err(QueueError::Limit(LimitError::AboveLimit {
            assets: 10 * ETH,
            available,
        }))
    };
    assert_eq!(
        withdraw(TOTALS, 5 * ETH, 19 * ETH, 10 * ETH, 0),
        above(9 * ETH)
    );
    assert_eq!(withdraw(TOTALS, 5 * ETH, 10 * ETH, 11 * ETH, 0), above(0));
    assert!(withdraw(TOTALS, 5 * ETH, 20 * ETH, 10 * ETH, 0).is_ok());
}

#[test]
fn less_than_was_insisted_on_is_refused() {
    assert_eq!(
        withdraw(TOTALS, 5 * ETH, 250 * ETH, 0, 9_990 * MILLI + 1),
        Err(QueueError::BelowMinAssets {
            assets: 9_990 * MILLI,
            min_assets: 9_990 * MILLI + 1,
        })
    );
    assert!(withdraw(TOTALS, 5 * ETH, 250 * ETH, 0, 9_990 * MILLI).is_ok());
}

#[test]
fn dust_is_refused() {
    assert_eq!(
        withdraw(TOTALS, MILLI / 2 - 1, 250 * ETH, 0, 0),
        Err(QueueError::Limit(LimitError::BelowMinimum {
            assets: MILLI - 2,
            minimum: MILLI,
        }))
    );
}

#[test]
fn a_fee_for_more_than_there_is_has_no_answer() {
    assert_eq!(
        fee(2, 1, REST),
        Err(MathError::DifferenceUnderflow { a: 1, b: 2 })
    );
}

#[test]
fn the_lane_refills_within_an_hour_to_thirty_days() {
    assert_eq!((MIN_LANE_REFILL_SECS, MAX_REFILL_SECS), (3_600, 2_592_000));
}
