//! The rules of `protocol::allocation` on literal numbers.

use protocol::{
    allocation::{Rebalance, Slot, plan_deposits, plan_exits, rebalance, wanted},
    registry::Status,
};

fn slot(id: u32, active: u128, capacity: u128) -> Slot {
    Slot {
        id,
        status: Status::Active,
        active,
        capacity,
        amount: 0,
    }
}

fn with_status(status: Status, slot: Slot) -> Slot {
    Slot { status, ..slot }
}

/// Amounts by id.
fn amounts(slots: &[Slot]) -> Vec<u128> {
    let mut sorted = slots.to_vec();
    sorted.sort_by_key(|slot| slot.id);
    sorted.iter().map(|slot| slot.amount).collect()
}

fn deposits(mut slots: Vec<Slot>, assets: u128, max_ops: usize) -> (Vec<u128>, u128) {
    let planned = plan_deposits(&mut slots, assets, max_ops).unwrap();
    (amounts(&slots), planned)
}

fn exits(mut slots: Vec<Slot>, assets: u128, max_ops: usize) -> (Vec<u128>, u128) {
    let planned = plan_exits(&mut slots, assets, max_ops).unwrap();
    (amounts(&slots), planned)
}

#[test]
fn surplus_is_delegated_after_queue_and_buffer() {
    let delegate = |delegate| Rebalance {
        delegate,
        undelegate: 0,
    };
    assert_eq!(rebalance(100, 10, 30, 0, 0), delegate(60));
    assert_eq!(rebalance(40, 10, 30, 0, 0), delegate(0));
    assert_eq!(rebalance(35, 10, 30, 0, 0), delegate(0));
}

#[test]
fn a_shortfall_is_undelegated_once() {
    let undelegate = |undelegate| Rebalance {
        delegate: 0,
        undelegate,
    };
    assert_eq!(rebalance(20, 10, 50, 0, 0), undelegate(30));
    assert_eq!(rebalance(20, 10, 50, 12, 0), undelegate(18));
    assert_eq!(rebalance(20, 10, 50, 40, 0), undelegate(0));
}

#[test]
fn stake_of_leaving_validators_comes_back_whatever_the_demand() {
    assert_eq!(
        rebalance(100, 10, 30, 50, 25),
        Rebalance {
            delegate: 60,
            undelegate: 25
        }
    );
    assert_eq!(rebalance(0, 10, 30, 0, 25).undelegate, 30);
}

#[test]
fn equal_validators_get_equal_stake() {
    let slots = vec![slot(0, 0, 100), slot(1, 0, 100), slot(2, 0, 100)];
    assert_eq!(deposits(slots, 90, 8), (vec![30, 30, 30], 90));
}

#[test]
fn stake_goes_in_proportion_to_capacity() {
    let slots = vec![slot(0, 0, 300), slot(1, 0, 100)];
    assert_eq!(deposits(slots, 100, 8), (vec![75, 25], 100));
}

#[test]
fn the_least_full_are_filled_first() {
    // 80, 20 and 50 % full: 30 go to the second alone, which then stands at 50 %.
    let slots = || vec![slot(0, 80, 100), slot(1, 20, 100), slot(2, 50, 100)];
    assert_eq!(deposits(slots(), 30, 8), (vec![0, 30, 0], 30));
    // 50 more than level with the third: both end at 60.
    assert_eq!(deposits(slots(), 50, 8), (vec![0, 40, 10], 50));
    // To 90 % each.
    assert_eq!(deposits(slots(), 120, 8), (vec![10, 70, 40], 120));
}

#[test]
fn wei_that_do_not_divide_go_to_the_first_with_room() {
    let slots = vec![slot(0, 0, 100), slot(1, 0, 100), slot(2, 0, 100)];
    assert_eq!(deposits(slots, 32, 8), (vec![12, 10, 10], 32));
}

#[test]
fn wei_that_do_not_divide_respect_what_each_can_take_and_give() {
    // Level 203 / 402: targets 1.01, 100.99, 100.99, so two wei are over and the first has room for one.
    let slots = vec![slot(0, 1, 2), slot(1, 100, 200), slot(2, 100, 200)];
    assert_eq!(deposits(slots, 2, 8), (vec![1, 1, 0], 2));
    // Level 203 / 404: targets 1.005, 100.998, 100.998; again two over and room for one.
    let slots = vec![slot(0, 0, 2), slot(1, 0, 201), slot(2, 0, 201)];
    assert_eq!(deposits(slots, 203, 8), (vec![2, 101, 100], 203));
    // Down to 201 / 404: targets 0.995, 100.002, 100.002 are rounded up; two are missing and the
    // first has one left.
    let slots = vec![slot(0, 2, 2), slot(1, 201, 201), slot(2, 201, 201)];
    assert_eq!(exits(slots, 203, 8), (vec![2, 101, 100], 203));
}

#[test]
fn a_plan_stops_at_the_capacities() {
    let slots = vec![slot(0, 90, 100), slot(1, 20, 100)];
    assert_eq!(deposits(slots, 1_000, 8), (vec![10, 80], 90));
    assert_eq!(deposits(vec![], 1_000, 8), (vec![], 0));
    assert_eq!(deposits(vec![slot(0, 5, 5)], 1_000, 8), (vec![0], 0));
}

