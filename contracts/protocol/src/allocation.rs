//! Who gets new stake and who gives it back: a plan over all validators that takes part.
//!
//! Plans depend on the slots alone, so anyone can read beforehand what a call will do. How many
//! validators a call may touch bounds how far it gets, not where stake goes: who calls for one
//! validator at a time ends where one call for all does.

use core::cmp::Ordering;

use crate::{
    mul_div::{MathError, Rounding, add, compare_products, mul_div, sub},
    registry::{MAX_VALIDATORS, Status},
};

/// Most validators or unbonding entries that one call touches: as many as there can be validators
/// in a plan ([`MAX_VALIDATORS`]).
pub const MAX_OPS: u64 = MAX_VALIDATORS as u64;

/// One validator as a plan sees it, and what the plan gives it or takes from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// The validator's id; breaks ties, lowest first.
    pub id: u32,
    /// Its status.
    pub status: Status,
    /// Delegated wei.
    pub active: u128,
    /// Wei it may hold, see [`crate::delegation::capacity`].
    pub capacity: u128,
    /// The plan: wei to delegate or undelegate.
    pub amount: u128,
}

/// Wei to move between buffer and validators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebalance {
    /// Wei to delegate.
    pub delegate: u128,
    /// Wei to undelegate.
    pub undelegate: u128,
}

/// What `rebalance` aims at: the queue's demand first, then the target buffer, the rest delegated.
///
/// `exiting` is the stake of validators that leave; it comes back whatever the demand.
/// ETH that is unbonding already counts as on its way, so no call undelegates twice for one demand.
pub const fn rebalance(
    buffered: u128,
    target_buffer: u128,
    demand: u128,
    unbonding: u128,
    exiting: u128,
) -> Rebalance {
    // Saturating is what is meant: no surplus means nothing to delegate, no shortfall nothing to call back.
    let shortfall = demand.saturating_sub(buffered).saturating_sub(unbonding);
    let undelegate = if exiting > shortfall {
        exiting
    } else {
        shortfall
    };
    Rebalance {
        delegate: buffered
            .saturating_sub(demand)
            .saturating_sub(target_buffer),
        undelegate,
    }
}

/// Wei that must come back before `demand` is free, where the first `not_released` of them are not
/// ([`crate::pool::not_released`]); none for no demand.
///
/// - Errors: [`MathError::SumOverflow`].
pub const fn wanted(demand: u128, not_released: u128) -> Result<u128, MathError> {
    match demand {
        0 => Ok(0),
        _ => add(demand, not_released),
    }
}

/// Plans where `assets` wei of new stake go, and does so for the first `max_ops` validators.
///
/// Min-first: the least full (delegated / capacity) are filled to one common level, as far as their
/// capacities reach. Reorders `slots` and writes `amount`; the ones with an amount come first.
///
/// - Returns: wei planned, at most `assets`; less if there is no room, or more validators take part.
/// - Rounding: levels down; the wei left over go to the first that have room.
/// - Errors: [`MathError::SumOverflow`].
pub fn plan_deposits(slots: &mut [Slot], assets: u128, max_ops: usize) -> Result<u128, MathError> {
    clear(slots);
    sort(slots, |a, b| {
        b.has_room()
            .cmp(&a.has_room())
            .then_with(|| fill_ratio(a, b))
            .then_with(|| a.id.cmp(&b.id))
    });
    let roomy = slots.iter().take_while(|slot| slot.has_room()).count();
    if roomy == 0 {
        return Ok(0);
    }
    let candidates = slots.get_mut(..roomy).unwrap_or_default();
    // Grow the group of least full validators until its common level does not overtake the next.
    let (mut active, mut capacity, mut group) = (0_u128, 0_u128, 0_usize);
    for slot in candidates.iter() {
        if group != 0
            && compare_products(add(active, assets)?, slot.capacity, slot.active, capacity)
                != Ordering::Greater
        {
            break;
        }
        active = add(active, slot.active)?;
        capacity = add(capacity, slot.capacity)?;
        group = group.saturating_add(1);
    }
    let goal = add(active, assets)?.min(capacity);
    let members = candidates.get_mut(..group).unwrap_or_default();
    let mut left = sub(goal, active)?;
    for slot in members.iter_mut() {
        let target = mul_div(slot.capacity, goal, capacity, Rounding::Down)?;
        slot.amount = sub(target, slot.active)?;
        left = sub(left, slot.amount)?;
    }
    // Rounding down leaves less than one wei a member, and the goal is within the capacity.
    for slot in members.iter_mut() {
        let room = sub(slot.capacity, slot.active)?;
        let extra = left.min(sub(room, slot.amount)?);
        slot.amount = add(slot.amount, extra)?;
        left = sub(left, extra)?;
    }
    bound(slots, max_ops)
}

