//! Edits that no transaction could make: `anvil_set…`, `evm_increaseTime` and the like.
//!
//! An edit belongs to the newest block: it shows at `latest` at once and a snapshot takes
//! it back.
use alloy::primitives::{Address, Bytes, U256};

use super::{Chain, TimeInPast};
use crate::state::Record;

impl Chain {
    fn edit(&mut self, address: Address, edit: impl FnOnce(&mut Record)) {
        let mut record = self.reader.account(self.head.number, address);
        edit(&mut record);
        self.reader
            .state()
            .set_record(self.head.number, address, record);
    }

    /// Sets a balance, in wei.
    pub fn set_balance(&mut self, address: Address, wei: U256) {
        self.edit(address, |record| record.balance = wei);
    }

    /// Sets a nonce.
    pub fn set_nonce(&mut self, address: Address, nonce: u64) {
        self.edit(address, |record| record.nonce = nonce);
    }

    /// Sets the code.
    pub fn set_code(&mut self, address: Address, code: Bytes) {
        let code_hash = self.reader.state().add_code(code);
        self.edit(address, |record| record.code_hash = code_hash);
    }

    /// Sets a storage slot.
    pub fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        self.reader
            .state()
            .set_slot(self.head.number, address, slot, value);
    }

    /// Fixes the timestamp of the next block: any value not before the last block's.
    ///
    /// # Errors
    /// [`TimeInPast`].
    pub fn set_next_timestamp(&mut self, seconds: u64) -> Result<(), TimeInPast> {
        self.reader
            .clock()
            .write()
            .set_next(seconds, self.head.timestamp)
    }

    /// Moves the clock and returns by how many seconds it is off the wall clock now.
    pub fn increase_time(&mut self, seconds: i64) -> i64 {
        self.reader.clock().write().shift_by(seconds)
    }

    /// Sets the clock, in seconds since the epoch.
    pub fn set_time(&mut self, seconds: u64) {
        self.reader.clock().write().move_to(seconds);
    }

    /// Seconds since the epoch on the chain's clock.
    pub fn now(&self) -> u64 {
        self.reader.clock().read().now()
    }
}
