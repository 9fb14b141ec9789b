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
use glue::router::Text;
use registry_state::State;
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
