//! Where the queue's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`] |
//! | 8 | last finalized id (64), last id (64), locked wei (128) |
//! | 9 | `unfilled`: nominal wei (128), shares (128) |
//! | 10 | `pool` (160) |
//! | 11 | `parts`: id → nominal left (128), shares left (128) |
//! | 12 | `fills`: id → –, timestamp (64), wei filled and not claimed (128) |
//! | 13 | `owners`: id → owner (160) |

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    revert::Word,
    storage::{Slot, WordMap},
    word,
};
use protocol::queue::{Request, Unfilled};
use stylus_sdk::prelude::*;

/// The ends of the queue, and what is locked for claims.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    /// Wei filled and not claimed, over all requests.
    pub(crate) locked: u128,
    /// Id of the newest request; 0 if there was none.
    pub(crate) last: u64,
    /// Id of the newest request that is filled in whole.
    pub(crate) finalized: u64,
}

/// The queue.
#[storage]
pub struct Line {
    ends: Slot,
    unfilled: Slot,
    pool: Slot,
    parts: WordMap,
    fills: WordMap,
    owners: WordMap,
}

impl Line {
    /// The staking pool.
    pub(crate) fn pool(&self) -> Address {
        word::address(self.pool.read())
    }

    /// Names the staking pool.
    pub(crate) fn store_pool(&mut self, pool: Address) {
        self.pool.write(pool.word());
    }

    /// The ends of the queue.
    #[inline(never)]
    pub(crate) fn ends(&self) -> Ends {
        let (locked, last, finalized) = word::amount(self.ends.read());
        Ends {
            locked,
            last,
            finalized,
        }
    }

    /// Writes the ends of the queue.
    #[inline(never)]
    pub(crate) fn store_ends(&mut self, ends: Ends) {
        self.ends
            .write(word::pack_amount(ends.locked, ends.last, ends.finalized));
    }

    /// All unfilled requests together.
    #[inline(never)]
    pub(crate) fn unfilled(&self) -> Unfilled {
        let (shares, nominal) = word::halves(self.unfilled.read());
        Unfilled { shares, nominal }
    }

    /// Writes the sums over all unfilled requests.
    #[inline(never)]
    pub(crate) fn store_unfilled(&mut self, unfilled: Unfilled) {
        self.unfilled
            .write(word::pack_halves(unfilled.shares, unfilled.nominal));
    }

    /// A request and the timestamp at which it was made; all zero if there is none.
    #[inline(never)]
    pub(crate) fn request(&self, id: U256) -> (Request, u64) {
        let (shares, nominal) = word::halves(self.parts.get(id));
        let (filled, timestamp, _) = word::amount(self.fills.get(id));
        let request = Request {
            shares,
            nominal,
            filled,
        };
        (request, timestamp)
    }

    /// Writes a request.
    #[inline(never)]
    pub(crate) fn store_request(&mut self, id: U256, request: &Request, timestamp: u64) {
        self.parts
            .set(id, word::pack_halves(request.shares, request.nominal));
        self.store_filled(id, request.filled, timestamp);
    }

    /// Writes what a request may claim.
    pub(crate) fn store_filled(&mut self, id: U256, filled: u128, timestamp: u64) {
        self.fills.set(id, word::pack_amount(filled, timestamp, 0));
    }

    /// The owner of a request; zero if there is none.
    pub(crate) fn owner(&self, id: U256) -> Address {
        word::address(self.owners.get(id))
    }

    /// Writes the owner of a request.
    pub(crate) fn store_owner(&mut self, id: U256, owner: Address) {
        self.owners.set(id, owner.word());
    }
}
