//! The rules of `protocol::registry` on literal numbers.

use protocol::{
    bond::BondExit,
    fault::Faults,
    registry::{Lane, RegistryError, Status, Unbonding, Validator},
    terms::Terms,
};

use crate::ETH;

pub(crate) const TERMS: Terms = Terms {
    min_bond: 2 * ETH,
    leverage: 10,
    open_leverage: 5,
    pool_share_bps: 2_000,
    unbonding_secs: 700,
    bond_exit_secs: 800,
    notice_secs: 60,
};

const ALL: [Status; 6] = [
    Status::Unknown,
    Status::Pending,
    Status::Active,
    Status::Jailed,
    Status::Exiting,
    Status::Exited,
];

pub(crate) fn active(bond: u128) -> Validator {
    Validator {
        status: Status::Active,
        bond,
        ..Validator::default()
    }
}

pub(crate) fn with_status(status: Status) -> Validator {
    Validator {
        status,
        bond: 2 * ETH,
        ..Validator::default()
    }
}

#[test]
fn only_the_drawn_arrows_exist() {
    let drawn: Vec<(u8, u8)> = ALL
        .iter()
        .flat_map(|from| ALL.iter().map(move |to| (*from, *to)))
        .filter(|(from, to)| from.may_become(*to))
        .map(|(from, to)| (from as u8, to as u8))
        .collect();
    let expected = [
        (0, 1), // registered
        (1, 2), // activated
        (1, 4), // left before it began
        (2, 3), // jailed
        (2, 4), // leaves
        (3, 2), // unjailed
        (3, 4), // leaves from jail
        (4, 5), // gone
    ];
    assert_eq!(drawn, expected);
}

#[test]
fn status_codes_are_storage() {
    for (code, status) in (0_u8..).zip(ALL) {
        assert_eq!(status as u8, code);
        assert_eq!(Status::from_code(code), Some(status));
    }
    assert_eq!(Status::from_code(6), None);
}

#[test]
fn registration_needs_the_minimum_bond_and_a_free_place() {
    let validator = Validator::default().register(2 * ETH, &TERMS).unwrap();
    assert_eq!(validator.status, Status::Pending);
    assert_eq!((validator.lane, validator.target), (Lane::Open, None));
    assert_eq!(validator.bond, 2 * ETH);
    assert_eq!(
        Validator::default().register(2 * ETH - 1, &TERMS),
        Err(RegistryError::BondTooSmall {
            bond: 2 * ETH - 1,
            required: 2 * ETH
        })
    );
    assert_eq!(
        validator.register(2 * ETH, &TERMS),
        Err(RegistryError::ForbiddenTransition {
            from: Status::Pending,
            to: Status::Pending
        })
    );
}

#[test]
fn only_a_pending_validator_is_activated() {
    assert_eq!(
        with_status(Status::Pending)
            .activate(&TERMS)
            .unwrap()
            .status,
        Status::Active
    );
    for status in ALL.into_iter().filter(|status| *status != Status::Pending) {
        assert_eq!(
            with_status(status).activate(&TERMS),
            Err(RegistryError::ForbiddenTransition {
                from: status,
                to: Status::Active
            })
        );
    }
}

#[test]
fn activation_counts_only_bond_that_stays() {
    let validator = Validator {
        bond_exit: BondExit {
            amount: 1,
            available_at: 0,
        },
        ..with_status(Status::Pending)
    };
    assert_eq!(
        validator.activate(&TERMS),
        Err(RegistryError::BondTooSmall {
            bond: 2 * ETH - 1,
            required: 2 * ETH
        })
    );
}

#[test]
fn jail_is_entered_from_active_and_only_lengthened_from_within() {
    let jailed = with_status(Status::Active).jail(500).unwrap();
    assert_eq!((jailed.status, jailed.jailed_until), (Status::Jailed, 500));
    assert_eq!(jailed.jail(600).unwrap().jailed_until, 600);
    assert_eq!(jailed.jail(400).unwrap().jailed_until, 500);
    for status in [
        Status::Unknown,
        Status::Pending,
        Status::Exiting,
        Status::Exited,
    ] {
        assert_eq!(
            with_status(status).jail(500),
            Err(RegistryError::ForbiddenTransition {
                from: status,
                to: Status::Jailed
            })
        );
    }
}

#[test]
fn jail_is_left_when_time_bond_and_faults_allow() {
    let jailed = with_status(Status::Active).jail(500).unwrap();
    assert_eq!(jailed.unjail(500, &TERMS).unwrap().status, Status::Active);
    assert_eq!(
        jailed.unjail(499, &TERMS),
        Err(RegistryError::JailedUntil {
            until: 500,
            now: 499
        })
    );
    let accused = Validator {
        faults: accused_until(501, 2),
        ..jailed
    };
    assert_eq!(
        accused.unjail(500, &TERMS),
        Err(RegistryError::OpenFaults { count: 2 })
    );
    let slashed = Validator {
        bond: ETH,
        ..jailed
    };
    assert_eq!(
        slashed.unjail(500, &TERMS),
        Err(RegistryError::BondTooSmall {
            bond: ETH,
            required: 2 * ETH
        })
    );
    assert_eq!(
        with_status(Status::Pending).unjail(500, &TERMS),
        Err(RegistryError::ForbiddenTransition {
            from: Status::Pending,
            to: Status::Active
        })
    );
}

pub(crate) const fn accused_until(until: u64, count: u16) -> Faults {
    Faults { count, until }
}