/// Plans where `assets` wei of stake come back from, and does so for the first `max_ops` validators.
///
/// Those without capacity (jailed first, then leaving, then out of bond) give all they have;
/// after them the fullest are lowered to one common level.
/// Reorders `slots` and writes `amount`; the ones with stake come first.
///
/// - Returns: wei planned, at most `assets`; less if there is no more stake, or more validators take
///   part.
/// - Rounding: levels up; the wei missing come from the first that have stake.
/// - Errors: [`MathError::SumOverflow`].
pub fn plan_exits(slots: &mut [Slot], assets: u128, max_ops: usize) -> Result<u128, MathError> {
    clear(slots);
    sort(slots, |a, b| {
        a.exit_class()
            .cmp(&b.exit_class())
            .then_with(|| fill_ratio(b, a))
            .then_with(|| a.id.cmp(&b.id))
    });
    let staked = slots.iter().take_while(|slot| slot.active != 0).count();
    let candidates = slots.get_mut(..staked).unwrap_or_default();
    let mut left = assets;
    let mut first_working = 0_usize;
    for slot in candidates.iter_mut() {
        if slot.exit_class() == ExitClass::Working {
            break;
        }
        slot.amount = slot.active.min(left);
        left = sub(left, slot.amount)?;
        first_working = first_working.saturating_add(1);
    }
    lower_fullest(
        candidates.get_mut(first_working..).unwrap_or_default(),
        left,
    )?;
    bound(slots, max_ops)
}

/// Lowers the first of `slots`, sorted fullest first, to one common level.
fn lower_fullest(slots: &mut [Slot], assets: u128) -> Result<(), MathError> {
    // Grow the group of fullest validators until its common level does not undercut the next.
    let (mut active, mut capacity, mut group) = (0_u128, 0_u128, 0_usize);
    for slot in slots.iter() {
        let rest = active.saturating_sub(assets);
        if group != 0
            && compare_products(rest, slot.capacity, slot.active, capacity) != Ordering::Less
        {
            break;
        }
        active = add(active, slot.active)?;
        capacity = add(capacity, slot.capacity)?;
        group = group.saturating_add(1);
    }
    let goal = active.saturating_sub(assets);
    let mut left = sub(active, goal)?;
    let members = slots.get_mut(..group).unwrap_or_default();
    for slot in members.iter_mut() {
        // The level is at most this slot's ratio, so the target is at most what it has.
        let target = mul_div(slot.capacity, goal, capacity, Rounding::Up)?;
        slot.amount = sub(slot.active, target)?;
        left = sub(left, slot.amount)?;
    }
    // Rounding up leaves less than one wei a member to be found.
    for slot in members.iter_mut() {
        let extra = left.min(sub(slot.active, slot.amount)?);
        slot.amount = add(slot.amount, extra)?;
        left = sub(left, extra)?;
    }
    Ok(())
}

/// Leaves a plan to its first `max_ops` validators; returns the wei that they move.
fn bound(slots: &mut [Slot], max_ops: usize) -> Result<u128, MathError> {
    let mut moved = 0;
    for (place, slot) in slots.iter_mut().enumerate() {
        if place < max_ops {
            moved = add(moved, slot.amount)?;
        } else {
            slot.amount = 0;
        }
    }
    Ok(moved)
}

/// In which order validators give stake back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ExitClass {
    Jailed,
    Leaving,
    WithoutCapacity,
    Working,
    WithoutStake,
}

impl Slot {
    const fn has_room(&self) -> bool {
        self.active < self.capacity
    }

    const fn exit_class(&self) -> ExitClass {
        if self.active == 0 {
            return ExitClass::WithoutStake;
        }
        match (self.status, self.capacity) {
            (Status::Jailed, _) => ExitClass::Jailed,
            (Status::Exiting | Status::Exited, _) => ExitClass::Leaving,
            (_, 0) => ExitClass::WithoutCapacity,
            (Status::Unknown | Status::Pending | Status::Active, _) => ExitClass::Working,
        }
    }
}

/// Orders by delegated / capacity without dividing.
fn fill_ratio(a: &Slot, b: &Slot) -> Ordering {
    compare_products(a.active, b.capacity, b.active, a.capacity)
}

fn clear(slots: &mut [Slot]) {
    for slot in slots {
        slot.amount = 0;
    }
}

/// Insertion sort: at most [`MAX_VALIDATORS`] slots, nearly sorted from call to call,
/// and a tenth of the code of the library's sort.
fn sort(slots: &mut [Slot], order: impl Fn(&Slot, &Slot) -> Ordering) {
    for end in 0..slots.len() {
        let mut window = slots.get_mut(..=end).unwrap_or_default();
        while let [sorted @ .., last] = window {
            let Some(before) = sorted.last_mut() else {
                break;
            };
            if order(before, last) != Ordering::Greater {
                break;
            }
            core::mem::swap(before, last);
            window = sorted;
        }
    }
}
