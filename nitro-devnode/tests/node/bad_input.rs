//! Input that no honest client sends: each is answered, and the node goes on serving.
use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    primitives::{Bytes, TxKind, U256, hex},
    signers::SignerSync,
};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// A transfer of the dev account that would be accepted.
fn good(world: &World) -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        // The preset used six nonces.
        nonce: world
            .node
            .reader()
            .account(7, world.node.dev_account().address())
            .nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 1_000_000_000,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(STRANGER),
        value: U256::ONE,
        access_list: Default::default(),
        input: Bytes::new(),
    }
}

fn signed(world: &World, tx: TxEip1559) -> String {
    let signature = world
        .node
        .dev_account()
        .sign_hash_sync(&tx.signature_hash())
        .expect("signs");
    hex::encode_prefixed(TxEnvelope::from(tx.into_signed(signature)).encoded_2718())
}

async fn send(world: &World, tx: TxEip1559) -> (i64, String) {
    world
        .refusal("eth_sendRawTransaction", json!([signed(world, tx)]))
        .await
}

#[tokio::test]
async fn transactions_are_refused_in_nitros_words() {
    let world = World::start().await;
    let dev = "0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E";
    let cases = [
        (
            TxEip1559 {
                chain_id: 1,
                ..good(&world)
            },
            "invalid chain id for signer: have 1 want 412346".to_owned(),
        ),
        (
            TxEip1559 {
                nonce: 2,
                ..good(&world)
            },
            format!("nonce too low: address {dev}, tx: 2 state: 6"),
        ),
        (
            TxEip1559 {
                nonce: 9,
                ..good(&world)
            },
            format!("nonce too high: address {dev}, tx: 9 state: 6"),
        ),
        (
            TxEip1559 {
                max_fee_per_gas: 1_000,
                ..good(&world)
            },
            format!(
                "max fee per gas less than block base fee: address {dev}, \
                 maxFeePerGas: 1000 baseFee: 100000000"
            ),
        ),
        (
            TxEip1559 {
                gas_limit: 20_999,
                ..good(&world)
            },
            "intrinsic gas too low".to_owned(),
        ),
        (
            TxEip1559 {
                gas_limit: 30_000_000_000,
                ..good(&world)
            },
            "tx fee (30.00 ether) exceeds the configured cap (1.00 ether)".to_owned(),
        ),
        (
            TxEip1559 {
                input: vec![0; 95_001].into(),
                ..good(&world)
            },
            "oversized data".to_owned(),
        ),
    ];
    for (tx, words) in cases {
        assert_eq!(send(&world, tx).await, (-32000, words));
    }
    assert_eq!(world.node.reader().head_number(), 7);
}

#[tokio::test]
async fn more_than_the_balance_is_refused_with_both_amounts() {
    let world = World::start().await;
    let (code, words) = send(
        &world,
        TxEip1559 {
            value: U256::from(1) << 80,
            ..good(&world)
        },
    )
    .await;
    assert_eq!(code, -32000);
    let start = "insufficient funds for gas * price + value: address 0x3f1E";
    assert!(words.starts_with(start), "{words}");
    assert!(words.ends_with("want 1208925819635629174706176"), "{words}");
}

#[tokio::test]
async fn bytes_that_are_no_transaction_are_refused() {
    let world = World::start().await;
    let mut forged = hex::decode(signed(&world, good(&world))).expect("hex");
    let last = forged.len() - 32;
    forged[last..].fill(0xff);
    let forged = hex::encode_prefixed(forged);
    let words = |params: Value| world.refusal("eth_sendRawTransaction", params);
    assert_eq!(
        words(json!([forged])).await.1,
        "invalid transaction v, r, s values"
    );
    assert_eq!(words(json!(["0x"])).await.1, "typed transaction too short");
    assert_eq!(
        words(json!(["0x03aabb"])).await.1,
        "transaction type not supported"
    );
    assert_eq!(
        words(json!(["0x6aaabb"])).await.1,
        "transaction type not supported"
    );
    assert!(words(json!(["0x02aabb"])).await.1.starts_with("rlp: "));
    assert_eq!(
        words(json!([])).await,
        (-32602, "missing value for required argument 0".to_owned())
    );
    assert_eq!(words(json!(["hello"])).await.0, -32602);
}

