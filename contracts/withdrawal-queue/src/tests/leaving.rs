//! Cancelling, the instant lane, and what is reported of requests.

use protocol::queue::{MAX_NOMINAL, Request};
use queue_state::{Asked, Ends, GUARDIAN_ROLE, LIMITER_ROLE, Place};

use super::*;

const TENTH: u64 = 100_000_000_000_000_000;

impl World {
    fn cancel(&mut self, sender: Address, id: u64) -> Outcome {
        let request_id = U256::from(id);
        self.call(
            sender,
            &IWithdrawalQueue::cancelCall {
                requestId: request_id,
            },
        )
    }

    fn expect_burn(&self, shares: u64, assets: u64) {
        let burn = IStakingPool::fillWithdrawalsCall {
            shares: U256::from(shares),
            assets: U256::from(assets),
        };
        self.expect(POOL, burn.abi_encode(), 0);
    }

    fn expect_return(&self, to: Address, shares: u64) {
        let shares = U256::from(shares);
        let call = IStakingPool::transferSharesCall { to, shares };
        self.expect(POOL, call.abi_encode(), 0);
    }

    /// Opens the lane for 20 ETH an hour.
    fn open_lane(&mut self) {
        self.grant(LIMITER_ROLE);
        let limit = IWithdrawalQueue::setInstantLimitCall {
            maxAssets: U256::from(20_u64).saturating_mul(U256::from(ETHER)),
            refillSeconds: 3_600,
        };
        assert_eq!(self.call(ADMIN, &limit), Ok(vec![]));
    }

    fn leave(&mut self, shares: u64, min_eth: u64) -> Outcome {
        let shares = U256::from(shares);
        let pull = IStakingPool::transferSharesFromCall {
            from: ALICE,
            to: self.vm.contract_address(),
            shares,
        };
        self.expect(POOL, pull.abi_encode(), 0);
        self.call(
            ALICE,
            &IWithdrawalQueue::withdrawInstantlyCall {
                shares,
                receiver: Address::ZERO,
                minEth: U256::from(min_eth),
            },
        )
    }

    fn status(&self, id: u64) -> (U256, U256, bool, bool) {
        let statuses = self.desk.get_withdrawal_status(vec![U256::from(id)]);
        let statuses = statuses.expect("the request was made");
        let (amount, shares, _, _, finalized, claimed) = statuses[0];
        (amount, shares, finalized, claimed)
    }
}

#[test]
fn a_cancelled_request_returns_its_shares_and_is_over() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    world.expect_return(ALICE, ETHER);
    assert_eq!(world.cancel(ALICE, 1), pair(ETHER, 0));
    let cancelled: IWithdrawalQueue::RequestCancelled = world.last();
    assert_eq!(
        (cancelled.owner, cancelled.sharesBurned),
        (ALICE, U256::ZERO)
    );
    assert_eq!(world.queue.unfilled(), (U256::ZERO, U256::ZERO));
    assert_eq!(world.desk.balance_of(ALICE), Ok(U256::ZERO));
    let over = IWithdrawalQueue::RequestAlreadyClaimed {
        requestId: U256::from(1),
    };
    assert_eq!(world.cancel(ALICE, 1), refusal(over.clone()));
    assert_eq!(world.claim(ALICE, 1), refusal(over));
}

#[test]
fn what_the_shares_gained_is_burned_when_they_leave_the_queue() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    // A share became worth 1.25 ETH: the nominal is 0.8 shares.
    world.quote(100, 1_250, 1_000);
    world.expect_burn(2 * TENTH, 0);
    world.expect_return(ALICE, 8 * TENTH);
    assert_eq!(world.cancel(ALICE, 1), pair(8 * TENTH, 0));
}

