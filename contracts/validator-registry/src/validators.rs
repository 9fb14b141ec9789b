//! A validator's life: registration, states, bond.

use abi::IValidatorRegistry;
use alloy_primitives::{Address, U256};
use glue::{SolEvent, calls, emit, lock::Lock, revert, revert::Word};
use protocol::{
    mul_div::{add, narrow, sub},
    registry::{Lane, MAX_VALIDATORS, Status, Validator},
};
use stylus_sdk::prelude::*;

use crate::{
    REGISTRATION, ValidatorRegistry,
    error::Error,
    state::{Counts, Parties},
};

/// Longest name in bytes.
const MAX_NAME: usize = 64;
/// A commission cannot exceed all of the pay.
const MAX_COMMISSION_BPS: u16 = 10_000;

impl ValidatorRegistry {
    /// Enters a validator with the value sent as its bond.
    pub(crate) fn enter(
        &mut self,
        name: &[u8],
        signer: Address,
        reward_address: Address,
        commission_bps: u16,
    ) -> Result<u32, Error> {
        self.administration.pauses.check(REGISTRATION)?;
        Lock::check()?;
        self.check_registration(name, signer, reward_address, commission_bps)?;
        let counts = self.books.counts();
        let Some(id) = counts.validators.checked_add(1) else {
            return Err(too_many());
        };
        let bond = narrow(self.vm().msg_value())?;
        let validator = Validator::default().register(Lane::Open, bond, &self.books.terms())?;
        self.books.store_counts(Counts {
            validators: id,
            ..counts
        });
        self.add_bonds(bond)?;
        self.register
            .store_with_commission(id, &validator, commission_bps);
        let operator = self.vm().msg_sender();
        let parties = Parties {
            operator,
            signer,
            reward_address,
        };
        self.register.store_parties(id, parties);
        glue::revert::log_with_text(
            self.vm(),
            &IValidatorRegistry::ValidatorRegistered::SIGNATURE_HASH,
            &[id.word(), operator.word()],
            &[
                signer.word(),
                reward_address.word(),
                commission_bps.word(),
                bond.word(),
            ],
            name,
        );
        self.log_status(id, Status::Unknown, validator.status);
        Ok(id)
    }

    /// Pending → Active.
    pub(crate) fn start(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.activate(&self.books.terms())?;
        self.add_working(id)?;
        self.moved(id, &before, &after);
        Ok(())
    }

    /// Active → Jailed.
    pub(crate) fn lock_up(&mut self, id: u32, until: u64) -> Result<(), Error> {
        let before = self.known(id)?;
        let after = before.jail(until)?;
        self.moved(id, &before, &after);
        Ok(())
    }

    /// Jailed → Active.
    pub(crate) fn let_out(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.unjail(self.vm().block_timestamp(), &self.books.terms())?;
        self.moved(id, &before, &after);
        Ok(())
    }

    /// Pending, Active or Jailed → Exiting.
    pub(crate) fn begin_exit(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.begin_exit()?;
        self.moved(id, &before, &after);
        Ok(())
    }

    /// Exiting → Exited; the bond goes to the reward address.
    pub(crate) fn end_exit(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let _lock = Lock::enter()?;
        let after = Validator {
            bond: 0,
            ..before.complete_exit()?
        };
        let mut sums = self.books.sums();
        sums.bonds = sub(sums.bonds, before.bond)?;
        self.books.store_sums(&sums);
        self.remove_working(id);
        self.moved(id, &before, &after);
        let receiver = self.register.parties(id).reward_address;
        let assets = U256::from(before.bond);
        emit!(
            self.vm(),
            IValidatorRegistry::BondReturned [id] { receiver, assets }
        );
        Ok(calls::send(self.vm(), receiver, assets)?)
    }

