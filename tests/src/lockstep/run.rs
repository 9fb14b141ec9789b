//! Sends an operation to the chain, gives it to the model, and compares what both say.

mod leaving;

use std::collections::BTreeMap;
use std::fmt;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, Log, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use client::abi::{
    IStakingPool as Pool, IValidatorRegistry as Registry, IWithdrawalQueue as Queue,
    IWrappedToken as Wrapped,
};
use client::connection::well_known_key;
use client::protocol::DEAD;
use client::revert::Revert;
use eyre::{OptionExt, Result, ensure, eyre};
use nitro_devnode::chain::{CallError, CallOptions, CallRequest, Reader};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::draw::Draw;
use super::model::{
    Accepted, Addresses, Commission, Fee, Model, Neighbour, Refusal, Release, Status, Terms,
    Validator, View,
};
use super::neighbours;
use super::operation::Operation;
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

impl Tally {
    /// With what another counted.
    pub(super) fn add(&mut self, other: Self) {
        for (name, (accepted, refused)) in other.0 {
            let (good, bad) = self.0.entry(name).or_default();
            *good += accepted;
            *bad += refused;
        }
    }

    /// Operations accepted and refused.
    pub(super) fn totals(&self) -> (u32, u32) {
        let add = |(good, bad): (u32, u32), (accepted, refused): &(u32, u32)| {
            (good + accepted, bad + refused)
        };
        self.0.values().fold((0, 0), add)
    }

    fn count(&mut self, operation: &Operation, accepted: bool) {
        let (good, bad) = self.0.entry(operation.name.clone()).or_default();
        *if accepted { good } else { bad } += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (act, (accepted, refused)) in &self.0 {
            writeln!(f, "{act}: {accepted} accepted, {refused} refused")?;
        }
        Ok(())
    }
}

/// A chain, a model, and the dice.
pub(super) struct Lockstep {
    world: World,
    model: Model,
    rng: ChaCha8Rng,
    /// Dice of their own for what was added later, so that the operations of a seed stay.
    weather: ChaCha8Rng,
    people: Vec<PrivateKeySigner>,
    leapt: u64,
    tally: Tally,
}

impl Lockstep {
    /// A fresh chain with four validators, and a model that knows it.
    pub(super) async fn begin(seed: u64) -> Result<Self> {
        let world = World::with_validators().await?;
        world.deposit(world.alice, ether(30)).await?;
        let holders = [world.alice, world.bob].map(|person| person.0);
        let neighbours = neighbours::settle(&world, &holders).await?;
        let reward = world.distribute(ether(1)).await?;
        let block = reward.block_number.ok_or_eyre("a mined receipt")?;
        let mut model = model_of(&world, block).await?;
        model.neighbours = neighbours;
        let mut people = vec![well_known_key("treasury")];
        for person in [world.alice, world.bob, world.carol, world.operators[0]] {
            people.push(world.key(person)?.clone());
        }
        for person in &people {
            let wealth = (person.address(), U256::from(1_u128 << 100));
            let _: serde_json::Value = world
                .provider
                .raw_request("anvil_setBalance".into(), wealth)
                .await?;
        }
        Ok(Self {
            world,
            model,
            rng: ChaCha8Rng::seed_from_u64(seed),
            weather: ChaCha8Rng::seed_from_u64(!seed),
            people,
            leapt: 0,
            tally: Tally::default(),
        })
    }

    /// Takes so many steps; fails at the first difference.
    pub(super) async fn run(mut self, operations: u32) -> Result<Tally> {
        self.compare_state()?;
        let at = self.model.at;
        let people: Vec<Address> = self.people.iter().map(PrivateKeySigner::address).collect();
        for &from in &people {
            for spender in [at.queue, at.wrapped] {
                let amount = U256::MAX;
                let approve = Pool::approveCall { spender, amount };
                self.leap().await?;
                self.step(&Operation::call(from, at.pool, &approve)).await?;
            }
        }
        for &person in &people {
            let approve = Wrapped::approveCall {
                spender: at.vault,
                value: U256::MAX,
            };
            self.pass(1).await?;
            self.step(&Operation::call(person, at.wrapped, &approve))
                .await?;
        }
        // Somebody listens to slashes, somebody fails to, and the lane is open from the beginning.
        for (hook, kind) in self.model.neighbours.clone() {
            if matches!(kind, Neighbour::Listener | Neighbour::Refuser) {
                let add = Registry::addSlashingHookCall { hook };
                self.leap().await?;
                self.step(&Operation::call(at.admin, at.registry, &add))
                    .await?;
            }
        }
        let open = Queue::setInstantLimitCall {
            maxAssets: U256::from(50_000_000_000_000_000_000_u128),
            refillSeconds: 3_600,
        };
        self.leap().await?;
        self.step(&Operation::call(at.admin, at.queue, &open))
            .await?;
        for step in 0..operations {
            self.leap().await?;
            if self.weather.random_ratio(1, 8) {
                self.force().await?;
            }
            if self.weather.random_ratio(1, 6) {
                let operation = draw(&mut self.weather, &self.model, &self.people).visit();
                self.take_step(step, &operation).await?;
                self.pass(1).await?;
            }
            let operation = draw(&mut self.rng, &self.model, &self.people).operation();
            self.take_step(step, &operation).await?;
        }
        self.leave().await?;
        Ok(self.tally)
    }

