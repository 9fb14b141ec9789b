//! The chain as a state machine: blocks, time, snapshots, refusals.

use alloy::primitives::{U256, address};

use super::{Chain, Config};
use crate::arbos::accounts::DEV_ACCOUNT;

#[test]
fn a_bare_chain_starts_with_the_dev_account_alone() {
    let chain = Chain::new(Config {
        bare: true,
        ..Config::default()
    })
    .expect("starts");
    let dev = chain.reader().account(0, DEV_ACCOUNT);
    assert_eq!(dev.balance, U256::from(1_000_000_000_000_000_000_000_u128));
    assert_eq!(dev.nonce, 0);
    assert_eq!(chain.reader().head_number(), 0);
}

#[test]
fn the_preset_leaves_factory_and_deployer_at_their_usual_addresses() {
    let chain = Chain::new(Config::default()).expect("starts");
    let head = chain.reader().head_number();
    // The runtime code of the recording's contracts has 69 and 2,228 bytes.
    let factory = address!("0x4e59b44847b379578588920cA78FbF26c0B4956C");
    let deployer = address!("0xcEcba2F1DC234f70Dd89F2041029807F8D03A990");
    assert_eq!(chain.reader().code(head, factory).len(), 69);
    assert_eq!(chain.reader().code(head, deployer).len(), 2228);
    assert_eq!(chain.reader().account(head, DEV_ACCOUNT).nonce, 6);
    assert_eq!(head, 7);
}
