//! Deployment: a program is created and activated; the same code pays its data fee once; in production
//! who deploys has no power in the end.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use client::artifact::{Artifact, init_code};
use client::connection::connect;
use client::contract::{Contract, Program};
use client::deploy;
use client::launch::launch;
use client::nitro::{ARB_WASM_CACHE, IArbWasmCache, ICacheManager};
use client::parameters::{Parameters, ProductionError};
use client::protocol::Role;
use client::send::send;
use eyre::{OptionExt, Result};
use nitro_devnode::Devnode;

use crate::world::artifacts;

sol!(
    #[sol(rpc)]
    "interfaces/CacheKeeper.sol"
);

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
    let artifact = Artifact::new(Program::StakingPool, &wat::parse_str(SILENT)?, false)?;
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

/// As small as [`SILENT`], with another code hash.
const SILENT_TOO: &str = r#"(module
    (memory (export "memory") 1 1)
    (global i32 (i32.const 7))
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#;

/// Bytes of compiled code that the cache counts for either of them.
const COMPILED: u64 = 514_048;

#[tokio::test]
async fn a_place_in_the_cache_is_taken_where_it_is_free_and_not_paid_for() -> Result<()> {
    let node = Devnode::builder().spawn().await?;
    let (owner, alice) = (node.dev_account().clone(), node.accounts()[0].clone());
    let whose = alice.address();
    let keeper = owner.address();
    let (provider, _) = connect(&node.http_url(), &[owner, alice]).await?;
    let artifact = |text: &str| -> Result<_> {
        let wasm = wat::parse_str(text)?;
        Ok(Artifact::new(Program::StakingPool, &wasm, false)?)
    };
    let first = deploy::deploy(&provider, whose, &artifact(SILENT)?).await?;
    assert!(first.cached);

    let managers = IArbWasmCache::new(ARB_WASM_CACHE, &provider);
    let managers = managers.allCacheManagers().call().await?;
    let manager = *managers.first().ok_or_eyre("the preset has one")?;
    // Room for one, and somebody has paid for it.
    let office = ICacheKeeper::new(manager, &provider);
    for size in [0, COMPILED] {
        let configure = office.configure(size, 0, false).from(keeper);
        send(&provider, configure.into_transaction_request()).await?;
    }
    let auction = ICacheManager::new(manager, &provider);
    let bid = auction.placeBid(first.address);
    let bid = bid.from(keeper).value(U256::from(1_000_000_000_u64));
    send(&provider, bid.into_transaction_request()).await?;

    let second = deploy::deploy(&provider, whose, &artifact(SILENT_TOO)?).await?;
    assert!(!second.cached);
    let paid = provider.get_balance(manager).await?;
    assert_eq!(paid, U256::from(1_000_000_000_u64));
    Ok(())
}

/// A deployment as production wants it, but for the upgrader.
fn production(deployer: Address, upgrader: Address) -> Parameters {
    let someone = Address::repeat_byte;
    Parameters {
        admin: someone(1),
        upgrader,
        treasury: someone(2),
        distributor: someone(3),
        slasher: someone(4),
        jailer: someone(5),
        curator: someone(6),
        pauser: someone(7),
        limiter: someone(8),
        release_secs: 86_400,
        ..Parameters::devnode(deployer)
    }
}

/// Where many keys, or a timelock, will stand: some code, STOP.
async fn some_contract(provider: &DynProvider, deployer: Address) -> Result<Address> {
    let creation = TransactionRequest::default()
        .with_from(deployer)
        .with_deploy_code(init_code(&[0]));
    let created = send(provider, creation).await?;
    created.contract_address.ok_or_eyre("nothing was created")
}

#[tokio::test]
async fn production_refuses_short_timers_power_of_the_deployer_and_single_keys_in_power()
-> Result<()> {
    let node = Devnode::builder().spawn().await?;
    let key = node.dev_account().clone();
    let deployer = key.address();
    let (provider, _) = connect(&node.http_url(), &[key]).await?;
    let fit = production(deployer, Address::repeat_byte(9));
    let hasty = Parameters {
        release_secs: 86_399,
        ..fit.clone()
    };
    let found = hasty.check_production(&provider).await;
    assert!(matches!(
        found,
        Err(ProductionError::ReleaseTooShort { secs: 86_399 })
    ));
    let loose = Parameters {
        unbonding_secs: 604_799,
        ..fit.clone()
    };
    let found = loose.check_production(&provider).await;
    assert!(matches!(
        found,
        Err(ProductionError::UnbondingTooShort { secs: 604_799 })
    ));
    for role in [Role::Admin, Role::Slasher] {
        let mut mighty = fit.clone();
        match role {
            Role::Admin => mighty.admin = deployer,
            _ => mighty.slasher = deployer,
        }
        let found = mighty.check_production(&provider).await;
        assert!(
            matches!(found, Err(ProductionError::DeployerHoldsRole { role: held, .. }) if held == role)
        );
    }
    let found = fit.check_production(&provider).await;
    assert!(matches!(
        found,
        Err(ProductionError::WithoutCode { place: "upgrader", account }) if account == fit.upgrader
    ));
    let alone = Parameters {
        upgrader: some_contract(&provider, deployer).await?,
        ..fit.clone()
    };
    let found = alone.check_production(&provider).await;
    assert!(matches!(
        found,
        Err(ProductionError::WithoutCode { place: "admin", account }) if account == fit.admin
    ));
    Ok(())
}

#[tokio::test]
async fn who_deploys_for_production_holds_no_role_in_the_end() -> Result<()> {
    let node = Devnode::builder().spawn().await?;
    let key = node.dev_account().clone();
    let deployer = key.address();
    let (provider, _) = connect(&node.http_url(), &[key]).await?;
    let timelock = some_contract(&provider, deployer).await?;
    let parameters = Parameters {
        admin: some_contract(&provider, deployer).await?,
        ..production(deployer, timelock)
    };
    parameters.check_production(&provider).await?;
    let launched = launch(&provider, artifacts()?, &parameters).await?;
    for contract in Contract::ALL {
        let office = launched.protocol.administration(contract);
        let has = async |role: Role, account| office.hasRole(role.id(), account).call().await;
        assert!(has(Role::Admin, parameters.admin).await?);
        for role in Role::ALL {
            assert!(!has(role, deployer).await?, "{role:?} of {contract}");
        }
    }
    let registry = launched
        .protocol
        .administration(Contract::ValidatorRegistry);
    let slasher = registry.hasRole(Role::Slasher.id(), parameters.slasher);
    assert!(slasher.call().await?);
    Ok(())
}