#[tokio::test]
async fn malformed_requests_are_answered() {
    let world = World::start().await;
    let cases = [
        ("{", -32700),
        ("[]", -32600),
        ("7", -32700),
        (r#"{"jsonrpc":"2.0","id":7}"#, -32600),
    ];
    for (body, code) in cases {
        let answer: Value = serde_json::from_str(&world.post(body.to_owned()).await).expect("JSON");
        assert_eq!(answer["error"]["code"], code, "{body}");
    }
    let oversized = "a".repeat((16 << 20) + 1);
    let answer: Value = serde_json::from_str(&world.post(oversized).await).expect("JSON");
    assert_eq!(answer["error"]["code"], -32007);
    assert_eq!(world.result("eth_chainId", json!([])).await, "0x64aba");
}

#[tokio::test]
async fn a_batch_of_ten_thousand_is_refused_as_one() {
    let world = World::start().await;
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let batch = format!("[{}]", vec![call; 10_000].join(","));
    let answer: Value = serde_json::from_str(&world.post(batch).await).expect("JSON");
    assert_eq!(answer["error"]["code"], -32010);
    assert_eq!(answer["error"]["data"], "Exceeded max limit of 1000");
    let batch = format!("[{}]", vec![call; 1_000].join(","));
    let answer: Value = serde_json::from_str(&world.post(batch).await).expect("JSON");
    assert_eq!(answer[999]["result"], "0x64aba");
}

#[tokio::test]
async fn nesting_without_end_is_refused() {
    let world = World::start().await;
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    let params = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":{deep}}}"#);
    let open = "[".repeat(1_000_000);
    let objects = r#"{"a":"#.repeat(1_000_000);
    for (body, code) in [
        (params, -32602),
        (deep, -32600),
        (open, -32700),
        (objects, -32700),
    ] {
        let start = body[..60].to_owned();
        let answer: Value = serde_json::from_str(&world.post(body).await).expect("JSON");
        let answer = answer.get(0).unwrap_or(&answer);
        assert_eq!(answer["error"]["code"], code, "{start}");
    }
}

#[tokio::test]
async fn an_unknown_method_is_refused_alone_and_in_a_batch() {
    let world = World::start().await;
    let words = "the method eth_nonsense does not exist/is not available".to_owned();
    assert_eq!(
        world.refusal("eth_nonsense", json!([1])).await,
        (-32601, words.clone())
    );
    let batch = json!([
        { "jsonrpc": "2.0", "id": 1, "method": "eth_nonsense" },
        { "jsonrpc": "2.0", "id": 2, "method": "eth_chainId" },
    ]);
    let answer: Value = serde_json::from_str(&world.post(batch.to_string()).await).expect("JSON");
    assert_eq!(answer[0]["error"]["message"], words);
    assert_eq!(answer[1]["result"], "0x64aba");
}

#[tokio::test]
async fn unknown_blocks_and_contradictory_calls_are_refused() {
    let world = World::start().await;
    let header = (-32000, "header not found".to_owned());
    assert_eq!(
        world
            .refusal("eth_getBalance", json!([STRANGER, "0xffff"]))
            .await,
        header
    );
    assert_eq!(
        world
            .refusal("eth_call", json!([{ "to": STRANGER }, "0xffff"]))
            .await,
        header
    );
    assert_eq!(
        world
            .result("eth_getBlockByNumber", json!(["0xffff", false]))
            .await,
        Value::Null
    );
    let both = json!([{ "to": STRANGER, "gasPrice": "0x1", "maxFeePerGas": "0x1" }]);
    let words = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified".to_owned();
    assert_eq!(world.refusal("eth_call", both).await, (-32000, words));
    let backward = json!([{ "fromBlock": "0x5", "toBlock": "0x1" }]);
    assert_eq!(
        world.refusal("eth_getLogs", backward).await.1,
        "invalid block range params"
    );
}

#[tokio::test]
async fn what_this_node_does_not_do_it_says() {
    let world = World::start().await;
    let (code, words) = world
        .refusal("eth_getProof", json!([STRANGER, [], "latest"]))
        .await;
    assert_eq!(code, -32000);
    assert_eq!(
        words,
        "eth_getProof is not supported by this node: the state has no Merkle trie"
    );
}
