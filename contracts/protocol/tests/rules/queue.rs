//! The rules of `protocol::queue` on literal numbers.

use protocol::{
    limits::LimitError,
    mul_div::MathError,
    queue::{
        MAX_NOMINAL, MAX_SHARES, QueueError, Request, Unfilled, demand,
        estimate::{Estimate, Returning, estimate, eta},
        fill::{Fill, Finalization, fill},
        leave::{Cancelled, cancel, claim},
        owed, request_assets, request_worth,
    },
    rate::Totals,
};

use crate::{ETH, MILLI};

/// 1.5 ETH a share.
const TOTALS: Totals = Totals {
    assets: 150 * ETH,
    shares: 100 * ETH,
};
/// After a gain: 2 ETH a share.
const GAINED: Totals = Totals {
    assets: 200 * ETH,
    shares: 100 * ETH,
};
/// After a loss: 1.2 ETH a share.
const LOST: Totals = Totals {
    assets: 120 * ETH,
    shares: 100 * ETH,
};
/// 10 shares asked for at 1.5.
const REQUEST: Request = Request {
    shares: 10 * ETH,
    nominal: 15 * ETH,
    filled: 0,
};

const NOW: u64 = 1_700_000_000;
/// Seven days.
const UNBONDING: u64 = 604_800;

#[test]
fn a_request_in_shares_is_worth_what_they_are() {
    let (shares, worth) = (10 * ETH, 15 * ETH);
    assert_eq!(request_worth(shares, worth, worth), Ok(REQUEST));
    assert_eq!(
        request_worth(shares, worth, worth + 1),
        Err(QueueError::BelowMinAssets {
            assets: 15 * ETH,
            min_assets: 15 * ETH + 1
        })
    );
}

#[test]
fn a_request_in_eth_locks_shares_rounded_up() {
    assert_eq!(request_assets(TOTALS, 0, 15 * ETH), Ok(REQUEST));
    // One wei more is two thirds of a share more.
    assert_eq!(
        request_assets(TOTALS, 0, 15 * ETH + 1),
        Ok(Request {
            shares: 10 * ETH + 1,
            nominal: 15 * ETH + 1,
            filled: 0
        })
    );
}

#[test]
fn a_request_below_a_thousandth_is_refused() {
    let error = QueueError::Limit(LimitError::BelowMinimum {
        assets: MILLI - 1,
        minimum: MILLI,
    });
    assert_eq!(request_assets(TOTALS, 0, MILLI - 1), Err(error));
    assert!(request_assets(TOTALS, 0, MILLI).is_ok());
    assert_eq!(request_worth(ETH, MILLI - 1, 0), Err(error));
    assert!(request_worth(ETH, MILLI, 0).is_ok());
}

#[test]
fn gains_stop_at_the_nominal_and_losses_are_shared() {
    assert_eq!(owed(&REQUEST, TOTALS), Ok(15 * ETH));
    assert_eq!(owed(&REQUEST, GAINED), Ok(15 * ETH));
    assert_eq!(owed(&REQUEST, LOST), Ok(12 * ETH));
    assert_eq!(owed(&Request::default(), Totals::default()), Ok(0));
}

#[test]
fn a_fill_after_a_gain_burns_the_surplus_shares_too() {
    assert_eq!(
        fill(&REQUEST, GAINED, 15 * ETH),
        Ok(Some(Fill {
            paid: 15 * ETH,
            shares_burned: 10 * ETH,
            request: Request {
                shares: 0,
                nominal: 0,
                filled: 15 * ETH
            },
        }))
    );
}

#[test]
fn a_part_uses_up_shares_and_nominal_alike() {
    // 5 of 15 ETH: a third, ⌈3.33…⌉ shares.
    let third = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    assert_eq!(third.paid, 5 * ETH);
    assert_eq!(third.shares_burned, 3_333_333_333_333_333_334);
    assert_eq!(
        third.request,
        Request {
            shares: 6_666_666_666_666_666_666,
            nominal: 10 * ETH,
            filled: 5 * ETH
        }
    );
    // After the loss 12 ETH are owed; 4 of them are a third, so 5 ETH of nominal are used up.
    let third = fill(&REQUEST, LOST, 4 * ETH).unwrap().unwrap();
    assert_eq!(third.shares_burned, 3_333_333_333_333_333_334);
    assert_eq!(third.request.nominal, 10 * ETH);
    assert_eq!(third.request.filled, 4 * ETH);
}

#[test]
fn a_part_rounds_the_nominal_it_uses_up() {
    let request = Request {
        nominal: 15 * ETH + 1,
        ..REQUEST
    };
    // (15 · 10^18 + 1) · 4 / 12 ends in a third.
    let part = fill(&request, LOST, 4 * ETH).unwrap().unwrap();
    assert_eq!(part.request.nominal, 10 * ETH);
}

