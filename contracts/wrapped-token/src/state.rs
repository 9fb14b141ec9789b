//! Where the state of wlsETH lies in storage. The program is never replaced.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0 | the lower bits of the pool's queue (48) and registry (48), `pool` (160) |
//! | 1 | `start`: –, timestamp (64), rate with 27 decimals (128) |
//! | 2 | `supply`: kept checkpoints (64), timestamp (64), wlsETH (128) |
//! | 3 | `past_supply`: n → checkpoints 2n + 1, 2n (128 each: timestamp (40), wlsETH (88)) |
//! | 4 | `accounts`: account → delegate (160), wlsETH (96) |
//! | 5 | `allowances`: owner → spender → wlsETH |
//! | 6 | `votes`: delegate → kept checkpoints (64), timestamp (64), votes (128) |
//! | 7 | `past_votes`: delegate → n → checkpoints 2n + 1, 2n, as of the supply |
//! | 8 | `nonces`: account → permits and delegations used |
//! | 9 | –, `ether_vault` (160) |

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{
    allowance::Allowances,
    permit::Nonces,
    revert::Word,
    storage::{Slot, WordMap, WordMaps},
    word,
};
use protocol::{
    feed::Round,
    votes::{Checkpoint, MAX_VOTES, Trace},
};
use stylus_sdk::prelude::*;

/// Bits of the votes in a kept checkpoint.
const VOTES_BITS: u32 = 88;
/// Bits of an address.
const ADDRESS_BITS: usize = 160;
/// Bits of the queue's and of the registry's address that are kept beside the pool's.
const KEPT_BITS: u32 = 48;
/// The lowest of so many bits.
const KEPT: u128 = (1 << KEPT_BITS) - 1;
/// Bits of a balance beside its delegate.
const BALANCE_BITS: usize = 96;

/// Everything.
#[storage]
pub struct State {
    pool: Slot,
    start: Slot,
    /// wlsETH in all.
    pub(crate) supply: Slot,
    pub(crate) past_supply: WordMap,
    accounts: WordMap,
    /// Who may move how much of whose wlsETH.
    pub(crate) allowances: Allowances,
    votes: WordMap,
    past_votes: WordMaps,
    /// Permits and delegations used.
    pub(crate) nonces: Nonces,
    ether_vault: Slot,
}

/// A pool that is connected, and its contracts that pay what is somebody else's.
pub(crate) struct Pool {
    pub(crate) address: Address,
    pub(crate) queue: Address,
    pub(crate) registry: Address,
}

/// What an account has, and who votes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// wlsETH, at most [`MAX_VOTES`].
    pub(crate) balance: u128,
    /// Zero if nobody votes.
    pub(crate) delegate: Address,
}

impl State {
    /// The staking pool; zero until named.
    #[inline(never)]
    pub(crate) fn pool(&self) -> Address {
        word::address(self.pool.read())
    }

    /// Whether this is the pool's queue or registry. 48 bits of the address of either are kept beside the
    /// pool's, so that a plain send of ETH reads no word for it. They refuse, and allow nothing: who has
    /// them by chance, one address in 10¹⁴, calls `depositEth`.
    #[inline(never)]
    pub(crate) fn pays_others(&self, account: Address) -> bool {
        let (both, _) = word::halves(self.pool.read().wrapping_shr(ADDRESS_BITS));
        let low = low_bits(account);
        both >> KEPT_BITS == low || both & KEPT == low
    }

    /// Names the pool, and the rate from which the feed's bound grows.
    pub(crate) fn begin(&mut self, pool: &Pool, start: &Round) {
        let both = low_bits(pool.queue) << KEPT_BITS | low_bits(pool.registry);
        let word = U256::from(both).wrapping_shl(ADDRESS_BITS) | pool.address.word();
        self.pool.write(word);
        self.start
            .write(word::pack_amount(start.rate_e27, start.at, 0));
    }

    /// The vault that takes ETH for wlsETH.
    pub(crate) fn ether_vault(&self) -> Address {
        word::address(self.ether_vault.read())
    }

    /// Names the vault that takes ETH for wlsETH.
    pub(crate) fn store_ether_vault(&mut self, vault: Address) {
        self.ether_vault.write(vault.word());
    }

    /// The rate from which the feed's bound grows.
    pub(crate) fn start(&self) -> Round {
        let (rate_e27, at, _) = word::amount(self.start.read());
        Round { rate_e27, at }
    }

