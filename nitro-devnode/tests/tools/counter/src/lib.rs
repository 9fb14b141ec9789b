//! A number that starts where the constructor says.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![expect(missing_docs, reason = "the macros make items without any")]
extern crate alloc;

use stylus_sdk::{alloy_primitives::U256, prelude::*};

sol_storage! {
    #[entrypoint]
    pub struct Counter {
        uint256 number;
    }
}

#[public]
impl Counter {
    #[constructor]
    pub fn constructor(&mut self, start: U256) {
        self.number.set(start);
    }

    pub fn number(&self) -> U256 {
        self.number.get()
    }

    pub fn increase(&mut self, amount: U256) {
        let number = self.number.get();
        self.number.set(number.wrapping_add(amount));
    }
}
