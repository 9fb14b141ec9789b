//! The withdrawal queue.
//!
//! Every method is documented in `interfaces/IWithdrawalQueue.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod error;
mod line;
mod state;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use abi::IWithdrawalQueue;
use alloy_primitives::{Address, U256};
use error::Error;
use glue::{access::only, administration::Administration, lock::Lock, revert};
use protocol::{
    mul_div::{add, narrow},
    queue::{self, MAX_FINALIZE},
    reserves,
};
use state::{Ends, Line};
use stylus_sdk::prelude::*;

/// How many pause groups there are.
const GROUPS: u8 = 2;
/// Pause group: requests.
pub const REQUESTS: u8 = 0;
/// Pause group: finalization. Claims are in no group.
pub const FINALIZATION: u8 = 1;

/// Amount, shares, owner, timestamp, finalized, claimed: `WithdrawalRequestStatus` of the interface.
type Status = (U256, U256, Address, U256, bool, bool);

/// The queue. Slots are drawn in [`state`].
#[entrypoint]
#[storage]
pub struct WithdrawalQueue {
    administration: Administration,
    line: Line,
}

glue::router! {
    WithdrawalQueue: IWithdrawalQueue
        receive(|queue| Some(queue.check_payer()))
        fallback(|queue| Some(queue.administration.administration()))
        payable {

        }
        unpaid {
            initializeCall => initialize(admin: Address, administration: Address, pool: Address);
            requestWithdrawalsCall => request_withdrawals(amounts: Vec<U256>, owner: Address);
            requestWithdrawalCall => request_withdrawal(shares: U256, owner: Address, min_eth: U256);
            finalizeCall => finalize(max_requests: U256);
            claimWithdrawalCall => claim_withdrawal(request_id: U256);
            claimWithdrawalsCall => claim_withdrawals(request_ids: Vec<U256>, hints: Vec<U256>);
            claimToCall => claim_to(request_id: U256, receiver: Address);
            poolCall => pool();
            getWithdrawalStatusCall => get_withdrawal_status(request_ids: Vec<U256>);
            getClaimableEtherCall => get_claimable_ether(request_ids: Vec<U256>, hints: Vec<U256>);
            requestOfCall => request_of(request_id: U256);
            getLastRequestIdCall => get_last_request_id();
            getLastFinalizedRequestIdCall => get_last_finalized_request_id();
            getLockedEtherAmountCall => get_locked_ether_amount();
            unfinalizedRequestNumberCall => unfinalized_request_number();
            unfinalizedStETHCall => unfinalized_steth();
            unfilledCall => unfilled();
            reservesCall => reserves();
        }
}