    /// Balance and delegate of an account.
    #[inline(never)]
    pub(crate) fn account(&self, account: Address) -> Account {
        let word = self.accounts.get(account.word());
        let (low, _) = word::halves(word);
        Account {
            // More than MAX_VOTES is never written; the rest are bits of the delegate.
            balance: low & MAX_VOTES,
            delegate: word::address(word.wrapping_shr(BALANCE_BITS)),
        }
    }

    /// Writes balance and delegate of an account.
    #[inline(never)]
    pub(crate) fn store_account(&mut self, account: Address, data: &Account) {
        // The 160 bits of an address and 96 of a balance fill the word.
        let delegate = data.delegate.word().wrapping_shl(BALANCE_BITS);
        let word = delegate | U256::from(data.balance);
        self.accounts.set(account.word(), word);
    }

    /// The supply, now and as it was.
    pub(crate) fn supply(&self) -> Trace {
        trace(self.supply.read())
    }

    /// Writes the supply of the block's time.
    pub(crate) fn store_supply(&mut self, supply: u128) {
        let now = self.vm().block_timestamp();
        let before = self.supply();
        let (after, old) = before.changed(supply, now);
        self.supply.write(pack_trace(&after));
        if let Some(old) = old {
            keep(&mut self.past_supply, before.kept, old);
        }
    }

    /// The supply at the end of a second.
    pub(crate) fn past_supply(&self, timepoint: u64) -> u128 {
        let kept = |number| kept(&self.past_supply, number);
        self.supply().at(timepoint, kept)
    }

    /// The votes of a delegate, now and as they were.
    #[inline(never)]
    pub(crate) fn votes(&self, delegate: Address) -> Trace {
        trace(self.votes.get(delegate.word()))
    }

    /// Writes the votes of a delegate at the block's time.
    pub(crate) fn store_votes(&mut self, delegate: Address, before: &Trace, votes: u128) {
        let now = self.vm().block_timestamp();
        let (after, old) = before.changed(votes, now);
        self.votes.set(delegate.word(), pack_trace(&after));
        if let Some(old) = old {
            let mut past = self.past_votes.get_mut(delegate.word());
            keep(&mut past, before.kept, old);
        }
    }

    /// The votes of a delegate at the end of a second.
    pub(crate) fn past_votes(&self, delegate: Address, timepoint: u64) -> u128 {
        let past = self.past_votes.get(delegate.word());
        self.votes(delegate)
            .at(timepoint, |number| kept(&past, number))
    }

    /// A checkpoint of a delegate that is not the newest.
    pub(crate) fn kept_votes(&self, delegate: Address, number: u64) -> Checkpoint {
        kept(&self.past_votes.get(delegate.word()), number)
    }
}

/// The bits of an address by which [`State::pays_others`] knows it.
fn low_bits(account: Address) -> u128 {
    u128::from(word::low_64(account.word())) & KEPT
}

fn trace(word: U256) -> Trace {
    let (votes, since, kept) = word::amount(word);
    Trace {
        latest: Checkpoint { since, votes },
        kept,
    }
}

fn pack_trace(trace: &Trace) -> U256 {
    let Checkpoint { since, votes } = trace.latest;
    word::pack_amount(votes, since, trace.kept)
}

/// Reads a kept checkpoint: the lower half of its word if its number is even.
#[inline(never)]
fn kept(past: &WordMap, number: u64) -> Checkpoint {
    let (even, odd) = word::halves(past.get((number >> 1).word()));
    let packed = if number & 1 == 0 { even } else { odd };
    Checkpoint {
        // 40 bits of seconds last for 34,000 years.
        since: (packed >> VOTES_BITS) as u64,
        votes: packed & MAX_VOTES,
    }
}

/// Writes a kept checkpoint. The second of two in a word costs a quarter of the first.
#[inline(never)]
fn keep(past: &mut WordMap, number: u64, checkpoint: Checkpoint) {
    let key = (number >> 1).word();
    let packed = u128::from(checkpoint.since) << VOTES_BITS | checkpoint.votes;
    let (even, _) = word::halves(past.get(key));
    let word = if number & 1 == 0 {
        word::pack_halves(packed, 0)
    } else {
        word::pack_halves(even, packed)
    };
    past.set(key, word);
}
