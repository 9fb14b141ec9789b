//! What programs and calls can tell about accounts and blocks, where no recording looks.
use alloy::{
    primitives::{Address, B256, Bytes, U64, U256, address, b256, hex, keccak256},
    sol_types::SolValue,
};
use brotlic::{CompressionMode, Quality, WindowSize};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::{
    programs::{FEES, NOTHING},
    world::{STRANGER, World},
};

/// keccak256 of nothing.
const NO_CODE: B256 = b256!("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

/// Calls the account in its calldata by `how`, then returns that account's code hash.
fn calls_and_hashes(how: &str) -> String {
    format!(
        r#"(module
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "write_result" (func $result (param i32 i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "static_call_contract" (func $static (param i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "account_codehash" (func $hash (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $args (i32.const 0))
        (drop {how})
        (call $hash (i32.const 0) (i32.const 160))
        (call $result (i32.const 160) (i32.const 32))
        i32.const 0))"#
    )
}

async fn code_hash_after(how: &str, callee: Address) -> B256 {
    let world = World::start().await;
    let program = world.install(&calls_and_hashes(how)).await;
    let data = Bytes::copy_from_slice(callee.as_slice());
    let hash = world.try_call_raw(Some(program), data, 0).await;
    B256::from_slice(&hash.expect("answers"))
}

#[tokio::test]
async fn a_call_without_value_does_not_make_an_account_exist() {
    let call = "(call $call (i32.const 0) (i32.const 64) (i32.const 0)
        (i32.const 64) (i64.const 100000) (i32.const 128))";
    assert_eq!(code_hash_after(call, STRANGER).await, B256::ZERO);
    // A precompile that is called is made, as geth does.
    let identity = Address::with_last_byte(4);
    assert_eq!(code_hash_after(call, identity).await, NO_CODE);
}

#[tokio::test]
async fn a_static_call_touches_an_account_into_existence() {
    let call = "(call $static (i32.const 0) (i32.const 64) (i32.const 0)
        (i64.const 100000) (i32.const 128))";
    assert_eq!(code_hash_after(call, STRANGER).await, NO_CODE);
}

#[tokio::test]
async fn a_call_that_fails_does_not_make_a_precompile_exist() {
    let call = "(call $call (i32.const 0) (i32.const 64) (i32.const 0)
        (i32.const 64) (i64.const 10) (i32.const 128))";
    for precompile in [3, 4] {
        let callee = Address::with_last_byte(precompile);
        assert_eq!(code_hash_after(call, callee).await, B256::ZERO);
    }
}

#[tokio::test]
async fn a_precompile_that_a_failing_frame_called_is_gone_with_it() {
    let world = World::start().await;
    // Calls 0x03 or 0x04 by the first word, then ends as the second says.
    let caller = hex!("60006000600060006000600035 61c350 f150 602035601d57 60006000fd 5b 00");
    let caller = world.deploy_code(&caller).await;
    let program = format!(
        r#"(module
        (import "vm_hooks" "read_args" (func $args (param i32)))
        (import "vm_hooks" "write_result" (func $result (param i32 i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "account_codehash" (func $hash (param i32 i32)))
        (memory (export "memory") 1 1)
        (data (i32.const 256) "{}")
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $args (i32.const 0))
            (drop (call $call (i32.const 256) (i32.const 0) (local.get 0)
                (i32.const 128) (i64.const 100000) (i32.const 160)))
            (call $hash (i32.const 12) (i32.const 192))
            (call $result (i32.const 192) (i32.const 32))
            i32.const 0))"#,
        caller
            .iter()
            .map(|byte| format!("\\{byte:02x}"))
            .collect::<String>()
    );
    let program = world.install(&program).await;
    for precompile in [3_u64, 4] {
        for (succeeds, hash) in [(false, B256::ZERO), (true, NO_CODE)] {
            let input = (precompile, succeeds).abi_encode_params();
            let output = world.try_call_raw(Some(program), input.into(), 0).await;
            assert_eq!(
                output.expect("answers")[..],
                hash[..],
                "{precompile} {succeeds}"
            );
        }
    }
}

/// Burns gas until 110 is left, of which a call's own price leaves under 100, and calls the
/// account of twenty bytes 0x22.
const POOR_CALLER: &str = r#"(module
    (import "vm_hooks" "evm_gas_left" (func $left (result i64)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 1 1)
    (data (i32.const 0) "\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22\22")
    (func (export "user_entrypoint") (param i32) (result i32)
        (loop $burn (br_if $burn (i64.ge_u (call $left) (i64.const 110))))
        (drop (call $call (i32.const 0) (i32.const 64) (i32.const 0)
            (i32.const 32) (i64.const 0) (i32.const 128)))
        i32.const 0))"#;

