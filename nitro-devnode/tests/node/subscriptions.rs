//! What is pushed over WebSocket.
use std::time::Duration;

use alloy::providers::{Provider, ProviderBuilder, WsConnect};
use serde_json::json;

use crate::world::{STRANGER, World};

#[tokio::test]
async fn a_subscriber_hears_of_each_new_block() {
    let world = World::start().await;
    let socket = WsConnect::new(world.node.ws_url());
    let socket = ProviderBuilder::new()
        .connect_ws(socket)
        .await
        .expect("connects");
    let mut heads = socket.subscribe_blocks().await.expect("subscribes");
    for number in [8, 9] {
        world.mined(world.transfer(STRANGER, 1)).await;
        let head = tokio::time::timeout(Duration::from_secs(5), heads.recv()).await;
        assert_eq!(head.expect("in time").expect("a head").number, number);
    }
}

#[tokio::test]
async fn who_cannot_be_notified_is_told_so() {
    let world = World::start().await;
    let refused = world.refusal("eth_subscribe", json!(["newHeads"])).await;
    assert_eq!(refused, (-32601, "notifications not supported".to_owned()));
    let refused = world.refusal("eth_unsubscribe", json!(["0x1"])).await;
    assert_eq!(refused, (-32000, "subscription not found".to_owned()));
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["logs"]}]"#;
    let answer = world.post(batch.to_owned()).await;
    assert!(answer.contains("-32601"), "{answer}");
}
