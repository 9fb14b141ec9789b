//! What can be asked of the queue.

use alloc::vec::Vec;

use abi::{IStakingPool, IWithdrawalQueue};
use alloy_primitives::{Address, FixedBytes, U256};
use glue::{
    calldata, calls,
    erc165::{self, ACCESS_CONTROL, ACCESS_CONTROL_ENUMERABLE, ERC721, ERC721_METADATA, ERC4906},
    revert, surplus, word,
};
use protocol::{
    limits::MIN_REQUEST,
    mul_div::narrow,
    queue::{MAX_NOMINAL, leave},
    reserves,
};
use stylus_sdk::prelude::*;

use queue_state::{Asked, Ends, Error, Place, check_length};

use crate::QueueDesk;

/// Amount, shares, owner, timestamp, finalized, claimed: `WithdrawalRequestStatus` of the interface.
type Status = (U256, U256, Address, U256, bool, bool);

/// Of the positions, and of the administration, whose answer this one hides.
const INTERFACES: [u32; 5] = [
    ERC721,
    ERC721_METADATA,
    ERC4906,
    ACCESS_CONTROL,
    ACCESS_CONTROL_ENUMERABLE,
];

impl QueueDesk {
    pub fn name(&self) -> &'static str {
        "lsETH Withdrawal"
    }

    pub fn symbol(&self) -> &'static str {
        "unlsETH"
    }

    pub fn supports_interface(&self, interface: FixedBytes<4>) -> bool {
        erc165::supports(interface, &INTERFACES)
    }

    pub fn balance_of(&self, owner: Address) -> Result<U256, Error> {
        if owner.is_zero() {
            return Err(revert!(IWithdrawalQueue::ERC721InvalidOwner { owner }).into());
        }
        Ok(U256::from(self.state.line.owned.count(owner)))
    }

    pub fn get_approved(&self, id: U256) -> Result<Address, Error> {
        self.state.token(id)?;
        Ok(self.state.line.approved(id))
    }

    pub fn is_approved_for_all(&self, owner: Address, operator: Address) -> bool {
        self.state.line.is_operator(owner, operator)
    }

    pub fn get_withdrawal_requests(&self, owner: Address) -> Vec<U256> {
        self.get_withdrawal_requests_page(owner, U256::ZERO, U256::MAX)
    }

    pub fn get_withdrawal_requests_page(
        &self,
        owner: Address,
        first: U256,
        count: U256,
    ) -> Vec<U256> {
        let owned = self.state.line.owned.count(owner);
        // Numbers count from 0, positions from 1; both ends saturate at the end of the list.
        let first = first.saturating_to::<u64>();
        let end = first.saturating_add(count.saturating_to()).min(owned);
        let mut ids = Vec::new();
        let mut number = first;
        while number < end {
            number = number.saturating_add(1);
            ids.push(U256::from(self.state.line.owned.at(owner, number)));
        }
        ids
    }

    pub fn token_of_owner_by_index(&self, owner: Address, index: U256) -> Result<U256, Error> {
        let found = self.get_withdrawal_requests_page(owner, index, U256::ONE);
        found.first().copied().ok_or_else(|| {
            revert!(IWithdrawalQueue::ERC721OutOfBoundsIndex { owner, index }).into()
        })
    }

    pub fn get_withdrawal_status(&self, request_ids: Vec<U256>) -> Result<Vec<Status>, Error> {
        check_length(request_ids.len())?;
        let mut statuses = Vec::with_capacity(request_ids.len());
        for id in request_ids {
            let Place { owner, closed, .. } = self.state.known(id)?;
            let Asked {
                nominal,
                shares,
                timestamp,
                ..
            } = self.state.line.asked(id);
            statuses.push((
                U256::from(nominal),
                U256::from(shares),
                owner,
                U256::from(timestamp),
                closed || self.is_finalized(id),
                closed,
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
        check_length(request_ids.len())?;
        let mut claimable = Vec::with_capacity(request_ids.len());
        for id in request_ids {
            let place = self.state.known(id)?;
            // What is not finalized cannot be claimed yet.
            let assets = leave::claim(&self.state.line.request(id, &place)).unwrap_or_default();
            claimable.push(U256::from(assets));
        }
        Ok(claimable)
    }

    pub fn find_checkpoint_hints(
        &self,
        request_ids: Vec<U256>,
        first: U256,
        last: U256,
    ) -> Result<Vec<U256>, Error> {
        let _ = (first, last);
        check_length(request_ids.len())?;
        let mut hints = Vec::with_capacity(request_ids.len());
        for id in request_ids {
            hints.push(U256::from(self.is_finalized(id)));
        }
        Ok(hints)
    }

    pub fn get_last_checkpoint_index(&self) -> U256 {
        U256::ONE
    }

    pub fn steth(&self) -> Address {
        self.state.line.pool()
    }

    pub fn min_steth_withdrawal_amount(&self) -> U256 {
        U256::from(MIN_REQUEST)
    }

    pub fn max_steth_withdrawal_amount(&self) -> U256 {
        U256::from(MAX_NOMINAL)
    }

    pub fn is_bunker_mode_active(&self) -> Result<bool, Error> {
        let now = self.vm().block_timestamp();
        Ok(self.state.quote()?.is_slash_pending(now))
    }

    pub fn request_of(
        &self,
        request_id: U256,
    ) -> Result<(Address, u64, U256, U256, U256, bool), Error> {
        let place = self.state.known(request_id)?;
        let request = self.state.line.request(request_id, &place);
        Ok((
            place.owner,
            self.state.line.asked(request_id).timestamp,
            U256::from(request.nominal),
            U256::from(request.shares),
            U256::from(request.filled),
            place.closed,
        ))
    }

    pub fn get_last_request_id(&self) -> U256 {
        U256::from(self.state.line.ends().last)
    }

    pub fn get_last_finalized_request_id(&self) -> U256 {
        U256::from(self.state.line.ends().finalized)
    }

    pub fn get_locked_ether_amount(&self) -> U256 {
        U256::from(self.state.line.ends().locked)
    }

    pub fn unfinalized_request_number(&self) -> U256 {
        let Ends {
            last, finalized, ..
        } = self.state.line.ends();
        // `finalized` follows `last` and never overtakes it.
        U256::from(last.saturating_sub(finalized))
    }

    pub fn unfinalized_steth(&self) -> U256 {
        U256::from(self.state.line.unfilled().nominal)
    }

    pub fn reserves(&self) -> Result<(U256, U256), Error> {
        let balance = narrow(self.vm().balance(self.vm().contract_address()))?;
        let locked = self.state.line.ends().locked;
        let surplus = reserves::surplus(balance, locked)?;
        Ok((U256::from(locked), U256::from(surplus)))
    }

    pub fn sweep_surplus(&mut self) -> Result<U256, Error> {
        let (_, surplus) = self.reserves()?;
        let ask = calldata!(IStakingPool::registryCall {});
        let [registry] = calls::view(self.vm(), self.state.line.pool(), &ask)?;
        surplus::sweep(self.vm(), word::address(registry), surplus)?;
        Ok(surplus)
    }

    fn is_finalized(&self, id: U256) -> bool {
        !id.is_zero() && id <= U256::from(self.state.line.ends().finalized)
    }
}
