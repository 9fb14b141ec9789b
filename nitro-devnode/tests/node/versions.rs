//! What ArbOS 40, 50 and 51 do differently, shown by transactions, and upgrades of a running
//! chain.
use alloy::primitives::{Address, Bytes, U256, address, bytes, hex};
use nitro_devnode::{Builder, Devnode};
use serde_json::json;

use crate::{
    programs::{
        ARB_OWNER, ARB_SYS, ARB_WASM, Done,
        IArbOwner::{scheduleArbOSUpgradeCall, setMaxBlockGasLimitCall, setMaxTxGasLimitCall},
        IArbSys::arbOSVersionCall,
        IArbWasm::{maxStackDepthCall, programInitGasCall},
        PLENTY, number,
    },
    world::{STRANGER, World},
};

/// Calls itself 10,000 deep: more than 22,000 words of stack, less than 262,144.
const DEEP: &str = r#"(module (memory (export "memory") 1 1)
    (func $down (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (call $down (i32.sub (local.get 0) (i32.const 1))))
            (else (i32.const 0))))
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $down (i32.const 10000))))"#;

/// Writes 1 to slot 0.
const STORING: &str = r#"(module
    (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (memory (export "memory") 1 1)
    (data (i32.const 63) "\01")
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $cache (i32.const 0) (i32.const 32))
        (call $flush (i32.const 0))
        i32.const 0))"#;

/// Returns the ink that the second of two questions for the code size of the account in the
/// calldata takes.
const ASKING_TWICE: &str = r#"(module
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "write_result" (func $result (param i32 i32)))
    (import "vm_hooks" "account_code_size" (func $size (param i32) (result i32)))
    (import "vm_hooks" "evm_ink_left" (func $ink (result i64)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (local $before i64)
        (call $args (i32.const 0))
        (drop (call $size (i32.const 0)))
        (local.set $before (call $ink))
        (drop (call $size (i32.const 0)))
        (i64.store (i32.const 32) (i64.sub (local.get $before) (call $ink)))
        (call $result (i32.const 32) (i32.const 8))
        i32.const 0))"#;

/// A precompile that came with ArbOS 41.
const NATIVE_TOKEN_MANAGER: Address = address!("0x0000000000000000000000000000000000000073");

async fn at(version: u64) -> World {
    started(Devnode::builder().arbos_version(version)).await
}

async fn started(builder: Builder) -> World {
    World::of(builder.spawn().await.expect("starts"))
}

async fn run(world: &World, program: Address, gas: u64) -> Done {
    world.act(Some(program), Bytes::new(), 0, gas).await
}

#[tokio::test]
async fn contracts_and_headers_name_the_version() {
    for (version, seen) in [(40, 95), (50, 105), (51, 106)] {
        let world = at(version).await;
        let told = world.view(ARB_SYS, &arbOSVersionCall {}).await;
        assert_eq!(told, U256::from(seen));
        let head = world.node.reader().head().expect("a head");
        assert_eq!(head.header.mix_hash[16..24], version.to_be_bytes());
    }
}

#[tokio::test]
async fn the_stack_of_a_program_is_22_000_words_from_50_on() {
    for (version, words, deep_enough) in [
        (40, 262_144, true),
        (50, 22_000, false),
        (51, 22_000, false),
    ] {
        let world = at(version).await;
        assert_eq!(world.view(ARB_WASM, &maxStackDepthCall {}).await, words);
        let program = world.install(DEEP).await;
        let done = run(&world, program, PLENTY).await;
        assert_eq!(done.success, deep_enough, "ArbOS {version}");
        if !deep_enough {
            assert_eq!(done.gas_used, PLENTY, "it takes all gas");
        }
    }
}

#[tokio::test]
async fn osakas_instructions_come_with_50() {
    // Returns CLZ(1) = 255 as the code of a new contract.
    let clz = bytes!("60011e5f5260205ff3");
    for (version, known) in [(40, false), (50, true), (51, true)] {
        let world = at(version).await;
        let done = world.act(None, clz.clone(), 0, 200_000).await;
        assert_eq!(done.success, known, "ArbOS {version}");
        if known {
            let created = done.created.expect("a contract");
            let code = world
                .result("eth_getCode", json!([created, "latest"]))
                .await;
            assert_eq!(code, format!("0x{:064x}", 255));
        }
    }
}

