//! The protocol once more, as plain numbers in memory.
//!
//! Written from the interfaces and the design, it shares nothing with `contracts` but the ABI:
//! where the two differ, one of them is wrong. A step answers with what the chain must answer:
//! the return data and the logs, or the revert data.

mod bonds;
mod curation;
mod dispatch;
mod faults;
mod hooks;
mod instant;
mod money;
mod neighbours;
mod pauses;
mod permits;
mod positions;
mod queue;
mod rates;
mod registry;
mod spread;
mod token;
mod vault;
mod views;
mod wrapped;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use alloy::primitives::{Address, B256, Log, U256};
use alloy::sol_types::{SolError, SolEvent};

use super::amounts::down;
use faults::Faults;

pub(super) use faults::Evidence;
pub(super) use neighbours::Neighbour;
pub(super) use permits::{Delegation, Permit, Token};
pub(super) use queue::Request;
pub(super) use rates::Fee;
pub(super) use registry::{Commission, Entry, Status, Terms, Validator};
pub(super) use views::View;

/// A thousandth of an ETH: the least that may be deposited or requested.
pub(super) const MINIMUM: u128 = 1_000_000_000_000_000;
const DAY: u64 = 86_400;
/// A share of unbonding stake worth less than a millionth of a wei counts as worthless.
const MAX_DILUTION: u128 = 1 << 20;

/// Revert data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) Vec<u8>);

/// What a call that is accepted leaves: return data and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) returned: Vec<u8>,
    pub(super) logs: Vec<Log>,
}

/// Who is who.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses {
    pub(super) pool: Address,
    pub(super) registry: Address,
    pub(super) queue: Address,
    pub(super) wrapped: Address,
    pub(super) vault: Address,
    /// Holds every role.
    pub(super) admin: Address,
    pub(super) treasury: Address,
    /// Holds the first shares and gets what is burned.
    pub(super) dead: Address,
}

/// Rewards on their way to the holders.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Release {
    pub(super) amount: u128,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// A limit that refills; what a capacity of zero means is up to who has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bucket {
    pub(super) capacity: u128,
    pub(super) level: u128,
    pub(super) refill_secs: u64,
    pub(super) updated_at: u64,
}

impl Bucket {
    fn full(capacity: u128, refill_secs: u32) -> Self {
        Self {
            capacity,
            level: capacity,
            refill_secs: refill_secs.into(),
            updated_at: 0,
        }
    }

    /// What may be taken now.
    fn available(&self, now: u64) -> u128 {
        let elapsed = now.saturating_sub(self.updated_at);
        if elapsed >= self.refill_secs {
            return self.capacity;
        }
        let (part, whole) = (u128::from(elapsed), u128::from(self.refill_secs));
        self.capacity
            .min(self.level + down(self.capacity, part, whole))
    }
}

/// The state of the contracts.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) at: Addresses,
    pub(super) chain: u64,
    pub(super) now: u64,

    /// ETH of the holders without what `release` has added since it was last folded in.
    pub(super) booked: u128,
    pub(super) total_shares: u128,
    pub(super) release: Release,
    pub(super) rebased_at: u64,
    /// The pool's history: rates with 27 decimals, and when they were recorded.
    pub(super) history: Vec<(u128, u64)>,
    pub(super) staked: u128,
    pub(super) target_buffer: u128,
    pub(super) bucket: Bucket,
    pub(super) shares: BTreeMap<Address, u128>,
    pub(super) allowances: BTreeMap<(Address, Address), U256>,
    pub(super) fee: Fee,
    pub(super) release_secs: u64,

    pub(super) requests: Vec<Request>,
    pub(super) finalized: usize,
    /// By the request's index, who may move it; and which owner lets whom move all.
    pub(super) approved: BTreeMap<usize, Address>,
    pub(super) operators: BTreeSet<(Address, Address)>,
    pub(super) lane: Bucket,
    pub(super) lane_suspended_until: u64,
    /// Until when somebody may still be slashed, as the pool was told last.
    pub(super) slash_pending_until: u64,

    pub(super) validators: Vec<Validator>,
    /// Who has ever signed for whom.
    pub(super) signers: BTreeMap<Address, u32>,
    /// Indexes in the order in which plans look at them.
    pub(super) working: Vec<usize>,
    /// The unbonding line, and the number of its first entry.
    pub(super) entries: VecDeque<Entry>,
    pub(super) first_entry: u64,
    pub(super) cover: u128,
    pub(super) rewards: BTreeMap<Address, u128>,
    pub(super) evidence: BTreeMap<B256, Evidence>,
    /// Open allegations against anybody.
    pub(super) faults: Faults,
    /// Who is told of a slash, in this order.
    pub(super) hooks: Vec<Address>,
    pub(super) terms: Terms,
    pub(super) unbonding_secs: u64,
    pub(super) notice_secs: u64,

    pub(super) wrapped: wrapped::Books,
    pub(super) vault: vault::Accounts,
    /// What the feed of wlsETH began with.
    pub(super) feed_start: (u128, u64),

    pub(super) nonces: BTreeMap<(Token, Address), U256>,
    /// When the last pause of a contract's group ends.
    pub(super) pauses: BTreeMap<(Address, u8), u64>,

    /// Contracts of others, and what was paid to them.
    pub(super) neighbours: BTreeMap<Address, Neighbour>,
    pub(super) paid: BTreeMap<Address, U256>,
    /// What was forced into contracts, past their functions.
    pub(super) forced: BTreeMap<Address, u128>,

    logs: Vec<Log>,
}

