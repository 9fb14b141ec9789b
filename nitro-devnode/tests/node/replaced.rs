//! Precompiles whose place a call gives to another code.
use alloy::primitives::U256;
use serde_json::json;

use crate::world::{STRANGER, World};

/// Returns 42.
const CODE: &str = "0x602a5f5260205ff3";

/// Calls ArbSys and returns what it returns.
const CALLER: &str = "0x60205f5f5f60645afa5060205ff3";

#[tokio::test]
async fn a_code_in_the_place_of_a_precompile_is_executed() {
    let world = World::start().await;
    let answer = format!("{:#066x}", U256::from(42));
    let arb_sys = "0x0000000000000000000000000000000000000064";
    let identity = "0x0000000000000000000000000000000000000004";
    for place in [arb_sys, identity] {
        let pretended = json!({ place: { "code": CODE } });
        let params = json!([{ "to": place }, "latest", pretended]);
        assert_eq!(world.result("eth_call", params).await, answer, "{place}");
    }
    // Called by a contract, and with nothing but a balance it stays what it is.
    let pretended = json!({ arb_sys: { "code": CODE }, STRANGER.to_string(): { "code": CALLER } });
    let call = json!({ "to": STRANGER });
    let params = json!([call, "latest", pretended]);
    assert_eq!(world.result("eth_call", params).await, answer);
    let calls = json!({ "blockStateCalls": [
        { "stateOverrides": pretended, "calls": [call] },
        { "calls": [{ "to": arb_sys }] },
    ] });
    let blocks = world.result("eth_simulateV1", json!([calls])).await;
    for block in blocks.as_array().expect("blocks") {
        assert_eq!(block["calls"][0]["returnData"], answer);
    }
    let rich = json!({ identity: { "balance": "0x5" } });
    let params = json!([{ "to": identity, "data": "0x1234" }, "latest", rich]);
    assert_eq!(world.result("eth_call", params).await, "0x1234");
}
