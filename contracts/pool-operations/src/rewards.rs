//! What moves the rate: rewards and losses.

use abi::IStakingPool;
use alloy_primitives::U256;
use glue::{access::only, emit, revert};
use pool_state::{error::Error, state::Stake};
use protocol::{
    drip::DAILY_CAP_E9,
    mul_div::narrow,
    pool::{self, DistributionTerms},
    rate::Totals,
};
use stylus_sdk::prelude::*;

use crate::{DISTRIBUTOR_ROLE, PoolOperations};

impl PoolOperations {
    pub fn distribute(&mut self) -> Result<(), Error> {
        self.state.administration.roles.check(DISTRIBUTOR_ROLE)?;
        let value = self.vm().msg_value();
        if value.is_zero() {
            return Err(revert!(IStakingPool::ZeroAmount {}).into());
        }
        let now = self.vm().block_timestamp();
        let treasury = self.state.books.treasury();
        let (fees, epoch_secs) = self.state.books.terms()?;
        let terms = DistributionTerms {
            fee: fees.at(now),
            epoch_secs,
            daily_cap_e9: DAILY_CAP_E9,
        };
        let before = self.state.books.totals()?;
        let distribution =
            pool::distribute(&self.state.books.ledger(), narrow(value)?, now, &terms)?;
        let (split, ledger) = (distribution.split, distribution.ledger);
        self.state.books.store_ledger(&ledger)?;
        // As it is kept.
        let release_end = self.state.books.ledger().drip.end;
        emit!(
            self.vm(),
            IStakingPool::RewardsDistributed [payer: self.vm().msg_sender()] {
                assets: value,
                fee: U256::from(split.fee),
                feeShares: U256::from(split.fee_shares),
                treasury,
                unreleased: U256::from(ledger.drip.amount),
                releaseEnd: release_end,
            }
        );
        if split.fee_shares != 0 {
            self.state.mint(treasury, split.fee_shares)?;
        }
        self.log_rebase(before, ledger.booked, split.fee_shares);
        Ok(())
    }

    pub fn report_loss(&mut self, assets: U256) -> Result<(U256, U256), Error> {
        only(self.vm().msg_sender(), self.state.links.registry())?;
        let now = self.vm().block_timestamp();
        let before = self.state.books.totals()?;
        let stake = self.state.books.stake();
        let loss = pool::recognise_loss(
            &self.state.books.ledger(),
            stake.staked,
            narrow(assets)?,
            now,
        )?;
        self.state.books.store_ledger(&loss.ledger)?;
        self.state.books.store_stake(&Stake {
            staked: loss.staked,
            ..stake
        });
        let from_unreleased = U256::from(loss.from_unreleased);
        let socialised = U256::from(loss.socialised);
        emit!(
            self.vm(),
            IStakingPool::LossRecognised [] {
                loss: assets,
                fromUnreleased: from_unreleased,
                socialised,
                totalAssets: U256::from(loss.ledger.booked.assets),
                totalShares: U256::from(loss.ledger.booked.shares),
            }
        );
        if loss.socialised != 0 {
            self.log_rebase(before, loss.ledger.booked, 0);
        }
        Ok((from_unreleased, socialised))
    }

    fn log_rebase(&mut self, before: Totals, after: Totals, fee_shares: u128) {
        let now = self.vm().block_timestamp();
        let (_, rebased_at) = self.state.links.last_rate();
        // Block times never fall.
        let elapsed = now.saturating_sub(rebased_at);
        emit!(
            self.vm(),
            IStakingPool::TokenRebased [reportTimestamp: U256::from(now)] {
                timeElapsed: U256::from(elapsed),
                preTotalShares: U256::from(before.shares),
                preTotalEther: U256::from(before.assets),
                postTotalShares: U256::from(after.shares),
                postTotalEther: U256::from(after.assets),
                sharesMintedAsFees: U256::from(fee_shares),
            }
        );
        self.state.record_rate(after, now);
    }
}
