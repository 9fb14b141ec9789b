//! Connecting, pausing and roles.

use super::*;

#[test]
fn the_contracts_are_connected_once_and_by_the_admin() {
    let mut world = World::new();
    let connect = IStakingPool::connectCall {
        registry: REGISTRY,
        queue: QUEUE,
    };
    let unauthorized = IStakingPool::AccessControlUnauthorizedAccount {
        account: ALICE,
        neededRole: DEFAULT_ADMIN_ROLE,
    };
    assert_eq!(world.call(ALICE, 0, &connect), refusal(unauthorized));
    assert_eq!(
        world.call(ADMIN, 0, &connect),
        refusal(IStakingPool::AlreadyConnected {})
    );
}

#[test]
fn a_contract_of_another_pool_is_not_connected() {
    let mut world = World::bare();
    let call = IValidatorRegistry::poolCall {}.abi_encode();
    world
        .vm
        .mock_static_call(REGISTRY, call, Ok(BOB.abi_encode()));
    let connect = IStakingPool::connectCall {
        registry: REGISTRY,
        queue: QUEUE,
    };
    assert_eq!(
        world.call(ADMIN, 0, &connect),
        refusal(IStakingPool::NotConnectable { target: REGISTRY })
    );
    assert_eq!(world.pool.registry(), Address::ZERO);
}

#[test]
fn a_pause_needs_its_role_stays_in_bounds_and_ends_by_itself() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let pause = |group, duration| IStakingPool::pauseCall { group, duration };
    let unauthorized = IStakingPool::AccessControlUnauthorizedAccount {
        account: BOB,
        neededRole: PAUSER_ROLE,
    };
    assert_eq!(world.call(BOB, 0, &pause(1, 28_800)), refusal(unauthorized));
    world.grant(PAUSER_ROLE, BOB);
    let short = IStakingPool::PauseOutOfBounds {
        duration: 28_799,
        minimum: 28_800,
        maximum: 2_592_000,
    };
    assert_eq!(world.call(BOB, 0, &pause(1, 28_799)), refusal(short));
    assert_eq!(
        world.call(BOB, 0, &pause(4, 28_800)),
        refusal(IStakingPool::UnknownPauseGroup { group: 4 })
    );
    assert_eq!(world.call(BOB, 0, &pause(1, 28_800)), Ok(vec![]));
    let transfer = IStakingPool::transferCall {
        to: BOB,
        amount: U256::from(1),
    };
    let paused = IStakingPool::GroupPaused {
        group: 1,
        until: START + 28_800,
    };
    assert_eq!(world.call(ALICE, 0, &transfer), refusal(paused));
    world.vm.set_block_timestamp(START + 28_800);
    assert_eq!(world.call(ALICE, 0, &transfer), word(1));
}

#[test]
fn a_role_is_renounced_by_its_holder_only() {
    let mut world = World::new();
    world.grant(PAUSER_ROLE, BOB);
    let renounce = IStakingPool::renounceRoleCall {
        role: PAUSER_ROLE,
        callerConfirmation: BOB,
    };
    assert_eq!(
        world.call(ALICE, 0, &renounce),
        refusal(IStakingPool::AccessControlBadConfirmation {})
    );
    assert_eq!(world.call(BOB, 0, &renounce), Ok(vec![]));
    assert!(!world.pool.has_role(PAUSER_ROLE, BOB));
}
