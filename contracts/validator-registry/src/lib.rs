//! The validator registry.
//!
//! Every method is documented in `interfaces/IValidatorRegistry.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod court;
mod error;
mod stake;
mod state;
#[cfg(test)]
mod tests;
mod validators;

use alloc::vec::Vec;

use abi::IValidatorRegistry;
use alloy_primitives::{Address, B256, U256};
use error::Error;
use glue::{
    access::{DEFAULT_ADMIN_ROLE, role},
    administration::Administration,
    lock::Lock,
    revert,
    router::Text,
};
use protocol::{mul_div::narrow, reserves};
use state::{Books, Court, Register};
use stylus_sdk::prelude::*;

/// May slash.
pub const SLASHER_ROLE: B256 = role("SLASHER_ROLE");
/// May jail.
pub const JAILER_ROLE: B256 = role("JAILER_ROLE");

/// How many pause groups there are.
const GROUPS: u8 = 2;
/// Pause group: registration.
pub const REGISTRATION: u8 = 0;
/// Pause group: stake movements. Slashing, bonds and rewards are in no group.
pub const STAKE: u8 = 1;

/// Shortest unbonding: a minute, so that a test chain need not wait.
const MIN_UNBONDING_SECS: u64 = 60;
/// Longest unbonding: 60 days.
const MAX_UNBONDING_SECS: u64 = 60 * 86_400;
/// Smallest minimum bond: 0.01 ETH.
const MIN_BOND_FLOOR: u128 = 10_000_000_000_000_000;
/// Largest minimum bond: 10,000 ETH.
const MIN_BOND_CEILING: u128 = 10_000_000_000_000_000_000_000;
/// Longest jail: 30 days; longer needs a new decision.
const MAX_JAIL_SECS: u64 = 30 * 86_400;

/// Status, bond, delegated, unbonding, commission, operator, signer, reward address.
type ValidatorView = (u8, U256, U256, U256, u16, Address, Address, Address);

/// The registry. Slots are drawn in [`state`].
#[cfg_attr(not(feature = "next"), entrypoint)]
#[storage]
pub struct ValidatorRegistry {
    administration: Administration,
    books: Books,
    register: Register,
    court: Court,
}

#[cfg(feature = "next")]
glue::next!(ValidatorRegistry);

glue::router! {
    ValidatorRegistry: IValidatorRegistry
        receive(|_| None)
        fallback(|registry| Some(registry.administration.administration()))
        payable {
            registerCall => register(name: Text, signer: Address, reward_address: Address, commission_bps: u16);
            topUpBondCall => top_up_bond(id: u32);
            delegateCall => delegate(total_pooled: U256, max_ops: U256);
            fundCoverCall => fund_cover();
        }
        unpaid {
            initializeCall => initialize(admin: Address, administration: Address, pool: Address, minimum_bond: U256, unbonding_seconds: u64);
            activateCall => activate(id: u32);
            jailCall => jail(id: u32, until: u64);
            unjailCall => unjail(id: u32);
            exitCall => exit(id: u32);
            withdrawBondCall => withdraw_bond(id: u32);
            undelegateCall => undelegate(assets: U256, max_ops: U256);
            releaseMaturedCall => release_matured(max_entries: U256);
            placeableCall => placeable(assets: U256, total_pooled: U256, max_ops: U256);
            stakeSummaryCall => stake_summary();
            slashCall => slash(id: u32, penalty: U256, evidence_hash: B256);
            isEvidenceUsedCall => is_evidence_used(evidence_hash: B256);
            claimReporterRewardCall => claim_reporter_reward(receiver: Address);
            reporterRewardCall => reporter_reward(reporter: Address);
            sweepSurplusToCoverCall => sweep_surplus_to_cover();
            poolCall => pool();
            validatorCountCall => validator_count();
            validatorCall => validator(id: u32);
            validatorOfSignerCall => validator_of_signer(signer: Address);
            reservesCall => reserves();
        }
}