#[test]
fn a_head_that_is_filled_in_part_pays_that_part_when_it_is_cancelled() {
    let mut world = World::new();
    assert!(world.request(ALICE, 4 * ETHER).is_ok());
    assert!(world.request(BOB, ETHER).is_ok());
    world.quote(1, 1_000, 1_000);
    assert_eq!(world.finalize(ETHER, ETHER), pair(0, ETHER));
    world.expect_return(ALICE, 3 * ETHER);
    world.expect(ALICE, vec![], ETHER);
    assert_eq!(world.cancel(ALICE, 1), pair(3 * ETHER, ETHER));
    assert_eq!(world.locked(), 0);
    assert_eq!(
        world.queue.unfilled(),
        (U256::from(ETHER), U256::from(ETHER))
    );
    // The next one takes its place, and what was left of the first does not leak into it.
    world.quote(100, 1_000, 1_000);
    assert_eq!(world.finalize(ETHER, ETHER), pair(2, ETHER));
    assert_eq!(world.queue.unfilled(), (U256::ZERO, U256::ZERO));
}

#[test]
fn a_queue_of_cancelled_requests_is_passed_without_a_fill() {
    let mut world = World::new();
    for _ in 0..3 {
        assert!(world.request(ALICE, ETHER).is_ok());
    }
    world.expect_return(ALICE, ETHER);
    assert_eq!(world.cancel(ALICE, 1), pair(ETHER, 0));
    assert_eq!(world.cancel(ALICE, 2), pair(ETHER, 0));
    assert_eq!(world.cancel(ALICE, 3), pair(ETHER, 0));
    let finalize = IWithdrawalQueue::finalizeCall {
        maxRequests: U256::from(2),
    };
    assert_eq!(world.call(BOB, &finalize), pair(2, 0));
    assert_eq!(world.call(BOB, &finalize), pair(1, 0));
    assert_eq!(world.call(BOB, &finalize), pair(0, 0));
}

#[test]
fn what_a_transaction_requests_it_neither_fills_nor_cancels() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    assert!(world.request(ALICE, ETHER).is_ok());
    // In the transaction of the second request, only the first is filled.
    let fill = IStakingPool::fillWithdrawalsCall {
        shares: U256::from(ETHER),
        assets: U256::from(ETHER),
    };
    world.expect(POOL, fill.abi_encode(), 0);
    let finalize = IWithdrawalQueue::finalizeCall {
        maxRequests: U256::from(10),
    };
    assert_eq!(world.next_call(BOB, &finalize), pair(1, ETHER));
    assert_eq!(world.next_call(BOB, &finalize), pair(0, 0));
    let request_id = U256::from(2);
    let cancel = IWithdrawalQueue::cancelCall {
        requestId: request_id,
    };
    let just_made = IWithdrawalQueue::RequestJustMade {
        requestId: request_id,
    };
    assert_eq!(world.next_call(ALICE, &cancel), refusal(just_made));
    // In the next one, both would be done.
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
}

#[test]
fn a_finalized_request_is_not_cancelled() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    assert_eq!(
        world.cancel(ALICE, 1),
        refusal(IWithdrawalQueue::RequestAlreadyFinalized {
            requestId: U256::from(1)
        })
    );
}

#[test]
fn only_the_owner_and_who_it_approved_cancel_and_choose_the_receiver() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    assert!(world.request(ALICE, ETHER).is_ok());
    let foreign = IWithdrawalQueue::NotRequestOwner {
        requestId: U256::from(1),
        caller: BOB,
        owner: ALICE,
    };
    assert_eq!(world.cancel(BOB, 1), refusal(foreign));
    let approve = IWithdrawalQueue::setApprovalForAllCall {
        operator: BOB,
        approved: true,
    };
    assert_eq!(world.call(ALICE, &approve), Ok(vec![]));
    // Whoever cancels, the owner gets it back.
    world.expect_return(ALICE, ETHER);
    assert_eq!(world.cancel(BOB, 1), pair(ETHER, 0));
    assert_eq!(world.finalize(ETHER, ETHER), pair(2, ETHER));
    world.expect(BOB, vec![], ETHER);
    let to_bob = IWithdrawalQueue::claimWithdrawalsToCall {
        requestIds: vec![U256::from(2)],
        hints: vec![],
        receiver: BOB,
    };
    assert_eq!(world.call(BOB, &to_bob), Ok(vec![]));
}

