//! Initialisation and the ABI.

use abi::IValidatorRegistry::IValidatorRegistryCalls;
use glue::testing::check_routes;
use registry_desk::RegistryDesk;
use stylus_sdk::abi::Router;

use super::*;

fn route(bench: &mut Bench, call: &[u8]) -> Option<Result<Vec<u8>, Vec<u8>>> {
    let selector = u32::from_be_bytes([call[0], call[1], call[2], call[3]]);
    <ValidatorRegistry as Router<ValidatorRegistry>>::route(
        &mut bench.program,
        selector,
        &call[4..],
    )
}

fn begin(program: &mut ValidatorRegistry, admin: Address, pool: Address) -> Result<(), Error> {
    let bond = wei(10 * ETH);
    program.initialize(admin, ADMINISTRATION, DESK, pool, bond, UNBONDING, EPOCH)
}

#[test]
fn every_call_of_the_interface_is_routed_by_one_of_the_two_programs() {
    let mut bench = Bench::begun();
    let mut desk = RegistryDesk::from(&bench.vm);
    check_routes::<IValidatorRegistryCalls, _>(|selector, input| {
        [
            ValidatorRegistry::route(&mut bench.program, selector, input).is_some(),
            RegistryDesk::route(&mut desk, selector, input).is_some(),
        ]
    });
}

#[test]
fn a_validator_passes_the_router_as_the_abi_says() {
    let mut bench = Bench::with_active();
    let call = IValidatorRegistry::validatorCall { id: 1 };
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    let validator =
        IValidatorRegistry::validatorCall::abi_decode_returns_validate(&answer).unwrap();
    assert_eq!(validator.status, ACTIVE);
    assert_eq!(validator.bond, wei(10 * ETH));
    assert_eq!(validator.delegated, U256::ZERO);
    assert_eq!(validator.unbonding, U256::ZERO);
    assert_eq!(validator.commissionBps, 500);
    assert_eq!(validator.operator, ALICE);
    assert_eq!(validator.signer, SIGNER);
    assert_eq!(validator.rewardAddress, PAYEE);
}

#[test]
fn an_allocation_passes_the_router_as_the_abi_says() {
    let mut bench = Bench::with_active();
    let call = IValidatorRegistry::allocationCall {
        assets: wei(3 * ETH),
        totalPooled: wei(1_000 * ETH),
        maxOps: wei(64),
    };
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    let plan = IValidatorRegistry::allocationCall::abi_decode_returns_validate(&answer).unwrap();
    assert_eq!(plan.len(), 1);
    assert_eq!((plan[0].validator, plan[0].assets), (1, wei(3 * ETH)));
}

#[test]
fn value_is_not_taken_where_nothing_is_payable() {
    let mut bench = Bench::with_active();
    bench.pay(SLASHER, 1);
    let call = IValidatorRegistry::slashCall {
        id: 1,
        penalty: wei(ETH),
        evidenceHash: EVIDENCE,
    };
    assert_eq!(route(&mut bench, &call.abi_encode()), None);
    assert_eq!(bench.status(1), ACTIVE);
}

/// Programs and admin are the administration program's to name, which the mocked host does not run.
#[test]
fn initialisation_names_the_pool_and_the_terms() {
    let mut bench = Bench::bare();
    begin(&mut bench.program, ALICE, POOL).unwrap();
    assert_eq!(bench.program.pool(), POOL);
    assert_eq!(bench.program.validator_count(), 0);
    let terms = bench.state.books.terms();
    assert_eq!(
        (terms.min_bond, terms.unbonding_secs, terms.notice_secs),
        (10 * ETH, 604_800, 86_400)
    );
    assert_eq!(
        (terms.leverage, terms.open_leverage, terms.pool_share_bps),
        (10, 5, 2_000)
    );
}

#[test]
fn initialisation_happens_once() {
    let mut bench = Bench::begun();
    bench.refuses(IAdministration::AlreadyInitialized {}, |program| {
        begin(program, BOB, POOL)
    });
}

/// The error of an initialisation; a failed one is undone by the revert, which the mocked host lacks.
fn refused(pool: Address, bond: u128, unbonding: u64, epoch: u64) -> Vec<u8> {
    let mut bench = Bench::bare();
    let program = &mut bench.program;
    let refused = program.initialize(
        ADMIN,
        ADMINISTRATION,
        DESK,
        pool,
        wei(bond),
        unbonding,
        epoch,
    );
    refused.unwrap_err().into()
}

#[test]
fn initialisation_refuses_a_pool_without_code_and_terms_out_of_bounds() {
    assert_eq!(
        refused(BOB, 10 * ETH, UNBONDING, EPOCH),
        IAdministration::NotAContract { target: BOB }.abi_encode()
    );
    let out_of_bounds = |index, value, minimum, maximum| {
        IValidatorRegistry::ParameterOutOfBounds {
            index,
            value: wei(value),
            minimum: wei(minimum),
            maximum: wei(maximum),
        }
        .abi_encode()
    };
    for bond in [10_000_000_000_000_000 - 1, 10_000 * ETH + 1] {
        assert_eq!(
            refused(POOL, bond, UNBONDING, EPOCH),
            out_of_bounds(4, bond, 10_000_000_000_000_000, 10_000 * ETH)
        );
    }
    for seconds in [59, 5_184_001] {
        assert_eq!(
            refused(POOL, 10 * ETH, seconds, EPOCH),
            out_of_bounds(5, seconds.into(), 60, 5_184_000)
        );
    }
    for seconds in [59, 2_592_001] {
        assert_eq!(
            refused(POOL, 10 * ETH, UNBONDING, seconds),
            out_of_bounds(6, seconds.into(), 60, 2_592_000)
        );
    }
}
