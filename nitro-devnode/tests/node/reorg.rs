//! The newest blocks go away: `devnode_reorg`, and who hears of it.
use std::time::Duration;

use alloy::{
    primitives::U256,
    providers::{Provider, ProviderBuilder, WsConnect},
    rpc::types::Filter,
};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// Init code that logs one byte with the topic 7 and leaves no contract.
const LOGGING: &str = "0x600760016000a100";

async fn log(world: &World) -> Value {
    let create = json!([{ "from": world.alice(), "data": LOGGING, "gas": "0x100000" }]);
    world.result("eth_sendTransaction", create).await
}

async fn pay(world: &World) -> Value {
    let send = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x1" }]);
    world.result("eth_sendTransaction", send).await
}

#[tokio::test]
async fn dropped_transactions_are_returned_and_can_be_sent_again() {
    let world = World::start().await;
    let kept = pay(&world).await;
    let (first, second) = (pay(&world).await, pay(&world).await);
    let reorg = world.result("devnode_reorg", json!([2])).await;
    assert_eq!(reorg["number"], "0x8");
    assert_eq!(reorg["dropped"][0]["number"], "0xa");
    assert_eq!(reorg["dropped"][0]["transactions"][0]["hash"], second);
    assert_eq!(reorg["dropped"][1]["transactions"][0]["hash"], first);
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x8");
    assert_eq!(world.balance(STRANGER).await, U256::ONE);
    for (hash, known) in [(&kept, true), (&first, false), (&second, false)] {
        let receipt = world
            .result("eth_getTransactionReceipt", json!([hash]))
            .await;
        assert_eq!(receipt.is_object(), known);
    }

    for dropped in [1, 0] {
        let raw = &reorg["dropped"][dropped]["transactions"][0]["raw"];
        world.result("eth_sendRawTransaction", json!([raw])).await;
    }
    assert_eq!(world.balance(STRANGER).await, U256::from(3));
    let receipt = world
        .result("eth_getTransactionReceipt", json!([second]))
        .await;
    assert_eq!(receipt["blockNumber"], "0xa");
}

#[tokio::test]
async fn more_blocks_than_there_are_cannot_be_dropped() {
    let world = World::start().await;
    let refusal = world.refusal("devnode_reorg", json!([8])).await;
    let words = "cannot drop 8 blocks: the chain has 7 after its genesis";
    assert_eq!(refusal, (-32000, words.to_owned()));
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x7");
    let reorg = world.result("devnode_reorg", json!([7])).await;
    assert_eq!(reorg["number"], "0x0");
}

#[tokio::test]
async fn a_polled_filter_hears_of_removed_logs_and_then_of_new_ones() {
    let world = World::start().await;
    let logs = world.result("eth_newFilter", json!([{}])).await;
    let blocks = world.result("eth_newBlockFilter", json!([])).await;
    let old = log(&world).await;
    let reported = world.result("eth_getFilterChanges", json!([logs])).await;
    assert_eq!(reported[0]["removed"], json!(false));
    world.result("eth_getFilterChanges", json!([blocks])).await;

    // This one comes and goes without being heard of.
    log(&world).await;
    world.result("devnode_reorg", json!([2])).await;
    pay(&world).await;
    let new = log(&world).await;
    let changes = world.result("eth_getFilterChanges", json!([logs])).await;
    let seen: Vec<_> = changes.as_array().expect("a list").iter().collect();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0]["removed"], json!(true));
    assert_eq!(seen[0]["transactionHash"], old);
    assert_eq!(seen[0]["blockHash"], reported[0]["blockHash"]);
    assert_eq!(seen[1]["removed"], json!(false));
    assert_eq!(seen[1]["transactionHash"], new);
    let hashes = world.result("eth_getFilterChanges", json!([blocks])).await;
    assert_eq!(hashes.as_array().map(Vec::len), Some(2));
    assert_eq!(
        world.result("eth_getFilterChanges", json!([logs])).await,
        json!([])
    );
}

#[tokio::test]
async fn subscribers_hear_of_removed_logs_and_of_the_new_head() {
    let world = World::start().await;
    let socket = ProviderBuilder::new()
        .connect_ws(WsConnect::new(world.node.ws_url()))
        .await
        .expect("connects");
    let mut logs = socket
        .subscribe_logs(&Filter::new())
        .await
        .expect("subscribes");
    let mut heads = socket.subscribe_blocks().await.expect("subscribes");
    log(&world).await;
    world.result("devnode_reorg", json!([1])).await;
    pay(&world).await;
    for (number, removed) in [(8, false), (8, true)] {
        let log = tokio::time::timeout(Duration::from_secs(30), logs.recv()).await;
        let log = log.expect("in time").expect("a log");
        assert_eq!((log.block_number, log.removed), (Some(number), removed));
    }
    for number in [8, 7, 8] {
        let head = tokio::time::timeout(Duration::from_secs(30), heads.recv()).await;
        assert_eq!(head.expect("in time").expect("a head").number, number);
    }
}

#[tokio::test]
async fn a_snapshot_of_a_dropped_block_is_used_up_and_an_older_one_is_not() {
    let world = World::start().await;
    pay(&world).await;
    let older = world.result("evm_snapshot", json!([])).await;
    world
        .result(
            "anvil_setStorageAt",
            json!([STRANGER, "0x1", format!("0x{:064x}", 5)]),
        )
        .await;
    pay(&world).await;
    pay(&world).await;
    let newer = world.result("evm_snapshot", json!([])).await;
    pay(&world).await;
    world.result("devnode_reorg", json!([2])).await;
    assert_eq!(world.balance(STRANGER).await, U256::from(2));
    assert_eq!(
        world.result("evm_revert", json!([newer])).await,
        json!(false)
    );
    pay(&world).await;
    assert_eq!(world.slot(STRANGER, 1).await, U256::from(5));
    assert_eq!(
        world.result("evm_revert", json!([older])).await,
        json!(true)
    );
    assert_eq!(world.balance(STRANGER).await, U256::ONE);
    assert_eq!(world.slot(STRANGER, 1).await, U256::ZERO);
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x8");
}

#[tokio::test]
async fn a_revert_to_the_outer_snapshot_uses_up_the_inner_ones() {
    let world = World::start().await;
    let outer = world.result("evm_snapshot", json!([])).await;
    pay(&world).await;
    let inner = world.result("evm_snapshot", json!([])).await;
    pay(&world).await;
    world.result("evm_snapshot", json!([])).await;
    pay(&world).await;
    assert_eq!(
        world.result("evm_revert", json!([outer])).await,
        json!(true)
    );
    assert_eq!(world.balance(STRANGER).await, U256::ZERO);
    assert_eq!(
        world.result("evm_revert", json!([inner])).await,
        json!(false)
    );
    pay(&world).await;
    assert_eq!(world.balance(STRANGER).await, U256::ONE);
}
