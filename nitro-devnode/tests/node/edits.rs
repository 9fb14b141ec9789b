//! What tests do to a chain: snapshots, time, edits, impersonation, mining by hand.
use alloy::{primitives::U256, providers::Provider};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

async fn transfer(world: &World, wei: u64) {
    world.mined(world.transfer(STRANGER, wei)).await;
}

async fn head_time(world: &World) -> u64 {
    let head = world
        .provider
        .get_block(alloy::eips::BlockId::latest())
        .await;
    head.expect("answers").expect("a head").header.timestamp
}

#[tokio::test]
async fn nested_snapshots_revert_blocks_edits_and_time() {
    let world = World::start().await;
    transfer(&world, 1).await;
    let outer = world.result("evm_snapshot", json!([])).await;
    world
        .result(
            "anvil_setStorageAt",
            json!([STRANGER, "0x1", format!("0x{:064x}", 5)]),
        )
        .await;
    let inner = world.result("evm_snapshot", json!([])).await;
    transfer(&world, 2).await;
    world
        .result("anvil_setBalance", json!([STRANGER, "0x64"]))
        .await;

    assert_eq!(
        world.result("evm_revert", json!([inner])).await,
        json!(true)
    );
    assert_eq!(world.balance(STRANGER).await, U256::ONE);
    assert_eq!(world.slot(STRANGER, 1).await, U256::from(5));
    assert_eq!(
        world.result("evm_revert", json!([inner])).await,
        json!(false)
    );

    assert_eq!(
        world.result("evm_revert", json!([outer])).await,
        json!(true)
    );
    assert_eq!(world.slot(STRANGER, 1).await, U256::ZERO);
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x8");
    assert_eq!(
        world.result("evm_revert", json!([outer])).await,
        json!(false)
    );
}

#[tokio::test]
async fn a_reverted_chain_seals_again() {
    let world = World::start().await;
    let snapshot = world.result("evm_snapshot", json!([])).await;
    let send = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x1" }]);
    let first = world.result("eth_sendTransaction", send.clone()).await;
    world.result("evm_revert", json!([snapshot])).await;
    assert_eq!(
        world
            .result("eth_getTransactionReceipt", json!([first]))
            .await,
        Value::Null
    );
    let second = world.result("eth_sendTransaction", send).await;
    let receipt = world
        .result("eth_getTransactionReceipt", json!([second]))
        .await;
    assert_eq!(receipt["blockNumber"], "0x8");
}

#[tokio::test]
async fn the_next_timestamp_may_be_any_not_before_the_last() {
    let world = World::start().await;
    let last = head_time(&world).await;
    world
        .result("evm_setNextBlockTimestamp", json!([last]))
        .await;
    transfer(&world, 1).await;
    assert_eq!(head_time(&world).await, last);
    world
        .result("evm_setNextBlockTimestamp", json!([last + 86_400]))
        .await;
    transfer(&world, 1).await;
    assert_eq!(head_time(&world).await, last + 86_400);
    let (code, words) = world
        .refusal("evm_setNextBlockTimestamp", json!([last]))
        .await;
    assert_eq!(code, -32000);
    assert_eq!(
        words,
        format!(
            "timestamp {last} is before the last block's {}",
            last + 86_400
        )
    );
}

#[tokio::test]
async fn increased_time_shows_in_the_next_block() {
    let world = World::start().await;
    let last = head_time(&world).await;
    world.result("evm_increaseTime", json!([1_000_000])).await;
    world.result("evm_mine", json!([])).await;
    let passed = head_time(&world).await - last;
    assert!((1_000_000..1_000_060).contains(&passed), "{passed}");
}

#[tokio::test]
async fn without_automine_a_block_takes_what_waits() {
    let world = World::start().await;
    world.result("evm_setAutomine", json!([false])).await;
    let mut hashes = Vec::new();
    for _ in 0..3 {
        let send = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x1" }]);
        hashes.push(world.result("eth_sendTransaction", send).await);
    }
    assert_eq!(
        world
            .result("eth_getTransactionReceipt", json!([hashes[0]]))
            .await,
        Value::Null
    );
    let nonce = json!([world.alice(), "pending"]);
    assert_eq!(world.result("eth_getTransactionCount", nonce).await, "0x3");
    world.result("evm_mine", json!([])).await;
    for (index, hash) in hashes.iter().enumerate() {
        let receipt = world
            .result("eth_getTransactionReceipt", json!([hash]))
            .await;
        assert_eq!(receipt["blockNumber"], "0x8");
        // Index 0 is the internal transaction.
        assert_eq!(receipt["transactionIndex"], format!("{:#x}", index + 1));
    }
}