    /// Time passes, as the model says and not as the wall clock does: seconds mostly, now and then days.
    async fn leap(&mut self) -> Result<()> {
        let leap = match self.rng.random_range(0..50) {
            0 => self.rng.random_range(0..LONGEST_LEAP),
            1..4 => self.rng.random_range(0..86_400),
            _ => self.rng.random_range(0..60),
        };
        let leap = leap.min(ALL_LEAPS - self.leapt);
        self.leapt += leap;
        self.pass(leap).await
    }

    async fn pass(&mut self, secs: u64) -> Result<()> {
        self.model.now += secs;
        let provider = &self.world.provider;
        let time = (U256::from(self.model.now),);
        let _: serde_json::Value = provider
            .raw_request("evm_setNextBlockTimestamp".into(), time)
            .await?;
        Ok(())
    }

    /// ETH comes into a contract past its functions, as what a contract that destroys itself leaves does.
    async fn force(&mut self) -> Result<()> {
        let at = self.model.at;
        let contracts = [at.pool, at.registry, at.queue, at.wrapped, at.vault];
        let contract = contracts.choose(&mut self.weather);
        let contract = *contract.ok_or_eyre("there are five")?;
        let wei = self.weather.random_range(1..2_000_000_000_000_000_000_u128);
        let head = self.reader().head_number();
        let balance = self.reader().account(head, contract).balance + U256::from(wei);
        let _: serde_json::Value = self
            .world
            .provider
            .raw_request("anvil_setBalance".into(), (contract, balance))
            .await?;
        *self.model.forced.entry(contract).or_default() += wei;
        Ok(())
    }

    async fn take_step(&mut self, step: u32, operation: &Operation) -> Result<()> {
        let outcome = self.step(operation).await;
        let Operation {
            from, value, shown, ..
        } = operation;
        outcome.map_err(|error| eyre!("step {step}, {from} with {value}: {shown}: {error}"))
    }