#[tokio::test]
async fn the_curves_of_eip_2537_come_with_50_and_p256_gets_dearer() {
    let p256 = address!("0x0000000000000000000000000000000000000100");
    let g1_add = address!("0x000000000000000000000000000000000000000b");
    // A signature from RIP-7212's test vectors.
    let signed = bytes!(
        "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4da73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d604aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff37618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e"
    );
    let infinities = Bytes::from(vec![0; 256]);
    for (version, price, sum) in [(40, 3_450, 0), (50, 6_900, 128), (51, 6_900, 128)] {
        let world = at(version).await;
        let valid = world.try_call_raw(Some(p256), signed.clone(), 0).await;
        assert_eq!(valid.expect("answers")[..], U256::ONE.to_be_bytes::<32>());
        let done = world.act(Some(p256), signed.clone(), 0, 100_000).await;
        // 21,000 and 160 bytes of calldata, three of them zero.
        assert_eq!(
            done.gas_used,
            21_000 + 157 * 16 + 3 * 4 + price,
            "ArbOS {version}"
        );
        let added = world
            .try_call_raw(Some(g1_add), infinities.clone(), 0)
            .await;
        assert_eq!(added.expect("answers").len(), sum, "ArbOS {version}");
    }
}

#[tokio::test]
async fn a_transaction_computes_for_32_million_gas_at_most() {
    // JUMPDEST PUSH0 JUMP, for ever. Intrinsic gas: 53,000, three non-zero bytes at 16 and
    // a word of init code at 2.
    let forever = bytes!("5b5f56");
    for (version, used) in [(40, 32_053_050), (50, 32_000_000), (51, 32_000_000)] {
        let world = at(version).await;
        let done = world.act(None, forever.clone(), 0, 40_000_000).await;
        assert!(!done.success);
        assert_eq!(done.gas_used, used, "ArbOS {version}");
    }
}

#[tokio::test]
async fn a_flush_that_cannot_be_paid_reverts_before_50_and_takes_all_gas_since() {
    for (version, keeps_gas) in [(40, true), (50, false), (51, false)] {
        let world = at(version).await;
        let program = world.install(STORING).await;
        let start = world
            .view(ARB_WASM, &programInitGasCall { program })
            .await
            .gas;
        // Enough to ask for a flush (2,300), not for a new slot (22,100).
        let gas = 21_000 + start + 10_000;
        let done = run(&world, program, gas).await;
        assert!(!done.success);
        assert_eq!(
            done.gas_used < gas - 9_000,
            keeps_gas,
            "ArbOS {version}: {}",
            done.gas_used
        );
        assert_eq!(
            done.gas_used == gas,
            !keeps_gas,
            "ArbOS {version}: {}",
            done.gas_used
        );
        assert_eq!(world.slot(program, 0).await, U256::ZERO);
        assert!(run(&world, program, PLENTY).await.success);
        assert_eq!(world.slot(program, 0).await, U256::ONE);
    }
}

#[tokio::test]
async fn the_code_asked_for_last_is_free_unless_it_is_empty() {
    for version in [40, 50, 51] {
        let world = at(version).await;
        let program = world.install(ASKING_TWICE).await;
        let ink = async |account: Address| {
            let data = Bytes::copy_from_slice(account.as_slice());
            let output = world.try_call_raw(Some(program), data, 0).await;
            let output: [u8; 8] = output.expect("answers")[..].try_into().expect("a number");
            u64::from_le_bytes(output)
        };
        // 800 gas are 8,000,000 ink; the question itself takes 68,073 and the meter the rest.
        let (known, empty) = (ink(program).await, ink(STRANGER).await);
        assert!(known < 100_000, "ArbOS {version}: {known}");
        assert_eq!(empty - known, 8_000_000, "ArbOS {version}");
    }
}

#[tokio::test]
async fn before_50_the_limit_of_a_transaction_is_that_of_the_block() {
    let forever = bytes!("5b5f56");
    let limit = setMaxTxGasLimitCall { limit: 1_000_000 };
    for (version, used) in [(40, 1_053_050), (50, 1_000_000)] {
        let world = at(version).await;
        assert!(world.transact(ARB_OWNER, &limit, 0).await.success);
        let done = world.act(None, forever.clone(), 0, 40_000_000).await;
        assert_eq!(done.gas_used, used, "ArbOS {version}");
    }
    let block = setMaxBlockGasLimitCall { limit: 1_000_000 };
    assert!(!at(40).await.transact(ARB_OWNER, &block, 0).await.success);
    assert!(at(50).await.transact(ARB_OWNER, &block, 0).await.success);
}

