//! Traces that would take more memory than a node may.
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// JUMPDEST, PUSH0, JUMP, as long as there is gas.
const FOREVER: &str = "0x5b5f56";

/// MSTORE at the end of the first MiB, which takes 2.2 million gas.
const A_MEBIBYTE: &str = "5f620fffe052";

/// Asks for its gas so often that the notes of it would be half a GiB.
const ASKER: &str = r#"(module
    (import "vm_hooks" "evm_gas_left" (func $gas (result i64)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) (local $asked i32)
        (loop $again
            (drop (call $gas))
            (local.set $asked (i32.add (local.get $asked) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $asked) (i32.const 600000))))
        (i32.const 0)))"#;

/// Traces a call of an account that pretends to have this code.
async fn refusal(world: &World, code: &str, gas: Option<&str>, mut options: Value) -> String {
    options["stateOverrides"] = json!({ STRANGER.to_string(): { "code": code } });
    let call = json!({ "to": STRANGER, "gas": gas });
    let params = json!([call, "latest", options]);
    let (code, words) = world.refusal("debug_traceCall", params).await;
    assert_eq!(code, -32000, "{words}");
    words
}

const TOO_LARGE: &str =
    "the trace is too large: ask for less of it, or for its first steps with limit";

#[tokio::test]
async fn what_a_program_does_is_listed_within_bounds() {
    let world = World::start().await;
    let asker = world.install(ASKER).await;
    let call = json!({ "to": asker });
    let params = json!([call, "latest", { "tracer": "stylusTracer" }]);
    assert_eq!(
        world.refusal("debug_traceCall", params).await,
        (-32000, TOO_LARGE.to_owned())
    );
    let words = "the call does too much for an access list";
    assert_eq!(
        world.refusal("eth_createAccessList", json!([call])).await,
        (-32000, words.to_owned())
    );
}

#[tokio::test]
async fn a_limit_beyond_the_bounds_is_no_way_around_them() {
    let world = World::start().await;
    let options = json!({ "limit": 100_000_000 });
    assert_eq!(refusal(&world, FOREVER, None, options).await, TOO_LARGE);
}

#[tokio::test]
async fn the_tracer_of_erc_7562_has_bounds() {
    let world = World::start().await;
    let tracer = json!({ "tracer": "erc7562Tracer" });
    let words = refusal(&world, FOREVER, None, tracer.clone()).await;
    assert_eq!(words, TOO_LARGE);
    // KECCAK256 of 2^50 bytes, which nobody can pay for.
    let words = refusal(&world, "0x66040000000000005f20", None, tracer).await;
    assert_eq!(words, TOO_LARGE);
}

#[tokio::test]
async fn call_data_is_counted_for_tracers_side_by_side_too() {
    let world = World::start().await;
    // STATICCALL of an account without code, with the MiB, 300 times for this gas.
    let code = format!("0x{A_MEBIBYTE}5b5f5f621000005f61dead5afa50600656");
    let gas = Some("0x22a330");
    for options in [
        json!({ "tracer": "callTracer" }),
        json!({ "tracer": "muxTracer", "tracerConfig": { "callTracer": {} } }),
    ] {
        assert_eq!(refusal(&world, &code, gas, options).await, TOO_LARGE);
    }
}

#[tokio::test]
async fn memory_and_storage_count_as_often_as_they_are_shown() {
    let world = World::start().await;
    let jumpdests = "5b".repeat(300);
    let code = format!("0x{A_MEBIBYTE}{jumpdests}00");
    let options = json!({ "enableMemory": true });
    assert_eq!(refusal(&world, &code, None, options).await, TOO_LARGE);
    // SLOAD of one slot after the other, 4,000 for this gas: each shows those before it.
    let code = "0x5f5b80545060010160015600";
    let gas = Some("0x833a00");
    assert_eq!(refusal(&world, code, gas, json!({})).await, TOO_LARGE);
    let few = json!({ "disableStorage": true, "stateOverrides": {
        STRANGER.to_string(): { "code": code },
    } });
    let params = json!([{ "to": STRANGER, "gas": gas }, "latest", few]);
    let trace = world.result("debug_traceCall", params).await;
    assert_eq!(trace["structLogs"][1]["op"], "JUMPDEST");
}
