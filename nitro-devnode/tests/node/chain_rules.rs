//! What a chain's owner switches, what production chains refuse, what leaves for the L1.
use alloy::{
    primitives::{B256, Bytes, U256, address, keccak256},
    sol_types::SolCall,
};
use nitro_devnode::Devnode;
use serde_json::json;

use crate::{
    programs::{
        ARB_OWNER, ARB_SYS, ARB_WASM, FEES,
        IArbOwner::{setCalldataPriceIncreaseCall, setSpeedLimitCall},
        IArbSys::{sendMerkleTreeStateCall, withdrawEthCall},
        IArbWasm::activateProgramCall,
        NOTHING,
    },
    world::{STRANGER, World},
};

/// A start function, which only debug chains accept (and never run).
const STARTING: &str = r#"(module (memory (export "memory") 1 1)
    (func $start) (start $start)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// Prints to the console, which only debug chains have.
const PRINTING: &str = r#"(module
    (import "console" "log_i32" (func $log (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $log (i32.const 7)) i32.const 0))"#;

async fn production() -> World {
    let node = Devnode::builder().production_rules().spawn().await;
    World::of(node.expect("starts"))
}

#[tokio::test]
async fn production_chains_refuse_programs_that_debug_chains_run() {
    let (debug, production) = (World::start().await, production().await);
    let refusals = [
        (STARTING, "start functions not allowed"),
        (
            PRINTING,
            "No such import \u{1b}[31;1mlog_i32\u{1b}[0;0m in ",
        ),
    ];
    for (wat, words) in refusals {
        let program = debug.install(wat).await;
        assert!(
            debug
                .act(Some(program), Bytes::new(), 0, 5_000_000)
                .await
                .success
        );

        let program = production.deploy(wat).await;
        let refused = production.activate(program).await;
        assert!(!refused.success);
        assert_eq!(
            refused.gas_used, 5_000_000,
            "a refused activation takes all gas"
        );
        let call = activateProgramCall { program };
        let refused = production.try_call(ARB_WASM, &call, FEES).await;
        let told = refused.expect_err("refused").words;
        assert!(told.contains(words), "{told}");
    }
    production.install(NOTHING).await;
}

#[tokio::test]
async fn production_chains_have_no_debug_precompile() {
    let arb_debug = address!("0x00000000000000000000000000000000000000ff");
    alloy::sol! { function becomeChainOwner(); }
    let become_owner = becomeChainOwnerCall {};
    let debug = World::start().await;
    assert!(debug.try_call(arb_debug, &become_owner, 0).await.is_ok());
    let production = production().await;
    let refused = production.try_call(arb_debug, &become_owner, 0).await;
    assert_eq!(
        refused.expect_err("refused").words,
        "debug precompiles are disabled"
    );
    let data = Bytes::from(become_owner.abi_encode());
    let done = production.act(Some(arb_debug), data, 0, 100_000).await;
    assert!(!done.success);
    assert_eq!(done.gas_used, 100_000);
}

#[tokio::test]
async fn dearer_calldata_is_a_floor_under_the_gas_of_a_transaction() {
    let world = World::start().await;
    // 100 non-zero bytes and 100 zeros: 500 tokens.
    let data = Bytes::from([[1; 100], [0; 100]].concat());
    let send = || world.act(Some(STRANGER), data.clone(), 0, 100_000);
    assert_eq!(send().await.gas_used, 21_000 + 100 * 16 + 100 * 4);

    let enable = setCalldataPriceIncreaseCall { enable: true };
    assert!(world.transact(ARB_OWNER, &enable, 0).await.success);
    assert_eq!(send().await.gas_used, 21_000 + 500 * 10);
    let call = json!([{ "from": world.alice(), "to": STRANGER, "data": data }]);
    let estimate = world.result("eth_estimateGas", call.clone()).await;
    assert!(crate::programs::number(&estimate) >= 26_000, "{estimate}");
    let mut short = call;
    short[0]["gas"] = json!("0x658f");
    let (_, words) = world.refusal("eth_sendTransaction", short).await;
    assert_eq!(
        words,
        "insufficient gas for floor data gas cost: have 25999, want 26000"
    );

    let disable = setCalldataPriceIncreaseCall { enable: false };
    assert!(world.transact(ARB_OWNER, &disable, 0).await.success);
    assert_eq!(send().await.gas_used, 23_000);
}

#[tokio::test]
async fn an_estimate_of_dear_calldata_starts_from_its_floor() {
    let world = World::start().await;
    let enable = setCalldataPriceIncreaseCall { enable: true };
    assert!(world.transact(ARB_OWNER, &enable, 0).await.success);
    let data = Bytes::from([0xff; 500]);
    let call = json!([{ "from": world.alice(), "to": STRANGER, "data": data }]);
    let estimate = world.result("eth_estimateGas", call).await;
    // The floor is 21,000 + 2,000 × 10 = 41,000, and the first guess (41,000 + 2,300) · 64 / 63
    // = 43,987. Halved towards 40,999: 42,493, 41,746, 41,372, which is close enough.
    assert_eq!(crate::programs::number(&estimate), 41_372);
}

#[tokio::test]
async fn the_fee_history_measures_blocks_by_the_speed_limit_that_is_set() {
    let world = World::start().await;
    let ratio = async || {
        world.pass_days(1).await;
        assert!(
            world
                .act(Some(STRANGER), Bytes::new(), 1, 100_000)
                .await
                .success
        );
        let history = world.result("eth_feeHistory", json!([1, "latest", []]));
        history.await["gasUsedRatio"][0].as_f64().expect("a ratio")
    };
    // 21,000 of 7,000,000.
    assert_eq!(ratio().await, 0.003);
    let set = setSpeedLimitCall { limit: 210_000 };
    assert!(world.transact(ARB_OWNER, &set, 0).await.success);
    assert_eq!(ratio().await, 0.1);
}

#[tokio::test]
async fn withdrawals_are_counted_in_the_accumulator_and_in_headers() {
    let world = World::start().await;
    let nothing = world.view(ARB_SYS, &sendMerkleTreeStateCall {}).await;
    assert_eq!((nothing.size, nothing.root), (U256::ZERO, B256::ZERO));
    assert_eq!(nothing.partials, Vec::<B256>::new());
    let withdraw = withdrawEthCall {
        destination: STRANGER,
    };
    let mut roots = Vec::new();
    for sent in 1..=3_u64 {
        assert!(world.transact(ARB_SYS, &withdraw, 1).await.success);
        let state = world.view(ARB_SYS, &sendMerkleTreeStateCall {}).await;
        assert_eq!(state.size, U256::from(sent));
        let head = world
            .result("eth_getBlockByNumber", json!(["latest", false]))
            .await;
        assert_eq!(head["sendCount"], format!("{sent:#x}"));
        assert_eq!(head["sendRoot"], state.root.to_string());
        assert_eq!(head["extraData"], state.root.to_string());
        roots.push(state);
    }
    // One leaf is its own root; the third stands beside the pair of the first two, padded.
    assert_eq!(roots[0].partials, [roots[0].root]);
    assert_eq!(roots[1].partials, [B256::ZERO, roots[1].root]);
    let third = roots[2].partials[0];
    let padded = keccak256([third, B256::ZERO].concat());
    assert_eq!(roots[2].root, keccak256([roots[1].root, padded].concat()));
    let refused = json!([{ "from": world.alice(), "to": ARB_SYS, "data": Bytes::from(sendMerkleTreeStateCall {}.abi_encode()) }, "latest"]);
    assert!(
        world.ask("eth_call", refused).await.get("error").is_some(),
        "only nobody may ask"
    );
}
