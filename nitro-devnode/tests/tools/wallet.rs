//! A browser's wallet (MetaMask): what it polls, as a browser sends it.
use std::sync::LazyLock;

use alloy::transports::http::reqwest::{Client, Method, header::HeaderMap};
use eyre::{Result, ensure};
use serde_json::{Value, json};

use crate::node::{DEV, Node};

/// A page of an extension, as it names itself.
const ORIGIN: &str = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn";

static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);

async fn ask(node: &Node, body: Value) -> Result<(HeaderMap, Value)> {
    let request = CLIENT
        .post(&node.http)
        .header("origin", ORIGIN)
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer = request.send().await?;
    let headers = answer.headers().clone();
    Ok((headers, serde_json::from_str(&answer.text().await?)?))
}

async fn result(node: &Node, method: &str, params: Value) -> Result<Value> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (headers, mut answer) = ask(node, request).await?;
    ensure!(answer.get("error").is_none(), "{method}: {answer}");
    ensure!(
        headers.contains_key("access-control-allow-origin"),
        "{method}: a browser would keep the answer from the page"
    );
    Ok(answer["result"].take())
}

#[tokio::test]
async fn a_browser_may_ask_before_it_asks() -> Result<()> {
    let node = Node::start()?;
    let preflight = CLIENT
        .request(Method::OPTIONS, &node.http)
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let answer = preflight.send().await?;
    assert!(answer.status().is_success(), "{}", answer.status());
    for (name, allowed) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "*"),
        ("access-control-allow-headers", "*"),
    ] {
        assert_eq!(answer.headers()[name], allowed, "{name}");
    }
    Ok(())
}

/// What a wallet asks when the network is added, and each time it looks.
#[tokio::test]
async fn everything_a_wallet_polls_is_answered() -> Result<()> {
    let node = Node::start()?;
    for (method, params, expected) in [
        ("eth_chainId", json!([]), json!("0x64aba")),
        ("net_version", json!([]), json!("412346")),
        ("eth_blockNumber", json!([]), json!("0x7")),
        ("eth_gasPrice", json!([]), json!("0x5f5e100")),
        ("eth_maxPriorityFeePerGas", json!([]), json!("0x0")),
        (
            "eth_getTransactionCount",
            json!([DEV, "pending"]),
            json!("0x6"),
        ),
        ("eth_getCode", json!([DEV, "latest"]), json!("0x")),
        ("eth_syncing", json!([]), json!(false)),
        ("net_listening", json!([]), json!(true)),
        (
            "eth_getTransactionReceipt",
            json!([format!("0x{:064x}", 1)]),
            Value::Null,
        ),
        (
            "eth_getTransactionByHash",
            json!([format!("0x{:064x}", 1)]),
            Value::Null,
        ),
    ] {
        assert_eq!(result(&node, method, params).await?, expected, "{method}");
    }
    let client = result(&node, "web3_clientVersion", json!([])).await?;
    assert!(
        client
            .as_str()
            .is_some_and(|name| name.starts_with("nitro-devnode/"))
    );
    let balance = result(&node, "eth_getBalance", json!([DEV, "latest"])).await?;
    assert!(balance.as_str().is_some_and(|wei| wei.starts_with("0x3")));
    // 1559 networks are told by the base fee of the newest block.
    let block = result(&node, "eth_getBlockByNumber", json!(["latest", false])).await?;
    assert_eq!(block["baseFeePerGas"], "0x5f5e100");
    let history = json!(["0x5", "latest", [10, 20, 30]]);
    let history = result(&node, "eth_feeHistory", history).await?;
    assert_eq!(history["reward"][4], json!(["0x0", "0x0", "0x0"]));
    Ok(())
}

/// The order in which a wallet sends: estimate, fees, nonce, transaction, receipt.
#[tokio::test]
async fn a_wallet_sends_and_sees_it_confirmed() -> Result<()> {
    let node = Node::start()?;
    let friend = "0x000000000000000000000000000000000057a46e";
    let transfer = json!([{ "from": DEV, "to": friend, "value": "0x1" }]);
    let gas = result(&node, "eth_estimateGas", transfer.clone()).await?;
    assert_eq!(gas, "0x5208");
    let hash = result(&node, "eth_sendTransaction", transfer).await?;
    let receipt = result(&node, "eth_getTransactionReceipt", json!([hash])).await?;
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100");
    let sent = result(&node, "eth_getTransactionByHash", json!([hash])).await?;
    assert_eq!(sent["blockNumber"], receipt["blockNumber"]);
    Ok(())
}

#[tokio::test]
async fn a_batch_is_answered_as_one() -> Result<()> {
    let node = Node::start()?;
    let one = |id: u64, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method });
    let batch = json!([
        one(1, "eth_chainId"),
        one(2, "eth_blockNumber"),
        one(3, "eth_nothing")
    ]);
    let (_, answers) = ask(&node, batch).await?;
    assert_eq!(answers[0]["result"], "0x64aba");
    assert_eq!(answers[1]["result"], "0x7");
    assert_eq!(answers[2]["error"]["code"], -32601);
    Ok(())
}
