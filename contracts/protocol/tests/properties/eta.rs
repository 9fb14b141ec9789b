//! When a request can be filled: what the rule that users are told by promises.

use proptest::prelude::*;
use protocol::queue::estimate::{Returning, eta};

use crate::config;

const NOW: u64 = 1_700_000_000;
/// Seven days.
const UNBONDING: u64 = 604_800;

/// A line as the registry has it: in the order of maturity, none later than an unbonding period.
fn lines() -> impl Strategy<Value = Vec<Returning>> {
    let entry = (0..1_000_u128, 0..=UNBONDING);
    prop::collection::vec(entry, 0..20).prop_map(|entries| {
        let mut line: Vec<_> = entries
            .into_iter()
            .map(|(assets, after)| Returning {
                assets,
                matures_at: NOW + after,
            })
            .collect();
        line.sort_by_key(|entry| entry.matures_at);
        line
    })
}

proptest! {
    #![proptest_config(config(256))]

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
