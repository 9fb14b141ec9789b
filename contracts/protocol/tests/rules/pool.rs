//! The rules of `protocol::pool` on literal numbers.

use protocol::{
    drip::{DAILY_CAP_E9, DAY_SECS, Drip},
    fees::{FeeBps, FeeSplit},
    limits::LimitError,
    mul_div::MathError,
    pool::{
        Deposited, Distribution, DistributionTerms, Ledger, Loss, MIN_LEFT_BEHIND, PoolError,
        bootstrap, deposit, distribute, recognise_loss, redeem, stake, unstake,
    },
    rate::{RateError, Totals},
};

use crate::{ETH, MILLI};

const fn totals(assets: u128, shares: u128) -> Totals {
    Totals { assets, shares }
}

/// 100 ETH for 100 shares, and 100 ETH to be released from 0 to 100.
const DRIPPING: Ledger = Ledger {
    booked: totals(100 * ETH, 100 * ETH),
    drip: Drip {
        amount: 100 * ETH,
        start: 0,
        end: 100,
    },
};

/// 100 ETH for 100 shares, and 100 ETH to be released in 10,000 days: at half of that, 150 ETH are the
/// holders', a day may add 0.1125 ETH of them and adds 0.01.
const SLOW: Ledger = Ledger {
    booked: totals(100 * ETH, 100 * ETH),
    drip: Drip {
        amount: 100 * ETH,
        start: 0,
        end: 10_000 * DAY_SECS,
    },
};
/// The moment at which half of [`SLOW`] is released.
const HALF: u64 = 5_000 * DAY_SECS;

#[test]
fn the_first_deposit_mints_one_share_a_wei() {
    let ledger = bootstrap(&Ledger::default(), 1_000_000_000_000).unwrap();
    assert_eq!(ledger.booked, totals(1_000_000_000_000, 1_000_000_000_000));
    assert_eq!(ledger.drip, Drip::default());
    assert_eq!(
        bootstrap(&ledger, ETH),
        Err(PoolError::AlreadyBootstrapped {
            shares: 1_000_000_000_000
        })
    );
}

#[test]
fn a_first_deposit_that_is_too_small_is_refused() {
    assert_eq!(
        bootstrap(&Ledger::default(), 999_999_999_999),
        Err(PoolError::Limit(LimitError::BelowMinimum {
            assets: 999_999_999_999,
            minimum: 1_000_000_000_000
        }))
    );
}

#[test]
fn released_rewards_count_and_unreleased_do_not() {
    assert_eq!(DRIPPING.totals(50), Ok(totals(150 * ETH, 100 * ETH)));
    let settled = DRIPPING.settled(50).unwrap();
    assert_eq!(settled.booked, totals(150 * ETH, 100 * ETH));
    assert_eq!(
        settled.drip,
        Drip {
            amount: 50 * ETH,
            start: 50,
            end: 100
        }
    );
}

#[test]
fn a_deposit_pays_the_rate_of_the_moment() {
    // 3 ETH at 1.5 ETH a share.
    assert_eq!(
        deposit(&DRIPPING, 3 * ETH, 2 * ETH, 50),
        Ok(Deposited {
            shares: 2 * ETH,
            booked: totals(103 * ETH, 102 * ETH)
        })
    );
}

#[test]
fn a_deposit_below_what_the_depositor_insists_on_is_refused() {
    assert_eq!(
        deposit(&DRIPPING, 3 * ETH, 2 * ETH + 1, 50),
        Err(PoolError::BelowMinShares {
            shares: 2 * ETH,
            min_shares: 2 * ETH + 1
        })
    );
}

#[test]
fn a_deposit_below_a_thousandth_is_refused() {
    assert!(deposit(&DRIPPING, MILLI, 0, 0).is_ok());
    assert_eq!(
        deposit(&DRIPPING, MILLI - 1, 0, 0),
        Err(PoolError::Limit(LimitError::BelowMinimum {
            assets: MILLI - 1,
            minimum: MILLI
        }))
    );
}

#[test]
fn a_deposit_that_buys_no_share_is_refused() {
    let dear = Ledger {
        booked: totals(10 * ETH, 1),
        ..Ledger::default()
    };
    assert_eq!(
        deposit(&dear, ETH, 0, 0),
        Err(PoolError::Rate(RateError::ZeroShares { assets: ETH }))
    );
}

