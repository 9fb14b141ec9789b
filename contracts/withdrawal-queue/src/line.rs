//! What moves requests: entering, filling from the head, claiming.

use abi::{IStakingPool, IWithdrawalQueue};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, emit, lock::Lock, revert};
use protocol::{
    mul_div::{add, narrow, sub},
    queue::{self, Finalization, Request},
    rate::Totals,
};
use stylus_sdk::prelude::*;

use crate::{FINALIZATION, WithdrawalQueue, error::Error, state::Ends};

impl WithdrawalQueue {
    /// The two sides of the pool's rate, and the wei that may be taken from it.
    pub(crate) fn quote(&self) -> Result<(Totals, u128), Error> {
        let [free, assets, shares] = calls::view(
            self.vm(),
            self.line.pool(),
            &calldata!(IStakingPool::withdrawalQuoteCall {}),
        )?;
        let totals = Totals {
            assets: narrow(assets)?,
            shares: narrow(shares)?,
        };
        Ok((totals, narrow(free)?))
    }

    /// Writes a new request at the end of the line and takes its shares from the caller.
    pub(crate) fn enter(&mut self, request: &Request, owner: Address) -> Result<U256, Error> {
        let requestor = self.vm().msg_sender();
        let owner = if owner.is_zero() { requestor } else { owner };
        let ends = self.line.ends();
        // 2⁶⁴ requests cannot be made: each costs a transaction's gas.
        let last = ends.last.saturating_add(1);
        let id = U256::from(last);
        self.line.store_ends(Ends { last, ..ends });
        let unfilled = self.line.unfilled().with(request)?;
        self.line.store_unfilled(unfilled);
        let now = self.vm().block_timestamp();
        self.line.store_request(id, request, now);
        self.line.store_owner(id, owner);
        let shares = U256::from(request.shares);
        emit!(
            self.vm(),
            IWithdrawalQueue::WithdrawalRequested [requestId: id, requestor, owner] {
                amountOfStETH: U256::from(request.nominal),
                amountOfShares: shares,
            }
        );
        let [_] = calls::call(
            self.vm(),
            self.line.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::transferSharesFromCall {
                from: requestor,
                to: self.vm().contract_address(),
                shares,
            }),
        )?;
        Ok(id)
    }

    /// Fills up to `max_requests` requests from the head with the pool's free ETH.
    pub(crate) fn fill_head(&mut self, max_requests: U256) -> Result<(U256, U256), Error> {
        self.administration.pauses.check(FINALIZATION)?;
        Lock::check()?;
        let maximum = U256::from(queue::MAX_FINALIZE);
        if max_requests.is_zero() || max_requests > maximum {
            return Err(revert!(IWithdrawalQueue::InvalidOperationCount {
                maxOps: max_requests,
                maximum,
            })
            .into());
        }
        let first = self.line.ends();
        let (totals, free) = self.quote()?;
        let mut step = Finalization::new(totals, free);
        let mut ends = first;
        let mut unfilled = self.line.unfilled();
        let mut left = max_requests;
        while !left.is_zero() && ends.finalized < ends.last {
            left = left.saturating_sub(U256::ONE);
            let next = ends.finalized.saturating_add(1);
            let id = U256::from(next);
            let (request, timestamp) = self.line.request(id);
            let Some(fill) = step.step(&request)? else {
                break;
            };
            unfilled = unfilled.changed(&request, &fill.request)?;
            self.line.store_request(id, &fill.request, timestamp);
            emit!(
                self.vm(),
                IWithdrawalQueue::RequestFilled [requestId: id] {
                    assets: U256::from(fill.paid),
                    shares: U256::from(fill.shares_burned),
                    assetsLeft: U256::from(fill.request.nominal),
                }
            );
            if fill.request.shares != 0 {
                break;
            }
            ends.finalized = next;
        }
        self.take_fill(first, ends, unfilled, &step)
    }

    /// Books what was filled, reports it, and takes the ETH from the pool.
    fn take_fill(
        &mut self,
        first: Ends,
        ends: Ends,
        unfilled: queue::Unfilled,
        step: &Finalization,
    ) -> Result<(U256, U256), Error> {
        let filled = U256::from(ends.finalized.saturating_sub(first.finalized));
        let assets = U256::from(step.paid);
        let shares = U256::from(step.shares_burned);
        if filled.is_zero() && shares.is_zero() {
            return Ok((filled, assets));
        }
        let locked = add(ends.locked, step.paid)?;
        self.line.store_ends(Ends { locked, ..ends });
        self.line.store_unfilled(unfilled);
        if !filled.is_zero() {
            emit!(
                self.vm(),
                IWithdrawalQueue::WithdrawalsFinalized [
                    from: U256::from(first.finalized.saturating_add(1)),
                    to: U256::from(ends.finalized),
                ] {
                    amountOfETHLocked: assets,
                    sharesToBurn: shares,
                    timestamp: U256::from(self.vm().block_timestamp()),
                }
            );
        }
        let [] = calls::call(
            self.vm(),
            self.line.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::fillWithdrawalsCall { shares, assets }),
        )?;
        Ok((filled, assets))
    }

    /// Pays a finalized request to `receiver`, or to its owner if that is `None`.
    pub(crate) fn pay(&mut self, id: U256, receiver: Option<Address>) -> Result<(), Error> {
        let _lock = Lock::enter()?;
        let (request, timestamp) = self.known(id)?;
        let owner = self.line.owner(id);
        let receiver = match receiver {
            None => owner,
            Some(receiver) => {
                self.check_owner(id, owner, receiver)?;
                receiver
            }
        };
        let assets = queue::claim(&request).map_err(|error| Error::of_request(id, error))?;
        let ends = self.line.ends();
        let locked = sub(ends.locked, assets)?;
        self.line.store_ends(Ends { locked, ..ends });
        self.line.store_filled(id, 0, timestamp);
        let assets = U256::from(assets);
        emit!(
            self.vm(),
            IWithdrawalQueue::WithdrawalClaimed [requestId: id, owner, receiver] {
                amountOfETH: assets,
            }
        );
        Ok(calls::send(self.vm(), receiver, assets)?)
    }

    /// A request that exists, and when it was made.
    pub(crate) fn known(&self, id: U256) -> Result<(Request, u64), Error> {
        if id.is_zero() || id > U256::from(self.line.ends().last) {
            return Err(revert!(IWithdrawalQueue::RequestNotFound { requestId: id }).into());
        }
        Ok(self.line.request(id))
    }

    fn check_owner(&self, id: U256, owner: Address, receiver: Address) -> Result<(), Error> {
        let caller = self.vm().msg_sender();
        if caller != owner {
            return Err(revert!(IWithdrawalQueue::NotRequestOwner {
                requestId: id,
                caller,
                owner,
            })
            .into());
        }
        if receiver.is_zero() {
            return Err(revert!(IWithdrawalQueue::ZeroAddress {}).into());
        }
        Ok(())
    }
}
