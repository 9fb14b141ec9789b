//! What of a chain outlives its process: everything that a question about it could show.
//!
//! Blocks, receipts, every version of the state, the clock and what waits in the pool. Not
//! snapshots, impersonations and filters: they belong to the session that made them.
use alloy::primitives::B256;
use serde::{Deserialize, Serialize, Serializer};

use super::{
    Block, Chain, Config, Head,
    clock::Clock,
    image::{BadImage, BlockImage, WaitingImage},
    ledger::Ledger,
};
use crate::state::{State, StateDigest};

/// Why a save does not become a chain.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The bytes are not those of a chain.
    #[error("the saved chain cannot be read: {0}")]
    Unreadable(#[from] postcard::Error),
    /// The chain was started with other settings than are asked for now.
    #[error("the saved chain has {what} {saved}, {asked} is asked for")]
    OtherChain {
        /// Which setting.
        what: &'static str,
        /// In the save.
        saved: String,
        /// Asked for.
        asked: String,
    },
    /// A block that is none.
    #[error("block {number} of the saved chain cannot be read: {source}")]
    Block {
        /// Its place in the chain.
        number: usize,
        /// Which part of it.
        source: BadImage,
    },
    /// A block that does not follow the one before it.
    #[error("block {number} of the saved chain does not follow block {}", number.saturating_sub(1))]
    Unlinked {
        /// Its place in the chain.
        number: usize,
    },
    /// A waiting transaction that is none.
    #[error("waiting transaction {index} of the saved chain cannot be read: {source}")]
    Waiting {
        /// Its place in the save.
        index: usize,
        /// What does not fit.
        source: alloy::eips::eip2718::Eip2718Error,
    },
    /// Not even a genesis.
    #[error("the saved chain has no blocks")]
    NoBlocks,
}

/// Which of the chains that one chain was over time: equal if nothing of it changed that is
/// saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    state: u64,
    clock: Clock,
    next_snapshot: u64,
    waiting: u64,
}

/// The settings that a chain keeps for life.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Settings {
    chain_id: u64,
    arbos_version: u64,
    production_rules: bool,
    bare: bool,
}

/// The order of the fields is the format; a change of it raises the file's format number.
#[derive(Serialize, Deserialize)]
struct Image<S, B> {
    settings: Settings,
    clock: Clock,
    /// Kept so that a snapshot's number never means another one after a restart.
    next_snapshot: u64,
    state: S,
    blocks: B,
    waiting: Vec<WaitingImage>,
}

struct Blocks<'a>(&'a Ledger);

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let blocks = self.0.blocks().iter();
        serializer.collect_seq(blocks.map(|block| BlockImage::of(block)))
    }
}

impl Settings {
    fn of(config: &Config) -> Self {
        Self {
            chain_id: config.chain_id,
            arbos_version: config.arbos_version,
            production_rules: config.production_rules,
            bare: config.bare,
        }
    }

    fn agree_with(&self, asked: &Self) -> Result<(), RestoreError> {
        let differs = |what, saved: &dyn ToString, asked: &dyn ToString| {
            Err(RestoreError::OtherChain {
                what,
                saved: saved.to_string(),
                asked: asked.to_string(),
            })
        };
        let (saved, now) = (self, asked);
        if saved.chain_id != now.chain_id {
            return differs("chain id", &saved.chain_id, &now.chain_id);
        }
        if saved.arbos_version != now.arbos_version {
            let (saved, now) = (&saved.arbos_version, &now.arbos_version);
            return differs("a genesis at ArbOS version", saved, now);
        }
        if saved.production_rules != now.production_rules {
            let (saved, now) = (&saved.production_rules, &now.production_rules);
            return differs("production rules", saved, now);
        }
        if saved.bare != now.bare {
            return differs("a bare genesis", &saved.bare, &now.bare);
        }
        Ok(())
    }
}

impl Head {
    /// What the next block builds on when `block` is the newest.
    pub(super) fn at(block: &Block) -> Self {
        Self {
            number: block.header.number,
            hash: block.hash,
            timestamp: block.header.timestamp,
            arbos_version: block.arbos_version,
            digest: StateDigest(block.header.state_root),
        }
    }
}

impl Chain {
    /// What a save now would hold.
    pub fn revision(&self) -> Revision {
        Revision {
            state: self.reader.state().revision(),
            clock: *self.reader.clock().read(),
            next_snapshot: self.next_snapshot,
            waiting: self.pool.revision(),
        }
    }

    /// The chain in bytes.
    ///
    /// # Errors
    /// [`RestoreError::Unreadable`] if a part cannot be written, which a test excludes.
    pub fn image(&self) -> Result<Vec<u8>, RestoreError> {
        let ledger = self.reader.ledger().read();
        let image = Image {
            settings: Settings::of(self.reader.config()),
            clock: *self.reader.clock().read(),
            next_snapshot: self.next_snapshot,
            state: self.reader.state(),
            blocks: Blocks(&ledger),
            waiting: self.pool.waiting().map(WaitingImage::of).collect(),
        };
        Ok(postcard::to_stdvec(&image)?)
    }

    /// The chain that was saved as `image`. `config` must be what it was started with; its
    /// funded accounts have their balances in the save, its clock is set if it asks for it.
    ///
    /// # Errors
    /// [`RestoreError`].
    pub fn from_image(config: Config, image: &[u8]) -> Result<Self, RestoreError> {
        let clock_start = config.clock_start;
        let mut chain = Self::at_genesis(config);
        chain.restore(image)?;
        if let Some(start) = clock_start {
            chain.set_time(start);
        }
        Ok(chain)
    }

    /// Becomes the chain that was saved as `image`: the one there was is gone, snapshots
    /// included. Nothing changes if it cannot.
    ///
    /// # Errors
    /// [`RestoreError`].
    pub fn restore(&mut self, image: &[u8]) -> Result<(), RestoreError> {
        let image: Image<State, Vec<BlockImage>> = postcard::from_bytes(image)?;
        let config = self.reader.config();
        image.settings.agree_with(&Settings::of(config))?;
        let mut ledger = Ledger::default();
        let mut hashes = Vec::with_capacity(image.blocks.len());
        for (number, block) in image.blocks.into_iter().enumerate() {
            let block = block.restore(config.chain_id);
            let block = block.map_err(|source| RestoreError::Block { number, source })?;
            let parent = hashes.last().copied().unwrap_or_default();
            if block.header.parent_hash != parent || block.header.number != number as u64 {
                return Err(RestoreError::Unlinked { number });
            }
            hashes.push(block.hash);
            ledger.push(block.into());
        }
        let waiting = image.waiting.into_iter().enumerate();
        let waiting = waiting.map(|(index, tx)| {
            tx.restore()
                .map_err(|source| RestoreError::Waiting { index, source })
        });
        let waiting = waiting.collect::<Result<Vec<_>, _>>()?;
        let head = Head::at(ledger.head().ok_or(RestoreError::NoBlocks)?);
        self.take_over(image.state, hashes, ledger);
        self.head = head;
        let mut clock = image.clock;
        clock.set_manual(self.reader.config().manual_clock);
        *self.reader.clock().write() = clock;
        self.snapshots.clear();
        self.next_snapshot = image.next_snapshot;
        self.pool.replace(waiting);
        Ok(())
    }

    fn take_over(&mut self, state: State, hashes: Vec<B256>, ledger: Ledger) {
        // No call may run on the blocks that go away.
        let _alone = self.reader.past().write();
        state.set_block_hashes(hashes);
        self.reader.state().replace(state);
        *self.reader.ledger().write() = ledger;
    }
}
