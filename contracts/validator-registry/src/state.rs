//! Where the registry's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0 | working validators (32), validators (32), end and begin of the unbonding line (64 each) |
//! | 1 | `bonds_cover`: cover fund (128), bonds (128) |
//! | 2 | `stake`: unbonding (128), delegated (128) |
//! | 3 | `rewards`: –, owed to reporters (128) |
//! | 4 | `terms`: –, unbonding seconds (64), minimum bond (128) |
//! | 5 | `pauses`: –, –, stake movements, registration (64 each) |
//! | 6 | `pool` (160) |
//! | 7 | `working`: place → id of an active, jailed or exiting validator (32) |
//! | 8 | `status`: id → vetted cap (128), jailed until (64), commission bps (16), open faults (16), lane (16), status (16) |
//! | 9 | `bonds`: id → delegated (128), bond (128) |
//! | 10 | `unbonding`: id → shares (128), wei (128) |
//! | 11 | `bond_exits`: id → –, available at (64), wei (128) |
//! | 12 | `entries`: entry → validator (64), maturity (64), shares (128) |
//! | 13 | `operators`: id → operator (160) |
//! | 14 | `signers`: id → signer (160) |
//! | 15 | `reward_addresses`: id → reward address (160) |
//! | 16 | `ids`: signer → id |
//! | 17 | `evidence`: hash → used |
//! | 18 | `reporter_rewards`: reporter → wei |
//! | 19 | hooks in use |
//! | 20 | `hooks`: place → hook (160) |
//! | 21 | `roles`: role → account → held |

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U32, U256};
use glue::{pause::Pauses, word};
use protocol::{
    delegation::UnbondingEntry,
    registry::{BondExit, Lane, Status, Terms, Unbonding, Validator},
    reserves::RegistryBooks,
};
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU32, StorageU256},
};

/// Stake per bond in the vetted lane.
const LEVERAGE: u16 = 10;
/// Stake per bond in the open lane: half of the vetted.
const OPEN_LEVERAGE: u16 = 5;
/// Largest part of the pool that one validator may hold: 20 %.
const POOL_SHARE_BPS: u16 = 2_000;
const VETTED: u64 = 1;

/// How many there are, and where the unbonding line begins and ends.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    /// Oldest entry that is not paid.
    pub(crate) first_entry: u64,
    /// One after the newest entry.
    pub(crate) end_entry: u64,
    /// Validators ever registered; also the newest id.
    pub(crate) validators: u32,
    /// Validators in `working`.
    pub(crate) working: u32,
}

/// Sums over all validators, the parameters, and the ids that plans look at.
#[storage]
pub struct Books {
    counts: StorageU256,
    bonds_cover: StorageU256,
    stake: StorageU256,
    rewards: StorageU256,
    terms: StorageU256,
    /// Which groups are paused.
    pub(crate) pauses: Pauses,
    /// The staking pool.
    pub(crate) pool: StorageAddress,
    working: StorageMap<u32, StorageU32>,
}

impl Books {
    /// The counters.
    #[inline(never)]
    pub(crate) fn counts(&self) -> Counts {
        let [first_entry, end_entry, numbers, _] = *self.counts.get().as_limbs();
        Counts {
            first_entry,
            end_entry,
            validators: numbers as u32,
            working: (numbers >> 32) as u32,
        }
    }

    /// Writes the counters.
    #[inline(never)]
    pub(crate) fn store_counts(&mut self, counts: Counts) {
        let numbers = u64::from(counts.working) << 32 | u64::from(counts.validators);
        self.counts.set(U256::from_limbs([
            counts.first_entry,
            counts.end_entry,
            numbers,
            0,
        ]));
    }

    /// The sums that the contract owes.
    #[inline(never)]
    pub(crate) fn sums(&self) -> RegistryBooks {
        let (bonds, cover_fund) = word::halves(self.bonds_cover.get());
        let (active, unbonding) = word::halves(self.stake.get());
        RegistryBooks {
            bonds,
            active,
            unbonding,
            cover_fund,
            reporter_rewards: word::halves(self.rewards.get()).0,
        }
    }

    /// Writes the sums.
    #[inline(never)]
    pub(crate) fn store_sums(&mut self, sums: &RegistryBooks) {
        self.bonds_cover
            .set(word::pack_halves(sums.bonds, sums.cover_fund));
        self.stake
            .set(word::pack_halves(sums.active, sums.unbonding));
        self.rewards.set(U256::from(sums.reporter_rewards));
    }

    /// The registry's parameters. A bond leaves as slowly as stake does.
    #[inline(never)]
    pub(crate) fn terms(&self) -> Terms {
        let (min_bond, unbonding_secs, _) = word::amount(self.terms.get());
        Terms {
            min_bond,
            leverage: LEVERAGE,
            open_leverage: OPEN_LEVERAGE,
            pool_share_bps: POOL_SHARE_BPS,
            unbonding_secs,
            bond_exit_secs: unbonding_secs,
        }
    }

    /// Writes the parameters that are not fixed in code.
    pub(crate) fn store_terms(&mut self, min_bond: u128, unbonding_secs: u64) {
        self.terms
            .set(word::pack_amount(min_bond, unbonding_secs, 0));
    }

    /// The id in a place of `working`; 0 beyond its end.
    pub(crate) fn working(&self, place: u32) -> u32 {
        let [id] = *self.working.get(place).as_limbs();
        // The place holds 32 bits.
        id as u32
    }

    /// Writes a place of `working`.
    pub(crate) fn store_working(&mut self, place: u32, id: u32) {
        self.working.insert(place, U32::from(id));
    }
}

