//! A fresh chain with the protocol on it, and what must be so whenever something is sent there.

use std::env;
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock};

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolError;
use client::artifact::Artifact;
use client::clock;
use client::compile::{self, Progress};
use client::connection::{connect, well_known_key};
use client::contract::Program;
use client::deploy::Deployed;
use client::launch::launch;
use client::parameters::Parameters;
use client::protocol::Protocol;
use client::send::{SendError, send};
use eyre::{OptionExt, Result, ensure, eyre};
use nitro_devnode::Devnode;
use nitro_devnode::chain::Reader;

use crate::invariants::{self, State};
use crate::live;

/// Gas of a transaction that is sent although it is known to fail.
const GAS_OF_A_REFUSAL: u64 = 5_000_000;

/// Somebody with a key and 10,000 ETH.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person(pub(crate) Address);

/// A chain of its own with the protocol on it.
pub(crate) struct World {
    pub(crate) protocol: Protocol,
    /// The programs behind the contracts.
    pub(crate) programs: Vec<Deployed>,
    pub(crate) provider: DynProvider,
    /// Holds every role.
    pub(crate) admin: Person,
    /// Receives fee shares and does nothing else.
    pub(crate) treasury: Person,
    /// May replace the programs; holds no role.
    pub(crate) upgrader: Person,
    pub(crate) alice: Person,
    pub(crate) bob: Person,
    pub(crate) carol: Person,
    /// Run validators.
    pub(crate) operators: [Person; 4],
    /// Holds no role and no share.
    pub(crate) stranger: Person,
    /// Contracts that came later and may hold shares.
    guests: Mutex<Vec<Person>>,
    /// Dropping it stops the node. Nothing where the node is somebody else's.
    node: Option<Devnode>,
}

/// Whole ETH in wei.
pub(crate) fn ether(ether: u64) -> U256 {
    milliether(ether * 1_000)
}

/// Thousandths of an ETH in wei.
pub(crate) fn milliether(milliether: u64) -> U256 {
    U256::from(milliether) * U256::from(1_000_000_000_000_000_u64)
}

/// Built and compressed once for all scenarios.
pub(crate) fn artifacts() -> Result<&'static [Artifact]> {
    static ARTIFACTS: OnceLock<Result<Vec<Artifact>, String>> = OnceLock::new();
    let built = ARTIFACTS.get_or_init(|| {
        let built = compile::contracts(&compile::workspace(), |progress| {
            if let Progress::NotOptimized(reason) = progress {
                eprintln!("notice: tested as the compiler wrote it: {reason}");
            }
        });
        built.map_err(|error| error.to_string())
    });
    built.as_deref().map_err(|error| eyre!("{error}"))
}

impl World {
    /// The protocol as [`Parameters::devnode`] deploys it.
    pub(crate) async fn fresh() -> Result<Self> {
        let treasury = well_known_key("treasury");
        let upgrader = well_known_key("upgrader");
        // What a scenario expects must not depend on how long the machine takes for it.
        let builder = Devnode::builder()
            .manual_clock()
            .fund(treasury.address(), ether(1))
            .fund(upgrader.address(), ether(1));
        let node = builder.spawn().await?;
        let mut keys = vec![node.dev_account().clone(), treasury, upgrader];
        keys.extend_from_slice(node.accounts());
        let (provider, _) = connect(&node.http_url(), &keys).await?;
        Self::among(&keys, provider, Some(node)).await
    }

    /// On the node at `NITRO_URL`, among people whom its dev account pays; without one, as
    /// [`World::fresh`].
    pub(crate) async fn anywhere() -> Result<Self> {
        let Ok(url) = env::var("NITRO_URL") else {
            return Self::fresh().await;
        };
        let _alone = live::SETTLING.lock().await;
        let keys = live::people();
        let (provider, _) = connect(&url, &keys).await?;
        live::fund(&url, &keys).await?;
        Self::among(&keys, provider, None).await
    }

    /// The protocol among the holders of these keys: the admin, the treasury, the upgrader, and at
    /// least eight more.
    async fn among(
        keys: &[PrivateKeySigner],
        provider: DynProvider,
        node: Option<Devnode>,
    ) -> Result<Self> {
        let mut people = keys.iter().map(PrivateKeySigner::address).map(Person);
        let mut next = || people.next().ok_or_eyre("there are eleven people");
        let (admin, treasury, upgrader) = (next()?, next()?, next()?);
        let parameters = Parameters {
            treasury: treasury.0,
            upgrader: upgrader.0,
            ..Parameters::devnode(admin.0)
        };
        let launched = launch(&provider, artifacts()?, &parameters).await?;
        Ok(Self {
            protocol: launched.protocol,
            programs: launched.programs,
            provider,
            admin,
            treasury,
            upgrader,
            alice: next()?,
            bob: next()?,
            carol: next()?,
            operators: [next()?, next()?, next()?, next()?],
            stranger: next()?,
            guests: Mutex::default(),
            node,
        })
    }

