//! Deposits, rewards, losses, and what the pool sends to validators and withdrawals.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::{IAdministration as Administration, IStakingPool as Pool};

use super::pauses::{DEPOSITS, REBALANCE, STAKE, WITHDRAWALS};
use super::{Bucket, DAY, MINIMUM, Model, Refusal, Release, narrow, refuse, word};
use crate::lockstep::amounts::{down, up};

/// Most that a day of releases may add, in billionths of the pool: 0.075 %.
const DAILY_CAP_E9: u128 = 750_000;

/// What those who leave leave behind counts at once below this, over time from this on: a gwei.
const GWEI: u128 = 1_000_000_000;
/// A deposit limit refills within a minute at the fastest, and 30 days.
const REFILLS: (u128, u128) = (60, 30 * DAY as u128);

/// Times have 40 bits: a release that takes longer ends with them.
const LAST_SECOND: u64 = (1 << 40) - 1;

impl Model {
    /// Rewards that the running release has handed out.
    pub(super) fn released(&self) -> u128 {
        let Release { amount, start, end } = self.release;
        if self.now >= end {
            return amount;
        }
        let elapsed = self.now.saturating_sub(start);
        down(amount, u128::from(elapsed), u128::from(end - start))
    }

    pub(in crate::lockstep) fn unreleased(&self) -> u128 {
        self.release.amount - self.released()
    }

    /// ETH of the holders in the pool itself.
    pub(in crate::lockstep) fn buffered(&self) -> u128 {
        self.assets().saturating_sub(self.staked)
    }

    /// Staked ETH that is not the holders' yet: those who left have left it behind.
    fn ahead_of_release(&self) -> u128 {
        self.staked.saturating_sub(self.assets())
    }

    /// What is not released of the ETH in the pool itself.
    pub(in crate::lockstep) fn unreleased_here(&self) -> u128 {
        self.unreleased() - self.ahead_of_release()
    }

    pub(in crate::lockstep) fn deposit(
        &mut self,
        sender: Address,
        receiver: Address,
        referral: Address,
        value: U256,
        minimum: U256,
    ) -> Result<U256, Refusal> {
        let assets = narrow(value)?;
        self.check_open(self.at.pool, DEPOSITS)?;
        if receiver.is_zero() || receiver == self.at.pool {
            return refuse(&Pool::ERC20InvalidReceiver { receiver });
        }
        let min_shares = narrow(minimum)?;
        if assets < MINIMUM {
            return refuse(&Pool::BelowMinimumDeposit {
                assets: value,
                minimum: word(MINIMUM),
            });
        }
        let shares = down(assets, self.total_shares, self.assets());
        if shares == 0 {
            return refuse(&Pool::ZeroShares { assets: value });
        }
        if shares < min_shares {
            return refuse(&Pool::TooFewShares {
                shares: word(shares),
                minimum,
            });
        }
        self.draw_from_bucket(assets)?;
        self.booked += assets;
        self.total_shares += shares;
        let submitted = Pool::Submitted {
            sender,
            amount: value,
            referral,
        };
        self.log(self.at.pool, &submitted);
        let deposited = Pool::Deposited {
            receiver,
            assets: value,
            shares: word(shares),
            totalAssets: word(self.assets()),
            totalShares: word(self.total_shares),
        };
        self.log(self.at.pool, &deposited);
        self.mint(receiver, shares);
        Ok(word(shares))
    }

    fn draw_from_bucket(&mut self, assets: u128) -> Result<(), Refusal> {
        if self.bucket.capacity == 0 {
            return Ok(());
        }
        let available = self.bucket.available(self.now);
        if assets > available {
            return refuse(&Pool::StakingLimitExceeded {
                assets: word(assets),
                available: word(available),
            });
        }
        self.bucket.level = available - assets;
        self.bucket.updated_at = self.now;
        Ok(())
    }

    /// A reward: the fee at once, the rest over time.
    pub(in crate::lockstep) fn distribute(
        &mut self,
        payer: Address,
        value: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(payer, "DISTRIBUTOR_ROLE")?;
        if value.is_zero() {
            return refuse(&Pool::ZeroAmount {});
        }
        let reward = narrow(value)?;
        let before = (self.assets(), self.total_shares);
        self.settle();
        let fee = down(reward, self.fee_bps(), 10_000);
        let fee_shares = down(fee, self.total_shares, self.booked);
        self.booked += fee;
        self.total_shares += fee_shares;
        self.extend_release(reward - fee);
        let distributed = Pool::RewardsDistributed {
            payer,
            assets: value,
            fee: word(fee),
            feeShares: word(fee_shares),
            treasury: self.at.treasury,
            unreleased: word(self.release.amount),
            releaseEnd: self.release.end,
        };
        self.log(self.at.pool, &distributed);
        if fee_shares != 0 {
            self.mint(self.at.treasury, fee_shares);
        }
        self.log_rebase(before, fee_shares);
        Ok(Vec::new())
    }

