//! Requests that want no answer, and requests that are none.
use alloy::transports::http::reqwest;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn a_request_without_an_id_is_executed_and_not_answered() {
    let world = World::start().await;
    let mine = json!({ "jsonrpc": "2.0", "method": "evm_mine", "params": [] });
    // The server has a body for everything.
    assert_eq!(world.post(mine.to_string()).await, "null");
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x8");

    let ask = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber" });
    let batch = json!([mine, ask, mine]);
    let answer: Value = serde_json::from_str(&world.post(batch.to_string()).await).expect("JSON");
    assert_eq!(
        answer,
        json!([{ "jsonrpc": "2.0", "id": 1, "result": "0x9" }])
    );
    assert_eq!(world.post(json!([mine]).to_string()).await, "null");
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0xb");
}

#[tokio::test]
async fn who_asks_whether_the_node_lives_gets_an_answer() {
    let world = World::start().await;
    let answer = reqwest::get(world.node.http_url()).await.expect("answers");
    assert_eq!(answer.status(), 200);
    let answer: Value = serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
    let name = answer["result"].as_str().expect("a name");
    assert!(name.starts_with("nitro-devnode"), "{name}");
}

#[tokio::test]
async fn a_request_with_an_odd_id_is_refused_and_not_executed() {
    let world = World::start().await;
    let mine =
        |id: Value| json!({ "jsonrpc": "2.0", "id": id, "method": "evm_mine", "params": [] });
    let refused = json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": { "code": -32600, "message": "Invalid request" },
    });
    for id in [json!(1.5), json!(-1), json!([1]), json!({}), json!(true)] {
        let answer = world.post(mine(id.clone()).to_string()).await;
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer, refused, "{id}");
    }
    let batch = json!([mine(json!(-1)), mine(json!("a")), mine(json!(null))]);
    let answers: Value = serde_json::from_str(&world.post(batch.to_string()).await).expect("JSON");
    assert_eq!(answers[0], refused);
    assert_eq!(
        (&answers[1]["id"], &answers[2]["id"]),
        (&json!("a"), &json!(null))
    );
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x9");
}
