//! Which groups of functions are paused, and until when. A pause always ends by itself.

use alloc::vec::Vec;

use abi::IAdministration::{self, Paused, Unpaused};
use alloy_primitives::U256;
use stylus_sdk::prelude::*;

use crate::{emit, revert, revert::Revert, storage::Slot};

/// Shortest pause: 8 hours, the time a team needs to gather.
pub const MIN_SECS: u64 = 8 * 3_600;
/// Longest pause: 30 days; what takes longer needs a new decision.
pub const MAX_SECS: u64 = 30 * 86_400;
/// Most groups of a contract: as many as fit one word.
pub const LANES: u8 = 4;

/// End of the last pause of up to four groups. One word: 64 bits of seconds each, group 0 lowest.
#[storage]
pub struct Pauses {
    ends: Slot,
}

impl Pauses {
    /// Timestamp at which the group's last pause ends; zero if there was none.
    #[inline(never)]
    pub fn until(&self, group: u8) -> u64 {
        let ends = self.ends.read();
        ends.as_limbs()
            .get(usize::from(group))
            .copied()
            .unwrap_or_default()
    }

    /// Whether the group is paused at the block's time.
    pub fn is_paused(&self, group: u8) -> bool {
        self.vm().block_timestamp() < self.until(group)
    }

    /// Refuses while the group is paused.
    ///
    /// - Errors: `GroupPaused`.
    #[inline(never)]
    pub fn check(&self, group: u8) -> Result<(), Revert> {
        let until = self.until(group);
        if self.vm().block_timestamp() < until {
            return Err(revert!(IAdministration::GroupPaused { group, until }));
        }
        Ok(())
    }

    /// Pauses a group for `duration` seconds from now, replacing what was set, and emits `Paused`.
    ///
    /// - Errors: `PauseOutOfBounds`, `UnknownPauseGroup`.
    pub fn pause(&mut self, group: u8, duration: u64) -> Result<(), Revert> {
        if !(MIN_SECS..=MAX_SECS).contains(&duration) {
            return Err(revert!(IAdministration::PauseOutOfBounds {
                duration,
                minimum: MIN_SECS,
                maximum: MAX_SECS,
            }));
        }
        let until = self.vm().block_timestamp().saturating_add(duration);
        self.set(group, until)?;
        let account = self.vm().msg_sender();
        emit!(self.vm(), Paused [group] { until, account });
        Ok(())
    }

    /// Ends a group's pause now; emits `Unpaused` if it was running.
    ///
    /// - Errors: `UnknownPauseGroup`.
    pub fn unpause(&mut self, group: u8) -> Result<(), Revert> {
        let running = self.is_paused(group);
        self.set(group, 0)?;
        if running {
            let account = self.vm().msg_sender();
            emit!(self.vm(), Unpaused [group] { account });
        }
        Ok(())
    }

    /// Closes a group until [`Self::unpause`], for a contract that is not complete yet.
    ///
    /// - Errors: `UnknownPauseGroup`.
    pub fn close(&mut self, group: u8) -> Result<(), Revert> {
        self.set(group, u64::MAX)
    }

    fn set(&mut self, group: u8, until: u64) -> Result<(), Revert> {
        if group >= LANES {
            return Err(revert!(IAdministration::UnknownPauseGroup { group }));
        }
        let mut limbs = *self.ends.read().as_limbs();
        if let Some(limb) = limbs.get_mut(usize::from(group)) {
            *limb = until;
        }
        self.ends.write(U256::from_limbs(limbs));
        Ok(())
    }
}
