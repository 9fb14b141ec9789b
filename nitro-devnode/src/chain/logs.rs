//! Which logs answer a query.
use std::sync::Arc;

use alloy::primitives::{Address, B256, Log};

use super::{Block, Reader};

/// What `eth_getLogs` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Any of these addresses; empty for all.
    pub addresses: Vec<Address>,
    /// By position: any of these topics; empty for all.
    pub topics: Vec<Vec<B256>>,
}

impl LogQuery {
    /// True if `log` is asked for.
    pub fn matches(&self, log: &Log) -> bool {
        let topics = log.topics();
        let known = self.addresses.is_empty() || self.addresses.contains(&log.address);
        known
            && self.topics.len() <= topics.len()
            && self
                .topics
                .iter()
                .zip(topics)
                .all(|(asked, topic)| asked.is_empty() || asked.contains(topic))
    }

    /// The logs of `block` asked for: index of the transaction, index of the log in the
    /// block, log.
    pub fn select<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = (usize, u64, &'a Log)> {
        let transactions = block.transactions.iter().enumerate();
        let all = transactions.flat_map(|(index, tx)| {
            let numbered = (tx.receipt.first_log_index..).zip(&tx.receipt.logs);
            numbered.map(move |(log_index, log)| (index, log_index, log))
        });
        all.filter(|(_, _, log)| self.matches(log))
    }
}

impl Reader {
    /// Blocks from `first` to `last` that may hold logs for `query`.
    pub fn blocks_for(&self, query: &LogQuery, first: u64, last: u64) -> Vec<Arc<Block>> {
        self.ledger()
            .read()
            .blocks_with_logs(&query.addresses, first, last)
    }
}
