//! Bonds: added, on their way out, paid.

use abi::IValidatorRegistry;
use alloy_primitives::U256;
use glue::{calls, emit};
use protocol::{
    mul_div::{add, narrow, sub},
    registry::Validator,
};
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error};

impl RegistryDesk {
    pub fn top_up_bond(&mut self, id: u32) -> Result<(), Error> {
        let value = self.vm().msg_value();
        let assets = narrow(value)?;
        let validator = self.state.to_change(id)?.add_bond(assets)?;
        self.add_bonds(assets)?;
        self.state.register.store_validator(id, &validator);
        emit!(
            self.vm(),
            IValidatorRegistry::BondIncreased [id] {
                assets: value,
                bond: U256::from(validator.bond),
            }
        );
        Ok(())
    }

    pub fn request_bond_exit(&mut self, id: u32, assets: U256) -> Result<(), Error> {
        let before = self.operated(id)?;
        let now = self.vm().block_timestamp();
        let terms = self.state.books.terms();
        let after = before.request_bond_exit(narrow(assets)?, now, &terms)?;
        self.state.register.store_validator(id, &after);
        self.log_bond_exit(id, &after);
        Ok(())
    }

    pub fn cancel_bond_exit(&mut self, id: u32) -> Result<(), Error> {
        let before = self.operated(id)?;
        let after = before.cancel_bond_exit()?;
        self.state.register.store_validator(id, &after);
        emit!(
            self.vm(),
            IValidatorRegistry::BondExitCancelled [id] {
                assets: U256::from(before.bond_exit.amount),
            }
        );
        Ok(())
    }

    pub fn claim_bond(&mut self, id: u32) -> Result<U256, Error> {
        let before = self.operated(id)?;
        let _lock = self.state.lock()?;
        let now = self.vm().block_timestamp();
        let (after, paid) = before.claim_bond(now, &self.state.books.terms())?;
        self.state.register.store_validator(id, &after);
        self.return_bond(id, paid)?;
        Ok(U256::from(paid))
    }

    /// Sends `paid` wei, which are in no validator's bond any more, to the reward address.
    pub(crate) fn return_bond(&mut self, id: u32, paid: u128) -> Result<(), Error> {
        let mut sums = self.state.books.sums();
        sums.bonds = sub(sums.bonds, paid)?;
        self.state.books.store_sums(&sums);
        let receiver = self.state.register.parties(id).reward_address;
        let assets = U256::from(paid);
        emit!(
            self.vm(),
            IValidatorRegistry::BondReturned [id] { receiver, assets }
        );
        // Nobody who refuses ETH keeps a validator here that has nothing left.
        if paid == 0 {
            return Ok(());
        }
        let pool = self.state.books.pool();
        Ok(calls::pay_out(self.vm(), pool, receiver, assets)?)
    }

    /// Books a bond that came in.
    pub(crate) fn add_bonds(&mut self, assets: u128) -> Result<(), Error> {
        let mut sums = self.state.books.sums();
        sums.bonds = add(sums.bonds, assets)?;
        self.state.books.store_sums(&sums);
        Ok(())
    }

    /// Says how much bond asks to leave, and when it may.
    pub(crate) fn log_bond_exit(&self, id: u32, validator: &Validator) {
        emit!(
            self.vm(),
            IValidatorRegistry::BondExitRequested [id] {
                assets: U256::from(validator.bond_exit.amount),
                availableAt: validator.bond_exit.available_at,
            }
        );
    }
}
