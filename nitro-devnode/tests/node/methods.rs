//! What clients call, through alloy.
use alloy::{
    eips::BlockNumberOrTag,
    network::TransactionBuilder,
    primitives::{Address, Bytes, U64, U256, address, bytes},
    providers::{Provider, ProviderBuilder, WsConnect},
    rpc::types::{
        Filter, TransactionRequest,
        state::{AccountOverride, StateOverride},
    },
};
use nitro_devnode::Devnode;
use serde_json::json;

use crate::world::{STRANGER, World};

/// Logs one topic, 7, with no data.
const LOGGER: Bytes = bytes!("60075f5fa100");

async fn deploy_logger(world: &World) -> Address {
    let address = address!("0x00000000000000000000000000000000000010e4");
    world
        .result("anvil_setCode", json!([address, LOGGER]))
        .await;
    address
}

#[tokio::test]
async fn a_transfer_is_in_a_block_when_it_is_accepted() {
    let world = World::start().await;
    let receipt = world.mined(world.transfer(STRANGER, 5)).await;
    assert!(receipt.status());
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(receipt.transaction_index, Some(1));
    // The base fee of 0.1 gwei is what everybody pays.
    assert_eq!(receipt.effective_gas_price, 100_000_000);
    assert_eq!(world.balance(STRANGER).await, U256::from(5));
    // The preset is seven blocks.
    assert_eq!(receipt.block_number, Some(8));
}

#[tokio::test]
async fn a_receipt_has_what_nitro_adds() {
    let world = World::start().await;
    let sent = world.mined(world.transfer(STRANGER, 1)).await;
    let receipt = world
        .result("eth_getTransactionReceipt", json!([sent.transaction_hash]))
        .await;
    assert_eq!(receipt["gasUsedForL1"], "0x0");
    assert_eq!(receipt["l1BlockNumber"], "0x0");
    assert_eq!(receipt["timeboosted"], false);
    assert_eq!(receipt["type"], "0x2");
}

#[tokio::test]
async fn a_block_starts_with_the_internal_transaction() {
    let world = World::start().await;
    let block = world
        .result("eth_getBlockByNumber", json!(["latest", true]))
        .await;
    let first = &block["transactions"][0];
    assert_eq!(first["type"], "0x6a");
    assert_eq!(first["from"], "0x00000000000000000000000000000000000a4b05");
    assert_eq!(block["difficulty"], "0x1");
    assert_eq!(block["gasLimit"], "0x4000000000000");
    assert_eq!(block["miner"], "0xa4b000000000000000000073657175656e636572");
    // Send count, L1 block, ArbOS 51, flags.
    let mix = "0x0000000000000000000000000000000000000000000000330000000000000000";
    assert_eq!(block["mixHash"], mix);
}

#[tokio::test]
async fn a_block_names_the_hash_of_its_parent() {
    let world = World::start().await;
    let block = world
        .provider
        .get_block(7.into())
        .await
        .expect("answers")
        .expect("block 7");
    let parent = world
        .provider
        .get_block(6.into())
        .await
        .expect("answers")
        .expect("block 6");
    assert_eq!(block.header.parent_hash, parent.header.hash);
    assert_eq!(block.header.hash, block.header.hash_slow());
}

#[tokio::test]
async fn state_is_read_at_any_block() {
    let world = World::start().await;
    for wei in [3, 4] {
        world.mined(world.transfer(STRANGER, wei)).await;
    }
    for (block, wei) in [(7_u64, 0_u64), (8, 3), (9, 7)] {
        let balance = world
            .provider
            .get_balance(STRANGER)
            .block_id(block.into())
            .await;
        assert_eq!(balance.expect("balance"), U256::from(wei), "block {block}");
    }
}

#[tokio::test]
async fn logs_are_found_by_address_and_topic() {
    let world = World::start().await;
    let logger = deploy_logger(&world).await;
    world.mined(world.transfer(logger, 0)).await;
    let seven = U256::from(7);
    let found = Filter::new()
        .address(logger)
        .event_signature(seven)
        .from_block(0);
    let logs = world.provider.get_logs(&found).await.expect("logs");
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0].block_number, Some(8));
    let other = Filter::new()
        .address(logger)
        .event_signature(U256::from(8))
        .from_block(0);
    assert_eq!(world.provider.get_logs(&other).await.expect("logs"), []);
}

