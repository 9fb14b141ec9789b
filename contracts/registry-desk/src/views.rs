//! What is only read, each page bounded.

use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use protocol::{delegation, mul_div::narrow, registry::MAX_VALIDATORS};
use registry_state::lane_code;
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error};

/// Id, status, lane, bond, delegated, unbonding.
type ValidatorInfo = (u32, u8, u8, U256, U256, U256);
/// Entry, validator, maturity, wei.
type EntryInfo = (U256, u32, u64, U256);

impl RegistryDesk {
    pub fn validators(&self, first: u32, most: U256) -> Vec<ValidatorInfo> {
        // Ids begin at 1.
        let first = first.max(1);
        let last = self.state.books.counts().validators;
        (first..=last)
            .take(page(most))
            .map(|id| {
                let validator = self.state.register.validator(id);
                (
                    id,
                    validator.status as u8,
                    lane_code(validator.lane),
                    U256::from(validator.bond),
                    U256::from(validator.active),
                    U256::from(validator.unbonding.assets),
                )
            })
            .collect()
    }

    pub fn capacity_of(&self, id: u32, total_pooled: U256) -> Result<(u8, U256, U256), Error> {
        let validator = self.state.existing(id)?;
        let total_pooled = narrow(total_pooled)?;
        let (terms, now) = (self.state.books.terms(), self.vm().block_timestamp());
        let capacity = delegation::capacity(&validator, total_pooled, &terms, now)?;
        Ok((
            lane_code(validator.lane),
            validator.target.map_or(U256::MAX, U256::from),
            U256::from(capacity),
        ))
    }

    pub fn bond_exit_of(&self, id: u32) -> Result<(U256, u64, u16, u64), Error> {
        let validator = self.state.existing(id)?;
        let now = self.vm().block_timestamp();
        Ok((
            U256::from(validator.bond_exit.amount),
            validator.bond_exit.available_at,
            validator.faults.open_at(now),
            validator.jailed_until,
        ))
    }

    pub fn commission_of(&self, id: u32) -> Result<(u16, u16, u64), Error> {
        self.state.existing(id)?;
        let commission = self.state.register.commission(id);
        Ok((commission.current_bps, commission.next_bps, commission.from))
    }

    pub fn unbonding_range(&self) -> (U256, U256) {
        let counts = self.state.books.counts();
        (U256::from(counts.first_entry), U256::from(counts.end_entry))
    }

    pub fn unbonding_entries(&self, first: U256, most: U256) -> Result<Vec<EntryInfo>, Error> {
        let counts = self.state.books.counts();
        let first = match *first.as_limbs() {
            [first, 0, 0, 0] => first.max(counts.first_entry),
            _ => counts.end_entry,
        };
        let mut entries = Vec::new();
        for number in (first..counts.end_entry).take(page(most)) {
            let (entry, id) = self.state.register.entry(number);
            let validator = self.state.register.validator(id);
            let assets = delegation::entry_assets(&validator.unbonding, entry.shares)?;
            entries.push((U256::from(number), id, entry.matures_at, U256::from(assets)));
        }
        Ok(entries)
    }

    pub fn pending_faults(&self) -> u16 {
        let now = self.vm().block_timestamp();
        self.state.books.pending().open_at(now)
    }

    pub fn reporter_reward(&self, reporter: Address) -> U256 {
        U256::from(self.state.court.reward(reporter))
    }

    pub fn reserves(&self) -> Result<(U256, U256, U256, U256, U256, U256), Error> {
        let sums = self.state.books.sums();
        Ok((
            U256::from(sums.bonds),
            U256::from(sums.active),
            U256::from(sums.unbonding),
            U256::from(sums.cover_fund),
            U256::from(sums.reporter_rewards),
            U256::from(self.surplus()?),
        ))
    }

    pub fn terms(&self) -> (U256, u16, u16, u16, u64, u64) {
        let terms = self.state.books.terms();
        (
            U256::from(terms.min_bond),
            terms.leverage,
            terms.open_leverage,
            terms.pool_share_bps,
            terms.unbonding_secs,
            terms.notice_secs,
        )
    }
}

/// How many items a page has at most.
fn page(most: U256) -> usize {
    match *most.as_limbs() {
        [most, 0, 0, 0] if most < MAX_VALIDATORS as u64 => most as usize,
        _ => MAX_VALIDATORS,
    }
}
