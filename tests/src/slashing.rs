//! Slashing: who bears a penalty, in which order, and which penalties are refused.

use alloy::primitives::{B256, U256};
use client::abi::IAdministration::AccessControlUnauthorizedAccount;
use client::abi::IValidatorRegistry::{
    EvidenceAlreadyUsed, PenaltyAboveExposure, ReporterRewarded, UnknownValidator,
    ValidatorSlashed, ZeroPenalty,
};
use client::protocol::{DEAD, Role};
use eyre::{OptionExt, Result};

use crate::world::{World, ether, milliether};

/// Status code of a jailed validator.
const JAILED: u8 = 3;

fn evidence(number: u8) -> B256 {
    B256::repeat_byte(number)
}

#[tokio::test]
async fn a_penalty_within_the_bond_costs_the_holders_nothing() -> Result<()> {
    let world = World::with_stake().await?;
    let rate = world.protocol.rate().await?;
    let receipt = world
        .send(world.admin, world.slash(1, ether(4), evidence(1)))
        .await?;
    let slashed = receipt
        .decoded_log::<ValidatorSlashed>()
        .ok_or_eyre("no event")?;
    assert_eq!(slashed.bondLoss, ether(4));
    assert_eq!(slashed.socialised, U256::ZERO);
    assert_eq!(world.protocol.rate().await?, rate);
    // A twentieth of the bond loss is the reporter's, the rest is burned.
    let rewarded = receipt
        .decoded_log::<ReporterRewarded>()
        .ok_or_eyre("no event")?;
    assert_eq!(rewarded.assets, milliether(200));
    assert_eq!(world.wei(DEAD).await?, milliether(3_800));
    let validator = world.protocol.registry.validator(1).call().await?;
    assert_eq!((validator.status, validator.bond), (JAILED, ether(6)));
    Ok(())
}

#[tokio::test]
async fn a_penalty_takes_bond_then_cover_then_unreleased_rewards_then_the_rate() -> Result<()> {
    let world = World::with_stake().await?;
    let cover = world.protocol.registry.fundCover().value(ether(1));
    world
        .send(world.stranger, cover.into_transaction_request())
        .await?;
    world.distribute(ether(1)).await?;
    let slash = world.slash(1, ether(16), evidence(1));
    let receipt = world.send_a_loss(world.admin, slash).await?;
    let slashed = receipt
        .decoded_log::<ValidatorSlashed>()
        .ok_or_eyre("no event")?;
    assert_eq!(slashed.bondLoss, ether(10));
    assert_eq!(slashed.coverUsed, ether(1));
    assert_eq!(slashed.fromUnreleased + slashed.socialised, ether(5));
    // 0.9 ETH were to be released, a little of which may have been already.
    assert!(
        slashed.fromUnreleased > milliether(890),
        "{}",
        slashed.fromUnreleased
    );
    assert!(
        slashed.fromUnreleased <= milliether(900),
        "{}",
        slashed.fromUnreleased
    );
    let rate = world.protocol.rate().await?;
    assert!(rate.assets < rate.shares, "{rate:?}");
    Ok(())
}

#[tokio::test]
async fn undelegated_stake_can_be_slashed_until_it_has_unbonded() -> Result<()> {
    let world = World::with_stake().await?;
    world.request(world.alice, ether(90)).await?;
    world.finalize(100).await?;
    world.rebalance().await?;
    let unbonding = world.protocol.registry.validator(1).call().await?.unbonding;
    assert!(unbonding > U256::ZERO);
    let slash = world.slash(1, ether(15), evidence(1));
    let receipt = world.send_a_loss(world.admin, slash).await?;
    let slashed = receipt
        .decoded_log::<ValidatorSlashed>()
        .ok_or_eyre("no event")?;
    assert_eq!(slashed.socialised, ether(5));
    assert!(world.protocol.registry.validator(1).call().await?.unbonding < unbonding);
    Ok(())
}

#[tokio::test]
async fn a_penalty_above_the_exposure_is_refused() -> Result<()> {
    let world = World::with_stake().await?;
    let penalty = ether(30) + U256::from(1);
    let expected = PenaltyAboveExposure {
        penalty,
        exposure: ether(30),
    };
    world
        .refused(world.admin, world.slash(1, penalty, evidence(1)), expected)
        .await?;
    world
        .send_a_loss(world.admin, world.slash(1, ether(30), evidence(1)))
        .await?;
    Ok(())
}

#[tokio::test]
async fn evidence_counts_once() -> Result<()> {
    let world = World::with_stake().await?;
    world
        .send(world.admin, world.slash(1, ether(1), evidence(7)))
        .await?;
    let expected = EvidenceAlreadyUsed {
        evidenceHash: evidence(7),
    };
    let again = world.slash(1, ether(1), evidence(7));
    world.refused(world.admin, again, expected.clone()).await?;
    let elsewhere = world.slash(2, ether(1), evidence(7));
    world.refused(world.admin, elsewhere, expected).await
}

#[tokio::test]
async fn a_slash_without_the_role_is_refused() -> Result<()> {
    let world = World::with_stake().await?;
    let expected = AccessControlUnauthorizedAccount {
        account: world.stranger.0,
        neededRole: Role::Slasher.id(),
    };
    world
        .refused(
            world.stranger,
            world.slash(1, ether(1), evidence(1)),
            expected,
        )
        .await
}

#[tokio::test]
async fn a_slash_of_nothing_is_refused() -> Result<()> {
    let world = World::with_stake().await?;
    let nothing = world.slash(1, U256::ZERO, evidence(1));
    world.refused(world.admin, nothing, ZeroPenalty {}).await?;
    let nobody = world.slash(9, ether(1), evidence(1));
    world
        .refused(world.admin, nobody, UnknownValidator { id: 9 })
        .await
}

#[tokio::test]
async fn a_loss_spares_finalized_requests_and_cuts_queued_ones() -> Result<()> {
    let world = World::with_stake().await?;
    let finalized = world.request(world.alice, ether(10)).await?;
    world.finalize(100).await?;
    let queued = world.request(world.alice, ether(40)).await?;
    let slash = world.slash(1, ether(28), evidence(1));
    world.send_a_loss(world.admin, slash).await?;

    let queue = &world.protocol.queue;
    assert_eq!(queue.requestOf(finalized).call().await?.locked, ether(10));
    for _ in 0..2 {
        world.rebalance().await?;
        world.advance(7 * 86_400).await?;
    }
    world.rebalance().await?;
    world.finalize(100).await?;
    // 90 ETH stood behind 90 shares; 18 of them were lost, so that 40 shares are worth 32.
    let paid = queue.requestOf(queued).call().await?.locked;
    assert!(
        paid <= ether(32) && paid + U256::from(4) >= ether(32),
        "{paid}"
    );
    Ok(())
}
