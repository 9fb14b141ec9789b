//! Many clients at once.
use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    primitives::{Bytes, TxKind, U256, hex},
    signers::{SignerSync, local::PrivateKeySigner},
};
use serde_json::json;

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
