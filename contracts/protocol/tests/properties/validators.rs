//! What must hold of one validator whatever happens to it: I8, I9, and the bounds of its commission.

use proptest::prelude::*;
use protocol::{
    bond::BondExit,
    commission::Commission,
    delegation::{self, UnbondingEntry},
    fault::{Evidence, FAULT_SECS, Faults},
    registry::{Lane, Status, Unbonding, Validator},
    slashing::{exposure, slash, slash_bond},
    terms::Terms,
};

use crate::{config, part};

/// All the ETH there is stays below this.
const WEI: u128 = 1 << 87;

/// Amounts of every magnitude.
fn wei() -> impl Strategy<Value = u128> {
    (0_u32..87, 0..WEI).prop_map(|(shift, value)| value >> shift)
}

fn terms() -> impl Strategy<Value = Terms> {
    (wei(), 1_u16..=20, 1_u16..=20, 100_u16..=10_000).prop_map(|(min_bond, a, b, share)| Terms {
        min_bond: min_bond + 1,
        leverage: a.max(b),
        open_leverage: a.min(b),
        pool_share_bps: share,
        unbonding_secs: 700,
        bond_exit_secs: 700,
        notice_secs: 60,
    })
}

fn status() -> impl Strategy<Value = Status> {
    (1_u8..=4).prop_map(|code| Status::from_code(code).unwrap())
}

fn validator() -> impl Strategy<Value = Validator> {
    let stake = (wei(), wei(), 0_u32..20);
    let exit = (wei(), 0_u64..2_000);
    let faults = (0_u16..3, 0_u64..2_000);
    let lane = prop_oneof![Just(Lane::Open), Just(Lane::Vetted)];
    (
        status(),
        lane,
        proptest::option::of(wei()),
        wei(),
        stake,
        exit,
        faults,
    )
        .prop_map(
            |(status, lane, target, bond, (active, unbonding, dilution), exit, faults)| Validator {
                status,
                lane,
                target,
                faults: Faults {
                    count: faults.0,
                    until: faults.1,
                },
                jailed_until: 0,
                bond,
                active,
                unbonding: Unbonding {
                    assets: unbonding,
                    shares: unbonding << dilution,
                },
                bond_exit: BondExit {
                    amount: exit.0.min(bond),
                    available_at: exit.1,
                },
            },
        )
}

