//! Signatures of the printed accounts.
use alloy::primitives::{B256, Signature, b256};
use serde_json::{Value, json};

use crate::world::{STRANGER, World};

/// What the example of EIP-712 signs.
const MAIL: B256 = b256!("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");

/// The example of EIP-712.
fn mail() -> Value {
    json!({
        "types": {
            "EIP712Domain": [
                { "name": "name", "type": "string" },
                { "name": "version", "type": "string" },
                { "name": "chainId", "type": "uint256" },
                { "name": "verifyingContract", "type": "address" },
            ],
            "Person": [
                { "name": "name", "type": "string" },
                { "name": "wallet", "type": "address" },
            ],
            "Mail": [
                { "name": "from", "type": "Person" },
                { "name": "to", "type": "Person" },
                { "name": "contents", "type": "string" },
            ],
        },
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail",
            "version": "1",
            "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": {
            "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
            "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            "contents": "Hello, Bob!",
        },
    })
}

#[tokio::test]
async fn typed_data_is_signed_as_an_object_and_as_text() {
    let world = World::start().await;
    let alice = world.alice();
    for data in [mail(), json!(mail().to_string())] {
        let signed = world
            .result("eth_signTypedData_v4", json!([alice, data]))
            .await;
        let signature: Signature = signed.as_str().expect("hex").parse().expect("a signature");
        let signer = signature.recover_address_from_prehash(&MAIL);
        assert_eq!(signer.expect("a signer"), alice);
    }
    let nobody = json!([STRANGER, mail()]);
    let refusal = world.refusal("eth_signTypedData_v4", nobody).await;
    assert_eq!(refusal, (-32000, "unknown account".to_owned()));
    let mut odd = mail();
    odd["primaryType"] = json!("Letter");
    let (code, _) = world
        .refusal("eth_signTypedData_v4", json!([alice, odd]))
        .await;
    assert_eq!(code, -32602);
}

#[tokio::test]
async fn a_signed_transaction_is_one_that_can_be_sent() {
    let world = World::start().await;
    let request = json!([{ "from": world.alice(), "to": STRANGER, "value": "0x5" }]);
    let raw = world.result("eth_signTransaction", request).await;
    assert_eq!(world.result("eth_blockNumber", json!([])).await, "0x7");
    let hash = world.result("eth_sendRawTransaction", json!([raw])).await;
    let receipt = json!([hash]);
    let receipt = world.result("eth_getTransactionReceipt", receipt).await;
    assert_eq!(receipt["from"], json!(world.alice()));
}