#[test]
fn a_status_tells_what_was_asked_for_whatever_became_of_it() {
    let mut world = World::new();
    let (amount, shares) = (U256::from(4 * ETHER), U256::from(4 * ETHER));
    assert!(world.request(ALICE, 4 * ETHER).is_ok());
    assert_eq!(world.status(1), (amount, shares, false, false));
    world.quote(1, 1_000, 1_000);
    assert_eq!(world.finalize(ETHER, ETHER), pair(0, ETHER));
    assert_eq!(world.status(1), (amount, shares, false, false));
    let request = world.desk.request_of(U256::from(1));
    let left = U256::from(3 * ETHER);
    assert_eq!(
        request,
        Ok((ALICE, START, left, left, U256::from(ETHER), false))
    );
    world.quote(100, 1_000, 1_000);
    assert_eq!(world.finalize(3 * ETHER, 3 * ETHER), pair(1, 3 * ETHER));
    assert_eq!(world.status(1), (amount, shares, true, false));
    let hints =
        world
            .desk
            .find_checkpoint_hints(vec![U256::from(1), U256::from(2)], U256::ONE, U256::ONE);
    assert_eq!(hints, Ok(vec![U256::ONE, U256::ZERO]));
    let claimable = world
        .desk
        .get_claimable_ether(vec![U256::from(1)], hints.unwrap_or_default());
    assert_eq!(claimable, Ok(vec![amount]));
    world.expect(ALICE, vec![], 4 * ETHER);
    assert_eq!(world.claim(ALICE, 1), Ok(vec![]));
    assert_eq!(world.status(1), (amount, shares, true, true));
}

#[test]
fn nothing_is_filled_while_a_slash_may_be_pending() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    let until = START + 1_000;
    // The pool's fourth word.
    world.quote[96..].copy_from_slice(&U256::from(until).to_be_bytes::<32>());
    world.mock_quote();
    world.vm.set_block_timestamp(until - 1);
    assert_eq!(
        world.finalize(ETHER, ETHER),
        refusal(IWithdrawalQueue::SlashPending { until })
    );
    assert_eq!(world.locked(), 0);
    let estimate = world.desk.estimate(U256::from(1));
    let (eta, ..) = estimate.unwrap();
    assert_eq!(eta, until);
    world.vm.set_block_timestamp(until);
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    // What is filled waits for no fault.
    world.vm.set_block_timestamp(until - 1);
    let estimate = world.desk.estimate(U256::from(1));
    let (eta, ..) = estimate.unwrap();
    assert_eq!(eta, until - 1);
}

#[test]
fn worthless_shares_are_finalized_and_claimed_for_nothing() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    world.quote(0, 0, 1_000);
    assert_eq!(world.finalize(ETHER, 0), pair(1, 0));
    assert_eq!(
        world.queue.owner_of(U256::from(1)),
        Ok(ALICE),
        "the token lives until it is claimed"
    );
    world.expect(ALICE, vec![], 0);
    assert_eq!(world.claim(ALICE, 1), Ok(vec![]));
    assert_eq!(
        world.status(1),
        (U256::from(ETHER), U256::from(ETHER), true, true)
    );
}

