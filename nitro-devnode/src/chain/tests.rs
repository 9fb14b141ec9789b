//! The chain as a state machine: blocks, time, snapshots, refusals.

use std::collections::BTreeMap;

use alloy::{
    consensus::TxLegacy,
    primitives::{Address, B256, U256, address},
};

use super::{Chain, Config, Incoming, Reader, RestoreError, Unsigned};
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

const PAYEE: Address = address!("0x000000000000000000000000000000000000bee5");

/// Somebody who follows the chain by its news, as a polled filter does.
struct Follower {
    hashes: Vec<B256>,
    next: u64,
    drops: u64,
}

impl Follower {
    /// Starts with every block of a chain that has dropped none.
    fn new(reader: &Reader) -> Self {
        let mut follower = Self {
            hashes: Vec::new(),
            next: 0,
            drops: 0,
        };
        follower.poll(reader);
        follower
    }

    fn poll(&mut self, reader: &Reader) {
        let news = reader.news(self.next, self.drops);
        for block in news.dropped {
            assert_eq!(self.hashes.pop(), Some(block.hash));
        }
        self.hashes
            .extend(news.sealed.iter().map(|block| block.hash));
        (self.next, self.drops) = (news.next, news.drops);
        let blocks = (0..=reader.head_number()).filter_map(|number| reader.block(number));
        let hashes: Vec<_> = blocks.map(|block| block.hash).collect();
        assert_eq!(self.hashes, hashes);
    }
}

/// The payee's balance at the end of each block, beside a chain that should say the same.
struct Model {
    chain: Chain,
    wei: Vec<u64>,
    snapshots: BTreeMap<u64, Vec<u64>>,
    follower: Follower,
}

impl Model {
    fn pay(&mut self) {
        let nonce = self.chain.pending_nonce(DEV_ACCOUNT);
        let tx = TxLegacy {
            chain_id: Some(412_346),
            nonce,
            gas_price: 1_000_000_000,
            gas_limit: 1_000_000,
            to: PAYEE.into(),
            value: U256::ONE,
            ..TxLegacy::default()
        };
        let tx = Incoming::unsigned(Unsigned::Legacy(tx), DEV_ACCOUNT);
        self.chain.send(tx).expect("is in a block");
        self.wei.push(self.last() + 1);
    }

    fn set(&mut self, wei: u64) {
        self.chain.set_balance(PAYEE, U256::from(wei));
        *self.wei.last_mut().expect("a genesis") = wei;
    }

    fn snapshot(&mut self) {
        self.snapshots
            .insert(self.chain.snapshot(), self.wei.clone());
    }

    fn revert(&mut self, random: usize) {
        let ids: Vec<u64> = self.snapshots.keys().copied().collect();
        let Some(id) = ids.get(random % ids.len().max(1)) else {
            return;
        };
        assert!(self.chain.revert(*id));
        self.wei = self.snapshots.split_off(id).remove(id).expect("is known");
    }

    fn reorg(&mut self, depth: usize) {
        let kept = self.wei.len().saturating_sub(depth);
        let done = self.chain.reorg(depth as u64);
        assert_eq!(done.is_ok(), kept > 0);
        if kept > 0 {
            self.wei.truncate(kept);
            self.snapshots.retain(|_, wei| wei.len() <= kept);
        }
    }

    fn restart(&mut self) {
        let image = self.chain.image().expect("is written");
        let config = self.chain.reader().config().clone();
        self.chain = Chain::from_image(config, &image).expect("is read");
        self.snapshots.clear();
        self.follower = Follower::new(self.chain.reader());
    }

    fn last(&self) -> u64 {
        self.wei.last().copied().expect("a genesis")
    }

    fn check(&self, step: usize) {
        let reader = self.chain.reader();
        assert_eq!(
            reader.head_number() + 1,
            self.wei.len() as u64,
            "step {step}"
        );
        let seen = (0..=reader.head_number()).map(|block| reader.account(block, PAYEE).balance);
        let seen: Vec<u64> = seen.map(|wei| wei.to()).collect();
        assert_eq!(seen, self.wei, "step {step}");
    }
}

#[test]
fn snapshots_reorganisations_edits_and_restarts_agree_with_a_model() {
    let chain = Chain::new(Config {
        bare: true,
        ..Config::default()
    });
    let chain = chain.expect("starts");
    let mut model = Model {
        follower: Follower::new(chain.reader()),
        chain,
        wei: vec![0],
        snapshots: BTreeMap::new(),
    };
    // A multiplicative generator, so that every run does the same.
    let mut random = 7_u64;
    let mut longest = 0;
    for step in 0..1_000 {
        random = random.wrapping_mul(0xd129_0d3b_1d2f_2a35).wrapping_add(1);
        let argument = usize::try_from(random >> 40).expect("24 bits");
        match (random >> 32) % 16 {
            0..8 => model.pay(),
            8 | 9 => model.set((random >> 50) % 3),
            10 | 11 => model.snapshot(),
            12 => model.revert(argument),
            13 => model.reorg(argument % 5),
            14 => model.follower.poll(model.chain.reader()),
            _ => model.restart(),
        }
        model.check(step);
        longest = longest.max(model.wei.len());
    }
    assert!(longest > 20, "it never got far: {longest} blocks");
}
