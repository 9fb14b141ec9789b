//! A request as an ERC-721 token: who owns it, who may move it, and who takes it.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall;
use client::abi::IWithdrawalQueue as Queue;

use super::{Model, Refusal, refuse};

sol! {
    /// What a contract is asked that is given a token safely.
    function onERC721Received(address operator, address from, uint256 tokenId, bytes data)
        returns (bytes4);
}

impl Model {
    /// Lets somebody move one token; nobody else may then, by this approval.
    pub(super) fn approve_position(
        &mut self,
        approver: Address,
        approved: Address,
        id: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let index = self.token(id)?;
        let owner = self.requests[index].owner;
        if approver != owner && !self.operators.contains(&(owner, approver)) {
            return refuse(&Queue::ERC721InvalidApprover { approver });
        }
        self.approved.insert(index, approved);
        let approval = Queue::Approval {
            owner,
            approved,
            tokenId: id,
        };
        self.log(self.at.queue, &approval);
        Ok(Vec::new())
    }

    /// Lets somebody move all tokens of an owner, or no longer.
    pub(super) fn approve_all(
        &mut self,
        owner: Address,
        operator: Address,
        approved: bool,
    ) -> Result<Vec<u8>, Refusal> {
        if operator.is_zero() {
            return refuse(&Queue::ERC721InvalidOperator { operator });
        }
        if approved {
            self.operators.insert((owner, operator));
        } else {
            self.operators.remove(&(owner, operator));
        }
        let approval = Queue::ApprovalForAll {
            owner,
            operator,
            approved,
        };
        self.log(self.at.queue, &approval);
        Ok(Vec::new())
    }

    pub(super) fn move_position(
        &mut self,
        operator: Address,
        from: Address,
        to: Address,
        id: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_taker(to)?;
        let index = self.token(id)?;
        let owner = self.requests[index].owner;
        if owner != from {
            return refuse(&Queue::ERC721IncorrectOwner {
                sender: from,
                tokenId: id,
                owner,
            });
        }
        if !self.may_move(operator, index) {
            return refuse(&Queue::ERC721InsufficientApproval {
                operator,
                tokenId: id,
            });
        }
        self.approved.remove(&index);
        self.requests[index].owner = to;
        self.log_token(from, to, id);
        Ok(Vec::new())
    }

    /// As [`Self::move_position`], unless the receiver is a contract that does not agree.
    pub(super) fn move_safely(
        &mut self,
        operator: Address,
        from: Address,
        to: Address,
        id: U256,
        data: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        self.move_position(operator, from, to, id)?;
        let question = onERC721ReceivedCall {
            operator,
            from,
            tokenId: id,
            data: data.to_vec().into(),
        };
        let taken =
            onERC721ReceivedCall::abi_encode_returns(&onERC721ReceivedCall::SELECTOR.into());
        let agrees =
            !self.is_contract(to) || self.answer(to, &question.abi_encode()) == Some(taken);
        if !agrees {
            return refuse(&Queue::ERC721InvalidReceiver { receiver: to });
        }
        Ok(Vec::new())
    }

    /// The positions of an owner that are not over, in the order of their numbers.
    pub(in crate::lockstep) fn positions_of(&self, owner: Address) -> Vec<U256> {
        let open = (1..).zip(&self.requests);
        let own = open.filter(|(_, one)| !one.closed && one.owner == owner);
        own.map(|(number, _): (u64, _)| U256::from(number))
            .collect()
    }

    /// Who may end a request may also move it.
    pub(super) fn check_mover(&self, caller: Address, index: usize) -> Result<(), Refusal> {
        if self.may_move(caller, index) {
            return Ok(());
        }
        refuse(&Queue::NotRequestOwner {
            requestId: U256::from(index + 1),
            caller,
            owner: self.requests[index].owner,
        })
    }

    /// A position must not go where nobody could use it.
    pub(super) fn check_taker(&self, receiver: Address) -> Result<(), Refusal> {
        let useless = [Address::ZERO, self.at.queue, self.at.pool];
        if useless.contains(&receiver) {
            return refuse(&Queue::ERC721InvalidReceiver { receiver });
        }
        Ok(())
    }

    pub(super) fn log_token(&mut self, from: Address, to: Address, id: U256) {
        let moved = Queue::Transfer {
            from,
            to,
            tokenId: id,
        };
        self.log(self.at.queue, &moved);
    }

    fn may_move(&self, caller: Address, index: usize) -> bool {
        let owner = self.requests[index].owner;
        caller == owner
            || self.operators.contains(&(owner, caller))
            || self.approved.get(&index) == Some(&caller)
    }

    fn token(&self, id: U256) -> Result<usize, Refusal> {
        match self.open(id) {
            Ok(index) => Ok(index),
            Err(_) => refuse(&Queue::ERC721NonexistentToken { tokenId: id }),
        }
    }
}
