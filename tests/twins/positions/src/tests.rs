//! The operations that the node's record says the outcome of, run natively.

use alloy_primitives::{fixed_bytes, Address, FixedBytes, U256};
use motsu::prelude::*;
use openzeppelin_stylus::token::erc721::IErc721;
use operations::{
    dice::Dice,
    positions::{Act, Operation, Somebody},
    record::{Record, RECORDED},
    Party, PEOPLE,
};
use stylus_sdk::{abi::Bytes, prelude::*};

use crate::Positions;

/// A contract that is given tokens and answers like this.
macro_rules! receiver {
    ($name:ident, $answer:ty, $said:expr) => {
        #[storage]
        struct $name {}

        #[public]
        impl $name {
            #[selector(name = "onERC721Received")]
            fn on_erc721_received(
                &mut self,
                _operator: Address,
                _from: Address,
                _token_id: U256,
                _data: Bytes,
            ) -> $answer {
                $said
            }
        }

        unsafe impl TopLevelStorage for $name {}
    };
}

receiver!(Takes, FixedBytes<4>, fixed_bytes!("150b7a02"));
receiver!(Refuses, Result<FixedBytes<4>, Vec<u8>>, Err(Vec::new()));
receiver!(SaysNothing, (), ());
receiver!(SaysElse, FixedBytes<4>, fixed_bytes!("deadbeef"));

struct World {
    tokens: Contract<Positions>,
    people: [Account; PEOPLE],
    contracts: [Address; 4],
    minted: u64,
}

#[motsu::test]
fn tokens_do_natively_what_they_do_on_the_node(
    tokens: Contract<Positions>,
    takes: Contract<Takes>,
    refuses: Contract<Refuses>,
    says_nothing: Contract<SaysNothing>,
    says_else: Contract<SaysElse>,
) {
    let contracts = [
        takes.address(),
        refuses.address(),
        says_nothing.address(),
        says_else.address(),
    ];
    let people = ["alice", "bob", "carol", "operator", "stranger"].map(Account::from_seed);
    let mut world = World {
        tokens,
        people,
        contracts,
        minted: 0,
    };
    let mut dice = Dice::new(0);
    let mut record = Record::default();
    for _ in 0..RECORDED {
        let operation = Operation::draw(&mut dice, world.minted, contracts.len());
        record.outcome(world.is_accepted(operation));
    }
    for (number, person) in people.iter().enumerate() {
        let balance = world.tokens.sender(person).balance_of(person.address());
        record.state("balance", number, balance.motsu_unwrap());
    }
    for (number, contract) in contracts.iter().enumerate() {
        let balance = world.tokens.sender(people[0]).balance_of(*contract);
        record.state("contract", number, balance.motsu_unwrap());
    }
    assert_eq!(
        record.text(),
        include_str!("../../operations/recorded/positions.txt")
    );
}

impl World {
    fn is_accepted(&mut self, operation: Operation) -> bool {
        let token = operation.act.token().unwrap_or_default();
        let caller = self.somebody(operation.from, token);
        let id = U256::from(token);
        // Asked before the call begins: motsu reverts what was begun last.
        let owner = match operation.act {
            Act::Transfer(owner, ..)
            | Act::SafeTransfer(owner, ..)
            | Act::SafeTransferWith(owner, ..) => self.somebody(owner, token),
            _ => caller,
        };
        let party = |party| match party {
            Party::Person(number) => self.people[number].address(),
            Party::Nobody => Address::ZERO,
            Party::Contract(number) => self.contracts[number],
        };
        let mut call = self.tokens.sender(caller);
        let done = match operation.act {
            Act::Mint => {
                self.minted += 1;
                call.mint(caller, U256::from(self.minted))
            }
            Act::Burn(_) => call.burn(id),
            Act::Transfer(_, to, _) => call.transfer_from(owner, party(to), id),
            Act::SafeTransfer(_, to, _) => call.safe_transfer_from(owner, party(to), id),
            Act::SafeTransferWith(_, to, _, length) => {
                let data = Bytes(vec![0x5a; length]);
                call.safe_transfer_from_with_data(owner, party(to), id, data)
            }
            Act::Approve(to, _) => call.approve(party(to), id),
            Act::ApproveAll(operator) => call.set_approval_for_all(party(operator), true),
            Act::ApproveNone(operator) => call.set_approval_for_all(party(operator), false),
        };
        done.motsu_res().is_ok()
    }

    /// The owner of a token if that is a person, the first person otherwise.
    fn somebody(&self, somebody: Somebody, token: u64) -> Address {
        let first = self.people[0].address();
        match somebody {
            Somebody::Person(number) => self.people[number].address(),
            Somebody::Owner => {
                let owner = self
                    .tokens
                    .sender(first)
                    .owner_of(U256::from(token))
                    .motsu_res();
                let person =
                    |owner: &Address| self.people.iter().any(|one| one.address() == *owner);
                owner.ok().filter(person).unwrap_or(first)
            }
        }
    }
}
