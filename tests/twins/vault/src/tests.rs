//! The operations that the node's record says the outcome of, run natively.

use alloy_primitives::{Address, U256};
use motsu::prelude::*;
use openzeppelin_stylus::token::erc20::{Erc20, IErc20};
use operations::{
    amount::Amount,
    dice::Dice,
    record::{Record, ETHER, RECORDED},
    vault::{Act, Operation},
    Party, PEOPLE,
};

use crate::Vault;

struct World {
    vault: Contract<Vault>,
    asset: Contract<Erc20>,
    people: [Account; PEOPLE],
}

#[motsu::test]
fn a_vault_does_natively_what_it_does_on_the_node(vault: Contract<Vault>, asset: Contract<Erc20>) {
    let people = ["alice", "bob", "carol", "operator", "stranger"].map(Account::from_seed);
    for person in people {
        let minted = asset
            .sender(person)
            ._mint(person.address(), U256::from(20 * ETHER));
        minted.motsu_unwrap();
    }
    vault.sender(people[0]).begin(asset.address());
    let world = World {
        vault,
        asset,
        people,
    };
    let mut dice = Dice::new(0);
    let mut record = Record::default();
    for _ in 0..RECORDED {
        let operation = Operation::draw(&mut dice);
        record.outcome(world.is_accepted(operation));
    }
    for (number, person) in people.iter().enumerate() {
        let account = person.address();
        record.state(
            "assets",
            number,
            world.asset.sender(account).balance_of(account),
        );
        record.state(
            "shares",
            number,
            world.vault.sender(account).balance_of(account),
        );
    }
    assert_eq!(
        record.text(),
        include_str!("../../operations/recorded/vault.txt")
    );
}

impl World {
    fn is_accepted(&self, operation: Operation) -> bool {
        let caller = self.people[operation.from].address();
        let party = |party| match party {
            Party::Person(number) => self.people[number].address(),
            Party::Nobody | Party::Contract(_) => Address::ZERO,
        };
        let here = self.vault.address();
        match operation.act {
            Act::Allow(amount) => {
                let value = number(amount, self.asset.sender(caller).balance_of(caller));
                let allowed = self.asset.sender(caller).approve(here, value);
                allowed.motsu_res().is_ok()
            }
            Act::Approve(spender, amount) => {
                let value = number(amount, self.vault.sender(caller).balance_of(caller));
                let approved = self.vault.sender(caller).approve(party(spender), value);
                approved.motsu_res().is_ok()
            }
            Act::Transfer(to, amount) => {
                let value = number(amount, self.vault.sender(caller).balance_of(caller));
                let moved = self.vault.sender(caller).transfer(party(to), value);
                moved.motsu_res().is_ok()
            }
            Act::Deposit(to, amount) | Act::Mint(to, amount) => {
                // At par shares are assets. What does not fit 256 bits panics, which is a refusal in a
                // program and the end of a native test.
                let Some(value) = fitting(amount, self.payable(caller)) else {
                    return false;
                };
                // The record is that of our vault, which takes nothing for nothing.
                if value.is_zero() && matches!(operation.act, Act::Deposit(..)) {
                    return false;
                }
                let mut vault = self.vault.sender(caller);
                let done = match operation.act {
                    Act::Mint(..) => vault.mint(value, party(to)),
                    _ => vault.deposit(value, party(to)),
                };
                done.motsu_res().is_ok()
            }
            Act::Withdraw(to, owner, amount) | Act::Redeem(to, owner, amount) => {
                let owner = self.people[owner].address();
                let Some(value) = fitting(amount, self.movable(caller, owner)) else {
                    return false;
                };
                let mut vault = self.vault.sender(caller);
                let done = match operation.act {
                    Act::Redeem(..) => vault.redeem(value, party(to), owner),
                    _ => vault.withdraw(value, party(to), owner),
                };
                done.motsu_res().is_ok()
            }
        }
    }

    /// What somebody has of the asset and the vault may take.
    fn payable(&self, owner: Address) -> U256 {
        let asset = self.asset.sender(owner);
        asset
            .balance_of(owner)
            .min(asset.allowance(owner, self.vault.address()))
    }

    /// What an owner has of the vault and the caller may move.
    fn movable(&self, caller: Address, owner: Address) -> U256 {
        let vault = self.vault.sender(caller);
        match owner == caller {
            true => vault.balance_of(owner),
            false => vault.balance_of(owner).min(vault.allowance(owner, caller)),
        }
    }
}

fn number(amount: Amount, available: U256) -> U256 {
    fitting(amount, available).unwrap_or(U256::MAX)
}

fn fitting(amount: Amount, available: U256) -> Option<U256> {
    amount.of(available.saturating_to(), 1).map(U256::from)
}
