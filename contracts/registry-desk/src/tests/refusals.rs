//! Who may not call what, and when: each refusal leaves everything as it was.

use glue::lock::Lock;

use super::*;

#[test]
fn calls_of_a_role_are_refused_to_everybody_else() {
    let mut bench = Bench::with_active();
    bench.act(BOB);
    let without = |role| IAdministration::AccessControlUnauthorizedAccount {
        account: BOB,
        neededRole: role,
    };
    bench.refuses(without(JAILER_ROLE), |program| program.jail(1, NOW));
    bench.refuses(without(CURATOR_ROLE), |program| program.vet(1, wei(ETH)));
    bench.refuses(without(CURATOR_ROLE), |program| program.unvet(1));
    bench.refuses(without(CURATOR_ROLE), |program| {
        program.set_target_limit(1, wei(ETH))
    });
    bench.refuses(without(SLASHER_ROLE), |program| {
        program.open_fault(1, EVIDENCE)
    });
    bench.refuses(without(SLASHER_ROLE), |program| {
        program.dismiss_fault(1, EVIDENCE)
    });
    bench.refuses(without(DEFAULT_ADMIN_ROLE), |program| {
        program.sweep_surplus_to_cover()
    });
    bench.refuses(without(DEFAULT_ADMIN_ROLE), |program| {
        program.add_slashing_hook(POOL)
    });
    bench.refuses(without(DEFAULT_ADMIN_ROLE), |program| {
        program.remove_slashing_hook(POOL)
    });
    bench.refuses(without(DEFAULT_ADMIN_ROLE), |program| {
        program.set_terms(wei(ETH), 10, 5, 2_000)
    });
}

/// What only a validator's operator may call is refused like this.
fn refuses_an_operators_calls<E: SolError>(bench: &mut Bench, refused: impl Fn() -> E) {
    bench.refuses(refused(), |program| program.activate(1));
    bench.refuses(refused(), |program| program.unjail(1));
    bench.refuses(refused(), |program| program.exit(1));
    bench.refuses(refused(), |program| program.request_bond_exit(1, wei(1)));
    bench.refuses(refused(), |program| program.cancel_bond_exit(1));
    bench.refuses(refused(), |program| program.claim_bond(1));
    bench.refuses(refused(), |program| program.announce_commission(1, 1));
    bench.refuses(refused(), |program| program.rotate_signer(1, BOB));
    bench.refuses(refused(), |program| program.set_reward_address(1, BOB));
}

#[test]
fn a_validator_acts_through_its_operator_alone() {
    let mut bench = Bench::with_active();
    // Neither the signer nor the reward address may.
    for caller in [SIGNER, PAYEE, ADMIN] {
        bench.act(caller);
        let refused = || IValidatorRegistry::NotOperator {
            caller,
            operator: ALICE,
        };
        refuses_an_operators_calls(&mut bench, refused);
    }
}

#[test]
fn a_validator_that_was_never_registered_is_unknown() {
    let mut bench = Bench::with_active();
    for id in [0, 2, u32::MAX] {
        let unknown = || IValidatorRegistry::UnknownValidator { id };
        bench.act(JAILER);
        bench.refuses(unknown(), |program| program.jail(id, NOW));
        bench.act(CURATOR);
        bench.refuses(unknown(), |program| program.vet(id, wei(ETH)));
        bench.refuses(unknown(), |program| program.set_target_limit(id, wei(ETH)));
        bench.act(SLASHER);
        bench.refuses(unknown(), |program| program.open_fault(id, EVIDENCE));
        bench.refuses(unknown(), |program| program.dismiss_fault(id, EVIDENCE));
        bench.act(ALICE);
        bench.refuses(unknown(), |program| program.activate(id));
        bench.refuses(unknown(), |program| program.exit(id));
        bench.refuses(unknown(), |program| program.claim_bond(id));
        bench.refuses(unknown(), |program| program.commission_of(id));
        bench.refuses(unknown(), |program| program.capacity_of(id, wei(ETH)));
        bench.refuses(unknown(), |program| program.bond_exit_of(id));
        bench.pay(ALICE, ETH);
        bench.refuses(unknown(), |program| program.top_up_bond(id));
    }
}

