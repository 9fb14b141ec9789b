//! Scenarios that run on any node: on one of their own, or on the one at `NITRO_URL`.
//!
//! Amounts are small, because the dev account of a `nitro --dev` has 1,000 ETH and what is bonded or
//! staked does not come back. Where the clock cannot be moved, what takes time is left out with a
//! notice.

use alloy::network::TransactionBuilder;
use alloy::primitives::B256;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use client::abi::IWithdrawalQueue::WithdrawalClaimed;
use client::connection::connect;
use client::send::send;
use eyre::{OptionExt, Result, ensure};
use tokio::sync::Mutex;

use crate::world::{World, ether, milliether};

/// The dev account of every `nitro --dev`.
const DEV_KEY: &str = "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";

/// Everybody in a world.
const PEOPLE: usize = 11;

/// Held while a scenario settles in: all people are paid from one account, and programs that two
/// activate at once are refused to the second.
pub(crate) static SETTLING: Mutex<()> = Mutex::const_new(());

/// People nobody has met, so that scenarios on one chain do not see each other.
pub(crate) fn people() -> Vec<PrivateKeySigner> {
    (0..PEOPLE).map(|_| PrivateKeySigner::random()).collect()
}

/// Gives each of them 4 ETH: enough for a bond of 2, a stake of 3 and gas.
pub(crate) async fn fund(url: &str, people: &[PrivateKeySigner]) -> Result<()> {
    let dev: PrivateKeySigner = DEV_KEY.parse()?;
    let (bank, _) = connect(url, std::slice::from_ref(&dev)).await?;
    for person in people {
        let purse = TransactionRequest::default()
            .with_from(dev.address())
            .with_to(person.address())
            .with_value(ether(4));
        send(&bank, purse).await?;
    }
    Ok(())
}

/// Whether the node's clock can be moved; says what is left out where it cannot.
async fn travels(world: &World, left_out: &str) -> bool {
    if world.advance(1).await.is_ok() {
        return true;
    }
    println!("notice: not tested, {left_out}: this node does not move its clock");
    false
}

#[tokio::test]
async fn a_deposit_buys_shares_that_can_be_sent_on() -> Result<()> {
    let world = World::anywhere().await?;
    world.deposit(world.alice, ether(2)).await?;
    assert_eq!(world.balance(world.alice).await?, ether(2));
    let transfer = world.protocol.pool.transfer(world.bob.0, ether(1));
    world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    assert_eq!(world.balance(world.alice).await?, ether(1));
    assert_eq!(world.balance(world.bob).await?, ether(1));
    Ok(())
}

#[tokio::test]
async fn a_request_is_paid_from_what_is_not_staked_yet() -> Result<()> {
    let world = World::anywhere().await?;
    world.deposit(world.alice, ether(3)).await?;
    let id = world.request(world.alice, ether(1)).await?;
    world.finalize(100).await?;
    let receipt = world.claim(world.stranger, id).await?;
    let claimed = receipt.decoded_log::<WithdrawalClaimed>();
    let claimed = claimed.ok_or_eyre("a claim emits its event")?;
    assert_eq!(claimed.amountOfETH, ether(1));
    assert_eq!(claimed.receiver, world.alice.0);
    Ok(())
}

#[tokio::test]
async fn a_bond_pays_for_a_penalty_and_comes_back_after_the_unbonding() -> Result<()> {
    let world = World::anywhere().await?;
    world.bond(ether(2)).await?;
    world.deposit(world.alice, ether(3)).await?;
    world.rebalance().await?;
    let rate = world.protocol.rate().await?;
    let slash = world.slash(1, milliether(500), B256::repeat_byte(1));
    world.send(world.admin, slash).await?;
    assert_eq!(world.protocol.rate().await?, rate);
    let registry = &world.protocol.registry;
    let validator = registry.validator(1).call().await?;
    assert_eq!(validator.bond, milliether(1_500));

    if !travels(&world, "how a bond comes back").await {
        return Ok(());
    }
    let [_, operator, ..] = world.operators;
    world
        .send(operator, registry.exit(2).into_transaction_request())
        .await?;
    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    let before = world.wei(operator.0).await?;
    let withdraw = registry.withdrawBond(2).into_transaction_request();
    world.send(operator, withdraw).await?;
    let back = world.wei(operator.0).await? - before;
    ensure!(back > milliether(1_990), "{back} wei came back");
    ensure!(back < ether(2), "gas is paid for, and {back} wei came back");
    Ok(())
}

#[tokio::test]
async fn rewards_raise_the_rate_as_they_are_released() -> Result<()> {
    let world = World::anywhere().await?;
    // With the bootstrap deposit of 0.01 ETH, two.
    world.deposit(world.alice, milliether(1_990)).await?;
    world.distribute(milliether(20)).await?;
    let pool = &world.protocol.pool;
    let release = pool.release().call().await?;
    assert_eq!(release.amount, milliether(18));
    if !travels(&world, "how rewards are released").await {
        return Ok(());
    }
    world.advance(release.end - release.start).await?;
    let pooled = pool.getTotalPooledEther().call().await?;
    assert_eq!(pooled, milliether(2_020));
    Ok(())
}
