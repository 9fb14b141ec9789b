//! Penalties: who loses what, what is burned, and who is told.

use abi::{ISlashingHook, IStakingPool, IValidatorRegistry};
use alloy_primitives::{B256, U256};
use glue::{DEAD, bounds::check_bounds, calldata, calls, emit, revert};
use protocol::{
    fault::Evidence,
    mul_div::{add, narrow},
    registry::{Status, Validator},
    slashing::{self, Slash},
    terms::MAX_JAIL_SECS,
};
use registry_state::{SLASHER_ROLE, evidence_error};
use stylus_sdk::prelude::*;

use crate::{ValidatorRegistry, error::Error};

/// Gas of each slashing hook.
const HOOK_GAS: u64 = 100_000;
/// Gas that must be left before a hook is called, so that it is really given [`HOOK_GAS`]: a call
/// passes on 63/64 of what is left, and what follows it needs some.
const GAS_BEFORE_HOOK: u64 = 120_000;

/// Bond loss, cover used, socialised.
type Parts = (U256, U256, U256);

impl ValidatorRegistry {
    pub fn slash(&mut self, id: u32, penalty: U256, evidence_hash: B256) -> Result<Parts, Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        let before = self.state.to_change(id)?;
        // In jail until the stake it still carries could have left.
        let term = self.state.books.terms().unbonding_secs;
        let until = self.vm().block_timestamp().saturating_add(term);
        let cover_fund = self.state.books.sums().cover_fund;
        let slash = slashing::slash(&before, cover_fund, narrow(penalty)?, until)?;
        self.carry_out(id, before.status, &slash, evidence_hash)
    }

    pub fn slash_bond(
        &mut self,
        id: u32,
        penalty: U256,
        until: u64,
        evidence_hash: B256,
    ) -> Result<U256, Error> {
        self.state.administration.roles.check(SLASHER_ROLE)?;
        let now = self.vm().block_timestamp();
        let latest = now.saturating_add(MAX_JAIL_SECS);
        check_bounds(2, U256::from(until), 0, latest.into())?;
        let before = self.state.to_change(id)?;
        let cover_fund = self.state.books.sums().cover_fund;
        let slash = slashing::slash_bond(&before, cover_fund, narrow(penalty)?, until)?;
        let (bond_loss, ..) = self.carry_out(id, before.status, &slash, evidence_hash)?;
        Ok(bond_loss)
    }

    /// Books a slash, charges the pool, burns, and tells the hooks.
    fn carry_out(
        &mut self,
        id: u32,
        previous: Status,
        slash: &Slash,
        evidence_hash: B256,
    ) -> Result<Parts, Error> {
        let _lock = self.state.lock()?;
        let (convicted, closes) = self.convict(id, &slash.validator, evidence_hash)?;
        let books = slash.booked(&self.state.books.sums())?;
        self.state.books.store_sums(&books);
        self.credit_reporter(slash.reporter_reward, evidence_hash)?;
        self.state.moved(id, previous, &convicted);
        let (from_unreleased, socialised) = self.charge_pool(slash.stake_loss)?;
        if closes {
            self.state.report_pending()?;
        }
        let bond_loss = U256::from(slash.bond_loss);
        let cover_used = U256::from(slash.cover_used);
        let penalty = add(add(slash.bond_loss, slash.cover_used)?, slash.stake_loss)?;
        emit!(
            self.vm(),
            IValidatorRegistry::ValidatorSlashed [id, evidenceHash: evidence_hash] {
                penalty: U256::from(penalty),
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
        self.tell_hooks(
            &calldata!(ISlashingHook::onSlashCall {
                validator: id,
                bondLoss: bond_loss,
                coverUsed: cover_used,
                socialised,
                evidenceHash: evidence_hash,
            }),
            evidence_hash,
        )?;
        Ok((bond_loss, cover_used, socialised))
    }

    /// Uses the evidence up; the validator without the fault that it decides, and whether there was
    /// one.
    fn convict(
        &mut self,
        id: u32,
        validator: &Validator,
        evidence_hash: B256,
    ) -> Result<(Validator, bool), Error> {
        if evidence_hash.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroEvidence {}).into());
        }
        let evidence = self.state.court.evidence(evidence_hash);
        let closes = evidence
            .convicts(id)
            .map_err(|error| evidence_error(error, evidence_hash))?;
        self.state
            .court
            .store_evidence(evidence_hash, Evidence::Used);
        if !closes {
            return Ok((*validator, false));
        }
        Ok((self.state.close_fault(validator), true))
    }

    fn credit_reporter(&mut self, reward: u128, evidence_hash: B256) -> Result<(), Error> {
        if reward == 0 {
            return Ok(());
        }
        let reporter = self.vm().msg_sender();
        let credit = add(self.state.court.reward(reporter), reward)?;
        self.state.court.store_reward(reporter, credit);
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
            self.state.books.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::reportLossCall {
                assets: U256::from(loss),
            }),
        )?;
        Ok(parts.into())
    }

    /// Calls every hook under the lock. Who sends too little gas is refused: starving a hook would
    /// hide the slash from it.
    fn tell_hooks(&mut self, calldata: &[u8], evidence_hash: B256) -> Result<(), Error> {
        for place in 1..=self.state.hooks.count() {
            let hook = self.state.hooks.hook(place);
            let available = self.vm().evm_gas_left();
            if available < GAS_BEFORE_HOOK {
                return Err(revert!(IValidatorRegistry::InsufficientGasForHook {
                    available: U256::from(available),
                    required: U256::from(GAS_BEFORE_HOOK),
                })
                .into());
            }
            if !calls::notify(self.vm(), hook, HOOK_GAS, calldata) {
                emit!(
                    self.vm(),
                    IValidatorRegistry::SlashingHookFailed [hook, evidenceHash: evidence_hash] {}
                );
            }
        }
        Ok(())
    }
}
