//! The history of the rate, the deposit limit as Lido shows it, and ETH that is nobody's.

use abi::IValidatorRegistry;

use super::*;

/// One ETH a share, 27 decimals.
const ONE: u128 = 1_000_000_000_000_000_000_000_000_000;

impl World {
    fn rounds(&self) -> (u64, Result<(U256, u64), Error>) {
        let latest = self.pool.latest_round();
        (latest, self.pool.rate_at(latest))
    }
}

#[test]
fn the_history_begins_at_one_eth_a_share() {
    let world = World::new();
    assert_eq!(world.rounds(), (1, Ok((U256::from(ONE), START))));
}

#[test]
fn a_distribution_records_the_rate_of_its_moment() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, 3 * ETHER), word(3 * ETHER));
    world.grant(DISTRIBUTOR_ROLE, BOB);
    world.vm.set_block_timestamp(START + 5);
    let distribute = IStakingPool::distributeCall {};
    assert_eq!(world.call(BOB, 1_000, &distribute), Ok(vec![]));
    assert_eq!(world.rounds(), (2, Ok((U256::from(ONE), START + 5))));
    let recorded: IStakingPool::RateRecorded = world.last();
    assert_eq!((recorded.round, recorded.rateE27), (2, U256::from(ONE)));
}

#[test]
fn a_loss_is_in_the_history_when_it_is_in_the_rate() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    // A quarter of what there is, dead shares included, is lost at the registry.
    world
        .pool
        .state
        .books
        .store_stake(&pool_state::state::Stake {
            staked: u128::from(ETHER),
            target_buffer: 0,
            slash_until: 0,
        });
    let loss = IStakingPool::reportLossCall {
        assets: U256::from(250_000_250_000_000_000_u64),
    };
    world.vm.set_block_timestamp(START + 9);
    assert!(world.call(REGISTRY, 0, &loss).is_ok());
    let three_quarters = U256::from(ONE / 4 * 3);
    assert_eq!(world.rounds(), (2, Ok((three_quarters, START + 9))));
}

#[test]
fn anybody_records_the_rate_once_a_second() {
    let mut world = World::new();
    let record = IStakingPool::recordRateCall {};
    assert_eq!(world.call(ALICE, 0, &record), word(1));
    world.vm.set_block_timestamp(START + 1);
    assert_eq!(world.call(ALICE, 0, &record), word(2));
    assert_eq!(world.call(BOB, 0, &record), word(2));
    assert_eq!(world.rounds(), (2, Ok((U256::from(ONE), START + 1))));
}

#[test]
fn a_round_that_was_never_recorded_is_refused() {
    let mut world = World::new();
    for round in [0, 2, u64::MAX] {
        let unknown = IStakingPool::UnknownRound { round, latest: 1 };
        let at = IStakingPool::rateAtCall { round };
        assert_eq!(world.call(ALICE, 0, &at), refusal(unknown));
    }
}

#[test]
fn the_deposit_limit_is_shown_in_lidos_seven_fields() {
    let mut world = World::new();
    world.grant(LIMITER_ROLE, ADMIN);
    let limit = IStakingPool::setStakingLimitCall {
        maxStakeLimit: U256::from(10 * ETHER),
        refillSeconds: 100,
    };
    assert_eq!(world.call(ADMIN, 0, &limit), Ok(vec![]));
    assert_eq!(world.submit(ALICE, 4 * ETHER), word(4 * ETHER));
    world.vm.set_block_timestamp(START + 10);
    // A tenth of the time has refilled a tenth of the bucket.
    let expected = (
        false,
        true,
        U256::from(7 * ETHER),
        U256::from(10 * ETHER),
        U256::from(100),
        U256::from(6 * ETHER),
        U256::from(START),
    );
    assert_eq!(world.operations.get_stake_limit_full_info(), Ok(expected));
}

#[test]
fn surplus_stays_until_there_is_a_cover_fund() {
    let mut world = World::bare();
    let own = world.vm.contract_address();
    world.vm.set_balance(own, U256::from(1_000_000_000_005_u64));
    let nobody = IAdministration::NotAContract {
        target: Address::ZERO,
    };
    let sweep = IStakingPool::sweepSurplusCall {};
    assert_eq!(world.call(BOB, 0, &sweep), refusal(nobody));
}

#[test]
fn surplus_goes_to_the_cover_fund_and_nowhere_else() {
    let mut world = World::new();
    let sweep = IStakingPool::sweepSurplusCall {};
    let own = world.vm.contract_address();
    let owed = U256::from(1_000_000_000_000_u64);
    world.vm.set_balance(own, owed);
    assert_eq!(
        world.call(BOB, 0, &sweep),
        refusal(IStakingPool::ZeroAmount {})
    );
    world.vm.set_balance(own, owed + U256::from(5));
    let fund = IValidatorRegistry::fundCoverCall {}.abi_encode();
    world
        .vm
        .mock_call(REGISTRY, fund, U256::from(5), Ok(vec![]));
    assert_eq!(world.call(BOB, 0, &sweep), word(5));
    let swept: IStakingPool::SurplusSwept = world.last();
    assert_eq!(swept.assets, U256::from(5));
}
