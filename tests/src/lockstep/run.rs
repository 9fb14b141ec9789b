//! Sends an operation to the chain, gives it to the model, and compares what both say.

use std::collections::BTreeMap;
use std::fmt;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, Log, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use client::protocol::DEAD;
use client::revert::Revert;
use eyre::{OptionExt, Result, ensure, eyre};
use nitro_devnode::chain::{CallError, CallOptions, CallRequest, Reader};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::model::{Accepted, Addresses, Model, Refusal, Release, Status, Validator, View};
use super::operation::{Act, Operation};
use crate::world::{World, ether};

/// Longest leap of the clock in one step; 400 of them stay within a program's year.
const LONGEST_LEAP: u64 = 40 * 86_400;
/// What all leaps together may take: programs expire after 365 days.
const ALL_LEAPS: u64 = 300 * 86_400;
/// Enough for any operation, and known, so that refused ones are sent as well.
const GAS: u64 = 8_000_000;

/// How many operations of each kind were accepted and refused.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<String, (u32, u32)>);

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (act, (accepted, refused)) in &self.0 {
            write!(f, " {act} {accepted}+{refused}")?;
        }
        Ok(())
    }
}

/// A chain, a model, and the dice.
pub(super) struct Lockstep {
    world: World,
    model: Model,
    rng: ChaCha8Rng,
    people: Vec<Address>,
    leapt: u64,
    tally: Tally,
}

impl Lockstep {
    /// A fresh chain with four validators, and a model that knows it.
    pub(super) async fn begin(seed: u64) -> Result<Self> {
        let world = World::with_validators().await?;
        world.deposit(world.alice, ether(30)).await?;
        let reward = world.distribute(ether(1)).await?;
        let block = reward.block_number.ok_or_eyre("a mined receipt")?;
        let model = model_of(&world, block).await?;
        let people = [
            world.alice,
            world.bob,
            world.carol,
            world.treasury,
            world.operators[0],
        ];
        let people = people.map(|person| person.0).to_vec();
        for account in &people {
            let wealth = (*account, U256::from(1_u128 << 100));
            let _: serde_json::Value = world
                .provider
                .raw_request("anvil_setBalance".into(), wealth)
                .await?;
        }
        Ok(Self {
            world,
            model,
            rng: ChaCha8Rng::seed_from_u64(seed),
            people,
            leapt: 0,
            tally: Tally::default(),
        })
    }

    /// Takes so many steps; fails at the first difference.
    pub(super) async fn run(mut self, operations: u32) -> Result<Tally> {
        self.compare_state()?;
        for from in self.people.clone() {
            let act = Act::Approve(self.model.at.queue, U256::MAX);
            let value = U256::ZERO;
            self.step(&Operation { from, value, act }).await?;
        }
        for step in 0..operations {
            self.leap().await?;
            let operation = Operation::draw(&mut self.rng, &self.model, &self.people);
            let outcome = self.step(&operation).await;
            outcome.map_err(|error| eyre!("step {step}, {operation:?}: {error}"))?;
        }
        Ok(self.tally)
    }

    /// Time passes: seconds mostly, now and then days.
    async fn leap(&mut self) -> Result<()> {
        let leap = match self.rng.random_range(0..50) {
            0 => self.rng.random_range(0..LONGEST_LEAP),
            1..4 => self.rng.random_range(0..86_400),
            _ => self.rng.random_range(0..60),
        };
        let leap = leap.min(ALL_LEAPS - self.leapt);
        self.leapt += leap;
        self.model.now += leap;
        let provider = &self.world.provider;
        let time = (U256::from(self.model.now),);
        let _: serde_json::Value = provider
            .raw_request("evm_setNextBlockTimestamp".into(), time)
            .await?;
        Ok(())
    }

    async fn step(&mut self, operation: &Operation) -> Result<()> {
        let (to, data) = operation.call(&self.model);
        let before = self.reader().head_number();
        let found = self.chain(operation, to, data, before).await?;
        let model = &mut self.model;
        let expected = model.transact(|model| operation.apply(model));
        self.tally.count(operation, expected.is_ok());
        ensure!(
            found == expected,
            "the chain answers {}, the model {}",
            shown(&found),
            shown(&expected)
        );
        self.compare_state()
    }

    /// Sends it for real, and asks the state before what it returned.
    async fn chain(
        &self,
        operation: &Operation,
        to: Address,
        data: Vec<u8>,
        before: u64,
    ) -> Result<Result<Accepted, Refusal>> {
        let request = TransactionRequest::default()
            .with_from(operation.from)
            .with_to(to)
            .with_value(operation.value)
            .with_input(data.clone())
            .with_gas_limit(GAS);
        let sent = self.world.provider.send_transaction(request).await?;
        let receipt = sent.get_receipt().await?;
        let number = receipt.block_number.ok_or_eyre("a mined receipt")?;
        ensure!(number == before + 1, "one transaction, one block");
        let request = CallRequest {
            from: operation.from,
            to: Some(to),
            gas: Some(GAS),
            value: operation.value,
            data: data.into(),
            ..CallRequest::default()
        };
        let returned = self.call(&request, before);
        ensure!(
            returned.is_ok() == receipt.status(),
            "the call and the transaction end differently"
        );
        let logs = receipt.inner.logs().iter().map(|log| log.inner.clone());
        Ok(match returned {
            Ok(returned) => Ok(Accepted {
                returned: returned.to_vec(),
                logs: logs.collect::<Vec<Log>>(),
            }),
            Err(error) => {
                let data = error.data().ok_or_else(|| eyre!("no data: {error}"))?;
                Err(Refusal(data.to_vec()))
            }
        })
    }