#[test]
fn a_reward_pays_the_fee_at_once_and_drips_the_rest() {
    let ledger = Ledger {
        booked: totals(1_000 * ETH, 1_000 * ETH),
        ..Ledger::default()
    };
    let terms = DistributionTerms {
        fee: FeeBps::new(1_000).unwrap(),
        epoch_secs: 86_400,
        daily_cap_e9: DAILY_CAP_E9,
    };
    // Fee 0.1 ETH for 0.1 shares. A day may add 1,000.1 · 0.00075 = 0.750075 ETH,
    // so 0.9 ETH take ⌈0.9 · 86,400 / 0.750075⌉ = ⌈103,669.63⌉ s.
    assert_eq!(
        distribute(&ledger, ETH, 1_000, &terms),
        Ok(Distribution {
            split: FeeSplit {
                fee: 100 * MILLI,
                fee_shares: 100 * MILLI,
                net: 900 * MILLI
            },
            ledger: Ledger {
                booked: totals(1_000 * ETH + 100 * MILLI, 1_000 * ETH + 100 * MILLI),
                drip: Drip {
                    amount: 900 * MILLI,
                    start: 1_000,
                    end: 104_670
                },
            },
        })
    );
}

#[test]
fn a_reward_during_a_release_settles_it_first() {
    let terms = DistributionTerms {
        fee: FeeBps::new(2_000).unwrap(),
        epoch_secs: 1_000_000_000,
        daily_cap_e9: DAILY_CAP_E9,
    };
    let done = distribute(&DRIPPING, 30 * ETH, 50, &terms).unwrap();
    // Fee 6 ETH at 1.5 ETH a share: 4 shares. 50 + 24 ETH are left to drip.
    assert_eq!(done.split.fee_shares, 4 * ETH);
    assert_eq!(done.ledger.booked, totals(156 * ETH, 104 * ETH));
    assert_eq!(
        done.ledger.drip,
        Drip {
            amount: 74 * ETH,
            start: 50,
            end: 1_000_000_050
        }
    );
}

#[test]
fn a_redemption_that_the_books_can_pay_leaves_the_drip_alone() {
    // 4 shares are worth 6 ETH.
    let after = redeem(&SLOW, 0, 4 * ETH, 6 * ETH, HALF).unwrap();
    assert_eq!(after.booked, totals(94 * ETH, 96 * ETH));
    assert_eq!(after.drip, SLOW.drip);
}

#[test]
fn a_redemption_may_use_what_has_been_released() {
    // 80 shares are worth 120 ETH, of which 100 are booked and 20 released.
    let after = redeem(&SLOW, 0, 80 * ETH, 120 * ETH, HALF).unwrap();
    assert_eq!(after.booked, totals(30 * ETH, 20 * ETH));
    assert_eq!(after.drip.amount, 50 * ETH);
    assert_eq!(after.drip.end, SLOW.drip.end);
}

#[test]
fn a_pool_that_shrinks_slows_its_release() {
    // 98 shares leave with 147 ETH. A day may add 0.00225 ETH to the 3 that are left, so the other 50
    // take ⌈50 ÷ 0.00225⌉ days, 22,222 and two ninths of 86,400 s, instead of 5,000.
    let after = redeem(&SLOW, 0, 98 * ETH, 147 * ETH, HALF).unwrap();
    assert_eq!(after.booked, totals(3 * ETH, 2 * ETH));
    let drip = Drip {
        amount: 50 * ETH,
        start: HALF,
        end: HALF + 22_222 * DAY_SECS + 19_200,
    };
    assert_eq!(after.drip, drip);
}

#[test]
fn what_shares_were_worth_beyond_their_payment_is_released_over_time() {
    // 4 shares are worth 6 ETH and paid 5. At 144 ETH for 96 shares nobody's rate has moved.
    let after = redeem(&SLOW, 0, 4 * ETH, 5 * ETH, HALF).unwrap();
    assert_eq!(after.booked, totals(144 * ETH, 96 * ETH));
    // A day may add 0.108 ETH: 51 would fit into 473 days, and take the 5,000 that they have.
    let drip = Drip {
        amount: 51 * ETH,
        start: HALF,
        end: SLOW.drip.end,
    };
    assert_eq!(after.drip, drip);
}

#[test]
fn without_a_release_what_is_left_behind_begins_one_at_the_pace_of_the_cap() {
    let still = Ledger {
        booked: totals(100 * ETH, 100 * ETH),
        drip: Drip::default(),
    };
    // 4 of 100 ETH are paid 1. A day may add 0.00075 · 96 = 0.072 ETH: 3 ETH take 41 and two thirds.
    let after = redeem(&still, 0, 4 * ETH, ETH, 1_000).unwrap();
    assert_eq!(after.booked, totals(96 * ETH, 96 * ETH));
    let drip = Drip {
        amount: 3 * ETH,
        start: 1_000,
        end: 1_000 + 41 * DAY_SECS + 57_600,
    };
    assert_eq!(after.drip, drip);
}

