//! Many clients at once.
use std::{sync::Arc, time::Duration};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    primitives::{B256, Bytes, TxKind, U256, hex},
    providers::{Provider, ProviderBuilder, WsConnect},
    signers::{SignerSync, local::PrivateKeySigner},
};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

fn transfer(key: &PrivateKeySigner, nonce: u64) -> String {
    let tx = TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 1_000_000_000,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(STRANGER),
        value: U256::ONE,
        access_list: Default::default(),
        input: Bytes::new(),
    };
    let signature = key.sign_hash_sync(&tx.signature_hash()).expect("signs");
    hex::encode_prefixed(TxEnvelope::from(tx.into_signed(signature)).encoded_2718())
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_clients_lose_no_transaction() {
    let world = World::start().await;
    let world = std::sync::Arc::new(world);
    let clients: Vec<_> = (0..64_u64)
        .map(|client| {
            let world = world.clone();
            tokio::spawn(async move {
                // Eight accounts, eight clients each: nonces arrive out of order.
                let key = &world.node.accounts()[usize::try_from(client % 8).expect("small")];
                let raw = transfer(key, client / 8);
                let hash = world.result("eth_sendRawTransaction", json!([raw])).await;
                let receipt = world
                    .result("eth_getTransactionReceipt", json!([hash]))
                    .await;
                assert_eq!(receipt["status"], "0x1");
                world
                    .result("eth_getBlockByNumber", json!(["latest", true]))
                    .await;
            })
        })
        .collect();
    for client in clients {
        client.await.expect("no client fails");
    }
    assert_eq!(world.balance(STRANGER).await, U256::from(64));
    // Seven blocks of the preset and one for each transfer.
    assert_eq!(world.node.reader().head_number(), 71);
}

/// Wei that each client of its own account starts with: one ETH.
const START: u128 = 1_000_000_000_000_000_000;

/// Sends five transfers, calls in between, and returns what they cost in wei.
async fn spend(world: &World, key: &PrivateKeySigner) -> U256 {
    let mut spent = U256::ZERO;
    for nonce in 0..5 {
        let raw = transfer(key, nonce);
        let hash = world.result("eth_sendRawTransaction", json!([raw])).await;
        let call = json!([{ "from": key.address(), "to": STRANGER, "value": "0x1" }, "latest"]);
        assert_eq!(world.result("eth_call", call).await, "0x");
        let receipt = world
            .result("eth_getTransactionReceipt", json!([hash]))
            .await;
        let field = |name: &str| -> U256 {
            serde_json::from_value(receipt[name].clone()).expect("a quantity")
        };
        spent += U256::ONE + field("gasUsed") * field("effectiveGasPrice");
    }
    spent
}

/// Hears of five new blocks in order: the client's own transfers alone bring as many.
async fn follow(url: String) -> tokio::task::JoinHandle<()> {
    let socket = ProviderBuilder::new().connect_ws(WsConnect::new(url)).await;
    let socket = socket.expect("connects");
    let heads = socket.subscribe_blocks().channel_size(512).await;
    let mut heads = heads.expect("subscribes");
    tokio::spawn(async move {
        let mut last = 0;
        for _ in 0..5 {
            let head = tokio::time::timeout(Duration::from_secs(30), heads.recv()).await;
            let head = head.expect("in time").expect("a head");
            assert!(head.number > last, "{} after {last}", head.number);
            last = head.number;
        }
        // The connection lives as long as its provider.
        drop(socket);
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_mixed_clients_leave_consistent_nonces_and_balances() {
    let keys: Vec<_> = (1..=64_u8)
        .map(|number| PrivateKeySigner::from_bytes(&B256::repeat_byte(number)).expect("a key"))
        .collect();
    let builder = keys.iter().fold(Devnode::builder(), |builder, key| {
        builder.fund(key.address(), U256::from(START))
    });
    let world = Arc::new(World::of(builder.spawn().await.expect("starts")));
    let clients = keys.iter().map(|key| {
        let (world, key) = (world.clone(), key.clone());
        tokio::spawn(async move {
            let followed = follow(world.node.ws_url()).await;
            let spent = spend(&world, &key).await;
            followed.await.expect("hears of five blocks");
            assert_eq!(
                world.balance(key.address()).await,
                U256::from(START) - spent
            );
        })
    });
    let clients: Vec<_> = clients.collect();
    for client in clients {
        client.await.expect("no client fails");
    }
    for key in &keys {
        let nonce = json!([key.address(), "latest"]);
        assert_eq!(world.result("eth_getTransactionCount", nonce).await, "0x5");
    }
    assert_eq!(world.balance(STRANGER).await, U256::from(320));
    assert_eq!(world.node.reader().head_number(), 327);
}

/// Ten accounts send a thousand transfers each, a hundred in a body, side by side.
async fn send_ten_thousand(world: &Arc<World>) {
    let senders = world.node.accounts().to_vec().into_iter().map(|key| {
        let world = world.clone();
        tokio::spawn(async move {
            for first in (0..1_000).step_by(100) {
                let calls = (first..first + 100).map(|nonce| {
                    let params = [transfer(&key, nonce)];
                    json!({ "jsonrpc": "2.0", "id": nonce, "method": "eth_sendRawTransaction", "params": params })
                });
                let batch = Value::from_iter(calls).to_string();
                let answer = world.post(batch).await;
                assert!(!answer.contains("error"), "{answer}");
            }
        })
    });
    let senders: Vec<_> = senders.collect();
    for sender in senders {
        sender.await.expect("no sender fails");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_waiting_transactions_are_mined_in_full_blocks() {
    let node = Devnode::builder().no_mining().spawn().await;
    let world = Arc::new(World::of(node.expect("starts")));
    send_ten_thousand(&world).await;
    let key = world.alice();
    let waiting = json!([key, "pending"]);
    assert_eq!(
        world.result("eth_getTransactionCount", waiting).await,
        "0x3e8"
    );
    assert_eq!(world.balance(STRANGER).await, U256::ZERO);
    // 32,000,000 gas a block, 21,000 a transfer: 1,523 or 1,524 in each.
    for _ in 0..7 {
        world.result("evm_mine", json!([])).await;
    }
    assert_eq!(world.balance(STRANGER).await, U256::from(10_000));
    assert_eq!(world.node.reader().head_number(), 14);
}
