//! The state in a form that outlives the process.
//!
//! The undo log is not part of it: snapshots end with the process. Nor are the block hashes,
//! which the blocks give again.
use std::sync::Arc;

use alloy::primitives::{
    B256, Bytes,
    map::{AddressMap, B256Map},
};
use parking_lot::RwLock;
use revm::state::Bytecode;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use super::{Account, Inner, State, bytecode};

/// What [`State`] is written as.
#[derive(Deserialize)]
struct Image {
    accounts: AddressMap<Account>,
    codes: Vec<Bytes>,
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = self.0.read();
        let mut image = serializer.serialize_struct("Image", 2)?;
        image.serialize_field("accounts", &inner.accounts)?;
        image.serialize_field("codes", &Codes(&inner.codes))?;
        image.end()
    }
}

struct Codes<'a>(&'a B256Map<Bytecode>);

impl Serialize for Codes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values().map(Bytecode::original_bytes))
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let image = Image::deserialize(deserializer)?;
        let codes = image.codes.into_iter().map(|code| {
            let code = bytecode(code);
            (code.hash_slow(), code)
        });
        Ok(Self(Arc::new(RwLock::new(Inner {
            accounts: image.accounts,
            codes: codes.collect(),
            ..Inner::default()
        }))))
    }
}

impl State {
    /// Becomes what `other` is, for everybody who shares this state. Recordings end.
    pub fn replace(&self, other: Self) {
        let revision = self.revision();
        let mut other = std::mem::take(&mut *other.0.write());
        other.revision = revision.wrapping_add(1);
        *self.0.write() = other;
    }

    /// A number that changes with every write.
    pub fn revision(&self) -> u64 {
        self.0.read().revision
    }

    /// Every block hash in order, from genesis.
    pub fn set_block_hashes(&self, hashes: Vec<B256>) {
        self.0.write().hashes = hashes;
    }
}
