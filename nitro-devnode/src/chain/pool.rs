//! Transactions that wait: for a block, or for the nonces before theirs.
use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use alloy::{
    consensus::Transaction as _,
    primitives::{Address, B256, map::AddressMap},
};

use super::{Chain, Incoming, Mining, Rejected, seal::Empty};
use crate::evm::{self, TxError};

/// How long a transaction waits for the nonces before it, as in Nitro's sequencer.
pub(super) const NONCE_WAIT: Duration = Duration::from_secs(1);

/// Most transactions that wait for a nonce at one time, as in Nitro's sequencer.
const MOST_EARLY: usize = 1_024;

/// Most transactions that wait for a block at one time.
const MOST_WAITING: usize = 16_384;

/// Bytes that waiting transactions may have together.
const MOST_BYTES: usize = 128 << 20;

/// Takes the verdict on a transaction.
pub type Reply = Box<dyn FnOnce(Result<B256, Rejected>) + Send>;

struct Waiting {
    tx: Incoming,
    since: Instant,
    reply: Option<Reply>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting")
            .field("tx", &self.tx.hash)
            .finish_non_exhaustive()
    }
}

impl Waiting {
    fn settle(&mut self, verdict: Result<B256, Rejected>) {
        if let Some(reply) = self.reply.take() {
            reply(verdict);
        }
    }
}

/// The waiting transactions, by sender and nonce.
#[derive(Debug, Default)]
pub(super) struct Pool {
    senders: AddressMap<BTreeMap<u64, Waiting>>,
    /// Senders in the order in which their transactions arrived, one entry each.
    order: VecDeque<Address>,
    /// What waits for a nonce, oldest first: sender, nonce, and since when. An entry outlives
    /// its transaction when the nonce comes in time.
    early: VecDeque<(Address, u64, Instant)>,
    count: usize,
    bytes: usize,
    /// Rises with every change of what waits.
    revision: u64,
}

impl Pool {
    fn next_nonce(&self, sender: Address, state: u64) -> u64 {
        let Some(waiting) = self.senders.get(&sender) else {
            return state;
        };
        let mut next = state;
        while waiting.contains_key(&next)
            && let Some(following) = next.checked_add(1)
        {
            next = following;
        }
        next
    }

    fn take(&mut self, sender: Address, nonce: u64) -> Option<Waiting> {
        let waiting = self.senders.get_mut(&sender)?;
        let taken = waiting.remove(&nonce)?;
        self.revision = self.revision.wrapping_add(1);
        if waiting.is_empty() {
            self.senders.remove(&sender);
        }
        if let Some(place) = self.order.iter().position(|waiting| *waiting == sender) {
            self.order.remove(place);
        }
        self.count = self.count.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(taken.tx.raw.len());
        Some(taken)
    }

    /// Whether one more transaction of `bytes` would be too much.
    fn is_full(&self, bytes: usize) -> bool {
        self.count >= MOST_WAITING || self.bytes.saturating_add(bytes) > MOST_BYTES
    }

    fn is_waiting(&self, sender: Address, nonce: u64, since: Instant) -> bool {
        let waiting = self.senders.get(&sender);
        let waiting = waiting.and_then(|waiting| waiting.get(&nonce));
        waiting.is_some_and(|waiting| waiting.since == since)
    }

    /// Lets a transaction wait for the nonces before its own.
    fn insert_early(&mut self, new: Waiting) {
        self.early
            .push_back((new.tx.sender, new.tx.nonce(), new.since));
        self.insert(new);
    }

    /// Makes all that waits wait for the nonces before it.
    fn all_are_early(&mut self) {
        let waiting = self.senders.values().flat_map(BTreeMap::values);
        let mut early: Vec<_> = waiting
            .map(|waiting| (waiting.tx.sender, waiting.tx.nonce(), waiting.since))
            .collect();
        early.sort_by_key(|(_, nonce, since)| (*since, *nonce));
        self.order = early.iter().map(|(sender, ..)| *sender).collect();
        self.early = early.into();
    }

    /// The transaction that has waited longest for a nonce, and since when.
    fn oldest_early(&mut self) -> Option<(Address, u64, Instant)> {
        while let Some((sender, nonce, since)) = self.early.front().copied() {
            if self.is_waiting(sender, nonce, since) {
                return Some((sender, nonce, since));
            }
            self.early.pop_front();
        }
        None
    }