    /// Folds `added` into what is unreleased; the daily cap may make the release longer.
    fn extend_release(&mut self, added: u128) {
        let amount = self.release.amount + added;
        let end = self.slowest_end(amount, self.booked);
        self.release = Release {
            amount,
            start: self.now,
            end: LAST_SECOND.min(end.max(self.now + self.release_secs)),
        };
    }

    /// When a release of `amount` ends that begins now and makes a pool of `pooled` wei grow as fast as it
    /// may.
    fn slowest_end(&self, amount: u128, pooled: u128) -> u64 {
        let per_day = down(pooled, DAILY_CAP_E9, 1_000_000_000);
        match (amount, per_day) {
            (0, _) => self.now,
            (_, 0) => u64::MAX,
            _ => {
                let duration = up(amount, u128::from(DAY), per_day);
                let duration = u64::try_from(duration).unwrap_or(u64::MAX);
                self.now.saturating_add(duration)
            }
        }
    }

    /// Books what has been released; the rest goes on to the same end.
    fn settle(&mut self) {
        let released = self.released();
        self.booked += released;
        self.release.amount -= released;
        self.release = match self.release.amount {
            0 => Release::default(),
            _ => Release {
                start: self.now.max(self.release.start),
                ..self.release
            },
        };
    }

    /// Stake was slashed. Returns what unreleased rewards paid and what the rate did.
    pub(super) fn lose(&mut self, loss: u128) -> (u128, u128) {
        let before = (self.assets(), self.total_shares);
        self.staked -= loss;
        self.settle();
        let from_unreleased = self.release.amount.min(loss);
        let socialised = loss - from_unreleased;
        self.release.amount -= from_unreleased;
        if self.release.amount == 0 {
            self.release = Release::default();
        }
        self.booked -= socialised;
        let recognised = Pool::LossRecognised {
            loss: word(loss),
            fromUnreleased: word(from_unreleased),
            socialised: word(socialised),
            totalAssets: word(self.assets()),
            totalShares: word(self.total_shares),
        };
        self.log(self.at.pool, &recognised);
        if socialised != 0 {
            self.log_rebase(before, 0);
        }
        (from_unreleased, socialised)
    }

    fn log_rebase(&mut self, (assets, shares): (u128, u128), fee_shares: u128) {
        let rebased = Pool::TokenRebased {
            reportTimestamp: U256::from(self.now),
            timeElapsed: U256::from(self.now - self.rebased_at),
            preTotalShares: word(shares),
            preTotalEther: word(assets),
            postTotalShares: word(self.total_shares),
            postTotalEther: word(self.assets()),
            sharesMintedAsFees: word(fee_shares),
        };
        self.rebased_at = self.now;
        self.log(self.at.pool, &rebased);
        self.record();
    }

    /// Burns `shares` of the queue for `assets` wei.
    pub(super) fn pay_queue(&mut self, shares: u128, assets: u128) -> Result<(), Refusal> {
        self.check_open(self.at.pool, WITHDRAWALS)?;
        let worth = self.worth(shares);
        let before = word(worth);
        let left_behind = match worth - assets {
            ..GWEI => 0,
            enough => enough,
        };
        let (stays, unreleased) = (self.assets() - assets - left_behind, self.unreleased());
        let end = self.slowest_end(unreleased + left_behind, stays);
        if left_behind != 0 || (unreleased != 0 && end > self.release.end) {
            self.booked = stays;
            self.release = Release {
                amount: unreleased + left_behind,
                start: self.now,
                end: LAST_SECOND.min(end.max(self.release.end)),
            };
        } else {
            if assets > self.booked {
                self.settle();
            }
            self.booked -= assets;
        }
        self.total_shares -= shares;
        let queue = self.at.queue;
        *self.shares.entry(queue).or_default() -= shares;
        self.log_move(queue, Address::ZERO, before, shares);
        let burnt = Pool::SharesBurnt {
            account: queue,
            preRebaseTokenAmount: before,
            postRebaseTokenAmount: word(self.worth(shares)),
            sharesAmount: word(shares),
        };
        self.log(self.at.pool, &burnt);
        let filled = Pool::WithdrawalFilled {
            assets: word(assets),
            shares: word(shares),
            totalAssets: word(self.assets()),
            totalShares: word(self.total_shares),
        };
        self.log(self.at.pool, &filled);
        Ok(())
    }

