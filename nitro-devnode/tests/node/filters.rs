//! Which logs and transactions come to who asked for them.
use alloy::{
    primitives::{Address, B256, address},
    providers::{Provider as _, ProviderBuilder, WsConnect},
};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// Logs one topic, 7, with no data.
const LOGGER: Address = address!("0x00000000000000000000000000000000000010e4");

const TOPIC: B256 = B256::with_last_byte(7);

async fn with_logger() -> World {
    let world = World::start().await;
    let code = json!([LOGGER, "0x60075f5fa100"]);
    world.result("anvil_setCode", code).await;
    world
}

/// Makes a block with a log.
async fn log(world: &World) {
    let send = json!([{ "from": world.alice(), "to": LOGGER }]);
    world.result("eth_sendTransaction", send).await;
}

async fn changes(world: &World, filter: &Value) -> usize {
    let changes = world.result("eth_getFilterChanges", json!([filter])).await;
    changes.as_array().expect("a list").len()
}

#[tokio::test]
async fn a_log_with_fewer_topics_than_are_listed_is_not_asked_for() {
    let world = with_logger().await;
    log(&world).await;
    for (topics, found) in [
        (json!([TOPIC]), 1),
        (json!([null]), 1),
        (json!([]), 1),
        (json!([TOPIC, null]), 0),
        (json!([null, null]), 0),
        (json!([TOPIC, []]), 0),
    ] {
        let filter = json!([{ "address": LOGGER, "fromBlock": "0x0", "topics": topics }]);
        let logs = world.result("eth_getLogs", filter).await;
        assert_eq!(logs.as_array().expect("a list").len(), found, "{topics}");
    }
    let filter = json!([{ "topics": [TOPIC, null] }]);
    let filter = world.result("eth_newFilter", filter).await;
    log(&world).await;
    assert_eq!(changes(&world, &filter).await, 0);
}

#[tokio::test]
async fn a_polled_filter_keeps_to_its_blocks() {
    let world = with_logger().await;
    let made = |from: Option<&'static str>, to: Option<&'static str>| {
        let filter = json!([{ "fromBlock": from, "toBlock": to }]);
        let world = &world;
        async move { world.result("eth_newFilter", filter).await }
    };
    let all = made(None, None).await;
    let first = made(None, Some("0x8")).await;
    let later = made(Some("0x9"), None).await;
    let past = made(Some("0x0"), Some("0x7")).await;
    log(&world).await;
    log(&world).await;
    log(&world).await;
    assert_eq!(changes(&world, &all).await, 3);
    assert_eq!(changes(&world, &first).await, 1);
    assert_eq!(changes(&world, &later).await, 2);
    assert_eq!(changes(&world, &past).await, 0);
    let backward = json!([{ "fromBlock": "0x5", "toBlock": "0x1" }]);
    let words = "invalid block range params".to_owned();
    let refusal = world.refusal("eth_newFilter", backward).await;
    assert_eq!(refusal, (-32000, words));
}

#[tokio::test]
async fn new_transactions_come_whole_if_they_are_wanted_so() {
    let world = World::start().await;
    let filter = json!([true]);
    let filter = world
        .result("eth_newPendingTransactionFilter", filter)
        .await;
    let socket = WsConnect::new(world.node.ws_url());
    let socket = ProviderBuilder::new().connect_ws(socket).await;
    let socket = socket.expect("connects");
    let pushed = socket.subscribe_full_pending_transactions().await;
    let mut pushed = pushed.expect("subscribes");
    let send = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x5" }]);
    let hash = world.result("eth_sendTransaction", send).await;
    let polled = world.result("eth_getFilterChanges", json!([filter])).await;
    assert_eq!(polled[0]["hash"], hash);
    assert_eq!(polled[0]["value"], "0x5");
    assert_eq!(polled[0]["blockHash"], Value::Null);
    let pushed = pushed.recv().await.expect("a transaction");
    assert_eq!(json!(pushed), polled[0]);
}
