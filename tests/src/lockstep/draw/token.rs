//! Deposits, transfers and allowances of lsETH.

use alloy::primitives::{Address, U256};
use client::abi::IStakingPool as Pool;
use rand::Rng;
use rand::seq::IndexedRandom;

use super::{Draw, ETHER};
use crate::lockstep::model::{MINIMUM, Token};
use crate::lockstep::operation::Operation;

impl Draw<'_> {
    pub(super) fn token_call(&mut self, from: Address) -> Operation {
        let pool = self.model.at.pool;
        let to = self.receiver();
        match self.rng.random_range(0..78) {
            0..14 => {
                let value = self.ether(MINIMUM);
                Operation::paid(from, pool, value, &Pool::submitCall { referral: to })
            }
            14..26 => {
                let deposit = Pool::depositCall {
                    receiver: to,
                    referral: from,
                    minShares: U256::from(self.rng.random_range(0..2 * ETHER)),
                };
                Operation::paid(from, pool, self.ether(MINIMUM), &deposit)
            }
            26..34 => self.allowance_call(from),
            34..42 => self.permit_call(Token::Lseth),
            42..54 => {
                let amount = self.amount(self.model.worth(self.model.held(from)));
                Operation::call(from, pool, &Pool::transferCall { to, amount })
            }
            54..62 => {
                let owner = self.lender(from);
                let allowed = self.model.allowance(owner, from).saturating_to();
                let transfer = Pool::transferFromCall {
                    from: owner,
                    to,
                    amount: self.amount(allowed),
                };
                Operation::call(from, pool, &transfer)
            }
            62..70 => {
                let shares = self.amount(self.model.held(from));
                Operation::call(from, pool, &Pool::transferSharesCall { to, shares })
            }
            _ => {
                let owner = self.lender(from);
                let transfer = Pool::transferSharesFromCall {
                    from: owner,
                    to,
                    shares: self.amount(self.model.held(owner)),
                };
                Operation::call(from, pool, &transfer)
            }
        }
    }

    fn allowance_call(&mut self, from: Address) -> Operation {
        let at = self.model.at;
        let spender = match self.rng.random_range(0..8) {
            0 => Address::ZERO,
            1 => at.wrapped,
            2 => at.queue,
            _ => self.person(),
        };
        match self.rng.random_range(0..4) {
            0 => {
                let raise = Pool::increaseAllowanceCall {
                    spender,
                    addedValue: self.amount(5 * ETHER),
                };
                Operation::call(from, at.pool, &raise)
            }
            1 => {
                let allowed = self.model.allowance(from, spender).saturating_to();
                let lower = Pool::decreaseAllowanceCall {
                    spender,
                    subtractedValue: self.amount(allowed),
                };
                Operation::call(from, at.pool, &lower)
            }
            _ => {
                let amount = self.amount(50 * ETHER);
                Operation::call(from, at.pool, &Pool::approveCall { spender, amount })
            }
        }
    }

    /// Whose lsETH somebody might move.
    fn lender(&mut self, spender: Address) -> Address {
        let owners = self
            .model
            .allowances
            .keys()
            .filter(|(_, to)| *to == spender);
        let owners: Vec<Address> = owners.map(|(owner, _)| *owner).collect();
        match owners.choose(self.rng) {
            Some(owner) if self.one_in(2) => *owner,
            _ => self.holder(),
        }
    }
}