#[tokio::test]
async fn a_block_takes_transactions_while_its_gas_limit_lasts() {
    // Each offers 50,000 and uses 21,000 of the block's 100,000. After three 37,000 are left:
    // before ArbOS 50 the fourth offer is too much, since then only what is used counts.
    for (version, first) in [(40, 3), (50, 4), (51, 4)] {
        let world = at(version).await;
        let done = if version < 50 {
            let limit = setMaxTxGasLimitCall { limit: 100_000 };
            world.transact(ARB_OWNER, &limit, 0).await
        } else {
            let limit = setMaxBlockGasLimitCall { limit: 100_000 };
            world.transact(ARB_OWNER, &limit, 0).await
        };
        assert!(done.success);
        world.result("evm_setAutomine", json!([false])).await;
        for key in world.node.accounts().iter().take(6) {
            let send =
                json!([{ "from": key.address(), "to": STRANGER, "value": "0x1", "gas": "0xc350" }]);
            world.result("eth_sendTransaction", send).await;
        }
        for users in [first, 6 - first] {
            world.result("evm_mine", json!([])).await;
            let head = world.node.reader().head().expect("a head");
            assert_eq!(head.transactions.len(), 1 + users, "ArbOS {version}");
        }
        assert_eq!(world.balance(STRANGER).await, U256::from(6));
    }
}

#[tokio::test]
async fn a_scheduled_upgrade_takes_effect_in_the_first_block_at_its_time() {
    let world = at(40).await;
    let program = world.install(DEEP).await;
    assert!(run(&world, program, PLENTY).await.success);
    let head = world.node.reader().head().expect("a head");
    let timestamp = head.header.timestamp + 1_000;
    let schedule = scheduleArbOSUpgradeCall {
        newVersion: 51,
        timestamp,
    };
    assert!(world.transact(ARB_OWNER, &schedule, 0).await.success);

    world
        .result("evm_setNextBlockTimestamp", json!([timestamp - 1]))
        .await;
    assert!(run(&world, program, PLENTY).await.success, "not yet");
    assert_eq!(
        world.view(ARB_SYS, &arbOSVersionCall {}).await,
        U256::from(95)
    );
    let code = json!([NATIVE_TOKEN_MANAGER, "latest"]);
    assert_eq!(world.result("eth_getCode", code.clone()).await, "0x");

    world
        .result("evm_setNextBlockTimestamp", json!([timestamp]))
        .await;
    let first = run(&world, program, PLENTY).await;
    assert!(
        !first.success,
        "the block's own transactions see the new stack"
    );
    assert_eq!(
        world.view(ARB_SYS, &arbOSVersionCall {}).await,
        U256::from(106)
    );
    assert_eq!(world.view(ARB_WASM, &maxStackDepthCall {}).await, 22_000);
    assert_eq!(world.result("eth_getCode", code.clone()).await, "0xfe");
    let clz = world
        .try_call_raw(None, bytes!("60011e5f5260205ff3"), 0)
        .await;
    assert_eq!(
        clz.expect("known")[..],
        hex!("00000000000000000000000000000000000000000000000000000000000000ff")
    );

    // The past has not changed.
    let before = number(&first.receipt["blockNumber"]) - 1;
    let code = json!([NATIVE_TOKEN_MANAGER, format!("{before:#x}")]);
    assert_eq!(world.result("eth_getCode", code).await, "0x");
    let old = json!([{ "to": program, "gas": "0x4c4b40" }, format!("{before:#x}")]);
    assert!(world.ask("eth_call", old).await.get("error").is_none());
}

#[tokio::test]
async fn an_upgrade_to_a_version_that_is_not_there_is_refused() {
    let world = at(51).await;
    let schedule = scheduleArbOSUpgradeCall {
        newVersion: 60,
        timestamp: 0,
    };
    assert!(!world.transact(ARB_OWNER, &schedule, 0).await.success);
    assert!(run(&world, STRANGER, 100_000).await.success);
    assert_eq!(
        world.view(ARB_SYS, &arbOSVersionCall {}).await,
        U256::from(106)
    );
}

#[tokio::test]
async fn a_genesis_at_a_version_that_is_not_there_is_refused() {
    let refused = Devnode::builder().arbos_version(41).spawn().await;
    let words = refused.expect_err("refused").to_string();
    assert_eq!(words, "ArbOS version 41 is not one of [40, 50, 51]");
}
