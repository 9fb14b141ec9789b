//! Ways out: requests, what ends them, and the lane past the line.

use alloy::primitives::{Address, U256};
use client::abi::IWithdrawalQueue::{self as Queue, PermitInput};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::permits::{Signatory, SignedPermit};
use super::{Draw, ETHER};
use crate::lockstep::model::{Request, Token};
use crate::lockstep::operation::Operation;

impl Draw<'_> {
    pub(super) fn request(&mut self, from: Address) -> Operation {
        let (queue, owner) = (self.model.at.queue, self.taker());
        match self.rng.random_range(0..10) {
            0..3 => {
                let request = Queue::requestWithdrawalCall {
                    shares: self.amount(self.model.held(from)),
                    owner,
                    minEth: U256::from(self.rng.random_range(0..ETHER)),
                };
                Operation::call(from, queue, &request)
            }
            3..5 => {
                let leave = Queue::withdrawInstantlyCall {
                    shares: self.amount(self.model.held(from)),
                    receiver: owner,
                    minEth: U256::from(self.rng.random_range(0..ETHER)),
                };
                Operation::call(from, queue, &leave)
            }
            5..7 => self.request_with_permit(owner),
            _ => {
                let amounts = self.amounts(from);
                let request = Queue::requestWithdrawalsCall { amounts, owner };
                Operation::call(from, queue, &request)
            }
        }
    }

    fn request_with_permit(&mut self, owner: Address) -> Operation {
        let (queue, key) = (self.model.at.queue, self.key());
        let sender = key.address();
        let account = if self.one_in(6) {
            self.wallet()
        } else {
            sender
        };
        let signatory = Signatory { account, key };
        let SignedPermit { permit, v, r, s } = self.permit(Token::Lseth, &signatory, queue);
        let amounts = self.amounts(sender);
        let request = Queue::requestWithdrawalsWithPermitCall {
            amounts,
            owner,
            permit: PermitInput {
                value: permit.value,
                deadline: permit.deadline,
                v,
                r,
                s,
            },
        };
        Operation::call(sender, queue, &request)
    }

    fn amounts(&mut self, from: Address) -> Vec<U256> {
        let most = self.model.worth(self.model.held(from));
        let count = self.rng.random_range(0..3);
        (0..count).map(|_| self.amount(most)).collect()
    }

    /// What ends a request or hands it on; by who may, mostly.
    pub(super) fn end(&mut self, from: Address) -> Operation {
        let (queue, receiver) = (self.model.at.queue, self.taker());
        let act = self.rng.random_range(0..14);
        let number = match act {
            0..5 => self.one_that(|request| request.shares == 0),
            5 | 6 => self.one_that(|request| request.shares != 0),
            _ => self.one_that(|_| true),
        };
        let id = U256::from(number);
        let owner = self.model.requests.get(number.wrapping_sub(1));
        let owner = owner.map_or(from, |request| request.owner);
        let from = self.mover(from, owner, number);
        match act {
            0..3 => Operation::call(from, queue, &Queue::claimWithdrawalCall { requestId: id }),
            3 | 4 => {
                let claim = Queue::claimToCall {
                    requestId: id,
                    receiver,
                };
                Operation::call(from, queue, &claim)
            }
            5 | 6 => Operation::call(from, queue, &Queue::cancelCall { requestId: id }),
            7..10 => self.approval(from, id),
            _ => self.sale(from, owner, receiver, id),
        }
    }

    /// The owner, who it has approved for this or for all, or somebody. Contracts send nothing.
    fn mover(&mut self, somebody: Address, owner: Address, number: usize) -> Address {
        let operators = self.model.operators.iter();
        let operators = operators.filter(|(of, _)| *of == owner);
        let mut movers: Vec<Address> = operators.map(|(_, operator)| *operator).collect();
        movers.extend(self.model.approved.get(&number.wrapping_sub(1)));
        let chosen = match self.rng.random_range(0..10) {
            0 | 1 => Some(&somebody),
            2..6 => movers.choose(self.rng).or(Some(&owner)),
            _ => Some(&owner),
        };
        let known = |one: &&Address| self.people.iter().any(|person| person.address() == **one);
        chosen.filter(known).copied().unwrap_or(somebody)
    }

    fn approval(&mut self, from: Address, id: U256) -> Operation {
        let queue = self.model.at.queue;
        let to = if self.one_in(8) {
            Address::ZERO
        } else {
            self.person()
        };
        if self.one_in(3) {
            let approve = Queue::setApprovalForAllCall {
                operator: to,
                approved: !self.one_in(2),
            };
            return Operation::call(from, queue, &approve);
        }
        Operation::call(from, queue, &Queue::approveCall { to, tokenId: id })
    }

    fn sale(&mut self, sender: Address, owner: Address, to: Address, id: U256) -> Operation {
        let queue = self.model.at.queue;
        let from = if self.one_in(12) { to } else { owner };
        match self.rng.random_range(0..4) {
            0 | 1 => {
                let sale = Queue::transferFromCall {
                    from,
                    to,
                    tokenId: id,
                };
                Operation::call(sender, queue, &sale)
            }
            2 => {
                let sale = Queue::safeTransferFrom_0Call {
                    from,
                    to,
                    tokenId: id,
                };
                Operation::call(sender, queue, &sale)
            }
            _ => {
                let length = self.rng.random_range(0..70);
                let sale = Queue::safeTransferFrom_1Call {
                    from,
                    to,
                    tokenId: id,
                    data: vec![0xda; length].into(),
                };
                Operation::call(sender, queue, &sale)
            }
        }
    }

    /// An open request of this kind mostly; one that is over, or was never made, at times.
    fn one_that(&mut self, kind: impl Fn(&Request) -> bool) -> usize {
        let requests = &self.model.requests;
        let fitting = (1..).zip(requests);
        let fitting = fitting.filter(|(_, request)| !request.closed && kind(request));
        let fitting: Vec<usize> = fitting.map(|(number, _)| number).collect();
        if self.one_in(6) {
            return self.rng.random_range(0..requests.len() + 2);
        }
        fitting.choose(self.rng).copied().unwrap_or(requests.len())
    }
}