    /// Lets a transaction wait, in the place of a cheaper one with the same nonce.
    fn insert(&mut self, mut new: Waiting) {
        let waiting = self.senders.entry(new.tx.sender).or_default();
        let refusal = waiting.get(&new.tx.nonce()).and_then(|old| {
            let outbids = new.tx.envelope.max_fee_per_gas() > old.tx.envelope.max_fee_per_gas();
            match (old.tx.hash == new.tx.hash, outbids) {
                (true, _) => Some(Rejected::AlreadyKnown),
                (false, false) => Some(Rejected::Underpriced),
                (false, true) => None,
            }
        });
        if let Some(refusal) = refusal {
            return new.settle(Err(refusal));
        }
        let (sender, bytes) = (new.tx.sender, new.tx.raw.len());
        self.revision = self.revision.wrapping_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
        if let Some(mut old) = waiting.insert(new.tx.nonce(), new) {
            self.bytes = self.bytes.saturating_sub(old.tx.raw.len());
            old.settle(Err(Rejected::Replaced));
        } else {
            self.count = self.count.saturating_add(1);
            self.order.push_back(sender);
        }
    }

    /// As [`Pool::insert`], and the sender hears at once that it waits.
    fn insert_and_answer(&mut self, new: Waiting) {
        let (sender, nonce, hash) = (new.tx.sender, new.tx.nonce(), new.tx.hash);
        self.insert(new);
        let place = self
            .senders
            .get_mut(&sender)
            .and_then(|waiting| waiting.get_mut(&nonce));
        if let Some(kept) = place
            && kept.tx.hash == hash
        {
            kept.settle(Ok(hash));
        }
    }

    /// Forgets what waits and lets these wait instead, in their order; nobody hears of them.
    pub(super) fn replace(&mut self, transactions: Vec<Incoming>) {
        *self = Self {
            revision: self.revision.wrapping_add(1),
            ..Self::default()
        };
        let since = Instant::now();
        for tx in transactions {
            let reply = None;
            self.insert_early(Waiting { tx, since, reply });
        }
    }

    /// Which of the sets that waited over time it is.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Everything that waits.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Incoming> {
        self.senders
            .values()
            .flat_map(BTreeMap::values)
            .map(|waiting| &waiting.tx)
    }
}

impl Chain {
    fn state_nonce(&self, sender: Address) -> u64 {
        self.reader.account(self.head.number, sender).nonce
    }

    /// Takes a transaction. `reply` hears of it when it is in a block (at once, or when the
    /// nonces before it have come), when it is refused, or, if blocks are not automatic,
    /// as soon as it waits for one, which one that cannot be paid now does not.
    pub fn submit(&mut self, tx: Incoming, reply: Reply) {
        let (sender, nonce) = (tx.sender, tx.nonce());
        let mut new = Waiting {
            tx,
            since: Instant::now(),
            reply: Some(reply),
        };
        let state = self.state_nonce(sender);
        if nonce < state {
            new.settle(Err(Rejected::NonceTooLow {
                address: sender,
                tx: nonce,
                state,
            }));
        } else if self.mining == Mining::Automatic && nonce == state {
            self.seal_waiting(new);
            self.seal_followers(sender);
        } else if self.mining == Mining::Automatic && self.pool.count >= MOST_EARLY {
            new.settle(Err(Rejected::NonceTooHigh {
                address: sender,
                tx: nonce,
                state,
            }));
        } else if self.pool.is_full(new.tx.raw.len()) {
            new.settle(Err(Rejected::PoolFull));
        } else if self.mining == Mining::Automatic {
            self.pool.insert_early(new);
        } else if let Err(refusal) = self.check_waiting(&new.tx) {
            new.settle(Err(refusal.into()));
        } else {
            self.pool.insert_and_answer(new);
        }
    }

    /// Whether the next block could include a transaction, for all that can be known now.
    fn check_waiting(&self, tx: &Incoming) -> Result<(), TxError> {
        let view = self.reader.state().view(self.head.number);
        let (values, rules) = (self.next_values(), self.reader.rules());
        evm::check_waiting(view, &values, &rules, &tx.executable())
    }

