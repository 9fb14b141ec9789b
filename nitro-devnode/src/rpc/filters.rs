//! Logs, and filters that are polled for what is new.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use alloy::{
    primitives::{B256, U64, map::HashMap},
    rpc::types::{FilterBlockOption, Log, Transaction},
};
use jsonrpsee::RpcModule;
use serde::Serialize;

use super::{
    Args, Registered, Rpc, answer,
    blocks::pending_transactions,
    errors::RpcError,
    log_filter::{LogFilter, logs_of},
};
use crate::chain::{Block, LogQuery};

/// A filter nobody polls for this long is forgotten.
const LIFETIME: Duration = Duration::from_secs(300);

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer(module, "eth_getLogs", get_logs)?;
    answer(module, "eth_newFilter", new_filter)?;
    answer(module, "eth_newBlockFilter", new_block_filter)?;
    answer(
        module,
        "eth_newPendingTransactionFilter",
        new_pending_filter,
    )?;
    answer(module, "eth_getFilterChanges", changes)?;
    answer(module, "eth_getFilterLogs", filter_logs)?;
    answer(module, "eth_uninstallFilter", uninstall)
}

/// Most filters at one time; beyond, the one that was polled longest ago is forgotten.
const MOST_FILTERS: usize = 1_024;

/// The filters that clients have made.
#[derive(Debug, Default)]
pub(super) struct Filters {
    by_id: HashMap<U64, Polled>,
    made: u64,
}

#[derive(Debug)]
struct Polled {
    kind: Kind,
    /// First block that has not been reported.
    next: u64,
    /// Drops of blocks that have been reported, as [`crate::chain::Reader::news`] counts them.
    drops: u64,
    last_poll: Instant,
}

#[derive(Debug, Clone)]
enum Kind {
    Logs(Box<LogFilter>),
    Blocks,
    /// Transactions are in a block at once, so these are the sealed ones.
    Transactions,
    /// The same with all their fields.
    FullTransactions,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Changes {
    Logs(Vec<Log>),
    Hashes(Vec<B256>),
    Transactions(Vec<Transaction>),
}

fn blocks_asked(
    rpc: &Rpc,
    filter: &LogFilter,
    query: &LogQuery,
) -> Result<Vec<Arc<Block>>, RpcError> {
    let reader = rpc.node.reader();
    match filter.place() {
        FilterBlockOption::AtBlockHash(hash) => Ok(vec![rpc.find(hash.into())?]),
        FilterBlockOption::Range {
            from_block,
            to_block,
        } => {
            let head = reader.head_number();
            let number = |tag: Option<alloy::eips::BlockNumberOrTag>| match tag {
                Some(tag) => tag
                    .as_number()
                    .unwrap_or(if tag.is_earliest() { 0 } else { head }),
                None => head,
            };
            let (first, last) = (number(from_block), number(to_block));
            if first > last && from_block.is_some() && to_block.is_some() {
                return Err(RpcError::BackwardRange);
            }
            Ok(reader.blocks_for(query, first, last.min(head)))
        }
    }
}

fn matching(rpc: &Rpc, filter: &LogFilter) -> Result<Vec<Log>, RpcError> {
    let query = filter.query();
    let blocks = blocks_asked(rpc, filter, &query)?;
    Ok(blocks
        .iter()
        .flat_map(|block| logs_of(block, &query))
        .collect())
}

fn get_logs(rpc: &Rpc, mut args: Args) -> Result<Vec<Log>, RpcError> {
    matching(rpc, &args.required(0)?)
}

fn add(rpc: &Rpc, kind: Kind) -> U64 {
    // Nothing is news to a filter that knows all blocks.
    let known = rpc.node.reader().news(u64::MAX, u64::MAX);
    let mut filters = rpc.filters.lock();
    let now = Instant::now();
    filters
        .by_id
        .retain(|_, filter| now.duration_since(filter.last_poll) < LIFETIME);
    if filters.by_id.len() >= MOST_FILTERS {
        let oldest = filters
            .by_id
            .iter()
            .min_by_key(|(_, filter)| filter.last_poll);
        if let Some(id) = oldest.map(|(id, _)| *id) {
            filters.by_id.remove(&id);
        }
    }
    filters.made = filters.made.saturating_add(1);
    let id = U64::from(filters.made);
    filters.by_id.insert(
        id,
        Polled {
            kind,
            next: known.next,
            drops: known.drops,
            last_poll: now,
        },
    );
    id
}

fn new_filter(rpc: &Rpc, mut args: Args) -> Result<U64, RpcError> {
    let filter: LogFilter = args.required(0)?;
    filter.check_range()?;
    Ok(add(rpc, Kind::Logs(Box::new(filter))))
}

fn new_block_filter(rpc: &Rpc, _: Args) -> Result<U64, RpcError> {
    Ok(add(rpc, Kind::Blocks))
}

fn new_pending_filter(rpc: &Rpc, mut args: Args) -> Result<U64, RpcError> {
    let is_full = args.optional(0)?.unwrap_or(false);
    Ok(add(
        rpc,
        match is_full {
            true => Kind::FullTransactions,
            false => Kind::Transactions,
        },
    ))
}

fn changes(rpc: &Rpc, mut args: Args) -> Result<Changes, RpcError> {
    let id: U64 = args.required(0)?;
    let (kind, news) = {
        let mut filters = rpc.filters.lock();
        let filter = filters.by_id.get_mut(&id).ok_or(RpcError::UnknownFilter)?;
        filter.last_poll = Instant::now();
        let news = rpc.node.reader().news(filter.next, filter.drops);
        filter.next = news.next;
        filter.drops = news.drops;
        (filter.kind.clone(), news)
    };
    let sealed = news.sealed.iter();
    Ok(match kind {
        Kind::Blocks => Changes::Hashes(sealed.map(|block| block.hash).collect()),
        Kind::Transactions => {
            let users = sealed.flat_map(|block| block.transactions.iter().skip(1));
            Changes::Hashes(users.map(|tx| tx.hash).collect())
        }
        Kind::FullTransactions => Changes::Transactions(
            sealed
                .flat_map(|block| pending_transactions(block))
                .collect(),
        ),
        Kind::Logs(filter) => {
            let dropped = news.dropped.iter();
            let removed = dropped.flat_map(|block| filter.removed(block));
            let new = sealed.flat_map(|block| filter.news(block));
            Changes::Logs(removed.chain(new).collect())
        }
    })
}

fn filter_logs(rpc: &Rpc, mut args: Args) -> Result<Vec<Log>, RpcError> {
    let id: U64 = args.required(0)?;
    let kind = rpc
        .filters
        .lock()
        .by_id
        .get(&id)
        .map(|filter| filter.kind.clone());
    match kind {
        Some(Kind::Logs(filter)) => matching(rpc, &filter),
        Some(Kind::Blocks | Kind::Transactions | Kind::FullTransactions) | None => {
            Err(RpcError::UnknownFilter)
        }
    }
}

fn uninstall(rpc: &Rpc, mut args: Args) -> Result<bool, RpcError> {
    let id: U64 = args.required(0)?;
    Ok(rpc.filters.lock().by_id.remove(&id).is_some())
}
