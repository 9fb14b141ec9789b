//! Initialisation, the ABI, pauses.

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
    assert_eq!(count, 24);
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
    // It is handed to the administration program, which takes no ETH either.
    assert_eq!(route(&mut bench, &call), None);
    assert_eq!(bench.status(1), ACTIVE);
}

#[test]
fn initialisation_names_the_pool_and_lets_the_administration_begin() {
    let mut bench = bare();
    bench
        .registry
        .initialize(ALICE, ADMINISTRATION, POOL, wei(10 * ETH), UNBONDING)
        .unwrap();
    let registry = &bench.registry;
    assert_eq!(registry.pool(), POOL);
    assert_eq!(registry.validator_count(), 0);
    let begin = IAdministration::beginCall {
        admin: ALICE,
        administration: ADMINISTRATION,
        extension: Address::ZERO,
        groups: 2,
    };
    // Its administration is the program's own choice to refuse.
    let mut bench = bare();
    let reason = vec![0xba, 0xdb, 0xad, 0x00];
    bench
        .vm
        .mock_delegate_call(ADMINISTRATION, begin.abi_encode(), Err(reason.clone()));
    let refused = bench
        .registry
        .initialize(ALICE, ADMINISTRATION, POOL, wei(10 * ETH), UNBONDING);
    assert_eq!(refused.map_err(Vec::from), Err(reason));
}

#[test]
fn initialisation_refuses_a_pool_without_code_and_terms_out_of_bounds() {
    let mut bench = bare();
    let bond = wei(10 * ETH);
    bench.refuses(
        IValidatorRegistry::NotAContract { target: BOB },
        |registry| registry.initialize(ADMIN, ADMINISTRATION, BOB, bond, UNBONDING),
    );
    for value in [10_000_000_000_000_000 - 1, 10_000 * ETH + 1] {
        bench.refuses(
            IValidatorRegistry::ParameterOutOfBounds {
                index: 2,
                value: wei(value),
                minimum: wei(10_000_000_000_000_000),
                maximum: wei(10_000 * ETH),
            },
            |registry| registry.initialize(ADMIN, ADMINISTRATION, POOL, wei(value), UNBONDING),
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
            |registry| registry.initialize(ADMIN, ADMINISTRATION, POOL, bond, seconds),
        );
    }
}

#[test]
fn initialisation_happens_once() {
    let mut bench = bench();
    let bond = wei(10 * ETH);
    bench.refuses(IAdministration::AlreadyInitialized {}, |registry| {
        registry.initialize(BOB, ADMINISTRATION, POOL, bond, UNBONDING)
    });
}

#[test]
fn the_program_itself_cannot_be_initialised() {
    let mut bench = bare();
    let slot = U256::from_be_bytes(proxy::IMPLEMENTATION_SLOT);
    bench.vm.set_storage(slot, B256::ZERO);
    bench.refuses(IAdministration::NotBehindProxy {}, |registry| {
        registry.initialize(BOB, ADMINISTRATION, POOL, wei(10 * ETH), UNBONDING)
    });
}

#[test]
fn a_pause_ends_by_itself() {
    let mut bench = bench();
    bench.pauses().pause(0, 28_800).unwrap();
    bench.at(NOW + 28_800);
    assert_eq!(bench.enter(SIGNER, 10), 1);
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
