//! A node and the ways to talk to it.
use alloy::{
    network::{EthereumWallet, TransactionBuilder},
    primitives::{Address, U256, address},
    providers::{DynProvider, Provider, ProviderBuilder},
    rpc::types::{TransactionReceipt, TransactionRequest},
    transports::http::reqwest,
};
use nitro_devnode::Devnode;
use serde_json::{Value, json};

/// An account nobody has touched.
pub(crate) const STRANGER: Address = address!("0x000000000000000000000000000000000057a46e");

pub(crate) struct World {
    pub(crate) node: Devnode,
    pub(crate) provider: DynProvider,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::of(Devnode::builder().spawn().await.expect("starts"))
    }

    pub(crate) fn of(node: Devnode) -> Self {
        let wallet = EthereumWallet::from(node.dev_account().clone());
        let url = node.http_url().parse().expect("a url");
        let provider = ProviderBuilder::new()
            .wallet(wallet)
            .connect_http(url)
            .erased();
        Self { node, provider }
    }

    pub(crate) fn alice(&self) -> Address {
        self.node.accounts()[0].address()
    }

    /// A transfer from the dev account.
    pub(crate) fn transfer(&self, to: Address, wei: u64) -> TransactionRequest {
        TransactionRequest::default()
            .with_from(self.node.dev_account().address())
            .with_to(to)
            .with_value(U256::from(wei))
    }

    /// The receipt of a transaction that is included.
    pub(crate) async fn mined(&self, request: TransactionRequest) -> TransactionReceipt {
        let sent = self.provider.send_transaction(request).await;
        let receipt = sent.expect("is sent").get_receipt().await;
        receipt.expect("is included")
    }

    /// The node's answer to one request, whatever it is.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.post(request.to_string()).await;
        serde_json::from_str(&answer).expect("JSON")
    }

    /// The result of a request that succeeds.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        let mut answer = self.ask(method, params).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Code and words of a request that fails.
    pub(crate) async fn refusal(&self, method: &str, params: Value) -> (i64, String) {
        let answer = self.ask(method, params).await;
        let error = &answer["error"];
        let code = error["code"]
            .as_i64()
            .unwrap_or_else(|| panic!("{method}: {answer}"));
        (code, error["message"].as_str().expect("words").to_owned())
    }

    /// The body that answers any body.
    pub(crate) async fn post(&self, body: String) -> String {
        let request = reqwest::Client::new()
            .post(self.node.http_url())
            .header("content-type", "application/json")
            .body(body);
        request
            .send()
            .await
            .expect("answers")
            .text()
            .await
            .expect("text")
    }

    pub(crate) async fn balance(&self, account: Address) -> U256 {
        self.provider.get_balance(account).await.expect("balance")
    }

    pub(crate) async fn slot(&self, account: Address, slot: u64) -> U256 {
        let value = self
            .provider
            .get_storage_at(account, U256::from(slot))
            .await;
        value.expect("slot")
    }
}
