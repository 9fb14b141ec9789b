//! Upgrades: a next version of each contract, with a field more, keeps all that was there.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::sol;
use alloy::sol_types::SolCall;
use client::artifact::Artifact;
use client::contract::Contract;
use client::protocol::Role;
use client::{clock, compile, deploy, proxy};
use eyre::{OptionExt, Result, ensure, eyre};
use nitro_devnode::chain::{CallOptions, CallRequest};

use crate::faces::{faces, types};
use crate::world::{World, ether};

sol!(
    #[sol(rpc)]
    "interfaces/Next.sol"
);

/// Slots that are compared one by one; no contract uses as many.
const SLOTS: u64 = 64;

/// What every view answers, whatever it is asked, by the call.
type Views = BTreeMap<(Address, Bytes), Result<Bytes, String>>;

/// The next version of every contract, built once.
fn next_artifacts() -> Result<&'static [Artifact]> {
    static ARTIFACTS: OnceLock<Result<Vec<Artifact>, String>> = OnceLock::new();
    let built = ARTIFACTS.get_or_init(|| {
        compile::next_contracts(&compile::workspace()).map_err(|error| error.to_string())
    });
    built.as_deref().map_err(|error| eyre!("{error}"))
}

/// A protocol in which everything that can be stored is stored.
async fn lived_in() -> Result<World> {
    let world = World::with_validators().await?;
    world.deposit(world.alice, ether(60)).await?;
    world.deposit(world.bob, ether(40)).await?;
    world.rebalance().await?;
    world.distribute(ether(1)).await?;
    world.advance(200 * 86_400).await?;
    let allow = world.protocol.pool.approve(world.carol.0, ether(3));
    world
        .send(world.bob, allow.into_transaction_request())
        .await?;
    let slash = world.slash(2, ether(1), B256::repeat_byte(7));
    world.send_a_loss(world.admin, slash).await?;
    world.request(world.alice, ether(8)).await?;
    world.request(world.bob, ether(30)).await?;
    world.finalize(100).await?;
    world.rebalance().await?;
    world.pause(Contract::StakingPool, 1).await?;
    Ok(world)
}

/// The values with which parameters of a type are tried.
fn candidates(world: &World, kind: &str) -> Vec<U256> {
    match kind {
        "address" => {
            let people = world.people().into_iter().map(|person| person.0);
            let contracts = Contract::ALL.map(|contract| world.protocol.address(contract));
            let addresses = people.chain(contracts);
            addresses
                .map(|address| U256::from_be_bytes(address.into_word().0))
                .collect()
        }
        "bytes32" => Role::ALL.map(|role| role.id().into()).into(),
        "bytes4" => vec![U256::from(0x7965_db0b_u64) << 224],
        _ => vec![U256::ONE, U256::from(2), U256::from(3), U256::ZERO],
    }
}

/// The calldata of a method, for each of the candidates; lists hold the ids 1 and 2.
fn questions(world: &World, selector: [u8; 4], kinds: &[&str]) -> Vec<Bytes> {
    let values: Vec<_> = kinds.iter().map(|kind| candidates(world, kind)).collect();
    let most = values.iter().map(Vec::len).max().unwrap_or(1);
    let question = |number: usize| {
        let mut words = Vec::new();
        let mut tail = Vec::new();
        for (kind, values) in kinds.iter().zip(&values) {
            if kind.ends_with("[]") {
                words.push(U256::from(32 * (kinds.len() + tail.len())));
                tail.extend([U256::from(2), U256::ONE, U256::from(2)]);
            } else {
                words.push(values[number % values.len()]);
            }
        }
        words.extend(tail);
        let words = words.iter().flat_map(U256::to_be_bytes::<32>);
        Bytes::from_iter(selector.into_iter().chain(words))
    };
    (0..most).map(question).collect()
}

/// All answers, as they will be at `timestamp`: some depend on the time.
fn views(world: &World, timestamp: u64) -> Result<Views> {
    let head = world.reader().head().ok_or_eyre("a chain has a head")?;
    let mut views = Views::new();
    let at = || CallOptions {
        timestamp: Some(timestamp),
        ..CallOptions::default()
    };
    for face in faces(world) {
        for (selector, signature) in face.methods().filter(|method| face.is_view(method.1)) {
            for data in questions(world, selector, &types(signature)) {
                let request = CallRequest {
                    to: Some(face.address),
                    data: data.clone(),
                    ..CallRequest::default()
                };
                let answer = world.reader().call(&request, &head, at());
                let answer = answer.map_err(|error| format!("{error} {:?}", error.data()));
                views.insert((face.address, data), answer);
            }
        }
    }
    Ok(views)
}

/// Refuses the first answer that differs.
fn compare(now: &Views, before: &Views) -> Result<()> {
    for (question, answer) in before {
        let now = now.get(question);
        ensure!(now == Some(answer), "{question:?}: {now:?} was {answer:?}");
    }
    Ok(())
}

/// The lowest slots of a contract.
async fn slots(world: &World, contract: Contract) -> Result<Vec<U256>> {
    let address = world.protocol.address(contract);
    let mut slots = Vec::new();
    for slot in 0..SLOTS {
        let word = world.provider.get_storage_at(address, U256::from(slot));
        slots.push(word.await?);
    }
    Ok(slots)
}

#[tokio::test]
async fn the_next_version_of_each_contract_keeps_all_that_was_there() -> Result<()> {
    let world = lived_in().await?;
    // Later than all that follows.
    let later = clock::now(&world.provider).await? + 86_400;
    let before = views(&world, later)?;
    // Fewer would mean that views are no longer found.
    assert!(before.len() > 250, "{} questions", before.len());
    for contract in Contract::ALL {
        let artifacts = next_artifacts()?.iter();
        let mut artifacts = artifacts.filter(|artifact| artifact.program == contract.program());
        let artifact = artifacts
            .next()
            .ok_or_eyre("every contract has a next version")?;
        let next = deploy::deploy(&world.provider, world.admin.0, artifact).await?;
        let stored = slots(&world, contract).await?;
        let set = INext::setAddedCall {
            value: U256::from(7),
        };
        let address = world.protocol.address(contract);
        let upgrade = proxy::upgrade(address, next.address, set.abi_encode().into());
        world.send(world.upgrader, upgrade).await?;
        let added = INext::new(address, &world.provider).added().call().await?;
        assert_eq!(added, U256::from(7));
        // One slot more, behind all others.
        let kept = slots(&world, contract).await?;
        let differing: Vec<_> = (0..stored.len())
            .filter(|slot| stored[*slot] != kept[*slot])
            .collect();
        let [slot] = differing[..] else {
            eyre::bail!("{contract}: slots {differing:?} changed");
        };
        assert_eq!(kept[slot], U256::from(7));
        assert!(kept[slot + 1..].iter().all(U256::is_zero), "{contract}");
        compare(&views(&world, later)?, &before)?;
    }
    // All three are the next version now, and life goes on.
    let office = world.protocol.administration(Contract::StakingPool);
    world
        .send(world.admin, office.unpause(1).into_transaction_request())
        .await?;
    world.deposit(world.carol, ether(50)).await?;
    world.finalize(100).await?;
    world.claim(world.bob, U256::from(2)).await?;

    // And back: what the next version wrote is still there, and still in nobody's way.
    let before = views(&world, later)?;
    for contract in Contract::ALL {
        let address = world.protocol.address(contract);
        let program = world.program(contract.program())?;
        let back = proxy::upgrade(address, program, Bytes::new());
        world.send(world.upgrader, back).await?;
    }
    compare(&views(&world, later)?, &before)?;
    Ok(())
}
