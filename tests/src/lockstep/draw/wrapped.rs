//! wlsETH in, out, and around.

use alloy::primitives::{Address, U256};
use client::abi::IWrappedToken as Wrapped;
use rand::Rng;

use super::{Draw, ETHER};
use crate::lockstep::model::{MINIMUM, Token};
use crate::lockstep::operation::Operation;

impl Draw<'_> {
    pub(super) fn wrapped_call(&mut self, from: Address) -> Operation {
        match self.rng.random_range(0..24) {
            0..7 => self.wrap(from),
            7..13 => self.unwrap(from),
            13..19 => self.move_wrapped(from),
            19 | 20 => self.permit_call(Token::Wrapped),
            21 => self.signed_delegation(),
            _ => {
                let delegatee = self.receiver();
                let delegate = Wrapped::delegateCall { delegatee };
                Operation::call(from, self.model.at.wrapped, &delegate)
            }
        }
    }

    fn wrap(&mut self, from: Address) -> Operation {
        let (token, receiver) = (self.model.at.wrapped, self.receiver());
        let held = self.model.held(from);
        match self.rng.random_range(0..4) {
            0 => {
                let assets = self.amount(self.model.worth(held));
                Operation::call(from, token, &Wrapped::wrapCall { assets })
            }
            1 => {
                let assets = self.amount(self.model.worth(held));
                Operation::call(from, token, &Wrapped::depositCall { assets, receiver })
            }
            2 => {
                let shares = self.amount(held);
                Operation::call(from, token, &Wrapped::mintCall { shares, receiver })
            }
            _ => {
                let deposit = Wrapped::depositEthCall {
                    receiver,
                    referral: from,
                    minShares: U256::from(self.rng.random_range(0..2 * ETHER)),
                };
                Operation::paid(from, token, self.ether(MINIMUM), &deposit)
            }
        }
    }

    fn unwrap(&mut self, from: Address) -> Operation {
        let (token, receiver) = (self.model.at.wrapped, self.receiver());
        let owner = if self.one_in(3) { self.holder() } else { from };
        let held = self.model.wrapped_of(owner);
        match self.rng.random_range(0..3) {
            0 => {
                let shares = self.amount(self.model.wrapped_of(from));
                Operation::call(from, token, &Wrapped::unwrapCall { shares })
            }
            1 => {
                let redeem = Wrapped::redeemCall {
                    shares: self.amount(held),
                    receiver,
                    owner,
                };
                Operation::call(from, token, &redeem)
            }
            _ => {
                let withdraw = Wrapped::withdrawCall {
                    assets: self.amount(self.model.worth(held)),
                    receiver,
                    owner,
                };
                Operation::call(from, token, &withdraw)
            }
        }
    }

    fn move_wrapped(&mut self, from: Address) -> Operation {
        let (token, to) = (self.model.at.wrapped, self.receiver());
        match self.rng.random_range(0..3) {
            0 => {
                let value = self.amount(self.model.wrapped_of(from));
                Operation::call(from, token, &Wrapped::transferCall { to, value })
            }
            1 => {
                let owner = self.holder();
                let allowed = self.model.wrapped_allowance(owner, from).saturating_to();
                let transfer = Wrapped::transferFromCall {
                    from: owner,
                    to,
                    value: self.amount(allowed),
                };
                Operation::call(from, token, &transfer)
            }
            _ => {
                let value = self.amount(10 * ETHER);
                let approve = Wrapped::approveCall { spender: to, value };
                Operation::call(from, token, &approve)
            }
        }
    }
}
