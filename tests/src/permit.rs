//! Permits with real keys and real wallets: what is signed off chain moves lsETH, once and here only.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, eip712_domain};
use client::abi::IStakingPool::ERC2612InvalidSigner;
use client::connection::well_known_key;
use client::permit::{Permit, Signature, sign};
use eyre::Result;

use crate::puppet;
use crate::world::{World, ether};

/// Answers every call with the magic value of ERC-1271:
/// `PUSH4 1626ba7e · PUSH1 e0 · SHL · PUSH1 0 · MSTORE · PUSH1 20 · PUSH1 0 · RETURN`.
const AGREES: &[u8] = &alloy::hex!("631626ba7e60e01b60005260206000f3");
/// The same, and 64 KB of zeros after it: the length is `PUSH3 010000`.
const AGREES_AT_LENGTH: &[u8] = &alloy::hex!("631626ba7e60e01b600052620100006000f3");
/// Runs until its gas is gone: `JUMPDEST · PUSH1 0 · JUMP`.
const BURNS: &[u8] = &alloy::hex!("5b600056");

/// Carol's key. She has 10 ETH of lsETH and signs; others send.
async fn holder(world: &World) -> Result<PrivateKeySigner> {
    world.deposit(world.carol, ether(10)).await?;
    Ok(world.key(world.carol)?.clone())
}

async fn domain(world: &World) -> Result<Eip712Domain> {
    Ok(eip712_domain! {
        name: "Liquid staked ETH",
        version: "1",
        chain_id: world.provider.get_chain_id().await?,
        verifying_contract: *world.protocol.pool.address(),
    })
}

/// A permit of `owner` for Bob, whoever signs it, to be submitted.
async fn permit(
    world: &World,
    owner: Address,
    key: &PrivateKeySigner,
    domain: &Eip712Domain,
) -> Result<TransactionRequest> {
    let pool = &world.protocol.pool;
    let permit = Permit {
        owner,
        spender: world.bob.0,
        value: ether(4),
        nonce: pool.nonces(owner).call().await?,
        deadline: U256::MAX,
    };
    let Signature { v, r, s } = sign(key, domain.separator(), &permit)?;
    let call = pool.permit_0(
        owner,
        permit.spender,
        permit.value,
        permit.deadline,
        v,
        r,
        s,
    );
    Ok(call.into_transaction_request())
}

/// A permit of the contract `owner` for Bob, with a signature that only it can judge.
fn wallet_permit(world: &World, owner: Address) -> TransactionRequest {
    let signature = Bytes::from_static(b"whatever this wallet accepts");
    let pool = &world.protocol.pool;
    let call = pool.permit_1(owner, world.bob.0, ether(4), U256::MAX, signature);
    call.into_transaction_request()
}

#[tokio::test]
async fn what_a_key_signed_can_be_moved_without_a_transaction_of_its_owner() -> Result<()> {
    let world = World::fresh().await?;
    let key = holder(&world).await?;
    let owner = key.address();
    let signed = permit(&world, owner, &key, &domain(&world).await?).await?;
    let first = world.send(world.stranger, signed).await?;
    let pool = &world.protocol.pool;
    let take = pool.transferFrom(owner, world.alice.0, ether(4));
    world
        .send(world.bob, take.into_transaction_request())
        .await?;
    assert_eq!(world.balance(world.alice).await?, ether(4));
    assert_eq!(pool.nonces(owner).call().await?, U256::ONE);
    // Lido's stETH takes 104,675 for the first and 70,487 for later ones on a Nitro node.
    assert!(first.gas_used < 104_675, "{}", first.gas_used);
    let signed = permit(&world, owner, &key, &domain(&world).await?).await?;
    world.send(world.stranger, signed).await?;
    let signed = permit(&world, owner, &key, &domain(&world).await?).await?;
    let later = world.send(world.stranger, signed).await?;
    assert!(later.gas_used < 70_487, "{}", later.gas_used);
    Ok(())
}

#[tokio::test]
async fn a_permit_counts_once() -> Result<()> {
    let world = World::fresh().await?;
    let key = holder(&world).await?;
    let signed = permit(&world, key.address(), &key, &domain(&world).await?).await?;
    world.send(world.stranger, signed.clone()).await?;
    let refused: ERC2612InvalidSigner = world.refusal(signed).await?;
    assert_eq!(refused.owner, key.address());
    Ok(())
}

#[tokio::test]
async fn a_permit_for_another_chain_or_another_token_does_not_count() -> Result<()> {
    let world = World::fresh().await?;
    let key = holder(&world).await?;
    let here = domain(&world).await?;
    let mut elsewhere = [here.clone(), here];
    elsewhere[0].chain_id = Some(U256::from(1));
    elsewhere[1].verifying_contract = Some(*world.protocol.queue.address());
    for domain in elsewhere {
        let signed = permit(&world, key.address(), &key, &domain).await?;
        let refused: ERC2612InvalidSigner = world.refusal(signed).await?;
        assert_eq!(refused.owner, key.address());
    }
    Ok(())
}

#[tokio::test]
async fn a_permit_signed_by_somebody_else_names_who_signed_it() -> Result<()> {
    let world = World::fresh().await?;
    let owner = holder(&world).await?.address();
    let thief = well_known_key("thief");
    let signed = permit(&world, owner, &thief, &domain(&world).await?).await?;
    let expected = ERC2612InvalidSigner {
        signer: thief.address(),
        owner,
    };
    world.refused(world.bob, signed, expected).await
}

#[tokio::test]
async fn a_wallet_permits_by_its_own_rules_however_long_it_talks() -> Result<()> {
    let world = World::fresh().await?;
    for code in [AGREES, AGREES_AT_LENGTH] {
        let wallet = puppet::create(&world, code).await?;
        world.send(world.bob, wallet_permit(&world, wallet)).await?;
        let allowance = world.protocol.pool.allowance(wallet, world.bob.0);
        assert_eq!(allowance.call().await?, ether(4));
    }
    Ok(())
}

#[tokio::test]
async fn a_wallet_that_burns_gas_burns_no_more_than_its_share() -> Result<()> {
    let world = World::fresh().await?;
    let wallet = puppet::create(&world, BURNS).await?;
    // 400,000 for the wallet; the rest of the call gets along with a tenth of a million.
    let request = wallet_permit(&world, wallet).with_gas_limit(500_000);
    let refused: ERC2612InvalidSigner = world.refusal(request).await?;
    assert_eq!(refused.owner, wallet);
    Ok(())
}
