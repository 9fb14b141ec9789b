//! Who may call what: roles, and the doors that only one contract may use.

use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IAdministration::AccessControlUnauthorizedAccount;
use client::abi::IStakingPool::{AlreadyConnected, CallerNotAllowed};
use client::contract::Contract;
use client::protocol::Role;
use eyre::Result;

use crate::world::{World, ether};

fn unauthorized(account: Address, role: Role) -> AccessControlUnauthorizedAccount {
    AccessControlUnauthorizedAccount {
        account,
        neededRole: role.id(),
    }
}

/// Each call is refused to who has no role, by the name of the role that it takes.
async fn refused_to_strangers<const CALLS: usize>(
    world: &World,
    guarded: [(TransactionRequest, Role); CALLS],
) -> Result<()> {
    let stranger = world.stranger;
    for (request, role) in guarded {
        let expected = unauthorized(stranger.0, role);
        world.refused(stranger, request, expected).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_pool_refuses_every_call_whose_role_is_missing() -> Result<()> {
    let world = World::fresh().await?;
    let (pool, stranger) = (&world.protocol.pool, world.stranger);
    let office = &world.protocol.administration(Contract::StakingPool);
    let guarded = [
        (
            office.pause(0, 86_400).into_transaction_request(),
            Role::Pauser,
        ),
        (office.unpause(0).into_transaction_request(), Role::Pauser),
        (
            pool.setStakingLimit(ether(1), 60)
                .into_transaction_request(),
            Role::Limiter,
        ),
        (
            pool.setTargetBuffer(ether(1)).into_transaction_request(),
            Role::Admin,
        ),
        (
            office
                .grantRole(Role::Pauser.id(), stranger.0)
                .into_transaction_request(),
            Role::Admin,
        ),
        (
            office
                .revokeRole(Role::Pauser.id(), world.admin.0)
                .into_transaction_request(),
            Role::Admin,
        ),
    ];
    refused_to_strangers(&world, guarded).await
}

#[tokio::test]
async fn the_registry_and_the_queue_refuse_every_call_whose_role_is_missing() -> Result<()> {
    let world = World::with_validators().await?;
    let registry = &world.protocol.registry;
    let contracts = [Contract::ValidatorRegistry, Contract::WithdrawalQueue];
    let [of_registry, of_queue] =
        &contracts.map(|contract| world.protocol.administration(contract));
    let stranger = world.stranger;
    let guarded = [
        (
            world.slash(1, ether(1), B256::repeat_byte(1)),
            Role::Slasher,
        ),
        (registry.jail(1, 0).into_transaction_request(), Role::Jailer),
        (
            of_registry.pause(0, 86_400).into_transaction_request(),
            Role::Pauser,
        ),
        (
            registry.sweepSurplusToCover().into_transaction_request(),
            Role::Admin,
        ),
        (
            of_queue.pause(0, 86_400).into_transaction_request(),
            Role::Pauser,
        ),
        (
            of_queue
                .grantRole(Role::Pauser.id(), stranger.0)
                .into_transaction_request(),
            Role::Admin,
        ),
    ];
    refused_to_strangers(&world, guarded).await
}

#[tokio::test]
async fn the_doors_between_the_contracts_are_closed_to_everybody_else() -> Result<()> {
    let world = World::with_validators().await?;
    let (pool, registry, queue) = (
        &world.protocol.pool,
        &world.protocol.registry,
        &world.protocol.queue,
    );
    let one = ether(1);
    let doors = [
        (
            pool.reportLoss(one).into_transaction_request(),
            *registry.address(),
        ),
        (
            pool.receiveReturned().value(one).into_transaction_request(),
            *registry.address(),
        ),
        (
            pool.fillWithdrawals(one, one).into_transaction_request(),
            *queue.address(),
        ),
        (
            registry
                .delegate(one, one, U256::from(4))
                .value(one)
                .into_transaction_request(),
            *pool.address(),
        ),
        (
            registry
                .undelegate(one, U256::from(4))
                .into_transaction_request(),
            *pool.address(),
        ),
    ];
    // The admin holds every role, which opens none of these.
    for (request, expected) in doors {
        let refusal = CallerNotAllowed {
            caller: world.admin.0,
            expected,
        };
        world.refused(world.admin, request, refusal).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_contracts_are_connected_once() -> Result<()> {
    let world = World::fresh().await?;
    let pool = &world.protocol.pool;
    let (registry, queue) = (
        *world.protocol.registry.address(),
        *world.protocol.queue.address(),
    );
    let again = pool.connect(registry, queue).into_transaction_request();
    world
        .refused(world.admin, again.clone(), AlreadyConnected {})
        .await?;
    let expected = unauthorized(world.stranger.0, Role::Admin);
    world.refused(world.stranger, again, expected).await
}

#[tokio::test]
async fn a_role_that_was_given_up_is_gone() -> Result<()> {
    let world = World::fresh().await?;
    let office = &world.protocol.administration(Contract::StakingPool);
    let renounce = office.renounceRole(Role::Pauser.id(), world.admin.0);
    world
        .send(world.admin, renounce.into_transaction_request())
        .await?;
    let pause = office.pause(0, 86_400).into_transaction_request();
    world
        .refused(
            world.admin,
            pause,
            unauthorized(world.admin.0, Role::Pauser),
        )
        .await
}
