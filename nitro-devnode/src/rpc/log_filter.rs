//! Which logs a client asks for, by place, address and topics.
use alloy::{
    eips::BlockNumberOrTag,
    primitives::B256,
    rpc::types::{Filter, FilterBlockOption, Log},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::{blocks::rpc_log, errors::RpcError};
use crate::chain::{Block, LogQuery};

/// A filter as it was asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct LogFilter {
    filter: Filter,
    /// Topics listed, `null`s included: a log that has fewer is not asked for. [`Filter`]
    /// forgets those at the end.
    positions: usize,
}

impl<'de> Deserialize<'de> for LogFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let asked = Value::deserialize(deserializer)?;
        let topics = asked.get("topics").and_then(Value::as_array);
        let positions = topics.map_or(0, Vec::len);
        let filter = serde_json::from_value(asked).map_err(D::Error::custom)?;
        Ok(Self { filter, positions })
    }
}

impl LogFilter {
    /// Where to look among sealed blocks.
    pub(super) fn place(&self) -> FilterBlockOption {
        self.filter.block_option
    }

    /// What to look for.
    pub(super) fn query(&self) -> LogQuery {
        let topics = self.filter.topics.iter().take(self.positions);
        LogQuery {
            addresses: self.filter.address.iter().copied().collect(),
            topics: topics
                .map(|topic| topic.iter().copied().collect::<Vec<B256>>())
                .collect(),
        }
    }

    /// Checks that the filter can have news.
    ///
    /// # Errors
    /// [`RpcError::BackwardRange`] when it ends before it begins.
    pub(super) fn check_range(&self) -> Result<(), RpcError> {
        match self.numbers() {
            (Some(first), Some(last)) if first > last => Err(RpcError::BackwardRange),
            _ => Ok(()),
        }
    }

    /// The logs of a block that are news to who asked.
    pub(super) fn news(&self, block: &Block) -> Vec<Log> {
        let number = block.header.number;
        let (first, last) = self.numbers();
        if first.is_some_and(|first| number < first) || last.is_some_and(|last| number > last) {
            return Vec::new();
        }
        logs_of(block, &self.query())
    }

    /// The same logs as gone, newest first.
    pub(super) fn removed(&self, block: &Block) -> Vec<Log> {
        let mut logs = self.news(block);
        logs.reverse();
        for log in &mut logs {
            log.removed = true;
        }
        logs
    }

    /// Number of the first and of the last block, where they have one: tags are the newest
    /// block, whichever it is.
    fn numbers(&self) -> (Option<u64>, Option<u64>) {
        let number = |tag: Option<BlockNumberOrTag>| match tag? {
            BlockNumberOrTag::Earliest => Some(0),
            tag => tag.as_number(),
        };
        match self.filter.block_option {
            FilterBlockOption::Range {
                from_block,
                to_block,
            } => (number(from_block), number(to_block)),
            FilterBlockOption::AtBlockHash(_) => (None, None),
        }
    }
}

/// The logs of one block that are asked for.
pub(super) fn logs_of(block: &Block, query: &LogQuery) -> Vec<Log> {
    query
        .select(block)
        .map(|(index, number, log)| rpc_log(block, index, number, log))
        .collect()
}
