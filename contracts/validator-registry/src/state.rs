//! Where the registry's state lies in storage. Append only: the layout outlives every program.
//! Accessors stay out of line: they are used many times, and a program pays for its size.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0–7 | [`glue::administration`] |
//! | 8 | working validators (32), validators (32), end and begin of the unbonding line (64 each) |
//! | 9 | `bonds_cover`: cover fund (128), bonds (128) |
//! | 10 | `stake`: unbonding (128), delegated (128) |
//! | 11 | `rewards`: –, owed to reporters (128) |
//! | 12 | `terms`: –, unbonding seconds (64), minimum bond (128) |
//! | 13 | `pool` (160) |
//! | 14 | `working`: place → id of an active, jailed or exiting validator (32) |
//! | 15 | `status`: id → vetted cap (128), jailed until (64), commission bps (16), open faults (16), lane (16), status (16) |
//! | 16 | `bonds`: id → delegated (128), bond (128) |
//! | 17 | `unbonding`: id → shares (128), wei (128) |
//! | 18 | `entries`: entry → validator (64), maturity (64), shares (128) |
//! | 19 | `operators`: id → operator (160) |
//! | 20 | `signers`: id → signer (160) |
//! | 21 | `reward_addresses`: id → reward address (160) |
//! | 22 | `ids`: signer → id |
//! | 23 | `evidence`: hash → used |
//! | 24 | `reporter_rewards`: reporter → wei |

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use glue::{
    revert::Word,
    storage::{Slot, WordMap},
    word,
};
use protocol::{
    delegation::UnbondingEntry,
    registry::{BondExit, Lane, Status, Terms, Unbonding, Validator},
    reserves::RegistryBooks,
};
use stylus_sdk::prelude::*;

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
    counts: Slot,
    bonds_cover: Slot,
    stake: Slot,
    rewards: Slot,
    terms: Slot,
    pool: Slot,
    working: WordMap,
}

impl Books {
    /// The staking pool.
    pub(crate) fn pool(&self) -> Address {
        word::address(self.pool.read())
    }

    /// Names the staking pool.
    pub(crate) fn store_pool(&mut self, pool: Address) {
        self.pool.write(pool.word());
    }

    /// The counters.
    #[inline(never)]
    pub(crate) fn counts(&self) -> Counts {
        let [first_entry, end_entry, numbers, _] = *self.counts.read().as_limbs();
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
        self.counts.write(U256::from_limbs([
            counts.first_entry,
            counts.end_entry,
            numbers,
            0,
        ]));
    }

    /// The sums that the contract owes.
    #[inline(never)]
    pub(crate) fn sums(&self) -> RegistryBooks {
        let (bonds, cover_fund) = word::halves(self.bonds_cover.read());
        let (active, unbonding) = word::halves(self.stake.read());
        RegistryBooks {
            bonds,
            active,
            unbonding,
            cover_fund,
            reporter_rewards: word::halves(self.rewards.read()).0,
        }
    }

    /// Writes the sums.
    #[inline(never)]
    pub(crate) fn store_sums(&mut self, sums: &RegistryBooks) {
        self.bonds_cover
            .write(word::pack_halves(sums.bonds, sums.cover_fund));
        self.stake
            .write(word::pack_halves(sums.active, sums.unbonding));
        self.rewards.write(U256::from(sums.reporter_rewards));
    }

    /// The registry's parameters. A bond leaves as slowly as stake does.
    #[inline(never)]
    pub(crate) fn terms(&self) -> Terms {
        let (min_bond, unbonding_secs, _) = word::amount(self.terms.read());
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
            .write(word::pack_amount(min_bond, unbonding_secs, 0));
    }

    /// The id in a place of `working`; 0 beyond its end.
    pub(crate) fn working(&self, place: u32) -> u32 {
        // Only 32-bit ids are ever written.
        word::low_64(self.working.get(place.word())) as u32
    }

    /// Writes a place of `working`.
    pub(crate) fn store_working(&mut self, place: u32, id: u32) {
        self.working.set(place.word(), id.word());
    }
}

