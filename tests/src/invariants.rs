//! What must hold after every transaction, whoever sent it; numbered as in the table of
//! `contracts/protocol/tests/properties/main.rs`.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use client::books::{self, Books};
use client::contract::Program;
use client::protocol::{DEAD, Rate};
use eyre::{Result, ensure};

use crate::world::World;

/// Everything that a refused transaction must leave as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    books: Books,
    rate: Rate,
    shares: Vec<U256>,
    /// Last request, last finalized one, waiting ones, shares locked in them.
    queue: [U256; 4],
    validators: Vec<(u8, U256, U256, U256)>,
}

impl State {
    /// The state at the latest block.
    pub(crate) async fn read(world: &World) -> Result<Self> {
        let queue = &world.protocol.queue;
        Ok(Self {
            books: books::read(&world.protocol).await?,
            rate: world.protocol.rate().await?,
            shares: shares(world).await?,
            queue: [
                queue.getLastRequestId().call().await?,
                queue.getLastFinalizedRequestId().call().await?,
                queue.unfinalizedRequestNumber().call().await?,
                queue.unfilled().call().await?.shares,
            ],
            validators: validators(world).await?,
        })
    }
}

/// Checks every invariant at the latest block.
pub(crate) async fn hold(world: &World) -> Result<()> {
    let books = books::read(&world.protocol).await?;
    let findings = books.disagreements();
    ensure!(
        books.unexplained().is_zero(),
        "unexplained wei: {findings:?}"
    );
    shares_add_up(world).await?;
    balances_add_up(world).await?;
    the_registry_adds_up(world, &books).await?;
    the_queue_adds_up(world, &books).await
}

/// I1: the shares of everybody are all shares.
async fn shares_add_up(world: &World) -> Result<()> {
    let total = world.protocol.pool.getTotalShares().call().await?;
    let sum = sum(shares(world).await?);
    ensure!(sum == total, "holders have {sum} of {total} shares");
    Ok(())
}

/// I1: balances never exceed the supply, and miss it by less than a wei a holder.
async fn balances_add_up(world: &World) -> Result<()> {
    // Of one block: on a node that others use, time goes on while these are asked.
    let block = world.provider.get_block_number().await?.into();
    let pool = &world.protocol.pool;
    let mut balances = Vec::new();
    for holder in holders(world) {
        balances.push(pool.balanceOf(holder).block(block).call().await?);
    }
    let holders = U256::from(balances.len());
    let supply = pool.totalSupply().block(block).call().await?;
    let sum = sum(balances);
    ensure!(
        sum <= supply && supply - sum <= holders,
        "balances of {sum} wei against a supply of {supply}"
    );
    Ok(())
}

/// The registry's totals are the sums over its validators.
async fn the_registry_adds_up(world: &World, books: &Books) -> Result<()> {
    let validators = validators(world).await?;
    let stake = validators
        .iter()
        .map(|(_, _, delegated, unbonding)| *delegated + *unbonding);
    let stake = sum(stake.collect());
    ensure!(
        stake == books.delegated_at_registry,
        "validators carry {stake}, the registry says {}",
        books.delegated_at_registry
    );
    Ok(())
}

/// I6 and I7: what is locked is the sum of what is claimable and of the parts of an open head.
async fn the_queue_adds_up(world: &World, books: &Books) -> Result<()> {
    let queue = &world.protocol.queue;
    let last: u64 = queue.getLastRequestId().call().await?.to();
    let (mut locked, mut open) = (U256::ZERO, U256::ZERO);
    for id in (1..=last).map(U256::from) {
        let request = queue.requestOf(id).call().await?;
        if !request.claimed {
            locked += request.locked;
        }
        open += request.sharesLeft;
        let listed = queue.getWithdrawalRequests(request.owner).call().await?;
        ensure!(
            listed.iter().filter(|it| **it == id).count() == usize::from(!request.claimed),
            "request {id} is not in its owner's list as it should: {listed:?}"
        );
    }
    let booked = queue.getLockedEtherAmount().call().await?;
    let mut accounts = books.accounts.iter();
    let account = accounts.find(|account| account.program == Program::WithdrawalQueue);
    let balance = account.map(|account| account.balance);
    ensure!(
        locked == booked,
        "requests lock {locked}, the queue says {booked}"
    );
    ensure!(
        balance >= Some(locked),
        "the queue has {balance:?} for {locked}"
    );
    let shares = queue.unfilled().call().await?.shares;
    ensure!(
        open == shares,
        "requests hold {open} shares, the queue says {shares}"
    );
    Ok(())
}

fn holders(world: &World) -> Vec<Address> {
    let mut holders: Vec<Address> = world.people().iter().map(|person| person.0).collect();
    let protocol = &world.protocol;
    holders.extend([
        DEAD,
        *protocol.queue.address(),
        *protocol.wrapped.address(),
        *protocol.vault.address(),
    ]);
    holders
}

async fn shares(world: &World) -> Result<Vec<U256>> {
    let mut shares = Vec::new();
    for holder in holders(world) {
        shares.push(world.protocol.pool.sharesOf(holder).call().await?);
    }
    Ok(shares)
}

async fn validators(world: &World) -> Result<Vec<(u8, U256, U256, U256)>> {
    let registry = &world.protocol.registry;
    let mut validators = Vec::new();
    for id in 1..=registry.validatorCount().call().await? {
        let one = registry.validator(id).call().await?;
        validators.push((one.status, one.bond, one.delegated, one.unbonding));
    }
    Ok(validators)
}

fn sum(amounts: Vec<U256>) -> U256 {
    amounts
        .into_iter()
        .fold(U256::ZERO, |sum, amount| sum + amount)
}
