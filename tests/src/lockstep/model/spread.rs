//! Which validators new stake goes to, and which give stake back.
//!
//! Stake is spread so that the fill ratios (delegated / capacity) are as level as one call of so
//! many operations can make them: the emptiest are raised to one level, the fullest lowered to one.

use std::cmp::Ordering;

use alloy::primitives::U256;

use super::{Model, registry::Status};
use crate::lockstep::amounts::{down, product, up};

/// A validator in a plan: its number, what it has, what it can have.
#[derive(Clone, Copy)]
struct Seat {
    index: usize,
    delegated: u128,
    capacity: u128,
}

impl Seat {
    /// Compares delegated / capacity.
    fn fullness(&self, other: &Self) -> Ordering {
        product(self.delegated, other.capacity).cmp(&product(other.delegated, self.capacity))
    }
}

/// Compares a / b with c / d.
fn ratio(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    let (left, right): (U256, U256) = (product(a, d), product(c, b));
    left.cmp(&right)
}

impl Model {
    fn seats(&self, pool_assets: u128) -> Vec<Seat> {
        let seat = |&index: &usize| Seat {
            index,
            delegated: self.validators[index].delegated,
            capacity: self.capacity(index, pool_assets),
        };
        self.working.iter().map(seat).collect()
    }

    /// Who gets how much of `assets`; only those who get something, emptiest first, and of them the
    /// first `max_ops`.
    pub(super) fn plan_deposits(&self, assets: u128, max_ops: usize) -> Vec<(usize, u128)> {
        let mut seats = self.seats(self.assets());
        seats.retain(|seat| seat.delegated < seat.capacity);
        seats.sort_by(|a, b| a.fullness(b).then(a.index.cmp(&b.index)));
        // The smallest group whose level after the deposit stays at or below the next one's.
        let (mut sum, mut room) = (0, 0);
        let mut group = 0;
        while let Some(next) = seats.get(group) {
            let settled =
                group != 0 && ratio(sum + assets, room, next.delegated, next.capacity).is_le();
            if settled {
                break;
            }
            sum += next.delegated;
            room += next.capacity;
            group += 1;
        }
        seats.truncate(group);
        let goal = room.min(sum + assets);
        let mut left = goal - sum;
        let mut plan: Vec<(usize, u128)> = Vec::new();
        for seat in &seats {
            let amount = down(seat.capacity, goal, room) - seat.delegated;
            left -= amount;
            plan.push((seat.index, amount));
        }
        for (seat, (_, amount)) in seats.iter().zip(&mut plan) {
            let extra = left.min(seat.capacity - seat.delegated - *amount);
            *amount += extra;
            left -= extra;
        }
        plan.truncate(max_ops);
        plan.retain(|(_, amount)| *amount != 0);
        plan
    }

    /// Who gives back how much of `assets`; only those who give something, and of them the first
    /// `max_ops`.
    ///
    /// All that the jailed have comes first, then the leaving, then those without capacity, and
    /// then the fullest are lowered. Caps by the pool's size do not count for leaving.
    pub(super) fn plan_exits(&self, assets: u128, max_ops: usize) -> Vec<(usize, u128)> {
        let mut seats = self.seats(u128::MAX);
        seats.retain(|seat| seat.delegated != 0);
        let class = |seat: &Seat| match (self.validators[seat.index].status, seat.capacity) {
            (Status::Jailed, _) => 0,
            (Status::Exiting, _) => 1,
            (_, 0) => 2,
            _ => 3,
        };
        seats.sort_by(|a, b| {
            let order = class(a).cmp(&class(b));
            order.then(b.fullness(a)).then(a.index.cmp(&b.index))
        });
        let mut left = assets;
        let mut plan = Vec::new();
        let working = seats.iter().take_while(|seat| class(seat) != 3).count();
        for seat in &seats[..working] {
            let amount = seat.delegated.min(left);
            left -= amount;
            plan.push((seat.index, amount));
        }
        plan.extend(lowered(&seats[working..], left));
        plan.truncate(max_ops);
        plan.retain(|(_, amount)| *amount != 0);
        plan
    }
}

/// Lowers the first of `seats`, fullest first, to one level.
fn lowered(seats: &[Seat], assets: u128) -> Vec<(usize, u128)> {
    let (mut sum, mut room) = (0_u128, 0);
    let mut group = 0;
    while let Some(next) = seats.get(group) {
        let rest = sum.saturating_sub(assets);
        if group != 0 && ratio(rest, room, next.delegated, next.capacity).is_ge() {
            break;
        }
        sum += next.delegated;
        room += next.capacity;
        group += 1;
    }
    let goal = sum.saturating_sub(assets);
    let mut left = sum - goal;
    let mut plan = Vec::new();
    for seat in &seats[..group] {
        let amount = seat.delegated - up(seat.capacity, goal, room);
        left -= amount;
        plan.push((seat.index, amount));
    }
    for (seat, (_, amount)) in seats.iter().zip(&mut plan) {
        let extra = left.min(seat.delegated - *amount);
        *amount += extra;
        left -= extra;
    }
    plan
}