#[test]
fn full_overfull_and_jailed_validators_get_nothing() {
    let slots = vec![
        slot(0, 100, 100),
        slot(1, 150, 100),
        with_status(Status::Jailed, slot(2, 0, 0)),
        slot(3, 99, 100),
    ];
    assert_eq!(deposits(slots, 10, 8), (vec![0, 0, 0, 1], 1));
}

#[test]
fn a_bound_stops_a_plan_and_changes_nobodys_part() {
    let slots = || vec![slot(0, 30, 100), slot(1, 10, 100), slot(2, 20, 100)];
    // All at 50.
    assert_eq!(deposits(slots(), 90, 8), (vec![20, 40, 30], 90));
    assert_eq!(deposits(slots(), 90, 2), (vec![0, 40, 30], 70));
    assert_eq!(deposits(slots(), 90, 1), (vec![0, 40, 0], 40));
    assert_eq!(deposits(slots(), 90, 0), (vec![0, 0, 0], 0));
    // All at 10.
    assert_eq!(exits(slots(), 30, 8), (vec![20, 0, 10], 30));
    assert_eq!(exits(slots(), 30, 1), (vec![20, 0, 0], 20));
    assert_eq!(exits(slots(), 30, 0), (vec![0, 0, 0], 0));
}

#[test]
fn ties_go_to_the_lowest_id() {
    let slots = || vec![slot(2, 5, 10), slot(0, 5, 10), slot(1, 5, 10)];
    assert_eq!(deposits(slots(), 3, 1), (vec![1, 0, 0], 1));
    assert_eq!(exits(slots(), 3, 1), (vec![1, 0, 0], 1));
    let jailed = |id| with_status(Status::Jailed, slot(id, 5, 0));
    assert_eq!(exits(vec![jailed(1), jailed(0)], 3, 1), (vec![3, 0], 3));
}

#[test]
fn an_old_plan_is_forgotten() {
    let stale = Slot {
        amount: 77,
        ..slot(0, 0, 0)
    };
    assert_eq!(deposits(vec![stale], 10, 8), (vec![0], 0));
    assert_eq!(exits(vec![stale], 10, 8), (vec![0], 0));
}

#[test]
fn jailed_then_leaving_then_over_capacity_give_back_first() {
    let slots = || {
        vec![
            slot(0, 90, 100),
            slot(1, 10, 0),
            with_status(Status::Exiting, slot(2, 20, 0)),
            with_status(Status::Jailed, slot(3, 30, 0)),
        ]
    };
    assert_eq!(exits(slots(), 25, 8), (vec![0, 0, 0, 25], 25));
    assert_eq!(exits(slots(), 45, 8), (vec![0, 0, 15, 30], 45));
    assert_eq!(exits(slots(), 55, 8), (vec![0, 5, 20, 30], 55));
    assert_eq!(exits(slots(), 100, 8), (vec![40, 10, 20, 30], 100));
    assert_eq!(exits(slots(), 1_000, 8), (vec![90, 10, 20, 30], 150));
    assert_eq!(exits(slots(), 1_000, 2), (vec![0, 0, 20, 30], 50));
}

#[test]
fn the_fullest_are_lowered_to_one_level() {
    let slots = || vec![slot(0, 80, 100), slot(1, 20, 100), slot(2, 50, 100)];
    // 30 from the first, which then stands level with the third.
    assert_eq!(exits(slots(), 30, 8), (vec![30, 0, 0], 30));
    // 50: both at 40.
    assert_eq!(exits(slots(), 50, 8), (vec![40, 0, 10], 50));
    // 120: all at 10.
    assert_eq!(exits(slots(), 120, 8), (vec![70, 10, 40], 120));
    assert_eq!(exits(slots(), 1_000, 8), (vec![80, 20, 50], 150));
}

#[test]
fn fullness_is_measured_against_capacity() {
    // 90 of 300 is 30 %, 40 of 100 is 40 %.
    let slots = || vec![slot(0, 90, 300), slot(1, 40, 100)];
    assert_eq!(exits(slots(), 10, 8), (vec![0, 10], 10));
    assert_eq!(deposits(slots(), 20, 8), (vec![20, 0], 20));
    // 110 left over 400: 27.5 %, targets ⌈82.5⌉ and ⌈27.5⌉, one wei more from the fullest.
    assert_eq!(exits(slots(), 20, 8), (vec![7, 13], 20));
}

#[test]
fn an_overfull_validator_gives_back_like_the_fullest() {
    let slots = vec![slot(0, 150, 100), slot(1, 100, 100)];
    assert_eq!(exits(slots, 70, 8), (vec![60, 10], 70));
}

#[test]
fn validators_without_stake_are_not_asked() {
    let slots = vec![
        with_status(Status::Jailed, slot(0, 0, 0)),
        slot(1, 0, 100),
        slot(2, 5, 100),
    ];
    assert_eq!(exits(slots, 5, 1), (vec![0, 0, 5], 5));
}

#[test]
fn what_is_nobodys_yet_is_called_back_with_a_demand_and_not_alone() {
    assert_eq!(wanted(7, 5), Ok(12));
    assert_eq!(wanted(0, 5), Ok(0));
}
