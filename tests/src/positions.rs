//! Positions of the queue as tokens: sold, sent to contracts, listed and drawn.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use client::abi::IWithdrawalQueue::{
    ERC721InvalidReceiver, ERC721NonexistentToken, RequestAlreadyClaimed, TransferFailed,
    WithdrawalClaimed, claimWithdrawalCall,
};
use eyre::{OptionExt, Result, ensure};
use serde_json::Value;

use crate::puppet;
use crate::world::{World, ether, milliether};

/// Alice and Bob have 30 ETH each in a pool that delegates nothing.
async fn buffered() -> Result<World> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(30)).await?;
    world.deposit(world.bob, ether(30)).await?;
    Ok(world)
}

#[tokio::test]
async fn a_sold_position_pays_its_new_owner() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let queue = &world.protocol.queue;
    // A marketplace moves it, as the seller allowed.
    let approve = queue.approve(world.carol.0, id);
    world
        .send(world.alice, approve.into_transaction_request())
        .await?;
    let sale = queue.safeTransferFrom_0(world.alice.0, world.bob.0, id);
    world
        .send(world.carol, sale.into_transaction_request())
        .await?;
    assert_eq!(queue.ownerOf(id).call().await?, world.bob.0);
    assert_eq!(queue.getApproved(id).call().await?, Address::ZERO);
    world.finalize(1).await?;
    let before = world.wei(world.bob.0).await?;
    // Anyone may trigger it.
    world.claim(world.alice, id).await?;
    assert_eq!(world.wei(world.bob.0).await? - before, ether(10));
    let gone = ERC721NonexistentToken { tokenId: id };
    let resale = queue.transferFrom(world.bob.0, world.carol.0, id);
    world
        .refused(world.bob, resale.into_transaction_request(), gone)
        .await
}

