//! The chain as a state machine: takes transactions, seals blocks, answers about them.
//!
//! [`Chain`] is the one writer; any number of [`Reader`]s look at sealed blocks meanwhile.
//! Nothing here knows of HTTP, threads or waiting. How a transaction executes is decided
//! behind [`crate::evm`].
mod access_list;
mod block;
mod call;
mod clock;
mod config;
mod edit;
mod estimate;
mod genesis;
mod image;
mod ledger;
mod logs;
mod node_interface;
mod persist;
mod pool;
mod preset;
mod reader;
mod rejected;
mod reorg;
mod seal;
mod simulate;
mod snapshot;
mod trace;
mod transaction;

use std::{collections::BTreeMap, time::Duration};

use alloy::primitives::{Address, B256, map::AddressSet};

pub use access_list::AccessListFound;
pub use block::{Block, Body, INTERNAL_TYPE, Included, Receipt};
pub use call::{CallError, CallOptions, CallRequest, revert_reason};
pub use clock::TimeInPast;
pub use config::{Config, DERIVED_KEYS, DEV_KEY};
pub use image::BadImage;
pub use ledger::{Located, News};
pub use logs::LogQuery;
pub use persist::{RestoreError, Revision};
pub use pool::Reply;
pub(crate) use preset::{FACTORY, FACTORY_SENDER, STYLUS_DEPLOYER};
pub use reader::{BlockRef, Event, Reader};
pub use rejected::Rejected;
pub use reorg::{Reorg, TooDeep};
pub use simulate::{Planned, SimulateError, Simulated, SimulatedCall, Simulation};
pub use trace::{TraceError, TracedBlock};
pub use transaction::{Incoming, Unsigned};

use pool::Pool;
use snapshot::Snapshot;

use crate::state::StateDigest;

/// When blocks are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mining {
    /// One block for each transaction, at once.
    Automatic,
    /// Only when told to.
    Manual,
    /// Every so often, with whatever waits; the owner of the chain keeps the time.
    Interval(Duration),
}

/// The one writer of a chain.
#[derive(Debug)]
pub struct Chain {
    reader: Reader,
    pool: Pool,
    mining: Mining,
    head: Head,
    snapshots: BTreeMap<u64, Snapshot>,
    next_snapshot: u64,
    impersonated: AddressSet,
    impersonate_all: bool,
}

/// What the next block builds on.
#[derive(Debug, Clone, Copy)]
struct Head {
    number: u64,
    hash: B256,
    timestamp: u64,
    arbos_version: u64,
    digest: StateDigest,
}

impl Chain {
    /// A chain at its genesis, with the preset applied unless the configuration is bare.
    ///
    /// # Errors
    /// [`Rejected`] if a transaction of the preset is refused, which a test excludes.
    pub fn new(config: Config) -> Result<Self, Rejected> {
        let bare = config.bare;
        let mut chain = Self::at_genesis(config);
        if !bare {
            chain.apply_preset()?;
        }
        Ok(chain)
    }

    /// The read side, to be shared with other threads.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// When blocks are sealed.
    pub fn mining(&self) -> Mining {
        self.mining
    }

    /// Changes when blocks are sealed. Becoming automatic seals what waits.
    pub fn set_mining(&mut self, mining: Mining) {
        self.mining = mining;
        if mining == Mining::Automatic {
            self.seal_ready();
        }
    }

    /// Accepts unsigned transactions from `account` from now on.
    pub fn impersonate(&mut self, account: Address) {
        self.impersonated.insert(account);
    }

    /// Stops what [`Chain::impersonate`] started.
    pub fn stop_impersonating(&mut self, account: Address) {
        self.impersonated.remove(&account);
    }

    /// Accepts, or stops accepting, unsigned transactions from everybody.
    pub fn set_impersonate_all(&mut self, all: bool) {
        self.impersonate_all = all;
    }

    /// True if unsigned transactions from `account` are accepted.
    pub fn is_impersonated(&self, account: Address) -> bool {
        self.impersonate_all || self.impersonated.contains(&account)
    }
}

#[cfg(test)]
mod tests;
