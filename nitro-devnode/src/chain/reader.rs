//! The read side of a chain, shared between threads.
use std::sync::Arc;

use alloy::{
    eips::{BlockId, BlockNumberOrTag},
    primitives::{Address, B256, Bytes, U256},
};
use parking_lot::{RwLock, RwLockReadGuard};
use tokio::sync::broadcast;

use super::{
    Block, Config,
    clock::Clock,
    ledger::{Ledger, Located, News},
};
use crate::{
    evm::ChainRules,
    state::{Record, State},
};

/// How many blocks a slow subscriber may be behind before it misses some.
const BACKLOG: usize = 1024;

/// A block, by one of the names the RPC has for it.
pub type BlockRef = BlockId;

/// What happens to a chain.
#[derive(Debug, Clone)]
pub enum Event {
    /// A block was sealed.
    Sealed(Arc<Block>),
    /// The newest blocks are gone.
    Dropped {
        /// They, newest first.
        dropped: Arc<[Arc<Block>]>,
        /// The newest block from now on.
        head: Arc<Block>,
    },
}

/// The sealed blocks and the state after each of them. Clones share the same chain.
#[derive(Debug, Clone)]
pub struct Reader {
    config: Arc<Config>,
    state: State,
    ledger: Arc<RwLock<Ledger>>,
    /// Held shared while something is executed on old state, so that a revert waits for it
    /// instead of changing the past under it.
    past: Arc<RwLock<()>>,
    clock: Arc<RwLock<Clock>>,
    events: broadcast::Sender<Event>,
}

impl Reader {
    pub(super) fn new(config: Config) -> Self {
        Self {
            clock: Arc::new(RwLock::new(Clock::starting_at(
                config.clock_start,
                config.manual_clock,
            ))),
            config: Arc::new(config),
            state: State::default(),
            ledger: Arc::default(),
            past: Arc::default(),
            events: broadcast::Sender::new(BACKLOG),
        }
    }

    /// What the chain was started with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The chain's settings as execution needs them.
    pub fn rules(&self) -> ChainRules {
        ChainRules {
            chain_id: self.config.chain_id,
            production_rules: self.config.production_rules,
        }
    }

    /// The accounts at every block.
    pub fn state(&self) -> &State {
        &self.state
    }

    pub(super) fn ledger(&self) -> &RwLock<Ledger> {
        &self.ledger
    }

    pub(super) fn keep_past(&self) -> RwLockReadGuard<'_, ()> {
        self.past.read()
    }

    pub(super) fn past(&self) -> &RwLock<()> {
        &self.past
    }

    /// Makes a block the head and tells the subscribers.
    pub(super) fn publish(&self, block: Block) {
        let block = Arc::new(block);
        self.state.push_block_hash(block.hash);
        self.ledger.write().push(block.clone());
        // An error means that nobody listens.
        let _ = self.events.send(Event::Sealed(block));
    }

    /// Tells the subscribers of blocks that are gone.
    pub(super) fn retract(&self, dropped: &[Arc<Block>]) {
        if let Some(head) = self.head()
            && !dropped.is_empty()
        {
            let dropped = dropped.into();
            let _ = self.events.send(Event::Dropped { dropped, head });
        }
    }

    pub(super) fn clock(&self) -> &RwLock<Clock> {
        &self.clock
    }

    /// Timestamp that a block sealed now would get.
    pub fn next_timestamp(&self) -> u64 {
        let last = self
            .ledger
            .read()
            .head()
            .map_or(0, |block| block.header.timestamp);
        self.clock.read().peek(last)
    }

    /// What happens to the chain from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// What became of the chain for somebody who knows the blocks before `next` and the
    /// first `drops` drops. Of more than 4,096 drops at once only the last are listed.
    pub fn news(&self, next: u64, drops: u64) -> News {
        self.ledger.read().news(next, drops)
    }

    /// Number of the newest block.
    pub fn head_number(&self) -> u64 {
        self.ledger
            .read()
            .head()
            .map_or(0, |block| block.header.number)
    }

    /// The newest block.
    pub fn head(&self) -> Option<Arc<Block>> {
        self.ledger.read().head().cloned()
    }

    /// The block with this number.
    pub fn block(&self, number: u64) -> Option<Arc<Block>> {
        self.ledger.read().block(number).cloned()
    }

    /// Resolves a block's name. The chain goes back only when told to, so every tag for a recent block is
    /// the head; `pending` is too.
    pub fn find(&self, block: BlockRef) -> Option<Arc<Block>> {
        let ledger = self.ledger.read();
        let found = match block {
            BlockId::Hash(hash) => ledger.block(ledger.number_of(hash.block_hash)?),
            BlockId::Number(BlockNumberOrTag::Number(number)) => ledger.block(number),
            BlockId::Number(BlockNumberOrTag::Earliest) => ledger.block(0),
            BlockId::Number(
                BlockNumberOrTag::Latest
                | BlockNumberOrTag::Pending
                | BlockNumberOrTag::Safe
                | BlockNumberOrTag::Finalized,
            ) => ledger.head(),
        };
        found.cloned()
    }

    /// The transaction with this hash, in its block.
    pub fn transaction(&self, hash: B256) -> Option<Located> {
        let ledger = self.ledger.read();
        let (block, index) = ledger.transaction(hash)?;
        Some(Located {
            block: block.clone(),
            index,
        })
    }

    /// The account at the end of `block`; an empty one if it did not exist.
    pub fn account(&self, block: u64, address: Address) -> Record {
        self.state.record(block, address).unwrap_or_default()
    }

    /// The account's code at the end of `block`.
    pub fn code(&self, block: u64, address: Address) -> Bytes {
        self.state.code_of(block, address)
    }

    /// The storage slot at the end of `block`.
    pub fn slot(&self, block: u64, address: Address, slot: U256) -> U256 {
        self.state.slot(block, address, slot)
    }
}
