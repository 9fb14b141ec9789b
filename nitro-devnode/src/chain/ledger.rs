//! The sealed blocks and what finds things in them.
use std::{collections::VecDeque, fmt, sync::Arc};

use alloy::primitives::{
    Address, B256,
    map::{AddressMap, B256Map},
};

use super::{Block, Included};

/// How many dropped blocks are remembered for those who have not heard of them yet.
const REMEMBERED: usize = 4096;

/// The sealed blocks, genesis first.
#[derive(Default)]
pub(super) struct Ledger {
    blocks: Vec<Arc<Block>>,
    by_hash: B256Map<u64>,
    transactions: B256Map<(u64, usize)>,
    /// Blocks in which an address logged, ascending.
    logged: AddressMap<Vec<u64>>,
    /// Blocks with any log, ascending.
    with_logs: Vec<u64>,
    /// The blocks dropped last, in the order in which they went.
    dropped: VecDeque<Arc<Block>>,
    /// Blocks dropped ever.
    drops: u64,
}

impl fmt::Debug for Ledger {
    /// Counts, as [`State`](crate::state::State) does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("blocks", &self.blocks.len())
            .field("drops", &self.drops)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    pub(super) fn push(&mut self, block: Arc<Block>) {
        let number = block.header.number;
        self.by_hash.insert(block.hash, number);
        let mut any_log = false;
        for (index, tx) in block.transactions.iter().enumerate() {
            self.transactions.insert(tx.hash, (number, index));
            for log in &tx.receipt.logs {
                any_log = true;
                let logged = self.logged.entry(log.address).or_default();
                if logged.last() != Some(&number) {
                    logged.push(number);
                }
            }
        }
        if any_log {
            self.with_logs.push(number);
        }
        self.blocks.push(block);
    }

    /// Drops every block after `number` and returns them, newest first.
    pub(super) fn truncate(&mut self, number: u64) -> Vec<Arc<Block>> {
        let mut gone = Vec::new();
        while let Some(last) = self.blocks.last() {
            if last.header.number <= number {
                break;
            }
            self.by_hash.remove(&last.hash);
            for tx in &last.transactions {
                self.transactions.remove(&tx.hash);
                for log in &tx.receipt.logs {
                    if let Some(logged) = self.logged.get_mut(&log.address) {
                        logged.truncate(logged.partition_point(|block| *block <= number));
                    }
                }
            }
            gone.extend(self.blocks.pop());
        }
        self.with_logs
            .truncate(self.with_logs.partition_point(|block| *block <= number));
        self.drops = self.drops.saturating_add(gone.len() as u64);
        self.dropped.extend(gone.iter().cloned());
        let forgotten = self.dropped.len().saturating_sub(REMEMBERED);
        self.dropped.drain(..forgotten);
        gone
    }

    /// What became of the chain for somebody who knows the blocks before `next` and the
    /// first `drops` drops. More than 4,096 drops at once are not all remembered.
    pub(super) fn news(&self, next: u64, drops: u64) -> News {
        let unheard = usize::try_from(self.drops.saturating_sub(drops)).unwrap_or(usize::MAX);
        let first = self.dropped.len().saturating_sub(unheard);
        let head = self.blocks.len() as u64;
        let mut next = next;
        let mut dropped = Vec::new();
        for block in self.dropped.range(first..) {
            // Others came and went unheard of.
            if block.header.number < next {
                next = block.header.number;
                dropped.push(block.clone());
            }
        }
        let new = usize::try_from(next.min(head)).unwrap_or(usize::MAX);
        News {
            dropped,
            sealed: self.blocks.get(new..).unwrap_or_default().to_vec(),
            next: head,
            drops: self.drops,
        }
    }

    pub(super) fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    pub(super) fn head(&self) -> Option<&Arc<Block>> {
        self.blocks.last()
    }

    pub(super) fn block(&self, number: u64) -> Option<&Arc<Block>> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    pub(super) fn number_of(&self, hash: B256) -> Option<u64> {
        self.by_hash.get(&hash).copied()
    }

    pub(super) fn transaction(&self, hash: B256) -> Option<(&Arc<Block>, usize)> {
        let (number, index) = self.transactions.get(&hash)?;
        Some((self.block(*number)?, *index))
    }

    /// Blocks from `first` to `last` in which one of `addresses` logged (any address when
    /// the list is empty), ascending.
    pub(super) fn blocks_with_logs(
        &self,
        addresses: &[Address],
        first: u64,
        last: u64,
    ) -> Vec<Arc<Block>> {
        let within = |numbers: &[u64]| -> Vec<u64> {
            let start = numbers.partition_point(|number| *number < first);
            let end = numbers.partition_point(|number| *number <= last);
            numbers.get(start..end).unwrap_or_default().to_vec()
        };
        let mut numbers: Vec<u64> = if addresses.is_empty() {
            within(&self.with_logs)
        } else {
            let logged = addresses
                .iter()
                .filter_map(|address| self.logged.get(address));
            logged.flat_map(|numbers| within(numbers)).collect()
        };
        numbers.sort_unstable();
        numbers.dedup();
        numbers
            .into_iter()
            .filter_map(|number| self.block(number).cloned())
            .collect()
    }
}

/// What became of the chain since somebody looked.
#[derive(Debug, Clone)]
pub struct News {
    /// Known blocks that are gone, newest first.
    pub dropped: Vec<Arc<Block>>,
    /// New blocks, oldest first.
    pub sealed: Vec<Arc<Block>>,
    /// Number of the next block.
    pub next: u64,
    /// Blocks dropped ever.
    pub drops: u64,
}

/// A transaction in its block.
#[derive(Debug, Clone)]
pub struct Located {
    /// The block.
    pub block: Arc<Block>,
    /// Index in the block; 0 is the internal transaction.
    pub index: usize,
}

impl Located {
    /// The transaction.
    pub fn transaction(&self) -> Option<&Included> {
        self.block.transactions.get(self.index)
    }
}