impl ValidatorRegistry {
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        pool: Address,
        minimum_bond: U256,
        unbonding_seconds: u64,
    ) -> Result<(), Error> {
        if self.vm().code_size(pool) == 0 {
            return Err(revert!(IValidatorRegistry::NotAContract { target: pool }).into());
        }
        check_bounds(
            2,
            minimum_bond,
            U256::from(MIN_BOND_FLOOR),
            U256::from(MIN_BOND_CEILING),
        )?;
        check_bounds(
            3,
            U256::from(unbonding_seconds),
            U256::from(MIN_UNBONDING_SECS),
            U256::from(MAX_UNBONDING_SECS),
        )?;
        self.administration
            .begin(admin, administration, Address::ZERO, GROUPS)?;
        self.books.store_pool(pool);
        self.books
            .store_terms(narrow(minimum_bond)?, unbonding_seconds);
        Ok(())
    }

    pub fn register(
        &mut self,
        name: Text,
        signer: Address,
        reward_address: Address,
        commission_bps: u16,
    ) -> Result<u32, Error> {
        self.enter(&name.0, signer, reward_address, commission_bps)
    }

    pub fn activate(&mut self, id: u32) -> Result<(), Error> {
        self.start(id)
    }

    pub fn jail(&mut self, id: u32, until: u64) -> Result<(), Error> {
        self.administration.roles.check(JAILER_ROLE)?;
        let latest = self.vm().block_timestamp().saturating_add(MAX_JAIL_SECS);
        check_bounds(1, U256::from(until), U256::ZERO, U256::from(latest))?;
        self.lock_up(id, until)
    }

    pub fn unjail(&mut self, id: u32) -> Result<(), Error> {
        self.let_out(id)
    }

    pub fn exit(&mut self, id: u32) -> Result<(), Error> {
        self.begin_exit(id)
    }

    pub fn withdraw_bond(&mut self, id: u32) -> Result<(), Error> {
        self.end_exit(id)
    }

    pub fn top_up_bond(&mut self, id: u32) -> Result<(), Error> {
        self.raise_bond(id)
    }

    pub fn delegate(&mut self, total_pooled: U256, max_ops: U256) -> Result<(), Error> {
        self.take_stake(total_pooled, max_ops)
    }

    pub fn undelegate(&mut self, assets: U256, max_ops: U256) -> Result<U256, Error> {
        self.call_back(assets, max_ops)
    }

    pub fn release_matured(&mut self, max_entries: U256) -> Result<U256, Error> {
        self.pay_back(max_entries)
    }

    pub fn placeable(
        &self,
        assets: U256,
        total_pooled: U256,
        max_ops: U256,
    ) -> Result<U256, Error> {
        let (_, planned) = self.deposit_plan(narrow(assets)?, narrow(total_pooled)?, max_ops)?;
        Ok(U256::from(planned))
    }

    pub fn stake_summary(&self) -> Result<(U256, U256), Error> {
        let unbonding = self.books.sums().unbonding;
        Ok((U256::from(unbonding), U256::from(self.leaving()?)))
    }

    pub fn slash(
        &mut self,
        id: u32,
        penalty: U256,
        evidence_hash: B256,
    ) -> Result<(U256, U256, U256), Error> {
        self.administration.roles.check(SLASHER_ROLE)?;
        self.punish(id, penalty, evidence_hash)
    }

    pub fn is_evidence_used(&self, evidence_hash: B256) -> bool {
        self.court.is_used(evidence_hash)
    }

    pub fn claim_reporter_reward(&mut self, receiver: Address) -> Result<U256, Error> {
        self.pay_reporter(receiver)
    }

    pub fn reporter_reward(&self, reporter: Address) -> U256 {
        U256::from(self.court.reward(reporter))
    }

    pub fn fund_cover(&mut self) -> Result<(), Error> {
        Lock::check()?;
        let (from, assets) = (self.vm().msg_sender(), self.vm().msg_value());
        self.add_cover(from, assets)
    }

    pub fn sweep_surplus_to_cover(&mut self) -> Result<U256, Error> {
        self.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        Lock::check()?;
        let surplus = U256::from(self.surplus()?);
        let here = self.vm().contract_address();
        self.add_cover(here, surplus)?;
        Ok(surplus)
    }

    pub fn pool(&self) -> Address {
        self.books.pool()
    }

    pub fn validator_count(&self) -> u32 {
        self.books.counts().validators
    }

    pub fn validator(&self, id: u32) -> Result<ValidatorView, Error> {
        let validator = self.seen(id)?;
        let parties = self.register.parties(id);
        Ok((
            validator.status as u8,
            U256::from(validator.bond),
            U256::from(validator.active),
            U256::from(validator.unbonding.assets),
            self.register.commission_bps(id),
            parties.operator,
            parties.signer,
            parties.reward_address,
        ))
    }

    pub fn validator_of_signer(&self, signer: Address) -> u32 {
        self.register.id_of(signer)
    }

    pub fn reserves(&self) -> Result<(U256, U256, U256, U256, U256, U256), Error> {
        let sums = self.books.sums();
        Ok((
            U256::from(sums.bonds),
            U256::from(sums.active),
            U256::from(sums.unbonding),
            U256::from(sums.cover_fund),
            U256::from(sums.reporter_rewards),
            U256::from(self.surplus()?),
        ))
    }
}

impl ValidatorRegistry {
    /// Wei that nobody booked.
    fn surplus(&self) -> Result<u128, Error> {
        let balance = narrow(self.vm().balance(self.vm().contract_address()))?;
        Ok(reserves::surplus(balance, self.books.sums().owed()?)?)
    }
}

/// Refuses parameter number `index` outside its bounds.
fn check_bounds(index: u8, value: U256, minimum: U256, maximum: U256) -> Result<(), Error> {
    if value < minimum || value > maximum {
        return Err(revert!(IValidatorRegistry::ParameterOutOfBounds {
            index,
            value,
            minimum,
            maximum,
        })
        .into());
    }
    Ok(())
}
