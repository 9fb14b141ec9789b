//! Every short trace: three actors, two validators, and the amounts at the edges.
//!
//! The world is a transition system, explored breadth first. A state that was seen before, be it with
//! the actors in other roles, is not looked at again, so all traces of a length are covered by the
//! steps out of all states that shorter ones lead to. After each step the invariants are checked, of
//! each new state everybody must be able to leave. `TRACES_LENGTH` sets the length.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::{limits::MIN_DEPOSIT, registry::Validator};

use crate::model::{
    DAY, ETH, USERS, World,
    op::Op::{self, *},
};

const ACTORS: usize = 3;

/// Everything that somebody may do next.
fn steps() -> Vec<Op> {
    let mut steps = vec![
        Finalize { max: 1 },
        Finalize { max: 64 },
        Cancel { place: 0 },
        Cancel { place: 1 },
        Claim { place: 0 },
        Claim { place: 1 },
        Distribute { assets: 1 },
        Distribute { assets: ETH / 7 },
        FundCover { assets: ETH / 3 },
        Rebalance { max: 1 },
        Rebalance { max: 64 },
        Release { max: 1 },
        Warp { secs: 1 },
        Warp { secs: DAY / 2 },
        Warp { secs: 14 * DAY },
    ];
    for user in 0..ACTORS {
        steps.extend([
            Deposit {
                user,
                assets: MIN_DEPOSIT,
            },
            Deposit {
                user,
                assets: 7 * ETH + 3,
            },
            RequestShares {
                user,
                ppm: 1_000_000,
            },
            RequestAssets {
                user,
                assets: 2 * ETH + 1,
            },
            LeaveAtOnce {
                user,
                ppm: 1_000_000,
            },
        ]);
        for to in (0..ACTORS).filter(|to| *to != user) {
            for ppm in [1, 1_000_000] {
                steps.push(Transfer {
                    from: user,
                    to,
                    ppm,
                });
            }
        }
    }
    // One validator goes through everything, the other only loses.
    for ppm in [1, 500_000, 1_000_000] {
        steps.push(Slash { validator: 0, ppm });
    }
    steps.extend([
        Slash {
            validator: 1,
            ppm: 1_000_000,
        },
        Jail { validator: 0 },
        Unjail { validator: 0 },
        Accuse { validator: 0 },
        AddBond {
            validator: 0,
            assets: ETH,
        },
        RequestBond {
            validator: 0,
            ppm: 10_000,
        },
        CancelBond { validator: 0 },
        ClaimBond { validator: 0 },
        BeginExit { validator: 0 },
        CompleteExit { validator: 0 },
        Target {
            validator: 0,
            assets: Some(0),
        },
    ]);
    steps
}

/// In the middle of things: stake out, a reward under way, a head filled in part, stake unbonding.
fn mid_life() -> World {
    let mut world = World::with_validators(2);
    for step in [
        Deposit {
            user: 0,
            assets: 30 * ETH + 1,
        },
        Rebalance { max: 64 },
        Distribute { assets: ETH / 3 },
        RequestShares {
            user: 0,
            ppm: 700_000,
        },
        Rebalance { max: 1 },
        Finalize { max: 1 },
        Warp { secs: DAY / 3 },
    ] {
        world = world.after(&step);
    }
    assert_ne!(world.places[0].paid, 0, "the head is filled in part");
    assert_ne!(world.places[0].request.shares, 0);
    assert_ne!(world.entries.len(), 0, "stake is unbonding");
    assert_ne!(world.ledger.drip.unreleased(world.now), Ok(0));
    world
}

