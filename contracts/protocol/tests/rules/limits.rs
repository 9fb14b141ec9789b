//! The rules of `protocol::limits` on literal numbers.

use protocol::limits::{Bucket, LimitError, check_minimum};

const BUCKET: Bucket = Bucket {
    capacity: 1_000,
    level: 100,
    refill_secs: 50,
    updated_at: 1_000,
};

#[test]
fn less_than_the_minimum_is_refused() {
    assert_eq!(check_minimum(10, 10), Ok(()));
    assert_eq!(
        check_minimum(9, 10),
        Err(LimitError::BelowMinimum {
            assets: 9,
            minimum: 10
        })
    );
}

#[test]
fn time_refills_the_bucket_up_to_its_capacity() {
    // 20 wei a second on top of 100.
    for (now, available) in [
        (999, 100),
        (1_000, 100),
        (1_010, 300),
        (1_045, 1_000),
        (1_049, 1_000),
        (1_050, 1_000),
    ] {
        assert_eq!(BUCKET.available(now), Ok(available));
    }
}

#[test]
fn the_refill_is_rounded_down() {
    let slow = Bucket {
        refill_secs: 3_000,
        ..BUCKET
    };
    // A third of a wei a second: 100 + 1.67.
    assert_eq!(slow.available(1_005), Ok(101));
}

#[test]
fn a_deposit_empties_the_bucket_and_no_more() {
    assert_eq!(
        BUCKET.take(250, 1_010),
        Ok(Bucket {
            level: 50,
            updated_at: 1_010,
            ..BUCKET
        })
    );
    assert_eq!(BUCKET.take(300, 1_010).unwrap().level, 0);
    assert_eq!(
        BUCKET.take(301, 1_010),
        Err(LimitError::AboveLimit {
            assets: 301,
            available: 300
        })
    );
}

#[test]
fn no_capacity_means_no_limit() {
    assert_eq!(Bucket::default().available(7), Ok(u128::MAX));
    assert_eq!(Bucket::default().take(u128::MAX, 7), Ok(Bucket::default()));
}

#[test]
fn a_bucket_that_refills_at_once_is_always_full() {
    let bucket = Bucket {
        refill_secs: 0,
        ..BUCKET
    };
    assert_eq!(bucket.available(1_000), Ok(1_000));
}

#[test]
fn times_beyond_32_bits_are_kept_at_the_last_second() {
    let taken = BUCKET.take(1_000, 1 << 40).unwrap();
    assert_eq!((taken.level, taken.updated_at), (0, u32::MAX));
    assert_eq!(taken.available(1 << 40), Ok(1_000));
}
