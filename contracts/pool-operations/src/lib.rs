//! What the protocol itself does with the pool: rewards, losses, delegation, the terms. Users never
//! notice it: `staking-pool` hands over here what it does not route, and this runs on the pool's storage.
//!
//! Every method is documented in `interfaces/IStakingPool.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
//! Called directly it is an empty pool: nobody has a role, and there is no other contract.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod rewards;
mod stake;

use alloc::vec::Vec;

use abi::{IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use alloy_primitives::{Address, B256, U256};
use glue::{
    access::{DEFAULT_ADMIN_ROLE, PAUSER_ROLE, role},
    bounds::check_bounds,
    calldata, calls, emit,
    pause::MAX_SECS,
    permit::Description,
    revert,
    revert::Word,
    word,
};
use pool_state::{
    DEPOSITS, DOMAIN, PoolState,
    error::Error,
    state::{MAX_STAKE, Stake},
};
use protocol::{
    bps,
    fees::FeeBps,
    limits::{Bucket, MAX_REFILL_SECS, MIN_REFILL_SECS},
    mul_div::narrow,
};
use stylus_sdk::prelude::*;

/// May pay rewards in.
pub const DISTRIBUTOR_ROLE: B256 = role("DISTRIBUTOR_ROLE");
/// May set the deposit limit.
pub const LIMITER_ROLE: B256 = role("LIMITER_ROLE");

/// Lido's seven fields of the deposit limit.
type StakeLimitInfo = (bool, bool, U256, U256, U256, U256, U256);

/// The pool. Slots are drawn in [`pool_state::state`].
#[entrypoint]
#[storage]
pub struct PoolOperations {
    state: PoolState,
}

glue::router! {
    PoolOperations: IStakingPool
        receive(|_| None)
        fallback(|pool| Some(pool.state.administration.administration()))
        payable {
            distributeCall => distribute();
            receiveReturnedCall => receive_returned();
        }
        unpaid {
            reportLossCall => report_loss(assets: U256);
            reportPendingSlashCall => report_pending_slash(until: u64);
            getFeeCall => get_fee();
            announceFeeCall => announce_fee(fee_bps: u16);
            announcedFeeCall => announced_fee();
            getTreasuryCall => get_treasury();
            setTreasuryCall => set_treasury(treasury: Address);
            recordRateCall => record_rate_now();
            rebalanceCall => rebalance(max_ops: U256);
            reservesCall => reserves();
            sweepSurplusCall => sweep_surplus();
            releaseCall => release();
            connectCall => connect(registry: Address, queue: Address);
            registryCall => registry();
            queueCall => queue();
            setStakingLimitCall => set_staking_limit(max_stake_limit: U256, refill_seconds: u32);
            removeStakingLimitCall => remove_staking_limit();
            pauseStakingCall => pause_staking();
            resumeStakingCall => resume_staking();
            getFeeDistributionCall => get_fee_distribution();
            setTargetBufferCall => set_target_buffer(assets: U256);
            getTargetBufferCall => get_target_buffer();
            getCurrentStakeLimitCall => get_current_stake_limit();
            getStakeLimitFullInfoCall => get_stake_limit_full_info();
            getBufferedEtherCall => get_buffered_ether();
            eip712DomainCall => eip712_domain();
        }
}

impl PoolOperations {
    pub fn get_fee(&self) -> Result<u16, Error> {
        let (fees, _) = self.state.books.terms()?;
        Ok(fees.at(self.vm().block_timestamp()).get())
    }

    pub fn announce_fee(&mut self, fee_bps: u16) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        let fee = FeeBps::new(fee_bps)?;
        let (fees, release_secs) = self.state.books.terms()?;
        let fees = fees.announced(fee, self.vm().block_timestamp(), release_secs);
        self.state.books.store_terms(&fees, release_secs);
        emit!(
            self.vm(),
            IStakingPool::FeeAnnounced [] { feeBps: fee_bps, effectiveAt: fees.effective_at }
        );
        Ok(())
    }

    pub fn announced_fee(&self) -> Result<(u16, u64), Error> {
        let (fees, _) = self.state.books.terms()?;
        Ok((fees.next.get(), fees.effective_at))
    }

    pub fn get_treasury(&self) -> Address {
        self.state.books.treasury()
    }

    pub fn set_treasury(&mut self, treasury: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        if treasury.is_zero() {
            return Err(revert!(IStakingPool::ZeroAddress {}).into());
        }
        self.state.books.store_treasury(treasury);
        emit!(self.vm(), IStakingPool::TreasurySet [] { treasury });
        Ok(())
    }

    pub fn record_rate_now(&mut self) -> Result<u64, Error> {
        let (round, rebased_at) = self.state.links.last_rate();
        let (_, recorded_at) = self.state.history.get(round);
        if recorded_at == self.vm().block_timestamp() {
            return Ok(round);
        }
        Ok(self
            .state
            .record_rate(self.state.books.totals()?, rebased_at))
    }

    pub fn release(&self) -> (U256, u64, u64) {
        let drip = self.state.books.ledger().drip;
        (U256::from(drip.amount), drip.start, drip.end)
    }

    pub fn connect(&mut self, registry: Address, queue: Address) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        if !self.state.links.registry().is_zero() {
            return Err(revert!(IStakingPool::AlreadyConnected {}).into());
        }
        let pool = self.vm().contract_address();
        let named = calls::view(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::poolCall {}),
        );
        if named != Ok([pool.word()]) {
            return Err(revert!(IStakingPool::NotConnectable { target: registry }).into());
        }
        let named = calls::view(self.vm(), queue, &calldata!(IWithdrawalQueue::poolCall {}));
        if named != Ok([pool.word()]) {
            return Err(revert!(IStakingPool::NotConnectable { target: queue }).into());
        }
        self.state.links.store(registry, queue);
        emit!(
            self.vm(),
            IStakingPool::Connected [] { registry, queue }
        );
        self.open_deposits()
    }

    pub fn registry(&self) -> Address {
        self.state.links.registry()
    }

    pub fn queue(&self) -> Address {
        self.state.links.queue()
    }

    pub fn set_staking_limit(
        &mut self,
        max_stake_limit: U256,
        refill_seconds: u32,
    ) -> Result<(), Error> {
        self.state.administration.roles.check(LIMITER_ROLE)?;
        let (shortest, longest) = (MIN_REFILL_SECS.into(), MAX_REFILL_SECS.into());
        check_bounds(0, max_stake_limit, 0, word::MAX_BUCKET)?;
        check_bounds(1, U256::from(refill_seconds), shortest, longest)?;
        let capacity = narrow(max_stake_limit)?;
        self.state
            .books
            .store_stake_limit(&Bucket::full(capacity, refill_seconds));
        emit!(
            self.vm(),
            IStakingPool::StakingLimitSet [] {
                maxStakeLimit: max_stake_limit,
                refillSeconds: refill_seconds,
            }
        );
        Ok(())
    }

    pub fn remove_staking_limit(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(LIMITER_ROLE)?;
        self.state.books.store_stake_limit(&Bucket::default());
        emit!(self.vm(), IStakingPool::StakingLimitRemoved [] {});
        Ok(())
    }

    pub fn pause_staking(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(PAUSER_ROLE)?;
        self.state.administration.pauses.pause(DEPOSITS, MAX_SECS)?;
        emit!(self.vm(), IStakingPool::StakingPaused [] {});
        Ok(())
    }

    pub fn resume_staking(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(PAUSER_ROLE)?;
        self.open_deposits()
    }

    fn open_deposits(&mut self) -> Result<(), Error> {
        self.state.administration.pauses.unpause(DEPOSITS)?;
        emit!(self.vm(), IStakingPool::StakingResumed [] {});
        Ok(())
    }

    pub fn get_fee_distribution(&self) -> (u16, u16, u16) {
        (bps::WHOLE, 0, 0)
    }

    pub fn set_target_buffer(&mut self, assets: U256) -> Result<(), Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        check_bounds(0, assets, 0, MAX_STAKE)?;
        let stake = self.state.books.stake();
        self.state.books.store_stake(&Stake {
            target_buffer: narrow(assets)?,
            ..stake
        });
        emit!(
            self.vm(),
            IStakingPool::TargetBufferSet [] { assets }
        );
        Ok(())
    }

    pub fn get_current_stake_limit(&self) -> Result<U256, Error> {
        if self.state.administration.pauses.is_paused(DEPOSITS) {
            return Ok(U256::ZERO);
        }
        let limit = self.state.books.stake_limit();
        if limit.capacity == 0 {
            return Ok(U256::MAX);
        }
        Ok(U256::from(limit.available(self.vm().block_timestamp())?))
    }

    pub fn get_stake_limit_full_info(&self) -> Result<StakeLimitInfo, Error> {
        let limit = self.state.books.stake_limit();
        Ok((
            self.state.administration.pauses.is_paused(DEPOSITS),
            limit.capacity != 0,
            self.get_current_stake_limit()?,
            U256::from(limit.capacity),
            U256::from(limit.refill_secs),
            U256::from(limit.level),
            U256::from(limit.updated_at),
        ))
    }

    pub fn get_buffered_ether(&self) -> Result<U256, Error> {
        Ok(U256::from(self.state.buffered()?))
    }

    pub fn eip712_domain(&self) -> Description {
        DOMAIN.described(self.vm())
    }

    pub fn get_target_buffer(&self) -> U256 {
        U256::from(self.state.books.stake().target_buffer)
    }
}
