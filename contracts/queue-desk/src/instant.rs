//! The instant lane: leaving past the queue, with what the queue is not owed.

use abi::IWithdrawalQueue;
use alloy_primitives::{Address, U256};
use glue::{
    bounds::check_bounds, calls, emit, lock::Lock, pause::MAX_SECS, revert, word::MAX_BUCKET,
};
use protocol::{
    instant::{self, MIN_LANE_REFILL_SECS},
    limits::{Bucket, MAX_REFILL_SECS},
    mul_div::narrow,
    queue,
};
use queue_state::{Error, GUARDIAN_ROLE, INSTANT, LIMITER_ROLE, Quote};
use stylus_sdk::prelude::*;

use crate::QueueDesk;

impl QueueDesk {
    pub fn withdraw_instantly(
        &mut self,
        shares: U256,
        receiver: Address,
        min_eth: U256,
    ) -> Result<U256, Error> {
        self.state.administration.pauses.check(INSTANT)?;
        let _lock = Lock::enter()?;
        let caller = self.vm().msg_sender();
        let receiver = if receiver.is_zero() { caller } else { receiver };
        let left = self.price(shares, min_eth)?;
        let now = self.vm().block_timestamp();
        let lane = self.state.line.lane().take(left.worth, now);
        let lane = lane.map_err(|error| Error::of_request(U256::ZERO, error.into()))?;
        self.state.line.store_lane(&lane);
        let assets = U256::from(left.paid);
        emit!(
            self.vm(),
            IWithdrawalQueue::WithdrawnInstantly [owner: caller, receiver] {
                amountOfETH: assets,
                fee: U256::from(left.fee),
                amountOfShares: shares,
            }
        );
        self.state.take_shares(caller, shares)?;
        self.state.burn_shares(shares, assets)?;
        calls::pay_out(self.vm(), self.state.line.pool(), receiver, assets)?;
        Ok(assets)
    }

    pub fn set_instant_limit(
        &mut self,
        max_assets: U256,
        refill_seconds: u32,
    ) -> Result<(), Error> {
        self.state.administration.roles.check(LIMITER_ROLE)?;
        let (shortest, longest) = (MIN_LANE_REFILL_SECS.into(), MAX_REFILL_SECS.into());
        check_bounds(0, max_assets, 0, MAX_BUCKET)?;
        check_bounds(1, U256::from(refill_seconds), shortest, longest)?;
        let capacity = narrow(max_assets)?;
        self.state
            .line
            .store_lane(&Bucket::full(capacity, refill_seconds));
        emit!(
            self.vm(),
            IWithdrawalQueue::InstantLimitSet [] {
                maxAssets: max_assets,
                refillSeconds: refill_seconds,
            }
        );
        Ok(())
    }

    pub fn suspend_instant_lane(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(GUARDIAN_ROLE)?;
        let until = self.vm().block_timestamp().saturating_add(MAX_SECS);
        self.state.line.suspend(until);
        let account = self.vm().msg_sender();
        emit!(self.vm(), IWithdrawalQueue::InstantLaneSuspended [] { account, until });
        Ok(())
    }

    pub fn resume_instant_lane(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(GUARDIAN_ROLE)?;
        self.state.line.suspend(0);
        let account = self.vm().msg_sender();
        emit!(self.vm(), IWithdrawalQueue::InstantLaneResumed [] { account });
        Ok(())
    }

    pub fn preview_instant(&self, shares: U256) -> Result<(U256, U256), Error> {
        self.state.administration.pauses.check(INSTANT)?;
        let left = self.price(shares, U256::ZERO)?;
        Ok((U256::from(left.paid), U256::from(left.fee)))
    }

    pub fn instant_limit(&self) -> Result<(U256, U256, u32, bool), Error> {
        let lane = self.state.line.lane();
        let available = match lane.capacity {
            0 => 0,
            _ => lane.available(self.vm().block_timestamp())?,
        };
        Ok((
            U256::from(available),
            U256::from(lane.capacity),
            lane.refill_secs,
            self.suspended(&self.state.quote()?),
        ))
    }

    /// What `shares` would be paid at once, were the lane's limit wide enough.
    fn price(&self, shares: U256, min_eth: U256) -> Result<instant::Instant, Error> {
        let quote = self.state.quote()?;
        if self.suspended(&quote) || self.state.line.lane().capacity == 0 {
            return Err(revert!(IWithdrawalQueue::InstantLaneClosed {}).into());
        }
        let Quote { totals, free, .. } = quote;
        let demand = queue::demand(self.state.line.unfilled(), totals)?;
        instant::withdraw(totals, narrow(shares)?, free, demand, narrow(min_eth)?)
            .map_err(|error| Error::of_request(U256::ZERO, error))
    }

    /// Whether nobody may leave before a slash is decided: the registry knows of one, or the guardian.
    fn suspended(&self, quote: &Quote) -> bool {
        let now = self.vm().block_timestamp();
        quote.is_slash_pending(now) || now < self.state.line.suspended_until()
    }
}
