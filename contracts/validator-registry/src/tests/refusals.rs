//! Who may not call what, and when: each refusal leaves everything as it was.

use super::*;
use glue::lock::Lock;

#[test]
fn calls_of_a_role_are_refused_to_everybody_else() {
    let mut bench = with_active();
    bench.act(BOB);
    let without = |role| IAdministration::AccessControlUnauthorizedAccount {
        account: BOB,
        neededRole: role,
    };
    bench.refuses(without(SLASHER_ROLE), |registry| {
        registry.slash(1, wei(ETH), EVIDENCE)
    });
    bench.refuses(without(JAILER_ROLE), |registry| registry.jail(1, NOW));
    bench.refuses(without(DEFAULT_ADMIN_ROLE), |registry| {
        registry.sweep_surplus_to_cover()
    });
}

#[test]
fn stake_moves_at_the_pools_word_alone() {
    let mut bench = with_stake();
    bench.act(ADMIN);
    let refused = IValidatorRegistry::CallerNotAllowed {
        caller: ADMIN,
        expected: POOL,
    };
    bench.refuses(refused.clone(), |registry| {
        registry.delegate(wei(1_000 * ETH), wei(64))
    });
    bench.refuses(refused, |registry| registry.undelegate(wei(ETH), wei(64)));
}

#[test]
fn a_validator_acts_through_its_operator_alone() {
    let mut bench = with_active();
    // Neither the signer nor the reward address may.
    for caller in [SIGNER, PAYEE] {
        bench.act(caller);
        let refused = IValidatorRegistry::NotOperator {
            caller,
            operator: ALICE,
        };
        bench.refuses(refused.clone(), |registry| registry.activate(1));
        bench.refuses(refused.clone(), |registry| registry.unjail(1));
        bench.refuses(refused.clone(), |registry| registry.exit(1));
        bench.refuses(refused, |registry| registry.withdraw_bond(1));
    }
}

#[test]
fn a_validator_that_was_never_registered_is_unknown() {
    let mut bench = with_active();
    for id in [0, 2, u32::MAX] {
        let unknown = IValidatorRegistry::UnknownValidator { id };
        bench.act(JAILER);
        bench.refuses(unknown.clone(), |registry| registry.jail(id, NOW));
        bench.act(ALICE);
        bench.refuses(unknown.clone(), |registry| registry.activate(id));
        bench.refuses(unknown.clone(), |registry| registry.unjail(id));
        bench.refuses(unknown.clone(), |registry| registry.exit(id));
        bench.refuses(unknown.clone(), |registry| registry.withdraw_bond(id));
        bench.refuses(unknown.clone(), |registry| registry.validator(id));
        bench.pay(ALICE, ETH);
        bench.refuses(unknown, |registry| registry.top_up_bond(id));
    }
}

#[test]
fn registration_without_bond_name_or_addresses_is_refused() {
    let mut bench = bench();
    let alice = || named("Alice");
    bench.pay(ALICE, 10 * ETH - 1);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(10 * ETH - 1),
            required: wei(10 * ETH),
        },
        |registry| registry.register(alice(), SIGNER, PAYEE, 500),
    );
    bench.pay(ALICE, 10 * ETH);
    bench.refuses(
        IValidatorRegistry::CommissionTooHigh {
            commissionBps: 10_001,
            maximum: 10_000,
        },
        |registry| registry.register(alice(), SIGNER, PAYEE, 10_001),
    );
    for (signer, payee) in [(Address::ZERO, PAYEE), (SIGNER, Address::ZERO)] {
        bench.refuses(IValidatorRegistry::ZeroAddress {}, |registry| {
            registry.register(alice(), signer, payee, 500)
        });
    }
    for length in [0, 65] {
        bench.refuses(
            IValidatorRegistry::NameLength {
                length: U256::from(length),
                maximum: wei(64),
            },
            |registry| registry.register(named(&"x".repeat(length)), SIGNER, PAYEE, 500),
        );
    }
    for name in ["Ali\nce", "Älice", "\u{7f}"] {
        bench.refuses(IValidatorRegistry::NameNotPrintable {}, |registry| {
            registry.register(named(name), SIGNER, PAYEE, 500)
        });
    }
    assert_eq!(bench.registry.validator_count(), 0);
}

#[test]
fn a_signer_signs_for_one_validator_for_ever() {
    let mut bench = with_active();
    bench.act(ALICE).exit(1).unwrap();
    bench.act(ALICE).withdraw_bond(1).unwrap();
    bench.pay(BOB, 10 * ETH);
    bench.refuses(
        IValidatorRegistry::SignerInUse {
            signer: SIGNER,
            id: 1,
        },
        |registry| registry.register(named("Bob"), SIGNER, PAYEE, 500),
    );
}

#[test]
fn a_pause_stops_its_group_and_no_other() {
    let mut bench = with_stake();
    bench.pauses().pause(0, 28_800).unwrap();
    bench.pay(BOB, 10 * ETH);
    let until = 1_700_028_800;
    bench.refuses(
        IAdministration::GroupPaused { group: 0, until },
        |registry| registry.register(named("Bob"), BOB, PAYEE, 500),
    );
    bench.delegate(1);
    bench.pauses().unpause(0).unwrap();
    bench.pauses().pause(1, 28_800).unwrap();
    let paused = IAdministration::GroupPaused { group: 1, until };
    bench.act(POOL);
    bench.refuses(paused.clone(), |registry| {
        registry.delegate(wei(1_000 * ETH), wei(64))
    });
    bench.refuses(paused.clone(), |registry| {
        registry.undelegate(wei(ETH), wei(64))
    });
    bench.refuses(paused, |registry| registry.release_matured(wei(64)));
    assert_eq!(bench.enter(BOB, 10), 2);
}