proptest! {
    #![proptest_config(config(2_048))]

    // I8
    #[test]
    fn a_slash_is_the_sum_of_its_parts_and_takes_nothing_else(
        validator in validator(), cover in wei(), ppm in 0_u128..=1_000_000
    ) {
        let all = exposure(&validator).unwrap();
        let penalty = part(all, ppm);
        prop_assert!(slash(&validator, cover, all + 1, 0).is_err());
        if penalty == 0 {
            prop_assert!(slash(&validator, cover, penalty, 0).is_err());
            return Ok(());
        }
        let slash = slash(&validator, cover, penalty, 900).unwrap();
        prop_assert_eq!(slash.bond_loss + slash.cover_used + slash.stake_loss, penalty);
        prop_assert_eq!(slash.active_cut + slash.unbonding_cut, slash.stake_loss);
        // The bond goes first, then the cover, to their last wei.
        prop_assert!(slash.cover_used == 0 || slash.bond_loss == validator.bond);
        prop_assert!(slash.stake_loss == 0 || slash.cover_used == cover);
        let after = slash.validator;
        prop_assert_eq!(after.bond + slash.bond_loss, validator.bond);
        prop_assert_eq!(after.active + slash.active_cut, validator.active);
        prop_assert_eq!(after.unbonding.assets + slash.unbonding_cut, validator.unbonding.assets);
        prop_assert_eq!(after.unbonding.shares, validator.unbonding.shares);
        // Nobody gains by reporting itself: what is burned is nineteen times the reward at least.
        prop_assert_eq!(slash.burned + slash.reporter_reward, penalty);
        prop_assert!(slash.reporter_reward * 20 <= slash.bond_loss);
        // Who escapes by undelegating is cut as if he had not, but for a wei.
        let stake = validator.active + validator.unbonding.assets;
        if let Some(whole) = slash.unbonding_cut.checked_mul(stake) {
            prop_assert!(whole <= slash.stake_loss.saturating_mul(validator.unbonding.assets));
        }
    }

    #[test]
    fn absence_touches_the_bond_alone(validator in validator(), cover in wei(), penalty in wei()) {
        let most = validator.bond / 20;
        prop_assert!(slash_bond(&validator, cover, most + 1, 0).is_err());
        if most == 0 {
            return Ok(());
        }
        let penalty = penalty % most + 1;
        let slash = slash_bond(&validator, cover, penalty, 0).unwrap();
        prop_assert_eq!(slash.bond_loss, penalty);
        prop_assert_eq!(slash.burned, slash.bond_loss);
        let untouched = Validator { bond: validator.bond, ..slash.validator };
        prop_assert_eq!(untouched, validator.convicted(0));
        prop_assert_eq!(slash.cover_fund, cover);
    }

    // I9
    #[test]
    fn stake_is_given_up_to_every_cap_and_can_leave_again(
        validator in validator(), pool in wei(), assets in wei(), terms in terms(), now in 0_u64..100
    ) {
        let capacity = delegation::capacity(&validator, pool, &terms, now).unwrap();
        prop_assert!(capacity <= pool * u128::from(terms.pool_share_bps) / 10_000);
        prop_assert!(capacity <= validator.target.unwrap_or(u128::MAX));
        prop_assert!(capacity <= validator.active || validator.faults.open_at(now) == 0);
        let carried = capacity.saturating_add(validator.unbonding.assets);
        let most = validator.staying_bond() * u128::from(validator.leverage(&terms));
        prop_assert!(capacity == 0 || carried <= most);
        match delegation::delegate(&validator, assets, pool, &terms, now) {
            Ok(after) => {
                prop_assert!(after.active <= capacity);
                let left = delegation::undelegate(&after, after.active, 0, &terms);
                prop_assert!(left.is_ok(), "{left:?}");
            }
            Err(_) => prop_assert!(assets == 0 || validator.active + assets > capacity),
        }
    }

    /// A trace of giving, taking and slashing: whatever is there can always be called back.
    #[test]
    fn no_history_of_slashes_keeps_stake_from_leaving(
        steps in proptest::collection::vec((0_u8..5, 0_u128..=1_000_000), 1..40)
    ) {
        let terms = Terms {
            min_bond: 1,
            leverage: 20,
            open_leverage: 20,
            pool_share_bps: 10_000,
            unbonding_secs: 1,
            bond_exit_secs: 1,
            notice_secs: 60,
        };
        let mut validator = Validator { status: Status::Active, bond: 1 << 84, ..Validator::default() };
        let mut entries: Vec<UnbondingEntry> = Vec::new();
        for (step, ppm) in steps {
            match step {
                0 => {
                    let room = delegation::capacity(&validator, WEI, &terms, 0).unwrap();
                    let assets = part(room.saturating_sub(validator.active), ppm);
                    if assets != 0 {
                        validator = delegation::delegate(&validator, assets, WEI, &terms, 0).unwrap();
                    }
                }
                1 => {
                    let assets = part(validator.active, ppm);
                    if assets != 0 {
                        let (after, entry) =
                            delegation::undelegate(&validator, assets, 0, &terms).unwrap();
                        validator = after;
                        entries.push(entry);
                    }
                }
                2 | 3 => {
                    let all = exposure(&validator).unwrap();
                    // A part, or all but next to nothing.
                    let penalty = if step == 2 { part(all, ppm) } else { all - ppm };
                    if penalty != 0 {
                        let slash = slash(&validator, 0, penalty, 0).unwrap();
                        // Back at once, with its bond made whole.
                        validator = Validator {
                            status: Status::Active,
                            bond: 1 << 84,
                            ..slash.validator
                        };
                    }
                }
                _ => {
                    if let Some(entry) = entries.pop() {
                        validator = delegation::release(&validator, &entry, 1).unwrap().0;
                    }
                }
            }
        }
        if validator.active != 0 {
            let all = delegation::undelegate(&validator, validator.active, 0, &terms);
            let (after, entry) = all.unwrap();
            validator = after;
            entries.push(entry);
        }
        for entry in entries {
            validator = delegation::release(&validator, &entry, 1).unwrap().0;
        }
        prop_assert_eq!(validator.unbonding, Unbonding::default());
    }

    #[test]
    fn bond_leaves_late_and_leaves_enough(
        validator in validator(), assets in wei(), now in 0_u64..2_000, later in 0_u64..2_000,
        terms in terms()
    ) {
        let Ok(asked) = validator.request_bond_exit(assets, now, &terms) else {
            return Ok(());
        };
        prop_assert!(asked.staying_bond() >= asked.required_bond(&terms).unwrap());
        if let Ok((after, paid)) = asked.claim_bond(now + later, &terms) {
            prop_assert!(later >= terms.bond_exit_secs);
            prop_assert_eq!(validator.faults.open_at(now + later), 0);
            prop_assert_eq!(paid, assets);
            prop_assert_eq!(after.bond + paid, validator.bond);
            prop_assert!(after.bond >= after.required_bond(&terms).unwrap());
        }
    }

    #[test]
    fn an_exit_pays_all_bond_once_and_not_before_its_time(
        validator in validator(), now in 0_u64..2_000, later in 0_u64..3_000, terms in terms()
    ) {
        let Ok(exiting) = validator.begin_exit(now, &terms) else {
            prop_assert_eq!(validator.status, Status::Exiting);
            return Ok(());
        };
        if let Ok((gone, paid)) = exiting.complete_exit(now + later) {
            prop_assert!(later >= terms.bond_exit_secs);
            prop_assert_eq!(exiting.active + exiting.unbonding.assets, 0);
            prop_assert_eq!(paid, validator.bond);
            prop_assert_eq!((gone.status, gone.bond), (Status::Exited, 0));
            prop_assert!(gone.complete_exit(u64::MAX).is_err());
        }
    }

    #[test]
    fn a_commission_rises_by_five_points_a_notice_at_most(
        start in 0_u16..=10_000,
        steps in proptest::collection::vec((0_u16..=11_000, 0_u64..200), 1..40),
        terms in terms()
    ) {
        let mut commission = Commission::registered(start).unwrap();
        let (mut now, mut began) = (0, None);
        for (next_bps, elapsed) in steps {
            now += elapsed;
            let before = commission.at(now);
            let Ok(announced) = commission.announced(next_bps, now, &terms) else {
                continue;
            };
            commission = announced;
            prop_assert!(commission.at(now) == before, "nothing changes at once");
            prop_assert!(commission.at(now + terms.notice_secs - 1) == before);
            prop_assert!(commission.at(u64::MAX) <= before.saturating_add(500));
            let first = *began.get_or_insert(now);
            let notices = (now - first) / terms.notice_secs + 1;
            let most = u64::from(start) + 500 * notices;
            prop_assert!(u64::from(commission.at(u64::MAX)) <= most);
        }
    }

    #[test]
    fn evidence_convicts_once_and_holds_bond_for_a_time(
        steps in proptest::collection::vec((0_u8..4, 1_u32..3, 0..FAULT_SECS), 1..40)
    ) {
        let (mut evidence, mut now, mut decided) = (Evidence::New, 0, false);
        for (step, validator, elapsed) in steps {
            now += elapsed;
            let next = match step {
                0 => evidence.alleged(validator, now),
                1 => evidence.convicts(validator).map(|_| Evidence::Used),
                2 => evidence.acquits(validator).map(|_| Evidence::Used),
                _ => evidence.lapses(now).map(|validator| Evidence::Lapsed { validator }),
            };
            if let Ok(next) = next {
                prop_assert!(!decided, "decided twice");
                decided = next == Evidence::Used;
                evidence = next;
            }
            if let Evidence::Alleged { until, .. } = evidence {
                prop_assert!(until <= now + FAULT_SECS);
            }
        }
    }
}
