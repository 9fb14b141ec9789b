//! The validator registry: what the pool calls, and slashing.
//!
//! Every method is documented in `interfaces/IValidatorRegistry.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
//! What is not routed here is answered by `registry-desk`, on the same storage.
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
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use abi::{IAdministration, IValidatorRegistry};
use alloy_primitives::{Address, B256, U256};
use error::Error;
use glue::{bounds::check_bounds, revert};
use protocol::{
    fault::Evidence,
    mul_div::narrow,
    terms::{self, Terms},
};
use registry_state::{GROUPS, State};
use stylus_sdk::prelude::*;

/// Stake per bond in the vetted lane, until the admin sets another.
const LEVERAGE: u16 = 10;
/// Stake per bond in the open lane: half of the vetted.
const OPEN_LEVERAGE: u16 = 5;
/// Largest part of the pool that one validator may hold: 20 %.
const POOL_SHARE_BPS: u16 = 2_000;

/// Status, bond, delegated, unbonding, commission, operator, signer, reward address.
type ValidatorView = (u8, U256, U256, U256, u16, Address, Address, Address);

/// The program. Its slots are drawn in [`registry_state`].
#[cfg_attr(not(feature = "next"), entrypoint)]
#[storage]
pub struct ValidatorRegistry {
    state: State,
}

#[cfg(feature = "next")]
glue::next!(ValidatorRegistry);

glue::router! {
    ValidatorRegistry: IValidatorRegistry
        receive(|_| None)
        fallback(|contract| Some(contract.state.administration.next()))
        payable {
            delegateCall => delegate(assets: U256, total_pooled: U256, max_ops: U256);
        }
        unpaid {
            undelegateCall => undelegate(assets: U256, max_ops: U256);
            releaseMaturedCall => release_matured(max_entries: U256);
            placeableCall => placeable(assets: U256, total_pooled: U256, max_ops: U256);
            stakeSummaryCall => stake_summary();
            allocationCall => allocation(assets: U256, total_pooled: U256, max_ops: U256);
            exitAllocationCall => exit_allocation(assets: U256, max_ops: U256);
            slashCall => slash(id: u32, penalty: U256, evidence_hash: B256);
            slashBondCall => slash_bond(id: u32, penalty: U256, until: u64, evidence_hash: B256);
            isEvidenceUsedCall => is_evidence_used(evidence_hash: B256);
            poolCall => pool();
            validatorCountCall => validator_count();
            validatorCall => validator(id: u32);
            validatorOfSignerCall => validator_of_signer(signer: Address);
            initializeCall => initialize(
                admin: Address,
                administration: Address,
                desk: Address,
                pool: Address,
                minimum_bond: U256,
                unbonding_seconds: u64,
                epoch_seconds: u64
            );
        }
}

impl ValidatorRegistry {
    #[expect(clippy::too_many_arguments, reason = "as the interface says")]
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        desk: Address,
        pool: Address,
        minimum_bond: U256,
        unbonding_seconds: u64,
        epoch_seconds: u64,
    ) -> Result<(), Error> {
        self.state
            .administration
            .begin(admin, administration, desk, GROUPS)?;
        if self.vm().code_size(pool) == 0 {
            return Err(revert!(IAdministration::NotAContract { target: pool }).into());
        }
        check_bounds(
            4,
            minimum_bond,
            terms::MIN_BOND_FLOOR,
            terms::MIN_BOND_CEILING,
        )?;
        check_bounds(
            5,
            U256::from(unbonding_seconds),
            terms::MIN_UNBONDING_SECS.into(),
            terms::MAX_UNBONDING_SECS.into(),
        )?;
        check_bounds(
            6,
            U256::from(epoch_seconds),
            terms::MIN_NOTICE_SECS.into(),
            terms::MAX_NOTICE_SECS.into(),
        )?;
        self.state.books.store_pool(pool);
        self.state.books.store_terms(&Terms {
            min_bond: narrow(minimum_bond)?,
            leverage: LEVERAGE,
            open_leverage: OPEN_LEVERAGE,
            pool_share_bps: POOL_SHARE_BPS,
            unbonding_secs: unbonding_seconds,
            bond_exit_secs: unbonding_seconds,
            notice_secs: epoch_seconds,
        });
        Ok(())
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

    pub fn allocation(
        &self,
        assets: U256,
        total_pooled: U256,
        max_ops: U256,
    ) -> Result<Vec<(u32, U256)>, Error> {
        let (slots, _) = self.deposit_plan(narrow(assets)?, narrow(total_pooled)?, max_ops)?;
        Ok(stake::listed(&slots))
    }

    pub fn exit_allocation(&self, assets: U256, max_ops: U256) -> Result<Vec<(u32, U256)>, Error> {
        let (slots, _) = self.exit_plan(narrow(assets)?, max_ops)?;
        Ok(stake::listed(&slots))
    }

    pub fn stake_summary(&self) -> Result<(U256, U256), Error> {
        let unbonding = self.state.books.sums().unbonding;
        Ok((U256::from(unbonding), U256::from(self.leaving()?)))
    }

    pub fn is_evidence_used(&self, evidence_hash: B256) -> bool {
        self.state.court.evidence(evidence_hash) == Evidence::Used
    }

    pub fn pool(&self) -> Address {
        self.state.books.pool()
    }

    pub fn validator_count(&self) -> u32 {
        self.state.books.counts().validators
    }

    pub fn validator(&self, id: u32) -> Result<ValidatorView, Error> {
        let validator = self.state.existing(id)?;
        let parties = self.state.register.parties(id);
        let now = self.vm().block_timestamp();
        Ok((
            validator.status as u8,
            U256::from(validator.bond),
            U256::from(validator.active),
            U256::from(validator.unbonding.assets),
            self.state.register.commission(id).at(now),
            parties.operator,
            parties.signer,
            parties.reward_address,
        ))
    }

    pub fn validator_of_signer(&self, signer: Address) -> u32 {
        self.state.register.id_of(signer)
    }
}
