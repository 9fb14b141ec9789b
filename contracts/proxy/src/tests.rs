//! The code as bytes: constants, jumps and size. What it does is tested on a chain.

use alloy_primitives::{U256, hex, keccak256};

use super::*;

const ADMIN: Account = [0xaa; 20];
const PROGRAM: Account = [0xbb; 20];

fn slot(name: &str) -> Word {
    let hash = U256::from_be_bytes(keccak256(name).0);
    hash.checked_sub(U256::ONE)
        .expect("a hash is not zero")
        .to_be_bytes()
}

#[test]
fn the_constants_are_those_of_the_erc() {
    assert_eq!(IMPLEMENTATION_SLOT, slot("eip1967.proxy.implementation"));
    assert_eq!(ADMIN_SLOT, slot("eip1967.proxy.admin"));
    assert_eq!(UPGRADED, keccak256("Upgraded(address)").0);
    assert_eq!(ADMIN_CHANGED, keccak256("AdminChanged(address,address)").0);
    let selector = |signature: &str| keccak256(signature)[..4].to_vec();
    assert_eq!(
        selector("upgradeToAndCall(address,bytes)"),
        UPGRADE_TO_AND_CALL
    );
    assert_eq!(
        selector("ERC1967InvalidImplementation(address)"),
        INVALID_IMPLEMENTATION
    );
}

/// Positions of all JUMPDESTs, and targets of all jumps; every jump follows the push of its target.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "positions in a code of a few hundred bytes"
)]
fn jumps(code: &[u8]) -> (Vec<usize>, Vec<usize>) {
    let (mut landings, mut targets, mut place, mut pushed) = (vec![], vec![], 0, None);
    while let Some(op) = code.get(place).copied() {
        let length = usize::from(op.saturating_sub(0x5f)).min(33);
        match op {
            0x5b => landings.push(place),
            0x56 | 0x57 => targets.push(pushed.expect("a jump follows a push")),
            _ => {}
        }
        pushed = None;
        if (0x60..=0x7f).contains(&op) {
            let value = &code[place + 1..=place + length];
            pushed = value.iter().try_fold(0_usize, |value, byte| {
                value.checked_mul(256)?.checked_add((*byte).into())
            });
            place += length;
        }
        place += 1;
    }
    (landings, targets)
}

#[test]
fn every_jump_lands_where_it_may() {
    let kept = runtime(ADMIN);
    let created = creation(ADMIN, PROGRAM, &[]);
    let before = &created[..created.len() - kept.len()];
    for code in [&kept, before] {
        let (landings, targets) = jumps(code);
        assert!(!targets.is_empty());
        for target in targets {
            assert!(landings.contains(&target), "{target} in {code:02x?}");
        }
    }
}

#[test]
fn creation_carries_the_code_that_stays_and_the_initialiser() {
    let created = creation(ADMIN, PROGRAM, &[1, 2, 3]);
    let mut carried = runtime(ADMIN);
    carried.extend([1, 2, 3]);
    assert!(created.ends_with(&carried));
    // Its first instruction names the program.
    assert_eq!(created[0], 0x73);
    assert_eq!(created[1..21], PROGRAM);
}

#[test]
fn the_code_that_stays_is_as_it_was_reviewed() {
    let kept = hex::encode(runtime(ADMIN));
    let expected = concat!(
        // is it the admin?
        "73aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa331461005857",
        // forward
        "5b365f5f375f5f365f7f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc545af45b3d5f5f3e610054573d5ffd5b3d5ff3",
        // the admin's selector
        "5b5f3560e01c634f1ef2861461006c5761001b56",
        // arguments
        "5b606436106101155760243560401415610115576004358060a01c61011557803b156101035760443560643603811161011557",
        // upgrade
        "817f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc55817fbc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b5f5fa2806100f2573461011557005b8060645f375f5f825f855af461004856",
        // refusals
        "5b634c9c8ce360e01b5f5260045260245ffd5b5f5ffd",
    );
    assert_eq!(kept, expected);
}
