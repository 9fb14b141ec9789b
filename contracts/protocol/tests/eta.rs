//! When a request can be filled: properties of the rule that `estimate` tells users by.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums of generated numbers far below any limit"
)]

use proptest::prelude::*;
use protocol::queue::estimate::{Returning, eta};

const NOW: u64 = 1_700_000_000;
/// Seven days.
const UNBONDING: u64 = 604_800;

fn returning(assets: u128, after: u64) -> Returning {
    Returning {
        assets,
        matures_at: NOW + after,
    }
}

/// A line as the registry has it: in the order of maturity, none later than an unbonding period.
fn lines() -> impl Strategy<Value = Vec<Returning>> {
    let entry = (0..1_000_u128, 0..=UNBONDING);
    prop::collection::vec(entry, 0..20).prop_map(|entries| {
        let mut line: Vec<_> = entries
            .into_iter()
            .map(|(assets, after)| returning(assets, after))
            .collect();
        line.sort_by_key(|entry| entry.matures_at);
        line
    })
}

#[test]
fn what_is_free_is_paid_now() {
    assert_eq!(eta(0, [returning(5, 60)], NOW, UNBONDING), NOW);
}

#[test]
fn the_entry_that_completes_the_sum_decides() {
    let line = [returning(5, 60), returning(5, 120), returning(5, 180)];
    assert_eq!(eta(5, line, NOW, UNBONDING), NOW + 60);
    assert_eq!(eta(6, line, NOW, UNBONDING), NOW + 120);
    assert_eq!(eta(15, line, NOW, UNBONDING), NOW + 180);
}

#[test]
fn what_is_not_unbonding_takes_an_unbonding_period_from_now() {
    assert_eq!(eta(16, [returning(15, 60)], NOW, UNBONDING), NOW + 604_800);
    assert_eq!(eta(1, [], NOW, UNBONDING), NOW + 604_800);
}

#[test]
fn what_has_matured_already_comes_back_now() {
    let matured = Returning {
        assets: 7,
        matures_at: NOW - 1,
    };
    assert_eq!(eta(7, [matured], NOW, UNBONDING), NOW);
}

proptest! {
    #[test]
    fn it_is_never_past_nor_later_than_an_unbonding_period(
        missing in 0..30_000_u128, line in lines(),
    ) {
        let eta = eta(missing, line, NOW, UNBONDING);
        prop_assert!((NOW..=NOW + UNBONDING).contains(&eta));
    }

    #[test]
    fn who_misses_more_waits_no_less(
        missing in 0..20_000_u128, more in 0..20_000_u128, line in lines(),
    ) {
        let first = eta(missing, line.iter().copied(), NOW, UNBONDING);
        prop_assert!(first <= eta(missing + more, line, NOW, UNBONDING));
    }

    #[test]
    fn looking_at_less_of_the_line_never_promises_an_earlier_time(
        missing in 0..20_000_u128, line in lines(), seen in 0..20_usize,
    ) {
        let whole = eta(missing, line.iter().copied(), NOW, UNBONDING);
        prop_assert!(whole <= eta(missing, line.into_iter().take(seen), NOW, UNBONDING));
    }

    #[test]
    fn time_that_passes_moves_a_promise_only_if_nothing_was_called_back(
        missing in 1..20_000_u128, line in lines(), later in 0..UNBONDING,
    ) {
        let unbonding: u128 = line.iter().map(|entry| entry.assets).sum();
        let promised = eta(missing, line.iter().copied(), NOW, UNBONDING);
        let then = eta(missing, line, NOW + later, UNBONDING);
        if missing <= unbonding {
            prop_assert_eq!(then, promised.max(NOW + later));
        } else {
            prop_assert_eq!(then, promised + later);
        }
    }
}
