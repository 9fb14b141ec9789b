//! The line of requests in storage. What a request is owed, [`protocol::queue`] decides.
//!
//! A request is two words. `asked` is what it began with and stays; `places` tells what became of
//! it. What is left to fill follows from both: nothing up to the last finalized id, all behind it,
//! and `head` between them.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    pause::Beside,
    revert::Word,
    storage::{Slot, WordMap, WordMaps},
    word,
};
use protocol::{
    limits::Bucket,
    queue::{MAX_NOMINAL, Request, Unfilled},
};
use stylus_sdk::prelude::*;

use crate::owned::Owned;

/// The ends of the queue, and what is locked for claims.
#[derive(Clone, Copy)]
pub struct Ends {
    /// Wei filled and not claimed, over all requests.
    pub locked: u128,
    /// Id of the newest request; 0 if there was none.
    pub last: u64,
    /// Id of the newest request behind which nothing older waits.
    pub finalized: u64,
}

/// A position: whose it is, and what it was paid.
#[derive(Clone, Copy)]
pub struct Place {
    /// Who owns it, or owned it last; zero if there is no such request.
    pub owner: Address,
    /// Wei filled and not claimed.
    pub paid: u128,
    /// Claimed or cancelled.
    pub closed: bool,
}

/// What a request asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Wei.
    pub nominal: u128,
    /// Shares that were locked.
    pub shares: u128,
    /// When, in seconds.
    pub timestamp: u64,
    /// Where the request stands in the list of its owner, from 1.
    pub position: u32,
}

/// Bits of a nominal.
const NOMINAL_BITS: u32 = 88;
/// Bits of shares.
const SHARES_BITS: u32 = 104;

/// A bit that no sum of nominals reaches, set in the word of the sums: a word that is never zero costs
/// 5,000 gas to write, not 22,100, when the queue fills again after it was empty.
const KEPT: u128 = 1 << 127;

/// The queue.
#[storage]
pub struct Line {
    ends: Beside,
    unfilled: Slot,
    links: Slot,
    head: Slot,
    places: WordMap,
    asked: WordMap,
    /// Which requests an account owns.
    pub owned: Owned,
    approved: WordMap,
    operators: WordMaps,
    lane: Slot,
}

impl Line {
    /// The staking pool.
    pub fn pool(&self) -> Address {
        word::address(self.links.read())
    }

    /// Names the staking pool, once; the instant lane is not suspended then.
    pub fn store_pool(&mut self, pool: Address) {
        self.links.write(pool.word());
    }

    /// Timestamp from which people may leave at once again.
    pub fn suspended_until(&self) -> u64 {
        let [.., until] = *self.links.read().as_limbs();
        until
    }

    /// Closes the instant lane before `until`.
    pub fn suspend(&mut self, until: u64) {
        let [low, middle, high, _] = *self.links.read().as_limbs();
        self.links
            .write(U256::from_limbs([low, middle, high, until]));
    }

    /// The ends of the queue.
    #[inline(never)]
    pub fn ends(&self) -> Ends {
        let (low, finalized) = self.ends.read();
        Ends {
            locked: low & MAX_NOMINAL,
            last: (low >> NOMINAL_BITS) as u64,
            finalized,
        }
    }

    /// Writes the ends of the queue. What is locked is ETH that the queue holds, and there are less
    /// than 2⁸⁸ wei; ids have 40 bits, for 10¹² requests of tens of thousands of gas each.
    #[inline(never)]
    pub fn store_ends(&mut self, ends: Ends) {
        let low = u128::from(ends.last) << NOMINAL_BITS | ends.locked & MAX_NOMINAL;
        self.ends.write(low, ends.finalized);
    }

    /// All unfilled requests together.
    #[inline(never)]
    pub fn unfilled(&self) -> Unfilled {
        let (shares, nominal) = word::halves(self.unfilled.read());
        Unfilled {
            shares,
            nominal: nominal & !KEPT,
        }
    }

