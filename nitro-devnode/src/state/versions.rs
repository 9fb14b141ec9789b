//! The values one cell had over time, each with the block from which it held.
use serde::{Deserialize, Serialize};

/// Values in ascending order of their blocks. The first is stored inline because most
/// cells are written once.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Versions<V> {
    first: Option<(u64, V)>,
    later: Vec<(u64, V)>,
}

impl<V> Default for Versions<V> {
    fn default() -> Self {
        Self {
            first: None,
            later: Vec::new(),
        }
    }
}

impl<V: Copy> Versions<V> {
    /// A cell with one value.
    pub(super) fn single(block: u64, value: V) -> Self {
        Self {
            first: Some((block, value)),
            later: Vec::new(),
        }
    }

    /// The value at the end of `block`.
    pub(super) fn at(&self, block: u64) -> Option<V> {
        if let Some((newest, value)) = self.later.last()
            && *newest <= block
        {
            return Some(*value);
        }
        match self.later.partition_point(|(since, _)| *since <= block) {
            0 => self
                .first
                .filter(|(since, _)| *since <= block)
                .map(|(_, value)| value),
            after => self
                .later
                .get(after.saturating_sub(1))
                .map(|(_, value)| *value),
        }
    }

    /// The newest value.
    pub(super) fn latest(&self) -> Option<V> {
        self.later
            .last()
            .or(self.first.as_ref())
            .map(|(_, value)| *value)
    }

    /// Sets the value from `block` on, which must not be before the newest version.
    /// Returns the value it replaced under the same block.
    pub(super) fn put(&mut self, block: u64, value: V) -> Option<V> {
        match self.later.last_mut().or(self.first.as_mut()) {
            Some((newest, old)) if *newest >= block => Some(std::mem::replace(old, value)),
            Some(_) => {
                self.later.push((block, value));
                None
            }
            None => {
                self.first = Some((block, value));
                None
            }
        }
    }

    /// Undoes the latest [`Versions::put`], given what it returned.
    pub(super) fn take_back(&mut self, replaced: Option<V>) {
        match replaced {
            Some(old) => {
                if let Some((_, value)) = self.later.last_mut().or(self.first.as_mut()) {
                    *value = old;
                }
            }
            None => {
                if self.later.pop().is_none() {
                    self.first = None;
                }
            }
        }
    }

    /// Drops every version after `block`.
    pub(super) fn forget_after(&mut self, block: u64) {
        let kept = self.later.partition_point(|(since, _)| *since <= block);
        self.later.truncate(kept);
        self.first = self.first.filter(|(since, _)| *since <= block);
    }

    /// True when nothing was ever written, or all of it was taken back.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}