    async fn step(&mut self, operation: &Operation) -> Result<()> {
        let before = self.reader().head_number();
        let found = self.chain(operation, before).await?;
        let model = &mut self.model;
        let expected = model.transact(|model| model.act(operation));
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
    async fn chain(&self, operation: &Operation, before: u64) -> Result<Result<Accepted, Refusal>> {
        let request = TransactionRequest::default()
            .with_from(operation.from)
            .with_to(operation.to)
            .with_value(operation.value)
            .with_input(operation.data.clone())
            .with_gas_limit(GAS);
        let sent = self.world.provider.send_transaction(request).await?;
        let receipt = sent.get_receipt().await?;
        let number = receipt.block_number.ok_or_eyre("a mined receipt")?;
        ensure!(number == before + 1, "one transaction, one block");
        let request = CallRequest {
            from: operation.from,
            to: Some(operation.to),
            gas: Some(GAS),
            value: operation.value,
            data: operation.data.clone().into(),
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
        let people = self.people.iter().map(PrivateKeySigner::address);
        let mut accounts: Vec<Address> = people.collect();
        accounts.extend([at.admin, at.queue, at.dead, at.pool, at.wrapped, at.vault]);
        accounts.extend(self.model.signatories());
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
        self.compare_positions(head, &accounts)?;
        self.compare_ether(head)
    }

    /// The lists of what everybody has, which are in no order.
    fn compare_positions(&self, head: u64, owners: &[Address]) -> Result<()> {
        for &owner in owners {
            let list = Queue::getWithdrawalRequestsCall { owner };
            let request = CallRequest {
                to: Some(self.model.at.queue),
                data: list.abi_encode().into(),
                ..CallRequest::default()
            };
            let answer = self.call(&request, head)?;
            let mut found = Queue::getWithdrawalRequestsCall::abi_decode_returns(&answer)?;
            found.sort_unstable();
            let expected = self.model.positions_of(owner);
            ensure!(
                found == expected,
                "{owner} has the positions {found:?}, the model says {expected:?}"
            );
        }
        Ok(())
    }

    fn compare_ether(&self, head: u64) -> Result<()> {
        let model = &self.model;
        let validators = &model.validators;
        let stake = validators
            .iter()
            .map(|one| one.bond + one.delegated + one.unbonding);
        let rewards: u128 = model.rewards.values().sum();
        let expected = [
            (model.at.wrapped, 0),
            (model.at.vault, model.vault_owes()),
            (model.at.pool, model.buffered() + model.unreleased_here()),
            (
                model.at.queue,
                model.requests.iter().map(|one| one.filled).sum(),
            ),
            (
                model.at.registry,
                stake.sum::<u128>() + model.cover + rewards,
            ),
        ];
        let expected = expected.map(|(account, wei)| {
            (
                account,
                U256::from(wei) + U256::from(model.surplus(account)),
            )
        });
        let paid = model.neighbours.keys();
        let paid = paid.map(|one| (*one, model.paid.get(one).copied().unwrap_or_default()));
        for (account, wei) in expected.into_iter().chain(paid) {
            let found = self.reader().account(head, account).balance;
            ensure!(
                found == wei,
                "{account} has {found} wei, the model says {wei}"
            );
        }
        Ok(())
    }

    fn reader(&self) -> &Reader {
        self.world.reader()
    }
}

fn draw<'a>(rng: &'a mut ChaCha8Rng, model: &'a Model, people: &'a [PrivateKeySigner]) -> Draw<'a> {
    Draw { rng, model, people }
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
    let at = Addresses {
        pool: *protocol.pool.address(),
        registry: *protocol.registry.address(),
        queue: *protocol.queue.address(),
        wrapped: *protocol.wrapped.address(),
        vault: *protocol.vault.address(),
        admin: world.admin.0,
        treasury: world.treasury.0,
        dead: DEAD,
    };
    let terms = Terms {
        minimum_bond: 1_000_000_000_000_000_000,
        leverage: 10,
        open_leverage: 5,
        pool_share_bps: 2_000,
    };
    let mut model = Model::new(at, terms);
    model.chain = world.provider.get_chain_id().await?;
    // The model's clock starts here, and the chain's may not be ahead of it.
    ensure!(
        world.reader().head_number() == block,
        "the reward is the last block"
    );
    let head = world.reader().block(block).ok_or_eyre("the head")?;
    model.now = head.header.timestamp;
    model.rebased_at = model.now;
    for round in 1..=protocol.pool.latestRound().call().await? {
        let entry = protocol.pool.rateAt(round).call().await?;
        model.history.push((entry.rateE27.to(), entry.timestamp));
    }
    model.feed_start = *model.history.first().ok_or_eyre("a first round")?;
    let release = protocol.pool.release().call().await?;
    model.release = Release {
        amount: release.amount.to(),
        start: release.start,
        end: release.end,
    };
    // The release starts in this very second, so nothing of it is in the total yet.
    let quote = protocol.pool.withdrawalQuote().call().await?;
    model.booked = quote.totalAssets.to();
    ensure!(release.start == model.now, "the reward is the last block");
    model.total_shares = protocol.pool.getTotalShares().call().await?.to();
    let fee = protocol.pool.getFee().call().await?;
    model.fee = Fee {
        previous: fee,
        next: fee,
        from: 0,
    };
    model.release_secs = 3_600;
    model.unbonding_secs = 7 * 86_400;
    model.allowances.insert((at.vault, at.queue), U256::MAX);
    model.notice_secs = 3_600;
    for holder in [DEAD, world.alice.0, world.treasury.0] {
        let shares = protocol.pool.sharesOf(holder).call().await?;
        model.shares.insert(holder, shares.to());
    }
    for (index, operator) in world.operators.iter().enumerate() {
        model.working.push(index);
        model.signers.insert(operator.0, u32::try_from(index)? + 1);
        model.validators.push(Validator {
            operator: operator.0,
            signer: operator.0,
            reward_address: operator.0,
            commission: Commission {
                previous: 500,
                next: 500,
                from: 0,
            },
            status: Status::Active,
            bond: 10_000_000_000_000_000_000,
            ..Validator::default()
        });
    }
    Ok(model)
}
