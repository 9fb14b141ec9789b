//! Lanes, targets, and the terms for all validators.

use alloy::primitives::{Address, U256};
use client::abi::IValidatorRegistry::{self as Registry, setTermsCall as SetTerms};

use super::bonds::forbidden;
use super::registry::{Lane, Status, Terms, check_within};
use super::{Model, Refusal};

/// A hundredth of an ETH.
const SMALLEST_BOND: u128 = 10_000_000_000_000_000;
const LARGEST_BOND: u128 = 10_000 * 1_000_000_000_000_000_000;
const STEEPEST_LEVERAGE: u128 = 20;
const SMALLEST_PART: u128 = 100;
const WHOLE: u128 = 10_000;

impl Model {
    pub(super) fn vet(
        &mut self,
        caller: Address,
        number: u32,
        target: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "CURATOR_ROLE")?;
        self.change_lane(number, Lane::Vetted)?;
        self.limit(number, target)
    }

    pub(super) fn unvet(&mut self, caller: Address, number: u32) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "CURATOR_ROLE")?;
        self.change_lane(number, Lane::Open)?;
        Ok(Vec::new())
    }

    pub(super) fn set_target(
        &mut self,
        caller: Address,
        number: u32,
        target: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "CURATOR_ROLE")?;
        self.limit(number, target)
    }

    fn change_lane(&mut self, number: u32, lane: Lane) -> Result<(), Refusal> {
        let index = self.here(number)?;
        let previous = std::mem::replace(&mut self.validators[index].lane, lane);
        if previous != lane {
            let changed = Registry::LaneChanged {
                id: number,
                lane: lane as u8,
            };
            self.log(self.at.registry, &changed);
        }
        Ok(())
    }

    fn limit(&mut self, number: u32, target: U256) -> Result<Vec<u8>, Refusal> {
        let index = self.here(number)?;
        // More than there can be is no limit.
        self.validators[index].target = u128::try_from(target).ok();
        let set = Registry::TargetLimitSet { id: number, target };
        self.log(self.at.registry, &set);
        Ok(Vec::new())
    }

    fn here(&self, number: u32) -> Result<usize, Refusal> {
        let index = self.known(number)?;
        let status = self.validators[index].status;
        if status == Status::Exited {
            return forbidden(status, status);
        }
        Ok(index)
    }

    pub(super) fn set_terms(
        &mut self,
        caller: Address,
        call: &SetTerms,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "DEFAULT_ADMIN_ROLE")?;
        check_within(0, call.minimumBond, SMALLEST_BOND, LARGEST_BOND)?;
        check_within(1, U256::from(call.leverage), 1, STEEPEST_LEVERAGE)?;
        let leverage = call.leverage.into();
        check_within(2, U256::from(call.openLeverage), 1, leverage)?;
        check_within(3, U256::from(call.poolShareBps), SMALLEST_PART, WHOLE)?;
        self.terms = Terms {
            minimum_bond: call.minimumBond.to(),
            leverage,
            open_leverage: call.openLeverage.into(),
            pool_share_bps: call.poolShareBps.into(),
        };
        let set = Registry::TermsSet {
            minimumBond: call.minimumBond,
            leverage: call.leverage,
            openLeverage: call.openLeverage,
            poolShareBps: call.poolShareBps,
        };
        self.log(self.at.registry, &set);
        Ok(Vec::new())
    }
}
