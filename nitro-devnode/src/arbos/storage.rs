//! Where an ArbOS value lives, and access to it that leaves no trace in the warm sets.
//!
//! The values sit in the EVM storage of one account, so reverts, snapshots and
//! `eth_getStorageAt` need nothing special.
use std::sync::LazyLock;

use alloy::primitives::keccak256;
use revm::{
    Database,
    context::JournalEntry,
    context_interface::journaled_state::entry::JournalEntryTr,
    primitives::{Address, B256, U256},
    state::EvmStorageSlot,
};

use super::accounts::{self, ARBOS_STATE};
use crate::evm::ArbContext;

/// Reads and writes of the ArbOS account's slots.
///
/// The context itself implements it free of charge; a precompile's call implements it with
/// flat prices: 800 gas a read, 20,000 a write, 5,000 a write of zero.
pub trait Slots {
    /// What a failed access gives.
    type Error;

    /// The value at `slot`.
    fn read(&mut self, slot: U256) -> Result<U256, Self::Error>;

    /// Sets the value at `slot`.
    fn write(&mut self, slot: U256, value: U256) -> Result<(), Self::Error>;

    /// The value at `slot`, cut to its low 64 bits.
    fn read_u64(&mut self, slot: U256) -> Result<u64, Self::Error> {
        Ok(self.read(slot)?.wrapping_to())
    }

    /// The address at `slot`.
    fn read_address(&mut self, slot: U256) -> Result<Address, Self::Error> {
        Ok(address_of(self.read(slot)?))
    }

    /// Sets the address at `slot`.
    fn write_address(&mut self, slot: U256, address: Address) -> Result<(), Self::Error> {
        self.write(slot, word_of(address))
    }

    /// Adds `amount` to the 64-bit number at `slot`, stopping at the top; one read, one write.
    fn increase_u64(&mut self, slot: U256, amount: u64) -> Result<u64, Self::Error> {
        let sum = self.read_u64(slot)?.saturating_add(amount);
        self.write(slot, U256::from(sum))?;
        Ok(sum)
    }
}

/// The address in the low 20 bytes of a word.
pub fn address_of(word: U256) -> Address {
    Address::from_word(B256::from(word))
}

/// An address as a word.
pub fn word_of(address: Address) -> U256 {
    U256::from_be_bytes(address.into_word().0)
}

/// One sub-space of the ArbOS account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// None for the root.
    key: Option<B256>,
    /// Hash that the slots of the first 256 keys share; all fixed fields are among them.
    first_page: B256,
}

impl Space {
    /// The space that holds all others.
    pub fn root() -> Self {
        static ROOT: LazyLock<Space> = LazyLock::new(|| Space::of(None));
        *ROOT
    }

    fn of(key: Option<B256>) -> Self {
        Self {
            key,
            first_page: page(key, &[0; 31]),
        }
    }

    /// The sub-space `id`: its key is `keccak256(parent key ‖ id)`.
    pub fn child(&self, id: &[u8]) -> Self {
        Self::of(Some(keccak256([prefix(&self.key), id].concat())))
    }

    /// The slot of a 32-byte key: `keccak256(space key ‖ key[0..31])[0..31] ‖ key[31]`.
    pub fn slot(&self, key: B256) -> U256 {
        let [high @ .., low] = key.0;
        let mut mapped = if high == [0; 31] {
            self.first_page
        } else {
            page(self.key, &high)
        };
        mapped[31] = low;
        mapped.into()
    }

    /// The slot of a small offset.
    pub fn at(&self, offset: u64) -> U256 {
        self.slot(B256::from(U256::from(offset)))
    }
}

/// Hash that the 256 slots with these first bytes of their keys share.
fn page(key: Option<B256>, high: &[u8; 31]) -> B256 {
    keccak256([prefix(&key), high].concat())
}

fn prefix(key: &Option<B256>) -> &[u8] {
    key.as_ref().map_or(&[], |key| key.as_slice())
}

impl<DB: Database> Slots for ArbContext<DB> {
    type Error = DB::Error;

    fn read(&mut self, slot: U256) -> Result<U256, DB::Error> {
        Ok(storage_slot(self, ARBOS_STATE, slot)?.present_value)
    }

    fn write(&mut self, slot: U256, value: U256) -> Result<(), DB::Error> {
        set_storage(self, ARBOS_STATE, slot, value)
    }
}

/// Sets one storage slot of any account as the chain itself does: it reverts with the frame,
/// but neither the slot nor the account becomes warm, and no refund is counted.
pub fn set_storage<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
    key: U256,
    value: U256,
) -> Result<(), DB::Error> {
    let slot = storage_slot(ctx, address, key)?;
    let previous = std::mem::replace(&mut slot.present_value, value);
    if previous != value {
        accounts::touch(ctx, address);
        let entry = JournalEntry::storage_changed(address, key, previous);
        ctx.journaled_state.inner.journal.push(entry);
    }
    Ok(())
}

/// The journal's copy of a slot, loaded cold where the journal has none.
fn storage_slot<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
    key: U256,
) -> Result<&mut EvmStorageSlot, DB::Error> {
    use std::collections::hash_map::Entry;
    accounts::peek(ctx, address)?;
    let journal = &mut ctx.journaled_state;
    let id = journal.inner.transaction_id;
    let account = journal.inner.state.entry(address).or_default();
    let is_created = account.is_created();
    match account.storage.entry(key) {
        Entry::Occupied(slot) => Ok(slot.into_mut()),
        Entry::Vacant(slot) => {
            let value = if is_created {
                U256::ZERO
            } else {
                journal.database.storage(address, key)?
            };
            let mut loaded = EvmStorageSlot::new(value, id);
            loaded.mark_cold();
            Ok(slot.insert(loaded))
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::b256;
    use revm::context_interface::JournalTr;

    use super::*;
    use crate::arbos::genesis::testing::context;

    #[test]
    fn the_root_version_slot_is_where_nitro_keeps_it() {
        // keccak256(31 zero bytes)[0..31] ‖ 00, the ArbOS version slot of every Arbitrum chain.
        assert_eq!(
            B256::from(Space::root().at(0)),
            b256!("15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400")
        );
    }

    #[test]
    fn a_write_reverts_with_its_frame_and_warms_nothing() {
        let mut ctx = context();
        let slot = Space::root().at(77);
        let checkpoint = ctx.journaled_state.checkpoint();
        ctx.write(slot, U256::from(5)).expect("memory database");
        assert_eq!(ctx.read(slot), Ok(U256::from(5)));
        ctx.journaled_state.checkpoint_revert(checkpoint);
        assert_eq!(ctx.read(slot), Ok(U256::ZERO));
        let load = ctx
            .journaled_state
            .load_account(ARBOS_STATE)
            .expect("memory database");
        assert!(load.is_cold);
        let load = ctx
            .journaled_state
            .sload(ARBOS_STATE, slot)
            .expect("memory database");
        assert!(load.is_cold);
    }
}
