//! Conversions, transfers and deposits: I3, I4, I5.

use proptest::prelude::*;
use protocol::{
    mul_div::{Rounding, mul_div},
    pool, rate,
};

use crate::{config, part, totals};

proptest! {
    #![proptest_config(config(4_096))]

    // I4
    #[test]
    fn round_trips_never_profit(totals in totals(), amount in 0_u128..1 << 88) {
        let shares = rate::shares_for_assets(totals, amount).unwrap();
        prop_assert!(rate::assets_for_shares(totals, shares).unwrap() <= amount);
        let assets = rate::assets_for_shares(totals, amount).unwrap();
        prop_assert!(rate::shares_for_assets(totals, assets).unwrap() <= amount);
        let shares = rate::shares_for_assets_up(totals, amount).unwrap();
        prop_assert!(rate::assets_for_shares(totals, shares).unwrap() >= amount);
        let assets = rate::assets_for_shares_up(totals, amount).unwrap();
        prop_assert!(rate::shares_for_assets(totals, assets).unwrap() >= amount);
    }

    // I4
    #[test]
    fn conversions_are_monotone(totals in totals(), a in 0_u128..1 << 88, b in 0_u128..1 << 88) {
        let (low, high) = (a.min(b), a.max(b));
        for convert in [
            rate::shares_for_assets,
            rate::shares_for_assets_up,
            rate::assets_for_shares,
            rate::assets_for_shares_up,
        ] {
            prop_assert!(convert(totals, low).unwrap() <= convert(totals, high).unwrap());
        }
    }

    // I5
    #[test]
    fn a_full_balance_is_transferable(totals in totals(), part in 0_u128..=1 << 60) {
        let shares = mul_div(totals.shares, part, 1 << 60, Rounding::Down).unwrap();
        let balance = rate::assets_for_shares(totals, shares).unwrap();
        prop_assert!(rate::shares_for_transfer(totals, balance).unwrap() <= shares);
    }

    // I5
    #[test]
    fn a_transfer_brings_the_amount_and_at_most_the_worth_of_a_share_more(
        totals in totals(), holds in 0_u128..=1_000_000, has in 0_u128..=1_000_000,
        sends in 0_u128..=1_000_000
    ) {
        // Two holders of at most half of all shares each.
        let (sender, receiver) = (part(totals.shares / 2, holds), part(totals.shares / 2, has));
        let worth = |shares| rate::assets_for_shares(totals, shares).unwrap();
        let amount = part(worth(sender), sends);
        let moved = rate::shares_for_transfer(totals, amount).unwrap();
        prop_assert!(moved <= sender);
        let got = worth(receiver + moved) - worth(receiver);
        prop_assert!(got >= amount);
        prop_assert!(got <= amount + totals.assets.div_ceil(totals.shares));
        prop_assert!(worth(sender) - worth(sender - moved) <= amount + totals.assets.div_ceil(totals.shares));
    }

    // I3
    #[test]
    fn many_deposits_never_mint_more_than_one(
        totals in totals(), amounts in proptest::collection::vec(1_u128 << 50..1 << 80, 1..6)
    ) {
        let ledger = pool::Ledger { booked: totals, ..Default::default() };
        let sum = amounts.iter().sum();
        let Ok(whole) = pool::deposit(&ledger, sum, 0, 0) else { return Ok(()); };
        let (mut parts, mut ledger) = (0, ledger);
        for assets in amounts {
            let Ok(part) = pool::deposit(&ledger, assets, 0, 0) else { continue; };
            ledger.booked = part.booked;
            parts += part.shares;
        }
        prop_assert!(parts <= whole.shares);
    }
}
