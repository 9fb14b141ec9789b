//! What may wait for a block, and how its sender hears of it.
use std::time::Duration;

use alloy::primitives::{Bytes, U256, keccak256};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

async fn by_hand() -> World {
    World::of(
        Devnode::builder()
            .no_mining()
            .spawn()
            .await
            .expect("starts"),
    )
}

/// Bytes of a transfer that the node signed for its first account.
async fn signed(world: &World) -> Value {
    let request = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x1" }]);
    world.result("eth_signTransaction", request).await
}

#[tokio::test]
async fn what_cannot_be_paid_does_not_wait() {
    let world = by_hand().await;
    let alice = world.alice();
    let refusal = |field: &'static str, value: Value| {
        let mut request = json!({ "from": alice, "to": STRANGER, "gas": "0x5208" });
        request[field] = value;
        let world = &world;
        async move {
            let (code, words) = world.refusal("eth_sendTransaction", json!([request])).await;
            assert_eq!(code, -32000);
            words
        }
    };
    let words = refusal("value", json!(U256::MAX >> 1)).await;
    let start = format!("insufficient funds for gas * price + value: address {alice} have ");
    assert!(words.starts_with(&start), "{words}");
    assert_eq!(
        refusal("gas", json!("0x5207")).await,
        "intrinsic gas too low"
    );
    let words = refusal("maxFeePerGas", json!("0x1")).await;
    let start = format!("max fee per gas less than block base fee: address {alice}");
    assert!(words.starts_with(&start), "{words}");
    let words = refusal("nonce", json!("0xffffffffffffffff")).await;
    let start = format!("nonce has max value: address {alice}");
    assert!(words.starts_with(&start), "{words}");
    let status = world.result("txpool_status", json!([])).await;
    assert_eq!(status["pending"], "0x0");
}

#[tokio::test]
async fn a_sender_that_waits_hears_of_its_block() {
    let interval = Duration::from_millis(100);
    let node = Devnode::builder().block_time(interval).spawn().await;
    let world = World::of(node.expect("starts"));
    let raw = signed(&world).await;
    let receipt = world
        .result("eth_sendRawTransactionSync", json!([raw]))
        .await;
    assert_eq!(receipt["status"], "0x1");
}

#[tokio::test]
async fn a_sender_that_has_waited_long_enough_is_told_what_waits() {
    let world = by_hand().await;
    let raw = signed(&world).await;
    let answer = world
        .ask("eth_sendRawTransactionSync", json!([raw, 1]))
        .await;
    let error = &answer["error"];
    assert_eq!(error["code"], 4);
    let words = "The transaction was added to the transaction pool but wasn't processed in 1 ms";
    assert_eq!(error["message"], words);
    let raw: Bytes = serde_json::from_value(raw).expect("bytes");
    assert_eq!(error["data"], json!(keccak256(raw)));
    world.result("evm_mine", json!([])).await;
    let receipt = json!([error["data"]]);
    let receipt = world.result("eth_getTransactionReceipt", receipt).await;
    assert_eq!(receipt["status"], "0x1");
}