/// The validators, their unbonding entries, and who is who.
#[storage]
pub struct Register {
    status: WordMap,
    bonds: WordMap,
    unbonding: WordMap,
    entries: WordMap,
    operators: WordMap,
    signers: WordMap,
    reward_addresses: WordMap,
    ids: WordMap,
}

/// Who is behind a validator.
#[derive(Clone, Copy)]
pub(crate) struct Parties {
    /// Who acts for it.
    pub(crate) operator: Address,
    /// Who signs for it.
    pub(crate) signer: Address,
    /// Who is paid for it.
    pub(crate) reward_address: Address,
}

impl Register {
    /// All that the rules know of a validator.
    #[inline(never)]
    pub(crate) fn validator(&self, id: u32) -> Validator {
        let [head, jailed_until, ..] = *self.status.get(id.word()).as_limbs();
        let (_, cap) = word::halves(self.status.get(id.word()));
        let (bond, active) = word::halves(self.bonds.get(id.word()));
        let (assets, shares) = word::halves(self.unbonding.get(id.word()));
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
            // No bond leaves before the exit.
            bond_exit: BondExit::default(),
        }
    }

    /// Commission in basis points.
    pub(crate) fn commission_bps(&self, id: u32) -> u16 {
        let [head, ..] = *self.status.get(id.word()).as_limbs();
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
        self.status.set(id.word(), word::pack_halves(low, cap));
        self.bonds.set(
            id.word(),
            word::pack_halves(validator.bond, validator.active),
        );
        let Unbonding { assets, shares } = validator.unbonding;
        self.unbonding
            .set(id.word(), word::pack_halves(assets, shares));
    }

    /// An unbonding entry and whose it is.
    #[inline(never)]
    pub(crate) fn entry(&self, entry: u64) -> (UnbondingEntry, u32) {
        let (shares, matures_at, id) = word::amount(self.entries.get(entry.word()));
        // Only 32-bit ids are ever written.
        (UnbondingEntry { shares, matures_at }, id as u32)
    }

    /// Writes an unbonding entry.
    #[inline(never)]
    pub(crate) fn store_entry(&mut self, entry: u64, content: &UnbondingEntry, id: u32) {
        self.entries.set(
            entry.word(),
            word::pack_amount(content.shares, content.matures_at, u64::from(id)),
        );
    }

    /// Who is behind a validator; all zero if there is none.
    pub(crate) fn parties(&self, id: u32) -> Parties {
        Parties {
            operator: word::address(self.operators.get(id.word())),
            signer: word::address(self.signers.get(id.word())),
            reward_address: word::address(self.reward_addresses.get(id.word())),
        }
    }

    /// Writes who is behind a validator.
    pub(crate) fn store_parties(&mut self, id: u32, parties: Parties) {
        let key = id.word();
        self.operators.set(key, parties.operator.word());
        self.signers.set(key, parties.signer.word());
        self.reward_addresses
            .set(key, parties.reward_address.word());
        self.ids.set(parties.signer.word(), key);
    }

    /// The validator of a signer; 0 if there is none.
    pub(crate) fn id_of(&self, signer: Address) -> u32 {
        // Only 32-bit ids are ever written.
        word::low_64(self.ids.get(signer.word())) as u32
    }
}

/// Used evidence, and what reporters are owed.
#[storage]
pub struct Court {
    evidence: WordMap,
    reporter_rewards: WordMap,
}

impl Court {
    /// Whether evidence was used.
    pub(crate) fn is_used(&self, evidence_hash: B256) -> bool {
        !self.evidence.get(evidence_hash.word()).is_zero()
    }

    /// Marks evidence as used.
    pub(crate) fn use_up(&mut self, evidence_hash: B256) {
        self.evidence.set(evidence_hash.word(), U256::ONE);
    }

    /// Wei owed to a reporter.
    pub(crate) fn reward(&self, reporter: Address) -> u128 {
        word::halves(self.reporter_rewards.get(reporter.word())).0
    }

    /// Writes the wei owed to a reporter.
    pub(crate) fn store_reward(&mut self, reporter: Address, assets: u128) {
        self.reporter_rewards.set(reporter.word(), assets.word());
    }
}
