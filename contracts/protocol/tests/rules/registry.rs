//! The rules of `protocol::registry` on literal numbers.

use protocol::{
    mul_div::MathError,
    registry::{BondExit, Lane, RegistryError, Status, Terms, Unbonding, Validator},
};

use crate::ETH;

pub(crate) const TERMS: Terms = Terms {
    min_bond: 2 * ETH,
    leverage: 10,
    open_leverage: 5,
    pool_share_bps: 2_000,
    unbonding_secs: 700,
    bond_exit_secs: 800,
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

fn with_status(status: Status) -> Validator {
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
    let validator = Validator::default()
        .register(Lane::Vetted { cap: 7 }, 2 * ETH, &TERMS)
        .unwrap();
    assert_eq!(validator.status, Status::Pending);
    assert_eq!(validator.lane, Lane::Vetted { cap: 7 });
    assert_eq!(validator.bond, 2 * ETH);
    assert_eq!(
        Validator::default().register(Lane::Open, 2 * ETH - 1, &TERMS),
        Err(RegistryError::BondTooSmall {
            bond: 2 * ETH - 1,
            required: 2 * ETH
        })
    );
    assert_eq!(
        validator.register(Lane::Open, 2 * ETH, &TERMS),
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
        open_faults: 2,
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

#[test]
fn an_exit_completes_when_stake_is_back_and_no_fault_is_open() {
    let exiting = with_status(Status::Active).begin_exit().unwrap();
    assert_eq!(exiting.complete_exit().unwrap().status, Status::Exited);
    let delegated = Validator {
        active: 1,
        ..exiting
    };
    assert_eq!(
        delegated.complete_exit(),
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
        unbonding.complete_exit(),
        Err(RegistryError::StakeOutstanding {
            active: 0,
            unbonding: 1
        })
    );
    let accused = Validator {
        open_faults: 1,
        ..exiting
    };
    assert_eq!(
        accused.complete_exit(),
        Err(RegistryError::OpenFaults { count: 1 })
    );
    assert!(with_status(Status::Active).complete_exit().is_err());
    assert!(with_status(Status::Exited).begin_exit().is_err());
}

#[test]
fn bond_is_added_while_the_validator_is_there() {
    assert_eq!(active(ETH).add_bond(5).unwrap().bond, ETH + 5);
    assert_eq!(active(ETH).add_bond(0), Err(RegistryError::ZeroAmount));
    assert_eq!(
        active(u128::MAX).add_bond(1),
        Err(RegistryError::Math(MathError::SumOverflow {
            a: u128::MAX,
            b: 1
        }))
    );
    for status in [Status::Unknown, Status::Exited] {
        assert!(with_status(status).add_bond(5).is_err());
    }
}

#[test]
fn bond_leaves_only_as_far_as_the_rest_covers_stake() {
    // 30 ETH of active and 5 of unbonding stake need 7 ETH of bond in the open lane.
    let validator = Validator {
        active: 30 * ETH,
        unbonding: Unbonding {
            assets: 5 * ETH,
            shares: 5 * ETH,
        },
        ..active(10 * ETH)
    };
    assert_eq!(validator.required_bond(&TERMS), Ok(7 * ETH));
    let leaving = validator.request_bond_exit(3 * ETH, 100, &TERMS).unwrap();
    assert_eq!(
        leaving.bond_exit,
        BondExit {
            amount: 3 * ETH,
            available_at: 900
        }
    );
    assert_eq!(leaving.staying_bond(), 7 * ETH);
    assert_eq!(
        validator.request_bond_exit(3 * ETH + 1, 100, &TERMS),
        Err(RegistryError::BondTooSmall {
            bond: 7 * ETH - 1,
            required: 7 * ETH
        })
    );
}

#[test]
fn the_bond_that_must_stay_is_rounded_up_and_never_below_the_minimum() {
    // 50 ETH and a wei over leverage 10 are 5 ETH and a tenth of a wei.
    let vetted = Validator {
        lane: Lane::Vetted { cap: 0 },
        active: 50 * ETH + 1,
        ..active(ETH)
    };
    assert_eq!(vetted.required_bond(&TERMS), Ok(5 * ETH + 1));
    assert_eq!(active(ETH).required_bond(&TERMS), Ok(2 * ETH));
    assert_eq!(with_status(Status::Exiting).required_bond(&TERMS), Ok(0));
    assert_eq!(with_status(Status::Exited).required_bond(&TERMS), Ok(0));
}

#[test]
fn leverage_is_the_lanes_and_at_least_one() {
    let none = Terms {
        open_leverage: 0,
        ..TERMS
    };
    assert_eq!(active(ETH).leverage(&TERMS), 5);
    assert_eq!(active(ETH).leverage(&none), 1);
    let vetted = Validator {
        lane: Lane::Vetted { cap: 0 },
        ..active(ETH)
    };
    assert_eq!(vetted.leverage(&TERMS), 10);
}

#[test]
fn asking_for_nothing_or_more_than_the_bond_is_refused() {
    assert_eq!(
        active(3 * ETH).request_bond_exit(0, 0, &TERMS),
        Err(RegistryError::ZeroAmount)
    );
    let gone = Validator {
        bond: 5,
        ..with_status(Status::Exited)
    };
    assert_eq!(
        gone.request_bond_exit(6, 0, &TERMS),
        Err(RegistryError::Math(MathError::DifferenceUnderflow {
            a: 5,
            b: 6
        }))
    );
}

#[test]
fn bond_is_paid_after_its_delay_and_once() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    assert_eq!(
        leaving.claim_bond(899, &TERMS),
        Err(RegistryError::BondLocked {
            available_at: 900,
            now: 899
        })
    );
    let (after, paid) = leaving.claim_bond(900, &TERMS).unwrap();
    assert_eq!((after.bond, paid), (2 * ETH, 3 * ETH));
    assert_eq!(
        after.claim_bond(900, &TERMS),
        Err(RegistryError::NoBondExit)
    );
}

#[test]
fn bond_stays_while_a_fault_is_open_or_stake_needs_it() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    let accused = Validator {
        open_faults: 1,
        ..leaving
    };
    assert_eq!(
        accused.claim_bond(900, &TERMS),
        Err(RegistryError::OpenFaults { count: 1 })
    );
    let slashed = Validator {
        bond: 4 * ETH,
        ..leaving
    };
    assert_eq!(
        slashed.claim_bond(900, &TERMS),
        Err(RegistryError::BondTooSmall {
            bond: ETH,
            required: 2 * ETH
        })
    );
}

#[test]
fn a_slash_while_bond_leaves_comes_out_of_what_leaves() {
    let leaving = Validator {
        bond: 2 * ETH,
        bond_exit: BondExit {
            amount: 3 * ETH,
            available_at: 0,
        },
        ..with_status(Status::Exited)
    };
    assert_eq!(leaving.staying_bond(), 0);
    let (after, paid) = leaving.claim_bond(0, &TERMS).unwrap();
    assert_eq!((after.bond, paid), (0, 2 * ETH));
}