#[test]
fn the_lane_is_closed_until_it_has_a_limit_and_while_it_is_suspended() {
    let mut world = World::new();
    let closed = refusal(IWithdrawalQueue::InstantLaneClosed {});
    assert_eq!(world.leave(ETHER, 0), closed);
    world.open_lane();
    world.grant(GUARDIAN_ROLE);
    let suspend = IWithdrawalQueue::suspendInstantLaneCall {};
    let resume = IWithdrawalQueue::resumeInstantLaneCall {};
    assert_eq!(
        world.call(BOB, &suspend),
        refusal(IAdministration::AccessControlUnauthorizedAccount {
            account: BOB,
            neededRole: GUARDIAN_ROLE,
        })
    );
    assert_eq!(world.call(ADMIN, &suspend), Ok(vec![]));
    assert_eq!(world.queue.pool(), POOL);
    assert_eq!(world.leave(ETHER, 0), closed);
    assert_eq!(world.call(ADMIN, &resume), Ok(vec![]));
    assert_eq!(world.queue.pool(), POOL);
    // A guardian that says nothing more does not keep it closed for ever.
    assert_eq!(world.call(ADMIN, &suspend), Ok(vec![]));
    let until = world.vm.block_timestamp() + 30 * 86_400;
    let suspended: IWithdrawalQueue::InstantLaneSuspended = world.last();
    assert_eq!((suspended.account, suspended.until), (ADMIN, until));
    world.vm.set_block_timestamp(until - 1);
    assert_eq!(world.leave(ETHER, 0), closed);
    world.vm.set_block_timestamp(until);
    // 100 of 1,000 ETH are free, a full buffer; the mean fee from 100 to 99 is 0.1095 %.
    let paid = 998_905_000_000_000_000;
    world.expect_burn(ETHER, paid);
    world.expect(ALICE, vec![], paid);
    assert_eq!(world.leave(ETHER, paid), Ok(U256::from(paid).abi_encode()));
    let left: IWithdrawalQueue::WithdrawnInstantly = world.last();
    assert_eq!((left.owner, left.receiver), (ALICE, ALICE));
    assert_eq!(left.fee, U256::from(1_095_000_000_000_000_u64));
}

#[test]
fn the_lane_gives_no_more_than_its_limit_until_it_refills() {
    let mut world = World::new();
    world.open_lane();
    let quote = world.desk.preview_instant(U256::from(15 * ETHER));
    // 15 ETH from 100 to 85: 0.2425 %.
    let fee = 36_375_000_000_000_000_u64;
    assert_eq!(quote, Ok((U256::from(15 * ETHER - fee), U256::from(fee))));
    let paid = 15 * ETHER - fee;
    world.expect_burn(15 * ETHER, paid);
    world.expect(ALICE, vec![], paid);
    assert!(world.leave(15 * ETHER, 0).is_ok());
    assert_eq!(
        world.leave(6 * ETHER, 0),
        refusal(IWithdrawalQueue::AboveLimit {
            assets: U256::from(6 * ETHER),
            available: U256::from(5 * ETHER),
        })
    );
    // A quarter of the hour brings a quarter of the limit.
    world.vm.set_block_timestamp(START + 900);
    let limit = world.desk.instant_limit();
    let ether = |ether: u64| U256::from(ether).saturating_mul(U256::from(ETHER));
    assert_eq!(limit, Ok((ether(10), ether(20), 3_600, false)));
}

#[test]
fn the_lane_leaves_the_queue_what_it_is_owed() {
    let mut world = World::new();
    world.open_lane();
    assert!(world.request(BOB, 3 * ETHER).is_ok());
    world.quote(5, 1_000, 1_000);
    assert_eq!(
        world.leave(2 * ETHER + 1, 0),
        refusal(IWithdrawalQueue::AboveLimit {
            assets: U256::from(2 * ETHER + 1),
            available: U256::from(2 * ETHER),
        })
    );
}

