//! Proxies: who initialises a contract, when, and how often; who may replace its program.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use client::abi::IAdministration::{
    AlreadyInitialized, CallerNotUpgrader, NotBehindProxy, setProgramsCall,
};
use client::abi::{IAdministration, IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use client::contract::{Contract, Program};
use client::protocol::Role;
use client::proxy::{self, Beginning, IProxy};
use client::send::{SendError, send};
use eyre::{OptionExt, Result, ensure};

use crate::world::{Person, World, ether};

/// The initialiser of a contract as somebody calls it who wants to be its admin.
fn initialiser(world: &World, contract: Contract, admin: Address) -> Result<Vec<u8>> {
    let administration = world.program(Program::Administration)?;
    let pool = *world.protocol.pool.address();
    Ok(match contract {
        Contract::StakingPool => IStakingPool::initializeCall {
            admin,
            administration,
            operations: world.program(Program::PoolOperations)?,
            treasury: admin,
            feeBps: 0,
            releaseSeconds: 3_600,
        }
        .abi_encode(),
        Contract::ValidatorRegistry => IValidatorRegistry::initializeCall {
            admin,
            administration,
            desk: world.program(Program::RegistryDesk)?,
            pool,
            minimumBond: ether(1),
            unbondingSeconds: 86_400,
            epochSeconds: 3_600,
        }
        .abi_encode(),
        Contract::WithdrawalQueue => IWithdrawalQueue::initializeCall {
            admin,
            administration,
            desk: world.program(Program::QueueDesk)?,
            pool,
        }
        .abi_encode(),
    })
}

fn call(to: Address, data: Vec<u8>, value: u64) -> TransactionRequest {
    TransactionRequest::default()
        .with_to(to)
        .with_input(data)
        .with_value(U256::from(value))
}

/// Sends what must be refused without data.
async fn refused_silently(
    world: &World,
    person: Person,
    request: TransactionRequest,
) -> Result<()> {
    let answer = world.provider.call(request.with_from(person.0)).await;
    let Err(SendError::Reverted(revert)) = answer.map_err(SendError::from) else {
        eyre::bail!("a call that must be refused was not");
    };
    ensure!(revert.0.is_empty(), "refused by {revert}");
    Ok(())
}

#[tokio::test]
async fn no_contract_is_initialised_twice() -> Result<()> {
    let world = World::fresh().await?;
    for contract in Contract::ALL {
        let address = world.protocol.address(contract);
        let data = initialiser(&world, contract, world.stranger.0)?;
        let again = call(address, data.clone(), 0);
        world
            .refused(world.stranger, again, AlreadyInitialized {})
            .await?;
        let paid = call(address, data, 1);
        match contract {
            Contract::StakingPool => {
                world
                    .refused(world.stranger, paid, AlreadyInitialized {})
                    .await?;
            }
            _ => refused_silently(&world, world.stranger, paid).await?,
        }
        let office = world.protocol.administration(contract);
        let held = office.hasRole(Role::Admin.id(), world.stranger.0);
        assert!(!held.call().await?);
    }
    Ok(())
}

#[tokio::test]
async fn no_program_is_initialised_by_itself() -> Result<()> {
    let world = World::fresh().await?;
    for contract in Contract::ALL {
        let program = world.program(contract.program())?;
        let data = initialiser(&world, contract, world.stranger.0)?;
        let bare = call(program, data.clone(), 0);
        world
            .refused(world.stranger, bare, NotBehindProxy {})
            .await?;
        let paid = call(program, data, 1);
        match contract {
            Contract::StakingPool => {
                world
                    .refused(world.stranger, paid, NotBehindProxy {})
                    .await?;
            }
            _ => refused_silently(&world, world.stranger, paid).await?,
        }
    }
    Ok(())
}

/// The SDK's own constructor selector must do nothing, wherever it is sent.
#[tokio::test]
async fn there_is_no_constructor_to_call() -> Result<()> {
    let world = World::fresh().await?;
    let mut data = keccak256("stylus_constructor()")[..4].to_vec();
    data.extend([0; 160]);
    for contract in Contract::ALL {
        let addresses = [
            world.protocol.address(contract),
            world.program(contract.program())?,
        ];
        for address in addresses {
            for value in [0, 1] {
                let request = call(address, data.clone(), value);
                refused_silently(&world, world.stranger, request).await?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_proxy_whose_initialiser_fails_is_not_created() -> Result<()> {
    let world = World::fresh().await?;
    let mut beginning = Beginning {
        upgrader: world.upgrader.0,
        program: world.program(Program::StakingPool)?,
        initialiser: initialiser(&world, Contract::StakingPool, Address::ZERO)?,
        value: ether(1),
    };
    let refused = world
        .refusal::<IStakingPool::ZeroAddress>(proxy::creation(&beginning).with_from(world.admin.0));
    refused.await?;
    beginning.program = world.stranger.0;
    let creation = proxy::creation(&beginning).with_from(world.admin.0);
    let refused = world
        .refusal::<IProxy::ERC1967InvalidImplementation>(creation)
        .await?;
    assert_eq!(refused.implementation, world.stranger.0);
    Ok(())
}

#[tokio::test]
async fn explorers_find_program_and_admin_where_the_erc_says() -> Result<()> {
    let world = World::fresh().await?;
    for contract in Contract::ALL {
        let address = world.protocol.address(contract);
        let program = world.program(contract.program())?;
        assert_eq!(proxy::program(&world.provider, address).await?, program);
        assert_eq!(
            proxy::upgrader(&world.provider, address).await?,
            world.upgrader.0
        );
    }
    let beginning = Beginning {
        upgrader: world.upgrader.0,
        program: world.program(Program::WithdrawalQueue)?,
        initialiser: initialiser(&world, Contract::WithdrawalQueue, world.admin.0)?,
        value: U256::ZERO,
    };
    let creation = proxy::creation(&beginning).with_from(world.admin.0);
    let receipt = send(&world.provider, creation).await?;
    let upgraded = receipt.decoded_log::<IProxy::Upgraded>();
    assert_eq!(
        upgraded.ok_or_eyre("no Upgraded")?.data,
        IProxy::Upgraded {
            implementation: beginning.program
        }
    );
    let changed = receipt.decoded_log::<IProxy::AdminChanged>();
    assert_eq!(
        changed.ok_or_eyre("no AdminChanged")?.data,
        IProxy::AdminChanged {
            previousAdmin: Address::ZERO,
            newAdmin: world.upgrader.0
        }
    );
    Ok(())
}

#[tokio::test]
async fn only_the_upgrader_replaces_a_program() -> Result<()> {
    let world = World::fresh().await?;
    let pool = *world.protocol.pool.address();
    let other = world.program(Program::WithdrawalQueue)?;
    let upgrade = proxy::upgrade(pool, other, Bytes::new());
    // Everybody else reaches the program, which has no such method: not even with every role.
    for person in [world.admin, world.stranger] {
        refused_silently(&world, person, upgrade.clone()).await?;
    }
    let receipt = send(&world.provider, upgrade.with_from(world.upgrader.0)).await?;
    let upgraded = receipt.decoded_log::<IProxy::Upgraded>();
    assert_eq!(upgraded.ok_or_eyre("no Upgraded")?.implementation, other);
    assert_eq!(proxy::program(&world.provider, pool).await?, other);
    Ok(())
}

#[tokio::test]
async fn an_upgrade_to_nothing_or_with_lost_ether_or_odd_calldata_is_refused() -> Result<()> {
    let world = World::fresh().await?;
    let pool = *world.protocol.pool.address();
    let program = world.program(Program::StakingPool)?;
    let nothing = proxy::upgrade(pool, world.stranger.0, Bytes::new());
    let refused = world
        .refusal::<IProxy::ERC1967InvalidImplementation>(nothing.with_from(world.upgrader.0))
        .await?;
    assert_eq!(refused.implementation, world.stranger.0);
    let paid = proxy::upgrade(pool, program, Bytes::new()).with_value(U256::ONE);
    refused_silently(&world, world.upgrader, paid).await?;

    let encoded = IProxy::upgradeToAndCallCall {
        implementation: program,
        data: Bytes::from_static(&[1, 2, 3]),
    }
    .abi_encode();
    let with = |place: usize, byte: u8| {
        let mut data = encoded.clone();
        if let Some(found) = data.get_mut(place) {
            *found = byte;
        }
        data
    };
    let mut malformed = vec![
        // Dirty address, offset elsewhere, offset of 2^248, longer than what is there, length of 2^248.
        with(4, 1),
        with(67, 0x60),
        with(36, 1),
        with(99, 33),
        with(68, 1),
    ];
    // Short: without data, without its length, without anything.
    malformed.extend([99, 68, 36, 4].map(|length| encoded[..length].to_vec()));
    for data in malformed {
        refused_silently(&world, world.upgrader, call(pool, data, 0)).await?;
    }
    assert_eq!(proxy::program(&world.provider, pool).await?, program);
    Ok(())
}

#[tokio::test]
async fn a_call_inside_an_upgrade_is_the_upgraders_and_undoes_it_when_refused() -> Result<()> {
    let world = World::fresh().await?;
    let pool = *world.protocol.pool.address();
    let program = world.program(Program::StakingPool)?;
    let other = world.program(Program::Administration)?;
    let set = |administration, extension| setProgramsCall {
        administration,
        extension,
    };
    let extend = Bytes::from(set(other, other).abi_encode());
    let upgrade = proxy::upgrade(pool, program, extend.clone());
    send(&world.provider, upgrade.with_from(world.upgrader.0)).await?;
    let office = world.protocol.administration(Contract::StakingPool);
    assert_eq!(office.extension().call().await?, other);
    let operations = world.program(Program::PoolOperations)?;
    let back = Bytes::from(set(other, operations).abi_encode());
    let upgrade = proxy::upgrade(pool, program, back);
    world.send(world.upgrader, upgrade).await?;
    assert_eq!(office.extension().call().await?, operations);

    let broken = Bytes::from(set(world.stranger.0, other).abi_encode());
    let upgrade = proxy::upgrade(pool, other, broken);
    let expected = IAdministration::NotAContract {
        target: world.stranger.0,
    };
    world.refused(world.upgrader, upgrade, expected).await?;
    assert_eq!(proxy::program(&world.provider, pool).await?, program);

    let direct = call(pool, extend.to_vec(), 0);
    let expected = CallerNotUpgrader {
        caller: world.admin.0,
        upgrader: world.upgrader.0,
    };
    world.refused(world.admin, direct, expected).await
}

#[tokio::test]
async fn a_contract_without_an_extension_is_administered_all_the_same() -> Result<()> {
    let world = World::fresh().await?;
    let administration = world.program(Program::Administration)?;
    for contract in Contract::ALL {
        let office = world.protocol.administration(contract);
        let extension = office.extension().call().await?;
        let set = |extension| {
            let set = office.setPrograms(administration, extension);
            set.into_transaction_request()
        };
        let none = set(Address::ZERO).with_from(world.upgrader.0);
        send(&world.provider, none).await?;
        assert_eq!(office.extension().call().await?, Address::ZERO);
        world.send(world.upgrader, set(extension)).await?;
        assert_eq!(office.extension().call().await?, extension);
    }
    Ok(())
}

#[tokio::test]
async fn the_upgraders_other_calls_are_anybodys() -> Result<()> {
    let world = World::fresh().await?;
    world
        .deposit(world.upgrader, ether(1) / U256::from(2))
        .await?;
    let shares = world.shares(world.upgrader).await?;
    assert_eq!(shares, ether(1) / U256::from(2));
    Ok(())
}

#[tokio::test]
async fn roles_are_listed_through_every_contract() -> Result<()> {
    let world = World::fresh().await?;
    for contract in Contract::ALL {
        let office = world.protocol.administration(contract);
        let role = Role::Pauser.id();
        let grant = office.grantRole(role, world.stranger.0);
        world
            .send(world.admin, grant.into_transaction_request())
            .await?;
        assert_eq!(
            office.getRoleMembers(role).call().await?,
            [world.admin.0, world.stranger.0]
        );
        assert_eq!(office.getRoleMemberCount(role).call().await?, U256::from(2));
        let second = office.getRoleMember(role, U256::ONE).call().await?;
        assert_eq!(second, world.stranger.0);
        let access_control = office.supportsInterface([0x79, 0x65, 0xdb, 0x0b].into());
        assert!(access_control.call().await?);
        // Neither a call of the administration nor an unknown one takes ETH.
        let address = world.protocol.address(contract);
        let paid = grant_with_one_wei(address, world.stranger.0);
        refused_silently(&world, world.admin, paid).await?;
        let unknown = call(address, vec![0xde, 0xad, 0xbe, 0xef], 0);
        refused_silently(&world, world.admin, unknown).await?;
    }
    Ok(())
}

fn grant_with_one_wei(contract: Address, account: Address) -> TransactionRequest {
    let role = Role::Slasher.id();
    let grant = IAdministration::grantRoleCall { role, account };
    call(contract, grant.abi_encode(), 1)
}

/// 2,100 for the slot, 2,600 for the program's account; the rest are the proxy's own instructions.
#[tokio::test]
async fn a_proxy_adds_its_two_cold_accesses_and_little_more() -> Result<()> {
    let world = World::fresh().await?;
    let gas = async |to| -> Result<u64> {
        let data = IStakingPool::sharesOfCall {
            account: world.stranger.0,
        };
        let request = call(to, data.abi_encode(), 0).with_from(world.stranger.0);
        Ok(send(&world.provider, request).await?.gas_used)
    };
    let direct = gas(world.program(Program::StakingPool)?).await?;
    let through = gas(*world.protocol.pool.address()).await?;
    assert_eq!(through - direct, 4_787);
    Ok(())
}
