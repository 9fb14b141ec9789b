//! The rules of `protocol::bond` on literal numbers.

use protocol::{
    bond::BondExit,
    mul_div::MathError,
    registry::{Lane, RegistryError, Status, Unbonding, Validator},
    terms::Terms,
};

use crate::{
    ETH,
    registry::{TERMS, accused_until, active, with_status},
};

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
        lane: Lane::Vetted,
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
        lane: Lane::Vetted,
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
    assert_eq!(
        active(5).request_bond_exit(6, 0, &TERMS),
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
        faults: accused_until(901, 1),
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
fn a_fault_that_lapsed_holds_no_bond() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    let accused = Validator {
        faults: accused_until(900, 1),
        ..leaving
    };
    assert!(accused.claim_bond(900, &TERMS).is_ok());
}

#[test]
fn a_new_request_replaces_the_one_before_and_starts_its_time_again() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    let again = leaving.request_bond_exit(ETH, 500, &TERMS).unwrap();
    assert_eq!(
        again.bond_exit,
        BondExit {
            amount: ETH,
            available_at: 1_300
        }
    );
}

#[test]
fn bond_whose_exit_is_cancelled_counts_again() {
    let leaving = active(5 * ETH)
        .request_bond_exit(3 * ETH, 100, &TERMS)
        .unwrap();
    assert_eq!(leaving.cancel_bond_exit(), Ok(active(5 * ETH)));
    assert_eq!(
        active(5 * ETH).cancel_bond_exit(),
        Err(RegistryError::NoBondExit)
    );
}
