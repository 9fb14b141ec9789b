//! What waits, how much of it, and for how long.
use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use alloy::{
    consensus::TxLegacy,
    primitives::{Address, B256},
};

use crate::{
    arbos::accounts::DEV_ACCOUNT,
    chain::{Chain, Config, Incoming, Mining, Rejected, Unsigned},
};

fn bare() -> Chain {
    let config = Config {
        bare: true,
        ..Config::default()
    };
    Chain::new(config).expect("starts")
}

/// A transfer of the dev account, for which nobody has to sign. A bare chain charges for its
/// bytes on L1, hence the gas limit.
fn transfer(nonce: u64) -> Incoming {
    transfer_with(nonce, 10_000_000)
}

fn transfer_with(nonce: u64, gas_limit: u64) -> Incoming {
    let tx = TxLegacy {
        nonce,
        gas_price: 1_000_000_000,
        gas_limit,
        to: Address::with_last_byte(7).into(),
        ..TxLegacy::default()
    };
    Incoming::unsigned(Unsigned::Legacy(tx), DEV_ACCOUNT)
}

/// Hands in transfers with these nonces; their verdicts arrive at the end.
fn submit(
    chain: &mut Chain,
    nonces: std::ops::Range<u64>,
) -> mpsc::Receiver<Result<B256, Rejected>> {
    let (verdicts, heard) = mpsc::channel();
    for nonce in nonces {
        let verdicts = verdicts.clone();
        let reply = move |verdict| verdicts.send(verdict).expect("heard");
        chain.submit(transfer(nonce), Box::new(reply));
    }
    heard
}

#[test]
fn of_ten_thousand_early_transactions_all_but_1024_are_refused_at_once() {
    let mut chain = bare();
    let heard = submit(&mut chain, 1..10_001);
    let refused = heard.try_iter().inspect(|verdict| {
        assert!(matches!(
            verdict,
            Err(Rejected::NonceTooHigh { state: 0, .. })
        ));
    });
    assert_eq!(refused.count(), 8_976);
    // The rest hears the same a second later.
    let late = Instant::now() + Duration::from_secs(1);
    assert!(chain.next_expiry().is_some_and(|due| due <= late));
    chain.expire(late);
    assert_eq!(heard.try_iter().filter(Result::is_err).count(), 1_024);
    assert_eq!(chain.next_expiry(), None);
    assert_eq!(chain.waiting().len(), 0);
}

#[test]
fn the_missing_nonce_brings_all_early_transactions_in() {
    let mut chain = bare();
    let heard = submit(&mut chain, 1..1_025);
    assert_eq!(heard.try_iter().count(), 0);
    let first = submit(&mut chain, 0..1);
    assert_eq!(first.try_iter().filter(Result::is_ok).count(), 1);
    assert_eq!(heard.try_iter().filter(Result::is_ok).count(), 1_024);
    assert_eq!(chain.next_expiry(), None);
    assert_eq!(chain.reader().account(1_025, DEV_ACCOUNT).nonce, 1_025);
}

#[test]
fn a_full_pool_refuses_and_empties_block_by_block() {
    let mut chain = bare();
    chain.set_mining(Mining::Manual);
    let heard = submit(&mut chain, 0..16_386);
    let (kept, refused): (Vec<_>, Vec<_>) = heard.try_iter().partition(Result::is_ok);
    assert_eq!(kept.len(), 16_384);
    assert!(matches!(
        refused.as_slice(),
        [Err(Rejected::PoolFull), Err(Rejected::PoolFull)]
    ));
    while !chain.waiting().is_empty() {
        chain.mine();
    }
    let head = chain.reader().head_number();
    assert_eq!(chain.reader().account(head, DEV_ACCOUNT).nonce, 16_384);
    assert_eq!(submit(&mut chain, 16_384..16_385).try_iter().count(), 1);
}

#[test]
fn what_waits_for_a_nonce_is_given_up_also_after_mining_by_hand() {
    let mut chain = bare();
    chain.set_mining(Mining::Manual);
    let heard = submit(&mut chain, 1..4);
    assert_eq!(heard.try_iter().filter(Result::is_ok).count(), 3);
    chain.set_mining(Mining::Automatic);
    assert_eq!(chain.waiting().len(), 3);
    chain.expire(Instant::now() + Duration::from_secs(1));
    assert_eq!(chain.waiting().len(), 0);
}

#[test]
fn the_last_nonce_there_is_ends_the_count_of_those_that_wait() {
    let mut chain = bare();
    chain.set_mining(Mining::Manual);
    chain.set_nonce(DEV_ACCOUNT, u64::MAX - 1);
    let heard = submit(&mut chain, u64::MAX - 1..u64::MAX);
    assert_eq!(heard.try_iter().filter(Result::is_ok).count(), 1);
    // As a chain that was saved may bring it.
    let waiting = [u64::MAX - 1, u64::MAX].map(transfer).to_vec();
    chain.pool.replace(waiting);
    assert_eq!(chain.pending_nonce(DEV_ACCOUNT), u64::MAX);
}

#[test]
fn what_no_block_has_room_for_keeps_later_nonces_waiting() {
    // Before ArbOS 50 a transaction must fit by its gas limit.
    let config = Config {
        bare: true,
        arbos_version: 40,
        ..Config::default()
    };
    let mut chain = Chain::new(config).expect("starts");
    chain.set_mining(Mining::Manual);
    for (nonce, gas_limit) in [(0, 10_000_000), (1, 40_000_000), (2, 10_000_000)] {
        let verdict = |verdict: Result<_, _>| assert!(verdict.is_ok(), "{verdict:?}");
        chain.submit(transfer_with(nonce, gas_limit), Box::new(verdict));
    }
    let nonce_after = |chain: &mut Chain| {
        let head = chain.mine();
        chain.reader().account(head, DEV_ACCOUNT).nonce
    };
    assert_eq!(nonce_after(&mut chain), 1);
    assert_eq!(chain.waiting().len(), 2);
    assert_eq!(nonce_after(&mut chain), 3);
}

#[test]
fn what_waits_is_part_of_what_a_save_holds() {
    let mut chain = bare();
    chain.set_mining(Mining::Manual);
    let before = chain.revision();
    submit(&mut chain, 0..1);
    let waiting = chain.revision();
    assert_ne!(waiting, before);
    assert_eq!(chain.revision(), waiting);
}
