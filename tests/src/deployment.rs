//! Deployment: a program is created and activated; the same code pays its data fee once.

use alloy::primitives::U256;
use client::artifact::Artifact;
use client::connection::connect;
use client::contract::Program;
use client::deploy;
use eyre::Result;
use nitro_devnode::Devnode;

/// A program that answers every call with nothing.
const SILENT: &str = r#"(module
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

#[tokio::test]
async fn a_program_is_created_activated_and_cached() -> Result<()> {
    let node = Devnode::builder().spawn().await?;
    let key = node.dev_account().clone();
    let (provider, _) = connect(&node.http_url(), std::slice::from_ref(&key)).await?;
    deploy::check_chain(&provider).await?;
    let artifact = Artifact::new(Program::StakingPool, &wat::parse_str(SILENT)?)?;
    let first = deploy::deploy(&provider, key.address(), &artifact).await?;
    assert!(first.cached);
    assert!(first.data_fee > U256::ZERO);
    assert!(first.start.cached < first.start.uncached);

    let second = deploy::deploy(&provider, key.address(), &artifact).await?;
    assert_ne!(second.address, first.address);
    assert_eq!(second.codehash, first.codehash);
    assert_eq!(second.data_fee, U256::ZERO);
    assert!(second.gas < first.gas);
    Ok(())
}
