//! Validators: how they come in, what stake they are given, how they leave.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use client::abi::IAdministration::NotBehindProxy;
use client::abi::IValidatorRegistry::{
    BondReturned, BondTooSmall, ForbiddenTransition, NotOperator, SignerInUse, StakeOutstanding,
    UnknownValidator, ZeroAddress,
};
use client::contract::Program;
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// Status codes of `IValidatorRegistry`.
const PENDING: u8 = 1;
const ACTIVE: u8 = 2;
const EXITED: u8 = 5;

#[tokio::test]
async fn a_validator_is_pending_until_its_operator_activates_it() -> Result<()> {
    let world = World::fresh().await?;
    let registry = &world.protocol.registry;
    let id = world.register(world.operators[0], ether(10)).await?;
    assert_eq!(registry.validator(id).call().await?.status, PENDING);
    let activate = registry.activate(id).into_transaction_request();
    let expected = NotOperator {
        caller: world.stranger.0,
        operator: world.operators[0].0,
    };
    world
        .refused(world.stranger, activate.clone(), expected)
        .await?;
    world.send(world.operators[0], activate.clone()).await?;
    assert_eq!(registry.validator(id).call().await?.status, ACTIVE);
    let expected = ForbiddenTransition {
        current: ACTIVE,
        requested: ACTIVE,
    };
    world.refused(world.operators[0], activate, expected).await
}

#[tokio::test]
async fn a_bond_below_the_minimum_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let [operator, ..] = world.operators;
    let registration = world.registration(operator.0, operator.0, milliether(999));
    let expected = BondTooSmall {
        bond: milliether(999),
        required: ether(1),
    };
    world.refused(operator, registration, expected).await
}

#[tokio::test]
async fn a_signer_serves_one_validator_only() -> Result<()> {
    let world = World::fresh().await?;
    let [first, second, ..] = world.operators;
    let id = world.register(first, ether(1)).await?;
    let registration = world.registration(first.0, second.0, ether(1));
    let expected = SignerInUse {
        signer: first.0,
        id,
    };
    world.refused(second, registration, expected).await
}

#[tokio::test]
async fn a_validator_without_a_reward_address_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let [operator, ..] = world.operators;
    let registration = world.registration(operator.0, Address::ZERO, ether(1));
    world.refused(operator, registration, ZeroAddress {}).await
}

#[tokio::test]
async fn a_validator_that_does_not_exist_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let activate = world
        .protocol
        .registry
        .activate(9)
        .into_transaction_request();
    world
        .refused(world.stranger, activate, UnknownValidator { id: 9 })
        .await
}

#[tokio::test]
async fn equal_validators_are_given_equal_stake() -> Result<()> {
    let world = World::with_validators().await?;
    // 100 ETH are pooled with the 0.01 of nobody; four validators may carry 20 % each.
    world.deposit(world.alice, milliether(99_990)).await?;
    world.rebalance().await?;
    for id in 1..=4 {
        let validator = world.protocol.registry.validator(id).call().await?;
        assert_eq!(validator.delegated, ether(20), "validator {id}");
    }
    assert_eq!(
        world.protocol.pool.getBufferedEther().call().await?,
        ether(20)
    );
    Ok(())
}

#[tokio::test]
async fn who_rebalances_one_validator_at_a_time_prefers_nobody() -> Result<()> {
    let world = World::with_validators().await?;
    let (pool, registry) = (&world.protocol.pool, &world.protocol.registry);
    world.deposit(world.alice, milliether(99_990)).await?;
    let buffer = pool.setTargetBuffer(ether(60));
    world
        .send(world.admin, buffer.into_transaction_request())
        .await?;
    // 40 of 100 ETH are to be delegated; one validator alone could take 20.
    for id in 1..=4 {
        let one = pool.rebalance(U256::from(1)).into_transaction_request();
        world.send(world.stranger, one).await?;
        let delegated = registry.validator(id).call().await?.delegated;
        assert_eq!(delegated, ether(10), "validator {id}");
    }
    assert_eq!(pool.getBufferedEther().call().await?, ether(60));
    Ok(())
}

#[tokio::test]
async fn new_stake_goes_to_the_emptiest_validator_first() -> Result<()> {
    let world = World::fresh().await?;
    let registry = &world.protocol.registry;
    world.deposit(world.alice, ether(1_000)).await?;
    for (operator, bond) in [(world.operators[0], 1), (world.operators[1], 1)] {
        let id = world.register(operator, ether(bond)).await?;
        let activate = registry.activate(id).into_transaction_request();
        world.send(operator, activate).await?;
    }
    world.rebalance().await?;
    let full = registry.validator(1).call().await?.delegated;
    assert_eq!(full, registry.validator(2).call().await?.delegated);
    let third = world.register(world.operators[2], ether(1)).await?;
    let activate = registry.activate(third).into_transaction_request();
    world.send(world.operators[2], activate).await?;
    world.rebalance().await?;
    assert_eq!(registry.validator(third).call().await?.delegated, full);
    assert_eq!(registry.validator(1).call().await?.delegated, full);
    Ok(())
}

