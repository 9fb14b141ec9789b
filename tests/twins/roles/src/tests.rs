//! The operations that the node's record says the outcome of, run natively.

use alloy_primitives::{keccak256, B256};
use motsu::prelude::*;
use openzeppelin_stylus::access::control::IAccessControl;
use operations::{
    dice::Dice,
    record::{Record, RECORDED},
    roles::{Act, Operation},
    PEOPLE,
};

use crate::Roles;

#[motsu::test]
fn roles_do_natively_what_they_do_on_the_node(contract: Contract<Roles>) {
    let people: [Account; PEOPLE] =
        ["admin", "alice", "bob", "carol", "stranger"].map(Account::from_seed);
    let roles = [
        B256::ZERO,
        keccak256("PAUSER_ROLE"),
        keccak256("LIMITER_ROLE"),
        keccak256("TWIN_ROLE"),
    ];
    for role in &roles[..3] {
        contract.sender(people[0]).begin(*role, people[0].address());
    }
    let mut dice = Dice::new(0);
    let mut record = Record::default();
    for _ in 0..RECORDED {
        let Operation { from, act } = Operation::draw(&mut dice);
        let mut call = contract.sender(people[from]);
        let done = match act {
            Act::Grant(role, account) => call.grant_role(roles[role], people[account].address()),
            Act::Revoke(role, account) => call.revoke_role(roles[role], people[account].address()),
            Act::Renounce(role, account) => {
                call.renounce_role(roles[role], people[account].address())
            }
        };
        record.outcome(done.motsu_res().is_ok());
    }
    for (number, person) in people.iter().enumerate() {
        let call = contract.sender(person);
        let held = roles.map(|role| u8::from(call.has_role(role, person.address())));
        record.state("roles", number, format!("{held:?}"));
    }
    assert_eq!(
        record.text(),
        include_str!("../../operations/recorded/roles.txt")
    );
}
