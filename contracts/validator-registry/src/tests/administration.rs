//! Construction, the ABI, roles and pauses.

use super::*;
use abi::IValidatorRegistry::IValidatorRegistryCalls;
use alloy_sol_types::SolInterface;
use stylus_sdk::abi::Router;

fn route(bench: &mut Bench, call: &[u8]) -> Option<Result<Vec<u8>, Vec<u8>>> {
    let selector = u32::from_be_bytes([call[0], call[1], call[2], call[3]]);
    <ValidatorRegistry as Router<ValidatorRegistry>>::route(
        &mut bench.registry,
        selector,
        &call[4..],
    )
}

#[test]
fn the_router_answers_every_selector_of_the_interface_and_no_other() {
    let mut bench = bench();
    let mut count = 0;
    for selector in IValidatorRegistryCalls::selectors() {
        assert!(route(&mut bench, &selector).is_some(), "{selector:02x?}");
        count += 1;
    }
    assert_eq!(count, 31);
    assert!(route(&mut bench, &[0xde, 0xad, 0xbe, 0xef]).is_none());
}

#[test]
fn a_registration_and_its_answers_pass_the_router() {
    let mut bench = bench();
    let call = IValidatorRegistry::registerCall {
        name: "Alice".into(),
        signer: SIGNER,
        rewardAddress: PAYEE,
        commissionBps: 500,
    };
    bench.pay(ALICE, 10 * ETH);
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    assert_eq!(answer, words(&[1]));
    bench.act(ALICE);
    let call = IValidatorRegistry::validatorCall { id: 1 };
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    let validator =
        IValidatorRegistry::validatorCall::abi_decode_returns_validate(&answer).unwrap();
    assert_eq!(validator.status, PENDING);
    assert_eq!(validator.bond, wei(10 * ETH));
    assert_eq!(validator.delegated, U256::ZERO);
    assert_eq!(validator.unbonding, U256::ZERO);
    assert_eq!(validator.commissionBps, 500);
    assert_eq!(validator.operator, ALICE);
    assert_eq!(validator.signer, SIGNER);
    assert_eq!(validator.rewardAddress, PAYEE);
}

#[test]
fn value_is_refused_where_nothing_is_payable() {
    let mut bench = with_active();
    bench.pay(ALICE, 1);
    let call = IValidatorRegistry::exitCall { id: 1 }.abi_encode();
    assert_eq!(route(&mut bench, &call), Some(Err(Vec::new())));
    assert_eq!(bench.status(1), ACTIVE);
}

#[test]
fn construction_names_the_admin_and_the_pool() {
    let mut bench = bare();
    bench
        .registry
        .constructor(ALICE, POOL, wei(10 * ETH), UNBONDING)
        .unwrap();
    let registry = &bench.registry;
    assert_eq!(registry.pool(), POOL);
    assert_eq!(registry.validator_count(), 0);
    assert!(registry.has_role(DEFAULT_ADMIN_ROLE, ALICE));
    assert!(!registry.has_role(DEFAULT_ADMIN_ROLE, ADMIN));
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::RoleGranted {
            role: DEFAULT_ADMIN_ROLE,
            account: ALICE,
            sender: ADMIN,
        })]
    );
}

#[test]
fn construction_refuses_a_pool_without_code_and_terms_out_of_bounds() {
    let mut bench = bare();
    let bond = wei(10 * ETH);
    bench.refuses(
        IValidatorRegistry::NotAContract { target: BOB },
        |registry| registry.constructor(ADMIN, BOB, bond, UNBONDING),
    );
    for value in [10_000_000_000_000_000 - 1, 10_000 * ETH + 1] {
        bench.refuses(
            IValidatorRegistry::ParameterOutOfBounds {
                index: 2,
                value: wei(value),
                minimum: wei(10_000_000_000_000_000),
                maximum: wei(10_000 * ETH),
            },
            |registry| registry.constructor(ADMIN, POOL, wei(value), UNBONDING),
        );
    }
    for seconds in [59, 5_184_001] {
        bench.refuses(
            IValidatorRegistry::ParameterOutOfBounds {
                index: 3,
                value: U256::from(seconds),
                minimum: wei(60),
                maximum: wei(5_184_000),
            },
            |registry| registry.constructor(ADMIN, POOL, bond, seconds),
        );
    }
    // A failed construction is undone by the revert, which the mocked host lacks.
    let refused = bench
        .registry
        .constructor(Address::ZERO, POOL, bond, UNBONDING)
        .unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::ZeroAddress {}.abi_encode()
    );
}

