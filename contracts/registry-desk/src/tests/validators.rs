//! A validator's life: registration and states.

use protocol::registry::TOP_UP_SECS;

use super::*;

#[test]
fn registration_books_the_bond_and_says_so() {
    let mut bench = Bench::begun();
    let id = bench
        .pay(ALICE, 12 * ETH)
        .register(named("Alice"), SIGNER, PAYEE, 10_000);
    assert_eq!(id.unwrap(), 1);
    assert_eq!(
        bench.logs(),
        [
            log(&IValidatorRegistry::ValidatorRegistered {
                id: 1,
                operator: ALICE,
                signer: SIGNER,
                rewardAddress: PAYEE,
                commissionBps: 10_000,
                bond: wei(12 * ETH),
                name: "Alice".into(),
            }),
            log(&IValidatorRegistry::ValidatorStatusChanged {
                id: 1,
                previous: 0,
                current: PENDING,
            }),
        ]
    );
    assert_eq!(bench.state.books.counts().validators, 1);
    assert_eq!(bench.state.register.id_of(SIGNER), 1);
    assert_eq!(bench.status(1), PENDING);
    assert_eq!(bench.stakes(1), [12 * ETH, 0, 0]);
    assert_eq!(bench.state.register.commission(1).at(NOW), 10_000);
    let parties = bench.state.register.parties(1);
    assert_eq!(
        [parties.operator, parties.signer, parties.reward_address],
        [ALICE, SIGNER, PAYEE]
    );
    assert_eq!(bench.booked(), [12 * ETH, 0, 0, 0, 0]);
}

#[test]
fn ids_begin_at_one_and_a_signer_without_validator_has_none() {
    let mut bench = Bench::begun();
    assert_eq!(bench.state.register.id_of(SIGNER), 0);
    assert_eq!(enter(&mut bench, SIGNER, 10), 1);
    assert_eq!(enter(&mut bench, BOB, 10), 2);
    assert_eq!(bench.state.register.id_of(BOB), 2);
}

#[test]
fn a_life_from_pending_to_exited_emits_each_step() {
    let mut bench = Bench::begun();
    enter(&mut bench, SIGNER, 10);
    bench.act(ALICE).activate(1).unwrap();
    bench.act(JAILER).jail(1, NOW + 100).unwrap();
    bench.at(NOW + 100);
    bench.act(ALICE).unjail(1).unwrap();
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + 100 + UNBONDING);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(
        bench.logs(),
        [
            moved(PENDING, ACTIVE),
            moved(ACTIVE, JAILED),
            moved(JAILED, ACTIVE),
            moved(ACTIVE, EXITING),
            bond_exit(10 * ETH, 1_700_604_900),
            moved(EXITING, EXITED),
            returned(10 * ETH),
        ]
    );
    assert_eq!(bench.booked(), [0; 5]);
}

#[test]
fn a_second_jailing_only_prolongs_the_first() {
    let mut bench = Bench::with_active();
    bench.act(JAILER).jail(1, NOW + 100).unwrap();
    bench.forget();
    bench.act(JAILER).jail(1, NOW + 50).unwrap();
    assert_eq!(bench.logs(), []);
    bench.at(NOW + 99);
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::StillJailed {
            until: NOW + 100,
            timestamp: NOW + 99,
        },
        |program| program.unjail(1),
    );
}

#[test]
fn a_validator_without_stake_waits_until_evidence_is_no_longer_valid() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + UNBONDING - 1);
    bench.refuses(
        IValidatorRegistry::BondLocked {
            availableAt: 1_700_604_800,
            timestamp: 1_700_604_799,
        },
        |program| program.withdraw_bond(1),
    );
    bench.at(NOW + UNBONDING);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(bench.status(1), EXITED);
}

#[test]
fn a_validator_whose_bond_is_lost_waits_as_long() {
    let mut bench = Bench::with_active();
    bench.change(1, |validator| Validator {
        bond: 0,
        ..validator
    });
    bench.act(ALICE).exit(1).unwrap();
    assert_eq!(
        bench.program.bond_exit_of(1).unwrap(),
        (U256::ZERO, 1_700_604_800, 0, 0)
    );
    bench.refuses(
        IValidatorRegistry::BondLocked {
            availableAt: 1_700_604_800,
            timestamp: 1_700_000_000,
        },
        |program| program.withdraw_bond(1),
    );
}

#[test]
fn bond_that_carries_stake_stays_until_all_of_it_is_back() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + UNBONDING);
    bench.stake(1, 40, 0);
    bench.refuses(
        IValidatorRegistry::StakeOutstanding {
            delegated: wei(40 * ETH),
            unbonding: U256::ZERO,
        },
        |program| program.withdraw_bond(1),
    );
    bench.change(1, |validator| Validator {
        active: 0,
        ..validator
    });
    bench.stake(1, 0, 40);
    bench.refuses(
        IValidatorRegistry::StakeOutstanding {
            delegated: U256::ZERO,
            unbonding: wei(40 * ETH),
        },
        |program| program.withdraw_bond(1),
    );
}

