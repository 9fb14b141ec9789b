//! On the chain: keeping a program from expiring, and a place in the cache.
use alloy::{primitives::keccak256, providers::Provider};
use eyre::Result;

use super::project::Project;

const DAY: u64 = 86_400;

#[tokio::test]
async fn a_program_is_kept_alive_once_a_month_has_passed() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let echo = project.deploy_echo()?;
    project.send(&["activate"], &["--address", &echo.to_string()])?;
    let hash = keccak256(project.provider.get_code_at(echo).await?);
    let shown = hash.to_string();
    let keepalive = ["--codehash", &shown];
    let words = project.refused(&["codehash-keepalive"], &keepalive)?;
    assert!(words.contains("ProgramKeepaliveTooSoon"), "{words}");

    let client = project.provider.client();
    let _: serde_json::Value = client.request("evm_increaseTime", (32 * DAY,)).await?;
    let _: serde_json::Value = client.request("evm_mine", ()).await?;
    // A year, less the 32 days; ages are counted in whole hours.
    let left = project.seconds_left(echo).await?;
    assert!((332 * DAY..=333 * DAY).contains(&left), "{left}");
    // cargo-stylus 0.10.10 sends no fee with a keepalive, and Nitro wants one.
    let words = project.refused(&["codehash-keepalive"], &keepalive)?;
    assert!(words.contains("ProgramInsufficientValue(0, "), "{words}");
    project.keep_alive(hash).await?;
    let left = project.seconds_left(echo).await?;
    assert!((364 * DAY..=365 * DAY).contains(&left), "{left}");
    Ok(())
}

#[tokio::test]
async fn a_program_is_cached_by_a_bid() -> Result<()> {
    let Some(project) = Project::open().await? else {
        return Ok(());
    };
    let echo = project.deploy_echo()?;
    let address = echo.to_string();
    let words = project.refused(&["cache", "bid"], &[&address, "0"])?;
    assert!(words.contains("not yet activated"), "{words}");
    project.send(&["activate"], &["--address", &address])?;

    let status = || project.run(&["cache", "status"], &["--address", &address]);
    assert!(status()?.contains("is not yet cached"));
    let suggested = project.run(&["cache", "suggest-bid"], &[&address])?;
    assert!(suggested.contains(": 0 wei"), "{suggested}");
    let bid = project.send(&["cache", "bid"], &[&address, "0"])?;
    assert!(bid.contains("Sent Stylus cache bid tx"), "{bid}");
    assert!(status()?.contains("is cached"));
    let again = project.refused(&["cache", "bid"], &[&address, "0"])?;
    assert!(again.contains("already cached"), "{again}");
    Ok(())
}