#[test]
fn a_part_that_burns_the_last_share_ends_the_request() {
    // ⌈10¹⁹ · (15·10¹⁸ − 1) / (15·10¹⁸)⌉ = ⌈10¹⁹ − 2/3⌉ = 10¹⁹: one wei short of the nominal,
    // no share is left, so nothing may go on waiting.
    assert_eq!(
        fill(&REQUEST, TOTALS, 15 * ETH - 1),
        Ok(Some(Fill {
            paid: 15 * ETH - 1,
            shares_burned: 10 * ETH,
            request: Request {
                shares: 0,
                nominal: 0,
                filled: 15 * ETH - 1,
            },
        }))
    );
}

#[test]
fn the_parts_that_were_filled_add_up() {
    let part = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    let rest = fill(&part.request, GAINED, 100 * ETH).unwrap().unwrap();
    assert_eq!(rest.paid, 10 * ETH);
    assert_eq!(rest.request.filled, 15 * ETH);
}

#[test]
fn too_little_free_eth_waits() {
    assert_eq!(fill(&REQUEST, TOTALS, MILLI - 1), Ok(None));
    assert!(fill(&REQUEST, TOTALS, MILLI).unwrap().is_some());
    let small = Request {
        shares: 2,
        nominal: 3,
        filled: 0,
    };
    assert_eq!(fill(&small, TOTALS, 3).unwrap().unwrap().paid, 3);
    assert_eq!(fill(&small, TOTALS, 2), Ok(None));
}

#[test]
fn worthless_shares_are_burned_for_nothing() {
    let wiped = Totals {
        assets: 0,
        shares: 100 * ETH,
    };
    let fill = fill(&REQUEST, wiped, 0).unwrap().unwrap();
    assert_eq!((fill.paid, fill.shares_burned), (0, 10 * ETH));
}

#[test]
fn requests_made_together_lock_what_one_for_their_sum_would() {
    // 7 ETH in 3 shares: ⌈3/7⌉ of an ETH each rounds up, six together ⌈18/7⌉.
    let odd = Totals {
        assets: 7 * ETH,
        shares: 3 * ETH,
    };
    let mut before = 0;
    let mut shares = 0;
    for _ in 0..6 {
        let request = request_assets(odd, before, ETH).unwrap();
        before += ETH;
        shares += request.shares;
        assert_eq!(request.nominal, ETH);
    }
    assert_eq!(shares, 2_571_428_571_428_571_429);
    assert_eq!(request_assets(odd, 0, 6 * ETH).unwrap().shares, shares);
}

#[test]
fn a_request_for_less_than_a_share_is_refused() {
    // A share is worth 10 ETH, and the first request has locked the one that both are part of.
    let coarse = Totals {
        assets: 100 * ETH,
        shares: 10,
    };
    assert_eq!(request_assets(coarse, 0, ETH).unwrap().shares, 1);
    assert_eq!(
        request_assets(coarse, ETH, ETH),
        Err(QueueError::Limit(LimitError::BelowMinimum {
            assets: ETH,
            minimum: 10 * ETH
        }))
    );
}

#[test]
fn a_call_fills_in_order_and_carries_the_totals_along() {
    let mut call = Finalization::new(GAINED, 20 * ETH);
    let first = call.step(&REQUEST).unwrap().unwrap();
    assert_eq!((first.paid, first.request.shares), (15 * ETH, 0));
    assert_eq!(
        call,
        Finalization {
            totals: Totals {
                // Without the 20 ETH that the burned shares were worth: 5 of them are released later.
                assets: 180 * ETH,
                shares: 90 * ETH
            },
            free: 5 * ETH,
            paid: 15 * ETH,
            shares_burned: 10 * ETH
        }
    );
    let second = call.step(&REQUEST).unwrap().unwrap();
    assert_eq!((second.paid, call.free, call.paid), (5 * ETH, 0, 20 * ETH));
    assert_eq!(call.shares_burned, 13_333_333_333_333_333_334);
    let stopped = call;
    assert_eq!(call.step(&REQUEST), Ok(None));
    assert_eq!(call, stopped);
}

#[test]
fn cancelling_after_a_gain_returns_the_nominal_and_burns_the_rest() {
    // 15 ETH at 2 ETH a share.
    assert_eq!(
        cancel(&REQUEST, GAINED),
        Ok(Cancelled {
            shares_returned: 7_500_000_000_000_000_000,
            shares_burned: 2_500_000_000_000_000_000,
            paid: 0,
        })
    );
}

#[test]
fn cancelling_after_a_loss_returns_the_locked_shares() {
    let cancelled = cancel(&REQUEST, LOST).unwrap();
    assert_eq!(
        (cancelled.shares_returned, cancelled.shares_burned),
        (10 * ETH, 0)
    );
}

#[test]
fn cancelling_pays_what_was_filled() {
    let part = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    // 10 ETH are left to wait for: 5 shares at 2 ETH; 6.67 were locked.
    assert_eq!(
        cancel(&part.request, GAINED),
        Ok(Cancelled {
            shares_returned: 5 * ETH,
            shares_burned: 1_666_666_666_666_666_666,
            paid: 5 * ETH,
        })
    );
}