    /// Writes the sums over all unfilled requests.
    #[inline(never)]
    pub fn store_unfilled(&mut self, unfilled: Unfilled) {
        self.unfilled
            .write(word::pack_halves(unfilled.shares, unfilled.nominal | KEPT));
    }

    /// Writes what is left of a head that is filled in part.
    pub fn store_head(&mut self, request: &Request) {
        self.head
            .write(word::pack_halves(request.shares, request.nominal));
    }

    /// A position; all zero if there is none.
    #[inline(never)]
    pub fn place(&self, id: U256) -> Place {
        let word = self.places.get(id);
        let [_, _, middle, high] = *word.as_limbs();
        Place {
            owner: word::address(word),
            // The 88 bits above the address: 32 of one limb and 56 of the next.
            paid: u128::from(high << 8 >> 8) << 32 | u128::from(middle >> 32),
            closed: high >> 56 != 0,
        }
    }

    /// Writes a position.
    #[inline(never)]
    pub fn store_place(&mut self, id: U256, place: &Place) {
        let [a, b, c, _] = *place.owner.word().as_limbs();
        // What was paid is at most the nominal, so it has 88 bits.
        let middle = c | (place.paid as u64) << 32;
        let high = (place.paid >> 32) as u64 | u64::from(place.closed) << 56;
        self.places.set(id, U256::from_limbs([a, b, middle, high]));
    }

    /// What a request asked for; all zero if there is none.
    #[inline(never)]
    pub fn asked(&self, id: U256) -> Asked {
        let (low, high) = word::halves(self.asked.get(id));
        Asked {
            nominal: low & MAX_NOMINAL,
            shares: high & ((1 << SHARES_BITS) - 1),
            timestamp: (low >> NOMINAL_BITS) as u64,
            position: (high >> SHARES_BITS) as u32,
        }
    }

    /// Writes what a request asked for: a nominal of 88 bits and shares of 104, as
    /// [`protocol::queue`] bounds them, a position of 24 bits as [`crate::owned`] does, and a
    /// timestamp of 40 bits, which last for 34,000 years.
    #[inline(never)]
    pub fn store_asked(&mut self, id: U256, asked: &Asked) {
        let low = asked.nominal | u128::from(asked.timestamp) << NOMINAL_BITS;
        let high = asked.shares | u128::from(asked.position) << SHARES_BITS;
        self.asked.set(id, word::pack_halves(low, high));
    }

    /// What is left to fill of a request, and what it was paid.
    #[inline(never)]
    pub fn request(&self, id: U256, place: &Place) -> Request {
        let filled = place.paid;
        let finalized = U256::from(self.ends().finalized);
        if place.closed || id <= finalized {
            return Request {
                filled,
                ..Request::default()
            };
        }
        if filled != 0 {
            // Only the head is ever paid in part.
            let (shares, nominal) = word::halves(self.head.read());
            return Request {
                shares,
                nominal,
                filled,
            };
        }
        let Asked {
            nominal, shares, ..
        } = self.asked(id);
        Request {
            shares,
            nominal,
            filled,
        }
    }

    /// Who besides the owner and its operators may move a position; zero if nobody.
    #[inline(never)]
    pub fn approved(&self, id: U256) -> Address {
        word::address(self.approved.get(id))
    }

    /// Writes who may move a position.
    #[inline(never)]
    pub fn store_approved(&mut self, id: U256, account: Address) {
        self.approved.set(id, account.word());
    }

    /// Whether `operator` may move all positions of `owner`.
    #[inline(never)]
    pub fn is_operator(&self, owner: Address, operator: Address) -> bool {
        self.operators.is_marked(owner.word(), operator.word())
    }

    /// Writes whether `operator` may move all positions of `owner`.
    pub fn store_operator(&mut self, owner: Address, operator: Address, allowed: bool) {
        self.operators.mark(owner.word(), operator.word(), allowed);
    }

    /// What may leave at once; without capacity, nothing.
    pub fn lane(&self) -> Bucket {
        word::bucket(self.lane.read())
    }

    /// Writes what may leave at once.
    pub fn store_lane(&mut self, lane: &Bucket) {
        self.lane.write(word::pack_bucket(lane));
    }
}