/// The validators, their unbonding entries, and who is who.
#[storage]
pub struct Register {
    status: StorageMap<u32, StorageU256>,
    bonds: StorageMap<u32, StorageU256>,
    unbonding: StorageMap<u32, StorageU256>,
    bond_exits: StorageMap<u32, StorageU256>,
    entries: StorageMap<u64, StorageU256>,
    /// Who acts for a validator.
    pub(crate) operators: StorageMap<u32, StorageAddress>,
    /// Who signs for a validator.
    pub(crate) signers: StorageMap<u32, StorageAddress>,
    /// Who is paid for a validator.
    pub(crate) reward_addresses: StorageMap<u32, StorageAddress>,
    /// Which validator a signer belongs to.
    pub(crate) ids: StorageMap<Address, StorageU32>,
}

impl Register {
    /// All that the rules know of a validator.
    #[inline(never)]
    pub(crate) fn validator(&self, id: u32) -> Validator {
        let [head, jailed_until, ..] = *self.status.get(id).as_limbs();
        let (_, cap) = word::halves(self.status.get(id));
        let (bond, active) = word::halves(self.bonds.get(id));
        let (assets, shares) = word::halves(self.unbonding.get(id));
        let (amount, available_at, _) = word::amount(self.bond_exits.get(id));
        Validator {
            // Only codes of a status are ever written.
            status: Status::from_code(head as u8).unwrap_or_default(),
            lane: if (head >> 16) as u16 as u64 == VETTED {
                Lane::Vetted { cap }
            } else {
                Lane::Open
            },
            open_faults: (head >> 32) as u16,
            jailed_until,
            bond,
            active,
            unbonding: Unbonding { assets, shares },
            bond_exit: BondExit {
                amount,
                available_at,
            },
        }
    }

    /// Commission in basis points.
    pub(crate) fn commission_bps(&self, id: u32) -> u16 {
        let [head, ..] = *self.status.get(id).as_limbs();
        (head >> 48) as u16
    }

    /// Writes all that the rules know of a validator.
    pub(crate) fn store_validator(&mut self, id: u32, validator: &Validator) {
        let commission_bps = self.commission_bps(id);
        self.store_with_commission(id, validator, commission_bps);
    }

    /// Writes a validator and its commission.
    #[inline(never)]
    pub(crate) fn store_with_commission(
        &mut self,
        id: u32,
        validator: &Validator,
        commission_bps: u16,
    ) {
        let (lane, cap) = match validator.lane {
            Lane::Open => (0, 0),
            Lane::Vetted { cap } => (VETTED, cap),
        };
        let head = u64::from(commission_bps) << 48
            | u64::from(validator.open_faults) << 32
            | lane << 16
            | validator.status as u64;
        let low = u128::from(validator.jailed_until) << 64 | u128::from(head);
        self.status.insert(id, word::pack_halves(low, cap));
        self.bonds
            .insert(id, word::pack_halves(validator.bond, validator.active));
        let Unbonding { assets, shares } = validator.unbonding;
        self.unbonding.insert(id, word::pack_halves(assets, shares));
        let BondExit {
            amount,
            available_at,
        } = validator.bond_exit;
        self.bond_exits
            .insert(id, word::pack_amount(amount, available_at, 0));
    }

    /// An unbonding entry and whose it is.
    #[inline(never)]
    pub(crate) fn entry(&self, entry: u64) -> (UnbondingEntry, u32) {
        let (shares, matures_at, id) = word::amount(self.entries.get(entry));
        // Only 32-bit ids are ever written.
        (UnbondingEntry { shares, matures_at }, id as u32)
    }

    /// Writes an unbonding entry.
    #[inline(never)]
    pub(crate) fn store_entry(&mut self, entry: u64, content: &UnbondingEntry, id: u32) {
        self.entries.insert(
            entry,
            word::pack_amount(content.shares, content.matures_at, u64::from(id)),
        );
    }
}

/// Most slashing hooks.
pub(crate) const MAX_HOOKS: usize = 8;

/// Used evidence, what reporters are owed, and who wants to hear of slashes.
#[storage]
pub struct Court {
    /// Evidence that was used.
    pub(crate) evidence: StorageMap<B256, StorageBool>,
    reporter_rewards: StorageMap<Address, StorageU256>,
    hook_count: StorageU256,
    hooks: StorageMap<u32, StorageAddress>,
}

impl Court {
    /// Wei owed to a reporter.
    pub(crate) fn reward(&self, reporter: Address) -> u128 {
        word::halves(self.reporter_rewards.get(reporter)).0
    }

    /// Writes the wei owed to a reporter.
    pub(crate) fn store_reward(&mut self, reporter: Address, assets: u128) {
        self.reporter_rewards.insert(reporter, U256::from(assets));
    }

    /// The hooks, in the order in which they are called.
    #[inline(never)]
    pub(crate) fn hooks(&self) -> Vec<Address> {
        let [count, ..] = *self.hook_count.get().as_limbs();
        // At most `MAX_HOOKS` are ever written.
        (0..count as u32)
            .map(|place| self.hooks.get(place))
            .collect()
    }

    /// Writes the hooks; at most [`MAX_HOOKS`], which callers check.
    #[inline(never)]
    pub(crate) fn store_hooks(&mut self, hooks: &[Address]) {
        for (place, hook) in (0_u32..).zip(hooks) {
            self.hooks.insert(place, *hook);
        }
        self.hook_count.set(U256::from(hooks.len()));
    }
}
