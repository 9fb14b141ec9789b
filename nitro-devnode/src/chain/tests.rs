//! The chain as a state machine: blocks, time, snapshots, refusals.

use alloy::primitives::{U256, address};

use super::{Chain, Config, RestoreError};
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

#[test]
fn a_restored_chain_is_written_as_it_was_read() {
    let mut chain = Chain::new(Config::default()).expect("starts");
    chain.mine();
    let image = chain.image().expect("is written");
    let restored = Chain::from_image(Config::default(), &image).expect("is read");
    assert_eq!(restored.reader().head_number(), 8);
    assert_eq!(restored.image().expect("is written").len(), image.len());
    let hashes = [&chain, &restored].map(|chain| chain.reader().head().map(|head| head.hash));
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn a_chain_whose_blocks_do_not_follow_each_other_is_refused() {
    let bare = || Config {
        bare: true,
        ..Config::default()
    };
    let mut chain = Chain::new(bare()).expect("starts");
    chain.mine();
    let first = chain.reader().head().expect("a head").hash;
    chain.mine();
    let mut image = chain.image().expect("is written");
    // The parent hash in the header of block 2, the last place where that hash stands.
    let at = image.windows(32).rposition(|bytes| bytes == first);
    image[at.expect("it is there")] ^= 1;
    let refused = Chain::from_image(bare(), &image);
    assert!(matches!(refused, Err(RestoreError::Unlinked { number: 2 })));
}

#[test]
fn a_damaged_image_is_refused_or_read_and_never_a_panic() {
    let mut chain = Chain::new(Config::default()).expect("starts");
    chain.mine();
    let image = chain.image().expect("is written");
    // A multiplicative generator, so that every run damages the same bytes.
    let mut random = 1_u64;
    for _ in 0..500 {
        random = random.wrapping_mul(0xd129_0d3b_1d2f_2a35).wrapping_add(1);
        let at = usize::try_from(random >> 33).expect("31 bits") % image.len();
        let mut damaged = image.clone();
        damaged[at] = damaged[at].wrapping_add((random >> 20) as u8);
        if let Ok(mut chain) = Chain::from_image(Config::default(), &damaged) {
            chain.mine();
            chain.image().expect("is written");
        }
        drop(Chain::from_image(Config::default(), &image[..at]));
    }
}
