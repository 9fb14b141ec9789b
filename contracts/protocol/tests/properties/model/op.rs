//! What may happen to the world, and how a random trace is drawn.

use proptest::prelude::*;
use protocol::registry::Lane;

use super::{DAY, ETH, TREASURY, USERS, VALIDATORS, World, terms};

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Deposit {
        user: usize,
        assets: u128,
    },
    Transfer {
        from: usize,
        to: usize,
        ppm: u128,
    },
    RequestShares {
        user: usize,
        ppm: u128,
    },
    RequestAssets {
        user: usize,
        assets: u128,
    },
    Finalize {
        max: usize,
    },
    Cancel {
        place: usize,
    },
    LeaveAtOnce {
        user: usize,
        ppm: u128,
    },
    Claim {
        place: usize,
    },
    Distribute {
        assets: u128,
    },
    FundCover {
        assets: u128,
    },
    Slash {
        validator: usize,
        ppm: u128,
    },
    Rebalance {
        max: usize,
    },
    Release {
        max: usize,
    },
    Warp {
        secs: u64,
    },
    Jail {
        validator: usize,
    },
    Unjail {
        validator: usize,
    },
    AddBond {
        validator: usize,
        assets: u128,
    },
    RequestBond {
        validator: usize,
        ppm: u128,
    },
    ClaimBond {
        validator: usize,
    },
    BeginExit {
        validator: usize,
    },
    CompleteExit {
        validator: usize,
    },
    CancelBond {
        validator: usize,
    },
    Target {
        validator: usize,
        assets: Option<u128>,
    },
    Vet {
        validator: usize,
    },
    Accuse {
        validator: usize,
    },
}

impl Op {
    /// Only a slash may make a share worth less.
    pub(crate) fn may_lower_rate(&self) -> bool {
        matches!(self, Self::Slash { .. })
    }

    pub(crate) fn apply(&self, world: &mut World) {
        let now = world.now;
        match *self {
            Self::Deposit { user, assets } => world.deposit(user, assets),
            Self::Transfer { from, to, ppm } => {
                let balance = protocol::rate::assets_for_shares(world.totals(), world.shares[from]);
                world.transfer(from, to, balance.unwrap() * ppm / 1_000_000);
            }
            Self::RequestShares { user, ppm } => {
                world.request_shares(user, world.shares[user] * ppm / 1_000_000);
            }
            Self::RequestAssets { user, assets } => world.request_assets(user, assets),
            Self::Finalize { max } => world.finalize(max),
            Self::Cancel { place } => world.cancel(place),
            Self::LeaveAtOnce { user, ppm } => {
                world.leave_at_once(user, world.shares[user] * ppm / 1_000_000);
            }
            Self::Claim { place } => world.claim(place),
            Self::Distribute { assets } => world.distribute(assets),
            Self::FundCover { assets } => world.fund_cover(assets),
            Self::Slash { validator, ppm } => world.slash(validator, ppm),
            Self::Rebalance { max } => world.rebalance(max),
            Self::Release { max } => world.release(max),
            Self::Warp { secs } => world.now += secs,
            Self::Jail { validator } => {
                world.step_validator(validator, |v| v.jail(now + DAY));
            }
            Self::Unjail { validator } => {
                world.step_validator(validator, |v| v.unjail(now, &terms()));
            }
            Self::AddBond { validator, assets } => world.add_bond(validator, assets),
            Self::RequestBond { validator, ppm } => {
                let part = world.validators[validator].bond * ppm / 1_000_000;
                world.step_validator(validator, |v| v.request_bond_exit(part, now, &terms()));
            }
            Self::ClaimBond { validator } => world.claim_bond(validator),
            Self::BeginExit { validator } => {
                world.step_validator(validator, |v| v.begin_exit(now, &terms()));
            }
            Self::CompleteExit { validator } => world.complete_exit(validator),
            Self::CancelBond { validator } => {
                world.step_validator(validator, |v| v.cancel_bond_exit());
            }
            Self::Target { validator, assets } => {
                world.step_validator(validator, |v| v.with_target(assets));
            }
            Self::Vet { validator } => {
                world.step_validator(validator, |v| v.in_lane(Lane::Vetted));
            }
            Self::Accuse { validator } => world.step_validator(validator, |v| v.accused(now)),
        }
    }
}

/// Amounts of all sizes, with the ugly ones among them.
fn assets() -> impl Strategy<Value = u128> {
    prop_oneof![
        4 => 1_000_000_000_000_000_u128..100 * ETH,
        1 => 0_u128..3_000_000_000_000_000,
        1 => Just(ETH),
        1 => 100 * ETH..1_000_000 * ETH,
    ]
}

fn ppm() -> impl Strategy<Value = u128> {
    prop_oneof![3 => 0_u128..=1_000_000, 1 => Just(1_000_000_u128), 1 => 0_u128..1_000]
}

pub(crate) fn op() -> impl Strategy<Value = Op> {
    let user = || 0..USERS;
    let validator = || 0..VALIDATORS;
    let place = || 0_usize..12;
    prop_oneof![
        6 => (user(), assets()).prop_map(|(user, assets)| Op::Deposit { user, assets }),
        3 => (0..=TREASURY, user(), ppm()).prop_map(|(from, to, ppm)| Op::Transfer { from, to, ppm }),
        4 => (user(), ppm()).prop_map(|(user, ppm)| Op::RequestShares { user, ppm }),
        3 => (user(), assets()).prop_map(|(user, assets)| Op::RequestAssets { user, assets }),
        5 => (0_usize..4).prop_map(|max| Op::Finalize { max }),
        2 => place().prop_map(|place| Op::Cancel { place }),
        2 => (user(), ppm()).prop_map(|(user, ppm)| Op::LeaveAtOnce { user, ppm }),
        2 => place().prop_map(|place| Op::Claim { place }),
        4 => assets().prop_map(|assets| Op::Distribute { assets: assets / 1_000 }),
        1 => assets().prop_map(|assets| Op::FundCover { assets: assets / 1_000 }),
        3 => (validator(), ppm()).prop_map(|(validator, ppm)| Op::Slash { validator, ppm }),
        6 => (0_usize..6).prop_map(|max| Op::Rebalance { max }),
        4 => (0_usize..6).prop_map(|max| Op::Release { max }),
        6 => (0..10 * DAY).prop_map(|secs| Op::Warp { secs }),
        1 => validator().prop_map(|validator| Op::Jail { validator }),
        2 => validator().prop_map(|validator| Op::Unjail { validator }),
        2 => (validator(), assets()).prop_map(|(validator, assets)| Op::AddBond { validator, assets }),
        1 => (validator(), ppm()).prop_map(|(validator, ppm)| Op::RequestBond { validator, ppm }),
        1 => validator().prop_map(|validator| Op::ClaimBond { validator }),
        1 => validator().prop_map(|validator| Op::BeginExit { validator }),
        1 => validator().prop_map(|validator| Op::CompleteExit { validator }),
        1 => validator().prop_map(|validator| Op::CancelBond { validator }),
        1 => (validator(), proptest::option::of(assets()))
            .prop_map(|(validator, assets)| Op::Target { validator, assets }),
        1 => validator().prop_map(|validator| Op::Vet { validator }),
        1 => validator().prop_map(|validator| Op::Accuse { validator }),
    ]
}
