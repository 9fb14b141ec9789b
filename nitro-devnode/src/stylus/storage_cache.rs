//! The write-back cache between one program call and its storage, as `corpus/50-storage-cache`
//! shows it.
//!
//! It belongs to one call of one program: a nested or later call starts with an empty one.
//! The surcharges grow with the number of uses so that the cache stays cheap to keep.
use std::collections::BTreeMap;

use revm::primitives::U256;

/// A cached slot: its value and, if known, the value the state holds.
#[derive(Debug, Clone, Copy)]
struct Slot {
    value: U256,
    known: Option<U256>,
}

/// Slots read and written by one program call.
#[derive(Debug, Clone, Default)]
pub struct StorageCache {
    slots: BTreeMap<U256, Slot>,
    reads: u64,
    writes: u64,
}

impl StorageCache {
    /// Counts one read and returns its surcharge in gas: 0 up to the 32nd, 2 up to the
    /// 128th, then 10.
    pub fn read_surcharge(&mut self) -> u64 {
        self.reads = self.reads.saturating_add(1);
        match self.reads {
            0..=32 => 0,
            33..=128 => 2,
            _ => 10,
        }
    }

    /// Counts one write and returns its surcharge in gas: 0 up to the 8th, 7 up to the
    /// 64th, then 10.
    pub fn write_surcharge(&mut self) -> u64 {
        self.writes = self.writes.saturating_add(1);
        match self.writes {
            0..=8 => 0,
            9..=64 => 7,
            _ => 10,
        }
    }

    /// The cached value of a slot.
    pub fn get(&self, key: U256) -> Option<U256> {
        self.slots.get(&key).map(|slot| slot.value)
    }

    /// Remembers a value read from the state.
    pub fn loaded(&mut self, key: U256, value: U256) {
        self.slots.insert(
            key,
            Slot {
                value,
                known: Some(value),
            },
        );
    }

    /// Remembers a value to be written at the next flush.
    pub fn store(&mut self, key: U256, value: U256) {
        self.slots
            .entry(key)
            .and_modify(|slot| slot.value = value)
            .or_insert(Slot { value, known: None });
    }

    /// Returns the slots that differ from the state, now taken as written.
    pub fn take_dirty(&mut self) -> Vec<(U256, U256)> {
        let mut dirty = Vec::new();
        for (key, slot) in &mut self.slots {
            if slot.known != Some(slot.value) {
                slot.known = Some(slot.value);
                dirty.push((*key, slot.value));
            }
        }
        dirty
    }

    /// Forgets all slots; the counters go on.
    pub fn clear(&mut self) {
        self.slots.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surcharges_step_up_after_32_and_128_reads_and_8_and_64_writes() {
        let mut cache = StorageCache::default();
        let reads: u64 = (0..129).map(|_| cache.read_surcharge()).sum();
        let writes: u64 = (0..65).map(|_| cache.write_surcharge()).sum();
        assert_eq!(reads, 96 * 2 + 10);
        assert_eq!(writes, 56 * 7 + 10);
    }

    #[test]
    fn an_unread_slot_counts_as_dirty_and_only_once() {
        let mut cache = StorageCache::default();
        cache.loaded(U256::from(1), U256::from(5));
        cache.store(U256::from(1), U256::from(5));
        cache.store(U256::from(2), U256::ZERO);
        assert_eq!(cache.take_dirty(), vec![(U256::from(2), U256::ZERO)]);
        assert_eq!(cache.take_dirty(), vec![]);
    }
}
