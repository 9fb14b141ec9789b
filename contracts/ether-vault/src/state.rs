//! Where the vault's state lies in storage. The program is never replaced.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0 | –, `wrapped` (160) |
//! | 1 | –, `pool` (160) |
//! | 2 | –, `queue` (160) |
//! | 3 | `owed`: wei here that controllers have not taken |
//! | 4 | `requests`: id → controller (160), shares (96) |
//! | 5 | `lists`: controller → n → ids 4n + 3 to 4n (64 each) |
//! | 6 | `accounts`: controller → requests made (40), wei left (88), requests opened (40), shares left (88) |
//! | 7 | `operators`: controller → operator → may act |

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    revert::Word,
    storage::{Slot, WordMap, WordMaps},
    word::{self, LANES},
};
use protocol::redemption::Filled;
use stylus_sdk::prelude::*;

/// Bits of shares beside their controller.
const SHARES_BITS: usize = 96;
/// Bits of an amount in an account: no more than that many wlsETH or wei there are.
const AMOUNT_BITS: u32 = 88;
/// The bits of an amount.
const AMOUNT: u128 = (1 << AMOUNT_BITS) - 1;

/// Everything.
#[storage]
pub struct State {
    wrapped: Slot,
    pool: Slot,
    queue: Slot,
    owed: Slot,
    requests: WordMap,
    lists: WordMaps,
    accounts: WordMap,
    operators: WordMaps,
}

/// A request in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Whose it is; zero if there is no such request.
    pub(crate) controller: Address,
    /// wlsETH that it was made with.
    pub(crate) shares: u128,
}

/// What a controller has here. Its requests are opened in order, each when its ETH comes here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// What is left of the request that was opened last.
    pub(crate) left: Filled,
    /// Requests that were opened.
    pub(crate) opened: u64,
    /// Requests that were made.
    pub(crate) made: u64,
}

impl State {
    /// wlsETH; zero until named.
    #[inline(never)]
    pub(crate) fn wrapped(&self) -> Address {
        word::address(self.wrapped.read())
    }

    /// The pool of the wlsETH.
    #[inline(never)]
    pub(crate) fn pool(&self) -> Address {
        word::address(self.pool.read())
    }

    /// The queue of the pool.
    #[inline(never)]
    pub(crate) fn queue(&self) -> Address {
        word::address(self.queue.read())
    }

    /// Names the wlsETH, its pool and its queue.
    pub(crate) fn begin(&mut self, wrapped: Address, pool: Address, queue: Address) {
        self.wrapped.write(wrapped.word());
        self.pool.write(pool.word());
        self.queue.write(queue.word());
    }

    /// Wei here that controllers have not taken.
    pub(crate) fn owed(&self) -> U256 {
        self.owed.read()
    }

    /// Writes the wei here that controllers have not taken.
    pub(crate) fn store_owed(&mut self, owed: u128) {
        self.owed.write(U256::from(owed));
    }

    /// A request; all zero if it was not made here.
    #[inline(never)]
    pub(crate) fn request(&self, id: U256) -> Request {
        let word = self.requests.get(id);
        let (low, _) = word::halves(word);
        Request {
            controller: word::address(word.wrapping_shr(SHARES_BITS)),
            // wlsETH has 88 bits; the rest are bits of the controller.
            shares: low & AMOUNT,
        }
    }

    /// Writes a request.
    pub(crate) fn store_request(&mut self, id: U256, request: &Request) {
        let controller = request.controller.word().wrapping_shl(SHARES_BITS);
        self.requests
            .set(id, controller | U256::from(request.shares));
    }

    /// Id of the request number `number` of a controller, from 0; 0 if it was not made.
    #[inline(never)]
    pub(crate) fn id(&self, controller: Address, number: u64) -> U256 {
        let list = self.lists.get(controller.word());
        let word = list.get((number / LANES).word());
        U256::from(word::lane(word, number))
    }

    /// Appends an id to the list of a controller.
    pub(crate) fn store_id(&mut self, controller: Address, number: u64, id: u64) {
        let mut list = self.lists.get_mut(controller.word());
        let key = (number / LANES).word();
        list.set(key, word::with_lane(list.get(key), number, id));
    }

    /// What a controller has here.
    #[inline(never)]
    pub(crate) fn account(&self, controller: Address) -> Account {
        let (low, high) = word::halves(self.accounts.get(controller.word()));
        Account {
            left: Filled {
                shares: low & AMOUNT,
                assets: high & AMOUNT,
            },
            opened: (low >> AMOUNT_BITS) as u64,
            made: (high >> AMOUNT_BITS) as u64,
        }
    }

    /// Writes what a controller has here. Numbers have 40 bits, as the queue's ids.
    #[inline(never)]
    pub(crate) fn store_account(&mut self, controller: Address, account: &Account) {
        let low = u128::from(account.opened) << AMOUNT_BITS | account.left.shares & AMOUNT;
        let high = u128::from(account.made) << AMOUNT_BITS | account.left.assets & AMOUNT;
        self.accounts
            .set(controller.word(), word::pack_halves(low, high));
    }

    /// Whether `operator` may act for `controller`.
    #[inline(never)]
    pub(crate) fn is_operator(&self, controller: Address, operator: Address) -> bool {
        self.operators.is_marked(controller.word(), operator.word())
    }

    /// Writes whether `operator` may act for `controller`.
    pub(crate) fn store_operator(&mut self, controller: Address, operator: Address, may: bool) {
        self.operators.mark(controller.word(), operator.word(), may);
    }
}