#[tokio::test]
async fn a_contract_that_refuses_tokens_is_sent_none() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let refuser = puppet::refuser(&world).await?;
    // The token itself is a contract that knows nothing of tokens like this.
    for receiver in [refuser, *world.protocol.pool.address()] {
        let queue = &world.protocol.queue;
        let transfer = queue.safeTransferFrom_1(world.alice.0, receiver, id, "data".into());
        let request = transfer.into_transaction_request();
        world
            .refused(world.alice, request, ERC721InvalidReceiver { receiver })
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_claims_while_it_is_asked_is_paid_once() -> Result<()> {
    let world = buffered().await?;
    let id = world.request(world.alice, ether(10)).await?;
    let other = world.request(world.bob, ether(5)).await?;
    world.finalize(2).await?;
    let queue = &world.protocol.queue;
    // It claims when it gets the token, and tries once more when it gets the ETH.
    let claim = claimWithdrawalCall { requestId: id }.abi_encode();
    let greedy = puppet::caller(&world, *queue.address(), &claim).await?;
    let transfer = queue.safeTransferFrom_0(world.alice.0, greedy, id);
    let receipt = world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    let claimed = receipt
        .decoded_log::<WithdrawalClaimed>()
        .ok_or_eyre("it claims")?;
    assert_eq!(claimed.owner, greedy);
    assert_eq!(world.wei(greedy).await?, ether(10));
    assert_eq!(queue.getLockedEtherAmount().call().await?, ether(5));
    world.claim(world.bob, other).await?;
    Ok(())
}

#[tokio::test]
async fn a_receiver_of_eth_that_calls_back_claims_nothing_twice() -> Result<()> {
    let world = buffered().await?;
    let queue = &world.protocol.queue;
    // The second position of the same owner cannot be claimed from within the first claim either.
    let nested = claimWithdrawalCall {
        requestId: U256::from(2),
    };
    let greedy = puppet::caller(&world, *queue.address(), &nested.abi_encode()).await?;
    for _ in 0..2 {
        world.request_for(world.alice, greedy, ether(3)).await?;
    }
    world.finalize(2).await?;
    world.claim(world.stranger, U256::from(1)).await?;
    assert_eq!(world.wei(greedy).await?, ether(3));
    world.claim(world.stranger, U256::from(2)).await?;
    assert_eq!(world.wei(greedy).await?, ether(6));
    let again = queue.claimWithdrawal(U256::from(2));
    let expected = RequestAlreadyClaimed {
        requestId: U256::from(2),
    };
    world
        .refused(world.stranger, again.into_transaction_request(), expected)
        .await
}

#[tokio::test]
async fn an_owner_that_takes_no_ether_blocks_nobody() -> Result<()> {
    let world = buffered().await?;
    let refuser = puppet::refuser(&world).await?;
    let first = world.request_for(world.alice, refuser, ether(3)).await?;
    let second = world.request(world.bob, ether(4)).await?;
    world.finalize(2).await?;
    let queue = &world.protocol.queue;
    let claim = queue.claimWithdrawal(first);
    let expected = TransferFailed {
        receiver: refuser,
        assets: ether(3),
    };
    world
        .refused(world.stranger, claim.into_transaction_request(), expected)
        .await?;
    world.claim(world.stranger, second).await?;
    let third = world.request(world.bob, ether(4)).await?;
    world.finalize(1).await?;
    world.claim(world.bob, third).await?;
    assert_eq!(queue.getLockedEtherAmount().call().await?, ether(3));
    Ok(())
}

#[tokio::test]
async fn positions_are_listed_by_owner_and_by_page() -> Result<()> {
    let world = buffered().await?;
    let queue = &world.protocol.queue;
    world.allow_queue(world.alice).await?;
    let request = queue.requestWithdrawals(vec![ether(1); 6], Address::ZERO);
    world
        .send(world.alice, request.into_transaction_request())
        .await?;
    let sale = queue.transferFrom(world.alice.0, world.bob.0, U256::from(2));
    world
        .send(world.alice, sale.into_transaction_request())
        .await?;
    let owned = queue.getWithdrawalRequests(world.alice.0).call().await?;
    assert_eq!(owned, [1, 6, 3, 4, 5].map(U256::from));
    let page = queue.getWithdrawalRequestsPage(world.alice.0, U256::from(3), U256::from(9));
    assert_eq!(page.call().await?, [4, 5].map(U256::from));
    let second = queue.tokenOfOwnerByIndex(world.bob.0, U256::ZERO);
    assert_eq!(second.call().await?, U256::from(2));
    assert_eq!(queue.balanceOf(world.alice.0).call().await?, U256::from(5));
    Ok(())
}

/// What stands behind `prefix` in base64.
fn decoded(uri: &str, prefix: &str) -> Result<String> {
    let encoded = uri.strip_prefix(prefix).ok_or_eyre("another prefix")?;
    Ok(String::from_utf8(BASE64.decode(encoded)?)?)
}

/// The metadata of a position and the words in its picture.
async fn drawn(world: &World, id: U256) -> Result<(Value, Vec<String>)> {
    let uri = world.protocol.queue.tokenURI(id).call().await?;
    ensure!(uri.len() < 8_192, "{} bytes", uri.len());
    let json: Value = serde_json::from_str(&decoded(&uri, "data:application/json;base64,")?)?;
    let image = json.get("image").and_then(Value::as_str);
    let svg = decoded(
        image.ok_or_eyre("no picture")?,
        "data:image/svg+xml;base64,",
    )?;
    let picture = roxmltree::Document::parse(&svg)?;
    let mut words = Vec::new();
    for node in picture.descendants() {
        let name = node.tag_name().name();
        ensure!(["", "svg", "rect", "g", "text"].contains(&name), "{name}");
        ensure!(
            node.attributes().all(|it| !it.name().starts_with("on")),
            "a script in {name}"
        );
        if name == "text" {
            words.extend(node.text().map(str::to_owned));
        }
    }
    Ok((json, words))
}

fn attribute<'a>(json: &'a Value, name: &str) -> Option<&'a Value> {
    let attributes = json.get("attributes")?.as_array()?;
    let found = attributes.iter().find(|it| it["trait_type"] == name)?;
    found.get("value")
}

#[tokio::test]
async fn a_position_is_drawn_in_every_state() -> Result<()> {
    let world = World::with_stake().await?;
    let id = world.request(world.alice, milliether(50_500)).await?;
    let (json, words) = drawn(&world, id).await?;
    assert_eq!(json["name"], "lsETH withdrawal #1");
    let shown = [
        "lsETH withdrawal",
        "#1",
        "50.5 ETH",
        "filled: 0 ETH",
        "waiting",
    ];
    assert_eq!(words, shown);

    // 20 of 100 ETH lie in the pool.
    world.finalize(1).await?;
    let (json, words) = drawn(&world, id).await?;
    assert_eq!(words.last().map(String::as_str), Some("filled in part"));
    assert_eq!(attribute(&json, "Filled (ETH)"), Some(&"20".into()));

    world.rebalance().await?;
    world.advance(7 * 86_400).await?;
    world.rebalance().await?;
    world.finalize(1).await?;
    let (json, words) = drawn(&world, id).await?;
    assert_eq!(words.last().map(String::as_str), Some("claimable"));
    assert_eq!(attribute(&json, "Amount (ETH)"), Some(&"50.5".into()));
    assert_eq!(attribute(&json, "Status"), Some(&"claimable".into()));

    world.claim(world.alice, id).await?;
    let gone = ERC721NonexistentToken { tokenId: id };
    let drawing = world.protocol.queue.tokenURI(id).into_transaction_request();
    world.refused(world.alice, drawing, gone).await
}
