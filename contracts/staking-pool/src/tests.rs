//! Roles, value, storage and events of the pool; the rules themselves are tested in `protocol`.
//!
//! Calls go through the router, so each test covers decoding and encoding too. Every event and error
//! that a test causes is compared with alloy's encoding where it is made (`glue::emit`, `glue::revert`).

mod administration;
mod history;
mod permit;
mod token;
mod words;

use abi::{
    IAdministration,
    IStakingPool::{self, IStakingPoolCalls},
    IValidatorRegistry, IWithdrawalQueue,
};
use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolValue};
use glue::{
    access::DEFAULT_ADMIN_ROLE,
    testing::{
        ADMIN, ALICE, BOB, ETHER, Outcome, START, behind_a_proxy, check_routes, host, last,
        refusal, routed, word,
    },
};
use pool_operations::{DISTRIBUTOR_ROLE, LIMITER_ROLE, PoolOperations};
use stylus_sdk::{abi::Router, testing::TestVM};

use super::*;

const TREASURY: Address = address!("00000000000000000000000000000000000000a2");
const ADMINISTRATION: Address = address!("00000000000000000000000000000000000000c0");
const OPERATIONS: Address = address!("00000000000000000000000000000000000000c3");
const REGISTRY: Address = address!("00000000000000000000000000000000000000c1");
const QUEUE: Address = address!("00000000000000000000000000000000000000c2");
const DEAD: Address = address!("000000000000000000000000000000000000dEaD");
/// What has code.
const PROGRAMS: [Address; 2] = [ADMINISTRATION, OPERATIONS];

/// Both programs of the pool on one storage.
struct World {
    vm: TestVM,
    pool: StakingPool,
    operations: PoolOperations,
}

impl World {
    /// A pool with 10^12 dead shares, 10 % fee, releases of 1,000 s; connected and open.
    fn new() -> Self {
        let mut world = Self::bare();
        let pool = world.vm.contract_address();
        let registry_pool = IValidatorRegistry::poolCall {}.abi_encode();
        let queue_pool = IWithdrawalQueue::poolCall {}.abi_encode();
        world
            .vm
            .mock_static_call(REGISTRY, registry_pool, Ok(pool.abi_encode()));
        world
            .vm
            .mock_static_call(QUEUE, queue_pool, Ok(pool.abi_encode()));
        let connected = world.call(
            ADMIN,
            0,
            &IStakingPool::connectCall {
                registry: REGISTRY,
                queue: QUEUE,
            },
        );
        assert_eq!(connected, Ok(vec![]));
        world
    }

    /// A pool that is constructed and no more.
    fn bare() -> Self {
        let vm = behind_a_proxy(&PROGRAMS);
        let mut pool = StakingPool::from(&vm);
        vm.set_value(U256::from(1_000_000_000_000_u64));
        assert_eq!(
            pool.initialize(ADMIN, ADMINISTRATION, OPERATIONS, TREASURY, 1_000, 1_000),
            Ok(())
        );
        // What the administration program does, which the mocked host does not run.
        let office = &mut pool.state.administration;
        assert_eq!(
            office.start(ADMIN, ADMINISTRATION, OPERATIONS, GROUPS),
            Ok(())
        );
        vm.set_value(U256::ZERO);
        let operations = PoolOperations::from(&vm);
        Self {
            vm,
            pool,
            operations,
        }
    }

    fn call<C: SolCall>(&mut self, sender: Address, value: u64, call: &C) -> Outcome {
        self.vm.set_sender(sender);
        self.vm.set_value(U256::from(value));
        let (selector, arguments) = routed(call);
        // As a call goes: what the first program does not route, the second does.
        let answer = StakingPool::route(&mut self.pool, selector, &arguments)
            .or_else(|| PoolOperations::route(&mut self.operations, selector, &arguments));
        self.vm.set_value(U256::ZERO);
        answer.expect("the interface is routed")
    }

    fn submit(&mut self, sender: Address, value: u64) -> Outcome {
        let referral = Address::ZERO;
        self.call(sender, value, &IStakingPool::submitCall { referral })
    }

