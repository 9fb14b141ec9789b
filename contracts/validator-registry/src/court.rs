//! Penalties: who loses what, what is burned, who is paid, and who is told.

use abi::{IStakingPool, IValidatorRegistry};
use alloy_primitives::{Address, B256, U256, address};
use alloy_sol_types::sol;
use glue::{calls, emit, lock::Lock, revert};
use protocol::{
    mul_div::{add, narrow, sub},
    registry::Status,
    slashing::{self, Slash},
};
use stylus_sdk::prelude::*;

use crate::{ValidatorRegistry, error::Error, state::MAX_HOOKS};

sol! {
    /// What a slashing hook implements; not part of this contract's own interface.
    interface ISlashingHook {
        function onSlash(
            uint32 id,
            uint256 bondLoss,
            uint256 coverUsed,
            uint256 socialised,
            bytes32 evidenceHash
        ) external;
    }
}

/// Where burned ETH goes; nobody has its key.
const DEAD: Address = address!("000000000000000000000000000000000000dEaD");
/// Gas for one hook: enough to read and write a few words.
const HOOK_GAS: u64 = 100_000;

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
        if self.court.evidence.get(evidence_hash) {
            return Err(revert!(IValidatorRegistry::EvidenceAlreadyUsed {
                evidenceHash: evidence_hash,
            })
            .into());
        }
        let slash = slashing::slash(&before, self.books.sums().cover_fund, narrow(penalty)?)?;
        self.court.evidence.insert(evidence_hash, true);
        self.book(&slash)?;
        self.credit_reporter(slash.reporter_reward, evidence_hash)?;
        let mut after = slash.validator;
        if after.status == Status::Active {
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
        self.tell(&ISlashingHook::onSlashCall {
            id,
            bondLoss: bond_loss,
            coverUsed: cover_used,
            socialised,
            evidenceHash: evidence_hash,
        });
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

    /// Adds a hook at the end of the list.
    pub(crate) fn add_hook(&mut self, hook: Address) -> Result<(), Error> {
        let mut hooks = self.court.hooks();
        if hooks.contains(&hook) {
            return Err(revert!(IValidatorRegistry::HookAlreadyAdded { hook }).into());
        }
        if hooks.len() >= MAX_HOOKS {
            return Err(revert!(IValidatorRegistry::TooManyHooks {
                maximum: U256::from(MAX_HOOKS),
            })
            .into());
        }
        if self.vm().code_size(hook) == 0 {
            return Err(revert!(IValidatorRegistry::NotAContract { target: hook }).into());
        }
        hooks.push(hook);
        self.court.store_hooks(&hooks);
        emit!(self.vm(), IValidatorRegistry::SlashingHookAdded [hook] {});
        Ok(())
    }

    /// Takes a hook off the list.
    pub(crate) fn remove_hook(&mut self, hook: Address) -> Result<(), Error> {
        let mut hooks = self.court.hooks();
        let Some(place) = hooks.iter().position(|known| *known == hook) else {
            return Err(revert!(IValidatorRegistry::UnknownHook { hook }).into());
        };
        hooks.swap_remove(place);
        self.court.store_hooks(&hooks);
        emit!(self.vm(), IValidatorRegistry::SlashingHookRemoved [hook] {});
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
        let parts = calls::call(
            self.vm(),
            self.books.pool.get(),
            U256::ZERO,
            &IStakingPool::reportLossCall {
                assets: U256::from(loss),
            },
        )?;
        Ok((parts.fromUnreleased, parts.socialised))
    }

    /// Tells all hooks; one that fails is only reported.
    fn tell(&mut self, call: &ISlashingHook::onSlashCall) {
        for hook in self.court.hooks() {
            if !calls::notify(self.vm(), hook, HOOK_GAS, call) {
                emit!(
                    self.vm(),
                    IValidatorRegistry::SlashingHookFailed [
                        hook,
                        evidenceHash: call.evidenceHash,
                    ] {}
                );
            }
        }
    }
}