#[test]
fn registration_without_bond_name_or_addresses_is_refused() {
    let mut bench = Bench::begun();
    let alice = || named("Alice");
    bench.pay(ALICE, 10 * ETH - 1);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(10 * ETH - 1),
            required: wei(10 * ETH),
        },
        |program| program.register(alice(), SIGNER, PAYEE, 500),
    );
    bench.pay(ALICE, 10 * ETH);
    bench.refuses(
        IValidatorRegistry::CommissionTooHigh {
            commissionBps: 10_001,
            maximum: 10_000,
        },
        |program| program.register(alice(), SIGNER, PAYEE, 10_001),
    );
    for (signer, payee) in [(Address::ZERO, PAYEE), (SIGNER, Address::ZERO)] {
        bench.refuses(IAdministration::ZeroAddress {}, |program| {
            program.register(alice(), signer, payee, 500)
        });
    }
    for length in [0, 65] {
        bench.refuses(
            IValidatorRegistry::NameLength {
                length: U256::from(length),
                maximum: wei(64),
            },
            |program| program.register(named(&"x".repeat(length)), SIGNER, PAYEE, 500),
        );
    }
    for name in ["Ali\nce", "Älice", "\u{7f}"] {
        bench.refuses(IValidatorRegistry::NameNotPrintable {}, |program| {
            program.register(named(name), SIGNER, PAYEE, 500)
        });
    }
    assert_eq!(bench.state.books.counts().validators, 0);
}

#[test]
fn a_signer_signs_for_one_validator_for_ever() {
    let mut bench = Bench::begun();
    bench.place(SIGNER, 10, Status::Exited);
    bench.pay(BOB, 10 * ETH);
    bench.refuses(
        IValidatorRegistry::SignerInUse {
            signer: SIGNER,
            id: 1,
        },
        |program| program.register(named("Bob"), SIGNER, PAYEE, 500),
    );
}

#[test]
fn a_pause_stops_registration_and_nothing_else() {
    let mut bench = Bench::with_active();
    bench.state.administration.pauses.pause(0, 28_800).unwrap();
    bench.state.administration.pauses.pause(1, 28_800).unwrap();
    bench.forget();
    bench.pay(BOB, 10 * ETH);
    bench.refuses(
        IAdministration::GroupPaused {
            group: 0,
            until: 1_700_028_800,
        },
        |program| program.register(named("Bob"), BOB, PAYEE, 500),
    );
    bench.pay(BOB, 5 * ETH).top_up_bond(1).unwrap();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.act(JAILER).jail(1, NOW).unwrap();
    bench.act(ALICE).unjail(1).unwrap();
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + UNBONDING);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(bench.status(1), EXITED);
}

/// A step that anybody who may do it asks for in the wrong status.
fn forbids(bench: &mut Bench, id: u32, current: u8, allowed: &[u8]) {
    assert_eq!(bench.status(id), current);
    let arrow = |requested| IValidatorRegistry::ForbiddenTransition { current, requested };
    bench.act(JAILER);
    if !allowed.contains(&JAILED) {
        bench.refuses(arrow(JAILED), |program| program.jail(id, NOW));
    }
    bench.act(ALICE);
    if current != PENDING {
        bench.refuses(arrow(ACTIVE), |program| program.activate(id));
    }
    if current != JAILED {
        bench.refuses(arrow(ACTIVE), |program| program.unjail(id));
    }
    if !allowed.contains(&EXITING) {
        bench.refuses(arrow(EXITING), |program| program.exit(id));
    }
    if !allowed.contains(&EXITED) {
        bench.refuses(arrow(EXITED), |program| program.withdraw_bond(id));
    }
}

