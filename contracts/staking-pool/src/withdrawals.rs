//! What the queue takes: shares burned, ETH out.

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use glue::{access::only, calls, emit, revert};
use pool_state::{WITHDRAWALS, error::Error};
use protocol::{mul_div::narrow, pool, rate};
use stylus_sdk::prelude::*;

use crate::StakingPool;

impl StakingPool {
    pub fn fill_withdrawals(&mut self, shares: U256, assets: U256) -> Result<(), Error> {
        let queue = self.state.links.queue();
        only(self.vm().msg_sender(), queue)?;
        self.state.administration.pauses.check(WITHDRAWALS)?;
        let now = self.vm().block_timestamp();
        let burned = narrow(shares)?;
        let before = self.state.books.totals()?;
        let staked = self.state.books.stake().staked;
        let held = self.state.accounts.shares(queue);
        let Some(left) = held.checked_sub(burned) else {
            return Err(revert!(IStakingPool::InsufficientShares {
                account: queue,
                shares: U256::from(held),
                needed: shares,
            })
            .into());
        };
        let ledger = pool::redeem(
            &self.state.books.ledger(),
            staked,
            burned,
            narrow(assets)?,
            now,
        )?;
        self.state.books.store_ledger(&ledger)?;
        self.state.accounts.store_shares(queue, left);
        // What is released and not booked yet counts as well.
        let after = self.state.books.totals()?;
        let worth_before = U256::from(rate::assets_for_shares(before, burned)?);
        self.state
            .log_transfer(queue, Address::ZERO, worth_before, burned);
        emit!(
            self.vm(),
            IStakingPool::SharesBurnt [account: queue] {
                preRebaseTokenAmount: worth_before,
                postRebaseTokenAmount: U256::from(rate::assets_for_shares(after, burned)?),
                sharesAmount: shares,
            }
        );
        emit!(
            self.vm(),
            IStakingPool::WithdrawalFilled [] {
                assets,
                shares,
                totalAssets: U256::from(after.assets),
                totalShares: U256::from(after.shares),
            }
        );
        Ok(calls::send(self.vm(), queue, assets)?)
    }
}
