//! Setting up a node over RPC, on the genesis that the official one has.
use alloy::{
    primitives::{Address, U256, address},
    providers::Provider,
};
use nitro_devnode::{Devnode, setup::set_up};

use crate::world::World;

const FACTORY: Address = address!("0x4e59b44847b379578588920cA78FbF26c0B4956C");
const STYLUS_DEPLOYER: Address = address!("0xcEcba2F1DC234f70Dd89F2041029807F8D03A990");

async fn bare() -> World {
    World::of(Devnode::builder().bare().spawn().await.expect("starts"))
}

#[tokio::test]
async fn a_plain_genesis_is_set_up_as_the_preset_is() {
    let (bare, preset) = (bare().await, World::start().await);
    let steps = set_up(&bare.node.http_url()).await.expect("is set up");
    assert!(steps.iter().all(|step| !step.stood), "{steps:?}");
    for address in [FACTORY, STYLUS_DEPLOYER] {
        let code = bare.provider.get_code_at(address).await.expect("code");
        assert!(!code.is_empty(), "{address}");
    }
    let managers = serde_json::json!([
        // allCacheManagers()
        { "to": "0x0000000000000000000000000000000000000072", "data": "0x0ec1d773" },
        "latest"
    ]);
    assert_eq!(
        bare.result("eth_call", managers.clone()).await,
        preset.result("eth_call", managers).await
    );
    for key in preset.node.accounts() {
        let purse = U256::from(40) * U256::from(10).pow(U256::from(18));
        assert_eq!(bare.balance(key.address()).await, purse);
    }
    // Without a price for L1 data a transfer is 21,000 gas.
    let transfer = bare.transfer(FACTORY, 0);
    let gas = bare.provider.estimate_gas(transfer.to(Address::ZERO)).await;
    assert_eq!(gas.expect("estimate"), 21_000);
}

#[tokio::test]
async fn what_is_set_up_already_is_left_alone() {
    let world = bare().await;
    let url = world.node.http_url();
    set_up(&url).await.expect("is set up");
    let before = world.provider.get_block_number().await.expect("number");
    let steps = set_up(&url).await.expect("is set up again");
    let stood: Vec<bool> = steps.iter().map(|step| step.stood).collect();
    assert_eq!(stood, [false, false, true, true, true, true]);
    // Owning the chain and the price of L1 data.
    let after = world.provider.get_block_number().await.expect("number");
    assert_eq!(after - before, 2);
}
