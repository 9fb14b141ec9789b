//! What may change of a validator and of the parameters: commission, keys, lane, target, terms.

use abi::IValidatorRegistry;
use alloy_primitives::{Address, U256};
use glue::{access::DEFAULT_ADMIN_ROLE, bounds::check_bounds, emit};
use protocol::{
    mul_div::narrow,
    registry::Lane,
    terms::{self, Terms},
};
use registry_state::{CURATOR_ROLE, Parties, lane_code};
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error, validators::check_address};

impl RegistryDesk {
    pub fn announce_commission(&mut self, id: u32, commission_bps: u16) -> Result<(), Error> {
        self.operated(id)?;
        let now = self.vm().block_timestamp();
        let terms = self.state.books.terms();
        let before = self.state.register.commission(id);
        let commission = before.announced(commission_bps, now, &terms)?;
        self.state.register.store_commission(id, commission);
        emit!(
            self.vm(),
            IValidatorRegistry::CommissionAnnounced [id] {
                previousBps: commission.current_bps,
                commissionBps: commission.next_bps,
                effectiveAt: commission.from,
            }
        );
        Ok(())
    }

    pub fn rotate_signer(&mut self, id: u32, signer: Address) -> Result<(), Error> {
        self.operated(id)?;
        self.check_signer(signer)?;
        // The old one stays in `ids`, so evidence of what it signed finds the validator.
        let parties = self.state.register.parties(id);
        self.state
            .register
            .store_parties(id, Parties { signer, ..parties });
        let previous = parties.signer;
        emit!(
            self.vm(),
            IValidatorRegistry::SignerRotated [id, previous, current: signer] {}
        );
        Ok(())
    }

    pub fn set_reward_address(&mut self, id: u32, reward_address: Address) -> Result<(), Error> {
        self.operated(id)?;
        check_address(reward_address)?;
        let parties = self.state.register.parties(id);
        self.state.register.store_parties(
            id,
            Parties {
                reward_address,
                ..parties
            },
        );
        emit!(
            self.vm(),
            IValidatorRegistry::RewardAddressChanged [id] {
                rewardAddress: reward_address,
            }
        );
        Ok(())
    }

    pub fn vet(&mut self, id: u32, target: U256) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.change_lane(id, Lane::Vetted)?;
        self.limit(id, target)
    }

    pub fn unvet(&mut self, id: u32) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.change_lane(id, Lane::Open)
    }

    pub fn set_target_limit(&mut self, id: u32, target: U256) -> Result<(), Error> {
        self.state.administration.roles.check(CURATOR_ROLE)?;
        self.limit(id, target)
    }

    /// Sets a target; one beyond 128 bits is beyond all the ETH there is, hence no limit.
    fn limit(&mut self, id: u32, target: U256) -> Result<(), Error> {
        let validator = self.state.to_change(id)?.with_target(narrow(target).ok())?;
        self.state.register.store_validator(id, &validator);
        emit!(self.vm(), IValidatorRegistry::TargetLimitSet [id] { target });
        Ok(())
    }

    pub fn set_terms(
        &mut self,
        minimum_bond: U256,
        leverage: u16,
        open_leverage: u16,
        pool_share_bps: u16,
    ) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.state.check_unlocked()?;
        check_bounds(
            0,
            minimum_bond,
            terms::MIN_BOND_FLOOR,
            terms::MIN_BOND_CEILING,
        )?;
        let within = |index, value: u16, minimum: u16, maximum: u16| {
            check_bounds(index, U256::from(value), minimum.into(), maximum.into())
        };
        within(1, leverage, 1, terms::MAX_LEVERAGE)?;
        within(2, open_leverage, 1, leverage)?;
        within(
            3,
            pool_share_bps,
            terms::MIN_POOL_SHARE_BPS,
            terms::MAX_POOL_SHARE_BPS,
        )?;
        let terms = Terms {
            min_bond: narrow(minimum_bond)?,
            leverage,
            open_leverage,
            pool_share_bps,
            ..self.state.books.terms()
        };
        self.state.books.store_terms(&terms);
        emit!(
            self.vm(),
            IValidatorRegistry::TermsSet [] {
                minimumBond: minimum_bond,
                leverage,
                openLeverage: open_leverage,
                poolShareBps: pool_share_bps,
            }
        );
        Ok(())
    }

    fn change_lane(&mut self, id: u32, lane: Lane) -> Result<(), Error> {
        let before = self.state.to_change(id)?;
        let after = before.in_lane(lane)?;
        self.state.register.store_validator(id, &after);
        if before.lane != lane {
            emit!(
                self.vm(),
                IValidatorRegistry::LaneChanged [id] { lane: lane_code(lane) }
            );
        }
        Ok(())
    }
}