#[test]
fn less_than_a_gwei_that_is_left_behind_stays_in_the_rate() {
    let kept = redeem(&SLOW, 0, 4 * ETH, 6 * ETH - (MIN_LEFT_BEHIND - 1), HALF).unwrap();
    assert_eq!(kept.drip, SLOW.drip);
    assert_eq!(kept.booked, totals(94 * ETH + 999_999_999, 96 * ETH));
    let released = redeem(&SLOW, 0, 4 * ETH, 6 * ETH - MIN_LEFT_BEHIND, HALF).unwrap();
    assert_eq!(released.drip.amount, 50 * ETH + 1_000_000_000);
    assert_eq!(released.booked, totals(144 * ETH, 96 * ETH));
}

#[test]
fn a_redemption_above_the_worth_of_its_shares_is_refused() {
    let error = redeem(&DRIPPING, 0, 4 * ETH, 6 * ETH + 1, 50).unwrap_err();
    assert_eq!(
        error,
        PoolError::Rate(RateError::RateLowered {
            before: totals(150 * ETH, 100 * ETH),
            after: totals(144 * ETH - 1, 96 * ETH)
        })
    );
}

#[test]
fn a_redemption_never_reaches_staked_or_unreleased_eth() {
    // 150 ETH are the holders', 147 of them staked.
    assert!(redeem(&DRIPPING, 147 * ETH, 2 * ETH, 3 * ETH, 50).is_ok());
    assert_eq!(
        redeem(&DRIPPING, 147 * ETH + 1, 2 * ETH, 3 * ETH, 50),
        Err(PoolError::AboveBuffer {
            assets: 3 * ETH,
            buffered: 3 * ETH - 1
        })
    );
}

#[test]
fn burned_shares_leave_their_value_to_the_others_over_time() {
    // 40 shares are worth 60 ETH and paid nothing.
    let after = redeem(&SLOW, 0, 40 * ETH, 0, HALF).unwrap();
    assert_eq!(after.booked, totals(90 * ETH, 60 * ETH));
    assert_eq!(after.drip.amount, 110 * ETH);
    assert_eq!(
        redeem(&SLOW, 0, 100 * ETH + 1, 0, HALF),
        Err(PoolError::Math(MathError::DifferenceUnderflow {
            a: 150 * ETH,
            b: 150 * ETH + 1
        }))
    );
}

#[test]
fn staking_is_bounded_by_the_buffer() {
    assert_eq!(stake(&DRIPPING, 140 * ETH, 10 * ETH, 50), Ok(150 * ETH));
    assert_eq!(
        stake(&DRIPPING, 140 * ETH, 10 * ETH + 1, 50),
        Err(PoolError::AboveBuffer {
            assets: 10 * ETH + 1,
            buffered: 10 * ETH
        })
    );
    assert_eq!(unstake(10, 10), Ok(0));
    assert!(unstake(10, 11).is_err());
}

#[test]
fn a_loss_takes_unreleased_rewards_before_the_rate() {
    // At 50, 150 ETH are the holders' and 50 unreleased; 70 ETH of stake are lost.
    assert_eq!(
        recognise_loss(&DRIPPING, 90 * ETH, 70 * ETH, 50),
        Ok(Loss {
            from_unreleased: 50 * ETH,
            socialised: 20 * ETH,
            ledger: Ledger {
                booked: totals(130 * ETH, 100 * ETH),
                drip: Drip::default()
            },
            staked: 20 * ETH,
        })
    );
}

#[test]
fn a_small_loss_does_not_touch_the_rate() {
    let loss = recognise_loss(&DRIPPING, 90 * ETH, 10 * ETH, 50).unwrap();
    assert_eq!((loss.from_unreleased, loss.socialised), (10 * ETH, 0));
    assert_eq!(loss.ledger.booked, totals(150 * ETH, 100 * ETH));
    assert_eq!(
        loss.ledger.drip,
        Drip {
            amount: 40 * ETH,
            start: 50,
            end: 100
        }
    );
}

#[test]
fn a_loss_above_the_stake_is_refused() {
    assert_eq!(
        recognise_loss(&DRIPPING, 5, 6, 50),
        Err(PoolError::LossAboveStake { loss: 6, staked: 5 })
    );
}