    /// Executes a transaction and returns its hash, for callers that cannot wait.
    ///
    /// # Errors
    /// [`Rejected`]; a nonce gap is refused at once.
    pub fn send(&mut self, tx: Incoming) -> Result<B256, Rejected> {
        let (sender, nonce) = (tx.sender, tx.nonce());
        let (answer, verdict) = std::sync::mpsc::channel();
        // The receiver lives until the end of this function.
        self.submit(tx, Box::new(move |result| drop(answer.send(result))));
        verdict.try_recv().unwrap_or_else(|_| {
            self.pool.take(sender, nonce);
            Err(Rejected::NonceTooHigh {
                address: sender,
                tx: nonce,
                state: self.state_nonce(sender),
            })
        })
    }

    fn seal_waiting(&mut self, mut waiting: Waiting) {
        let mut verdicts = self.seal(std::slice::from_ref(&waiting.tx), Empty::Refused);
        waiting.settle(verdicts.pop().unwrap_or(Err(Rejected::Stopping)));
    }

    fn seal_followers(&mut self, sender: Address) {
        while let Some(next) = self.pool.take(sender, self.state_nonce(sender)) {
            self.seal_waiting(next);
        }
    }

    /// Seals a block for each transaction that can be executed now.
    pub(super) fn seal_ready(&mut self) {
        for sender in std::mem::take(&mut self.pool.order) {
            self.seal_followers(sender);
        }
        self.pool.all_are_early();
    }

    /// Seals one block with what waits, even an empty one, and returns its number.
    pub fn mine(&mut self) -> u64 {
        let mut ready = Vec::new();
        let mut next: AddressMap<u64> = AddressMap::default();
        for sender in std::mem::take(&mut self.pool.order) {
            let state = self.state_nonce(sender);
            let nonce = next.entry(sender).or_insert(state);
            match self.pool.take(sender, *nonce) {
                Some(waiting) => {
                    *nonce = nonce.saturating_add(1);
                    ready.push(waiting);
                }
                None if self.pool.senders.contains_key(&sender) => {
                    self.pool.order.push_back(sender);
                }
                None => {}
            }
        }
        let transactions: Vec<_> = ready.iter().map(|waiting| waiting.tx.clone()).collect();
        let verdicts = self.seal(&transactions, Empty::Allowed);
        for (mut waiting, verdict) in ready.into_iter().zip(verdicts) {
            match verdict {
                // No room in this block: it waits for the next one.
                Err(Rejected::Postponed) => self.pool.insert(waiting),
                verdict => {
                    if let Err(refusal) = &verdict {
                        tracing::warn!(hash = %waiting.tx.hash, %refusal, "dropped from the pool");
                    }
                    waiting.settle(verdict);
                }
            }
        }
        self.head.number
    }

    /// Gives up on transactions whose predecessors did not come in time.
    pub fn expire(&mut self, now: Instant) {
        if self.mining != Mining::Automatic {
            return;
        }
        while let Some((address, tx, since)) = self.pool.oldest_early() {
            if now.duration_since(since) < NONCE_WAIT {
                break;
            }
            let state = self.state_nonce(address);
            if let Some(mut waiting) = self.pool.take(address, tx) {
                waiting.settle(Err(Rejected::NonceTooHigh { address, tx, state }));
            }
        }
    }

    /// When [`Chain::expire`] is due next.
    pub fn next_expiry(&mut self) -> Option<Instant> {
        if self.mining != Mining::Automatic {
            return None;
        }
        let (_, _, since) = self.pool.oldest_early()?;
        since.checked_add(NONCE_WAIT)
    }

    /// The nonce the sender should use next, waiting transactions counted.
    pub fn pending_nonce(&self, sender: Address) -> u64 {
        self.pool.next_nonce(sender, self.state_nonce(sender))
    }

    /// The transaction with this hash, if it waits.
    pub fn waiting_transaction(&self, hash: B256) -> Option<Incoming> {
        self.pool.waiting().find(|tx| tx.hash == hash).cloned()
    }

    /// The transactions that wait.
    pub fn waiting(&self) -> Vec<Incoming> {
        self.pool.waiting().cloned().collect()
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
