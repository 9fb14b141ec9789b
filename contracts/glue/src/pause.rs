//! Which groups of functions are paused, and until when. A pause always ends by itself.
//!
//! The ends lie in words that are read anyway, because a word of their own would cost every call of a
//! user 2,100 gas: those of groups 0 and 1 beside 168 bits of the contract's own, which [`Beside`]
//! reads and writes, those of groups 2 and 3 beside the terms of the administration.
//!
//! ```text
//!  255    248        208        168                        0
//!   | –    | group 1  | group 0  | the contract's own       |   slot 0
//!   | –    | group 3  | group 2  | groups, administration   |   slot 1
//! ```

use alloc::vec::Vec;

use abi::IAdministration::{self, Paused, Unpaused};
use alloy_primitives::U256;
use stylus_sdk::{host::VM, prelude::*, storage::StorageType};

use crate::{
    emit, revert,
    revert::Revert,
    storage::{Slot, itself},
    word,
};

/// Shortest pause: 8 hours, the time a team needs to gather.
pub const MIN_SECS: u64 = 8 * 3_600;
/// Longest pause: 30 days; what takes longer needs a new decision.
pub const MAX_SECS: u64 = 30 * 86_400;
/// Most groups of a contract: as many as fit two words.
pub const MAX_GROUPS: u8 = 4;
/// The pool's group of moving lsETH, which wlsETH asks for too.
pub const TRANSFERS: u8 = 1;
/// The end of a pause that does not end: the last second of 40 bits, in 36,000 years.
pub const FOREVER: u64 = (1 << END_BITS) - 1;

/// Bits of an end.
const END_BITS: u32 = 40;
/// Bits of the upper half of a word that are not ends of pauses.
const OWN_BITS: u32 = 40;

/// Ends of the last pauses of up to four groups, two to a word.
#[storage]
pub struct Pauses {
    ends: Slot,
    /// The administration's terms.
    pub(crate) terms: Slot,
}

/// The 168 bits of slot 0 that are the contract's own, as a lower half and 40 bits above it.
pub struct Beside(Slot);

impl Beside {
    /// Reads them.
    #[inline(never)]
    pub fn read(&self) -> (u128, u64) {
        let (low, high) = word::halves(self.0.read());
        (low, own(high))
    }

    /// Writes them; a `high` of more than 40 bits as their largest number. The pauses stay as they are.
    #[inline(never)]
    pub fn write(&mut self, low: u128, high: u64) {
        let (_, before) = word::halves(self.0.read());
        let high = before >> OWN_BITS << OWN_BITS | u128::from(high.min(FOREVER));
        self.0.write(word::pack_halves(low, high));
    }
}

/// The lower bits of an upper half, which are not ends of pauses.
const fn own(high: u128) -> u64 {
    high as u64 & FOREVER
}

impl StorageType for Beside {
    itself!();

    // It lies in the administration's first slot, wherever it is declared.
    const SLOT_BYTES: usize = 0;

    unsafe fn new(_: U256, _: u8, host: VM) -> Self {
        Self(Slot::at(U256::ZERO, host))
    }
}

impl Pauses {
    /// Timestamp at which the group's last pause ends; zero if there was none.
    #[inline(never)]
    pub fn until(&self, group: u8) -> u64 {
        if group >= MAX_GROUPS {
            return 0;
        }
        let slot = if group < 2 { &self.ends } else { &self.terms };
        let (_, high) = word::halves(slot.read());
        (high >> shift(group)) as u64 & FOREVER
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
        self.set(group, FOREVER)
    }

    fn set(&mut self, group: u8, until: u64) -> Result<(), Revert> {
        if group >= MAX_GROUPS {
            return Err(revert!(IAdministration::UnknownPauseGroup { group }));
        }
        let slot = if group < 2 {
            &mut self.ends
        } else {
            &mut self.terms
        };
        let (low, high) = word::halves(slot.read());
        let shift = shift(group);
        let others = high & !(u128::from(FOREVER) << shift);
        let high = others | u128::from(until.min(FOREVER)) << shift;
        slot.write(word::pack_halves(low, high));
        Ok(())
    }
}

/// Where the end of a group begins in the upper half of its word.
const fn shift(group: u8) -> u32 {
    if group & 1 == 0 {
        OWN_BITS
    } else {
        OWN_BITS + END_BITS
    }
}
