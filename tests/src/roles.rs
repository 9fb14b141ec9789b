//! Who may call what: roles, and the doors that only one contract may use.

use std::collections::BTreeSet;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IAdministration::AccessControlUnauthorizedAccount;
use client::abi::IStakingPool::{AlreadyConnected, CallerNotAllowed};
use client::contract::Contract;
use client::protocol::Role;
use eyre::{Result, WrapErr, ensure};

use crate::faces::{arguments, faces, types};
use crate::world::{World, ether};

fn unauthorized(account: Address, role: Role) -> AccessControlUnauthorizedAccount {
    AccessControlUnauthorizedAccount {
        account,
        neededRole: role.id(),
    }
}

#[tokio::test]
async fn every_call_that_takes_a_role_is_refused_to_who_lacks_it() -> Result<()> {
    let world = World::fresh().await?;
    let stranger = world.stranger;
    let mut tried = 0;
    for face in faces(&world) {
        for (selector, signature) in face.methods() {
            let Some(role) = face.role(signature) else {
                continue;
            };
            let data = [&selector[..], &arguments(&types(signature))].concat();
            let request = TransactionRequest::default()
                .with_to(face.address)
                .with_input(data);
            let refused = world.refused(stranger, request, unauthorized(stranger.0, role));
            refused.await.wrap_err(signature)?;
            tried += 1;
        }
    }
    // Nine of the pool, twelve of the registry, three of the queue, and four at each address.
    ensure!(tried == 36, "{tried} calls take a role");
    Ok(())
}

/// Every call that the page of roles lists, with its role and interface, in its first three columns.
fn listed_calls() -> BTreeSet<(String, String, String)> {
    let page = include_str!("../../docs/roles.md");
    let rows = page.lines().filter(|line| line.contains("_ROLE |"));
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().trim_matches('`')));
    let mut listed = BTreeSet::new();
    for mut cells in cells {
        let mut next = || cells.next().unwrap_or_default().to_owned();
        // A row begins with a bar.
        next();
        let row = (next(), next(), next());
        assert!(!listed.contains(&row), "twice: {row:?}");
        listed.insert(row);
    }
    listed
}

#[tokio::test]
async fn the_page_of_roles_lists_every_call_that_takes_one() -> Result<()> {
    let world = World::fresh().await?;
    let mut called = BTreeSet::new();
    for face in faces(&world) {
        for (_, signature) in face.methods() {
            let Some(role) = face.role(signature) else {
                continue;
            };
            let (name, _) = signature.split_once('(').unwrap_or((signature, ""));
            called.insert((
                role.name().to_owned(),
                face.interface.to_owned(),
                name.to_owned(),
            ));
        }
    }
    assert_eq!(listed_calls(), called);
    Ok(())
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
            pool.reportPendingSlash(1).into_transaction_request(),
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