#[test]
fn slashing_bonds_and_rewards_go_on_while_all_is_paused() {
    let mut bench = bench();
    bench.enter(SIGNER, 15);
    bench.pauses().pause(0, 2_592_000).unwrap();
    bench.pauses().pause(1, 2_592_000).unwrap();
    bench.pay(BOB, ETH).top_up_bond(1).unwrap();
    bench.act(SLASHER).slash(1, wei(2 * ETH), EVIDENCE).unwrap();
    let reward = bench.act(SLASHER).claim_reporter_reward(SLASHER);
    assert_eq!(reward.unwrap(), wei(ETH / 10));
    assert_eq!(bench.stakes(1), [14 * ETH, 0, 0].map(wei));
    bench.act(ALICE).exit(1).unwrap();
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(bench.status(1), EXITED);
}

/// A step that anybody who may do it asks for in the wrong status.
fn forbids(bench: &mut Bench, id: u32, current: u8, allowed: &[u8]) {
    assert_eq!(bench.status(id), current);
    let arrow = |requested| IValidatorRegistry::ForbiddenTransition { current, requested };
    bench.act(JAILER);
    if !allowed.contains(&JAILED) {
        bench.refuses(arrow(JAILED), |registry| registry.jail(id, NOW));
    }
    bench.act(ALICE);
    if current != PENDING {
        bench.refuses(arrow(ACTIVE), |registry| registry.activate(id));
    }
    if current != JAILED {
        bench.refuses(arrow(ACTIVE), |registry| registry.unjail(id));
    }
    if !allowed.contains(&EXITING) {
        bench.refuses(arrow(EXITING), |registry| registry.exit(id));
    }
    if !allowed.contains(&EXITED) {
        bench.refuses(arrow(EXITED), |registry| registry.withdraw_bond(id));
    }
}

#[test]
fn statuses_move_only_along_the_drawn_arrows() {
    let mut bench = bench();
    bench.enter(SIGNER, 10);
    forbids(&mut bench, 1, PENDING, &[EXITING]);
    bench.act(ALICE).activate(1).unwrap();
    forbids(&mut bench, 1, ACTIVE, &[JAILED, EXITING]);
    bench.act(JAILER).jail(1, NOW).unwrap();
    forbids(&mut bench, 1, JAILED, &[JAILED, EXITING]);
    bench.act(ALICE).exit(1).unwrap();
    forbids(&mut bench, 1, EXITING, &[EXITED]);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    forbids(&mut bench, 1, EXITED, &[]);
    bench.pay(ALICE, ETH);
    bench.refuses(
        IValidatorRegistry::ForbiddenTransition {
            current: EXITED,
            requested: EXITED,
        },
        |registry| registry.top_up_bond(1),
    );
}

#[test]
fn a_jail_of_more_than_thirty_days_is_refused() {
    let mut bench = with_active();
    bench.act(JAILER);
    bench.refuses(
        IValidatorRegistry::ParameterOutOfBounds {
            index: 1,
            value: wei(1_702_592_001),
            minimum: U256::ZERO,
            maximum: wei(1_702_592_000),
        },
        |registry| registry.jail(1, 1_702_592_001),
    );
    bench.registry.jail(1, 1_702_592_000).unwrap();
}

#[test]
fn amounts_of_nothing_are_refused() {
    let mut bench = with_active();
    bench.act(ALICE);
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |registry| {
        registry.top_up_bond(1)
    });
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |registry| {
        registry.fund_cover()
    });
}

#[test]
fn whoever_is_called_while_eth_leaves_cannot_come_back_in() {
    let mut bench = with_stake();
    let lock = Lock::enter().unwrap();
    let refused = || IValidatorRegistry::ReentrantCall {};
    bench.act(SLASHER);
    bench.refuses(refused(), |registry| registry.slash(1, wei(ETH), EVIDENCE));
    bench.refuses(refused(), |registry| registry.claim_reporter_reward(BOB));
    bench.act(JAILER);
    bench.refuses(refused(), |registry| registry.jail(1, NOW));
    bench.act(ADMIN);
    bench.refuses(refused(), |registry| registry.sweep_surplus_to_cover());
    bench.act(POOL);
    bench.refuses(refused(), |registry| {
        registry.delegate(wei(1_000 * ETH), wei(64))
    });
    bench.refuses(refused(), |registry| registry.undelegate(wei(ETH), wei(64)));
    bench.act(ALICE);
    bench.refuses(refused(), |registry| registry.exit(1));
    bench.refuses(refused(), |registry| registry.withdraw_bond(1));
    bench.refuses(refused(), |registry| registry.activate(1));
    bench.refuses(refused(), |registry| registry.unjail(1));
    bench.refuses(refused(), |registry| registry.release_matured(wei(64)));
    bench.pay(BOB, 10 * ETH);
    bench.refuses(refused(), |registry| registry.top_up_bond(1));
    bench.refuses(refused(), |registry| registry.fund_cover());
    bench.refuses(refused(), |registry| {
        registry.register(named("Bob"), BOB, PAYEE, 500)
    });
    assert_eq!(bench.stakes(1), [10 * ETH, 40 * ETH, 0].map(wei));
    drop(lock);
    bench.registry.fund_cover().unwrap();
}
