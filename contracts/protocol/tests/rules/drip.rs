//! The rules of `protocol::drip` on literal numbers.

use protocol::{
    drip::{DAILY_CAP_E9, Drip, MAX_RELEASE_SECS, MIN_RELEASE_SECS},
    mul_div::MathError,
};

/// 10 wei a second from 100 to 200.
const DRIP: Drip = Drip {
    amount: 1_000,
    start: 100,
    end: 200,
};
/// A pool so large that the cap never binds.
const LARGE: u128 = 1 << 100;

#[test]
fn release_is_linear_between_start_and_end() {
    for (now, released) in [
        (0, 0),
        (99, 0),
        (100, 0),
        (101, 10),
        (150, 500),
        (199, 990),
        (200, 1_000),
        (u64::MAX, 1_000),
    ] {
        assert_eq!(DRIP.released(now), Ok(released));
        assert_eq!(DRIP.unreleased(now), Ok(1_000 - released));
    }
}

#[test]
fn release_rounds_down_and_ends_exact() {
    let drip = Drip {
        amount: 7,
        start: 0,
        end: 3,
    };
    // 2.33, 4.67, 7
    assert_eq!(
        [1, 2, 3].map(|now| drip.released(now)),
        [Ok(2), Ok(4), Ok(7)]
    );
}

#[test]
fn a_release_without_duration_is_over_at_once() {
    let drip = Drip {
        amount: 5,
        start: 7,
        end: 7,
    };
    assert_eq!((drip.released(6), drip.released(7)), (Ok(0), Ok(5)));
}

#[test]
fn the_empty_drip_releases_nothing() {
    assert_eq!(Drip::default().released(0), Ok(0));
    assert_eq!(Drip::default().unreleased(5), Ok(0));
}

#[test]
fn a_new_reward_folds_in_what_is_unreleased() {
    let next = DRIP.extended(150, 300, LARGE, 100, DAILY_CAP_E9);
    assert_eq!(
        next,
        Ok(Drip {
            amount: 800,
            start: 150,
            end: 250
        })
    );
}

#[test]
fn the_daily_cap_lengthens_the_release() {
    // A day may add 10^9 · 0.00075 = 750,000 wei, so 800 take ⌈92.16⌉ s.
    let next = DRIP.extended(150, 300, 1_000_000_000, 60, DAILY_CAP_E9);
    assert_eq!(
        next,
        Ok(Drip {
            amount: 800,
            start: 150,
            end: 243
        })
    );
    let longer_epoch = DRIP.extended(150, 300, 1_000_000_000, 94, DAILY_CAP_E9);
    assert_eq!(longer_epoch.unwrap().end, 244);
}

#[test]
fn a_cap_that_allows_nothing_holds_the_reward_back_for_ever() {
    // 1,333 · 0.00075 = 0.99975 wei a day is none; 1,334 · 0.00075 = 1.0005 is one.
    let none = Drip::default().extended(10, 5, 1_333, 60, DAILY_CAP_E9);
    assert_eq!(none.unwrap().end, u64::MAX);
    let one = Drip::default().extended(10, 5, 1_334, 60, DAILY_CAP_E9);
    assert_eq!(one.unwrap().end, 10 + 5 * 86_400);
    let slow = Drip::default().extended(10, u128::MAX, 1_334, 60, DAILY_CAP_E9);
    assert_eq!(slow.unwrap().end, u64::MAX);
    assert_eq!(slow.unwrap().amount, u128::MAX);
}

#[test]
fn a_reward_beyond_128_bits_is_refused() {
    assert_eq!(
        DRIP.extended(150, u128::MAX, LARGE, 60, DAILY_CAP_E9),
        Err(MathError::SumOverflow {
            a: 500,
            b: u128::MAX
        })
    );
}

#[test]
fn what_joins_a_release_does_not_begin_it_anew() {
    // 500 are left at 150; with 300 more they end when they would have.
    let next = DRIP.joined(150, 300, LARGE, DAILY_CAP_E9);
    assert_eq!(
        next,
        Ok(Some(Drip {
            amount: 800,
            start: 150,
            end: 200
        }))
    );
}

#[test]
fn what_joins_a_release_ends_no_sooner_than_the_cap_allows() {
    // As in `the_daily_cap_lengthens_the_release`: 800 take ⌈92.16⌉ s.
    let next = DRIP.joined(150, 300, 1_000_000_000, DAILY_CAP_E9);
    assert_eq!(next.unwrap().unwrap().end, 243);
    // A pool that shrank lengthens it by itself: 500 of 500,000,000 take ⌈115.2⌉ s.
    let slowed = DRIP.joined(150, 0, 500_000_000, DAILY_CAP_E9);
    assert_eq!(
        slowed,
        Ok(Some(Drip {
            amount: 500,
            start: 150,
            end: 266
        }))
    );
}

#[test]
fn a_release_that_nothing_joins_and_that_is_slow_enough_stays_as_it_is() {
    assert_eq!(DRIP.joined(150, 0, LARGE, DAILY_CAP_E9), Ok(None));
    // Over: what was released is booked by whoever settles it.
    assert_eq!(DRIP.joined(200, 0, 1, DAILY_CAP_E9), Ok(None));
    assert_eq!(
        DRIP.joined(150, u128::MAX, LARGE, DAILY_CAP_E9),
        Err(MathError::SumOverflow {
            a: 500,
            b: u128::MAX
        })
    );
}

#[test]
fn a_loss_eats_the_unreleased_and_keeps_the_end() {
    assert_eq!(
        DRIP.reduced(150, 200),
        Ok(Drip {
            amount: 300,
            start: 150,
            end: 200
        })
    );
    assert_eq!(DRIP.reduced(150, 500), Ok(Drip::default()));
    assert_eq!(DRIP.reduced(200, 0), Ok(Drip::default()));
    assert_eq!(
        DRIP.reduced(150, 501),
        Err(MathError::DifferenceUnderflow { a: 500, b: 501 })
    );
}

#[test]
fn a_loss_before_the_start_does_not_bring_the_start_forward() {
    assert_eq!(
        DRIP.reduced(50, 1),
        Ok(Drip {
            amount: 999,
            start: 100,
            end: 200
        })
    );
}

#[test]
fn a_release_lasts_a_minute_to_thirty_days() {
    assert_eq!((MIN_RELEASE_SECS, MAX_RELEASE_SECS), (60, 2_592_000));
}
