//! Blocks that are executed again, to be traced.
use alloy::primitives::{Bytes, hex};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::{
    programs::{ARB_OWNER, IArbOwner, PLENTY},
    world::World,
};

async fn at_40() -> World {
    let node = Devnode::builder().arbos_version(40).spawn();
    World::of(node.await.expect("starts"))
}

#[tokio::test]
async fn the_block_of_an_upgrade_starts_again_as_it_did() {
    let world = at_40().await;
    // Stores 7 in slot 1.
    let contract = world.deploy_code(&hex!("600760015500")).await;
    let upgrade = IArbOwner::scheduleArbOSUpgradeCall {
        newVersion: 50,
        timestamp: 0,
    };
    assert!(world.transact(ARB_OWNER, &upgrade, 0).await.success);
    let done = world.act(Some(contract), Bytes::new(), 0, PLENTY).await;
    assert!(done.success);
    let hash = &done.receipt["transactionHash"];
    let params = json!([hash, { "tracer": "callTracer" }]);
    let trace = world.result("debug_traceTransaction", params).await;
    assert_eq!(trace["error"], Value::Null, "{trace}");
    assert_eq!(trace["gasUsed"], done.receipt["gasUsed"]);
    let params = json!([done.receipt["blockNumber"], { "tracer": "callTracer" }]);
    let block = world.result("debug_traceBlockByNumber", params).await;
    assert_eq!(block[1]["result"], trace);
}

#[tokio::test]
async fn the_internal_transaction_has_no_flat_calls() {
    let world = World::start().await;
    let params = json!(["latest", { "tracer": "flatCallTracer" }]);
    let block = world.result("debug_traceBlockByNumber", params).await;
    assert_eq!(block[0]["result"], json!([]));
}

#[tokio::test]
async fn a_block_is_told_in_bytes_and_traced_by_them() {
    let world = World::start().await;
    let bytes = world.result("debug_getRawBlock", json!(["latest"])).await;
    let head = world.node.reader().head().expect("a head");
    let raw: Bytes = serde_json::from_value(bytes.clone()).expect("bytes");
    let header = world.result("debug_getRawHeader", json!(["latest"])).await;
    let header: Bytes = serde_json::from_value(header).expect("bytes");
    // Behind the prefix of a list longer than 255 bytes.
    assert_eq!(&raw[3..3 + header.len()], header.as_ref());
    assert_eq!(raw.last(), Some(&0xc0), "no uncles");

    let tracer = json!({ "tracer": "callTracer" });
    let by_bytes = world.result("debug_traceBlock", json!([bytes, tracer]));
    let by_hash = world.result("debug_traceBlockByHash", json!([head.hash, tracer]));
    assert_eq!(by_bytes.await, by_hash.await);
    let (code, words) = world
        .refusal("debug_traceBlock", json!(["0xc0", tracer]))
        .await;
    assert_eq!(code, -32602);
    assert!(words.contains("could not decode block"), "{words}");
}