    /// As [`World::fresh`], with four active validators that bond 10 ETH each.
    pub(crate) async fn with_validators() -> Result<Self> {
        let world = Self::fresh().await?;
        world.bond(ether(10)).await?;
        Ok(world)
    }

    /// As [`World::with_validators`], with 100 ETH pooled: 20 with each validator, 20 free.
    pub(crate) async fn with_stake() -> Result<Self> {
        let world = Self::with_validators().await?;
        // 0.01 are nobody's.
        world.deposit(world.alice, milliether(99_990)).await?;
        world.rebalance().await?;
        Ok(world)
    }

    /// As [`World::fresh`], with 10 ETH of Alice's and rewards that leave a rate that is no whole
    /// number.
    pub(crate) async fn at_an_odd_rate() -> Result<Self> {
        let world = Self::fresh().await?;
        world.deposit(world.alice, ether(10)).await?;
        world.distribute(ether(1)).await?;
        world.advance(200 * 86_400).await?;
        Ok(world)
    }

    /// The chain, read in process.
    pub(crate) fn reader(&self) -> &Reader {
        self.own_node().reader()
    }

    fn own_node(&self) -> &Devnode {
        let node = self.node.as_ref();
        node.expect("what looks into the node is not among the scenarios that run anywhere")
    }

    /// The key of one of the node's accounts: everybody's but the admin's, the treasury's and the
    /// upgrader's.
    pub(crate) fn key(&self, person: Person) -> Result<&PrivateKeySigner> {
        let mut keys = self.own_node().accounts().iter();
        let found = keys.find(|key| key.address() == person.0);
        found.ok_or_eyre("one of the node's accounts")
    }

    /// Everybody who may hold shares or be owed ETH.
    pub(crate) fn people(&self) -> Vec<Person> {
        let mut people = vec![
            self.admin,
            self.treasury,
            self.upgrader,
            self.alice,
            self.bob,
            self.carol,
        ];
        people.extend(self.operators);
        people.push(self.stranger);
        people.extend(self.guests.lock().expect("nobody panics with it").iter());
        people
    }

    /// Counts a contract among those who may hold shares.
    pub(crate) fn welcome(&self, guest: Person) {
        self.guests
            .lock()
            .expect("nobody panics with it")
            .push(guest);
    }

    /// Sends and checks what must hold after anything that anybody does, a loss excepted:
    /// the books balance and the rate has not fallen.
    pub(crate) async fn send(
        &self,
        person: Person,
        request: TransactionRequest,
    ) -> Result<TransactionReceipt> {
        let before = self.protocol.rate().await?;
        let receipt = self.send_a_loss(person, request).await?;
        let after = self.protocol.rate().await?;
        ensure!(
            after.assets * before.shares >= before.assets * after.shares,
            "the rate fell from {before:?} to {after:?}"
        );
        Ok(receipt)
    }

    /// As [`World::send`] for what may lower the rate.
    pub(crate) async fn send_a_loss(
        &self,
        person: Person,
        request: TransactionRequest,
    ) -> Result<TransactionReceipt> {
        let receipt = send(&self.provider, request.with_from(person.0)).await?;
        invariants::hold(self).await?;
        Ok(receipt)
    }

    /// Sends what must be refused with exactly this error, and checks that nothing changed.
    pub(crate) async fn refused<E>(
        &self,
        person: Person,
        request: TransactionRequest,
        expected: E,
    ) -> Result<()>
    where
        E: SolError + Debug + PartialEq,
    {
        let request = request.with_from(person.0);
        let before = State::read(self).await?;
        let answer = self.provider.call(request.clone()).await;
        let Err(SendError::Reverted(revert)) = answer.map_err(SendError::from) else {
            return Err(eyre!("{expected:?} was expected, and nothing was refused"));
        };
        ensure!(
            revert.decoded::<E>().as_ref() == Some(&expected),
            "refused by {revert}, expected {expected:?}"
        );
        let forced = request.with_gas_limit(GAS_OF_A_REFUSAL);
        let failed = send(&self.provider, forced).await;
        ensure!(failed.is_err(), "a refused call succeeded as a transaction");
        ensure!(
            before == State::read(self).await?,
            "a refused transaction changed the state"
        );
        Ok(())
    }

    /// The error `E` by which a call is refused, for arguments that depend on the clock.
    pub(crate) async fn refusal<E: SolError>(&self, request: TransactionRequest) -> Result<E> {
        let answer = self.provider.call(request).await;
        let Err(SendError::Reverted(revert)) = answer.map_err(SendError::from) else {
            return Err(eyre!("a call that must be refused was not"));
        };
        let refused = revert.decoded::<E>();
        refused.ok_or_else(|| eyre!("refused by {revert}"))
    }

    /// Lets time pass.
    pub(crate) async fn advance(&self, secs: u64) -> Result<()> {
        Ok(clock::advance(&self.provider, secs).await?)
    }

    /// Where a program is.
    pub(crate) fn program(&self, program: Program) -> Result<Address> {
        let mut programs = self.programs.iter();
        let deployed = programs.find(|deployed| deployed.program == program);
        Ok(deployed.ok_or_eyre("every program is deployed")?.address)
    }
}
