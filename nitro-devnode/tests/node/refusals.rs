//! Requests that a real node refuses too, in its words.
use serde_json::json;

use crate::world::{STRANGER, World};

#[tokio::test]
async fn percentiles_of_the_fee_history_are_few_ascending_and_percentages() {
    let world = World::start().await;
    let refusal = |percentiles: Vec<f64>| {
        let world = &world;
        async move {
            let params = json!(["0x2", "latest", percentiles]);
            let (code, words) = world.refusal("eth_feeHistory", params).await;
            assert_eq!(code, -32000);
            words
        }
    };
    let start = "invalid reward percentile: ";
    for (percentiles, words) in [
        (vec![101.0], "101.000000"),
        (vec![-0.5], "-0.500000"),
        (vec![20.0, 10.0], "#0:20.000000 >= #1:10.000000"),
        (vec![1.0, 20.0, 20.0], "#1:20.000000 >= #2:20.000000"),
        (vec![50.0; 101], "over the query limit 100"),
    ] {
        assert_eq!(refusal(percentiles).await, format!("{start}{words}"));
    }
    let all: Vec<f64> = (1..=100).map(f64::from).collect();
    let history = world
        .result("eth_feeHistory", json!(["0x2", "latest", all]))
        .await;
    assert_eq!(history["reward"][1].as_array().map(Vec::len), Some(100));
}

#[tokio::test]
async fn a_request_for_another_chain_is_refused() {
    let world = World::start().await;
    let request = json!({ "from": world.alice(), "to": STRANGER, "chainId": "0x1" });
    let words = "chainId does not match node's (have=1, want=412346)";
    let refused = (-32000, words.to_owned());
    let simulated = json!({ "blockStateCalls": [{ "calls": [request] }] });
    for (method, params) in [
        ("eth_call", json!([request])),
        ("eth_estimateGas", json!([request])),
        ("eth_createAccessList", json!([request])),
        ("debug_traceCall", json!([request, "latest", {}])),
        ("eth_simulateV1", json!([simulated])),
        ("eth_sendTransaction", json!([request])),
        ("eth_fillTransaction", json!([request])),
    ] {
        assert_eq!(world.refusal(method, params).await, refused, "{method}");
    }
    let mut right = request;
    right["chainId"] = json!("0x64aba");
    assert_eq!(world.result("eth_call", json!([right])).await, "0x");
}
