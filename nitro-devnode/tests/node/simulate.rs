//! `eth_simulateV1`: blocks that are executed and forgotten.
use alloy::primitives::{B256, Bytes, U64, U256, keccak256};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::{
    programs::NOTHING,
    world::{STRANGER, World},
};

/// Adds one to slot 0 and returns it.
const COUNTER: &str = "0x5f54600101805f555f5260205ff3";

async fn simulated(world: &World, payload: Value) -> Vec<Value> {
    let blocks = world
        .result("eth_simulateV1", json!([payload, "latest"]))
        .await;
    blocks.as_array().expect("blocks").clone()
}

fn numbers(block: &Value) -> Vec<U256> {
    let calls = block["calls"].as_array().expect("calls").iter();
    let data = |call: &Value| serde_json::from_value::<Bytes>(call["returnData"].clone());
    calls
        .map(|call| U256::from_be_slice(&data(call).expect("bytes")))
        .collect()
}

#[tokio::test]
async fn each_call_finds_what_those_before_it_left_and_the_chain_nothing() {
    let world = World::start().await;
    let head = world.node.reader().head_number();
    let call = json!({ "to": STRANGER });
    let pretended = json!({ STRANGER.to_string(): { "code": COUNTER } });
    let blocks = simulated(
        &world,
        json!({ "blockStateCalls": [
            { "stateOverrides": pretended, "calls": [call, call] },
            { "blockOverrides": { "number": U64::from(head + 3) }, "calls": [call] },
        ]}),
    )
    .await;
    // The second is the block whose number was left out.
    assert_eq!(blocks.len(), 3);
    assert_eq!(numbers(&blocks[0]), [U256::from(1), U256::from(2)]);
    assert_eq!(blocks[1]["calls"], json!([]));
    assert_eq!(numbers(&blocks[2]), [U256::from(3)]);
    assert_eq!(blocks[2]["number"], json!(U64::from(head + 3)));
    assert_eq!(blocks[2]["parentHash"], blocks[1]["hash"]);
    assert_eq!(blocks[0]["transactions"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.node.reader().head_number(), head);
    assert!(world.node.reader().code(head, STRANGER).is_empty());
}

#[tokio::test]
async fn what_calls_pay_for_l1_data_is_not_of_the_gas_they_share() {
    let world = World::of(Devnode::builder().bare().spawn().await.expect("starts"));
    // 20,000 bytes of noise are 160 million gas at the first price; all calls share 50 million.
    let hash = |number: u16| keccak256(number.to_be_bytes());
    let noise: Vec<u8> = (0..625).flat_map(hash).collect();
    let call = json!({ "to": STRANGER, "data": Bytes::from(noise) });
    let payload = json!({ "blockStateCalls": [{ "calls": [call, call] }] });
    let blocks = simulated(&world, payload).await;
    let statuses = [
        &blocks[0]["calls"][0]["status"],
        &blocks[0]["calls"][1]["status"],
    ];
    assert_eq!(statuses, [&json!("0x1"), &json!("0x1")]);
}

#[tokio::test]
async fn a_failed_call_is_told_in_its_place() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    let [reverting, invalid] = [STRANGER, world.alice()];
    let blocks = simulated(
        &world,
        json!({ "blockStateCalls": [{
            "stateOverrides": {
                reverting.to_string(): { "code": "0x60045ffd" },
                invalid.to_string(): { "code": "0xfe" },
            },
            // All calls share the gas of one, and this takes all it is given.
            "calls": [{ "to": reverting }, { "to": invalid, "gas": "0x186a0" }, { "to": program }],
        }]}),
    )
    .await;
    let calls = &blocks[0]["calls"];
    let reverted = json!({ "code": 3, "message": "execution reverted", "data": "0x00000000" });
    assert_eq!(calls[0]["error"], reverted);
    assert_eq!(calls[0]["status"], "0x0");
    let failed = json!({ "code": -32015, "message": "invalid opcode: INVALID" });
    assert_eq!(calls[1]["error"], failed);
    assert_eq!(calls[2]["status"], "0x1");
}

#[tokio::test]
async fn moved_ether_is_a_log_where_that_is_asked_for() {
    let world = World::start().await;
    let call = json!({ "from": world.alice(), "to": STRANGER, "value": "0x5" });
    let payload = json!({ "blockStateCalls": [{ "calls": [call] }], "traceTransfers": true });
    let blocks = simulated(&world, payload).await;
    let log = &blocks[0]["calls"][0]["logs"][0];
    assert_eq!(log["address"], "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    assert_eq!(log["topics"][1], json!(world.alice().into_word()));
    assert_eq!(log["data"], json!(B256::with_last_byte(5)));
}

#[tokio::test]
async fn what_cannot_be_simulated_is_refused_with_the_codes_of_the_method() {
    let world = World::start().await;
    let old = json!({ "from": world.node.dev_account().address(), "to": STRANGER,
        "nonce": "0x0", "maxFeePerGas": "0x3b9aca00", "gas": "0x5208" });
    let poor = json!({ "from": STRANGER, "to": STRANGER, "value": "0x1" });
    for (payload, code) in [
        (
            json!({ "blockStateCalls": [{ "calls": [old] }], "validation": true }),
            -38010,
        ),
        (json!({ "blockStateCalls": [{ "calls": [poor] }] }), -38014),
        (
            json!({ "blockStateCalls": [{ "blockOverrides": { "number": "0x1" } }] }),
            -38020,
        ),
        (
            json!({ "blockStateCalls": [{ "blockOverrides": { "time": "0x1" } }] }),
            -38021,
        ),
        (
            json!({ "blockStateCalls": [{ "blockOverrides": { "number": "0xffff" } }] }),
            -38026,
        ),
    ] {
        let (refused, words) = world
            .refusal("eth_simulateV1", json!([payload, "latest"]))
            .await;
        assert_eq!(refused, code, "{words}");
    }
}
