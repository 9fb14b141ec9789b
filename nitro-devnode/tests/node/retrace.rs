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