#[tokio::test]
async fn a_polled_filter_reports_each_log_once() {
    let world = World::start().await;
    let logger = deploy_logger(&world).await;
    let id = world
        .provider
        .new_filter(&Filter::new().address(logger))
        .await
        .expect("filter");
    world.mined(world.transfer(logger, 0)).await;
    let first = world.result("eth_getFilterChanges", json!([id])).await;
    assert_eq!(first.as_array().expect("logs").len(), 1);
    assert_eq!(
        world.result("eth_getFilterChanges", json!([id])).await,
        json!([])
    );
    assert_eq!(
        world.result("eth_uninstallFilter", json!([id])).await,
        json!(true)
    );
}

#[tokio::test]
async fn a_call_sees_the_overridden_code_and_balance() {
    let world = World::start().await;
    // Returns its own balance.
    let code = bytes!("475f5260205ff3");
    let account = AccountOverride {
        balance: Some(U256::MAX),
        code: Some(code),
        ..Default::default()
    };
    let overrides = StateOverride::from_iter([(STRANGER, account)]);
    let call = TransactionRequest::default().with_to(STRANGER);
    let answer = world
        .provider
        .call(call)
        .overrides(overrides)
        .await
        .expect("call");
    assert_eq!(U256::from_be_slice(&answer), U256::MAX);
    assert_eq!(world.balance(STRANGER).await, U256::ZERO);
}

#[tokio::test]
async fn a_transaction_is_traced_by_the_call_tracer() {
    let world = World::start().await;
    let sent = world.mined(world.transfer(STRANGER, 9)).await;
    let params = json!([sent.transaction_hash, { "tracer": "callTracer" }]);
    let trace = world.result("debug_traceTransaction", params).await;
    assert_eq!(trace["type"], "CALL");
    assert_eq!(trace["gasUsed"], "0x5208");
    assert_eq!(trace["value"], "0x9");
}

#[tokio::test]
async fn the_prestate_tracer_shows_what_was_before() {
    let world = World::start().await;
    world
        .result("anvil_setBalance", json!([STRANGER, "0x64"]))
        .await;
    let sent = world.mined(world.transfer(STRANGER, 9)).await;
    let params = json!([sent.transaction_hash, { "tracer": "prestateTracer" }]);
    let trace = world.result("debug_traceTransaction", params).await;
    assert_eq!(trace[format!("{STRANGER:#x}")]["balance"], "0x64");
}

#[tokio::test]
async fn websocket_and_http_serve_the_same_chain() {
    let world = World::start().await;
    let socket = WsConnect::new(world.node.ws_url());
    let socket = ProviderBuilder::new()
        .connect_ws(socket)
        .await
        .expect("connects");
    assert_eq!(socket.get_chain_id().await.expect("chain id"), 412_346);
    assert_eq!(socket.get_block_number().await.expect("number"), 7);
}

#[tokio::test]
async fn the_fee_history_has_a_fee_for_the_next_block_too() {
    let world = World::start().await;
    let history = world
        .provider
        .get_fee_history(3, BlockNumberOrTag::Latest, &[20.0])
        .await;
    let history = history.expect("history");
    assert_eq!(history.oldest_block, 5);
    assert_eq!(history.base_fee_per_gas, [100_000_000; 4]);
    assert_eq!(history.reward, Some(vec![vec![0]; 3]));
}

#[tokio::test]
async fn a_bare_node_has_no_blocks_and_no_derived_accounts() {
    let node = Devnode::builder().bare().spawn().await.expect("starts");
    let world = World::of(node);
    assert_eq!(world.provider.get_block_number().await.expect("number"), 0);
    assert!(world.node.accounts().is_empty());
    let genesis = world
        .result("eth_getBlockByNumber", json!(["0x0", false]))
        .await;
    assert_eq!(genesis["baseFeePerGas"], json!(U64::from(100_000_000)));
}

#[tokio::test]
async fn a_dropped_node_stops_serving() {
    let world = World::start().await;
    let url = world.node.http_url();
    drop(world);
    let gone = async {
        while alloy::transports::http::reqwest::get(&url).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(5);
    tokio::time::timeout(limit, gone).await.expect("it stops");
}
