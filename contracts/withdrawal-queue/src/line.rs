//! What moves the line: requests enter at its end, and are filled from the head.

use alloc::vec::Vec;

use abi::IWithdrawalQueue;
use alloy_primitives::{Address, U256};
use glue::{bounds::check_count, emit, fresh, lock::Lock, revert};
use protocol::{
    mul_div::add,
    queue::{
        self, Request,
        fill::{Finalization, MAX_FINALIZE},
    },
};
use stylus_sdk::prelude::*;

use crate::WithdrawalQueue;
use queue_state::{Asked, Ends, Error, FINALIZATION, Place};

impl WithdrawalQueue {
    /// Writes new requests, whose shares are here, at the end of the line.
    pub(crate) fn enter(
        &mut self,
        requests: &[Request],
        owner: Address,
    ) -> Result<Vec<U256>, Error> {
        let requestor = self.vm().msg_sender();
        let mut ends = self.state.line.ends();
        fresh::note(ends.last);
        let mut unfilled = self.state.line.unfilled();
        let mut ids = Vec::with_capacity(requests.len());
        for request in requests {
            unfilled = unfilled.with(request)?;
            // Ids never run out, see `store_ends`.
            ends.last = ends.last.saturating_add(1);
            let id = U256::from(ends.last);
            self.write(id, request, owner)?;
            emit!(
                self.vm(),
                IWithdrawalQueue::WithdrawalRequested [requestId: id, requestor, owner] {
                    amountOfStETH: U256::from(request.nominal),
                    amountOfShares: U256::from(request.shares),
                }
            );
            self.log_transfer(Address::ZERO, owner, id);
            ids.push(id);
        }
        self.state.line.store_ends(ends);
        self.state.line.store_unfilled(unfilled);
        Ok(ids)
    }

    fn write(&mut self, id: U256, request: &Request, owner: Address) -> Result<(), Error> {
        let position = self.add_to_list(id, owner)?;
        let place = Place {
            owner,
            paid: 0,
            closed: false,
        };
        let asked = Asked {
            nominal: request.nominal,
            shares: request.shares,
            timestamp: self.vm().block_timestamp(),
            position,
        };
        self.state.line.store_place(id, &place);
        self.state.line.store_asked(id, &asked);
        Ok(())
    }

    pub fn finalize(&mut self, max_requests: U256) -> Result<(U256, U256), Error> {
        self.state.administration.pauses.check(FINALIZATION)?;
        Lock::check()?;
        let mut left = check_count(max_requests, MAX_FINALIZE.into())?;
        let first = self.state.line.ends();
        let quote = self.state.quote()?;
        // Who knows of a fault must not pass through the line before its loss.
        if quote.is_slash_pending(self.vm().block_timestamp()) {
            return Err(revert!(IWithdrawalQueue::SlashPending {
                until: quote.slash_until,
            })
            .into());
        }
        let mut step = Finalization::new(quote.totals, quote.free);
        let mut ends = first;
        let mut unfilled = self.state.line.unfilled();
        // What this transaction requested may be borrowed ETH, which is not let in and out at once.
        let newest = fresh::newest_before(ends.last);
        while left != 0 && ends.finalized < newest {
            left = left.saturating_sub(1);
            let next = ends.finalized.saturating_add(1);
            let id = U256::from(next);
            let place = self.state.line.place(id);
            if place.closed {
                // Cancelled: nothing waits here.
                ends.finalized = next;
                continue;
            }
            let request = self.state.line.request(id, &place);
            let Some(fill) = step.step(&request)? else {
                break;
            };
            unfilled = unfilled.changed(&request, &fill.request)?;
            self.state.line.store_place(
                id,
                &Place {
                    paid: fill.request.filled,
                    ..place
                },
            );
            emit!(
                self.vm(),
                IWithdrawalQueue::RequestFilled [requestId: id] {
                    assets: U256::from(fill.paid),
                    shares: U256::from(fill.shares_burned),
                    assetsLeft: U256::from(fill.request.nominal),
                }
            );
            if fill.request.shares != 0 {
                self.state.line.store_head(&fill.request);
                emit!(self.vm(), IWithdrawalQueue::MetadataUpdate [] { _tokenId: id });
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
        let locked = add(ends.locked, step.paid)?;
        self.state.line.store_ends(Ends { locked, ..ends });
        self.state.line.store_unfilled(unfilled);
        if !filled.is_zero() {
            let from = U256::from(first.finalized.saturating_add(1));
            let to = U256::from(ends.finalized);
            emit!(
                self.vm(),
                IWithdrawalQueue::WithdrawalsFinalized [from, to] {
                    amountOfETHLocked: assets,
                    sharesToBurn: shares,
                    timestamp: U256::from(self.vm().block_timestamp()),
                }
            );
            emit!(
                self.vm(),
                IWithdrawalQueue::BatchMetadataUpdate [] { _fromTokenId: from, _toTokenId: to }
            );
        }
        if !shares.is_zero() {
            self.state.burn_shares(shares, assets)?;
        }
        Ok((filled, assets))
    }
}
