//! Requests, fills and ends: I6, I7, and leaving at once.

use proptest::prelude::*;
use protocol::{
    instant,
    mul_div::{Rounding, mul_div},
    queue::{
        self, Request,
        fill::{MIN_PART, fill},
        leave,
    },
    rate::{self, Totals},
};

use crate::{config, part, request_shares, totals};

proptest! {
    #![proptest_config(config(4_096))]

    // I6
    #[test]
    fn parts_of_a_fill_add_up_to_the_whole(
        totals in totals(),
        part in 1_u128..=1 << 59,
        gain_ppm in 0_u128..500_000,
        cuts in proptest::collection::vec(MIN_PART..1 << 78, 0..8),
    ) {
        let shares = mul_div(totals.shares, part, 1 << 60, Rounding::Down).unwrap();
        let Ok(request) = request_shares(totals, shares) else { return Ok(()); };
        let totals = Totals {
            assets: totals.assets + totals.assets / 1_000_000 * gain_ppm,
            ..totals
        };
        let whole = queue::owed(&request, totals).unwrap();
        let mut parts = 0;
        let mut rest = request;
        let mut now = totals;
        let mut count = 0;
        for free in cuts.into_iter().chain([u128::MAX]) {
            if rest.shares == 0 {
                break;
            }
            let fill = fill(&rest, now, free).unwrap().unwrap();
            count += 1;
            parts += fill.paid;
            rest = fill.request;
            let after = Totals { assets: now.assets - fill.paid, shares: now.shares - fill.shares_burned };
            rate::check_not_lowered(now, after).unwrap();
            now = after;
        }
        prop_assert_eq!(rest, Request { shares: 0, nominal: 0, filled: parts });
        prop_assert!(parts <= whole);
        let wei_a_part = 1 + totals.assets.div_ceil(totals.shares);
        prop_assert!(whole - parts <= count * wei_a_part, "{} short after {count}", whole - parts);
    }

    // I6
    #[test]
    fn a_fill_pays_neither_above_nominal_nor_above_worth(
        totals in totals(), ppm in 1_u128..=500_000, change in change(), free in 0_u128..1 << 90
    ) {
        let Ok(request) = request_shares(totals, part(totals.shares, ppm)) else { return Ok(()); };
        let totals = change.apply(totals);
        let Some(fill) = fill(&request, totals, free).unwrap() else {
            prop_assert!(free < MIN_PART);
            return Ok(());
        };
        prop_assert!(fill.paid <= free && fill.paid <= request.nominal);
        prop_assert!(fill.paid <= rate::assets_for_shares(totals, fill.shares_burned).unwrap());
        prop_assert_eq!(fill.shares_burned + fill.request.shares, request.shares);
        prop_assert!(fill.paid + fill.request.nominal <= request.nominal);
    }

    // I6
    #[test]
    fn cancelling_never_beats_staying(totals in totals(), ppm in 1_u128..=500_000, change in change()) {
        let Ok(request) = request_shares(totals, part(totals.shares, ppm)) else { return Ok(()); };
        let totals = change.apply(totals);
        let cancelled = leave::cancel(&request, totals).unwrap();
        prop_assert_eq!(cancelled.shares_returned + cancelled.shares_burned, request.shares);
        let worth = rate::assets_for_shares(totals, cancelled.shares_returned).unwrap();
        prop_assert!(worth <= queue::owed(&request, totals).unwrap());
        // Nor does it cost more than a share and a wei.
        let short = queue::owed(&request, totals).unwrap() - worth;
        prop_assert!(short <= 1 + totals.assets.div_ceil(totals.shares), "{short} wei");
    }

    #[test]
    fn leaving_at_once_costs_the_same_in_one_step_as_in_two(
        totals in totals(), buffer_ppm in 0_u128..=1_000_000, ppm in 0_u128..=1_000_000,
        first_ppm in 0_u128..=1_000_000
    ) {
        let buffer = part(totals.assets, buffer_ppm);
        let worth = part(buffer, ppm);
        // What lies elsewhere is the same after the first step.
        let rest = totals.assets - buffer;
        let whole = instant::fee(worth, buffer, rest).unwrap();
        prop_assert!(whole >= worth.div_ceil(1_000) && whole <= worth.div_ceil(50) + 1);
        let first = part(worth, first_ppm);
        let parts = instant::fee(first, buffer, rest).unwrap()
            + instant::fee(worth - first, buffer - first, rest).unwrap();
        prop_assert!(parts >= whole && parts <= whole + 4, "{parts} instead of {whole}");
    }
}

/// What happened to the pool while a request waited.
#[derive(Clone, Copy, Debug)]
enum Change {
    Gain(u128),
    Loss(u128),
}

impl Change {
    fn apply(self, totals: Totals) -> Totals {
        let assets = match self {
            Self::Gain(ppm) => totals.assets + part(totals.assets, ppm),
            Self::Loss(ppm) => totals.assets - part(totals.assets, ppm),
        };
        Totals { assets, ..totals }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0_u128..500_000).prop_map(Change::Gain),
        (0_u128..1_000_000).prop_map(Change::Loss),
    ]
}
