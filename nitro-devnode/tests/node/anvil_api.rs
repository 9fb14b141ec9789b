//! Anvil's methods as alloy's typed provider reads them.
use alloy::{
    primitives::{B256, U256, bytes},
    providers::{Provider as _, ext::AnvilApi as _},
};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

#[tokio::test]
async fn alloys_provider_reads_the_answer_to_every_edit() {
    let world = World::start().await;
    let node = &world.provider;
    let five = U256::from(5);
    node.anvil_set_balance(STRANGER, five).await.expect("null");
    node.anvil_set_nonce(STRANGER, 6).await.expect("null");
    let code = bytes!("00");
    node.anvil_set_code(STRANGER, code).await.expect("null");
    let word = B256::with_last_byte(7);
    let edited = node.anvil_set_storage_at(STRANGER, five, word).await;
    assert!(edited.expect("a flag"));
    assert_eq!(world.balance(STRANGER).await, five);
    assert_eq!(world.slot(STRANGER, 5).await, U256::from(7));
    let nonce = node.get_transaction_count(STRANGER).await;
    assert_eq!(nonce.expect("a nonce"), 6);

    let snapshot = node.anvil_snapshot().await.expect("a number");
    node.anvil_set_balance(STRANGER, U256::ZERO)
        .await
        .expect("null");
    assert!(node.anvil_revert(snapshot).await.expect("a flag"));
    assert_eq!(world.balance(STRANGER).await, five);
    let dump = node.anvil_dump_state().await.expect("bytes");
    assert!(node.anvil_load_state(dump).await.expect("a flag"));

    node.anvil_impersonate_account(STRANGER)
        .await
        .expect("null");
    node.anvil_stop_impersonating_account(STRANGER)
        .await
        .expect("null");
    node.anvil_auto_impersonate_account(true)
        .await
        .expect("null");
}

#[tokio::test]
async fn alloys_provider_reads_the_answer_to_whatever_concerns_blocks_and_time() {
    let world = World::start().await;
    let node = &world.provider;
    let soon = world.node.reader().next_timestamp() + 1_000;
    node.anvil_set_next_block_timestamp(soon)
        .await
        .expect("null");
    node.anvil_mine(Some(2), Some(60)).await.expect("null");
    let head = world.node.reader().head().expect("a head");
    assert_eq!((head.header.number, head.header.timestamp), (9, soon + 60));
    node.evm_mine(None).await.expect("a text");
    node.anvil_increase_time(5).await.expect("seconds");
    node.anvil_set_time(soon + 5_000).await.expect("seconds");

    node.anvil_set_auto_mine(false).await.expect("null");
    assert!(!node.anvil_get_auto_mine().await.expect("a flag"));
    node.anvil_set_interval_mining(3_600).await.expect("null");
    node.anvil_set_auto_mine(true).await.expect("null");
    assert!(node.anvil_get_auto_mine().await.expect("a flag"));
}

#[tokio::test]
async fn alloys_provider_reads_what_the_node_says_of_itself() {
    let world = World::start().await;
    let info = world.provider.anvil_node_info().await.expect("is whole");
    assert_eq!(info.current_block_number, 7);
    assert_eq!(info.hard_fork, "Osaka");
    assert_eq!(info.transaction_order, "fifo");
    assert_eq!(info.environment.chain_id, 412_346);
    assert_eq!(info.environment.base_fee, info.environment.gas_price);
    assert_eq!(info.fork_config.fork_url, None);
}

#[tokio::test]
async fn more_blocks_than_one_request_may_mine_are_refused() {
    let world = World::start().await;
    let words = "1000001 blocks are more than the 1000000 that one request may mine";
    let refused = (-32000, words.to_owned());
    for (method, params) in [
        ("anvil_mine", json!(["0xf4241"])),
        ("hardhat_mine", json!(["0xf4241"])),
        ("evm_mine", json!([{ "blocks": 1_000_001 }])),
    ] {
        assert_eq!(world.refusal(method, params).await, refused, "{method}");
    }
    let number: Value = world.result("eth_blockNumber", json!([])).await;
    assert_eq!(number, "0x7");
}
