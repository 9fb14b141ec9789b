//! A validator's life: registration, states, bond.

use super::*;

#[test]
fn registration_books_the_bond_and_says_so() {
    let mut bench = bench();
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
    assert_eq!(bench.registry.validator_count(), 1);
    assert_eq!(bench.registry.validator_of_signer(SIGNER), 1);
    assert_eq!(
        bench.registry.validator(1).unwrap(),
        (
            PENDING,
            wei(12 * ETH),
            U256::ZERO,
            U256::ZERO,
            10_000,
            ALICE,
            SIGNER,
            PAYEE
        )
    );
    assert_eq!(bench.booked(), [12 * ETH, 0, 0, 0, 0].map(wei));
}

#[test]
fn ids_begin_at_one_and_a_signer_without_validator_has_none() {
    let mut bench = bench();
    assert_eq!(bench.registry.validator_of_signer(SIGNER), 0);
    assert_eq!(bench.enter(SIGNER, 10), 1);
    assert_eq!(bench.enter(BOB, 10), 2);
    assert_eq!(bench.registry.validator_of_signer(BOB), 2);
}

#[test]
fn a_top_up_by_anyone_adds_to_the_bond() {
    let mut bench = with_active();
    bench.pay(BOB, 3 * ETH).top_up_bond(1).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::BondIncreased {
            id: 1,
            assets: wei(3 * ETH),
            bond: wei(13 * ETH),
        })]
    );
    assert_eq!(bench.stakes(1), [13 * ETH, 0, 0].map(wei));
    assert_eq!(bench.booked(), [13 * ETH, 0, 0, 0, 0].map(wei));
    // 13 ETH five times over, of a pool of which it may hold 200 ETH.
    let most = bench
        .registry
        .placeable(wei(900 * ETH), wei(1_000 * ETH), wei(64));
    assert_eq!(most.unwrap(), wei(65 * ETH));
}

#[test]
fn a_life_from_pending_to_exited_emits_each_step() {
    let mut bench = bench();
    bench.enter(SIGNER, 10);
    bench.act(ALICE).activate(1).unwrap();
    bench.act(JAILER).jail(1, NOW + 100).unwrap();
    bench.at(NOW + 100);
    bench.act(ALICE).unjail(1).unwrap();
    bench.act(ALICE).exit(1).unwrap();
    bench.act(ALICE).withdraw_bond(1).unwrap();
    let step = |previous, current| {
        log(&IValidatorRegistry::ValidatorStatusChanged {
            id: 1,
            previous,
            current,
        })
    };
    assert_eq!(
        bench.logs(),
        [
            step(PENDING, ACTIVE),
            step(ACTIVE, JAILED),
            step(JAILED, ACTIVE),
            step(ACTIVE, EXITING),
            step(EXITING, EXITED),
            log(&IValidatorRegistry::BondReturned {
                id: 1,
                receiver: PAYEE,
                assets: wei(10 * ETH),
            }),
        ]
    );
    assert_eq!(bench.status(1), EXITED);
}

#[test]
fn a_second_jailing_only_prolongs_the_first() {
    let mut bench = with_active();
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
        |registry| registry.unjail(1),
    );
}

#[test]
fn bond_leaves_whole_and_once_to_the_reward_address() {
    let mut bench = bench();
    bench.enter(SIGNER, 15);
    bench.act(ALICE).exit(1).unwrap();
    bench.forget();
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(
        bench.logs(),
        [
            log(&IValidatorRegistry::ValidatorStatusChanged {
                id: 1,
                previous: EXITING,
                current: EXITED,
            }),
            log(&IValidatorRegistry::BondReturned {
                id: 1,
                receiver: PAYEE,
                assets: wei(15 * ETH),
            }),
        ]
    );
    assert_eq!(bench.booked(), [0; 5].map(wei));
    bench.refuses(
        IValidatorRegistry::ForbiddenTransition {
            current: EXITED,
            requested: EXITED,
        },
        |registry| registry.withdraw_bond(1),
    );
}

#[test]
fn a_returned_bond_is_sent_to_the_reward_address() {
    let mut bench = with_active();
    bench.act(ALICE).exit(1).unwrap();
    // The reward address refuses exactly 10 ETH without data.
    bench.fails(PAYEE, Vec::new(), 10 * ETH);
    let refused = bench.act(ALICE).withdraw_bond(1).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: PAYEE,
            assets: wei(10 * ETH),
        }
        .abi_encode()
    );
}

#[test]
fn bond_that_carries_stake_stays_until_all_of_it_is_back() {
    let mut bench = with_stake();
    bench.act(ALICE).exit(1).unwrap();
    bench.undelegate(40);
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::StakeOutstanding {
            delegated: U256::ZERO,
            unbonding: wei(40 * ETH),
        },
        |registry| registry.withdraw_bond(1),
    );
    bench.at(NOW + UNBONDING);
    bench.act(BOB).release_matured(wei(64)).unwrap();
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(bench.stakes(1), [0, 0, 0].map(wei));
}

fn signer(number: u8) -> Address {
    Address::with_last_byte(number)
}

/// 64 active validators, the most there may be, and one that is pending.
fn full() -> Bench {
    let mut bench = bench();
    for number in 1..=64 {
        let id = bench.enter(signer(number), 10);
        bench.act(ALICE).activate(id).unwrap();
    }
    assert_eq!(bench.enter(signer(65), 10), 65);
    bench
}

#[test]
fn the_sixty_fifth_validator_waits_until_one_has_left() {
    let mut bench = full();
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::TooManyValidators { maximum: wei(64) },
        |registry| registry.activate(65),
    );
    bench.act(ALICE).exit(7).unwrap();
    bench.refuses(
        IValidatorRegistry::TooManyValidators { maximum: wei(64) },
        |registry| registry.activate(65),
    );
    bench.act(ALICE).withdraw_bond(7).unwrap();
    bench.act(ALICE).activate(65).unwrap();
    assert_eq!(bench.status(65), ACTIVE);
}

#[test]
fn a_pending_validator_can_leave_while_all_places_are_taken() {
    let mut bench = full();
    bench.act(ALICE).exit(65).unwrap();
    bench.act(ALICE).withdraw_bond(65).unwrap();
    assert_eq!(bench.status(65), EXITED);
    bench.refuses(
        IValidatorRegistry::ForbiddenTransition {
            current: EXITED,
            requested: ACTIVE,
        },
        |registry| registry.activate(65),
    );
}