    fn grant(&mut self, role: B256, account: Address) {
        self.pool.state.administration.roles.give(role, account);
    }

    /// Everything a refused call could have changed.
    fn state(&self) -> (U256, U256, U256, U256, usize) {
        (
            self.pool.get_total_shares(),
            self.pool.get_total_pooled_ether().expect("totals"),
            self.pool.shares_of(ALICE),
            self.pool.shares_of(BOB),
            self.vm.get_emitted_logs().len(),
        )
    }

    fn last<E: SolEvent>(&self) -> E {
        last(&self.vm)
    }
}

#[test]
fn every_call_of_the_interface_is_routed_by_one_of_the_two_programs() {
    let mut world = World::new();
    check_routes::<IStakingPoolCalls, _>(|selector, input| {
        [
            StakingPool::route(&mut world.pool, selector, input).is_some(),
            PoolOperations::route(&mut world.operations, selector, input).is_some(),
        ]
    });
}

#[test]
fn initialisation_mints_the_dead_shares_and_keeps_deposits_closed() {
    let mut world = World::bare();
    assert_eq!(
        world.pool.shares_of(DEAD),
        U256::from(1_000_000_000_000_u64)
    );
    assert!(world.pool.is_staking_paused());
    assert_eq!(
        world.submit(ALICE, ETHER),
        refusal(IAdministration::GroupPaused {
            group: 0,
            // The last second of 40 bits.
            until: 1_099_511_627_775
        })
    );
}

#[test]
fn a_second_initialisation_is_refused() {
    let mut world = World::new();
    world.vm.set_sender(ALICE);
    world.vm.set_value(U256::from(ETHER));
    let again = world
        .pool
        .initialize(ALICE, ADMINISTRATION, OPERATIONS, ALICE, 0, 1_000);
    assert_eq!(
        again.map_err(Vec::from),
        Err(IAdministration::AlreadyInitialized {}.abi_encode())
    );
    let roles = &world.pool.state.administration.roles;
    assert!(!roles.has(DEFAULT_ADMIN_ROLE, ALICE));
}

#[test]
fn the_program_itself_cannot_be_initialised() {
    let vm = host(&PROGRAMS);
    vm.set_value(U256::from(ETHER));
    let mut pool = StakingPool::from(&vm);
    let refused = pool.initialize(ALICE, ADMINISTRATION, OPERATIONS, ALICE, 0, 1_000);
    assert_eq!(
        refused.map_err(Vec::from),
        Err(IAdministration::NotBehindProxy {}.abi_encode())
    );
    assert_eq!(pool.get_total_shares(), U256::ZERO);
}

#[test]
fn initialisation_refuses_a_fee_above_a_fifth_and_a_release_of_a_second() {
    let vm = behind_a_proxy(&PROGRAMS);
    let mut pool = StakingPool::from(&vm);
    let fee = pool.initialize(ADMIN, ADMINISTRATION, OPERATIONS, TREASURY, 2_001, 1_000);
    let above = IStakingPool::FeeAboveMaximum {
        feeBps: 2_001,
        maximumBps: 2_000,
    };
    assert_eq!(fee.map_err(Vec::from), Err(above.abi_encode()));
    // The revert undoes what the mocked host keeps.
    let vm = behind_a_proxy(&PROGRAMS);
    let mut pool = StakingPool::from(&vm);
    let release = pool.initialize(ADMIN, ADMINISTRATION, OPERATIONS, TREASURY, 1_000, 1);
    let outside = IStakingPool::ParameterOutOfBounds {
        index: 5,
        value: U256::from(1),
        minimum: U256::from(60),
        maximum: U256::from(2_592_000),
    };
    assert_eq!(release.map_err(Vec::from), Err(outside.abi_encode()));
}

#[test]
fn a_deposit_mints_shares_and_says_so() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    assert_eq!(world.pool.shares_of(ALICE), U256::from(ETHER));
    let submitted: IStakingPool::Submitted = world.last();
    assert_eq!(submitted.sender, ALICE);
    assert_eq!(submitted.amount, U256::from(ETHER));
    let deposited: IStakingPool::Deposited = world.last();
    assert_eq!(deposited.receiver, ALICE);
    assert_eq!(
        deposited.totalShares,
        U256::from(1_000_001_000_000_000_000_u64)
    );
    let moved: IStakingPool::TransferShares = world.last();
    assert_eq!((moved.from, moved.to), (Address::ZERO, ALICE));
}

