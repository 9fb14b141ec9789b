//! The registry of addresses that calldata may name by a small index (ArbAddressTable).
use revm::primitives::{Address, B256, U256};

use super::{
    layout,
    storage::{Slots, Space, word_of},
};

/// The chain's one address table.
#[derive(Debug, Clone)]
pub struct AddressTable {
    space: Space,
    indices: Space,
}

impl Default for AddressTable {
    fn default() -> Self {
        let space = layout::address_table();
        let indices = space.child(&[]);
        Self { space, indices }
    }
}

impl AddressTable {
    fn index_slot(&self, address: Address) -> U256 {
        self.indices.slot(B256::from(word_of(address)))
    }

    /// How many addresses are registered: one read.
    pub fn size<S: Slots>(&self, slots: &mut S) -> Result<u64, S::Error> {
        slots.read_u64(self.space.at(0))
    }

    /// The index of an address, counted from 0: one read.
    pub fn index_of<S: Slots>(
        &self,
        slots: &mut S,
        address: Address,
    ) -> Result<Option<u64>, S::Error> {
        Ok(slots.read_u64(self.index_slot(address))?.checked_sub(1))
    }

    /// The address at an index: two reads, one if the index is out of range.
    pub fn address_at<S: Slots>(
        &self,
        slots: &mut S,
        index: u64,
    ) -> Result<Option<Address>, S::Error> {
        if index >= self.size(slots)? {
            return Ok(None);
        }
        let slot = self.space.at(index.saturating_add(1));
        Ok(Some(slots.read_address(slot)?))
    }

    /// Registers an address and returns its index; an address keeps the index it has.
    pub fn register<S: Slots>(&self, slots: &mut S, address: Address) -> Result<u64, S::Error> {
        if let Some(index) = self.index_of(slots, address)? {
            return Ok(index);
        }
        let size = slots.increase_u64(self.space.at(0), 1)?;
        slots.write_address(self.space.at(size), address)?;
        slots.write(self.index_slot(address), U256::from(size))?;
        Ok(size.saturating_sub(1))
    }
}