#[test]
fn construction_happens_once_and_without_eth() {
    let mut bench = bare();
    let bond = wei(10 * ETH);
    bench.pay(ADMIN, 1);
    bench.refuses(IValidatorRegistry::NotPayable {}, |registry| {
        registry.constructor(ADMIN, POOL, bond, UNBONDING)
    });
    let registry = bench.act(ADMIN);
    registry.constructor(ADMIN, POOL, bond, UNBONDING).unwrap();
    bench.refuses(IValidatorRegistry::AlreadyConstructed {}, |registry| {
        registry.constructor(BOB, POOL, bond, UNBONDING)
    });
}

#[test]
fn roles_are_the_admins_to_give_and_the_holders_to_give_up() {
    let mut bench = bench();
    bench.act(BOB);
    let unauthorized = IValidatorRegistry::AccessControlUnauthorizedAccount {
        account: BOB,
        neededRole: DEFAULT_ADMIN_ROLE,
    };
    bench.refuses(unauthorized.clone(), |registry| {
        registry.grant_role(SLASHER_ROLE, BOB)
    });
    bench.refuses(unauthorized, |registry| {
        registry.revoke_role(SLASHER_ROLE, SLASHER)
    });
    bench.refuses(
        IValidatorRegistry::AccessControlBadConfirmation {},
        |registry| registry.renounce_role(SLASHER_ROLE, SLASHER),
    );
    bench.act(ADMIN).revoke_role(SLASHER_ROLE, SLASHER).unwrap();
    assert!(!bench.registry.has_role(SLASHER_ROLE, SLASHER));
    bench
        .act(JAILER)
        .renounce_role(JAILER_ROLE, JAILER)
        .unwrap();
    assert!(!bench.registry.has_role(JAILER_ROLE, JAILER));
    assert_eq!(
        bench.registry.get_role_admin(JAILER_ROLE),
        DEFAULT_ADMIN_ROLE
    );
}

#[test]
fn pauses_are_the_pausers_and_end_by_themselves() {
    let mut bench = bench();
    bench.act(PAUSER).pause(1, 28_800).unwrap();
    assert_eq!(bench.registry.paused_until(0), 0);
    assert_eq!(bench.registry.paused_until(1), 1_700_028_800);
    bench.registry.unpause(1).unwrap();
    assert_eq!(bench.registry.paused_until(1), 0);
    assert_eq!(
        bench.logs(),
        [
            log(&IValidatorRegistry::Paused {
                group: 1,
                until: 1_700_028_800,
                account: PAUSER,
            }),
            log(&IValidatorRegistry::Unpaused {
                group: 1,
                account: PAUSER,
            }),
        ]
    );
    bench.act(PAUSER).pause(0, 28_800).unwrap();
    bench.at(NOW + 28_800);
    assert_eq!(bench.enter(SIGNER, 10), 1);
}

#[test]
fn a_pause_of_a_group_that_does_not_exist_is_refused() {
    let mut bench = bench();
    bench.act(PAUSER);
    for group in [2, 3, 4, 255] {
        let unknown = IValidatorRegistry::UnknownPauseGroup { group };
        bench.refuses(unknown.clone(), |registry| registry.pause(group, 28_800));
        bench.refuses(unknown, |registry| registry.unpause(group));
    }
    for duration in [0, 28_799, 2_592_001] {
        bench.refuses(
            IValidatorRegistry::PauseOutOfBounds {
                duration,
                minimum: 28_800,
                maximum: 2_592_000,
            },
            |registry| registry.pause(0, duration),
        );
    }
}

#[test]
fn eth_that_nobody_booked_can_only_go_to_the_cover_fund() {
    let mut bench = with_active();
    let here = bench.vm.contract_address();
    bench.vm.set_balance(here, wei(12 * ETH));
    assert_eq!(
        bench.act(ADMIN).sweep_surplus_to_cover().unwrap(),
        wei(2 * ETH)
    );
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::CoverFunded {
            from: here,
            assets: wei(2 * ETH),
            cover: wei(2 * ETH),
        })]
    );
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |registry| {
        registry.sweep_surplus_to_cover()
    });
    bench.vm.set_balance(here, wei(11 * ETH));
    bench.refuses(
        IValidatorRegistry::Insolvent {
            balance: wei(11 * ETH),
            owed: wei(12 * ETH),
        },
        |registry| registry.sweep_surplus_to_cover(),
    );
}
