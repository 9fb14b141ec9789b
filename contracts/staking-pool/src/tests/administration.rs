//! Connecting and pausing.

use super::*;

#[test]
fn the_contracts_are_connected_once_and_by_the_admin() {
    let mut world = World::new();
    let connect = IStakingPool::connectCall {
        registry: REGISTRY,
        queue: QUEUE,
    };
    let unauthorized = IAdministration::AccessControlUnauthorizedAccount {
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
fn a_pause_stops_its_group_and_ends_by_itself() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let pauses = &mut world.pool.administration.pauses;
    assert_eq!(pauses.pause(TRANSFERS, 28_800), Ok(()));
    let transfer = IStakingPool::transferCall {
        to: BOB,
        amount: U256::from(1),
    };
    let paused = IAdministration::GroupPaused {
        group: 1,
        until: START + 28_800,
    };
    assert_eq!(world.call(ALICE, 0, &transfer), refusal(paused));
    world.vm.set_block_timestamp(START + 28_800);
    assert_eq!(world.call(ALICE, 0, &transfer), word(1));
}
