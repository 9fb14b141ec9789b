//! Which requests an account owns: a list without gaps, four ids to a word.
//!
//! The first quarter of word 0 is the number of entries, so a short list is one word. An entry is
//! removed by moving the last one to its position; the order means nothing.

use alloc::vec::Vec;

use alloy_primitives::Address;
use glue::{
    revert::Word,
    storage::WordMaps,
    word::{self, LANES},
};
use stylus_sdk::prelude::*;

/// Most requests that one account can own at a time: positions have 24 bits.
pub const MAX_OWNED: u64 = (1 << 24) - 1;

/// The lists of all owners.
#[storage]
pub struct Owned {
    words: WordMaps,
}

impl Owned {
    /// How many requests `owner` has.
    pub fn count(&self, owner: Address) -> u64 {
        self.at(owner, 0)
    }

    /// The id at a position, counted from 1; zero behind the last.
    #[inline(never)]
    pub fn at(&self, owner: Address, position: u64) -> u64 {
        let words = self.words.get(owner.word());
        word::lane(words.get((position / LANES).word()), position)
    }

    /// Adds an id at the end; `None` if the list is full.
    #[inline(never)]
    pub fn push(&mut self, owner: Address, id: u64) -> Option<u32> {
        let position = self.count(owner).saturating_add(1);
        if position > MAX_OWNED {
            return None;
        }
        self.set(owner, 0, position);
        self.set(owner, position, id);
        u32::try_from(position).ok()
    }

    /// Removes what stands at `position`; returns the id that stands there now, if one does.
    #[inline(never)]
    pub fn remove(&mut self, owner: Address, position: u32) -> Option<u64> {
        let position = u64::from(position);
        let last = self.count(owner);
        let moved = self.at(owner, last);
        self.set(owner, last, 0);
        // Something stands at `position`, so there is at least one entry.
        self.set(owner, 0, last.saturating_sub(1));
        if position == last {
            return None;
        }
        self.set(owner, position, moved);
        Some(moved)
    }

    #[inline(never)]
    fn set(&mut self, owner: Address, position: u64, id: u64) {
        let mut words = self.words.get_mut(owner.word());
        let key = (position / LANES).word();
        words.set(key, word::with_lane(words.get(key), position, id));
    }
}
