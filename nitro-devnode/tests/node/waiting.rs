//! What may wait for a block, and how its sender hears of it.
use alloy::primitives::U256;
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
