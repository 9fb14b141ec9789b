//! How time passes in the demo.

use std::time::Duration;

use alloy::providers::DynProvider;
use client::clock;
use eyre::Result;

use super::stage::Stage;
use crate::amounts::duration;

/// The shortest release and the shortest unbonding that the contracts take.
const SHORTEST_SECS: u64 = 60;

/// The timers that the protocol is deployed with, and whether the clock can be moved past them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timers {
    pub(super) release_secs: u64,
    pub(super) unbonding_secs: u64,
    travels: bool,
}

impl Timers {
    /// A devnode lets a week pass at once. Any other node gets timers short enough to wait for.
    pub(super) async fn of(provider: &DynProvider) -> Self {
        if clock::advance(provider, 1).await.is_ok() {
            return Self {
                release_secs: 3_600,
                unbonding_secs: 7 * 86_400,
                travels: true,
            };
        }
        println!("  this node does not move its clock: the demo waits out timers of a minute");
        Self {
            release_secs: SHORTEST_SECS,
            unbonding_secs: SHORTEST_SECS,
            travels: false,
        }
    }

    /// Lets `secs` pass; where the clock cannot be moved, no more than is worth waiting for.
    pub(super) async fn pass(&self, stage: &Stage, secs: u64) -> Result<()> {
        let secs = if self.travels {
            secs
        } else {
            secs.min(SHORTEST_SECS)
        };
        stage.remark(format!("{} pass", duration(secs)));
        if self.travels {
            return Ok(clock::advance(&stage.protocol.provider, secs).await?);
        }
        // The clock of a chain may lag ours by the time of a block.
        tokio::time::sleep(Duration::from_secs(secs.saturating_add(2))).await;
        Ok(())
    }
}
