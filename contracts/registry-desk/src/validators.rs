//! A validator's life: registration and states.

use abi::{IAdministration, IValidatorRegistry};
use alloy_primitives::{Address, U256};
use glue::{
    SolEvent,
    bounds::check_bounds,
    revert,
    revert::{Revert, Word},
    router::Text,
};
use protocol::{
    commission::Commission,
    mul_div::narrow,
    registry::{Lane, Status, Validator},
    terms::MAX_JAIL_SECS,
};
use registry_state::{Counts, JAILER_ROLE, Parties, REGISTRATION};
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error};

/// Longest name in bytes.
const MAX_NAME: usize = 64;

impl RegistryDesk {
    pub fn register(
        &mut self,
        name: Text,
        signer: Address,
        reward_address: Address,
        commission_bps: u16,
    ) -> Result<u32, Error> {
        self.state.administration.pauses.check(REGISTRATION)?;
        self.state.check_unlocked()?;
        check_name(&name.0)?;
        check_address(reward_address)?;
        self.check_signer(signer)?;
        let commission = Commission::registered(commission_bps)?;
        let counts = self.state.books.counts();
        let Some(id) = counts.validators.checked_add(1) else {
            return Err(too_many(u32::MAX as usize));
        };
        let bond = narrow(self.vm().msg_value())?;
        let terms = self.state.books.terms();
        if terms.min_bond == 0 {
            return Err(not_begun().into());
        }
        let validator = Validator::default().register(bond, &terms)?;
        self.state.books.store_counts(Counts {
            validators: id,
            ..counts
        });
        self.add_bonds(bond)?;
        self.state.register.store_commission(id, commission);
        let operator = self.vm().msg_sender();
        let parties = Parties {
            operator,
            signer,
            reward_address,
        };
        self.state.register.store_parties(id, parties);
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
            &name.0,
        );
        self.state.moved(id, Status::Unknown, &validator);
        Ok(id)
    }

    pub fn activate(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.activate(&self.state.books.terms())?;
        self.add_working(id, before.lane)?;
        self.state.moved(id, before.status, &after);
        Ok(())
    }

    pub fn jail(&mut self, id: u32, until: u64) -> Result<(), Error> {
        self.state.administration.roles.check(JAILER_ROLE)?;
        let latest = self.vm().block_timestamp().saturating_add(MAX_JAIL_SECS);
        check_bounds(1, U256::from(until), 0, latest.into())?;
        let before = self.state.to_change(id)?;
        let after = before.jail(until)?;
        self.state.moved(id, before.status, &after);
        Ok(())
    }

    pub fn unjail(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.unjail(self.vm().block_timestamp(), &self.state.books.terms())?;
        self.state.moved(id, before.status, &after);
        Ok(())
    }

    pub fn exit(&mut self, id: u32) -> Result<(), Error> {
        let before = self.state.to_change(id)?;
        let (now, terms) = (self.vm().block_timestamp(), self.state.books.terms());
        // By somebody else only where nobody else would.
        if !before.may_be_expelled(now, &terms) {
            self.check_operator(id)?;
        }
        let after = before.begin_exit(now, &terms)?;
        self.state.moved(id, before.status, &after);
        self.log_bond_exit(id, &after);
        Ok(())
    }

    pub fn withdraw_bond(&mut self, id: u32) -> Result<(), Error> {
        let before = self.state.to_change(id)?;
        let _lock = self.state.lock()?;
        let (after, paid) = before.complete_exit(self.vm().block_timestamp())?;
        self.remove_working(id);
        self.state.moved(id, before.status, &after);
        self.return_bond(id, paid)
    }

    /// A validator of which the caller is the operator.
    #[inline(never)]
    pub(crate) fn operated(&self, id: u32) -> Result<Validator, Error> {
        let validator = self.state.to_change(id)?;
        self.check_operator(id)?;
        Ok(validator)
    }

    fn check_operator(&self, id: u32) -> Result<(), Error> {
        let caller = self.vm().msg_sender();
        let operator = self.state.register.parties(id).operator;
        if caller != operator {
            return Err(revert!(IValidatorRegistry::NotOperator { caller, operator }).into());
        }
        Ok(())
    }

    /// Refuses a signer that serves, or served, a validator.
    #[inline(never)]
    pub(crate) fn check_signer(&self, signer: Address) -> Result<(), Error> {
        check_address(signer)?;
        let id = self.state.register.id_of(signer);
        if id != 0 {
            return Err(revert!(IValidatorRegistry::SignerInUse { signer, id }).into());
        }
        Ok(())
    }

    fn add_working(&mut self, id: u32, lane: Lane) -> Result<(), Error> {
        let counts = self.state.books.counts();
        let (place, places) = (counts.working, lane.places());
        if place as usize >= places {
            return Err(too_many(places));
        }
        self.state.books.store_working(place, id);
        self.state.books.store_counts(Counts {
            working: place.saturating_add(1),
            ..counts
        });
        Ok(())
    }

    /// Moves the last working validator into the place of `id`; nothing if it never worked.
    fn remove_working(&mut self, id: u32) {
        let counts = self.state.books.counts();
        let last = counts.working.saturating_sub(1);
        let moved = self.state.books.working(last);
        for place in 0..counts.working {
            if self.state.books.working(place) == id {
                self.state.books.store_working(place, moved);
                self.state.books.store_counts(Counts {
                    working: last,
                    ..counts
                });
                return;
            }
        }
    }
}

/// Refuses the address of nobody.
#[inline(never)]
pub(crate) fn check_address(address: Address) -> Result<(), Revert> {
    if address.is_zero() {
        return Err(revert!(IAdministration::ZeroAddress {}));
    }
    Ok(())
}

/// The program itself is called, not the registry: it would keep ETH that nobody can move.
#[cold]
pub(crate) fn not_begun() -> Revert {
    revert!(IAdministration::NotBehindProxy {})
}

fn check_name(name: &[u8]) -> Result<(), Revert> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(revert!(IValidatorRegistry::NameLength {
            length: U256::from(name.len()),
            maximum: U256::from(MAX_NAME),
        }));
    }
    // What is shown everywhere must not be able to look like something else.
    if !name.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return Err(revert!(IValidatorRegistry::NameNotPrintable {}));
    }
    Ok(())
}

fn too_many(maximum: usize) -> Error {
    revert!(IValidatorRegistry::TooManyValidators {
        maximum: U256::from(maximum),
    })
    .into()
}
