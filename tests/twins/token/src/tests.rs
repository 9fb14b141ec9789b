//! The operations that the node's record says the outcome of, run natively.

use alloy_primitives::{uint, Address, B256, U256};
use alloy_signer::SignerSync;
use alloy_sol_types::{eip712_domain, sol, SolStruct};
use motsu::prelude::*;
use openzeppelin_stylus::{
    token::erc20::{extensions::IErc20Permit, IErc20},
    utils::nonces::INonces,
};
use operations::{
    amount::Amount,
    dice::Dice,
    record::{Record, ETHER, RECORDED},
    token::{Act, Flaw, Operation},
    Party, PEOPLE,
};

use crate::Token;

sol! {
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// Order of the curve.
const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// Chain that motsu pretends to be.
const CHAIN: u64 = 42_161;

#[motsu::test]
fn a_token_does_natively_what_it_does_on_the_node(token: Contract<Token>) {
    let people = people();
    for person in &people {
        let given = token
            .sender(person)
            .give(person.address(), U256::from(10 * ETHER));
        given.motsu_unwrap();
    }
    let mut dice = Dice::new(0);
    let mut record = Record::default();
    for _ in 0..RECORDED {
        let operation = Operation::draw(&mut dice);
        record.outcome(is_accepted(&token, &people, operation));
    }
    for (number, person) in people.iter().enumerate() {
        let token = token.sender(person);
        record.state("balance", number, token.balance_of(person.address()));
        record.state("nonce", number, INonces::nonces(&*token, person.address()));
    }
    assert_eq!(
        record.text(),
        include_str!("../../operations/recorded/token.txt")
    );
}

fn people() -> [Account; PEOPLE] {
    ["alice", "bob", "carol", "operator", "stranger"].map(Account::from_seed)
}

fn is_accepted(token: &Contract<Token>, people: &[Account; PEOPLE], operation: Operation) -> bool {
    let caller = people[operation.from];
    let party = |party| match party {
        Party::Person(number) => people[number].address(),
        Party::Nobody | Party::Contract(_) => Address::ZERO,
    };
    let balance = |owner: Address| token.sender(caller).balance_of(owner);
    let number = |amount: Amount, available: U256| {
        let number = amount.of(available.saturating_to(), 1);
        number.map_or(U256::MAX, U256::from)
    };
    let here = caller.address();
    match operation.act {
        Act::Transfer(to, amount) => {
            let value = number(amount, balance(here));
            let moved = token.sender(caller).transfer(party(to), value);
            moved.motsu_res().is_ok()
        }
        Act::Approve(spender, amount) => {
            let value = number(amount, balance(here));
            let approved = token.sender(caller).approve(party(spender), value);
            approved.motsu_res().is_ok()
        }
        Act::TransferFrom(owner, to, amount) => {
            let owner = people[owner].address();
            let allowed = token.sender(caller).allowance(owner, here);
            let value = number(amount, allowed.min(balance(owner)));
            let moved = token.sender(caller).transfer_from(owner, party(to), value);
            moved.motsu_res().is_ok()
        }
        Act::Permit(owner, spender, amount, flaw) => {
            let signer = match flaw {
                Flaw::Signer => people[usize::from(owner == 0)],
                _ => people[owner],
            };
            let owner = people[owner].address();
            let terms = (owner, party(spender), number(amount, balance(owner)));
            let (permit, v, r, s) = signed(token, &signer, terms, flaw);
            let Permit {
                owner,
                spender,
                value,
                deadline,
                ..
            } = permit;
            let permitted = token
                .sender(caller)
                .permit(owner, spender, value, deadline, v, r, s);
            permitted.motsu_res().is_ok()
        }
    }
}

fn signed(
    token: &Contract<Token>,
    signer: &Account,
    (owner, spender, value): (Address, Address, U256),
    flaw: Flaw,
) -> (Permit, u8, B256, B256) {
    let nonce = INonces::nonces(&*token.sender(signer), owner);
    let permit = Permit {
        owner,
        spender,
        value,
        nonce: match flaw {
            Flaw::Nonce => nonce + U256::from(1),
            Flaw::Replayed => nonce.saturating_sub(U256::from(1)),
            _ => nonce,
        },
        deadline: match flaw {
            Flaw::Expired => U256::from(1),
            _ => U256::MAX,
        },
    };
    let domain = eip712_domain! {
        name: "Twin",
        version: "1",
        chain_id: match flaw {
            Flaw::Chain => 1,
            _ => CHAIN,
        },
        verifying_contract: match flaw {
            Flaw::Contract => Address::ZERO,
            _ => token.address(),
        },
    };
    let hash = permit.eip712_signing_hash(&domain);
    let signature = signer.signer().sign_hash_sync(&hash).expect("a key signs");
    let (v, r, s) = (27 + u8::from(signature.v()), signature.r(), signature.s());
    let (v, r, s) = match flaw {
        Flaw::HighS => (55 - v, r, ORDER - s),
        Flaw::V => (v - 27, r, s),
        Flaw::Zero => (v, U256::ZERO, s),
        _ => (v, r, s),
    };
    (permit, v, r.into(), s.into())
}
