//! An enumerable set of addresses in ArbOS state: chain owners, cache managers.
//!
//! Slot 0 holds the size, slots 1..=n the members, sub-space `{0}` each member's index.
use revm::primitives::Address;

use super::storage::{Slots, Space, word_of};
use revm::primitives::{B256, U256};

/// The most members that a listing returns.
pub const MAX_LISTED: u64 = 65_536;

/// A set kept in one sub-space.
#[derive(Debug, Clone)]
pub struct AddressSet {
    space: Space,
    indices: Space,
}

impl AddressSet {
    /// The set in `space`.
    pub fn new(space: Space) -> Self {
        let indices = space.child(&[0]);
        Self { space, indices }
    }

    fn index_slot(&self, address: Address) -> U256 {
        self.indices.slot(B256::from(word_of(address)))
    }

    /// One read.
    pub fn contains<S: Slots>(&self, slots: &mut S, address: Address) -> Result<bool, S::Error> {
        Ok(!slots.read(self.index_slot(address))?.is_zero())
    }

    /// One read.
    pub fn size<S: Slots>(&self, slots: &mut S) -> Result<u64, S::Error> {
        slots.read_u64(self.space.at(0))
    }

    /// All members in order; one read and one more per member.
    pub fn members<S: Slots>(&self, slots: &mut S) -> Result<Vec<Address>, S::Error> {
        let size = self.size(slots)?.min(MAX_LISTED);
        (1..=size)
            .map(|index| slots.read_address(self.space.at(index)))
            .collect()
    }

    /// Adds a member; no change if it is one.
    pub fn add<S: Slots>(&self, slots: &mut S, address: Address) -> Result<(), S::Error> {
        if self.contains(slots, address)? {
            return Ok(());
        }
        let index = self.size(slots)?.saturating_add(1);
        slots.write(self.index_slot(address), U256::from(index))?;
        slots.write_address(self.space.at(index), address)?;
        slots.increase_u64(self.space.at(0), 1)?;
        Ok(())
    }

    /// Removes a member, moving the last one into its place; no change if it is none.
    pub fn remove<S: Slots>(&self, slots: &mut S, address: Address) -> Result<(), S::Error> {
        let index = slots.read_u64(self.index_slot(address))?;
        if index == 0 {
            return Ok(());
        }
        slots.write(self.index_slot(address), U256::ZERO)?;
        let size = self.size(slots)?;
        if index != size {
            let last = slots.read_address(self.space.at(size))?;
            slots.write_address(self.space.at(index), last)?;
            slots.write(self.index_slot(last), U256::from(index))?;
        }
        slots.write(self.space.at(size), U256::ZERO)?;
        let size = slots.read_u64(self.space.at(0))?;
        slots.write(self.space.at(0), U256::from(size.saturating_sub(1)))
    }

    /// Whether index and member agree for `address`: three reads.
    pub fn is_consistent<S: Slots>(
        &self,
        slots: &mut S,
        address: Address,
    ) -> Result<bool, S::Error> {
        let index = slots.read_u64(self.index_slot(address))?;
        let member = slots.read_address(self.space.at(index))?;
        let size = self.size(slots)?;
        Ok(member == address && index <= size)
    }
}

#[cfg(test)]
mod tests {
    use revm::primitives::address;

    use super::*;
    use crate::arbos::{genesis::testing::context, layout};

    #[test]
    fn removing_a_member_moves_the_last_one_into_its_place() {
        let mut ctx = context();
        let set = AddressSet::new(layout::cache_managers());
        let [a, b, c] = [
            address!("00000000000000000000000000000000000000aa"),
            address!("00000000000000000000000000000000000000bb"),
            address!("00000000000000000000000000000000000000cc"),
        ];
        for member in [a, b, c, b] {
            set.add(&mut ctx, member).expect("memory database");
        }
        set.remove(&mut ctx, a).expect("memory database");
        assert_eq!(set.members(&mut ctx), Ok(vec![c, b]));
        assert_eq!(set.contains(&mut ctx, a), Ok(false));
        set.remove(&mut ctx, b).expect("memory database");
        assert_eq!(set.members(&mut ctx), Ok(vec![c]));
    }
}