    /// Takes matured stake back, then calls stake back or sends it out.
    pub(in crate::lockstep) fn rebalance(&mut self, max_ops: U256) -> Result<Vec<u8>, Refusal> {
        self.check_open(self.at.pool, REBALANCE)?;
        let maximum = U256::from(64);
        if max_ops.is_zero() || max_ops > maximum {
            return refuse(&Pool::InvalidOperationCount {
                maxOps: max_ops,
                maximum,
            });
        }
        let max_ops = max_ops.to();
        self.check_open(self.at.registry, STAKE)?;
        let returned = self.release_matured(max_ops);
        self.take_returned(returned);
        let spare = self
            .buffered()
            .saturating_sub(self.demand())
            .saturating_sub(self.target_buffer);
        // What comes back is free only once it makes up for what is not released.
        let wanted = match self.demand() {
            0 => 0,
            demand => demand + self.ahead_of_release(),
        };
        let on_the_way: u128 = self.validators.iter().map(|one| one.unbonding).sum();
        let shortfall = wanted
            .saturating_sub(self.buffered())
            .saturating_sub(on_the_way);
        let undelegated = self.call_back(shortfall.max(self.leaving()), max_ops);
        let delegated = self.send_out(spare, max_ops);
        Ok(Pool::rebalanceCall::abi_encode_returns(
            &Pool::rebalanceReturn {
                delegated: word(delegated),
                undelegated: word(undelegated),
                returned: word(returned),
            },
        ))
    }

    /// Stake is in the pool again.
    pub(super) fn take_returned(&mut self, returned: u128) {
        if returned == 0 {
            return;
        }
        self.staked -= returned;
        let back = Pool::DelegationReturned {
            assets: word(returned),
            totalDelegated: word(self.staked),
            buffered: word(self.buffered()),
        };
        self.log(self.at.pool, &back);
    }

    fn call_back(&mut self, assets: u128, max_ops: usize) -> u128 {
        if assets == 0 {
            return 0;
        }
        let started = self.undelegate(assets, max_ops);
        if started != 0 {
            let assets = word(started);
            self.log(self.at.pool, &Pool::UndelegationRequested { assets });
        }
        started
    }

    fn send_out(&mut self, assets: u128, max_ops: usize) -> u128 {
        let plan = self.plan_deposits(assets, max_ops);
        let planned = plan.iter().map(|(_, amount)| amount).sum();
        if planned == 0 {
            return 0;
        }
        self.staked += planned;
        let delegated = Pool::Delegated {
            assets: word(planned),
            totalDelegated: word(self.staked),
            buffered: word(self.buffered()),
        };
        self.log(self.at.pool, &delegated);
        self.delegate(&plan);
        planned
    }

    pub(in crate::lockstep) fn set_limit(
        &mut self,
        sender: Address,
        most: u128,
        refill_seconds: u32,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "LIMITER_ROLE")?;
        let refill = u128::from(refill_seconds);
        if refill < REFILLS.0 || refill > REFILLS.1 {
            return refuse(&Pool::ParameterOutOfBounds {
                index: 1,
                value: word(refill),
                minimum: word(REFILLS.0),
                maximum: word(REFILLS.1),
            });
        }
        self.bucket = Bucket::full(most, refill_seconds);
        let set = Pool::StakingLimitSet {
            maxStakeLimit: word(most),
            refillSeconds: refill_seconds,
        };
        self.log(self.at.pool, &set);
        Ok(Vec::new())
    }

    pub(super) fn remove_limit(&mut self, sender: Address) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "LIMITER_ROLE")?;
        self.bucket = Bucket::default();
        self.log(self.at.pool, &Pool::StakingLimitRemoved {});
        Ok(Vec::new())
    }

    pub(in crate::lockstep) fn set_target_buffer(
        &mut self,
        sender: Address,
        assets: u128,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(sender, "DEFAULT_ADMIN_ROLE")?;
        self.target_buffer = assets;
        let set = Pool::TargetBufferSet {
            assets: word(assets),
        };
        self.log(self.at.pool, &set);
        Ok(Vec::new())
    }

    /// Every role is the admin's.
    pub(super) fn check_role(&self, account: Address, role: &str) -> Result<(), Refusal> {
        if account == self.at.admin {
            return Ok(());
        }
        let needed = match role {
            "DEFAULT_ADMIN_ROLE" => alloy::primitives::B256::ZERO,
            name => alloy::primitives::keccak256(name),
        };
        refuse(&Administration::AccessControlUnauthorizedAccount {
            account,
            neededRole: needed,
        })
    }
}
