//! Deploys, calls, sends, filters, subscribes and signs with ethers-rs 2, and asserts what it is told.
//!
//! Arguments: where the node serves HTTP, and where WebSocket. Environment: `DEV_KEY`, and `COUNTER`,
//! the init code of `Counter.sol`.

use std::{env, sync::Arc, time::Duration};

use ethers::{
    abi::{Abi, AbiEncode, parse_abi},
    contract::{Contract, ContractError, ContractFactory},
    middleware::{Middleware, SignerMiddleware},
    providers::{Http, Provider, StreamExt, Ws},
    signers::{LocalWallet, Signer},
    types::{BlockNumber, Bytes, Filter, U64, U256},
};
use eyre::{OptionExt, Result, ensure};

/// 0.1 gwei, the base fee.
const BASE_FEE: u64 = 100_000_000;

type Client = SignerMiddleware<Provider<Http>, LocalWallet>;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let http = arguments.next().ok_or_eyre("the HTTP address is missing")?;
    let ws = arguments.next();
    let ws = ws.ok_or_eyre("the WebSocket address is missing")?;
    let provider = Provider::<Http>::try_from(http)?.interval(Duration::from_millis(10));
    let wallet: LocalWallet = env::var("DEV_KEY")?.parse()?;
    let wallet = wallet.with_chain_id(provider.get_chainid().await?.as_u64());
    let client = Arc::new(SignerMiddleware::new(provider, wallet));
    reads(&client).await?;
    let counter = deploys_and_sends(&client).await?;
    is_told_why(&counter).await?;
    polls(&client, &counter).await?;
    subscribes(&ws, &counter).await?;
    signs(&client).await
}

fn abi() -> Result<Abi> {
    Ok(parse_abi(&[
        "constructor(uint256 start)",
        "function number() view returns (uint256)",
        "function increase(uint256 amount)",
        "event Increased(address indexed by, uint256 number)",
    ])?)
}

async fn reads(client: &Client) -> Result<()> {
    assert_eq!(client.get_block_number().await?, U64::from(7));
    assert_eq!(client.get_gas_price().await?, U256::from(BASE_FEE));
    let block = client.get_block(BlockNumber::Latest).await?;
    let block = block.ok_or_eyre("there is a newest block")?;
    assert_eq!(block.transactions.len(), 2);
    let full = client.get_block_with_txs(7).await?;
    let full = full.ok_or_eyre("block 7")?;
    // Of a type that Ethereum does not have.
    assert_eq!(full.transactions[0].transaction_type, Some(U64::from(0x6a)));
    let history = client.fee_history(4, BlockNumber::Latest, &[50.0]).await?;
    assert_eq!(history.base_fee_per_gas, [U256::from(BASE_FEE); 5]);
    Ok(())
}

async fn deploys_and_sends(client: &Arc<Client>) -> Result<Contract<Client>> {
    let code: Bytes = env::var("COUNTER")?.parse()?;
    let factory = ContractFactory::new(abi()?, code, client.clone());
    let counter = factory.deploy(U256::from(5))?.send().await?;
    assert_eq!(number(&counter).await?, U256::from(5));
    let receipt = increase(&counter, 3).await?;
    assert_eq!(receipt.effective_gas_price, Some(U256::from(BASE_FEE)));
    assert_eq!(receipt.logs.len(), 1);
    assert_eq!(number(&counter).await?, U256::from(8));
    Ok(counter)
}

async fn number(counter: &Contract<Client>) -> Result<U256> {
    Ok(counter.method::<_, U256>("number", ())?.call().await?)
}

async fn increase(
    counter: &Contract<Client>,
    amount: u64,
) -> Result<ethers::types::TransactionReceipt> {
    let call = counter.method::<_, ()>("increase", U256::from(amount))?;
    let receipt = call.send().await?.await?;
    let receipt = receipt.ok_or_eyre("the transaction is in a block")?;
    ensure!(receipt.status == Some(U64::one()), "{receipt:?}");
    Ok(receipt)
}

async fn is_told_why(counter: &Contract<Client>) -> Result<()> {
    let call = counter.method::<_, ()>("increase", U256::from(11))?;
    let Err(ContractError::Revert(data)) = call.call().await else {
        eyre::bail!("a refused call brings revert data");
    };
    // TooMuch(11, 10).
    let expected = [vec![0x60, 0x73, 0xb2, 0x1f], (11_u64, 10_u64).encode()].concat();
    assert_eq!(data.to_vec(), expected);
    Ok(())
}

async fn polls(client: &Client, counter: &Contract<Client>) -> Result<()> {
    let filter = Filter::new().address(counter.address());
    let event = filter.event("Increased(address,uint256)").from_block(0);
    let by = event.clone().topic1(client.address());
    assert_eq!(client.get_logs(&by).await?.len(), 1);
    let nobody = event.clone().topic1(counter.address());
    assert_eq!(client.get_logs(&nobody).await?.len(), 0);
    let mut logs = client.watch(&event).await?;
    let receipt = increase(counter, 1).await?;
    let log = logs.next().await.ok_or_eyre("the filter goes on")?;
    assert_eq!(log.transaction_hash, Some(receipt.transaction_hash));
    Ok(())
}

async fn subscribes(ws: &str, counter: &Contract<Client>) -> Result<()> {
    let socket = Provider::<Ws>::connect(ws).await?;
    let mut heads = socket.subscribe_blocks().await?;
    let filter = Filter::new().address(counter.address());
    let mut logs = socket.subscribe_logs(&filter).await?;
    let receipt = increase(counter, 1).await?;
    let head = heads.next().await.ok_or_eyre("the node goes on")?;
    assert_eq!(head.number, receipt.block_number);
    let log = logs.next().await.ok_or_eyre("the node goes on")?;
    assert_eq!(log.transaction_hash, Some(receipt.transaction_hash));
    Ok(())
}

async fn signs(client: &Client) -> Result<()> {
    let signature = client.signer().sign_message("hello").await?;
    assert_eq!(signature.recover("hello")?, client.address());
    // The node has the dev account's key too.
    let address = client.address();
    let node = client.inner().sign(b"hello".to_vec(), &address).await?;
    assert_eq!(node.recover("hello")?, address);
    Ok(())
}
