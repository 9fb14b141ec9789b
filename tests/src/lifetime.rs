//! Programs are active for a year: kept alive, they go on; expired, they come back with all they had.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use client::lifetime::{Kept, Life, keep, left};
use client::revert::Revert;
use client::send::{SendError, send};
use eyre::{Result, ensure};

use crate::world::{World, ether};

const DAY: u64 = 86_400;

/// Alice's request for 10 ETH is finalized and not claimed.
async fn finalized() -> Result<(World, U256)> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(30)).await?;
    let id = world.request(world.alice, ether(10)).await?;
    world.finalize(1).await?;
    Ok((world, id))
}

/// The stranger keeps every program; how each ended.
async fn keep_all(world: &World) -> Result<Vec<Kept>> {
    let mut all = Vec::new();
    for deployed in &world.programs {
        let (address, codehash) = (deployed.address, deployed.codehash);
        all.push(keep(&world.provider, world.stranger.0, address, codehash).await?);
    }
    Ok(all)
}

async fn secs_left(world: &World, program: Address) -> Result<Option<u64>> {
    match left(&world.provider, program).await? {
        Life::Active { secs } => Ok(Some(secs)),
        Life::Inactive(_) => Ok(None),
    }
}

/// Anybody's claim of Alice's request pays her 10 ETH.
async fn pays(world: &World, id: U256) -> Result<()> {
    let before = world.wei(world.alice.0).await?;
    world.claim(world.stranger, id).await?;
    assert_eq!(world.wei(world.alice.0).await? - before, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_claim_pays_after_a_year_if_the_programs_were_kept_alive() -> Result<()> {
    let (world, id) = finalized().await?;
    world.advance(364 * DAY).await?;
    let purse = world.wei(world.stranger.0).await?;
    let kept = keep_all(&world).await?;
    let mut fees = U256::ZERO;
    for kept in &kept {
        let Kept::Prolonged { fee } = kept else {
            eyre::bail!("{kept:?}");
        };
        ensure!(!fee.is_zero(), "a data fee of nothing");
        fees += fee;
    }
    assert_eq!(kept.len(), 9);
    // No more was taken than the fees, and gas at the base fee.
    let gas = U256::from(9 * 1_000_000_u64 * 100_000_000);
    let spent = purse - world.wei(world.stranger.0).await?;
    ensure!(spent >= fees && spent < fees + gas, "{spent} for {fees}");
    for deployed in &world.programs {
        // Activations are booked by the hour.
        let secs = secs_left(&world, deployed.address).await?;
        ensure!(
            secs > Some(365 * DAY - 3_700),
            "{} {secs:?}",
            deployed.program
        );
    }
    world.advance(2 * DAY).await?;
    pays(&world, id).await?;
    // What was kept lately is left alone.
    for kept in keep_all(&world).await? {
        ensure!(
            matches!(kept, Kept::TooYoung { age_secs } if age_secs < 3 * DAY),
            "{kept:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_claim_of_expired_programs_is_refused_and_pays_once_they_are_active_again() -> Result<()>
{
    let (world, id) = finalized().await?;
    let queue = *world.protocol.queue.address();
    // The counters and what the queue holds: nothing answers that would tell more.
    let state = async || -> Result<_> {
        let word = world.provider.get_storage_at(queue, U256::ZERO).await?;
        Ok((
            word,
            world.wei(queue).await?,
            world.wei(world.alice.0).await?,
        ))
    };
    world.advance(366 * DAY).await?;
    let before = state().await?;
    let claim = world.protocol.queue.claimWithdrawal(id);
    let claim = claim.from(world.stranger.0).gas(2_000_000);
    let failed = send(&world.provider, claim.into_transaction_request()).await;
    let without_a_word = match &failed {
        Err(SendError::Reverted(Revert(data))) => data.is_empty(),
        Err(SendError::Failed { .. } | SendError::Node(_)) => true,
        _ => false,
    };
    ensure!(without_a_word, "{failed:?}");
    assert_eq!(state().await?, before);
    assert_eq!(before.1, ether(10));

    for deployed in &world.programs {
        assert_eq!(secs_left(&world, deployed.address).await?, None);
    }
    for kept in keep_all(&world).await? {
        ensure!(matches!(kept, Kept::Reactivated { .. }), "{kept:?}");
    }
    pays(&world, id).await
}

#[tokio::test]
async fn a_program_may_be_kept_alive_from_its_thirty_first_day_on() -> Result<()> {
    let world = World::fresh().await?;
    world.advance(30 * DAY).await?;
    for kept in keep_all(&world).await? {
        ensure!(matches!(kept, Kept::TooYoung { .. }), "{kept:?}");
    }
    world.advance(DAY).await?;
    for kept in keep_all(&world).await? {
        ensure!(matches!(kept, Kept::Prolonged { .. }), "{kept:?}");
    }
    Ok(())
}
