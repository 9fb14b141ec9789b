//! alloy 2, over HTTP and over WebSocket.
use alloy::{
    hex,
    network::EthereumWallet,
    primitives::U256,
    providers::{DynProvider, Provider, ProviderBuilder, WsConnect},
    rpc::types::Filter,
    signers::{Signer, local::PrivateKeySigner},
    sol,
    sol_types::{SolConstructor, SolEvent},
};
use eyre::{OptionExt, Result};

use crate::node::{COUNTER, DEV_KEY, Node};

sol! {
    #[sol(rpc)]
    "tests/tools/Counter.sol"
}

use Counter::{CounterInstance, Increased, TooMuch};

async fn over_http(node: &Node) -> Result<DynProvider> {
    let key: PrivateKeySigner = DEV_KEY.parse()?;
    let wallet = EthereumWallet::from(key);
    let provider = ProviderBuilder::new().wallet(wallet);
    Ok(provider.connect(&node.http).await?.erased())
}

async fn deployed(provider: &DynProvider) -> Result<CounterInstance<DynProvider>> {
    let start = U256::from(5);
    let arguments = Counter::constructorCall { start }.abi_encode();
    let code = [hex::decode(COUNTER)?, arguments].concat();
    let creation = alloy::rpc::types::TransactionRequest::default();
    let creation = alloy::network::TransactionBuilder::with_deploy_code(creation, code);
    let receipt = provider.send_transaction(creation).await?;
    let receipt = receipt.get_receipt().await?;
    let address = receipt.contract_address.ok_or_eyre("it is a creation")?;
    Ok(Counter::new(address, provider.clone()))
}

#[tokio::test]
async fn alloy_2_deploys_calls_and_sends() -> Result<()> {
    let node = Node::start()?;
    let provider = over_http(&node).await?;
    let counter = deployed(&provider).await?;
    assert_eq!(counter.number().call().await?, U256::from(5));
    let sent = counter.increase(U256::from(3)).send().await?;
    let receipt = sent.get_receipt().await?;
    assert!(receipt.status());
    assert_eq!(receipt.effective_gas_price, 100_000_000);
    let increased = receipt.decoded_log::<Increased>();
    let increased = increased.ok_or_eyre("it emits its event")?;
    assert_eq!(increased.number, U256::from(8));
    assert_eq!(counter.number().call().await?, U256::from(8));
    Ok(())
}

#[tokio::test]
async fn alloy_2_decodes_why_a_call_reverts() -> Result<()> {
    let node = Node::start()?;
    let counter = deployed(&over_http(&node).await?).await?;
    let refused = counter.increase(U256::from(11)).call().await;
    let refused = refused.err().ok_or_eyre("11 is too much")?;
    let error = refused.as_decoded_error::<TooMuch>();
    let error = error.ok_or_eyre("the error is the contract's")?;
    assert_eq!((error.amount, error.most), (U256::from(11), U256::from(10)));
    Ok(())
}

#[tokio::test]
async fn alloy_2_polls_filters_and_hears_subscriptions() -> Result<()> {
    let node = Node::start()?;
    let provider = over_http(&node).await?;
    let counter = deployed(&provider).await?;
    let filter = Filter::new().address(*counter.address());
    let polled = filter.clone().event_signature(Increased::SIGNATURE_HASH);
    let id = provider.new_filter(&polled).await?;
    let socket = ProviderBuilder::new().connect_ws(WsConnect::new(&node.ws));
    let socket = socket.await?;
    let mut heads = socket.subscribe_blocks().await?;
    let mut logs = socket.subscribe_logs(&filter).await?;
    let receipt = counter.increase(U256::from(1)).send().await?;
    let receipt = receipt.get_receipt().await?;
    assert_eq!(Some(heads.recv().await?.number), receipt.block_number);
    let heard = logs.recv().await?;
    assert_eq!(heard.transaction_hash, Some(receipt.transaction_hash));
    let changes = provider.get_filter_changes_dyn(id).await?;
    assert_eq!(changes.as_logs().map(<[_]>::len), Some(1));
    Ok(())
}

#[tokio::test]
async fn alloy_2_and_the_node_sign_alike() -> Result<()> {
    let node = Node::start()?;
    let provider = over_http(&node).await?;
    let key: PrivateKeySigner = DEV_KEY.parse()?;
    let ours = key.sign_message(b"hello").await?;
    let parameters = (key.address(), hex::encode_prefixed(b"hello"));
    let theirs: String = provider.raw_request("eth_sign".into(), parameters).await?;
    assert_eq!(theirs, hex::encode_prefixed(ours.as_bytes()));
    Ok(())
}