#[test]
fn statuses_move_only_along_the_drawn_arrows() {
    let mut bench = Bench::begun();
    enter(&mut bench, SIGNER, 10);
    forbids(&mut bench, 1, PENDING, &[EXITING]);
    bench.act(ALICE).activate(1).unwrap();
    forbids(&mut bench, 1, ACTIVE, &[JAILED, EXITING]);
    bench.act(JAILER).jail(1, NOW).unwrap();
    forbids(&mut bench, 1, JAILED, &[JAILED, EXITING]);
    bench.act(ALICE).exit(1).unwrap();
    forbids(&mut bench, 1, EXITING, &[EXITED]);
    bench.at(NOW + UNBONDING);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    forbids(&mut bench, 1, EXITED, &[]);
    let gone = || IValidatorRegistry::ForbiddenTransition {
        current: EXITED,
        requested: EXITED,
    };
    bench.pay(ALICE, ETH);
    bench.refuses(gone(), |program| program.top_up_bond(1));
    bench.act(ALICE);
    bench.refuses(gone(), |program| program.request_bond_exit(1, wei(1)));
    bench.act(CURATOR);
    bench.refuses(gone(), |program| program.vet(1, wei(1)));
    bench.act(SLASHER);
    bench.refuses(gone(), |program| program.open_fault(1, EVIDENCE));
}

#[test]
fn a_jail_of_more_than_thirty_days_is_refused() {
    let mut bench = Bench::with_active();
    bench.act(JAILER);
    bench.refuses(
        IValidatorRegistry::ParameterOutOfBounds {
            index: 1,
            value: wei(1_702_592_001),
            minimum: U256::ZERO,
            maximum: wei(1_702_592_000),
        },
        |program| program.jail(1, 1_702_592_001),
    );
    bench.program.jail(1, 1_702_592_000).unwrap();
}

#[test]
fn amounts_of_nothing_are_refused() {
    let mut bench = Bench::with_active();
    bench.act(ALICE);
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |program| {
        program.top_up_bond(1)
    });
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |program| {
        program.fund_cover()
    });
}

#[test]
fn whoever_is_called_while_eth_leaves_cannot_come_back_in() {
    let mut bench = Bench::with_stake();
    let lock = Lock::enter().unwrap();
    let refused = || IValidatorRegistry::ReentrantCall {};
    bench.act(SLASHER);
    bench.refuses(refused(), |program| program.claim_reporter_reward(BOB));
    bench.refuses(refused(), |program| program.open_fault(1, EVIDENCE));
    bench.refuses(refused(), |program| program.dismiss_fault(1, EVIDENCE));
    bench.refuses(refused(), |program| program.lapse_fault(EVIDENCE));
    bench.act(JAILER);
    bench.refuses(refused(), |program| program.jail(1, NOW));
    bench.act(CURATOR);
    bench.refuses(refused(), |program| program.vet(1, wei(ETH)));
    bench.refuses(refused(), |program| program.unvet(1));
    bench.refuses(refused(), |program| program.set_target_limit(1, wei(ETH)));
    bench.act(ADMIN);
    bench.refuses(refused(), |program| program.sweep_surplus_to_cover());
    bench.refuses(refused(), |program| program.add_slashing_hook(POOL));
    bench.refuses(refused(), |program| program.remove_slashing_hook(POOL));
    bench.refuses(refused(), |program| {
        program.set_terms(wei(ETH), 10, 5, 2_000)
    });
    bench.act(ALICE);
    refuses_an_operators_calls(&mut bench, refused);
    bench.refuses(refused(), |program| program.withdraw_bond(1));
    bench.pay(BOB, 10 * ETH);
    bench.refuses(refused(), |program| program.top_up_bond(1));
    bench.refuses(refused(), |program| program.fund_cover());
    bench.refuses(refused(), |program| {
        program.register(named("Bob"), BOB, PAYEE, 500)
    });
    drop(lock);
    bench.program.fund_cover().unwrap();
}
