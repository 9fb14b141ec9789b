//! The ETH vault: in for ETH, out in parts.

use alloy::primitives::{Address, U256};
use client::abi::{IEtherVault as Vault, IWrappedToken as Wrapped};
use rand::Rng;
use rand::seq::IteratorRandom;

use super::{Draw, ETHER};
use crate::lockstep::model::MINIMUM;
use crate::lockstep::operation::Operation;

impl Draw<'_> {
    /// What somebody does with the vault next.
    pub(super) fn vault_call(&mut self, from: Address) -> Operation {
        let vault = self.model.at.vault;
        match self.rng.random_range(0..20) {
            0..3 => self.deposit_in_vault(from),
            3 => self.mint_in_vault(from),
            4..9 => self.request_in_vault(from),
            9..17 => self.take_from_vault(from),
            17 => {
                let operator = self.receiver();
                let approved = !self.one_in(3);
                let set = Vault::setOperatorCall { operator, approved };
                Operation::call(from, vault, &set)
            }
            18 => Operation::send(from, vault, self.ether(0)),
            _ => {
                let approve = Wrapped::approveCall {
                    spender: vault,
                    value: match self.one_in(2) {
                        true => U256::MAX,
                        false => self.amount(10 * ETHER),
                    },
                };
                Operation::call(from, self.model.at.wrapped, &approve)
            }
        }
    }

    fn deposit_in_vault(&mut self, from: Address) -> Operation {
        let deposit = Vault::depositCall {
            assets: self.amount(ETHER),
            receiver: self.receiver(),
        };
        Operation::paid(from, self.model.at.vault, self.ether(MINIMUM), &deposit)
    }

    fn mint_in_vault(&mut self, from: Address) -> Operation {
        let value = self.ether(MINIMUM);
        let mint = Vault::mintCall {
            shares: self.amount(value),
            receiver: self.receiver(),
        };
        Operation::paid(from, self.model.at.vault, value, &mint)
    }

    fn request_in_vault(&mut self, from: Address) -> Operation {
        let (owner, sender) = self.on_behalf(from);
        let controller = match self.rng.random_range(0..6) {
            0 => self.taker(),
            1 | 2 => self.person(),
            _ => owner,
        };
        let held = self.model.wrapped_of(owner);
        let request = Vault::requestRedeemCall {
            shares: self.amount(held),
            controller,
            owner,
        };
        Operation::call(sender, self.model.at.vault, &request)
    }

    fn take_from_vault(&mut self, from: Address) -> Operation {
        let vault = self.model.at.vault;
        let able = self.model.controllers();
        let able = able.filter(|one| self.model.takeable(*one) != (0, 0));
        let (controller, sender) = match able.choose(self.rng) {
            Some(controller) => self.on_behalf(controller),
            None => (from, from),
        };
        let (shares, assets) = self.model.takeable(controller);
        let receiver = self.taker();
        if self.one_in(2) {
            let redeem = Vault::redeemCall {
                shares: self.amount(shares),
                receiver,
                controller,
            };
            return Operation::call(sender, vault, &redeem);
        }
        let withdraw = Vault::withdrawCall {
            assets: self.amount(assets),
            receiver,
            controller,
        };
        Operation::call(sender, vault, &withdraw)
    }

    /// An account, and who acts for it: mostly itself, or an operator. Contracts send nothing.
    fn on_behalf(&mut self, account: Address) -> (Address, Address) {
        let known = |one: &Address| self.people.iter().any(|person| person.address() == *one);
        let operators = self.model.vault.operators.iter();
        let operators = operators.filter(|(of, one)| *of == account && known(one));
        let operator = operators.map(|(_, one)| *one).choose(self.rng);
        let itself = Some(account).filter(known);
        let sender = match self.rng.random_range(0..8) {
            0 => None,
            1..4 => operator.or(itself),
            _ => itself,
        };
        (account, sender.unwrap_or_else(|| self.person()))
    }
}
