//! A position as an ERC-721 token: who owns it, who may move it, and how it moves.

use abi::IWithdrawalQueue;
use alloy_primitives::{Address, U256};
use glue::{emit, receiver, revert, router::Text, word::low_64};
use stylus_sdk::prelude::*;

use crate::WithdrawalQueue;
use queue_state::{Asked, Error, MAX_OWNED, Place};

impl WithdrawalQueue {
    /// Whether `caller` may move a token of `owner`.
    #[inline(never)]
    pub(crate) fn may_move(&self, caller: Address, owner: Address, id: U256) -> bool {
        caller == owner
            || self.state.line.is_operator(owner, caller)
            || self.state.line.approved(id) == caller
    }

    pub fn approve(&mut self, to: Address, id: U256) -> Result<(), Error> {
        let owner = self.state.token(id)?.owner;
        let caller = self.vm().msg_sender();
        if caller != owner && !self.state.line.is_operator(owner, caller) {
            return Err(
                revert!(IWithdrawalQueue::ERC721InvalidApprover { approver: caller }).into(),
            );
        }
        self.state.line.store_approved(id, to);
        emit!(
            self.vm(),
            IWithdrawalQueue::Approval [owner, approved: to, tokenId: id] {}
        );
        Ok(())
    }

    #[inline(never)]
    pub fn transfer_from(&mut self, from: Address, to: Address, id: U256) -> Result<(), Error> {
        self.check_receiver(to)?;
        let place = self.state.token(id)?;
        let owner = place.owner;
        if owner != from {
            return Err(revert!(IWithdrawalQueue::ERC721IncorrectOwner {
                sender: from,
                tokenId: id,
                owner,
            })
            .into());
        }
        let operator = self.vm().msg_sender();
        if !self.may_move(operator, owner, id) {
            return Err(revert!(IWithdrawalQueue::ERC721InsufficientApproval {
                operator,
                tokenId: id,
            })
            .into());
        }
        self.state.line.store_approved(id, Address::ZERO);
        self.remove_from_list(id, from);
        let position = self.add_to_list(id, to)?;
        let asked = self.state.line.asked(id);
        self.state
            .line
            .store_asked(id, &Asked { position, ..asked });
        self.state
            .line
            .store_place(id, &Place { owner: to, ..place });
        self.log_transfer(from, to, id);
        Ok(())
    }

    pub fn safe_transfer_from(
        &mut self,
        from: Address,
        to: Address,
        id: U256,
    ) -> Result<(), Error> {
        self.move_safely(from, to, id, &[])
    }

    pub fn safe_transfer_with_data(
        &mut self,
        from: Address,
        to: Address,
        id: U256,
        data: Text,
    ) -> Result<(), Error> {
        self.move_safely(from, to, id, &data.0)
    }

    pub fn owner_of(&self, id: U256) -> Result<Address, Error> {
        Ok(self.state.token(id)?.owner)
    }

    pub fn set_approval_for_all(&mut self, operator: Address, approved: bool) -> Result<(), Error> {
        if operator.is_zero() {
            return Err(revert!(IWithdrawalQueue::ERC721InvalidOperator { operator }).into());
        }
        let owner = self.vm().msg_sender();
        self.state.line.store_operator(owner, operator, approved);
        emit!(
            self.vm(),
            IWithdrawalQueue::ApprovalForAll [owner, operator] { approved }
        );
        Ok(())
    }

    /// Moves a token, and asks a contract that gets it whether it wants it.
    fn move_safely(
        &mut self,
        from: Address,
        to: Address,
        id: U256,
        data: &[u8],
    ) -> Result<(), Error> {
        self.transfer_from(from, to, id)?;
        let operator = self.vm().msg_sender();
        if receiver::takes(self.vm(), to, operator, from, id, data) {
            return Ok(());
        }
        Err(revert!(IWithdrawalQueue::ERC721InvalidReceiver { receiver: to }).into())
    }

    /// Refuses to give a token to nobody, and to this contract and the pool, which could not use it.
    pub(crate) fn check_receiver(&self, receiver: Address) -> Result<(), Error> {
        let here = self.vm().contract_address();
        if receiver.is_zero() || receiver == here || receiver == self.state.line.pool() {
            return Err(revert!(IWithdrawalQueue::ERC721InvalidReceiver { receiver }).into());
        }
        Ok(())
    }

    /// Takes a token off the list of its owner, and writes where the one that took its place stands.
    #[inline(never)]
    pub(crate) fn remove_from_list(&mut self, id: U256, owner: Address) {
        let position = self.state.line.asked(id).position;
        if let Some(moved) = self.state.line.owned.remove(owner, position) {
            let moved = U256::from(moved);
            let asked = self.state.line.asked(moved);
            self.state
                .line
                .store_asked(moved, &Asked { position, ..asked });
        }
    }

    /// Adds a token to the list of an owner; returns its position there.
    pub(crate) fn add_to_list(&mut self, id: U256, owner: Address) -> Result<u32, Error> {
        let position = self.state.line.owned.push(owner, low_64(id));
        position.ok_or_else(|| {
            let maximum = U256::from(MAX_OWNED);
            let count = maximum.saturating_add(U256::ONE);
            revert!(IWithdrawalQueue::TooManyRequests { count, maximum }).into()
        })
    }

    #[inline(never)]
    pub(crate) fn log_transfer(&self, from: Address, to: Address, id: U256) {
        emit!(self.vm(), IWithdrawalQueue::Transfer [from, to, tokenId: id] {});
    }
}
