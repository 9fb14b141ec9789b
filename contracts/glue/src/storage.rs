//! Storage of whole words: a slot, and maps from words to words, laid out as Solidity does.
//!
//! The SDK's types pack and slice; what they leave in a program (texts of panics that cannot happen,
//! one copy for each type of key) is paid at every start. Contracts pack values themselves
//! ([`crate::word`]) and keep words.

use alloy_primitives::U256;
use stylus_sdk::{host::VM, prelude::*, storage::StorageType};

use crate::revert::Word;

/// One word.
pub struct Slot {
    slot: U256,
    host: VM,
}

/// `N` words that nothing uses yet, so that what stands before them can grow.
pub struct Reserved<const N: usize>;

/// A map from words to words.
pub struct WordMap(Slot);

/// A map from words to maps.
pub struct WordMaps(Slot);

impl Slot {
    /// The word at a fixed place, for slots that a standard names.
    pub const fn at(slot: U256, host: VM) -> Self {
        Self { slot, host }
    }

    /// Reads the word.
    #[inline(never)]
    pub fn read(&self) -> U256 {
        self.host.storage_load_bytes32(self.slot).into()
    }

    /// Writes the word.
    #[inline(never)]
    pub fn write(&mut self, word: U256) {
        // SAFETY: this accessor is borrowed exclusively, and nothing keeps what it read.
        unsafe { self.host.storage_cache_bytes32(self.slot, word.into()) };
    }

    /// The slot of a map's value: keccak-256 of key and root.
    #[inline(never)]
    fn child(&self, key: U256) -> Self {
        let mut data = [0_u8; 64];
        let (left, right) = data.split_at_mut(32);
        left.copy_from_slice(&key.to_be_bytes::<32>());
        right.copy_from_slice(&self.slot.to_be_bytes::<32>());
        Self {
            slot: self.host.native_keccak256(&data).into(),
            host: self.host.clone(),
        }
    }
}

impl WordMap {
    /// Reads the word of a key; zero if none was written.
    #[inline(never)]
    pub fn get(&self, key: U256) -> U256 {
        self.0.child(key).read()
    }

    /// Writes the word of a key.
    #[inline(never)]
    pub fn set(&mut self, key: U256, word: U256) {
        self.0.child(key).write(word);
    }
}

impl WordMaps {
    /// The map of a key.
    pub fn get(&self, key: U256) -> WordMap {
        WordMap(self.0.child(key))
    }

    /// The map of a key, to write to.
    pub fn get_mut(&mut self, key: U256) -> WordMap {
        WordMap(self.0.child(key))
    }

    /// Whether `member` of the set of a key is marked.
    pub fn is_marked(&self, key: U256, member: U256) -> bool {
        !self.get(key).get(member).is_zero()
    }

    /// Marks `member` of the set of a key, or no longer.
    pub fn mark(&mut self, key: U256, member: U256, marked: bool) {
        self.get_mut(key).set(member, marked.word());
    }
}

/// What every [`StorageType`] here has in common: it is its own accessor.
macro_rules! itself {
    () => {
        type Wraps<'a> = Self;
        type WrapsMut<'a> = Self;

        fn load<'s>(self) -> Self
        where
            Self: 's,
        {
            self
        }

        fn load_mut<'s>(self) -> Self
        where
            Self: 's,
        {
            self
        }
    };
}

pub(crate) use itself;

impl<const N: usize> StorageType for Reserved<N> {
    itself!();

    const REQUIRED_SLOTS: usize = N;

    unsafe fn new(_: U256, _: u8, _: VM) -> Self {
        Self
    }
}

macro_rules! storage_type {
    ($($type:ident $make:expr;)*) => {
        $(impl StorageType for $type {
            itself!();

            // Declared slots have small numbers; what else is in the word need not be added up.
            #[inline(always)]
            unsafe fn new(slot: U256, _: u8, host: VM) -> Self {
                let make: fn(Slot) -> Self = $make;
                let [number, ..] = *slot.as_limbs();
                let slot = U256::from_limbs([number, 0, 0, 0]);
                make(Slot { slot, host })
            }
        })*
    };
}

storage_type! {
    Slot |slot| slot;
    WordMap Self;
    WordMaps Self;
}
