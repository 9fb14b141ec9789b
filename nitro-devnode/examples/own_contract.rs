//! Your contract on a node inside your own process: deployed, activated, called, and a year later.
//!
//! Takes the file that `cargo stylus get-initcode --output FILE` writes.
use std::{env, fs};

use alloy::{
    network::{EthereumWallet, TransactionBuilder},
    primitives::{Address, Bytes, U256, address, utils::parse_ether},
    providers::{Provider, ProviderBuilder},
    rpc::types::TransactionRequest,
    sol,
};
use eyre::{OptionExt, Result};
use nitro_devnode::Devnode;

const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");

sol! {
    #[sol(rpc)]
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    }

    #[sol(rpc)]
    interface Counter {
        function number() external view returns (uint256);
        function increment() external;
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let file = env::args()
        .nth(1)
        .ok_or_eyre("the file with the init code is missing")?;
    let code: Bytes = fs::read_to_string(file)?.trim().parse()?;

    let node = Devnode::builder().spawn().await?;
    let wallet = EthereumWallet::from(node.dev_account().clone());
    let provider = ProviderBuilder::new()
        .wallet(wallet)
        .connect(&node.http_url())
        .await?;

    let creation = TransactionRequest::default().with_deploy_code(code);
    let created = provider
        .send_transaction(creation)
        .await?
        .get_receipt()
        .await?;
    let program = created.contract_address.ok_or_eyre("the creation failed")?;

    // More than any data fee; the rest comes back.
    let arb_wasm = ArbWasm::new(ARB_WASM, &provider);
    let activation = arb_wasm.activateProgram(program).value(parse_ether("0.1")?);
    let activated = activation.send().await?.get_receipt().await?;
    println!("{program} is active for {} gas", activated.gas_used);

    let counter = Counter::new(program, &provider);
    let increment = counter.increment().send().await?.get_receipt().await?;
    let number = counter.number().call().await?;
    println!("the number is {number} after {} gas", increment.gas_used);
    assert_eq!(number, U256::ONE);

    // Programs expire after 365 days without a keepalive.
    let year = 366 * 86_400_u64;
    let _: serde_json::Value = provider
        .client()
        .request("evm_increaseTime", (year,))
        .await?;
    let _: serde_json::Value = provider.client().request("evm_mine", ()).await?;
    let expired = counter.number().call().await.is_err();
    println!("a year later it answers: {}", !expired);
    Ok(())
}
