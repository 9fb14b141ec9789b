//! The rules of `protocol::redemption` on literal numbers.

use protocol::redemption::{Filled, Measure, Taken};

/// Three shares that were filled with ten wei.
const FILLED: Filled = filled(3, 10);

const fn filled(shares: u128, assets: u128) -> Filled {
    Filled { shares, assets }
}

#[test]
fn a_share_is_paid_rounded_down_and_the_last_one_the_rest() {
    // ⌊10 · 1 ÷ 3⌋ = 3, ⌊7 · 1 ÷ 2⌋ = 3, and 4 are left for the third.
    let first = FILLED.take_shares(1).unwrap();
    assert_eq!((first.part, first.left), (filled(1, 3), filled(2, 7)));
    let second = first.left.take_shares(1).unwrap();
    assert_eq!((second.part, second.left), (filled(1, 3), filled(1, 4)));
    let third = second.left.take_shares(1).unwrap();
    assert_eq!((third.part, third.left), (filled(1, 4), filled(0, 0)));
}

#[test]
fn wei_are_taken_for_shares_rounded_down() {
    // ⌊3 · 5 ÷ 10⌋ = 1.
    let Taken { part, left } = FILLED.take_assets(5).unwrap();
    assert_eq!((part, left), (filled(1, 5), filled(2, 5)));
}

#[test]
fn wei_that_are_left_keep_a_share_to_be_asked_for_with() {
    let Taken { part, left } = filled(1, 10).take_assets(9).unwrap();
    assert_eq!((part, left), (filled(0, 9), filled(1, 1)));
    assert_eq!(left.take_shares(1).unwrap().part, filled(1, 1));
}

#[test]
fn a_part_is_taken_in_the_measure_it_is_counted_in() {
    for (measure, of_all, left) in [
        // Two of three shares are paid ⌊10 · 2 ÷ 3⌋ = 6 wei, two of ten wei cost ⌊3 · 2 ÷ 10⌋ = 0.
        (Measure::Shares, 3, filled(1, 4)),
        (Measure::Assets, 10, filled(3, 8)),
    ] {
        assert_eq!(measure.of(&FILLED), of_all);
        let taken = measure.take(FILLED, 2).unwrap();
        assert_eq!((measure.of(&taken.part), taken.left), (2, left));
    }
}

#[test]
fn more_than_there_is_takes_all() {
    let all = Taken {
        part: FILLED,
        left: filled(0, 0),
    };
    assert_eq!(FILLED.take_shares(4), Ok(all));
    assert_eq!(FILLED.take_assets(11), Ok(all));
}

#[test]
fn worthless_shares_are_gone_when_any_wei_is_asked_for() {
    let Taken { part, left } = filled(3, 0).take_assets(1).unwrap();
    assert_eq!((part, left), (filled(3, 0), filled(0, 0)));
    assert_eq!(filled(3, 0).take_shares(2).unwrap().left, filled(1, 0));
}
