//! Leaving past the line, for a fee that stays with the holders.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IWithdrawalQueue as Queue;

use super::pauses::INSTANT;
use super::{Bucket, DAY, MINIMUM, Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::{product, up};

const SHORTEST_REFILL: u32 = 3_600;
const LONGEST_REFILL: u32 = 30 * 86_400;
/// What a limit has room for.
const LARGEST_LIMIT: u128 = (1 << 96) - 1;

impl Model {
    pub(super) fn leave_at_once(
        &mut self,
        caller: Address,
        shares: U256,
        receiver: Address,
        min_eth: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let queue = self.at.queue;
        self.check_open(queue, INSTANT)?;
        let receiver = if receiver.is_zero() { caller } else { receiver };
        let (worth, fee) = self.instant_price(shares, min_eth)?;
        self.draw_from_lane(worth)?;
        let assets = word(worth - fee);
        let left = Queue::WithdrawnInstantly {
            owner: caller,
            receiver,
            amountOfETH: assets,
            fee: word(fee),
            amountOfShares: shares,
        };
        self.log(queue, &left);
        self.transfer_shares_from(queue, caller, queue, shares)?;
        self.pay_queue(narrow(shares)?, worth - fee)?;
        self.send_from_queue(receiver, assets)?;
        Ok(Queue::withdrawInstantlyCall::abi_encode_returns(&assets))
    }

    /// What `shares` are worth, and what leaving with them at once costs.
    fn instant_price(&self, shares: U256, min_eth: U256) -> Result<(u128, u128), Refusal> {
        if self.is_suspended() || self.lane.capacity == 0 {
            return refuse(&Queue::InstantLaneClosed {});
        }
        let (shares, least) = (narrow(shares)?, narrow(min_eth)?);
        let worth = self.worth(shares);
        if worth < MINIMUM {
            return refuse(&Queue::RequestBelowMinimum {
                assets: word(worth),
                minimum: word(MINIMUM),
            });
        }
        let spare = self.buffered().saturating_sub(self.demand());
        if worth > spare {
            return refuse(&Queue::AboveLimit {
                assets: word(worth),
                available: word(spare),
            });
        }
        let fee = self.instant_fee(worth, spare);
        if worth - fee < least {
            return refuse(&Queue::WorthBelowMinimum {
                assets: word(worth - fee),
                minimum: min_eth,
            });
        }
        Ok((worth, fee))
    }

    /// A thousandth of what lies above a ninth of all that is not free; below it each wei costs more than the
    /// one above, up to a fiftieth for the last: the mean of the first and the last times their number.
    fn instant_fee(&self, worth: u128, spare: u128) -> u128 {
        let full = (self.assets() - spare).div_ceil(9);
        let (from, to) = (spare.min(full), (spare - worth).min(full));
        let flat = up(worth - (from - to), 10, 10_000);
        // Without anything elsewhere, all that is free is above the mark.
        if from == to {
            return flat;
        }
        // A wei at level `l` costs 200 − 190 · l ÷ full basis points.
        let twice_mean = product(2 * full, 200) - product(from + to, 190);
        let sloped = U256::from(from - to) * twice_mean;
        let (whole, rest) = sloped.div_rem(product(2 * full, 10_000));
        flat + whole.to::<u128>() + u128::from(!rest.is_zero())
    }

    /// Nobody leaves while a slash may be pending, by what the registry told or the guardian knows.
    fn is_suspended(&self) -> bool {
        self.now < self.lane_suspended_until || self.is_slash_pending()
    }

    /// Whether the registry told that a fault is undecided.
    pub(super) fn is_slash_pending(&self) -> bool {
        self.now < self.slash_pending_until
    }

    fn draw_from_lane(&mut self, assets: u128) -> Result<(), Refusal> {
        let available = self.lane.available(self.now);
        if assets > available {
            return refuse(&Queue::AboveLimit {
                assets: word(assets),
                available: word(available),
            });
        }
        self.lane.level = available - assets;
        self.lane.updated_at = self.now;
        Ok(())
    }

    /// What `instantLimit` says.
    pub(super) fn instant_limit(&self) -> (U256, U256, u32, bool) {
        let Bucket {
            capacity,
            refill_secs,
            ..
        } = self.lane;
        let available = match capacity {
            0 => 0,
            _ => self.lane.available(self.now),
        };
        let refill = u32::try_from(refill_secs).expect("set as 32 bits");
        (word(available), word(capacity), refill, self.is_suspended())
    }

    pub(super) fn set_instant_limit(
        &mut self,
        caller: Address,
        most: U256,
        refill: u32,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "LIMITER_ROLE")?;
        let within = |index, value: U256, minimum: U256, maximum: U256| {
            if (minimum..=maximum).contains(&value) {
                return Ok(());
            }
            refuse(&Queue::ParameterOutOfBounds {
                index,
                value,
                minimum,
                maximum,
            })
        };
        within(0, most, U256::ZERO, word(LARGEST_LIMIT))?;
        let bounds = (U256::from(SHORTEST_REFILL), U256::from(LONGEST_REFILL));
        within(1, U256::from(refill), bounds.0, bounds.1)?;
        self.lane = Bucket::full(most.to(), refill);
        let set = Queue::InstantLimitSet {
            maxAssets: most,
            refillSeconds: refill,
        };
        self.log(self.at.queue, &set);
        Ok(Vec::new())
    }

    pub(super) fn suspend_lane(&mut self, account: Address) -> Result<Vec<u8>, Refusal> {
        self.check_role(account, "GUARDIAN_ROLE")?;
        let until = self.now + 30 * DAY;
        self.lane_suspended_until = until;
        let suspended = Queue::InstantLaneSuspended { account, until };
        self.log(self.at.queue, &suspended);
        Ok(Vec::new())
    }

    pub(super) fn resume_lane(&mut self, account: Address) -> Result<Vec<u8>, Refusal> {
        self.check_role(account, "GUARDIAN_ROLE")?;
        self.lane_suspended_until = 0;
        self.log(self.at.queue, &Queue::InstantLaneResumed { account });
        Ok(Vec::new())
    }
}
