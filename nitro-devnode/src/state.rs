//! Keeps every version of every account, storage slot and code in memory.
//!
//! A write is stamped with the block it belongs to, so a read at any block is a binary
//! search and never a copy of the state. Writes can be recorded in an undo log, with which
//! snapshots, refused blocks and edits are taken back exactly. What a transaction may
//! write is not decided here.
mod change;
mod image;
mod versions;
mod view;

use std::{fmt, sync::Arc};

use alloy::primitives::{
    Address, B256, Bytes, U256,
    map::{AddressMap, B256Map, HashMap},
};
use parking_lot::RwLock;
use revm::{primitives::KECCAK_EMPTY, state::Bytecode};
use serde::{Deserialize, Serialize};

pub use change::StateDigest;
pub use view::{AccountOverride, Overlay, View};

use versions::Versions;

/// What an account holds beside its storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Balance in wei.
    pub balance: U256,
    /// Transactions sent, or contracts created.
    pub nonce: u64,
    /// keccak256 of the code; of the empty string where there is none.
    pub code_hash: B256,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            balance: U256::ZERO,
            nonce: 0,
            code_hash: KECCAK_EMPTY,
        }
    }
}

impl Record {
    /// Empty in the sense of EIP-161: such an account is removed when touched.
    pub fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code_hash == KECCAK_EMPTY
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Account {
    /// `None` inside a version: the account did not exist from that block on.
    record: Versions<Option<Record>>,
    storage: HashMap<U256, Versions<U256>>,
}

/// One write as part of `block`, as the undo log remembers it.
#[derive(Debug)]
struct Undo {
    block: u64,
    write: Write,
}

/// `replaced` is the value that stood under the same block, or nothing when the write added
/// a version.
#[derive(Debug)]
enum Write {
    Record {
        address: Address,
        replaced: Option<Option<Record>>,
    },
    Slot {
        address: Address,
        slot: U256,
        replaced: Option<U256>,
    },
    Hash,
}

#[derive(Debug, Default)]
struct Inner {
    accounts: AddressMap<Account>,
    codes: B256Map<Bytecode>,
    hashes: Vec<B256>,
    undo: Vec<Undo>,
    /// While above zero, writes go to the undo log.
    recorders: usize,
    /// Rises with every write.
    revision: u64,
}

/// A place in the undo log, to which [`State::roll_back`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

/// The accounts of the chain at every block. Clones share the same state.
#[derive(Clone, Default)]
pub struct State(Arc<RwLock<Inner>>);

impl fmt::Debug for State {
    /// Counts: what it holds would fill the screen of whoever prints a node.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.read();
        f.debug_struct("State")
            .field("accounts", &inner.accounts.len())
            .field("codes", &inner.codes.len())
            .field("blocks", &inner.hashes.len())
            .finish_non_exhaustive()
    }
}

impl State {
    /// The account at the end of `block`; nothing if it did not exist.
    pub fn record(&self, block: u64, address: Address) -> Option<Record> {
        self.0.read().record(block, address)
    }

    /// The storage slot at the end of `block`; zero if never written.
    pub fn slot(&self, block: u64, address: Address, slot: U256) -> U256 {
        self.0.read().slot(block, address, slot)
    }

    /// The code with this hash; empty if no account ever had it.
    pub fn code(&self, hash: B256) -> Bytecode {
        if hash == KECCAK_EMPTY {
            return Bytecode::default();
        }
        self.0.read().codes.get(&hash).cloned().unwrap_or_default()
    }

    /// The code of an account at the end of `block`.
    pub fn code_of(&self, block: u64, address: Address) -> Bytes {
        match self.record(block, address) {
            Some(record) => self.code(record.code_hash).original_bytes(),
            None => Bytes::new(),
        }
    }

    /// Hash of the sealed block `number`, if there is one.
    pub fn block_hash(&self, number: u64) -> Option<B256> {
        let number = usize::try_from(number).ok()?;
        self.0.read().hashes.get(number).copied()
    }

    /// Notes the hash of the next block, counting from genesis.
    pub fn push_block_hash(&self, hash: B256) {
        let mut inner = self.0.write();
        let block = inner.hashes.len() as u64;
        inner.hashes.push(hash);
        inner.note(block, Write::Hash);
    }

    /// A database that shows the state at the end of `block`.
    pub fn view(&self, block: u64) -> View {
        View::new(self.clone(), block)
    }

    /// Replaces an account's record from `block` on. An empty record removes the account.
    pub fn set_record(&self, block: u64, address: Address, record: Record) {
        let kept = (!record.is_empty()).then_some(record);
        self.0.write().put_record(block, address, kept);
    }

    /// Stores a code and returns its hash.
    pub fn add_code(&self, code: Bytes) -> B256 {
        if code.is_empty() {
            return KECCAK_EMPTY;
        }
        let code = bytecode(code);
        let hash = code.hash_slow();
        self.0.write().codes.entry(hash).or_insert(code);
        hash
    }

