//! Who gets stake and who gives it back: I9, I11.

use proptest::prelude::*;
use protocol::{
    allocation::{self, Slot},
    mul_div::{MathError, compare_products},
    registry::Status,
};

use crate::config;

/// More than there are.
const ALL: usize = 64;

type Plan = fn(&mut [Slot], u128, usize) -> Result<u128, MathError>;
type Move = fn(u128, u128) -> Option<u128>;

/// Validators in any state, full and empty, over their capacity and without any.
fn slots() -> impl Strategy<Value = Vec<Slot>> {
    let slot = (
        2_u8..=4,
        0_u128..1 << 80,
        0_u128..1 << 80,
        0_u32..5,
        0_u32..5,
    );
    let slot = slot.prop_map(|(status, active, capacity, empty, none)| Slot {
        id: 0,
        status: Status::from_code(status).unwrap(),
        active: if empty == 0 { 0 } else { active },
        capacity: if none == 0 { 0 } else { capacity },
        amount: 0,
    });
    proptest::collection::vec(slot, 0..12).prop_map(|mut slots| {
        for (id, slot) in (1..).zip(&mut slots) {
            slot.id = id;
        }
        slots
    })
}

/// Small enough to fill a few, large enough to fill all.
fn assets() -> impl Strategy<Value = u128> {
    (0_u32..80, 0_u128..1 << 84).prop_map(|(shift, wei)| wei >> shift)
}

/// `a.amount`s by id: what a plan says, whatever the order it says it in.
fn by_id(slots: &[Slot]) -> Vec<(u32, u128)> {
    let mut amounts: Vec<_> = slots.iter().map(|slot| (slot.id, slot.amount)).collect();
    amounts.sort_unstable();
    amounts
}

fn gives_back_all(slot: &Slot) -> bool {
    slot.status != Status::Active || slot.capacity == 0
}