#[test]
fn cancelling_never_fails_for_want_of_a_rate() {
    let wiped = Totals {
        assets: 0,
        shares: 100 * ETH,
    };
    assert_eq!(cancel(&REQUEST, wiped).unwrap().shares_returned, 10 * ETH);
    // 15 ETH at 1 wei for all shares are more shares than 128 bits hold.
    let nearly = Totals {
        assets: 1,
        shares: u128::MAX,
    };
    assert_eq!(cancel(&REQUEST, nearly).unwrap().shares_returned, 10 * ETH);
}

#[test]
fn a_finalized_request_cannot_be_cancelled() {
    let full = fill(&REQUEST, GAINED, 15 * ETH).unwrap().unwrap();
    assert_eq!(
        cancel(&full.request, GAINED),
        Err(QueueError::AlreadyFinalized)
    );
}

#[test]
fn a_claim_waits_until_everything_is_filled() {
    let part = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    assert_eq!(
        claim(&part.request),
        Err(QueueError::NotFinalized {
            shares: 6_666_666_666_666_666_666
        })
    );
    let full = fill(&part.request, GAINED, 10 * ETH).unwrap().unwrap();
    assert_eq!(claim(&full.request), Ok(15 * ETH));
}

#[test]
fn a_claim_of_worthless_shares_pays_nothing_and_succeeds() {
    assert_eq!(claim(&Request::default()), Ok(0));
}

#[test]
fn a_request_is_no_larger_than_its_place_in_storage() {
    let even = Totals {
        assets: 1 << 110,
        shares: 1 << 110,
    };
    assert!(request_assets(even, 0, MAX_NOMINAL).is_ok());
    assert_eq!(
        request_assets(even, 0, MAX_NOMINAL + 1),
        Err(QueueError::Limit(LimitError::AboveLimit {
            assets: 309_485_009_821_345_068_724_781_056,
            available: 309_485_009_821_345_068_724_781_055,
        }))
    );
    // As after a loss of nearly everything.
    assert!(request_worth(MAX_SHARES, ETH, 0).is_ok());
    assert_eq!(
        request_worth(MAX_SHARES + 1, ETH, 0),
        Err(QueueError::Limit(LimitError::AboveLimit {
            assets: 20_282_409_603_651_670_423_947_251_286_016,
            available: 20_282_409_603_651_670_423_947_251_286_015,
        }))
    );
}

#[test]
fn an_estimate_counts_what_is_owed_ahead() {
    let ahead = Unfilled {
        shares: 20 * ETH,
        nominal: 30 * ETH,
    };
    assert_eq!(
        estimate(&REQUEST, ahead, GAINED, 45 * ETH),
        Ok(Estimate {
            ahead: 30 * ETH,
            payout: 15 * ETH,
            missing: 0,
        })
    );
    // After the loss 20 shares are owed 24 ETH and 10 shares 12.
    assert_eq!(
        estimate(&REQUEST, ahead, LOST, 36 * ETH - 1),
        Ok(Estimate {
            ahead: 24 * ETH,
            payout: 12 * ETH,
            missing: 1,
        })
    );
    let part = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    let estimated = estimate(&part.request, Unfilled::default(), GAINED, 0).unwrap();
    assert_eq!(estimated.payout, 15 * ETH);
}

#[test]
fn a_request_that_is_filled_misses_nothing() {
    let filled = fill(&REQUEST, GAINED, 15 * ETH).unwrap().unwrap();
    let ahead = Unfilled {
        shares: 20 * ETH,
        nominal: 30 * ETH,
    };
    assert_eq!(
        estimate(&filled.request, ahead, GAINED, 0),
        Ok(Estimate {
            ahead: 30 * ETH,
            payout: 15 * ETH,
            missing: 0,
        })
    );
}

#[test]
fn the_sum_of_requests_follows_them() {
    let part = fill(&REQUEST, GAINED, 5 * ETH).unwrap().unwrap();
    let one = Unfilled::default().with(&REQUEST).unwrap();
    let two = one.with(&REQUEST).unwrap();
    assert_eq!((two.shares, two.nominal), (20 * ETH, 30 * ETH));
    let after = two.changed(&REQUEST, &part.request).unwrap();
    assert_eq!(
        after,
        Unfilled {
            shares: 16_666_666_666_666_666_666,
            nominal: 25 * ETH
        }
    );
    assert_eq!(
        Unfilled::default().changed(&REQUEST, &part.request),
        Err(MathError::DifferenceUnderflow { a: 0, b: 10 * ETH })
    );
}

#[test]
fn demand_is_capped_by_nominals_and_worth() {
    let unfilled = Unfilled {
        shares: 20 * ETH,
        nominal: 30 * ETH,
    };
    assert_eq!(demand(unfilled, GAINED), Ok(30 * ETH));
    assert_eq!(demand(unfilled, LOST), Ok(24 * ETH));
    assert_eq!(demand(Unfilled::default(), Totals::default()), Ok(0));
}

/// Wei that come back so many seconds from now.
fn returning(assets: u128, after: u64) -> Returning {
    Returning {
        assets,
        matures_at: NOW.saturating_add(after),
    }
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