#[test]
fn a_slashed_validator_leaves_jail_with_time_and_bond() {
    let mut bench = Bench::with_active();
    bench.change(1, |validator| Validator {
        bond: 9 * ETH,
        ..validator.convicted(NOW + 100)
    });
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::StillJailed {
            until: NOW + 100,
            timestamp: NOW,
        },
        |program| program.unjail(1),
    );
    bench.at(NOW + 100);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(9 * ETH),
            required: wei(10 * ETH),
        },
        |program| program.unjail(1),
    );
    bench.pay(BOB, ETH).top_up_bond(1).unwrap();
    bench.act(ALICE).unjail(1).unwrap();
    assert_eq!(bench.status(1), ACTIVE);
}

fn signer(number: u8) -> Address {
    Address::with_last_byte(number)
}

/// 64 active validators, the most there may be, and one that is pending.
fn full() -> Bench {
    let mut bench = Bench::begun();
    for number in 1..=64 {
        bench.place(signer(number), 10, Status::Active);
    }
    assert_eq!(enter(&mut bench, signer(65), 10), 65);
    bench.act(CURATOR).vet(65, U256::MAX).unwrap();
    bench
}

#[test]
fn the_last_places_are_kept_for_vetted_validators() {
    let mut bench = Bench::begun();
    for number in 1..=47 {
        bench.place(signer(number), 10, Status::Active);
    }
    for number in 48..=49 {
        enter(&mut bench, signer(number), 10);
    }
    // Whoever has filled the open lane with small bonds keeps out who comes after it,
    bench.act(ALICE).activate(48).unwrap();
    bench.refuses(
        IValidatorRegistry::TooManyValidators { maximum: wei(48) },
        |program| program.activate(49),
    );
    // but not whom the curator lets in.
    bench.act(CURATOR).vet(49, U256::MAX).unwrap();
    bench.act(ALICE).activate(49).unwrap();
    assert_eq!(bench.status(49), ACTIVE);
}

#[test]
fn the_sixty_fifth_validator_waits_until_one_has_left() {
    let mut bench = full();
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::TooManyValidators { maximum: wei(64) },
        |program| program.activate(65),
    );
    bench.act(ALICE).exit(7).unwrap();
    bench.refuses(
        IValidatorRegistry::TooManyValidators { maximum: wei(64) },
        |program| program.activate(65),
    );
    bench.at(NOW + UNBONDING);
    bench.act(ALICE).withdraw_bond(7).unwrap();
    bench.act(ALICE).activate(65).unwrap();
    assert_eq!(bench.status(65), ACTIVE);
}

#[test]
fn a_pending_validator_can_leave_while_all_places_are_taken() {
    let mut bench = full();
    bench.act(ALICE).exit(65).unwrap();
    bench.at(NOW + UNBONDING);
    bench.act(ALICE).withdraw_bond(65).unwrap();
    assert_eq!(bench.status(65), EXITED);
    bench.refuses(
        IValidatorRegistry::ForbiddenTransition {
            current: EXITED,
            requested: ACTIVE,
        },
        |program| program.activate(65),
    );
}

#[test]
fn whoever_wants_the_place_of_one_that_lost_its_bond_makes_it_leave() {
    let mut bench = full();
    bench.change(7, |validator| Validator {
        status: Status::Jailed,
        jailed_until: NOW + 100,
        bond: 10 * ETH - 1,
        ..validator
    });
    bench.at(NOW + 100 + TOP_UP_SECS - 1);
    bench.act(BOB);
    let refused = || IValidatorRegistry::NotOperator {
        caller: BOB,
        operator: ALICE,
    };
    bench.refuses(refused(), |program| program.exit(7));
    bench.at(NOW + 100 + TOP_UP_SECS);
    bench.act(BOB).exit(7).unwrap();
    bench.at(NOW + 100 + TOP_UP_SECS + UNBONDING);
    bench.act(BOB).withdraw_bond(7).unwrap();
    assert_eq!(bench.status(7), EXITED);
    bench.act(ALICE).activate(65).unwrap();
    // In jail as long, with all of its bond.
    bench.change(8, |validator| Validator {
        status: Status::Jailed,
        jailed_until: NOW,
        ..validator
    });
    bench.act(BOB);
    bench.refuses(refused(), |program| program.exit(8));
}

#[test]
fn a_reward_address_that_takes_no_ether_does_not_keep_one_that_has_none() {
    let mut bench = full();
    bench.change(7, |validator| Validator {
        status: Status::Exiting,
        bond: 0,
        ..validator
    });
    bench.fails(PAYEE, vec![], 0);
    bench.act(BOB).withdraw_bond(7).unwrap();
    assert_eq!(bench.status(7), EXITED);
}