proptest! {
    #![proptest_config(config(2_048))]

    // I9
    #[test]
    fn deposits_raise_the_least_full_to_one_level_within_their_capacities(
        slots in slots(), assets in assets()
    ) {
        let mut plan = slots;
        let planned = allocation::plan_deposits(&mut plan, assets, ALL).unwrap();
        let reached: Vec<Slot> = plan.iter().copied().filter(|slot| slot.active < slot.capacity).collect();
        let room: u128 = reached.iter().map(|slot| slot.capacity - slot.active).sum();
        prop_assert_eq!(planned, assets.min(room), "as much as fits");
        prop_assert_eq!(plan.iter().map(|slot| slot.amount).sum::<u128>(), planned);
        for pair in reached.windows(2) {
            let order = compare_products(pair[0].active, pair[1].capacity, pair[1].active, pair[0].capacity);
            prop_assert!(order.is_le(), "the least full come first");
        }
        let rounding = reached.len() as u128;
        for full in plan.iter().filter(|slot| slot.amount != 0) {
            prop_assert!(full.active + full.amount <= full.capacity, "I9");
            for other in &reached {
                let level = (full.active + full.amount).saturating_sub(rounding);
                let others = other.active + other.amount + 1;
                let order = compare_products(level, other.capacity, others, full.capacity);
                prop_assert!(order.is_le(), "{full:?} was raised above {other:?}");
            }
        }
    }

    // I9
    #[test]
    fn exits_empty_who_may_hold_nothing_and_lower_the_fullest_to_one_level(
        slots in slots(), assets in assets()
    ) {
        let mut plan = slots;
        let planned = allocation::plan_exits(&mut plan, assets, ALL).unwrap();
        let reached: Vec<Slot> = plan.iter().copied().filter(|slot| slot.active != 0).collect();
        let stake: u128 = reached.iter().map(|slot| slot.active).sum();
        prop_assert_eq!(planned, assets.min(stake), "as much as there is");
        prop_assert_eq!(plan.iter().map(|slot| slot.amount).sum::<u128>(), planned);
        prop_assert!(plan.iter().all(|slot| slot.amount <= slot.active), "no more than it has");
        let (idle, working): (Vec<Slot>, Vec<Slot>) = reached.iter().partition(|slot| gives_back_all(slot));
        if working.iter().any(|slot| slot.amount != 0) {
            prop_assert!(idle.iter().all(|slot| slot.amount == slot.active), "they give all first");
        }
        let rounding = reached.len() as u128;
        for lowered in working.iter().filter(|slot| slot.amount != 0) {
            for other in &working {
                let level = lowered.active - lowered.amount + rounding;
                let others = (other.active - other.amount).saturating_sub(1);
                let order = compare_products(level, other.capacity, others, lowered.capacity);
                prop_assert!(order.is_ge(), "{lowered:?} was lowered below {other:?}");
            }
        }
    }

    // I11
    #[test]
    fn a_bound_cuts_the_end_of_a_plan_off(
        slots in slots(), assets in assets(), max_ops in 0_usize..14
    ) {
        for plan in [allocation::plan_deposits, allocation::plan_exits] {
            let mut whole = slots.clone();
            plan(&mut whole, assets, ALL).unwrap();
            let mut bounded = slots.clone();
            let planned = plan(&mut bounded, assets, max_ops).unwrap();
            let (kept, cut) = bounded.split_at(max_ops.min(bounded.len()));
            prop_assert_eq!(kept, &whole[..kept.len()]);
            prop_assert!(cut.iter().all(|slot| slot.amount == 0));
            prop_assert_eq!(planned, kept.iter().map(|slot| slot.amount).sum::<u128>());
        }
    }

    /// Who calls decides neither who is filled nor who is emptied.
    #[test]
    fn many_small_rebalances_end_where_one_large_does(
        slots in slots(), assets in assets(), bounds in proptest::collection::vec(1_usize..4, 12)
    ) {
        let rounding = slots.len() as u128;
        let moves: [(Plan, Move); 2] = [
            (allocation::plan_deposits, u128::checked_add),
            (allocation::plan_exits, u128::checked_sub),
        ];
        for (plan, moved) in moves {
            let mut whole = slots.clone();
            let planned = plan(&mut whole, assets, ALL).unwrap();
            let mut steps = slots.clone();
            let mut left = assets;
            for max_ops in &bounds {
                left -= plan(&mut steps, left, *max_ops).unwrap();
                for slot in &mut steps {
                    slot.active = moved(slot.active, slot.amount).unwrap();
                }
            }
            prop_assert_eq!(assets - left, planned);
            steps.sort_unstable_by_key(|slot| slot.id);
            whole.sort_unstable_by_key(|slot| slot.id);
            for (step, slot) in steps.iter().zip(&whole) {
                let end = moved(slot.active, slot.amount).unwrap();
                prop_assert!(step.active.abs_diff(end) <= rounding, "{step:?} and not {end}");
            }
        }
    }

    #[test]
    fn a_plan_does_not_depend_on_the_order_of_the_validators(
        slots in slots(), assets in assets(), max_ops in 0_usize..14, turn in 0_usize..12
    ) {
        let mut turned = slots.clone();
        turned.rotate_left(turn.min(slots.len()));
        turned.reverse();
        let mut straight = slots;
        for plan in [allocation::plan_deposits, allocation::plan_exits] {
            let one = plan(&mut straight, assets, max_ops).unwrap();
            let other = plan(&mut turned, assets, max_ops).unwrap();
            prop_assert_eq!(one, other);
            prop_assert_eq!(by_id(&straight), by_id(&turned));
        }
    }

    // I9
    #[test]
    fn no_plan_gives_out_what_the_queue_is_owed(
        buffered in assets(), target in assets(), demand in assets(), unbonding in assets(),
        exiting in assets()
    ) {
        let plan = allocation::rebalance(buffered, target, demand, unbonding, exiting);
        prop_assert!(plan.delegate == 0 || plan.delegate + demand + target <= buffered);
        prop_assert!(plan.delegate + demand + target >= buffered, "nothing lies idle");
        prop_assert!(plan.undelegate >= exiting);
        prop_assert!(plan.undelegate + buffered + unbonding >= demand, "enough is called back");
        prop_assert!(plan.undelegate == exiting || plan.undelegate + buffered + unbonding == demand);
    }
}
