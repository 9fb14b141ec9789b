//! Contracts that send transactions because a test plays them.
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// A contract with a balance, which the node plays.
async fn played_contract(world: &World) {
    let ether = "0xde0b6b3a7640000";
    world
        .result("anvil_setCode", json!([STRANGER, "0x00"]))
        .await;
    world
        .result("anvil_setBalance", json!([STRANGER, ether]))
        .await;
    world
        .result("anvil_impersonateAccount", json!([STRANGER]))
        .await;
}

async fn send(world: &World) -> Value {
    let send = json!([{ "from": STRANGER, "to": world.alice(), "value": "0x1" }]);
    world.result("eth_sendTransaction", send).await
}

async fn status(world: &World, hash: &Value) -> Value {
    let receipt = world.result("eth_getTransactionReceipt", json!([hash]));
    receipt.await["status"].take()
}

#[tokio::test]
async fn an_impersonated_contract_sends_and_is_traced() {
    let world = World::start().await;
    played_contract(&world).await;
    let hash = send(&world).await;
    assert_eq!(status(&world, &hash).await, "0x1");
    let params = json!([hash, { "tracer": "callTracer" }]);
    let trace = world.result("debug_traceTransaction", params).await;
    assert_eq!(
        (&trace["from"], &trace["gasUsed"]),
        (&json!(STRANGER), &json!("0x5208"))
    );
}

#[tokio::test]
async fn a_saved_chain_remembers_that_a_contract_was_played() {
    let world = World::start().await;
    played_contract(&world).await;
    world.result("evm_setAutomine", json!([false])).await;
    let hash = send(&world).await;
    let dump = world.result("anvil_dumpState", json!([])).await;
    let again = World::of(
        Devnode::builder()
            .no_mining()
            .spawn()
            .await
            .expect("starts"),
    );
    again.result("anvil_loadState", json!([dump])).await;
    again.result("evm_mine", json!([])).await;
    assert_eq!(status(&again, &hash).await, "0x1");
}

#[tokio::test]
async fn a_contract_that_has_a_key_is_refused() {
    let world = World::start().await;
    let alice = world.alice();
    world.result("anvil_setCode", json!([alice, "0x00"])).await;
    let send = json!([{ "from": alice, "to": STRANGER, "value": "0x1" }]);
    let words = format!("sender not an eoa: address {alice}, len(code): 1");
    assert_eq!(
        world.refusal("eth_sendTransaction", send).await,
        (-32000, words)
    );
}