#[tokio::test]
async fn a_callee_stays_cold_if_the_caller_cannot_even_pay_for_a_warm_one() {
    let world = World::start().await;
    let program = world.install(POOR_CALLER).await;
    // Calls the address in the first word with the gas in the second; returns whether that
    // succeeded, and the gas that BALANCE of the callee's callee takes with 7 for its frame.
    let probe = hex!(
        "60006000600060006000600035602035f1600052
         5a7322222222222222222222222222222222222222223150 5a9003602052 60406000f3"
    );
    let probe = world.deploy_code(&probe).await;
    let mut succeeded = 0;
    // What is left after the call, a part of one gas, must pay for the program's end: it does
    // for some limits.
    for gas in 20_000_u64..20_010 {
        let input = (program.into_word(), U256::from(gas)).abi_encode_params();
        let output = world.try_call_raw(Some(probe), input.into(), 0).await;
        let output = output.expect("does not fail");
        let (success, price) = <(bool, u64)>::abi_decode_params(&output).expect("two words");
        if success {
            succeeded += 1;
            assert_eq!(price, 2_600 + 7, "{gas}");
        }
    }
    assert!(succeeded > 0);
}

#[tokio::test]
async fn a_program_that_cannot_be_built_opens_no_pages() {
    let world = World::start().await;
    let program = |pages: u64, body: &str| {
        format!(
            r#"(module (memory (export "memory") {pages} {pages})
            (func (export "user_entrypoint") (param i32) (result i32) {body} i32.const 0))"#
        )
    };
    // The engine builds tables of 65,520 targets at most.
    let table = format!("(block (br_table {} (local.get 0)))", "0 ".repeat(65_600));
    let unbuildable = world.install(&program(2, &table)).await;
    let large = world.install(&program(3, "")).await;
    // Calls the address in the first word, then returns the gas that calling the second takes.
    let probe = hex!(
        "60006000600060006000600035620f4240f150
         5a 60006000600060006000602035620f4240f150 5a9003 600052 60206000f3"
    );
    let probe = world.deploy_code(&probe).await;
    let gas_after = async |first: Address| {
        let input = (first, large).abi_encode_params();
        let output = world.try_call_raw(Some(probe), input.into(), 0).await;
        U256::from_be_slice(&output.expect("does not fail"))
    };
    assert_eq!(gas_after(unbuildable).await, gas_after(STRANGER).await);
}

#[tokio::test]
async fn a_program_of_nitros_dictionary_that_copies_nothing_from_it_runs() {
    let world = World::start().await;
    let wasm = wat::parse_str(NOTHING).expect("a module");
    let mut stream = vec![0; 1_000];
    let (quality, window) = (Quality::worst(), WindowSize::default());
    let mode = CompressionMode::Generic;
    let len = brotlic::compress(&wasm, &mut stream, quality, window, mode).expect("room enough");
    let program = [&[0xef, 0xf0, 0, 1], &stream[..len]].concat();
    let program = world.deploy_code(&program).await;
    assert!(world.activate(program).await.success);
    assert!(
        world
            .act(Some(program), Bytes::new(), 0, 100_000)
            .await
            .success
    );
}

async fn with_l1_price() -> World {
    World::of(Devnode::builder().bare().spawn().await.expect("starts"))
}

async fn estimate(world: &World, extra: Value, overrides: Value) -> u64 {
    let mut call = json!({ "from": world.node.dev_account().address(), "to": STRANGER });
    let fields = call.as_object_mut().expect("an object");
    fields.extend(extra.as_object().expect("an object").clone());
    let params = json!([call, "latest", {}, overrides]);
    let gas = world.result("eth_estimateGas", params).await;
    serde_json::from_value::<U64>(gas).expect("a number").to()
}

#[tokio::test]
async fn only_the_sequencer_charges_for_l1_data_and_not_where_it_is_asked_not_to() {
    let world = with_l1_price().await;
    assert!(estimate(&world, json!({}), json!({})).await > 1_000_000);
    let skipped = json!({ "skipL1Charging": true });
    assert_eq!(estimate(&world, skipped, json!({})).await, 21_000);
    let elsewhere = json!({ "feeRecipient": STRANGER });
    assert_eq!(estimate(&world, json!({}), elsewhere).await, 21_000);
}

#[tokio::test]
async fn what_a_call_pays_for_l1_data_is_not_of_the_gas_it_may_compute_with() {
    let world = with_l1_price().await;
    // 20,000 bytes of noise are 160 million gas at the first price; a call has 50 million.
    let hash = |number: u16| keccak256(number.to_be_bytes());
    let noise: Vec<u8> = (0..625).flat_map(hash).collect();
    let call = json!({ "to": STRANGER, "data": Bytes::from(noise) });
    assert_eq!(world.result("eth_call", json!([call])).await, "0x");
    let listed = world.result("eth_createAccessList", json!([call])).await;
    assert!(listed.get("error").is_none(), "{listed}");
    let options = json!({ "tracer": "callTracer" });
    let params = json!([call, "latest", options]);
    let traced = world.result("debug_traceCall", params).await;
    assert_eq!(traced["to"], json!(STRANGER));
}