#[test]
fn an_exit_completes_when_stake_is_back_and_no_fault_is_open() {
    let exiting = with_status(Status::Active).begin_exit(500, &TERMS).unwrap();
    let (gone, paid) = exiting.complete_exit(1_300).unwrap();
    assert_eq!((gone.status, gone.bond, paid), (Status::Exited, 0, 2 * ETH));
    assert_eq!(gone.bond_exit, BondExit::default());
    let delegated = Validator {
        active: 1,
        ..exiting
    };
    assert_eq!(
        delegated.complete_exit(1_300),
        Err(RegistryError::StakeOutstanding {
            active: 1,
            unbonding: 0
        })
    );
    let unbonding = Validator {
        unbonding: Unbonding {
            assets: 1,
            shares: 1,
        },
        ..exiting
    };
    assert_eq!(
        unbonding.complete_exit(1_300),
        Err(RegistryError::StakeOutstanding {
            active: 0,
            unbonding: 1
        })
    );
    let accused = Validator {
        faults: accused_until(1_301, 1),
        ..exiting
    };
    assert_eq!(
        accused.complete_exit(1_300),
        Err(RegistryError::OpenFaults { count: 1 })
    );
    assert!(accused.complete_exit(1_301).is_ok(), "it has lapsed");
    assert!(with_status(Status::Active).complete_exit(1_300).is_err());
    assert!(with_status(Status::Exited).begin_exit(0, &TERMS).is_err());
}

#[test]
fn a_validator_without_stake_waits_for_evidence_as_well() {
    let exiting = with_status(Status::Active).begin_exit(500, &TERMS).unwrap();
    assert_eq!(
        exiting.bond_exit,
        BondExit {
            amount: 2 * ETH,
            available_at: 1_300
        }
    );
    assert_eq!(
        exiting.complete_exit(1_299),
        Err(RegistryError::BondLocked {
            available_at: 1_300,
            now: 1_299
        })
    );
}

#[test]
fn an_exit_starts_the_time_of_bond_that_was_leaving_already_again() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    let exiting = leaving.begin_exit(500, &TERMS).unwrap();
    assert_eq!(
        exiting.bond_exit,
        BondExit {
            amount: 5 * ETH,
            available_at: 1_300
        }
    );
    let forbidden = RegistryError::ForbiddenTransition {
        from: Status::Exiting,
        to: Status::Exiting,
    };
    assert_eq!(exiting.claim_bond(1_300, &TERMS), Err(forbidden));
    assert_eq!(exiting.cancel_bond_exit(), Err(forbidden));
    assert_eq!(exiting.request_bond_exit(1, 500, &TERMS), Err(forbidden));
}

#[test]
fn bond_added_on_the_way_out_is_paid_with_the_rest() {
    let exiting = with_status(Status::Active).begin_exit(500, &TERMS).unwrap();
    let (_, paid) = exiting.add_bond(ETH).unwrap().complete_exit(1_300).unwrap();
    assert_eq!(paid, 3 * ETH);
}

#[test]
fn a_penalty_jails_whom_it_can_and_for_the_longer_time() {
    for (status, after, until) in [
        (Status::Active, Status::Jailed, 500),
        (Status::Jailed, Status::Jailed, 500),
        (Status::Pending, Status::Pending, 0),
        (Status::Exiting, Status::Exiting, 0),
    ] {
        let convicted = with_status(status).convicted(500);
        assert_eq!((convicted.status, convicted.jailed_until), (after, until));
    }
    let jailed = with_status(Status::Active).jail(600).unwrap();
    assert_eq!(jailed.convicted(500), jailed);
}

#[test]
fn lane_target_and_accusations_are_for_validators_that_are_here() {
    let vetted = active(ETH).in_lane(Lane::Vetted).unwrap();
    assert_eq!(vetted.lane, Lane::Vetted);
    assert_eq!(vetted.in_lane(Lane::Open), Ok(active(ETH)));
    let limited = active(ETH).with_target(Some(7)).unwrap();
    assert_eq!(limited.target, Some(7));
    assert_eq!(limited.with_target(None), Ok(active(ETH)));
    let accused = active(ETH).accused(5).unwrap();
    assert_eq!(accused.faults, accused_until(1_209_605, 1));
    for status in [Status::Unknown, Status::Exited] {
        let forbidden = Err(RegistryError::ForbiddenTransition {
            from: status,
            to: status,
        });
        assert_eq!(with_status(status).in_lane(Lane::Vetted), forbidden);
        assert_eq!(with_status(status).with_target(None), forbidden);
        assert_eq!(with_status(status).accused(5), forbidden);
    }
    for status in [Status::Pending, Status::Jailed, Status::Exiting] {
        assert!(with_status(status).in_lane(Lane::Vetted).is_ok());
    }
}

#[test]
fn the_last_sixteen_places_are_the_vetted_lanes() {
    assert_eq!(Lane::Open.places(), 48);
    assert_eq!(Lane::Vetted.places(), 64);
}

#[test]
fn a_validator_is_given_up_two_weeks_after_its_jail_if_its_bond_is_too_small() {
    let jailed = Validator {
        status: Status::Jailed,
        jailed_until: 100,
        bond: 2 * ETH - 1,
        ..Validator::default()
    };
    let over = 100 + 14 * 86_400;
    assert!(!jailed.may_be_expelled(over - 1, &TERMS));
    assert!(jailed.may_be_expelled(over, &TERMS));
    let whole = Validator {
        bond: 2 * ETH,
        ..jailed
    };
    assert!(!whole.may_be_expelled(over, &TERMS));
    // What asked to leave does not count.
    let leaving = Validator {
        bond_exit: BondExit {
            amount: 1,
            available_at: 0,
        },
        ..whole
    };
    assert!(leaving.may_be_expelled(over, &TERMS));
    for status in ALL.into_iter().filter(|one| *one != Status::Jailed) {
        let other = Validator { status, ..jailed };
        assert!(!other.may_be_expelled(u64::MAX, &TERMS), "{status:?}");
    }
}
