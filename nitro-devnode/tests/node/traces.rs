//! Traces: geth's tracers on EVM frames, Nitro's on programs.
use std::io::Write as _;

use alloy::{
    network::TransactionBuilder as _,
    primitives::{Address, B256, Bytes, TxHash, U256, address, hex},
    rpc::types::TransactionRequest,
};
use brotlic::CompressorWriter;
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

/// Stores 7 in slot 1, logs topic 5 and returns 42.
const WORKER: &[u8] = &hex!("6007600155600560006000a1602a60005260206000f3");

/// Reads its input, which is an address and a slot's value; stores the value in slot 0 and
/// calls the address with no data.
const PROGRAM: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "call_contract"
        (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (call $store (i32.const 96) (i32.const 20))
        (call $flush (i32.const 0))
        (drop (call $call (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 96) (i64.const 200000) (i32.const 64)))
        (i32.const 0)))"#;

/// What is typical of the script that cargo-stylus sends.
const QUERY: &str = r#"{ "hostio": function(info) {
    if (this.nests.includes(info.name)) { Object.assign(info, this.open.pop()); }
    this.open.push(info); }, "enter": function(frame) { this.stack.push(this.open); } }"#;

async fn included(world: &World, tx: TransactionRequest) -> (TxHash, Option<Address>) {
    let tx = tx.with_from(world.node.dev_account().address());
    let receipt = world.mined(tx).await;
    assert!(receipt.status(), "{receipt:?}");
    (receipt.transaction_hash, receipt.contract_address)
}

/// Deploys this runtime code, behind init code that returns what follows it.
async fn deploy(world: &World, code: &[u8]) -> Address {
    let mut init = hex!("61000080600a5f395ff3").to_vec();
    let length = u16::try_from(code.len()).expect("is short");
    init[1..3].copy_from_slice(&length.to_be_bytes());
    init.extend_from_slice(code);
    let tx = TransactionRequest::default().with_deploy_code(init);
    included(world, tx).await.1.expect("creates a contract")
}

/// Deploys and activates the program; gives it and the activation.
async fn deploy_program(world: &World) -> (Address, TxHash) {
    let mut packed = CompressorWriter::new(hex!("eff00000").to_vec());
    let wasm = wat::parse_str(PROGRAM).expect("is WAT");
    packed.write_all(&wasm).expect("is compressed");
    let program = deploy(world, &packed.into_inner().expect("is compressed")).await;
    let mut input = hex!("58c780c2").to_vec();
    input.extend_from_slice(program.into_word().as_slice());
    let activation = TransactionRequest::default()
        .with_to(ARB_WASM)
        .with_input(input)
        .with_value(U256::from(10).pow(U256::from(17)));
    (program, included(world, activation).await.0)
}

async fn trace(world: &World, hash: TxHash, options: Value) -> Value {
    world
        .result("debug_traceTransaction", json!([hash, options]))
        .await
}

#[tokio::test]
async fn the_call_tracer_lists_logs_or_only_the_top_call_when_asked() {
    let world = World::start().await;
    let (program, _) = deploy_program(&world).await;
    let worker = deploy(&world, WORKER).await;
    let input = [worker.as_slice(), &[7; 32]].concat();
    let call = TransactionRequest::default()
        .with_to(program)
        .with_input(input);
    let (hash, _) = included(&world, call).await;

    let options = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let full = trace(&world, hash, options).await;
    assert_eq!(full["to"], json!(program));
    let inner = &full["calls"][0];
    assert_eq!(inner["to"], json!(worker));
    assert_eq!(inner["output"], format!("{:#066x}", 42));
    assert_eq!(inner["logs"][0]["topics"], json!([B256::with_last_byte(5)]));

    let options = json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true } });
    let top = trace(&world, hash, options).await;
    assert_eq!(top["gasUsed"], full["gasUsed"]);
    assert!(top.get("calls").is_none(), "{top}");
}

#[tokio::test]
async fn the_prestate_tracer_shows_what_changed_in_diff_mode() {
    let world = World::start().await;
    let worker = deploy(&world, WORKER).await;
    let call = TransactionRequest::default().with_to(worker);
    let (hash, _) = included(&world, call).await;
    let options = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let diff = trace(&world, hash, options).await;
    let (worker, one) = (worker.to_string().to_lowercase(), B256::with_last_byte(1));
    let slots = json!({ one.to_string(): B256::with_last_byte(7) });
    assert_eq!(diff["post"][&worker]["storage"], slots);
    assert!(diff["pre"][&worker].get("storage").is_none(), "{diff}");
}

#[tokio::test]
async fn the_default_tracer_lists_opcodes() {
    let world = World::start().await;
    let worker = deploy(&world, WORKER).await;
    let call = TransactionRequest::default().with_to(worker);
    let (hash, _) = included(&world, call).await;
    let trace = trace(&world, hash, json!({})).await;
    // 3 for PUSH1, twice, and 22,100 for a new slot.
    let opcodes: Vec<(&str, u64)> = trace["structLogs"]
        .as_array()
        .expect("is a list")
        .iter()
        .take(3)
        .map(|step| {
            (
                step["op"].as_str().expect("a name"),
                step["gasCost"].as_u64().expect("gas"),
            )
        })
        .collect();
    assert_eq!(opcodes, [("PUSH1", 3), ("PUSH1", 3), ("SSTORE", 22_100)]);
}

