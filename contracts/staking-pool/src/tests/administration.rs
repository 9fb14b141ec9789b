//! Connecting, pausing, announcing a fee.

use pool_state::TRANSFERS;

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
fn staking_is_paused_and_resumed_under_lidos_names() {
    let mut world = World::new();
    let unauthorized = IAdministration::AccessControlUnauthorizedAccount {
        account: ALICE,
        neededRole: glue::access::PAUSER_ROLE,
    };
    let refused = refusal(unauthorized);
    assert_eq!(
        world.call(ALICE, 0, &IStakingPool::pauseStakingCall {}),
        refused
    );
    assert_eq!(
        world.call(ALICE, 0, &IStakingPool::resumeStakingCall {}),
        refused
    );
    world.grant(glue::access::PAUSER_ROLE, ADMIN);
    let paused = world.call(ADMIN, 0, &IStakingPool::pauseStakingCall {});
    assert_eq!(paused, Ok(vec![]));
    assert!(world.pool.is_staking_paused());
    // 30 days, the longest pause, and not a second more.
    world.vm.set_block_timestamp(START + 2_592_000);
    assert!(!world.pool.is_staking_paused());
    let paused = world.call(ADMIN, 0, &IStakingPool::pauseStakingCall {});
    assert_eq!(paused, Ok(vec![]));
    let resumed = world.call(ADMIN, 0, &IStakingPool::resumeStakingCall {});
    assert_eq!(resumed, Ok(vec![]));
    assert!(!world.pool.is_staking_paused());
}

#[test]
fn a_limit_that_is_removed_lets_everything_in() {
    let mut world = World::new();
    let remove = IStakingPool::removeStakingLimitCall {};
    let unauthorized = IAdministration::AccessControlUnauthorizedAccount {
        account: ADMIN,
        neededRole: LIMITER_ROLE,
    };
    assert_eq!(world.call(ADMIN, 0, &remove), refusal(unauthorized));
    world.grant(LIMITER_ROLE, ADMIN);
    let limit = IStakingPool::setStakingLimitCall {
        maxStakeLimit: U256::from(ETHER),
        refillSeconds: 3_600,
    };
    assert_eq!(world.call(ADMIN, 0, &limit), Ok(vec![]));
    assert_eq!(
        world.operations.get_current_stake_limit(),
        Ok(U256::from(ETHER))
    );
    assert_eq!(world.call(ADMIN, 0, &remove), Ok(vec![]));
    assert_eq!(world.operations.get_current_stake_limit(), Ok(U256::MAX));
}

#[test]
fn all_of_the_fee_is_the_treasurys() {
    let world = World::new();
    assert_eq!(world.operations.get_fee_distribution(), (10_000, 0, 0));
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
    assert_eq!(world.operations.registry(), Address::ZERO);
}

#[test]
fn a_pause_stops_its_group_and_ends_by_itself() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let pauses = &mut world.pool.state.administration.pauses;
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

#[test]
fn a_fee_takes_effect_a_release_after_it_was_announced() {
    let mut world = World::new();
    let announce = IStakingPool::announceFeeCall { feeBps: 2_000 };
    assert_eq!(world.call(ADMIN, 0, &announce), Ok(vec![]));
    let announced: IStakingPool::FeeAnnounced = world.last();
    assert_eq!(
        (announced.feeBps, announced.effectiveAt),
        (2_000, START + 1_000)
    );
    assert_eq!(world.operations.announced_fee(), Ok((2_000, START + 1_000)));
    world.vm.set_block_timestamp(START + 999);
    assert_eq!(world.operations.get_fee(), Ok(1_000));
    world.vm.set_block_timestamp(START + 1_000);
    assert_eq!(world.operations.get_fee(), Ok(2_000));
}

#[test]
fn a_reward_pays_the_fee_in_force_and_not_the_one_announced() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    world.grant(DISTRIBUTOR_ROLE, BOB);
    let announce = IStakingPool::announceFeeCall { feeBps: 0 };
    assert_eq!(world.call(ADMIN, 0, &announce), Ok(vec![]));
    world.vm.set_block_timestamp(START + 999);
    let distribute = IStakingPool::distributeCall {};
    assert_eq!(world.call(BOB, 1_000, &distribute), Ok(vec![]));
    let paid: IStakingPool::RewardsDistributed = world.last();
    assert_eq!(paid.fee, U256::from(100));
    world.vm.set_block_timestamp(START + 1_000);
    assert_eq!(world.call(BOB, 1_000, &distribute), Ok(vec![]));
    let paid: IStakingPool::RewardsDistributed = world.last();
    assert_eq!(paid.fee, U256::ZERO);
}

#[test]
fn a_fee_is_announced_by_the_admin_and_within_its_bound() {
    let mut world = World::new();
    let announce = |fee_bps| IStakingPool::announceFeeCall { feeBps: fee_bps };
    let unauthorized = IAdministration::AccessControlUnauthorizedAccount {
        account: ALICE,
        neededRole: DEFAULT_ADMIN_ROLE,
    };
    assert_eq!(world.call(ALICE, 0, &announce(1)), refusal(unauthorized));
    let above = IStakingPool::FeeAboveMaximum {
        feeBps: 2_001,
        maximumBps: 2_000,
    };
    assert_eq!(world.call(ADMIN, 0, &announce(2_001)), refusal(above));
    assert_eq!(world.operations.announced_fee(), Ok((1_000, 0)));
}