impl Model {
    /// Nothing but who is who, to be filled from a fresh deployment.
    pub(super) fn new(at: Addresses, terms: Terms) -> Self {
        Self {
            at,
            chain: 0,
            now: 0,
            booked: 0,
            total_shares: 0,
            release: Release::default(),
            rebased_at: 0,
            history: Vec::new(),
            staked: 0,
            target_buffer: 0,
            bucket: Bucket::default(),
            shares: BTreeMap::new(),
            allowances: BTreeMap::new(),
            fee: Fee::default(),
            release_secs: 0,
            requests: Vec::new(),
            finalized: 0,
            approved: BTreeMap::new(),
            operators: BTreeSet::new(),
            lane: Bucket::default(),
            lane_suspended_until: 0,
            slash_pending_until: 0,
            validators: Vec::new(),
            signers: BTreeMap::new(),
            working: Vec::new(),
            entries: VecDeque::new(),
            first_entry: 0,
            cover: 0,
            rewards: BTreeMap::new(),
            evidence: BTreeMap::new(),
            faults: Faults::default(),
            hooks: Vec::new(),
            terms,
            unbonding_secs: 0,
            notice_secs: 0,
            wrapped: wrapped::Books::default(),
            vault: vault::Accounts::default(),
            feed_start: (0, 0),
            nonces: BTreeMap::new(),
            pauses: BTreeMap::new(),
            neighbours: BTreeMap::new(),
            paid: BTreeMap::new(),
            forced: BTreeMap::new(),
            logs: Vec::new(),
        }
    }

    /// One transaction: all of `step`, or nothing if it refuses.
    pub(super) fn transact(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<Vec<u8>, Refusal>,
    ) -> Result<Accepted, Refusal> {
        let before = self.clone();
        match step(self) {
            Ok(returned) => Ok(Accepted {
                returned,
                logs: std::mem::take(&mut self.logs),
            }),
            Err(refusal) => {
                *self = before;
                Err(refusal)
            }
        }
    }

    /// What a contract has that is nobody's.
    pub(super) fn surplus(&self, contract: Address) -> u128 {
        self.forced.get(&contract).copied().unwrap_or_default()
    }

    fn log(&mut self, address: Address, event: &impl SolEvent) {
        let data = event.encode_log_data();
        self.logs.push(Log { address, data });
    }
}

fn refuse<T>(error: &impl SolError) -> Result<T, Refusal> {
    Err(Refusal(error.abi_encode()))
}

fn word(number: u128) -> U256 {
    U256::from(number)
}

/// The contracts keep amounts in 128 bits and refuse what does not fit.
fn narrow(value: U256) -> Result<u128, Refusal> {
    match u128::try_from(value) {
        Ok(narrow) => Ok(narrow),
        Err(_) => refuse(&client::abi::IStakingPool::AmountTooWide { value }),
    }
}