#[tokio::test]
async fn an_impersonated_account_sends_without_a_key() {
    let world = World::start().await;
    world
        .result("anvil_setBalance", json!([STRANGER, "0xde0b6b3a7640000"]))
        .await;
    let send = json!([{ "from": STRANGER, "to": world.alice(), "value": "0x1" }]);
    let refused = (-32000, "unknown account".to_owned());
    assert_eq!(
        world.refusal("eth_sendTransaction", send.clone()).await,
        refused
    );
    world
        .result("anvil_impersonateAccount", json!([STRANGER]))
        .await;
    let hash = world.result("eth_sendTransaction", send.clone()).await;
    let receipt = world
        .result("eth_getTransactionReceipt", json!([hash]))
        .await;
    assert_eq!(receipt["status"], "0x1");
    world
        .result("anvil_stopImpersonatingAccount", json!([STRANGER]))
        .await;
    assert_eq!(world.refusal("eth_sendTransaction", send).await, refused);
}

#[tokio::test]
async fn edited_nonce_and_code_are_seen_at_once() {
    let world = World::start().await;
    world
        .result("anvil_setNonce", json!([STRANGER, "0x2a"]))
        .await;
    world
        .result("anvil_setCode", json!([STRANGER, "0xfe"]))
        .await;
    let nonce = json!([STRANGER, "latest"]);
    assert_eq!(world.result("eth_getTransactionCount", nonce).await, "0x2a");
    assert_eq!(
        world
            .result("eth_getCode", json!([STRANGER, "latest"]))
            .await,
        "0xfe"
    );
}

#[tokio::test]
async fn without_automine_a_nonce_gap_waits_for_its_predecessor() {
    let world = World::start().await;
    world.result("evm_setAutomine", json!([false])).await;
    let send = |nonce: &str| json!([{ "from": world.alice(), "to": STRANGER, "nonce": nonce }]);
    let second = world.result("eth_sendTransaction", send("0x1")).await;
    world.result("evm_mine", json!([])).await;
    assert_eq!(
        world
            .result("eth_getTransactionReceipt", json!([second]))
            .await,
        Value::Null
    );
    world.result("eth_sendTransaction", send("0x0")).await;
    let again = world.refusal("eth_sendTransaction", send("0x0")).await;
    assert_eq!(again, (-32000, "already known".to_owned()));
    world.result("evm_mine", json!([])).await;
    let receipt = world
        .result("eth_getTransactionReceipt", json!([second]))
        .await;
    assert_eq!(receipt["transactionIndex"], "0x2");
}

#[tokio::test]
async fn what_waits_is_told_in_the_three_forms_of_geth() {
    let world = World::start().await;
    world.result("evm_setAutomine", json!([false])).await;
    let alice = world.alice();
    let send = json!([{ "from": alice, "to": STRANGER, "value": "0x5", "gas": "0x5208" }]);
    let hash = world.result("eth_sendTransaction", send).await;
    let status = world.result("txpool_status", json!([])).await;
    assert_eq!(status, json!({ "pending": "0x1", "queued": "0x0" }));
    // Keys are addresses with and without capitals, depending on who prints them.
    let content = world.result("txpool_content", json!([])).await;
    let by_sender = content["pending"].as_object().expect("senders");
    let by_nonce = by_sender.values().next().expect("one sender");
    assert_eq!(by_nonce["0"]["hash"], hash);
    let by_hash = world
        .result("eth_getTransactionByHash", json!([hash]))
        .await;
    assert_eq!(
        (&by_hash["hash"], &by_hash["blockHash"]),
        (&hash, &Value::Null)
    );
    let of_alice = world.result("txpool_contentFrom", json!([alice])).await;
    assert_eq!(of_alice["pending"]["0"]["hash"], hash);
    let of_nobody = world.result("txpool_contentFrom", json!([STRANGER])).await;
    assert_eq!(of_nobody, json!({ "pending": {}, "queued": {} }));
    let inspected = world.result("txpool_inspect", json!([])).await;
    let by_sender = inspected["pending"].as_object().expect("senders");
    let by_nonce = by_sender.values().next().expect("one sender");
    let words = format!("{STRANGER}: 5 wei + 21000 gas × 200000000 wei");
    assert_eq!(by_nonce["0"], words);
}
