//! Where the registry's state lies in storage: one layout for its two programs, `validator-registry`
//! and `registry-desk`. Append only: the layout outlives every program.
//!
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`] |
//! | 8 | working validators (32), validators (32), end and begin of the unbonding line (64 each) |
//! | 9 | `bonds_cover`: cover fund (128), bonds (128) |
//! | 10 | `stake`: unbonding (128), delegated (128) |
//! | 11 | `rewards`: lapse of the youngest fault (64), pending faults (64), owed to reporters (128) |
//! | 12 | `terms`: – (16), notice (32), pool share (16), open leverage (16), leverage (16), unbonding (32), minimum bond (128) |
//! | 13 | `pool` (160) |
//! | 14 | `working`: place → id of an active, jailed or exiting validator (32) |
//! | 15 | `status`: id → target, inverted (128), jailed until (64), open faults (16), lane (16), whether `waiting` counts (16), status (16) |
//! | 16 | `bonds`: id → delegated (128), bond (128) |
//! | 17 | `unbonding`: id → shares (128), wei (128) |
//! | 18 | `waiting`: id → lapse of the youngest fault (64), bond leaves at (64), bond leaving (128) |
//! | 19 | `entries`: entry → validator (64), maturity (64), shares (128) |
//! | 20 | `operators`: id → commission effective at (64), next (16), current (16), operator (160) |
//! | 21 | `signers`: id → signer (160) |
//! | 22 | `reward_addresses`: id → reward address (160) |
//! | 23 | `ids`: signer, present or past → id |
//! | 24 | `evidence`: hash → lapse (64), validator (64), 0 new, 1 used, 2 alleged, 3 lapsed (64) |
//! | 25 | `reporter_rewards`: reporter → wei |
//! | 26 | `hooks`: place → slashing hook (160); in place 0 their number |
#![cfg_attr(not(any(test, feature = "testing")), no_std)]

#[macro_use]
extern crate alloc;

mod books;
mod court;
mod register;
#[cfg(feature = "testing")]
pub mod testing;

use alloc::vec::Vec;

use abi::{IStakingPool, IValidatorRegistry};
use alloy_primitives::{B256, U256};
use glue::{
    access::role, administration::Administration, calldata, calls, emit, lock::Lock, revert,
    revert::Revert,
};
use protocol::{
    fault::EvidenceError,
    registry::{Status, Validator},
};
use stylus_sdk::prelude::*;

pub use self::{
    books::{Books, Counts},
    court::{Court, Hooks},
    register::{Parties, Register, lane_code},
};

/// May slash, allege and dismiss faults.
pub const SLASHER_ROLE: B256 = role("SLASHER_ROLE");
/// May jail.
pub const JAILER_ROLE: B256 = role("JAILER_ROLE");
/// May vet validators and limit what they carry.
pub const CURATOR_ROLE: B256 = role("CURATOR_ROLE");

/// Pause group: registration.
pub const REGISTRATION: u8 = 0;
/// Pause group: stake movements. Slashing, bonds and rewards are in no group.
pub const STAKE: u8 = 1;
/// How many pause groups there are.
pub const GROUPS: u8 = 2;

/// All that the registry stores.
#[storage]
pub struct State {
    /// Programs, roles and pauses.
    pub administration: Administration,
    /// Sums over all validators, and the parameters.
    pub books: Books,
    /// The validators.
    pub register: Register,
    /// Evidence and rewards for it.
    pub court: Court,
    /// Who is told of a slash.
    pub hooks: Hooks,
}

impl State {
    /// A validator that exists, for a call that may change it.
    ///
    /// - Errors: `ReentrantCall`, `UnknownValidator`.
    #[inline(never)]
    pub fn to_change(&self, id: u32) -> Result<Validator, Revert> {
        self.check_unlocked()?;
        self.existing(id)
    }

    /// A validator that exists, for views, which the lock does not concern.
    ///
    /// - Errors: `UnknownValidator`.
    #[inline(never)]
    pub fn existing(&self, id: u32) -> Result<Validator, Revert> {
        let validator = self.register.validator(id);
        if validator.status == Status::Unknown {
            return Err(revert!(IValidatorRegistry::UnknownValidator { id }));
        }
        Ok(validator)
    }

    /// Writes a validator whose status may have changed, and says so.
    #[inline(never)]
    pub fn moved(&mut self, id: u32, previous: Status, after: &Validator) {
        self.register.store_validator(id, after);
        if previous != after.status {
            emit!(
                self.vm(),
                IValidatorRegistry::ValidatorStatusChanged [id] {
                    previous: previous as u8,
                    current: after.status as u8,
                }
            );
        }
    }

    /// Tells the pool until when a slash may be pending, so that nobody leaves at once before it.
    ///
    /// - Errors: the pool's own.
    #[inline(never)]
    pub fn report_pending(&mut self) -> Result<(), Revert> {
        let pending = self.books.pending();
        let until = match pending.open_at(self.vm().block_timestamp()) {
            0 => 0,
            _ => pending.until,
        };
        let [] = calls::call(
            self.vm(),
            self.books.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::reportPendingSlashCall { until }),
        )?;
        Ok(())
    }

    /// The validator without a fault that is decided or has lapsed; there is one pending less in all.
    pub fn close_fault(&mut self, validator: &Validator) -> Validator {
        let pending = self.books.pending();
        self.books.store_pending(pending.closed());
        Validator {
            faults: validator.faults.closed(),
            ..*validator
        }
    }

    /// Refuses a call from within a call that holds the lock.
    ///
    /// - Errors: `ReentrantCall`.
    #[inline(never)]
    pub fn check_unlocked(&self) -> Result<(), Revert> {
        Lock::check().map_err(|_| reentrant())
    }

    /// Takes the lock.
    ///
    /// - Errors: `ReentrantCall`.
    #[inline(never)]
    pub fn lock(&self) -> Result<Lock, Revert> {
        Lock::enter().map_err(|_| reentrant())
    }
}

fn reentrant() -> Revert {
    revert!(IValidatorRegistry::ReentrantCall {})
}

/// The error of the interface for evidence that is refused.
pub fn evidence_error(error: EvidenceError, evidence_hash: B256) -> Revert {
    match error {
        EvidenceError::Used => revert!(IValidatorRegistry::EvidenceAlreadyUsed {
            evidenceHash: evidence_hash,
        }),
        EvidenceError::Pending => revert!(IValidatorRegistry::FaultAlreadyOpen {
            evidenceHash: evidence_hash,
        }),
        EvidenceError::Lapsed => revert!(IValidatorRegistry::FaultLapsed {
            evidenceHash: evidence_hash,
        }),
        EvidenceError::NotLapsed { until } => revert!(IValidatorRegistry::FaultNotLapsed {
            evidenceHash: evidence_hash,
            until,
        }),
        EvidenceError::AgainstAnother { validator } => {
            revert!(IValidatorRegistry::FaultOfAnother {
                evidenceHash: evidence_hash,
                id: validator,
            })
        }
        EvidenceError::NotPending => revert!(IValidatorRegistry::FaultNotOpen {
            evidenceHash: evidence_hash,
        }),
    }
}