#[test]
fn the_limit_of_the_lane_has_bounds() {
    let mut world = World::new();
    world.grant(LIMITER_ROLE);
    let mut limit = |max_assets: U256, refill_seconds: u32| {
        let call = IWithdrawalQueue::setInstantLimitCall {
            maxAssets: max_assets,
            refillSeconds: refill_seconds,
        };
        world.call(ADMIN, &call)
    };
    let out = |index, value, minimum, maximum| {
        refusal(IWithdrawalQueue::ParameterOutOfBounds {
            index,
            value,
            minimum,
            maximum,
        })
    };
    let seconds = |secs: u64| U256::from(secs);
    for secs in [3_599_u32, 2_592_001] {
        let expected = out(1, U256::from(secs), seconds(3_600), seconds(2_592_000));
        assert_eq!(limit(U256::ONE, secs), expected);
    }
    let widest = U256::from((1_u128 << 96) - 1);
    let over = widest.saturating_add(U256::ONE);
    assert_eq!(limit(over, 3_600), out(0, over, U256::ZERO, widest));
    assert_eq!(limit(widest, 2_592_000), Ok(vec![]));
    assert_eq!(limit(U256::ZERO, 3_600), Ok(vec![]));
}

#[test]
fn an_estimate_adds_up_what_is_ahead_from_the_nearer_end() {
    let mut world = World::new();
    for amount in [ETHER, 2 * ETHER, 4 * ETHER, 8 * ETHER] {
        assert!(world.request(ALICE, amount).is_ok());
    }
    world.expect_return(ALICE, 2 * ETHER);
    assert_eq!(world.cancel(ALICE, 2), pair(2 * ETHER, 0));
    world.quote(5, 1_000, 1_000);
    let estimate = |world: &World, id: u64| world.desk.estimate(U256::from(id));
    let amount = |ether: u64| U256::from(ether.saturating_mul(ETHER));
    // 5 ETH are free: the first and the third are covered.
    assert_eq!(estimate(&world, 1), Ok((START, amount(0), amount(1))));
    assert_eq!(estimate(&world, 3), Ok((START, amount(1), amount(4))));
    let over = IWithdrawalQueue::RequestAlreadyClaimed {
        requestId: U256::from(2),
    };
    assert_eq!(
        estimate(&world, 2).map_err(Vec::from),
        Err(over.abi_encode())
    );
    // A quarter of the pool is gone: everybody is owed less.
    world.quote(5, 750, 1_000);
    assert_eq!(
        estimate(&world, 3),
        Ok((START, U256::from(750_000_000_000_000_000_u64), amount(3)))
    );
    // A finalized request has nothing ahead.
    world.quote(100, 1_000, 1_000);
    assert_eq!(world.finalize(13 * ETHER, 13 * ETHER), pair(4, 13 * ETHER));
    assert_eq!(estimate(&world, 4), Ok((START, amount(0), amount(8))));
}

#[test]
fn a_picture_is_text_under_two_thousand_bytes_whatever_the_numbers() {
    let mut world = World::new();
    // The widest numbers that the words have room for, of a request that is filled in part: no
    // other state has a longer name.
    const LAST: u64 = (1 << 40) - 1;
    const BEFORE: u64 = LAST - 1;
    let id = U256::from(LAST);
    let line = &mut world.queue.state.line;
    line.store_ends(Ends {
        locked: MAX_NOMINAL,
        last: LAST,
        finalized: BEFORE,
    });
    line.store_place(
        id,
        &Place {
            owner: ALICE,
            paid: MAX_NOMINAL,
            closed: false,
        },
    );
    line.store_asked(
        id,
        &Asked {
            nominal: MAX_NOMINAL,
            shares: 1,
            timestamp: LAST,
            position: 1,
        },
    );
    line.store_head(&Request {
        shares: 1,
        nominal: 1,
        filled: 0,
    });
    let picture = world.call(BOB, &IWithdrawalQueue::tokenURICall { tokenId: id });
    let uri = picture.and_then(|data| String::abi_decode(&data).map_err(|_| data));
    let uri = uri.expect("the token has a picture");
    assert!(uri.starts_with("data:application/json;base64,"));
    assert!(uri.is_ascii() && uri.len() < 2_000, "{} bytes", uri.len());
}
