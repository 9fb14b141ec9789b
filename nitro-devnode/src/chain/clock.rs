//! Which timestamp the next block gets.
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A timestamp was asked for that lies before the last block's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("timestamp {asked} is before the last block's {last}")]
pub struct TimeInPast {
    /// Seconds since the epoch asked for.
    pub asked: u64,
    /// Seconds since the epoch of the last block.
    pub last: u64,
}

/// The wall clock, shifted, with an optional fixed time for the next block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Clock {
    /// Seconds added to the wall clock.
    shift: i64,
    next: Option<u64>,
}

impl Clock {
    /// A clock that shows `start` now, or the wall clock's time.
    pub(super) fn starting_at(start: Option<u64>) -> Self {
        let mut clock = Self::default();
        if let Some(start) = start {
            clock.shift_to(start);
        }
        clock
    }

    /// Seconds since the epoch on this clock.
    pub(super) fn now(&self) -> u64 {
        wall_seconds().saturating_add_signed(self.shift)
    }

    /// Time of the block to be sealed now, never before `last`.
    pub(super) fn peek(&self, last: u64) -> u64 {
        self.next.unwrap_or_else(|| self.now()).max(last)
    }

    /// As [`Clock::peek`], and the fixed time is used up: the clock runs on from it.
    pub(super) fn take(&mut self, last: u64) -> u64 {
        let timestamp = self.peek(last);
        if self.next.take().is_some() {
            self.shift_to(timestamp);
        }
        timestamp
    }

    /// Fixes the time of the next block.
    pub(super) fn set_next(&mut self, asked: u64, last: u64) -> Result<(), TimeInPast> {
        if asked < last {
            return Err(TimeInPast { asked, last });
        }
        self.next = Some(asked);
        Ok(())
    }

    /// Moves the clock and returns by how many seconds it is off the wall clock now.
    pub(super) fn shift_by(&mut self, seconds: i64) -> i64 {
        self.shift = self.shift.saturating_add(seconds);
        self.next = self.next.map(|next| next.saturating_add_signed(seconds));
        self.shift
    }

    /// Sets the clock.
    pub(super) fn shift_to(&mut self, now: u64) {
        self.shift = i64::try_from(i128::from(now).saturating_sub(i128::from(wall_seconds())))
            .unwrap_or(i64::MAX);
    }
}

fn wall_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
