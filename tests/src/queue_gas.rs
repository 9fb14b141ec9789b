//! What the queue costs, against Lido's as it is deployed, on the same kind of node.
//!
//! The programs are as cached as a fresh deployment leaves them; the numbers of the other side are
//! receipts of a real Nitro node.

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionReceipt;
use eyre::{Result, ensure};

use crate::world::{World, ether};

/// Refuses a step that costs as much as `limit` or more.
fn cheaper(step: &str, receipt: &TransactionReceipt, limit: u64) -> Result<()> {
    let gas = receipt.gas_used;
    println!("{step}: {gas} gas, {limit} there");
    ensure!(gas < limit, "{step} costs {gas} gas, {limit} there");
    Ok(())
}

#[tokio::test]
async fn every_step_of_a_withdrawal_costs_less_than_at_lidos() -> Result<()> {
    let world = World::fresh().await?;
    let queue = &world.protocol.queue;
    for person in [world.alice, world.bob] {
        world.deposit(person, ether(30)).await?;
        world.allow_queue(person).await?;
    }
    let request = |amounts| {
        let call = queue.requestWithdrawals(amounts, Address::ZERO);
        call.into_transaction_request()
    };
    let first = world.send(world.alice, request(vec![ether(1)])).await?;
    cheaper("first request ever", &first, 249_346)?;
    let new = world.send(world.bob, request(vec![ether(1)])).await?;
    cheaper("first request of an owner", &new, 215_146)?;
    let steady = world.send(world.alice, request(vec![ether(1)])).await?;
    cheaper("request", &steady, 198_046)?;
    let ten = world.send(world.alice, request(vec![ether(1); 10])).await?;
    cheaper("ten requests", &ten, 1_230_435)?;

    let sale = queue.transferFrom(world.alice.0, world.bob.0, U256::from(3));
    let sold = world
        .send(world.alice, sale.into_transaction_request())
        .await?;
    cheaper("transfer of a position", &sold, 95_775)?;

    let first = world.finalize(1).await?;
    cheaper("first finalization ever", &first, 158_622)?;
    let one = world.finalize(1).await?;
    cheaper("finalization of one", &one, 107_322)?;
    world.finalize(100).await?;

    let claim = world.claim(world.alice, U256::from(1)).await?;
    cheaper("claim", &claim, 85_278)?;
    let five = (4..9).map(U256::from).collect();
    let claims = queue.claimWithdrawals(five, Vec::new());
    let five = world
        .send(world.alice, claims.into_transaction_request())
        .await?;
    cheaper("five claims", &five, 198_848)
}