impl WithdrawalQueue {
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        pool: Address,
    ) -> Result<(), Error> {
        if self.vm().code_size(pool) == 0 {
            return Err(revert!(IWithdrawalQueue::NotAContract { target: pool }).into());
        }
        self.administration
            .begin(admin, administration, Address::ZERO, GROUPS)?;
        self.line.store_pool(pool);
        Ok(())
    }

    pub fn request_withdrawals(
        &mut self,
        amounts: Vec<U256>,
        owner: Address,
    ) -> Result<Vec<U256>, Error> {
        self.check_entry()?;
        check_count(amounts.len())?;
        let (totals, _) = self.quote()?;
        let mut ids = Vec::with_capacity(amounts.len());
        for amount in amounts {
            let request = queue::request_assets(totals, narrow(amount)?)
                .map_err(|error| Error::of_request(U256::ZERO, error))?;
            ids.push(self.enter(&request, owner)?);
        }
        Ok(ids)
    }

    pub fn request_withdrawal(
        &mut self,
        shares: U256,
        owner: Address,
        min_eth: U256,
    ) -> Result<U256, Error> {
        self.check_entry()?;
        let (totals, _) = self.quote()?;
        let request = queue::request_shares(totals, narrow(shares)?, narrow(min_eth)?)
            .map_err(|error| Error::of_request(U256::ZERO, error))?;
        self.enter(&request, owner)
    }

    pub fn finalize(&mut self, max_requests: U256) -> Result<(U256, U256), Error> {
        self.fill_head(max_requests)
    }

    pub fn claim_withdrawal(&mut self, request_id: U256) -> Result<(), Error> {
        self.pay(request_id, None)
    }

    pub fn claim_withdrawals(
        &mut self,
        request_ids: Vec<U256>,
        hints: Vec<U256>,
    ) -> Result<(), Error> {
        drop(hints);
        check_count(request_ids.len())?;
        for id in request_ids {
            self.pay(id, None)?;
        }
        Ok(())
    }

    pub fn claim_to(&mut self, request_id: U256, receiver: Address) -> Result<(), Error> {
        self.pay(request_id, Some(receiver))
    }

    pub fn pool(&self) -> Address {
        self.line.pool()
    }

    pub fn get_withdrawal_status(&self, request_ids: Vec<U256>) -> Result<Vec<Status>, Error> {
        check_count(request_ids.len())?;
        let mut statuses = Vec::with_capacity(request_ids.len());
        for id in request_ids {
            let (request, timestamp) = self.known(id)?;
            let finalized = request.shares == 0;
            statuses.push((
                U256::from(add(request.nominal, request.filled)?),
                U256::from(request.shares),
                self.line.owner(id),
                U256::from(timestamp),
                finalized,
                finalized && request.filled == 0,
            ));
        }
        Ok(statuses)
    }

    pub fn get_claimable_ether(
        &self,
        request_ids: Vec<U256>,
        hints: Vec<U256>,
    ) -> Result<Vec<U256>, Error> {
        drop(hints);
        check_count(request_ids.len())?;
        let mut claimable = Vec::with_capacity(request_ids.len());
        for id in request_ids {
            let (request, _) = self.known(id)?;
            claimable.push(match request.shares {
                0 => U256::from(request.filled),
                _ => U256::ZERO,
            });
        }
        Ok(claimable)
    }

    pub fn request_of(
        &self,
        request_id: U256,
    ) -> Result<(Address, u64, U256, U256, U256, bool), Error> {
        let (request, timestamp) = self.known(request_id)?;
        Ok((
            self.line.owner(request_id),
            timestamp,
            U256::from(request.nominal),
            U256::from(request.shares),
            U256::from(request.filled),
            request.shares == 0 && request.filled == 0,
        ))
    }

    pub fn get_last_request_id(&self) -> U256 {
        U256::from(self.line.ends().last)
    }

    pub fn get_last_finalized_request_id(&self) -> U256 {
        U256::from(self.line.ends().finalized)
    }

    pub fn get_locked_ether_amount(&self) -> U256 {
        U256::from(self.line.ends().locked)
    }

    pub fn unfinalized_request_number(&self) -> U256 {
        let Ends {
            last, finalized, ..
        } = self.line.ends();
        // `finalized` follows `last` and never overtakes it.
        U256::from(last.saturating_sub(finalized))
    }

    pub fn unfinalized_steth(&self) -> U256 {
        U256::from(self.line.unfilled().nominal)
    }

    pub fn unfilled(&self) -> (U256, U256) {
        let unfilled = self.line.unfilled();
        (U256::from(unfilled.nominal), U256::from(unfilled.shares))
    }

    pub fn reserves(&self) -> Result<(U256, U256), Error> {
        let balance = narrow(self.vm().balance(self.vm().contract_address()))?;
        let locked = self.line.ends().locked;
        let surplus = reserves::surplus(balance, locked)?;
        Ok((U256::from(locked), U256::from(surplus)))
    }
}

impl WithdrawalQueue {
    /// Only the pool may send ETH here.
    fn check_payer(&self) -> Result<(), Error> {
        Ok(only(self.vm().msg_sender(), self.line.pool())?)
    }

    fn check_entry(&self) -> Result<(), Error> {
        self.administration.pauses.check(REQUESTS)?;
        Ok(Lock::check()?)
    }
}

/// Refuses more ids than one call may touch.
fn check_count(count: usize) -> Result<(), Error> {
    let maximum = U256::from(MAX_FINALIZE);
    let count = U256::from(count);
    if count > maximum {
        return Err(revert!(IWithdrawalQueue::TooManyRequests { count, maximum }).into());
    }
    Ok(())
}
