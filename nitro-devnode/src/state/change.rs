//! Applies what a transaction changed and sums it up in a digest.
use alloy::primitives::{Address, B256, Keccak256, U256};
use revm::{primitives::KECCAK_EMPTY, state::EvmState};

use super::{Record, State};

/// Running commitment to all changes in order: the state root of our headers.
///
/// `keccak256(previous ‖ changes)`, the changes sorted by address and slot, so equal
/// histories have equal roots. It is not the root of a Merkle trie and proves nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StateDigest(pub B256);

impl State {
    /// Writes the touched accounts of `changes` as part of `block` and folds them into
    /// `digest`. Touched empty accounts are removed (EIP-161).
    pub fn commit(&self, block: u64, changes: EvmState, digest: &mut StateDigest) {
        let mut accounts: Vec<_> = changes
            .into_iter()
            .filter(|(_, account)| account.is_touched())
            .collect();
        accounts.sort_unstable_by_key(|(address, _)| *address);
        let mut inner = self.0.write();
        let mut sum = Sum::after(*digest);
        for (address, mut account) in accounts {
            let gone = account.is_selfdestructed();
            if gone || account.is_created() {
                for slot in inner.live_slots(address) {
                    if gone || !account.storage.contains_key(&slot) {
                        inner.put_slot(block, address, slot, U256::ZERO);
                        sum.slot(address, slot, U256::ZERO);
                    }
                }
            }
            if gone {
                inner.put_record(block, address, None);
                sum.record(address, None);
                continue;
            }
            let record = Record {
                balance: account.info.balance,
                nonce: account.info.nonce,
                code_hash: account.info.code_hash,
            };
            if let Some(code) = account.info.code.take()
                && record.code_hash != KECCAK_EMPTY
            {
                inner.codes.entry(record.code_hash).or_insert(code);
            }
            let kept = (!record.is_empty()).then_some(record);
            if inner.put_record(block, address, kept) {
                sum.record(address, kept);
            }
            let mut slots: Vec<_> = account.storage.into_iter().collect();
            slots.sort_unstable_by_key(|(slot, _)| *slot);
            for (slot, value) in slots {
                if inner.put_slot(block, address, slot, value.present_value) {
                    sum.slot(address, slot, value.present_value);
                }
            }
        }
        *digest = sum.finish();
    }
}

struct Sum(Keccak256);

impl Sum {
    fn after(previous: StateDigest) -> Self {
        let mut hasher = Keccak256::new();
        hasher.update(previous.0);
        Self(hasher)
    }

    fn record(&mut self, address: Address, record: Option<Record>) {
        self.0.update(address);
        let record = record.unwrap_or_default();
        self.0.update(record.balance.to_be_bytes::<32>());
        self.0.update(record.nonce.to_be_bytes());
        self.0.update(record.code_hash);
    }

    fn slot(&mut self, address: Address, slot: U256, value: U256) {
        self.0.update(address);
        self.0.update(slot.to_be_bytes::<32>());
        self.0.update(value.to_be_bytes::<32>());
    }

    fn finish(self) -> StateDigest {
        StateDigest(self.0.finalize())
    }
}
