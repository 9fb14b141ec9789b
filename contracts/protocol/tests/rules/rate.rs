//! The rules of `protocol::rate` on literal numbers.

use protocol::{
    mul_div::MathError,
    rate::{
        RateError, Totals, allowance_for_shares, assets_for_shares, assets_for_shares_up,
        check_not_lowered, rate_e27, recorded_rate_e27, shares_for_assets, shares_for_assets_up,
        shares_for_deposit, shares_for_transfer, shares_for_withdrawal_up,
    },
};

use crate::ETH;

/// 1.5 wei a share.
const TOTALS: Totals = Totals {
    assets: 150,
    shares: 100,
};

#[test]
fn deposit_rounds_shares_down() {
    // 7 / 1.5 = 4.67
    assert_eq!(shares_for_deposit(TOTALS, 7), Ok(4));
    assert_eq!(shares_for_assets(TOTALS, 7), Ok(4));
}

#[test]
fn deposit_that_buys_no_share_is_refused() {
    assert_eq!(
        shares_for_deposit(TOTALS, 1),
        Err(RateError::ZeroShares { assets: 1 })
    );
    assert_eq!(shares_for_assets(TOTALS, 1), Ok(0));
}

#[test]
fn transfer_and_withdrawal_round_shares_up() {
    assert_eq!(shares_for_transfer(TOTALS, 7), Ok(5));
    assert_eq!(shares_for_withdrawal_up(TOTALS, 7), Ok(5));
    assert_eq!(shares_for_assets_up(TOTALS, 6), Ok(4));
}

#[test]
fn redeemed_shares_are_rounded_down_and_spent_allowance_up() {
    // 7 · 1.5 = 10.5
    assert_eq!(assets_for_shares(TOTALS, 7), Ok(10));
    assert_eq!(assets_for_shares_up(TOTALS, 7), Ok(11));
}

#[test]
fn moving_dust_below_rate_one_still_spends_allowance() {
    let slashed = Totals {
        assets: 1,
        shares: 100,
    };
    assert_eq!(assets_for_shares(slashed, 1), Ok(0));
    assert_eq!(assets_for_shares_up(slashed, 1), Ok(1));
}

#[test]
fn full_balances_are_transferable_at_every_small_rate() {
    for assets in 1..40 {
        for shares in 1..40 {
            let totals = Totals { assets, shares };
            for held in 0..=shares {
                let balance = assets_for_shares(totals, held).unwrap();
                assert!(shares_for_transfer(totals, balance).unwrap() <= held);
            }
        }
    }
}

#[test]
fn the_rate_is_given_with_27_decimals() {
    assert_eq!(rate_e27(TOTALS), Ok(1_500_000_000_000_000_000_000_000_000));
    let third = Totals {
        assets: 2,
        shares: 3,
    };
    assert_eq!(rate_e27(third), Ok(666_666_666_666_666_666_666_666_666));
}

#[test]
fn an_empty_pool_has_no_rate() {
    let none = MathError::DivisionByZero {
        a: 1_000_000_000_000_000_000_000_000_000,
        b: 0,
    };
    assert_eq!(rate_e27(Totals::default()), Err(none));
    assert_eq!(
        shares_for_deposit(Totals::default(), 5),
        Err(RateError::Math(MathError::DivisionByZero { a: 5, b: 0 }))
    );
}

#[test]
fn a_lower_rate_is_refused_and_an_equal_or_higher_one_passes() {
    let after = |assets, shares| Totals { assets, shares };
    assert_eq!(check_not_lowered(TOTALS, TOTALS), Ok(()));
    assert_eq!(check_not_lowered(TOTALS, after(300, 200)), Ok(()));
    assert_eq!(check_not_lowered(TOTALS, after(151, 100)), Ok(()));
    assert_eq!(check_not_lowered(TOTALS, after(150, 99)), Ok(()));
    for lower in [after(149, 100), after(299, 200), after(150, 101)] {
        assert_eq!(
            check_not_lowered(TOTALS, lower),
            Err(RateError::RateLowered {
                before: TOTALS,
                after: lower
            })
        );
    }
}

#[test]
fn the_history_takes_any_rate() {
    let totals = |assets, shares| Totals { assets, shares };
    let one = 1_000_000_000_000_000_000_000_000_000;
    assert_eq!(recorded_rate_e27(totals(ETH, ETH)), one);
    assert_eq!(recorded_rate_e27(totals(2 * ETH, 3 * ETH)), one * 2 / 3);
    assert_eq!(recorded_rate_e27(totals(0, ETH)), 0);
    assert_eq!(recorded_rate_e27(totals(ETH, 0)), 0);
    // 10^24 ETH for one share.
    assert_eq!(recorded_rate_e27(totals(u128::MAX, 1)), u128::MAX);
}

#[test]
fn an_allowance_of_an_amount_is_enough_for_the_shares_of_it() {
    // 1.5 wei a share, 10 wei: 7 shares, worth 10.5.
    assert_eq!(shares_for_transfer(TOTALS, 10), Ok(7));
    assert_eq!(allowance_for_shares(TOTALS, 7, 10), Ok(10));
    assert_eq!(allowance_for_shares(TOTALS, 7, 11), Ok(11));
    assert_eq!(allowance_for_shares(TOTALS, 7, 100), Ok(11));
    // 9 wei are what 6 shares are worth: not one wei for the seventh.
    assert_eq!(allowance_for_shares(TOTALS, 7, 9), Ok(11));
}

#[test]
fn no_share_moves_for_an_empty_allowance_at_any_rate() {
    for (assets, shares) in [(150, 100), (100, 150), (1, 1_000_000)] {
        let totals = Totals { assets, shares };
        for moved in 1..200 {
            assert_ne!(allowance_for_shares(totals, moved, 0), Ok(0));
        }
    }
    assert_eq!(allowance_for_shares(TOTALS, 0, 0), Ok(0));
}

#[test]
fn what_one_allowance_moves_is_worth_less_than_it_and_a_share() {
    for (assets, shares) in [(1, 7), (3, 7), (7, 7), (11, 7), (1_000, 7)] {
        let totals = Totals { assets, shares };
        for allowance in 0..50_u128 {
            for moved in 0..100_u128 {
                let spent = allowance_for_shares(totals, moved, allowance).unwrap();
                let enough = spent <= allowance;
                // worth(moved) < allowance + worth(1), over the common denominator.
                let bounded = moved * assets < allowance * shares + assets || moved == 0;
                assert!(!enough || bounded, "{assets}/{shares} {allowance} {moved}");
                let asked = shares_for_transfer(totals, allowance).unwrap();
                assert!(moved != asked || enough, "{assets}/{shares} {allowance}");
            }
        }
    }
}
