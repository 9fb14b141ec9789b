//! The desk of the validator registry: what operators, curators, judges and readers call, and the pool
//! does not.
//!
//! Every method is documented in `interfaces/IValidatorRegistry.sol`.
//! The program is never called for itself: `validator-registry` hands over what it does not route, and
//! this runs on the registry's storage. Called directly it has no validator, and nobody in any role.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod bonds;
mod cover;
mod curation;
mod error;
mod judgement;
#[cfg(test)]
mod tests;
mod validators;
mod views;

use alloc::vec::Vec;

use abi::IValidatorRegistry;
use alloy_primitives::{Address, B256, U256};
use error::Error;
use glue::{access::DEFAULT_ADMIN_ROLE, router::Text};
use registry_state::{CURATOR_ROLE, JAILER_ROLE, SLASHER_ROLE, State};
use stylus_sdk::prelude::*;

/// The program. Its slots are drawn in [`registry_state`].
#[entrypoint]
#[storage]
pub struct RegistryDesk {
    state: State,
}

glue::router! {
    RegistryDesk: IValidatorRegistry
        receive(|_| None)
        fallback(|desk| Some(desk.state.administration.administration()))
        payable {
            registerCall => register(name: Text, signer: Address, reward_address: Address, commission_bps: u16);
            topUpBondCall => top_up_bond(id: u32);
            fundCoverCall => fund_cover();
        }
        unpaid {
            activateCall => activate(id: u32);
            jailCall => jail(id: u32, until: u64);
            unjailCall => unjail(id: u32);
            exitCall => exit(id: u32);
            withdrawBondCall => withdraw_bond(id: u32);
            requestBondExitCall => request_bond_exit(id: u32, assets: U256);
            cancelBondExitCall => cancel_bond_exit(id: u32);
            claimBondCall => claim_bond(id: u32);
            announceCommissionCall => announce_commission(id: u32, commission_bps: u16);
            rotateSignerCall => rotate_signer(id: u32, signer: Address);
            setRewardAddressCall => set_reward_address(id: u32, reward_address: Address);
            vetCall => vet(id: u32, target: U256);
            unvetCall => unvet(id: u32);
            setTargetLimitCall => set_target_limit(id: u32, target: U256);
            openFaultCall => open_fault(id: u32, evidence_hash: B256);
            dismissFaultCall => dismiss_fault(id: u32, evidence_hash: B256);
            lapseFaultCall => lapse_fault(evidence_hash: B256);
            pendingFaultsCall => pending_faults();
            claimReporterRewardCall => claim_reporter_reward(receiver: Address);
            reporterRewardCall => reporter_reward(reporter: Address);
            sweepSurplusToCoverCall => sweep_surplus_to_cover();
            addSlashingHookCall => add_slashing_hook(hook: Address);
            removeSlashingHookCall => remove_slashing_hook(hook: Address);
            slashingHooksCall => slashing_hooks();
            validatorsCall => validators(first: u32, most: U256);
            capacityOfCall => capacity_of(id: u32, total_pooled: U256);
            bondExitOfCall => bond_exit_of(id: u32);
            commissionOfCall => commission_of(id: u32);
            unbondingRangeCall => unbonding_range();
            unbondingEntriesCall => unbonding_entries(first: U256, most: U256);
            reservesCall => reserves();
            setTermsCall => set_terms(minimum_bond: U256, leverage: u16, open_leverage: u16, pool_share_bps: u16);
            termsCall => terms();
        }
}

/// What operators and anyone else call.
impl RegistryDesk {
    pub fn register(
        &mut self,
        name: Text,
        signer: Address,
        reward_address: Address,
        commission_bps: u16,
    ) -> Result<u32, Error> {
        self.enter(&name.0, signer, reward_address, commission_bps)
    }

    pub fn top_up_bond(&mut self, id: u32) -> Result<(), Error> {
        self.raise_bond(id)
    }

    pub fn fund_cover(&mut self) -> Result<(), Error> {
        self.state.check_unlocked()?;
        let (from, assets) = (self.vm().msg_sender(), self.vm().msg_value());
        self.add_cover(from, assets)
    }

    pub fn activate(&mut self, id: u32) -> Result<(), Error> {
        self.start(id)
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

    pub fn request_bond_exit(&mut self, id: u32, assets: U256) -> Result<(), Error> {
        self.ask_for_bond(id, assets)
    }

    pub fn cancel_bond_exit(&mut self, id: u32) -> Result<(), Error> {
        self.keep_bond(id)
    }

    pub fn claim_bond(&mut self, id: u32) -> Result<U256, Error> {
        self.pay_bond(id)
    }

    pub fn announce_commission(&mut self, id: u32, commission_bps: u16) -> Result<(), Error> {
        self.plan_commission(id, commission_bps)
    }

    pub fn rotate_signer(&mut self, id: u32, signer: Address) -> Result<(), Error> {
        self.change_signer(id, signer)
    }

    pub fn set_reward_address(&mut self, id: u32, reward_address: Address) -> Result<(), Error> {
        self.change_reward_address(id, reward_address)
    }

    pub fn lapse_fault(&mut self, evidence_hash: B256) -> Result<(), Error> {
        self.lapse(evidence_hash)
    }

    pub fn claim_reporter_reward(&mut self, receiver: Address) -> Result<U256, Error> {
        self.pay_reporter(receiver)
    }
}

/// What needs a role.
impl RegistryDesk {
    pub fn jail(&mut self, id: u32, until: u64) -> Result<(), Error> {
        self.state.administration.roles.check(JAILER_ROLE)?;
        self.lock_up(id, until)
    }

    pub fn vet(&mut self, id: u32, target: U256) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.move_to_vetted(id, target)
    }

    pub fn unvet(&mut self, id: u32) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.move_to_open(id)
    }

    pub fn set_target_limit(&mut self, id: u32, target: U256) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.limit(id, target)
    }

    pub fn open_fault(&mut self, id: u32, evidence_hash: B256) -> Result<(), Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        self.allege(id, evidence_hash)
    }

    pub fn dismiss_fault(&mut self, id: u32, evidence_hash: B256) -> Result<(), Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        self.acquit(id, evidence_hash)
    }

    pub fn sweep_surplus_to_cover(&mut self) -> Result<U256, Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.sweep()
    }

    pub fn add_slashing_hook(&mut self, hook: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.listen(hook)
    }

    pub fn remove_slashing_hook(&mut self, hook: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.forget_hook(hook)
    }

    pub fn set_terms(
        &mut self,
        minimum_bond: U256,
        leverage: u16,
        open_leverage: u16,
        pool_share_bps: u16,
    ) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.change_terms(minimum_bond, leverage, open_leverage, pool_share_bps)
    }
}
