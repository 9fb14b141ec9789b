//! The withdrawal queue.
//!
//! Every method is documented in `interfaces/IWithdrawalQueue.sol`. What is not routed here is handed
//! to `queue-desk`, which runs on the same storage.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod leave;
mod line;
mod positions;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use abi::{IStakingPool, IWithdrawalQueue};
use alloy_primitives::{Address, B256, U256};
use glue::{access::only, calldata, calls, lock::Lock, revert, router::Text};
use protocol::{
    mul_div::{add, narrow},
    queue,
};
use queue_state::{Error, GROUPS, REQUESTS, State, check_length};
use stylus_sdk::prelude::*;

/// The queue. Slots are drawn in [`queue_state`].
#[cfg_attr(not(feature = "next"), entrypoint)]
#[storage]
pub struct WithdrawalQueue {
    state: State,
}

#[cfg(feature = "next")]
glue::next!(WithdrawalQueue);

glue::router! {
    WithdrawalQueue: IWithdrawalQueue
        receive(|queue| Some(queue.check_payer()))
        fallback(|queue| Some(queue.state.administration.next()))
        payable {

        }
        unpaid {
            requestWithdrawalsCall => request_withdrawals(amounts: Vec<U256>, owner: Address);
            requestWithdrawalCall => request_withdrawal(shares: U256, owner: Address, min_eth: U256);
            requestWithdrawalsWithPermitCall => request_withdrawals_with_permit(amounts: Vec<U256>, owner: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256);
            finalizeCall => finalize(max_requests: U256);
            claimWithdrawalCall => claim_withdrawal(request_id: U256);
            claimWithdrawalsCall => claim_withdrawals(request_ids: Vec<U256>, hints: Vec<U256>);
            claimToCall => claim_to(request_id: U256, receiver: Address);
            claimWithdrawalsToCall => claim_withdrawals_to(request_ids: Vec<U256>, hints: Vec<U256>, receiver: Address);
            cancelCall => cancel(request_id: U256);
            transferFromCall => transfer_from(from: Address, to: Address, id: U256);
            approveCall => approve(to: Address, id: U256);
            setApprovalForAllCall => set_approval_for_all(operator: Address, approved: bool);
            safeTransferFrom_0Call => safe_transfer_from(from: Address, to: Address, id: U256);
            safeTransferFrom_1Call => safe_transfer_with_data(from: Address, to: Address, id: U256, data: Text);
            ownerOfCall => owner_of(id: U256);
            poolCall => pool();
            unfilledCall => unfilled();
            initializeCall => initialize(admin: Address, administration: Address, desk: Address, pool: Address);
        }
}

impl WithdrawalQueue {
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        desk: Address,
        pool: Address,
    ) -> Result<(), Error> {
        if self.vm().code_size(pool) == 0 {
            return Err(revert!(IWithdrawalQueue::NotAContract { target: pool }).into());
        }
        self.state
            .administration
            .begin(admin, administration, desk, GROUPS)?;
        self.state.line.store_pool(pool);
        Ok(())
    }

    pub fn request_withdrawals(
        &mut self,
        amounts: Vec<U256>,
        owner: Address,
    ) -> Result<Vec<U256>, Error> {
        let owner = self.check_entry(owner)?;
        check_length(amounts.len())?;
        let requestor = self.vm().msg_sender();
        let totals = self.state.take_amounts(requestor, &amounts)?;
        let mut requests = Vec::with_capacity(amounts.len());
        let mut before = 0;
        for amount in amounts {
            let assets = narrow(amount)?;
            let request = queue::request_assets(totals, before, assets);
            requests.push(request.map_err(|error| Error::of_request(U256::ZERO, error))?);
            before = add(before, assets)?;
        }
        self.enter(&requests, owner)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the members of a struct of the interface arrive as words"
    )]
    pub fn request_withdrawals_with_permit(
        &mut self,
        amounts: Vec<U256>,
        owner: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<Vec<U256>, Error> {
        let permit = calldata!(IStakingPool::permit_0Call {
            owner: self.vm().msg_sender(),
            spender: self.vm().contract_address(),
            value,
            deadline,
            v,
            r,
            s,
        });
        // Somebody may have submitted it before; what counts is the allowance. The owner is the caller:
        // a failure passed over for an owner of choice would spend what others have allowed.
        let _: Result<[U256; 0], _> =
            calls::call(self.vm(), self.state.line.pool(), U256::ZERO, &permit);
        self.request_withdrawals(amounts, owner)
    }

    pub fn request_withdrawal(
        &mut self,
        shares: U256,
        owner: Address,
        min_eth: U256,
    ) -> Result<U256, Error> {
        let owner = self.check_entry(owner)?;
        let worth = self.state.take_shares(self.vm().msg_sender(), shares)?;
        let request = queue::request_worth(narrow(shares)?, narrow(worth)?, narrow(min_eth)?)
            .map_err(|error| Error::of_request(U256::ZERO, error))?;
        self.enter(&[request], owner)?;
        // The one that was just made.
        Ok(U256::from(self.state.line.ends().last))
    }

    pub fn pool(&self) -> Address {
        self.state.line.pool()
    }

    pub fn unfilled(&self) -> (U256, U256) {
        let unfilled = self.state.line.unfilled();
        (U256::from(unfilled.nominal), U256::from(unfilled.shares))
    }
}

impl WithdrawalQueue {
    /// Only the pool may send ETH here.
    fn check_payer(&self) -> Result<(), Error> {
        Ok(only(self.vm().msg_sender(), self.state.line.pool())?)
    }

    /// Whether a request may be made; returns whose it will be.
    fn check_entry(&self, owner: Address) -> Result<Address, Error> {
        self.state.administration.pauses.check(REQUESTS)?;
        Lock::check()?;
        let owner = if owner.is_zero() {
            self.vm().msg_sender()
        } else {
            owner
        };
        self.check_receiver(owner)?;
        Ok(owner)
    }
}