#[tokio::test]
async fn a_nonce_that_is_given_makes_the_guessed_transaction_shorter() {
    let world = with_l1_price().await;
    let guessed = estimate(&world, json!({}), json!({})).await;
    let given = estimate(&world, json!({ "nonce": "0x1" }), json!({})).await;
    // Eight bytes of noise less: 8 × 16 × 1.01 units at 550 gas, within the search's 1.5 %.
    let saved = guessed.checked_sub(given).expect("shorter");
    assert!((50_000..90_000).contains(&saved), "{saved}");
}

#[tokio::test]
async fn block_overrides_are_seen_by_the_opcodes_they_name() {
    let world = World::start().await;
    // GASLIMIT, COINBASE, PREVRANDAO, each stored and all returned.
    let code = "0x45600052416020524460405260606000f3";
    let probe = address!("0x00000000000000000000000000000000000c0de0");
    let values = json!({
        "gasLimit": "0x1234",
        "feeRecipient": STRANGER,
        "prevRandao": B256::repeat_byte(7),
    });
    let params =
        json!([{ "to": probe }, "latest", { probe.to_string(): { "code": code } }, values]);
    let answer = world.result("eth_call", params).await;
    let answer: Bytes = serde_json::from_value(answer).expect("bytes");
    assert_eq!(U256::from_be_slice(&answer[..32]), U256::from(0x1234));
    assert_eq!(Address::from_slice(&answer[44..64]), STRANGER);
    assert_eq!(B256::from_slice(&answer[64..]), B256::repeat_byte(7));
}

#[tokio::test]
async fn overrides_that_are_not_followed_are_refused() {
    let world = World::start().await;
    for values in [
        json!({ "difficulty": "0x2" }),
        json!({ "blobBaseFee": "0x2" }),
    ] {
        let params = json!([{ "to": STRANGER }, "latest", {}, values]);
        let (code, words) = world.refusal("eth_call", params).await;
        assert_eq!(code, -32000, "{words}");
    }
    let moved = json!({ STRANGER.to_string(): { "movePrecompileToAddress": STRANGER } });
    let (_, words) = world
        .refusal("eth_call", json!([{ "to": STRANGER }, "latest", moved]))
        .await;
    assert_eq!(words, "precompiles cannot be moved on this node");
}

#[tokio::test]
async fn a_transfer_to_pretended_code_is_not_taken_for_a_plain_one() {
    let world = World::start().await;
    // Ten times SSTORE's price is above 21,000.
    let stores = json!({ STRANGER.to_string(): { "code": "0x6001600155" } });
    let call = json!({ "from": world.node.dev_account().address(), "to": STRANGER, "value": U256::from(FEES) });
    let gas = world
        .result("eth_estimateGas", json!([call, "latest", stores]))
        .await;
    let gas: u64 = serde_json::from_value::<U64>(gas).expect("a number").to();
    assert!((43_106..44_000).contains(&gas), "{gas}");
}

/// Loads slot 0, looks at the balance of the account in its calldata, and clears slot 1.
const TOUCHES: &str = r#"(module
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "account_balance" (func $balance (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $args (i32.const 0))
        (call $load (i32.const 32) (i32.const 64))
        (call $balance (i32.const 0) (i32.const 96))
        (i32.store8 (i32.const 159) (i32.const 1))
        (call $store (i32.const 128) (i32.const 160))
        (call $flush (i32.const 0))
        i32.const 0))"#;

#[tokio::test]
async fn an_access_list_has_what_programs_touch_and_saves_what_it_promises() {
    let world = World::start().await;
    let program = world.install(TOUCHES).await;
    let data = Bytes::copy_from_slice(STRANGER.as_slice());
    let mut call = json!({ "to": program, "data": data });
    let found = world.result("eth_createAccessList", json!([call])).await;
    let slots = [B256::ZERO, B256::with_last_byte(1)];
    let list = [
        json!({ "address": STRANGER, "storageKeys": [] }),
        json!({ "address": program, "storageKeys": slots }),
    ];
    let mut listed = found["accessList"].as_array().expect("a list").clone();
    listed.sort_by_key(|item| item["address"] == json!(program));
    assert_eq!(listed, list, "{found}");
    call["accessList"] = found["accessList"].clone();
    let again = world.result("eth_createAccessList", json!([call])).await;
    assert_eq!(again, found);
}

#[tokio::test]
async fn code_that_no_gas_suffices_for_fails_in_geths_words() {
    let world = World::start().await;
    for (code, words) in [
        // JUMPDEST, PUSH0, PUSH0, JUMP: one word more each round.
        ("0x5b5f5f56", "stack limit reached 1024 (1023)"),
        // PUSH0, PUSH0, NOT, MSTORE: at the last byte that a word can name.
        ("0x5f5f1952", "gas uint64 overflow"),
    ] {
        let pretended = json!({ STRANGER.to_string(): { "code": code } });
        let params = json!([{ "to": STRANGER }, "latest", pretended]);
        for method in ["eth_call", "eth_estimateGas"] {
            let refusal = world.refusal(method, params.clone()).await;
            assert_eq!(refusal, (-32000, words.to_owned()), "{method}");
        }
    }
}