#[tokio::test]
async fn the_stylus_tracer_nests_calls_in_the_hostios_that_make_them() {
    let world = World::start().await;
    let (program, _) = deploy_program(&world).await;
    let worker = deploy(&world, WORKER).await;
    // The program calls itself; an estimate would leave the inner call without gas for its own.
    let input = [program.as_slice(), &[7; 32]].concat();
    let call = TransactionRequest::default()
        .with_to(program)
        .with_gas_limit(1_000_000)
        .with_input(input.clone());
    let (hash, _) = included(&world, call).await;
    let native = trace(&world, hash, json!({ "tracer": "stylusTracer" })).await;
    let names = |steps: &Value| -> Vec<String> {
        let steps = steps.as_array().expect("is a list").iter();
        steps
            .map(|step| step["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let expected = [
        "user_entrypoint",
        "read_args",
        "storage_cache_bytes32",
        "storage_flush_cache",
        "call_contract",
        "user_returned",
    ];
    assert_eq!(names(&native), expected);
    assert_eq!(native[0]["args"], "0x00000034");
    assert_eq!(native[1]["outs"], json!(Bytes::from(input)));
    let nested = &native[4];
    assert_eq!(nested["address"], json!(program));
    // Without input, the inner frame calls the zero address.
    assert_eq!(names(&nested["steps"]), expected);
    assert_eq!(nested["steps"][4]["address"], json!(Address::ZERO));

    let by_script = trace(&world, hash, json!({ "tracer": QUERY })).await;
    assert_eq!(by_script, native);
    let input = json!(Bytes::from([worker.as_slice(), &[7; 32]].concat()));
    let params = json!([{ "to": program, "input": input }, "latest", { "tracer": QUERY }]);
    let simulated = world.result("debug_traceCall", params).await;
    assert_eq!(simulated[4]["address"], json!(worker));
    assert_eq!(simulated[4]["steps"], json!([]));
}

#[tokio::test]
async fn the_stylus_tracer_shows_what_an_activation_pays() {
    let world = World::start().await;
    let (_, activation) = deploy_program(&world).await;
    let trace = trace(&world, activation, json!({ "tracer": "stylusTracer" })).await;
    let payer = world.node.dev_account().address();
    // The network's account of a development chain is the zero address; the rest comes back.
    assert_eq!(trace[0]["address"], json!(Address::ZERO));
    assert_eq!(trace[1]["address"], json!(payer));
    assert_eq!(trace.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn other_scripts_and_unknown_names_are_refused() {
    let world = World::start().await;
    let (hash, _) = included(&world, world.transfer(world.alice(), 1)).await;
    for (tracer, words) in [
        (
            "noSuchTracer",
            "ReferenceError: noSuchTracer is not defined at <eval>:1:2(0)",
        ),
        (
            "{ step: function(log) {}, result: function() { return 1; } }",
            "tracer not found: no JavaScript but cargo-stylus's query is answered",
        ),
    ] {
        let params = json!([hash, { "tracer": tracer }]);
        let refusal = world.refusal("debug_traceTransaction", params).await;
        assert_eq!(refusal, (-32000, words.to_owned()));
    }
}

#[tokio::test]
async fn a_trace_beyond_all_bounds_is_refused_and_its_beginning_is_not() {
    let world = World::start().await;
    // JUMPDEST, PUSH0, JUMP: 13 million steps for the gas that a call may use.
    let code = json!({ STRANGER.to_string(): { "code": "0x5b5f56" } });
    let request = json!({ "to": STRANGER });
    let params = json!([request, "latest", { "stateOverrides": code }]);
    let refusal = world.refusal("debug_traceCall", params).await;
    let words = "the trace is too large: ask for less of it, or for its first steps with limit";
    assert_eq!(refusal, (-32000, words.to_owned()));
    let params = json!([request, "latest", { "stateOverrides": code, "limit": 5 }]);
    let trace = world.result("debug_traceCall", params).await;
    assert_eq!(trace["structLogs"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_contract_that_destroys_itself_for_its_own_sake_is_seen_doing_so() {
    let world = World::start().await;
    // ADDRESS, SELFDESTRUCT: it is older than the transaction, so nothing changes.
    let code = json!({ STRANGER.to_string(): { "code": "0x30ff" } });
    let traced = |tracer: &str| {
        let options = json!({ "tracer": tracer, "stateOverrides": code });
        let params = json!([{ "to": STRANGER }, "latest", options]);
        let world = &world;
        async move { world.result("debug_traceCall", params).await }
    };
    let steps = traced("stylusTracer").await;
    assert_eq!(steps[0]["name"], "evm_self_destruct");
    assert_eq!(steps[0]["address"], json!(STRANGER));
    let calls = &traced("callTracer").await["calls"];
    assert_eq!(calls[0]["type"], "SELFDESTRUCT");
    assert_eq!(calls[0]["to"], json!(STRANGER));
}

#[tokio::test]
async fn a_blocks_internal_transaction_has_the_empty_trace_of_each_tracer() {
    let world = World::start().await;
    included(&world, world.transfer(world.alice(), 1)).await;
    let first = |options: Value| {
        let world = &world;
        async move {
            let params = json!(["latest", options]);
            world.result("debug_traceBlockByNumber", params).await[0]["result"].take()
        }
    };
    assert_eq!(first(json!({ "tracer": "stylusTracer" })).await, json!([]));
    let steps = first(json!({})).await;
    assert_eq!(
        (&steps["gas"], &steps["structLogs"]),
        (&json!(0), &json!([]))
    );
}
