//! Delegated stake: capacity, plans, unbonding, and what goes back to the pool.

use protocol::registry::Lane;

use super::*;

#[test]
fn stake_goes_to_the_least_full_and_is_booked() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 20, Status::Active);
    // Capacities 50 and 100 ETH: 60 ETH fill both to 40 %.
    let program = bench.pay(POOL, 60 * ETH);
    let delegated = program.delegate(wei(60 * ETH), wei(1_000 * ETH), wei(64));
    delegated.unwrap();
    let delegated = |id, assets| {
        log(&IValidatorRegistry::StakeDelegated {
            id,
            assets: wei(assets),
            delegated: wei(assets),
        })
    };
    assert_eq!(
        bench.logs(),
        [delegated(1, 20 * ETH), delegated(2, 40 * ETH)]
    );
    assert_eq!(bench.booked(), [30 * ETH, 60 * ETH, 0, 0, 0]);
}

#[test]
fn capacity_is_five_bonds_or_a_fifth_of_the_pool() {
    let bench = Bench::with_active();
    let most = |total| {
        let placed = bench.program.placeable(wei(900 * ETH), wei(total), wei(64));
        placed.unwrap()
    };
    assert_eq!(most(1_000 * ETH), wei(50 * ETH));
    assert_eq!(most(100 * ETH), wei(20 * ETH));
    assert_eq!(most(0), U256::ZERO);
}

#[test]
fn stake_above_all_capacity_is_refused() {
    let mut bench = Bench::with_active();
    assert_eq!(
        bench
            .program
            .placeable(wei(51 * ETH), wei(1_000 * ETH), wei(64))
            .unwrap(),
        wei(50 * ETH)
    );
    bench.pay(POOL, 50 * ETH + 1);
    bench.refuses(
        IValidatorRegistry::NotPlaceable {
            assets: wei(50 * ETH + 1),
            placeable: wei(50 * ETH),
        },
        |program| program.delegate(wei(50 * ETH + 1), wei(1_000 * ETH), wei(64)),
    );
    delegate(&mut bench, 50);
    assert_eq!(bench.stakes(1), [10 * ETH, 50 * ETH, 0]);
}

#[test]
fn undelegated_stake_becomes_an_entry_that_matures_after_seven_days() {
    let mut bench = Bench::with_stake();
    let started = bench.act(POOL).undelegate(wei(15 * ETH), wei(64));
    assert_eq!(started.unwrap(), wei(15 * ETH));
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::StakeUndelegated {
            id: 1,
            entry: U256::ZERO,
            assets: wei(15 * ETH),
            maturity: 1_700_604_800,
            delegated: wei(25 * ETH),
        })]
    );
    assert_eq!(bench.booked(), [10 * ETH, 25 * ETH, 15 * ETH, 0, 0]);
}

#[test]
fn more_than_is_delegated_undelegates_all_of_it() {
    let mut bench = Bench::with_stake();
    let started = bench.act(POOL).undelegate(wei(100 * ETH), wei(64));
    assert_eq!(started.unwrap(), wei(40 * ETH));
    assert_eq!(bench.stakes(1), [10 * ETH, 0, 40 * ETH]);
}

#[test]
fn only_matured_entries_go_back_to_the_pool_in_their_order() {
    let mut bench = Bench::with_stake();
    undelegate(&mut bench, 15);
    bench.at(NOW + 10);
    undelegate(&mut bench, 5);
    bench.at(NOW + UNBONDING - 1);
    assert_eq!(bench.act(BOB).release_matured(wei(64)).unwrap(), wei(0));
    assert_eq!(bench.logs(), []);
    bench.at(NOW + UNBONDING);
    assert_eq!(
        bench.act(BOB).release_matured(wei(64)).unwrap(),
        wei(15 * ETH)
    );
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::StakeReturned {
            id: 1,
            entry: U256::ZERO,
            assets: wei(15 * ETH),
        })]
    );
    assert_eq!(bench.booked(), [10 * ETH, 20 * ETH, 5 * ETH, 0, 0]);
}

#[test]
fn released_stake_is_paid_to_the_pool_as_returned() {
    let mut bench = Bench::with_stake();
    undelegate(&mut bench, 15);
    bench.at(NOW + UNBONDING);
    // The pool refuses exactly 15 ETH of returned stake.
    let call = IStakingPool::receiveReturnedCall {}.abi_encode();
    let reason = bench.fails(POOL, call, 15 * ETH);
    let refused = bench.act(BOB).release_matured(wei(64)).unwrap_err();
    assert_eq!(Vec::<u8>::from(refused), reason);
}

#[test]
fn a_pool_that_fails_without_a_reason_is_named() {
    let mut bench = Bench::with_stake();
    undelegate(&mut bench, 15);
    bench.at(NOW + UNBONDING);
    // The pool runs out of gas.
    let call = IStakingPool::receiveReturnedCall {}.abi_encode();
    bench
        .vm
        .mock_call(POOL, call, wei(15 * ETH), Err(Vec::new()));
    let refused = bench.act(BOB).release_matured(wei(64)).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::CallFailed { target: POOL }.abi_encode()
    );
}

