//! Penalties: who loses what, what is burned, and who is paid.

use abi::{IStakingPool, IValidatorRegistry};
use alloy_primitives::{Address, B256, U256, address};
use glue::{calldata, calls, emit, lock::Lock, revert};
use protocol::{
    mul_div::{add, narrow, sub},
    registry::Status,
    slashing::{self, Slash},
};
use stylus_sdk::prelude::*;

use crate::{ValidatorRegistry, error::Error};

/// Where burned ETH goes; nobody has its key.
const DEAD: Address = address!("000000000000000000000000000000000000dEaD");

impl ValidatorRegistry {
    /// Takes a penalty.
    pub(crate) fn punish(
        &mut self,
        id: u32,
        penalty: U256,
        evidence_hash: B256,
    ) -> Result<(U256, U256, U256), Error> {
        let before = self.known(id)?;
        let _lock = Lock::enter()?;
        if evidence_hash.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroEvidence {}).into());
        }
        if self.court.is_used(evidence_hash) {
            return Err(revert!(IValidatorRegistry::EvidenceAlreadyUsed {
                evidenceHash: evidence_hash,
            })
            .into());
        }
        let slash = slashing::slash(&before, self.books.sums().cover_fund, narrow(penalty)?)?;
        self.court.use_up(evidence_hash);
        self.book(&slash)?;
        self.credit_reporter(slash.reporter_reward, evidence_hash)?;
        let mut after = slash.validator;
        if matches!(after.status, Status::Active | Status::Jailed) {
            // In jail until the stake it still carries could have left.
            let term = self.books.terms().unbonding_secs;
            after = after.jail(self.vm().block_timestamp().saturating_add(term))?;
        }
        self.moved(id, &before, &after);
        let (from_unreleased, socialised) = self.charge_pool(slash.stake_loss)?;
        let bond_loss = U256::from(slash.bond_loss);
        let cover_used = U256::from(slash.cover_used);
        emit!(
            self.vm(),
            IValidatorRegistry::ValidatorSlashed [id, evidenceHash: evidence_hash] {
                penalty,
                bondLoss: bond_loss,
                coverUsed: cover_used,
                fromUnreleased: from_unreleased,
                socialised,
            }
        );
        if slash.burned != 0 {
            let assets = U256::from(slash.burned);
            emit!(self.vm(), IValidatorRegistry::PenaltyBurned [] { assets });
            calls::send(self.vm(), DEAD, assets)?;
        }
        Ok((bond_loss, cover_used, socialised))
    }

    /// Pays what the caller earned by reporting.
    pub(crate) fn pay_reporter(&mut self, receiver: Address) -> Result<U256, Error> {
        let _lock = Lock::enter()?;
        let reporter = self.vm().msg_sender();
        let reward = self.court.reward(reporter);
        if reward == 0 {
            return Err(revert!(IValidatorRegistry::NoReward { account: reporter }).into());
        }
        if receiver.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroAddress {}).into());
        }
        self.court.store_reward(reporter, 0);
        let mut sums = self.books.sums();
        sums.reporter_rewards = sub(sums.reporter_rewards, reward)?;
        self.books.store_sums(&sums);
        let assets = U256::from(reward);
        emit!(
            self.vm(),
            IValidatorRegistry::ReporterRewardClaimed [reporter] { assets }
        );
        calls::send(self.vm(), receiver, assets)?;
        Ok(assets)
    }

    /// Adds `assets` wei that are here already to the cover fund.
    pub(crate) fn add_cover(&mut self, from: Address, assets: U256) -> Result<(), Error> {
        if assets.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroAmount {}).into());
        }
        let mut sums = self.books.sums();
        sums.cover_fund = add(sums.cover_fund, narrow(assets)?)?;
        self.books.store_sums(&sums);
        emit!(
            self.vm(),
            IValidatorRegistry::CoverFunded [from] {
                assets,
                cover: U256::from(sums.cover_fund),
            }
        );
        Ok(())
    }

    fn book(&mut self, slash: &Slash) -> Result<(), Error> {
        let mut sums = self.books.sums();
        sums.bonds = sub(sums.bonds, slash.bond_loss)?;
        sums.cover_fund = slash.cover_fund;
        sums.active = sub(sums.active, slash.active_cut)?;
        sums.unbonding = sub(sums.unbonding, slash.unbonding_cut)?;
        self.books.store_sums(&sums);
        Ok(())
    }

    fn credit_reporter(&mut self, reward: u128, evidence_hash: B256) -> Result<(), Error> {
        if reward == 0 {
            return Ok(());
        }
        let reporter = self.vm().msg_sender();
        let credit = add(self.court.reward(reporter), reward)?;
        self.court.store_reward(reporter, credit);
        let mut sums = self.books.sums();
        sums.reporter_rewards = add(sums.reporter_rewards, reward)?;
        self.books.store_sums(&sums);
        emit!(
            self.vm(),
            IValidatorRegistry::ReporterRewarded [reporter, evidenceHash: evidence_hash] {
                assets: U256::from(reward),
            }
        );
        Ok(())
    }

    /// The pool recognises a loss of stake.
    fn charge_pool(&mut self, loss: u128) -> Result<(U256, U256), Error> {
        if loss == 0 {
            return Ok((U256::ZERO, U256::ZERO));
        }
        let parts: [U256; 2] = calls::call(
            self.vm(),
            self.books.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::reportLossCall {
                assets: U256::from(loss),
            }),
        )?;
        Ok(parts.into())
    }
}
