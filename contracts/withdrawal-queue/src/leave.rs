//! How positions end: claimed, or cancelled.

use alloc::vec::Vec;

use abi::{IStakingPool, IWithdrawalQueue};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, emit, fresh, lock::Lock, revert};
use protocol::{
    mul_div::sub,
    queue::{Request, leave},
};
use queue_state::{Ends, Error, Place, check_length};
use stylus_sdk::prelude::*;

use crate::WithdrawalQueue;

impl WithdrawalQueue {
    pub fn claim_withdrawal(&mut self, request_id: U256) -> Result<(), Error> {
        self.pay(request_id, None)
    }

    pub fn claim_withdrawals(
        &mut self,
        request_ids: Vec<U256>,
        hints: Vec<U256>,
    ) -> Result<(), Error> {
        drop(hints);
        self.pay_all(request_ids, None)
    }

    pub fn claim_to(&mut self, request_id: U256, receiver: Address) -> Result<(), Error> {
        self.pay(request_id, Some(receiver))
    }

    pub fn claim_withdrawals_to(
        &mut self,
        request_ids: Vec<U256>,
        hints: Vec<U256>,
        receiver: Address,
    ) -> Result<(), Error> {
        drop(hints);
        self.pay_all(request_ids, Some(receiver))
    }

    /// Pays a finalized request to `receiver`, or to its owner if that is `None`.
    fn pay(&mut self, id: U256, receiver: Option<Address>) -> Result<(), Error> {
        let _lock = Lock::enter()?;
        let (place, request) = self.state.open(id)?;
        let owner = place.owner;
        let receiver = match receiver {
            None => owner,
            Some(receiver) => {
                self.check_mover(id, owner)?;
                if receiver.is_zero() {
                    return Err(revert!(IWithdrawalQueue::ZeroAddress {}).into());
                }
                receiver
            }
        };
        let assets = leave::claim(&request).map_err(|error| Error::of_request(id, error))?;
        self.close(id, &place)?;
        let amount = U256::from(assets);
        emit!(
            self.vm(),
            IWithdrawalQueue::WithdrawalClaimed [requestId: id, owner, receiver] {
                amountOfETH: amount,
            }
        );
        self.log_transfer(owner, Address::ZERO, id);
        let pool = self.state.line.pool();
        Ok(calls::pay_out(self.vm(), pool, receiver, amount)?)
    }

    /// As [`Self::pay`] for each of `ids`.
    fn pay_all(&mut self, ids: Vec<U256>, receiver: Option<Address>) -> Result<(), Error> {
        check_length(ids.len())?;
        for id in ids {
            self.pay(id, receiver)?;
        }
        Ok(())
    }

    pub fn cancel(&mut self, id: U256) -> Result<(U256, U256), Error> {
        let _lock = Lock::enter()?;
        let (place, request) = self.state.open(id)?;
        let owner = place.owner;
        self.check_mover(id, owner)?;
        if id > U256::from(fresh::newest_before(u64::MAX)) {
            return Err(revert!(IWithdrawalQueue::RequestJustMade { requestId: id }).into());
        }
        let totals = self.state.quote()?.totals;
        let cancelled =
            leave::cancel(&request, totals).map_err(|error| Error::of_request(id, error))?;
        let unfilled = self
            .state
            .line
            .unfilled()
            .changed(&request, &Request::default())?;
        self.state.line.store_unfilled(unfilled);
        self.close(id, &place)?;
        let returned = U256::from(cancelled.shares_returned);
        let burned = U256::from(cancelled.shares_burned);
        let paid = U256::from(cancelled.paid);
        emit!(
            self.vm(),
            IWithdrawalQueue::RequestCancelled [requestId: id, owner] {
                sharesReturned: returned,
                sharesBurned: burned,
                amountOfETH: paid,
            }
        );
        self.log_transfer(owner, Address::ZERO, id);
        if !burned.is_zero() {
            self.state.burn_shares(burned, U256::ZERO)?;
        }
        if !returned.is_zero() {
            let [_] = calls::call(
                self.vm(),
                self.state.line.pool(),
                U256::ZERO,
                &calldata!(IStakingPool::transferSharesCall {
                    to: owner,
                    shares: returned,
                }),
            )?;
        }
        if !paid.is_zero() {
            calls::pay_out(self.vm(), self.state.line.pool(), owner, paid)?;
        }
        Ok((returned, paid))
    }

    /// Ends a position: what it was paid is no longer locked, and its owner no longer has it.
    #[inline(never)]
    fn close(&mut self, id: U256, place: &Place) -> Result<(), Error> {
        let ends = self.state.line.ends();
        let locked = sub(ends.locked, place.paid)?;
        self.state.line.store_ends(Ends { locked, ..ends });
        self.remove_from_list(id, place.owner);
        self.state.line.store_place(
            id,
            &Place {
                paid: 0,
                closed: true,
                ..*place
            },
        );
        Ok(())
    }

    fn check_mover(&self, id: U256, owner: Address) -> Result<(), Error> {
        let caller = self.vm().msg_sender();
        if self.may_move(caller, owner, id) {
            return Ok(());
        }
        Err(revert!(IWithdrawalQueue::NotRequestOwner {
            requestId: id,
            caller,
            owner,
        })
        .into())
    }
}
