//! What moves ETH or the rate: deposits, rewards, losses, delegation, filled withdrawals.

use abi::{IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use alloy_primitives::{Address, U256, address};
use glue::{access::only, calldata, calls, emit, revert};
use protocol::{
    allocation,
    drip::DAILY_CAP_E9,
    fees::FeeBps,
    mul_div::{narrow, sub},
    pool::{self, DistributionTerms},
    queue::{self, Unfilled},
    rate::{self, Totals},
};
use stylus_sdk::prelude::*;

use crate::{DEPOSITS, REBALANCE, StakingPool, WITHDRAWALS, error::Error};

/// Holds the first shares; nobody has its key.
pub(crate) const DEAD: Address = address!("000000000000000000000000000000000000dEaD");
/// Most validators and unbonding entries that one rebalance touches.
const MAX_OPS: U256 = U256::from_limbs([64, 0, 0, 0]);

impl StakingPool {
    /// The first deposit, to the dead address.
    pub(crate) fn bootstrap(&mut self) -> Result<(), Error> {
        let assets = narrow(self.vm().msg_value())?;
        let ledger = pool::bootstrap(&self.books.ledger(), assets)?;
        self.books.store_ledger(&ledger);
        self.links.rebased();
        self.mint(DEAD, ledger.booked.shares)
    }

    /// Takes the value sent for shares of `receiver`.
    pub(crate) fn take_deposit(
        &mut self,
        receiver: Address,
        referral: Address,
        min_shares: U256,
    ) -> Result<U256, Error> {
        let value = self.vm().msg_value();
        let now = self.vm().block_timestamp();
        let assets = narrow(value)?;
        self.administration.pauses.check(DEPOSITS)?;
        if receiver.is_zero() || receiver == self.vm().contract_address() {
            return Err(revert!(IStakingPool::ERC20InvalidReceiver { receiver }).into());
        }
        let limit = self.books.stake_limit();
        let deposited = pool::deposit(&self.books.ledger(), assets, narrow(min_shares)?, now)?;
        if limit.capacity != 0 {
            self.books.store_stake_limit(&limit.take(assets, now)?);
        }
        self.books.store_booked(deposited.booked);
        let totals = self.books.totals()?;
        emit!(
            self.vm(),
            IStakingPool::Submitted [sender: self.vm().msg_sender()] { amount: value, referral }
        );
        emit!(
            self.vm(),
            IStakingPool::Deposited [receiver] { assets: value, shares: U256::from(deposited.shares), totalAssets: U256::from(totals.assets), totalShares: U256::from(totals.shares) }
        );
        self.mint(receiver, deposited.shares)?;
        Ok(U256::from(deposited.shares))
    }

    /// Takes the value sent as a reward.
    pub(crate) fn take_reward(&mut self) -> Result<(), Error> {
        let value = self.vm().msg_value();
        if value.is_zero() {
            return Err(revert!(IStakingPool::ZeroAmount {}).into());
        }
        let now = self.vm().block_timestamp();
        let (treasury, epoch_secs, fee_bps) = self.books.terms();
        let terms = DistributionTerms {
            fee: FeeBps::new(fee_bps)?,
            epoch_secs,
            daily_cap_e9: DAILY_CAP_E9,
        };
        let before = self.books.totals()?;
        let distribution = pool::distribute(&self.books.ledger(), narrow(value)?, now, &terms)?;
        let (split, ledger) = (distribution.split, distribution.ledger);
        self.books.store_ledger(&ledger);
        emit!(
            self.vm(),
            IStakingPool::RewardsDistributed [payer: self.vm().msg_sender()] { assets: value, fee: U256::from(split.fee), feeShares: U256::from(split.fee_shares), treasury, unreleased: U256::from(ledger.drip.amount), releaseEnd: ledger.drip.end }
        );
        if split.fee_shares != 0 {
            self.mint(treasury, split.fee_shares)?;
        }
        self.log_rebase(before, ledger.booked, split.fee_shares);
        Ok(())
    }

    /// The registry lost `assets` wei of stake.
    pub(crate) fn take_loss(&mut self, assets: U256) -> Result<(U256, U256), Error> {
        only(self.vm().msg_sender(), self.links.registry())?;
        let now = self.vm().block_timestamp();
        let before = self.books.totals()?;
        let (staked, target_buffer) = self.books.stake();
        let loss = pool::recognise_loss(&self.books.ledger(), staked, narrow(assets)?, now)?;
        self.books.store_ledger(&loss.ledger);
        self.books.store_stake(loss.staked, target_buffer);
        let from_unreleased = U256::from(loss.from_unreleased);
        let socialised = U256::from(loss.socialised);
        emit!(
            self.vm(),
            IStakingPool::LossRecognised [] { loss: assets, fromUnreleased: from_unreleased, socialised, totalAssets: U256::from(loss.ledger.booked.assets), totalShares: U256::from(loss.ledger.booked.shares) }
        );
        if loss.socialised != 0 {
            self.log_rebase(before, loss.ledger.booked, 0);
        }
        Ok((from_unreleased, socialised))
    }

    /// The registry pays matured stake back.
    pub(crate) fn take_returned(&mut self) -> Result<(), Error> {
        only(self.vm().msg_sender(), self.links.registry())?;
        let value = self.vm().msg_value();
        let (staked, target_buffer) = self.books.stake();
        let staked = pool::unstake(staked, narrow(value)?)?;
        self.books.store_stake(staked, target_buffer);
        emit!(
            self.vm(),
            IStakingPool::DelegationReturned [] { assets: value, totalDelegated: U256::from(staked), buffered: U256::from(self.buffered()?) }
        );
        Ok(())
    }

    /// Takes matured stake back, then delegates or undelegates.
    pub(crate) fn rebalance_stake(&mut self, max_ops: U256) -> Result<(U256, U256, U256), Error> {
        self.administration.pauses.check(REBALANCE)?;
        if max_ops.is_zero() || max_ops > MAX_OPS {
            return Err(revert!(IStakingPool::InvalidOperationCount {
                maxOps: max_ops,
                maximum: MAX_OPS,
            })
            .into());
        }
        let registry = self.links.registry();
        // Comes back through `receiveReturned`, so the books are read only after it.
        let [returned] = calls::call(
            self.vm(),
            registry,
            U256::ZERO,
            &calldata!(IValidatorRegistry::releaseMaturedCall {
                maxEntries: max_ops,
            }),
        )?;
        let plan = self.plan()?;
        let undelegated = match plan.undelegate {
            0 => U256::ZERO,
            assets => self.call_back(registry, U256::from(assets), max_ops)?,
        };
        let delegated = match plan.delegate {
            0 => U256::ZERO,
            assets => self.send_out(registry, U256::from(assets), max_ops)?,
        };
        Ok((delegated, undelegated, returned))
    }

    /// Burns shares of the queue and pays it.
    pub(crate) fn pay_queue(&mut self, shares: U256, assets: U256) -> Result<(), Error> {
        let queue = self.links.queue();
        only(self.vm().msg_sender(), queue)?;
        self.administration.pauses.check(WITHDRAWALS)?;
        let now = self.vm().block_timestamp();
        let burned = narrow(shares)?;
        let before = self.books.totals()?;
        let (staked, _) = self.books.stake();
        let held = self.accounts.shares(queue);
        let Some(left) = held.checked_sub(burned) else {
            return Err(revert!(IStakingPool::InsufficientShares {
                account: queue,
                shares: U256::from(held),
                needed: shares,
            })
            .into());
        };
        let ledger = pool::redeem(&self.books.ledger(), staked, burned, narrow(assets)?, now)?;
        self.books.store_ledger(&ledger);
        self.accounts.store_shares(queue, left);
        let worth_before = U256::from(rate::assets_for_shares(before, burned)?);
        self.log_transfer(queue, Address::ZERO, worth_before, burned);
        emit!(
            self.vm(),
            IStakingPool::SharesBurnt [account: queue] { preRebaseTokenAmount: worth_before, postRebaseTokenAmount: U256::from(rate::assets_for_shares(ledger.booked, burned)?), sharesAmount: shares }
        );
        emit!(
            self.vm(),
            IStakingPool::WithdrawalFilled [] { assets, shares, totalAssets: U256::from(ledger.booked.assets), totalShares: U256::from(ledger.booked.shares) }
        );
        Ok(calls::send(self.vm(), queue, assets)?)
    }

    /// Wei of the holders that lie here, released rewards included.
    #[inline(never)]
    pub(crate) fn buffered(&self) -> Result<u128, Error> {
        Ok(sub(self.books.totals()?.assets, self.books.stake().0)?)
    }

    fn plan(&self) -> Result<allocation::Rebalance, Error> {
        let [nominal, shares] = calls::view(
            self.vm(),
            self.links.queue(),
            &calldata!(IWithdrawalQueue::unfilledCall {}),
        )?;
        let [unbonding, leaving] = calls::view(
            self.vm(),
            self.links.registry(),
            &calldata!(IValidatorRegistry::stakeSummaryCall {}),
        )?;
        let demand = queue::demand(
            Unfilled {
                shares: narrow(shares)?,
                nominal: narrow(nominal)?,
            },
            self.books.totals()?,
        )?;
        Ok(allocation::rebalance(
            self.buffered()?,
            self.books.stake().1,
            demand,
            narrow(unbonding)?,
            narrow(leaving)?,
        ))
    }

    fn call_back(&mut self, registry: Address, assets: U256, max_ops: U256) -> Result<U256, Error> {
        let [started] = calls::call(
            self.vm(),
            registry,
            U256::ZERO,
            &calldata!(IValidatorRegistry::undelegateCall {
                assets,
                maxOps: max_ops,
            }),
        )?;
        if !started.is_zero() {
            emit!(
                self.vm(),
                IStakingPool::UndelegationRequested [] { assets: started }
            );
        }
        Ok(started)
    }

    fn send_out(&mut self, registry: Address, assets: U256, max_ops: U256) -> Result<U256, Error> {
        let total_pooled = U256::from(self.books.totals()?.assets);
        let [placeable] = calls::view(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::placeableCall {
                assets,
                totalPooled: total_pooled,
                maxOps: max_ops,
            }),
        )?;
        if placeable.is_zero() {
            return Ok(placeable);
        }
        let now = self.vm().block_timestamp();
        let (staked, target_buffer) = self.books.stake();
        let staked = pool::stake(&self.books.ledger(), staked, narrow(placeable)?, now)?;
        self.books.store_stake(staked, target_buffer);
        emit!(
            self.vm(),
            IStakingPool::Delegated [] { assets: placeable, totalDelegated: U256::from(staked), buffered: U256::from(self.buffered()?) }
        );
        let [] = calls::call(
            self.vm(),
            registry,
            placeable,
            &calldata!(IValidatorRegistry::delegateCall {
                totalPooled: total_pooled,
                maxOps: max_ops,
            }),
        )?;
        Ok(placeable)
    }

    fn log_rebase(&mut self, before: Totals, after: Totals, fee_shares: u128) {
        let elapsed = self.links.rebased();
        emit!(
            self.vm(),
            IStakingPool::TokenRebased [reportTimestamp: U256::from(self.vm().block_timestamp())] { timeElapsed: U256::from(elapsed), preTotalShares: U256::from(before.shares), preTotalEther: U256::from(before.assets), postTotalShares: U256::from(after.shares), postTotalEther: U256::from(after.assets), sharesMintedAsFees: U256::from(fee_shares) }
        );
    }
}
