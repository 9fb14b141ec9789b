//! What holders of an ERC-20 token let others move.

use alloc::vec::Vec;

use abi::IStakingPool::{Approval, ERC20InsufficientAllowance, ERC20InvalidSpender};
use alloy_primitives::{Address, U256};
use stylus_sdk::prelude::*;

use crate::{
    emit, revert,
    revert::{Revert, Word},
    storage::WordMaps,
};

/// Owner → spender → amount.
#[storage]
pub struct Allowances {
    amounts: WordMaps,
}

impl Allowances {
    /// What `spender` may move for `owner`.
    #[inline(never)]
    pub fn get(&self, owner: Address, spender: Address) -> U256 {
        self.amounts.get(owner.word()).get(spender.word())
    }

    /// Sets what `spender` may move for `owner`, and emits `Approval`.
    ///
    /// - Errors: `ERC20InvalidSpender` for the zero address.
    pub fn set(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Revert> {
        if spender.is_zero() {
            return Err(revert!(ERC20InvalidSpender { spender }));
        }
        self.store(owner, spender, value);
        emit!(self.vm(), Approval [owner, spender] { value });
        Ok(())
    }

    /// Spends `amount` of what the caller may move for `owner`; 2²⁵⁶−1 stays as it is.
    ///
    /// - Errors: `ERC20InsufficientAllowance`.
    #[inline(never)]
    pub fn spend(&mut self, owner: Address, amount: U256) -> Result<(), Revert> {
        let spender = self.vm().msg_sender();
        let allowance = self.get(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let left = remaining(spender, allowance, amount)?;
        self.store(owner, spender, left);
        Ok(())
    }

    #[inline(never)]
    fn store(&mut self, owner: Address, spender: Address, amount: U256) {
        let mut amounts = self.amounts.get_mut(owner.word());
        amounts.set(spender.word(), amount);
    }
}

/// What is left of an allowance after `needed` was taken off it.
///
/// - Errors: `ERC20InsufficientAllowance`.
pub fn remaining(spender: Address, allowance: U256, needed: U256) -> Result<U256, Revert> {
    allowance.checked_sub(needed).ok_or_else(|| {
        revert!(ERC20InsufficientAllowance {
            spender,
            allowance,
            needed,
        })
    })
}
