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

/// The time of a chain, with an optional fixed time for the next block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Clock {
    hand: Hand,
    next: Option<u64>,
}

/// What moves the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Hand {
    /// The wall clock does, with this many seconds added to it.
    Running { shift: i64 },
    /// Nothing does by itself.
    Stopped { at: u64 },
}

impl Clock {
    /// A clock that shows `start` now, or the wall clock's time, and stands still if `manual`.
    pub(super) fn starting_at(start: Option<u64>, manual: bool) -> Self {
        let mut clock = Self {
            hand: Hand::Running { shift: 0 },
            next: None,
        };
        if let Some(start) = start {
            clock.move_to(start);
        }
        clock.set_manual(manual);
        clock
    }

    /// Stops at the time that it shows, or runs on from there.
    pub(super) fn set_manual(&mut self, manual: bool) {
        let at = self.now();
        self.hand = match self.hand {
            Hand::Running { .. } if manual => Hand::Stopped { at },
            Hand::Stopped { .. } if !manual => Hand::Running {
                shift: off_the_wall(at),
            },
            as_it_is => as_it_is,
        };
    }

    /// Seconds since the epoch on this clock.
    pub(super) fn now(&self) -> u64 {
        match self.hand {
            Hand::Running { shift } => wall_seconds().saturating_add_signed(shift),
            Hand::Stopped { at } => at,
        }
    }

    /// Time of the block to be sealed now, never before `last`.
    pub(super) fn peek(&self, last: u64) -> u64 {
        self.next.unwrap_or_else(|| self.now()).max(last)
    }

    /// As [`Clock::peek`], and the fixed time is used up: the clock goes on from it.
    pub(super) fn take(&mut self, last: u64) -> u64 {
        let timestamp = self.peek(last);
        if self.next.take().is_some() {
            self.move_to(timestamp);
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
        self.next = self.next.map(|next| next.saturating_add_signed(seconds));
        match &mut self.hand {
            Hand::Running { shift } => {
                *shift = shift.saturating_add(seconds);
                *shift
            }
            Hand::Stopped { at } => {
                *at = at.saturating_add_signed(seconds);
                off_the_wall(*at)
            }
        }
    }

    /// Sets the clock.
    pub(super) fn move_to(&mut self, now: u64) {
        match &mut self.hand {
            Hand::Running { shift } => *shift = off_the_wall(now),
            Hand::Stopped { at } => *at = now,
        }
    }
}

/// By how many seconds `now` is off the wall clock.
fn off_the_wall(now: u64) -> i64 {
    let off = i128::from(now).saturating_sub(i128::from(wall_seconds()));
    i64::try_from(off).unwrap_or(i64::MAX)
}

fn wall_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