    /// Calls on the state after block `number`, at the model's time.
    fn call(&self, request: &CallRequest, number: u64) -> Result<Bytes, CallError> {
        let block = self.reader().block(number);
        let block = block.unwrap_or_else(|| unreachable!("block {number} was just sealed"));
        let options = CallOptions {
            number: Some(number + 1),
            timestamp: Some(self.model.now),
            ..CallOptions::default()
        };
        self.reader().call(request, &block, options)
    }

    /// Every view and every balance.
    fn compare_state(&self) -> Result<()> {
        let head = self.reader().head_number();
        let at = self.model.at;
        let mut accounts = self.people.clone();
        accounts.extend([at.admin, at.queue, at.dead, at.pool]);
        for view in self.model.views(&accounts) {
            let View {
                signature,
                to,
                data,
                expected,
            } = view;
            let shown = hex::encode(data.get(4..).unwrap_or_default());
            let request = CallRequest {
                to: Some(to),
                data: data.into(),
                ..CallRequest::default()
            };
            let found = self.call(&request, head)?;
            ensure!(
                found == expected,
                "{signature} of {shown} is {found}, the model says {}",
                hex::encode_prefixed(&expected)
            );
        }
        self.compare_ether(head)
    }

    fn compare_ether(&self, head: u64) -> Result<()> {
        let model = &self.model;
        let validators = &model.validators;
        let stake = validators
            .iter()
            .map(|one| one.bond + one.delegated + one.unbonding);
        let rewards: u128 = model.rewards.values().sum();
        let expected = [
            (model.at.pool, model.buffered() + model.unreleased()),
            (
                model.at.queue,
                model.requests.iter().map(|one| one.filled).sum(),
            ),
            (
                model.at.registry,
                stake.sum::<u128>() + model.cover + rewards,
            ),
        ];
        for (account, wei) in expected {
            let found = self.reader().account(head, account).balance;
            ensure!(
                found == U256::from(wei),
                "{account} has {found} wei, the model says {wei}"
            );
        }
        Ok(())
    }

    fn reader(&self) -> &Reader {
        self.world.reader()
    }
}

impl Tally {
    fn count(&mut self, operation: &Operation, accepted: bool) {
        let act = format!("{:?}", operation.act);
        let name = act.split('(').next().unwrap_or_default();
        let (good, bad) = self.0.entry(name.to_owned()).or_default();
        *if accepted { good } else { bad } += 1;
    }
}

/// An answer for people: a refusal by its selector and words, an acceptance by its data and topics.
fn shown(outcome: &Result<Accepted, Refusal>) -> String {
    match outcome {
        Err(Refusal(data)) => format!("refusal {}", Revert(data.clone().into())),
        Ok(accepted) => format!(
            "{} with {:#?}",
            hex::encode_prefixed(&accepted.returned),
            accepted.logs
        ),
    }
}

/// The model of a world that has just begun, as of block `block`.
async fn model_of(world: &World, block: u64) -> Result<Model> {
    let protocol = &world.protocol;
    let mut model = Model::new(Addresses {
        pool: *protocol.pool.address(),
        registry: *protocol.registry.address(),
        queue: *protocol.queue.address(),
        admin: world.admin.0,
        treasury: world.treasury.0,
        dead: DEAD,
    });
    let head = world.reader().block(block).ok_or_eyre("the head")?;
    model.now = head.header.timestamp;
    model.rebased_at = model.now;
    model.round = protocol.pool.latestRound().call().await?;
    let release = protocol.pool.release().call().await?;
    model.release = Release {
        amount: release.amount.to(),
        start: release.start,
        end: release.end,
    };
    // The release starts in this very second, so nothing of it is in the total yet.
    model.booked = protocol
        .pool
        .withdrawalQuote()
        .call()
        .await?
        .totalAssets
        .to();
    ensure!(release.start == model.now, "the reward is the last step");
    model.total_shares = protocol.pool.getTotalShares().call().await?.to();
    model.fee_bps = protocol.pool.getFee().call().await?.into();
    model.release_secs = 3_600;
    model.minimum_bond = 1_000_000_000_000_000_000;
    model.unbonding_secs = 7 * 86_400;
    for holder in [DEAD, world.alice.0, world.treasury.0] {
        let shares = protocol.pool.sharesOf(holder).call().await?;
        model.shares.insert(holder, shares.to());
    }
    for (index, operator) in world.operators.iter().enumerate() {
        model.working.push(index);
        model.validators.push(Validator {
            operator: operator.0,
            status: Status::Active,
            bond: 10_000_000_000_000_000_000,
            delegated: 0,
            unbonding: 0,
            unbonding_shares: 0,
            jailed_until: 0,
        });
    }
    Ok(model)
}