/// A state, whoever of the actors is in which role. 128 bits of two hashes: two of a billion states
/// are taken for one with a probability of 10⁻²¹.
fn fingerprint(world: &World) -> (u64, u64) {
    let mut order: Vec<usize> = (0..USERS).collect();
    let places_of = |user: usize| {
        let own = world.places.iter().map(move |place| place.owner == user);
        own.collect::<Vec<bool>>()
    };
    // An actor is its shares and its places; actors that have the same of both are exchangeable.
    order.sort_by_cached_key(|user| (world.shares[*user], places_of(*user)));
    let role = |user: usize| order.iter().position(|one| *one == user);
    let mut hashers = (DefaultHasher::new(), DefaultHasher::new());
    1.hash(&mut hashers.1);
    for hasher in [&mut hashers.0, &mut hashers.1] {
        let drip = world.ledger.drip;
        let booked = world.ledger.booked;
        (world.now, drip.amount, drip.start, drip.end).hash(hasher);
        (booked.assets, booked.shares, world.staked, world.cover).hash(hasher);
        (world.reporter_rewards, world.head).hash(hasher);
        // The ETH of each contract follows from the books: `check` has seen to that.
        for user in &order {
            world.shares[*user].hash(hasher);
        }
        world.shares[USERS..].hash(hasher);
        for validator in &world.validators {
            hash_validator(validator, hasher);
        }
        for (validator, entry) in &world.entries {
            (validator, entry.shares, entry.matures_at).hash(hasher);
        }
        for place in &world.places {
            let request = place.request;
            (role(place.owner), place.over, place.paid, place.nominal).hash(hasher);
            (request.shares, request.nominal, request.filled).hash(hasher);
        }
    }
    (hashers.0.finish(), hashers.1.finish())
}

fn hash_validator(validator: &Validator, hasher: &mut impl Hasher) {
    let Validator {
        status,
        lane,
        target,
        faults,
        jailed_until,
        bond,
        active,
        unbonding,
        bond_exit,
    } = *validator;
    (status as u8, lane as u8, target, jailed_until).hash(hasher);
    (bond, active, unbonding.assets, unbonding.shares).hash(hasher);
    (faults.count, faults.until).hash(hasher);
    (bond_exit.amount, bond_exit.available_at).hash(hasher);
}

/// States and steps that the traces of `length` out of `world` consist of.
fn explore(world: World, length: u32) -> (usize, usize) {
    let all = steps();
    let mut seen = HashSet::from([fingerprint(&world)]);
    let mut frontier = vec![world];
    let mut taken = 0;
    for remaining in (0..length).rev() {
        let mut next = Vec::new();
        for world in &frontier {
            for step in &all {
                let state = world.after(step);
                taken += 1;
                if seen.insert(fingerprint(&state)) {
                    state.clone().drain();
                    if remaining != 0 {
                        next.push(state);
                    }
                }
            }
        }
        frontier = next;
    }
    (seen.len(), taken)
}

/// Four steps in a test run, more in a campaign.
fn length() -> u32 {
    let length = std::env::var("TRACES_LENGTH");
    length.ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

#[test]
fn every_short_trace_from_the_beginning_keeps_the_invariants_and_lets_everybody_leave() {
    let (states, steps) = explore(World::with_validators(2), length());
    println!("figure: from the beginning: {states} states, {steps} steps");
}

#[test]
fn every_short_trace_from_the_middle_keeps_the_invariants_and_lets_everybody_leave() {
    let (states, steps) = explore(mid_life(), length());
    println!("figure: from the middle: {states} states, {steps} steps");
}

/// What a campaign of five steps found: no pace can be kept of a pool that is worth nothing.
#[test]
fn wei_for_holders_who_lost_everything_take_all_time() {
    let mut world = mid_life();
    let all = 1_000_000;
    for step in [
        Slash {
            validator: 0,
            ppm: all,
        },
        Finalize { max: 1 },
        Slash {
            validator: 1,
            ppm: all,
        },
        Distribute { assets: 1 },
        Distribute { assets: 1 },
    ] {
        world = world.after(&step);
    }
    assert_eq!(world.totals().assets, 0);
    assert_eq!(world.ledger.drip.unreleased(world.now), Ok(2));
    assert_eq!(world.ledger.drip.end, u64::MAX);
}
