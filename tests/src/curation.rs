//! Lanes, targets, commissions, keys and bonds of validators, and the views that foresee a rebalance.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolEvent, SolInterface};
use client::abi::IValidatorRegistry::{
    BondLocked, BondReturned, BondTooSmall, IValidatorRegistryCalls, OpenFaults, StakeDelegated,
    StakeUndelegated,
};
use client::send::SendError;
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// What a rebalance gave to each validator, in its order.
fn delegated(receipt: &TransactionReceipt) -> Vec<(u32, U256)> {
    let logs = receipt.inner.logs().iter();
    logs.filter_map(|log| StakeDelegated::decode_log(&log.inner).ok())
        .map(|log| (log.id, log.assets))
        .collect()
}

/// What a rebalance called back from each validator, in its order.
fn undelegated(receipt: &TransactionReceipt) -> Vec<(u32, U256)> {
    let logs = receipt.inner.logs().iter();
    logs.filter_map(|log| StakeUndelegated::decode_log(&log.inner).ok())
        .map(|log| (log.id, log.assets))
        .collect()
}

#[tokio::test]
async fn every_call_of_the_interface_is_answered_by_one_of_the_programs() -> Result<()> {
    let world = World::fresh().await?;
    for selector in IValidatorRegistryCalls::selectors() {
        // Arguments of zeros: numbers, addresses, and an empty string at offset 0.
        let mut call = selector.to_vec();
        call.extend([0; 32 * 8]);
        let request = TransactionRequest::default()
            .with_to(*world.protocol.registry.address())
            .with_input(call);
        match world.provider.call(request).await.map_err(SendError::from) {
            Ok(_) => {}
            // Whoever knows the call says why it is refused.
            Err(SendError::Reverted(revert)) => {
                assert!(!revert.0.is_empty(), "{selector:02x?}");
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_rebalance_does_what_the_allocation_says() -> Result<()> {
    let world = World::with_validators().await?;
    let (pool, registry) = (&world.protocol.pool, &world.protocol.registry);
    let vet = registry.vet(2, ether(30)).into_transaction_request();
    world.send(world.admin, vet).await?;
    let target = registry.setTargetLimit(3, ether(5));
    world
        .send(world.admin, target.into_transaction_request())
        .await?;
    world.deposit(world.alice, milliether(199_990)).await?;
    let (buffered, total, ops) = (
        pool.getBufferedEther().call().await?,
        pool.getTotalPooledEther().call().await?,
        U256::from(16),
    );
    let most = registry.placeable(buffered, total, ops).call().await?;
    let plan = registry.allocation(most, total, ops).call().await?;
    let plan: Vec<_> = plan.iter().map(|to| (to.validator, to.assets)).collect();
    let receipt = world.rebalance().await?;
    assert_eq!(delegated(&receipt), plan);
    // Of 200 ETH a validator may hold 40: 1 and 4 are held there by the pool, 2 by what it was
    // vetted for, 3 by its target.
    let mut shares = plan;
    shares.sort_unstable();
    assert_eq!(
        shares,
        [
            (1, ether(40)),
            (2, ether(30)),
            (3, ether(5)),
            (4, ether(40))
        ]
    );

    world.request(world.alice, ether(100)).await?;
    world.finalize(100).await?;
    let plan = registry.exitAllocation(ether(15), ops).call().await?;
    let plan: Vec<_> = plan
        .iter()
        .map(|from| (from.validator, from.assets))
        .collect();
    let receipt = world.rebalance().await?;
    // 85 of the 100 ETH lay in the buffer.
    assert_eq!(undelegated(&receipt), plan);
    Ok(())
}

#[tokio::test]
async fn vetting_lets_the_same_bond_carry_twice_as_much() -> Result<()> {
    let world = World::fresh().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    world.deposit(world.alice, ether(1_000)).await?;
    let id = world.register(operator, ether(2)).await?;
    let activate = registry.activate(id).into_transaction_request();
    world.send(operator, activate).await?;
    world.rebalance().await?;
    assert_eq!(registry.validator(id).call().await?.delegated, ether(10));
    let vet = registry.vet(id, U256::MAX).into_transaction_request();
    world.send(world.admin, vet).await?;
    world.rebalance().await?;
    assert_eq!(registry.validator(id).call().await?.delegated, ether(20));
    // Back in the open lane it keeps what it has and is given nothing.
    let unvet = registry.unvet(id).into_transaction_request();
    world.send(world.admin, unvet).await?;
    world.rebalance().await?;
    assert_eq!(registry.validator(id).call().await?.delegated, ether(20));
    let capacity = registry.capacityOf(id, ether(1_000)).call().await?;
    assert_eq!((capacity.lane, capacity.capacity), (0, ether(10)));
    Ok(())
}

#[tokio::test]
async fn a_part_of_the_bond_leaves_after_its_time_and_not_under_pending_evidence() -> Result<()> {
    let world = World::with_stake().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    // 20 ETH of stake need 4 ETH of the 10.
    let too_much = registry.requestBondExit(1, ether(6) + U256::from(1));
    let expected = BondTooSmall {
        bond: ether(4) - U256::from(1),
        required: ether(4),
    };
    world
        .refused(operator, too_much.into_transaction_request(), expected)
        .await?;
    let request = registry.requestBondExit(1, ether(6));
    world
        .send(operator, request.into_transaction_request())
        .await?;
    let claim = registry
        .claimBond(1)
        .from(operator.0)
        .into_transaction_request();
    let locked = world.refusal::<BondLocked>(claim.clone()).await?;
    let waiting = registry.bondExitOf(1).call().await?;
    assert_eq!(
        (waiting.assets, waiting.availableAt),
        (ether(6), locked.availableAt)
    );

    world.advance(7 * 86_400 - 60).await?;
    let evidence = B256::repeat_byte(1);
    let open = registry.openFault(1, evidence).into_transaction_request();
    world.send(world.admin, open).await?;
    assert_eq!(registry.pendingFaults().call().await?, 1);
    world.advance(120).await?;
    world
        .refused(operator, claim.clone(), OpenFaults { count: 1 })
        .await?;
    let dismiss = registry.dismissFault(1, evidence);
    world
        .send(world.admin, dismiss.into_transaction_request())
        .await?;
    let receipt = world.send(operator, claim).await?;
    let returned = receipt.decoded_log::<BondReturned>();
    assert_eq!(returned.ok_or_eyre("no event")?.assets, ether(6));
    assert_eq!(registry.validator(1).call().await?.bond, ether(4));
    Ok(())
}

#[tokio::test]
async fn a_validator_without_stake_cannot_leave_before_evidence_is_out_of_date() -> Result<()> {
    let world = World::with_validators().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    world
        .send(operator, registry.exit(1).into_transaction_request())
        .await?;
    let withdraw = registry
        .withdrawBond(1)
        .from(operator.0)
        .into_transaction_request();
    world.refusal::<BondLocked>(withdraw.clone()).await?;
    // The evidence that it feared.
    let slash = world.slash(1, ether(3), B256::repeat_byte(1));
    world.send(world.admin, slash).await?;
    world.advance(7 * 86_400).await?;
    let receipt = world.send(operator, withdraw).await?;
    let returned = receipt.decoded_log::<BondReturned>();
    assert_eq!(returned.ok_or_eyre("no event")?.assets, ether(7));
    Ok(())
}

#[tokio::test]
async fn a_new_commission_is_charged_an_epoch_after_its_announcement() -> Result<()> {
    let world = World::with_validators().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    let announce = registry.announceCommission(1, 900);
    world
        .send(operator, announce.into_transaction_request())
        .await?;
    assert_eq!(registry.validator(1).call().await?.commissionBps, 500);
    let planned = registry.commissionOf(1).call().await?;
    assert_eq!((planned.previousBps, planned.commissionBps), (500, 900));
    world.advance(3_600).await?;
    assert_eq!(registry.validator(1).call().await?.commissionBps, 900);
    Ok(())
}

#[tokio::test]
async fn a_rotated_key_still_finds_its_validator() -> Result<()> {
    let world = World::with_validators().await?;
    let registry = &world.protocol.registry;
    let [operator, ..] = world.operators;
    let signer = Address::repeat_byte(0x51);
    let rotate = registry.rotateSigner(1, signer).into_transaction_request();
    world.send(operator, rotate).await?;
    assert_eq!(registry.validator(1).call().await?.signer, signer);
    for known in [signer, operator.0] {
        assert_eq!(registry.validatorOfSigner(known).call().await?, 1);
    }
    Ok(())
}