#[test]
fn a_plain_send_is_a_deposit() {
    let mut world = World::new();
    world.vm.set_sender(BOB);
    world.vm.set_value(U256::from(ETHER));
    assert_eq!(StakingPool::receive(&mut world.pool), Some(Ok(())));
    assert_eq!(world.pool.shares_of(BOB), U256::from(ETHER));
}

#[test]
fn refused_deposits_change_nothing() {
    let mut world = World::new();
    let before = world.state();
    let dust = IStakingPool::BelowMinimumDeposit {
        assets: U256::from(999_999_999_999_999_u64),
        minimum: U256::from(1_000_000_000_000_000_u64),
    };
    assert_eq!(world.submit(ALICE, 999_999_999_999_999), refusal(dust));
    let demanding = IStakingPool::depositCall {
        receiver: ALICE,
        referral: Address::ZERO,
        minShares: U256::from(ETHER + 1),
    };
    let few = IStakingPool::TooFewShares {
        shares: U256::from(ETHER),
        minimum: U256::from(ETHER + 1),
    };
    assert_eq!(world.call(ALICE, ETHER, &demanding), refusal(few));
    let to_nobody = IStakingPool::depositCall {
        receiver: Address::ZERO,
        referral: Address::ZERO,
        minShares: U256::ZERO,
    };
    let nobody = IStakingPool::ERC20InvalidReceiver {
        receiver: Address::ZERO,
    };
    assert_eq!(world.call(ALICE, ETHER, &to_nobody), refusal(nobody));
    assert_eq!(world.state(), before);
}

#[test]
fn the_stake_limit_refuses_what_is_over_and_refills_with_time() {
    let mut world = World::new();
    world.grant(LIMITER_ROLE, ADMIN);
    let limit = IStakingPool::setStakingLimitCall {
        maxStakeLimit: U256::from(ETHER),
        refillSeconds: 100,
    };
    assert_eq!(world.call(ADMIN, 0, &limit), Ok(vec![]));
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let before = world.state();
    let over = IStakingPool::StakingLimitExceeded {
        assets: U256::from(ETHER),
        available: U256::ZERO,
    };
    assert_eq!(world.submit(BOB, ETHER), refusal(over));
    assert_eq!(world.state(), before);
    world.vm.set_block_timestamp(START + 50);
    // Half of the time refills half of the bucket.
    assert_eq!(
        world.call(BOB, 0, &IStakingPool::getCurrentStakeLimitCall {}),
        word(ETHER / 2)
    );
}

#[test]
fn rewards_pay_the_fee_at_once_and_are_released_over_time() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    world.grant(DISTRIBUTOR_ROLE, BOB);
    let distribute = IStakingPool::distributeCall {};
    // A millionth of the pool, far below the daily cap.
    assert_eq!(world.call(BOB, 1_000_000_000_000, &distribute), Ok(vec![]));
    // 10 % of 10^12 at rate one.
    assert_eq!(
        world.pool.shares_of(TREASURY),
        U256::from(100_000_000_000_u64)
    );
    assert_eq!(
        world.operations.release(),
        (U256::from(900_000_000_000_u64), START, START + 1_000)
    );
    let before = world.pool.get_total_pooled_ether();
    assert_eq!(before, Ok(U256::from(1_000_001_100_000_000_000_u64)));
    world.vm.set_block_timestamp(START + 500);
    assert_eq!(
        world.pool.get_total_pooled_ether(),
        Ok(U256::from(1_000_001_550_000_000_000_u64))
    );
}

#[test]
fn rewards_come_from_a_distributor_only_and_not_empty() {
    let mut world = World::new();
    let before = world.state();
    let distribute = IStakingPool::distributeCall {};
    let unauthorized = IAdministration::AccessControlUnauthorizedAccount {
        account: ALICE,
        neededRole: DISTRIBUTOR_ROLE,
    };
    assert_eq!(world.call(ALICE, ETHER, &distribute), refusal(unauthorized));
    assert_eq!(world.state(), before);
    world.grant(DISTRIBUTOR_ROLE, ALICE);
    assert_eq!(
        world.call(ALICE, 0, &distribute),
        refusal(IStakingPool::ZeroAmount {})
    );
}