    /// Adds the value sent to a bond.
    pub(crate) fn raise_bond(&mut self, id: u32) -> Result<(), Error> {
        let value = self.vm().msg_value();
        let assets = narrow(value)?;
        let validator = self.known(id)?.add_bond(assets)?;
        self.add_bonds(assets)?;
        self.register.store_validator(id, &validator);
        emit!(
            self.vm(),
            IValidatorRegistry::BondIncreased [id] {
                assets: value,
                bond: U256::from(validator.bond),
            }
        );
        Ok(())
    }

    /// A validator that exists.
    pub(crate) fn known(&self, id: u32) -> Result<Validator, Error> {
        Lock::check()?;
        self.seen(id)
    }

    /// A validator that exists, for views, which the lock does not concern.
    pub(crate) fn seen(&self, id: u32) -> Result<Validator, Error> {
        let validator = self.register.validator(id);
        if validator.status == Status::Unknown {
            return Err(revert!(IValidatorRegistry::UnknownValidator { id }).into());
        }
        Ok(validator)
    }

    /// Writes a validator whose status may have changed, and says so.
    pub(crate) fn moved(&mut self, id: u32, before: &Validator, after: &Validator) {
        self.register.store_validator(id, after);
        if before.status != after.status {
            self.log_status(id, before.status, after.status);
        }
    }

    fn log_status(&self, id: u32, previous: Status, current: Status) {
        emit!(
            self.vm(),
            IValidatorRegistry::ValidatorStatusChanged [id] {
                previous: previous as u8,
                current: current as u8,
            }
        );
    }

    /// A validator of which the caller is the operator.
    fn operated(&self, id: u32) -> Result<Validator, Error> {
        let validator = self.known(id)?;
        let (caller, operator) = (self.vm().msg_sender(), self.register.parties(id).operator);
        if caller != operator {
            return Err(revert!(IValidatorRegistry::NotOperator { caller, operator }).into());
        }
        Ok(validator)
    }

    fn add_bonds(&mut self, assets: u128) -> Result<(), Error> {
        let mut sums = self.books.sums();
        sums.bonds = add(sums.bonds, assets)?;
        self.books.store_sums(&sums);
        Ok(())
    }

    fn add_working(&mut self, id: u32) -> Result<(), Error> {
        let counts = self.books.counts();
        let place = counts.working;
        if place as usize >= MAX_VALIDATORS {
            return Err(too_many());
        }
        self.books.store_working(place, id);
        self.books.store_counts(Counts {
            working: place.saturating_add(1),
            ..counts
        });
        Ok(())
    }

    /// Moves the last working validator into the place of `id`.
    fn remove_working(&mut self, id: u32) {
        let counts = self.books.counts();
        let last = counts.working.saturating_sub(1);
        let moved = self.books.working(last);
        for place in 0..counts.working {
            if self.books.working(place) == id {
                self.books.store_working(place, moved);
                self.books.store_counts(Counts {
                    working: last,
                    ..counts
                });
                return;
            }
        }
    }

    fn check_registration(
        &self,
        name: &[u8],
        signer: Address,
        reward_address: Address,
        commission_bps: u16,
    ) -> Result<(), Error> {
        if signer.is_zero() || reward_address.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroAddress {}).into());
        }
        let id = self.register.id_of(signer);
        if id != 0 {
            return Err(revert!(IValidatorRegistry::SignerInUse { signer, id }).into());
        }
        if commission_bps > MAX_COMMISSION_BPS {
            return Err(revert!(IValidatorRegistry::CommissionTooHigh {
                commissionBps: commission_bps,
                maximum: MAX_COMMISSION_BPS,
            })
            .into());
        }
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(revert!(IValidatorRegistry::NameLength {
                length: U256::from(name.len()),
                maximum: U256::from(MAX_NAME),
            })
            .into());
        }
        // What is shown everywhere must not be able to look like something else.
        if !name.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return Err(revert!(IValidatorRegistry::NameNotPrintable {}).into());
        }
        Ok(())
    }
}

fn too_many() -> Error {
    revert!(IValidatorRegistry::TooManyValidators {
        maximum: U256::from(MAX_VALIDATORS),
    })
    .into()
}
