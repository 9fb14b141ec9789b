//! Groups of methods that are closed for a time.

use alloy::primitives::Address;
use client::abi::{IAdministration as Office, IStakingPool as Pool};

use super::{Model, Refusal, refuse};

/// Pause groups of the pool.
pub(super) const DEPOSITS: u8 = 0;
pub(super) const TRANSFERS: u8 = 1;
pub(super) const REBALANCE: u8 = 2;
pub(super) const WITHDRAWALS: u8 = 3;
/// Pause groups of the registry.
pub(super) const REGISTRATION: u8 = 0;
pub(super) const STAKE: u8 = 1;
/// Pause groups of the queue.
pub(super) const REQUESTS: u8 = 0;
pub(super) const FINALIZATION: u8 = 1;
pub(super) const INSTANT: u8 = 2;

const SHORTEST: u64 = 8 * 3_600;
const LONGEST: u64 = 30 * 86_400;

impl Model {
    /// How many groups a contract has.
    pub(in crate::lockstep) fn groups(&self, contract: Address) -> u8 {
        match contract {
            one if one == self.at.pool => 4,
            one if one == self.at.queue => 3,
            _ => 2,
        }
    }

    /// When the last pause of a group ends or ended.
    pub(super) fn paused_until(&self, contract: Address, group: u8) -> u64 {
        let until = self.pauses.get(&(contract, group));
        until.copied().unwrap_or_default()
    }

    pub(super) fn is_paused(&self, contract: Address, group: u8) -> bool {
        self.now < self.paused_until(contract, group)
    }

    pub(super) fn check_open(&self, contract: Address, group: u8) -> Result<(), Refusal> {
        if self.is_paused(contract, group) {
            let until = self.paused_until(contract, group);
            return refuse(&Office::GroupPaused { group, until });
        }
        Ok(())
    }

    pub(super) fn pause(
        &mut self,
        caller: Address,
        contract: Address,
        group: u8,
        duration: u64,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_group(caller, contract, group)?;
        if !(SHORTEST..=LONGEST).contains(&duration) {
            return refuse(&Office::PauseOutOfBounds {
                duration,
                minimum: SHORTEST,
                maximum: LONGEST,
            });
        }
        let until = self.now + duration;
        self.pauses.insert((contract, group), until);
        let paused = Office::Paused {
            group,
            until,
            account: caller,
        };
        self.log(contract, &paused);
        Ok(Vec::new())
    }

    pub(super) fn unpause(
        &mut self,
        caller: Address,
        contract: Address,
        group: u8,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_group(caller, contract, group)?;
        if self.is_paused(contract, group) {
            let account = caller;
            self.log(contract, &Office::Unpaused { group, account });
        }
        self.pauses.insert((contract, group), 0);
        Ok(Vec::new())
    }

    /// Lido's name for the longest pause of deposits.
    pub(super) fn pause_staking(&mut self, caller: Address) -> Result<Vec<u8>, Refusal> {
        self.pause(caller, self.at.pool, DEPOSITS, LONGEST)?;
        self.log(self.at.pool, &Pool::StakingPaused {});
        Ok(Vec::new())
    }

    /// Lido's name for the end of it.
    pub(super) fn resume_staking(&mut self, caller: Address) -> Result<Vec<u8>, Refusal> {
        self.unpause(caller, self.at.pool, DEPOSITS)?;
        self.log(self.at.pool, &Pool::StakingResumed {});
        Ok(Vec::new())
    }

    fn check_group(&self, caller: Address, contract: Address, group: u8) -> Result<(), Refusal> {
        self.check_role(caller, "PAUSER_ROLE")?;
        if group >= self.groups(contract) {
            return refuse(&Office::UnknownPauseGroup { group });
        }
        Ok(())
    }
}
