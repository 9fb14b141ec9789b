//! Faults before they are decided, who is paid for bringing them, and who is told.

use abi::{IAdministration, IValidatorRegistry};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use glue::{access::DEFAULT_ADMIN_ROLE, calls, emit, revert};
use protocol::{
    fault::{Evidence, FAULT_SECS},
    mul_div::sub,
};
use registry_state::{SLASHER_ROLE, evidence_error};
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error, validators::check_address};

/// Most slashing hooks: each costs a slash up to 120,000 gas.
const MAX_HOOKS: u64 = 8;

impl RegistryDesk {
    pub fn open_fault(&mut self, id: u32, evidence_hash: B256) -> Result<(), Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        if evidence_hash.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroEvidence {}).into());
        }
        let now = self.vm().block_timestamp();
        let validator = self.state.to_change(id)?.accused(now)?;
        let evidence = self.state.court.evidence(evidence_hash);
        let alleged = evidence
            .alleged(id, now)
            .map_err(|error| evidence_error(error, evidence_hash))?;
        self.state.court.store_evidence(evidence_hash, alleged);
        self.state.register.store_validator(id, &validator);
        let pending = self.state.books.pending();
        self.state.books.store_pending(pending.opened(now));
        emit!(
            self.vm(),
            IValidatorRegistry::FaultOpened [id, evidenceHash: evidence_hash] {
                until: now.saturating_add(FAULT_SECS),
            }
        );
        Ok(self.state.report_pending()?)
    }

    pub fn dismiss_fault(&mut self, id: u32, evidence_hash: B256) -> Result<(), Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        let validator = self.state.to_change(id)?;
        let evidence = self.state.court.evidence(evidence_hash);
        let closes = evidence
            .acquits(id)
            .map_err(|error| evidence_error(error, evidence_hash))?;
        self.state
            .court
            .store_evidence(evidence_hash, Evidence::Used);
        if closes {
            let validator = self.state.close_fault(&validator);
            self.state.register.store_validator(id, &validator);
        }
        emit!(
            self.vm(),
            IValidatorRegistry::FaultDismissed [id, evidenceHash: evidence_hash] {}
        );
        if closes {
            self.state.report_pending()?;
        }
        Ok(())
    }

    pub fn lapse_fault(&mut self, evidence_hash: B256) -> Result<(), Error> {
        self.state.check_unlocked()?;
        let now = self.vm().block_timestamp();
        let evidence = self.state.court.evidence(evidence_hash);
        let id = evidence
            .lapses(now)
            .map_err(|error| evidence_error(error, evidence_hash))?;
        let lapsed = Evidence::Lapsed { validator: id };
        self.state.court.store_evidence(evidence_hash, lapsed);
        let validator = self.state.register.validator(id);
        let validator = self.state.close_fault(&validator);
        self.state.register.store_validator(id, &validator);
        emit!(
            self.vm(),
            IValidatorRegistry::FaultUndecided [id, evidenceHash: evidence_hash] {}
        );
        Ok(self.state.report_pending()?)
    }

    pub fn claim_reporter_reward(&mut self, receiver: Address) -> Result<U256, Error> {
        let _lock = self.state.lock()?;
        let reporter = self.vm().msg_sender();
        let reward = self.state.court.reward(reporter);
        if reward == 0 {
            return Err(revert!(IValidatorRegistry::NoReward { account: reporter }).into());
        }
        check_address(receiver)?;
        self.state.court.store_reward(reporter, 0);
        let mut sums = self.state.books.sums();
        sums.reporter_rewards = sub(sums.reporter_rewards, reward)?;
        self.state.books.store_sums(&sums);
        let assets = U256::from(reward);
        emit!(
            self.vm(),
            IValidatorRegistry::ReporterRewardClaimed [reporter] { assets }
        );
        calls::pay_out(self.vm(), self.state.books.pool(), receiver, assets)?;
        Ok(assets)
    }

    pub fn add_slashing_hook(&mut self, hook: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.state.check_unlocked()?;
        // A call to an address without code succeeds, and tells nobody.
        if self.vm().code_size(hook) == 0 {
            return Err(revert!(IAdministration::NotAContract { target: hook }).into());
        }
        if self.place_of(hook).is_some() {
            return Err(revert!(IValidatorRegistry::HookAlreadyAdded { hook }).into());
        }
        let count = self.state.hooks.count();
        if count >= MAX_HOOKS {
            return Err(revert!(IValidatorRegistry::TooManyHooks {
                maximum: U256::from(MAX_HOOKS),
            })
            .into());
        }
        let place = count.saturating_add(1);
        self.state.hooks.store_hook(place, hook);
        self.state.hooks.store_count(place);
        emit!(self.vm(), IValidatorRegistry::SlashingHookAdded [hook] {});
        Ok(())
    }

    pub fn remove_slashing_hook(&mut self, hook: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.state.check_unlocked()?;
        let Some(place) = self.place_of(hook) else {
            return Err(revert!(IValidatorRegistry::UnknownHook { hook }).into());
        };
        // The last moves into the place that becomes free.
        let last = self.state.hooks.count();
        let moved = self.state.hooks.hook(last);
        self.state.hooks.store_hook(place, moved);
        self.state.hooks.store_hook(last, Address::ZERO);
        // `hook` has a place, so there is one at least.
        self.state.hooks.store_count(last.saturating_sub(1));
        emit!(self.vm(), IValidatorRegistry::SlashingHookRemoved [hook] {});
        Ok(())
    }

    pub fn slashing_hooks(&self) -> Vec<Address> {
        (1..=self.state.hooks.count())
            .map(|place| self.state.hooks.hook(place))
            .collect()
    }

    fn place_of(&self, hook: Address) -> Option<u64> {
        (1..=self.state.hooks.count()).find(|place| self.state.hooks.hook(*place) == hook)
    }
}
