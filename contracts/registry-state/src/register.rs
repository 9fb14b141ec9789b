//! The validators, their unbonding entries, and who is who.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use glue::{revert::Word, storage::WordMap, word};
use protocol::{
    bond::BondExit,
    commission::Commission,
    delegation::UnbondingEntry,
    fault::Faults,
    registry::{Lane, Status, Unbonding, Validator},
};
use stylus_sdk::prelude::*;

/// Code of the vetted lane in storage and ABI; the open lane is 0.
const VETTED: u8 = 1;

/// The records of the validators.
#[storage]
pub struct Register {
    status: WordMap,
    bonds: WordMap,
    unbonding: WordMap,
    waiting: WordMap,
    entries: WordMap,
    operators: WordMap,
    signers: WordMap,
    reward_addresses: WordMap,
    ids: WordMap,
}

/// Who is behind a validator.
#[derive(Clone, Copy)]
pub struct Parties {
    /// Who acts for it.
    pub operator: Address,
    /// Who signs for it.
    pub signer: Address,
    /// Who is paid for it.
    pub reward_address: Address,
}

/// The code of a lane.
pub const fn lane_code(lane: Lane) -> u8 {
    match lane {
        Lane::Open => 0,
        Lane::Vetted => VETTED,
    }
}

impl Register {
    /// All that the rules know of a validator. Plans load many, and few have bond that waits.
    #[inline(never)]
    pub fn validator(&self, id: u32) -> Validator {
        let status = self.status.get(id.word());
        let [head, jailed_until, ..] = *status.as_limbs();
        let (_, inverted) = word::halves(status);
        let [code, waits, lane, faults] = unpack(head);
        let (bond, active) = word::halves(self.bonds.get(id.word()));
        let (assets, shares) = word::halves(self.unbonding.get(id.word()));
        let (amount, available_at, until) = match waits {
            0 => (0, 0, 0),
            _ => word::amount(self.waiting.get(id.word())),
        };
        Validator {
            // Only codes of a status are ever written.
            status: Status::from_code(code as u8).unwrap_or_default(),
            lane: if lane == u16::from(VETTED) {
                Lane::Vetted
            } else {
                Lane::Open
            },
            target: match inverted {
                0 => None,
                inverted => Some(!inverted),
            },
            faults: Faults {
                count: faults,
                until,
            },
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

    /// Writes all that the rules know of a validator. A target is kept inverted, so that an empty
    /// word is no limit, and so is the largest number.
    #[inline(never)]
    pub fn store_validator(&mut self, id: u32, validator: &Validator) {
        let key = id.word();
        let BondExit {
            amount,
            available_at,
        } = validator.bond_exit;
        let Faults { count, until } = validator.faults;
        // Who leaves after losing all bond waits with none.
        let waits = u16::from(amount != 0 || available_at != 0 || count != 0);
        let head = pack([
            validator.status as u16,
            waits,
            u16::from(lane_code(validator.lane)),
            count,
        ]);
        let low = u128::from(validator.jailed_until) << 64 | u128::from(head);
        let inverted = !validator.target.unwrap_or(u128::MAX);
        self.status.set(key, word::pack_halves(low, inverted));
        self.bonds
            .set(key, word::pack_halves(validator.bond, validator.active));
        let Unbonding { assets, shares } = validator.unbonding;
        self.unbonding.set(key, word::pack_halves(assets, shares));
        // What lies there while nothing waits is not read.
        if waits != 0 {
            self.waiting
                .set(key, word::pack_amount(amount, available_at, until));
        }
    }

    /// A validator's commission, which lies beside its operator.
    #[inline(never)]
    pub fn commission(&self, id: u32) -> Commission {
        let [.., rates, from] = *self.operators.get(id.word()).as_limbs();
        Commission {
            current_bps: (rates >> 32) as u16,
            next_bps: (rates >> 48) as u16,
            from,
        }
    }

    /// Writes a validator's commission.
    pub fn store_commission(&mut self, id: u32, commission: Commission) {
        let operator = word::address(self.operators.get(id.word()));
        self.store_terms(id, operator, commission);
    }

    #[inline(never)]
    fn store_terms(&mut self, id: u32, operator: Address, commission: Commission) {
        let [low, middle, high, _] = *operator.word().as_limbs();
        let rates = u64::from(commission.next_bps) << 48 | u64::from(commission.current_bps) << 32;
        let word = U256::from_limbs([low, middle, high | rates, commission.from]);
        self.operators.set(id.word(), word);
    }

    /// An unbonding entry and whose it is.
    #[inline(never)]
    pub fn entry(&self, entry: u64) -> (UnbondingEntry, u32) {
        let (shares, matures_at, id) = word::amount(self.entries.get(entry.word()));
        // Only 32-bit ids are ever written.
        (UnbondingEntry { shares, matures_at }, id as u32)
    }

    /// Writes an unbonding entry.
    #[inline(never)]
    pub fn store_entry(&mut self, entry: u64, content: &UnbondingEntry, id: u32) {
        self.entries.set(
            entry.word(),
            word::pack_amount(content.shares, content.matures_at, u64::from(id)),
        );
    }

    /// Who is behind a validator; all zero if there is none.
    pub fn parties(&self, id: u32) -> Parties {
        Parties {
            operator: word::address(self.operators.get(id.word())),
            signer: word::address(self.signers.get(id.word())),
            reward_address: word::address(self.reward_addresses.get(id.word())),
        }
    }

    /// Writes who is behind a validator. The signers it had before stay its own.
    pub fn store_parties(&mut self, id: u32, parties: Parties) {
        let key = id.word();
        self.store_terms(id, parties.operator, self.commission(id));
        self.signers.set(key, parties.signer.word());
        self.reward_addresses
            .set(key, parties.reward_address.word());
        self.ids.set(parties.signer.word(), key);
    }

    /// The validator of a signer, present or past; 0 if there is none.
    pub fn id_of(&self, signer: Address) -> u32 {
        // Only 32-bit ids are ever written.
        word::low_64(self.ids.get(signer.word())) as u32
    }
}

/// Four numbers in 64 bits, the first lowest.
fn pack([a, b, c, d]: [u16; 4]) -> u64 {
    u64::from(d) << 48 | u64::from(c) << 32 | u64::from(b) << 16 | u64::from(a)
}

const fn unpack(head: u64) -> [u16; 4] {
    [
        head as u16,
        (head >> 16) as u16,
        (head >> 32) as u16,
        (head >> 48) as u16,
    ]
}