    /// Writes a storage slot from `block` on.
    pub fn set_slot(&self, block: u64, address: Address, slot: U256, value: U256) {
        self.0.write().put_slot(block, address, slot, value);
    }

    /// Starts to record writes; every call needs its [`State::stop_recording`].
    pub fn start_recording(&self) -> Mark {
        let mut inner = self.0.write();
        inner.recorders = inner.recorders.saturating_add(1);
        Mark(inner.undo.len())
    }

    /// Ends a recording; with the last one the log is emptied.
    pub fn stop_recording(&self) {
        let mut inner = self.0.write();
        inner.recorders = inner.recorders.saturating_sub(1);
        if inner.recorders == 0 {
            inner.undo = Vec::new();
        }
    }

    /// Takes back every write since `mark`, newest first.
    pub fn roll_back(&self, mark: Mark) {
        let mut inner = self.0.write();
        while inner.undo.len() > mark.0 {
            if let Some(undo) = inner.undo.pop() {
                inner.revision = inner.revision.wrapping_add(1);
                inner.take_back(undo.write);
            }
        }
    }

    /// Forgets every write after `block`, as if it had never been made. Marks set while
    /// `block` or one before it was the newest stay good.
    pub fn forget_after(&self, block: u64) {
        let mut inner = self.0.write();
        inner.revision = inner.revision.wrapping_add(1);
        for account in inner.accounts.values_mut() {
            account.record.forget_after(block);
            account.storage.retain(|_, versions| {
                versions.forget_after(block);
                !versions.is_empty()
            });
        }
        let kept = usize::try_from(block.saturating_add(1)).unwrap_or(usize::MAX);
        inner.hashes.truncate(kept);
        inner.undo.retain(|undo| undo.block <= block);
    }
}

impl Inner {
    fn record(&self, block: u64, address: Address) -> Option<Record> {
        self.accounts.get(&address)?.record.at(block).flatten()
    }

    fn slot(&self, block: u64, address: Address, slot: U256) -> U256 {
        let account = self.accounts.get(&address);
        let versions = account.and_then(|account| account.storage.get(&slot));
        versions
            .and_then(|versions| versions.at(block))
            .unwrap_or_default()
    }

    /// Every write comes by here.
    fn note(&mut self, block: u64, write: Write) {
        self.revision = self.revision.wrapping_add(1);
        if self.recorders > 0 {
            self.undo.push(Undo { block, write });
        }
    }

    fn put_record(&mut self, block: u64, address: Address, record: Option<Record>) -> bool {
        let versions = &mut self.accounts.entry(address).or_default().record;
        if versions.latest().flatten() == record {
            return false;
        }
        let replaced = versions.put(block, record);
        self.note(block, Write::Record { address, replaced });
        true
    }

    fn put_slot(&mut self, block: u64, address: Address, slot: U256, value: U256) -> bool {
        let storage = &mut self.accounts.entry(address).or_default().storage;
        match storage.get_mut(&slot) {
            Some(versions) => {
                if versions.latest().unwrap_or_default() == value {
                    return false;
                }
                let replaced = versions.put(block, value);
                let write = Write::Slot {
                    address,
                    slot,
                    replaced,
                };
                self.note(block, write);
            }
            None if value.is_zero() => return false,
            None => {
                storage.insert(slot, Versions::single(block, value));
                let write = Write::Slot {
                    address,
                    slot,
                    replaced: None,
                };
                self.note(block, write);
            }
        }
        true
    }

    /// Slots of `address` that are not zero now.
    fn live_slots(&self, address: Address) -> Vec<U256> {
        let Some(account) = self.accounts.get(&address) else {
            return Vec::new();
        };
        let live = account.storage.iter().filter(|(_, versions)| {
            versions
                .latest()
                .is_some_and(|value: U256| !value.is_zero())
        });
        live.map(|(slot, _)| *slot).collect()
    }

    fn take_back(&mut self, write: Write) {
        match write {
            Write::Record { address, replaced } => {
                if let Some(account) = self.accounts.get_mut(&address) {
                    account.record.take_back(replaced);
                }
            }
            Write::Slot {
                address,
                slot,
                replaced,
            } => {
                let Some(account) = self.accounts.get_mut(&address) else {
                    return;
                };
                let Some(versions) = account.storage.get_mut(&slot) else {
                    return;
                };
                versions.take_back(replaced);
                if versions.is_empty() {
                    account.storage.remove(&slot);
                }
            }
            Write::Hash => {
                self.hashes.pop();
            }
        }
    }
}

/// Code as the interpreter takes it. Bytes that look like a delegation or another reserved
/// format without being one are plain code.
pub fn bytecode(code: Bytes) -> Bytecode {
    Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}

#[cfg(test)]
mod tests;