#[test]
fn jailed_stake_leaves_before_that_of_a_fuller_validator() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 20, Status::Active);
    delegate(&mut bench, 60);
    bench.change(1, |validator| validator.jail(NOW + 100).unwrap());
    undelegate(&mut bench, 25);
    // All 20 ETH of the jailed validator, the rest from the other.
    assert_eq!(bench.stakes(1), [10 * ETH, 0, 20 * ETH]);
    assert_eq!(bench.stakes(2), [20 * ETH, 35 * ETH, 5 * ETH]);
    assert_eq!(
        bench.program.stake_summary().unwrap(),
        (wei(25 * ETH), U256::ZERO)
    );
}

#[test]
fn counts_of_operations_are_between_one_and_sixty_four() {
    let mut bench = Bench::with_stake();
    bench.act(POOL);
    for max_ops in [wei(0), wei(65), U256::MAX] {
        let refused = IValidatorRegistry::InvalidOperationCount {
            maxOps: max_ops,
            maximum: wei(64),
        };
        bench.refuses(refused.clone(), |program| {
            program.delegate(wei(ETH), wei(1_000 * ETH), max_ops)
        });
        bench.refuses(refused.clone(), |program| {
            program.undelegate(wei(ETH), max_ops)
        });
        bench.refuses(refused.clone(), |program| program.release_matured(max_ops));
        bench.refuses(refused, |program| {
            program.placeable(wei(ETH), wei(1_000 * ETH), max_ops)
        });
    }
}

#[test]
fn validators_that_leave_get_nothing_and_are_named() {
    let mut bench = Bench::with_stake();
    bench.change(1, |validator| Validator {
        status: Status::Exiting,
        ..validator
    });
    assert_eq!(
        bench.program.stake_summary().unwrap(),
        (U256::ZERO, wei(40 * ETH))
    );
    bench.pay(POOL, 1);
    bench.refuses(
        IValidatorRegistry::NotPlaceable {
            assets: wei(1),
            placeable: U256::ZERO,
        },
        |program| program.delegate(wei(1), wei(1_000 * ETH), wei(64)),
    );
}

#[test]
fn a_target_holds_stake_down_and_vetting_lets_a_bond_carry_twice_as_much() {
    let mut bench = Bench::with_active();
    let most = |bench: &Bench| {
        let placed = bench
            .program
            .placeable(wei(900 * ETH), wei(1_000 * ETH), wei(64));
        placed.unwrap()
    };
    bench.change(1, |validator| validator.with_target(Some(7 * ETH)).unwrap());
    assert_eq!(most(&bench), wei(7 * ETH));
    bench.change(1, |validator| {
        let vetted = validator.in_lane(Lane::Vetted).unwrap();
        vetted.with_target(None).unwrap()
    });
    assert_eq!(most(&bench), wei(100 * ETH));
}

#[test]
fn the_allocation_is_what_a_delegation_does() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 20, Status::Active);
    // Capacities 50 and 100 ETH: 60 ETH fill both to 40 %.
    let plan = bench
        .program
        .allocation(wei(60 * ETH), wei(1_000 * ETH), wei(64));
    assert_eq!(plan.unwrap(), [(1, wei(20 * ETH)), (2, wei(40 * ETH))]);
    delegate(&mut bench, 60);
    assert_eq!(bench.stakes(1), [10 * ETH, 20 * ETH, 0]);
    assert_eq!(bench.stakes(2), [20 * ETH, 40 * ETH, 0]);
    let none = bench
        .program
        .allocation(U256::ZERO, wei(1_000 * ETH), wei(64));
    assert_eq!(none.unwrap(), []);
}

#[test]
fn a_call_for_one_validator_gives_it_its_part_and_no_more() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 20, Status::Active);
    let most = wei(1_000 * ETH);
    let plan = bench.program.allocation(wei(60 * ETH), most, wei(1));
    assert_eq!(plan.unwrap(), [(1, wei(20 * ETH))]);
    bench.pay(POOL, 21 * ETH);
    bench.refuses(
        IValidatorRegistry::NotPlaceable {
            assets: wei(21 * ETH),
            placeable: wei(20 * ETH),
        },
        |program| program.delegate(wei(60 * ETH), most, wei(1)),
    );
    // The rest of the 60 goes to the other.
    for (rest, part) in [(60, 20), (40, 40)] {
        let program = bench.pay(POOL, part * ETH);
        program.delegate(wei(rest * ETH), most, wei(1)).unwrap();
    }
    assert_eq!(bench.stakes(1), [10 * ETH, 20 * ETH, 0]);
    assert_eq!(bench.stakes(2), [20 * ETH, 40 * ETH, 0]);
}

#[test]
fn the_exit_allocation_is_what_an_undelegation_does() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 20, Status::Active);
    delegate(&mut bench, 60);
    bench.change(1, |validator| validator.jail(NOW + 100).unwrap());
    let plan = bench.program.exit_allocation(wei(25 * ETH), wei(64));
    assert_eq!(plan.unwrap(), [(1, wei(20 * ETH)), (2, wei(5 * ETH))]);
    undelegate(&mut bench, 25);
    assert_eq!(bench.stakes(1), [10 * ETH, 0, 20 * ETH]);
    assert_eq!(bench.stakes(2), [20 * ETH, 35 * ETH, 5 * ETH]);
}