#[test]
fn only_the_registry_reports_losses_and_not_above_the_stake() {
    let mut world = World::new();
    let loss = IStakingPool::reportLossCall {
        assets: U256::from(5),
    };
    let stranger = IStakingPool::CallerNotAllowed {
        caller: ALICE,
        expected: REGISTRY,
    };
    assert_eq!(world.call(ALICE, 0, &loss), refusal(stranger));
    let above = IStakingPool::LossAboveDelegated {
        loss: U256::from(5),
        delegated: U256::ZERO,
    };
    assert_eq!(world.call(REGISTRY, 0, &loss), refusal(above));
}

#[test]
fn only_the_queue_is_paid_and_only_for_its_shares() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let before = world.state();
    let fill = IStakingPool::fillWithdrawalsCall {
        shares: U256::from(10),
        assets: U256::from(10),
    };
    let stranger = IStakingPool::CallerNotAllowed {
        caller: ALICE,
        expected: QUEUE,
    };
    assert_eq!(world.call(ALICE, 0, &fill), refusal(stranger));
    let lacking = IStakingPool::InsufficientShares {
        account: QUEUE,
        shares: U256::ZERO,
        needed: U256::from(10),
    };
    assert_eq!(world.call(QUEUE, 0, &fill), refusal(lacking));
    assert_eq!(world.state(), before);
}

#[test]
fn the_queue_is_never_paid_more_than_its_shares_are_worth() {
    let mut world = World::new();
    assert_eq!(world.submit(QUEUE, ETHER), word(ETHER));
    let before = world.state();
    let fill = IStakingPool::fillWithdrawalsCall {
        shares: U256::from(10),
        assets: U256::from(11),
    };
    let lowered = IStakingPool::RateLowered {
        preTotalEther: U256::from(1_000_001_000_000_000_000_u64),
        preTotalShares: U256::from(1_000_001_000_000_000_000_u64),
        postTotalEther: U256::from(1_000_000_999_999_999_989_u64),
        postTotalShares: U256::from(1_000_000_999_999_999_990_u64),
    };
    assert_eq!(world.call(QUEUE, 0, &fill), refusal(lowered));
    assert_eq!(world.state(), before);
}

#[test]
fn forced_eth_is_surplus_and_moves_no_rate() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let own = world.vm.contract_address();
    world
        .vm
        .set_balance(own, U256::from(1_000_001_000_000_000_007_u64));
    assert_eq!(
        world.operations.reserves(),
        Ok((
            U256::from(1_000_001_000_000_000_000_u64),
            U256::ZERO,
            U256::ZERO,
            U256::from(7),
        ))
    );
    assert_eq!(
        world.pool.get_pooled_eth_by_shares(U256::from(ETHER)),
        Ok(U256::from(ETHER))
    );
}

#[test]
fn value_for_a_method_that_takes_none_is_refused() {
    let mut world = World::new();
    world.vm.set_sender(ALICE);
    world.vm.set_value(U256::ONE);
    let approve = (BOB, U256::from(1)).abi_encode();
    let selector = u32::from_be_bytes(IStakingPool::approveCall::SELECTOR);
    // It is handed to the administration program, which takes no ETH either.
    assert_eq!(
        StakingPool::route(&mut world.pool, selector, &approve),
        None
    );
    assert_eq!(world.pool.allowance(ALICE, BOB), U256::ZERO);
}

#[test]
fn arguments_that_are_not_canonical_are_refused() {
    let mut world = World::new();
    let selector = u32::from_be_bytes(IStakingPool::balanceOfCall::SELECTOR);
    let mut dirty = [0_u8; 32];
    dirty[11] = 1;
    for data in [&dirty[..], &dirty[..31], &[]] {
        let answer = StakingPool::route(&mut world.pool, selector, data);
        assert_eq!(answer, Some(Err(vec![])));
    }
}
