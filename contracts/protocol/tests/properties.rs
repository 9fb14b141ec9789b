//! The invariants of the protocol on random numbers and random lives of a small world.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "overflow checks are on in tests: a wrap fails the test, which is what is wanted"
)]

mod model;

use model::{
    DAY, ETH, World,
    op::{Op, op},
};
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use protocol::{
    mul_div::{MathError, Rounding, compare_products, mul_div, mul_div_wide},
    pool,
    queue::{
        self, Request,
        fill::{MIN_PART, fill},
    },
    rate::{self, Totals},
};
use ruint::aliases::U256;

/// Totals with rates from 10^-9 to 10^9 and every size between the bootstrap and a billion ETH.
fn totals() -> impl Strategy<Value = Totals> {
    (40_u32..90, -30_i32..=30, any::<u64>(), any::<u64>()).prop_map(|(bits, tilt, a, b)| {
        let near =
            |bits: u32, noise: u64| (1_u128 << bits) | (u128::from(noise) % (1_u128 << bits));
        Totals {
            assets: near(bits, a),
            shares: near(bits.saturating_add_signed(tilt), b),
        }
    })
}

/// Failing seeds are kept, and tried first ever after.
/// `PROPTEST_CASES=25600` makes every property run a hundred times as long.
fn config(cases: u32) -> ProptestConfig {
    let scale = ProptestConfig::default().cases / 256;
    ProptestConfig {
        cases: cases * scale.max(1),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/properties.txt",
        ))),
        ..ProptestConfig::default()
    }
}

fn wide(value: u128) -> U256 {
    U256::from(value)
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn every_trace_keeps_the_invariants_and_everybody_can_leave(
        ops in proptest::collection::vec(op(), 1..60)
    ) {
        let mut world = World::new();
        world.check();
        for op in &ops {
            let before = world.totals();
            op.apply(&mut world);
            world.check();
            if !op.may_lower_rate() {
                world.check_rate_since(before);
            }
        }
        world.drain();
    }
}

proptest! {
    #![proptest_config(config(4_096))]

    #[test]
    fn mul_div_equals_the_512_bit_division(
        a: u128, b: u128, d: u128, shifts in (0_u32..128, 0_u32..128, 0_u32..128)
    ) {
        let (a, b, d) = (a >> shifts.0, b >> shifts.1, d >> shifts.2);
        for rounding in [Rounding::Down, Rounding::Up] {
            let expected = mul_div_wide(wide(a), wide(b), wide(d), rounding);
            match mul_div(a, b, d, rounding) {
                Ok(quotient) => prop_assert_eq!(Some(wide(quotient)), expected),
                Err(MathError::DivisionByZero { .. }) => prop_assert_eq!(d, 0),
                Err(error) => {
                    prop_assert_eq!(error, MathError::QuotientOverflow { a, b, denominator: d });
                    prop_assert!(expected.unwrap() > wide(u128::MAX));
                }
            }
        }
    }

    #[test]
    fn compare_products_equals_the_256_bit_comparison(a: u128, b: u128, c: u128, d: u128, same: bool) {
        let (c, d) = if same { (b, a) } else { (c, d) };
        let expected = (wide(a) * wide(b)).cmp(&(wide(c) * wide(d)));
        prop_assert_eq!(compare_products(a, b, c, d), expected);
    }

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

    // I6
    #[test]
    fn parts_of_a_fill_add_up_to_the_whole(
        totals in totals(),
        part in 1_u128..=1 << 59,
        gain_ppm in 0_u128..500_000,
        cuts in proptest::collection::vec(MIN_PART..1 << 78, 0..8),
    ) {
        let shares = mul_div(totals.shares, part, 1 << 60, Rounding::Down).unwrap();
        let Ok(request) = queue::request_shares(totals, shares, 0) else { return Ok(()); };
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
}

/// Every order of `depth` steps out of `ops`, with the invariants after each and a drain at the end.
fn explore(world: &World, ops: &[Op], depth: usize) -> usize {
    if depth == 0 {
        world.clone().drain();
        return 1;
    }
    ops.iter()
        .map(|op| {
            let mut next = world.clone();
            op.apply(&mut next);
            next.check();
            if !op.may_lower_rate() {
                next.check_rate_since(world.totals());
            }
            explore(&next, ops, depth - 1)
        })
        .sum()
}

#[test]
fn every_order_of_four_steps_keeps_the_invariants() {
    let mut world = World::new();
    world.deposit(0, 30 * ETH + 1);
    world.distribute(ETH / 3);
    let ops = [
        Op::Deposit {
            user: 1,
            assets: 7 * ETH + 3,
        },
        Op::RequestShares {
            user: 0,
            ppm: 500_000,
        },
        Op::RequestAssets {
            user: 0,
            assets: 2 * ETH + 1,
        },
        Op::Rebalance { max: 3 },
        Op::Finalize { max: 2 },
        Op::Cancel { place: 0 },
        Op::Claim { place: 0 },
        Op::Slash {
            validator: 2,
            ppm: 700_000,
        },
        Op::Slash {
            validator: 0,
            ppm: 1_000_000,
        },
        Op::Distribute { assets: ETH / 7 },
        Op::Warp { secs: 7 * DAY },
        Op::Release { max: 2 },
    ];
    assert_eq!(explore(&world, &ops, 4), 20_736);
}