#[tokio::test]
async fn who_is_accused_is_given_no_stake_until_the_fault_is_decided() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    world.deposit(world.alice, ether(100)).await?;
    let evidence = B256::repeat_byte(1);
    let open = registry.openFault(1, evidence).into_transaction_request();
    world.send(world.admin, open).await?;
    world.rebalance().await?;
    for (id, stake) in [(1, 20), (2, 40), (3, 40), (4, 40)] {
        let delegated = registry.validator(id).call().await?.delegated;
        assert_eq!(delegated, ether(stake), "validator {id}");
    }
    let capacity = registry.capacityOf(1, ether(200)).call().await?.capacity;
    assert_eq!(capacity, ether(20));
    let dismiss = registry.dismissFault(1, evidence);
    world
        .send(world.admin, dismiss.into_transaction_request())
        .await?;
    world.rebalance().await?;
    assert_eq!(registry.validator(1).call().await?.delegated, ether(40));
    Ok(())
}

#[tokio::test]
async fn a_bond_leaves_only_after_the_stake_it_stands_for() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    world
        .send(operator, registry.exit(1).into_transaction_request())
        .await?;
    let withdraw = registry.withdrawBond(1).into_transaction_request();
    let outstanding = |delegated, unbonding| StakeOutstanding {
        delegated,
        unbonding,
    };
    let still_delegated = outstanding(ether(20), U256::ZERO);
    world
        .refused(operator, withdraw.clone(), still_delegated)
        .await?;
    world.rebalance().await?;
    let still_unbonding = outstanding(U256::ZERO, ether(20));
    world
        .refused(operator, withdraw.clone(), still_unbonding)
        .await?;

    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    let receipt = world.send(operator, withdraw).await?;
    let returned = receipt
        .decoded_log::<BondReturned>()
        .ok_or_eyre("no event")?;
    assert_eq!(returned.assets, ether(10));
    let validator = registry.validator(1).call().await?;
    assert_eq!((validator.status, validator.bond), (EXITED, U256::ZERO));
    Ok(())
}

#[tokio::test]
async fn who_lost_its_bond_and_stays_away_makes_room_by_anybodys_call() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    // All of the bond; the jail lasts for the seven days in which stake leaves.
    let penalty = world.slash(1, ether(10), B256::repeat_byte(1));
    world.send(world.admin, penalty).await?;
    world.rebalance().await?;
    let exit = registry.exit(1).into_transaction_request();
    let expected = || NotOperator {
        caller: world.stranger.0,
        operator: world.operators[0].0,
    };
    // Two weeks are left to make it whole.
    world.advance(21 * 86_400 - 60).await?;
    world
        .refused(world.stranger, exit.clone(), expected())
        .await?;
    world.advance(60).await?;
    let healthy = registry.exit(2).into_transaction_request();
    let expected = NotOperator {
        caller: world.stranger.0,
        operator: world.operators[1].0,
    };
    world.refused(world.stranger, healthy, expected).await?;
    world.send(world.stranger, exit).await?;
    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    let withdraw = registry.withdrawBond(1).into_transaction_request();
    world.send(world.stranger, withdraw).await?;
    assert_eq!(registry.validator(1).call().await?.status, EXITED);
    Ok(())
}

#[tokio::test]
async fn a_raised_minimum_bond_ends_what_smaller_bonds_are_given() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    let terms = registry.setTerms(ether(11), 10, 5, 2_000);
    world
        .send(world.admin, terms.into_transaction_request())
        .await?;
    let capacity = registry.capacityOf(1, ether(1_000)).call().await?.capacity;
    assert_eq!(capacity, U256::ZERO);
    let top_up = registry.topUpBond(1).value(ether(1));
    world
        .send(world.operators[0], top_up.into_transaction_request())
        .await?;
    let capacity = registry.capacityOf(1, ether(1_000)).call().await?.capacity;
    assert_eq!(capacity, ether(55));
    Ok(())
}

#[tokio::test]
async fn the_program_of_the_desk_takes_no_ether_for_itself() -> Result<()> {
    let world = World::fresh().await?;
    let registry = &world.protocol.registry;
    let desk = world.program(Program::RegistryDesk)?;
    let fund = registry.fundCover().value(ether(1));
    let register = world.registration(world.alice.0, world.alice.0, ether(10));
    for request in [fund.into_transaction_request(), register] {
        let astray = request.with_to(desk);
        world
            .refused(world.alice, astray, NotBehindProxy {})
            .await?;
    }
    Ok(())
}
