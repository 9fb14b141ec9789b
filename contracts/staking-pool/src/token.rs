//! lsETH: moves shares between accounts and keeps the allowances.

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use glue::{emit, revert};
use protocol::{
    mul_div::{add, narrow, sub},
    rate,
};
use stylus_sdk::prelude::*;

use crate::{StakingPool, TRANSFERS, error::Error};

impl StakingPool {
    /// Moves the shares that are worth at least `amount` wei; emits both transfer events.
    pub(crate) fn move_amount(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<(), Error> {
        let totals = self.books.totals()?;
        let shares = rate::shares_for_transfer(totals, narrow(amount)?)?;
        self.check_parties(from, to)?;
        let held = self.accounts.shares(from);
        if shares > held {
            return Err(revert!(IStakingPool::ERC20InsufficientBalance {
                sender: from,
                balance: U256::from(rate::assets_for_shares(totals, held)?),
                needed: amount,
            })
            .into());
        }
        self.move_held(from, to, held, shares, amount)
    }

    /// Moves exactly `shares`; emits both transfer events. Returns their worth in wei, rounded down.
    pub(crate) fn move_shares(
        &mut self,
        from: Address,
        to: Address,
        shares: U256,
    ) -> Result<U256, Error> {
        let needed = narrow(shares)?;
        self.check_parties(from, to)?;
        let held = self.accounts.shares(from);
        if needed > held {
            return Err(revert!(IStakingPool::InsufficientShares {
                account: from,
                shares: U256::from(held),
                needed: shares,
            })
            .into());
        }
        let worth = U256::from(rate::assets_for_shares(self.books.totals()?, needed)?);
        self.move_held(from, to, held, needed, worth)?;
        Ok(worth)
    }

    /// Mints `shares`, which the totals hold already.
    pub(crate) fn mint(&mut self, to: Address, shares: u128) -> Result<(), Error> {
        let next = add(self.accounts.shares(to), shares)?;
        self.accounts.store_shares(to, next);
        let worth = rate::assets_for_shares(self.books.totals()?, shares)?;
        self.log_transfer(Address::ZERO, to, U256::from(worth), shares);
        Ok(())
    }

    /// Sets an allowance.
    pub(crate) fn set_allowance(
        &mut self,
        owner: Address,
        spender: Address,
        amount: U256,
    ) -> Result<(), Error> {
        if spender.is_zero() {
            return Err(revert!(IStakingPool::ERC20InvalidSpender { spender }).into());
        }
        self.accounts.store_allowance(owner, spender, amount);
        emit!(
            self.vm(),
            IStakingPool::Approval [owner, spender] { value: amount }
        );
        Ok(())
    }

    /// Spends `amount` of what the caller may move for `owner`; 2²⁵⁶−1 stays as it is.
    pub(crate) fn spend_allowance(&mut self, owner: Address, amount: U256) -> Result<(), Error> {
        let spender = self.vm().msg_sender();
        let allowance = self.accounts.allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let Some(left) = allowance.checked_sub(amount) else {
            return Err(revert!(IStakingPool::ERC20InsufficientAllowance {
                spender,
                allowance,
                needed: amount,
            })
            .into());
        };
        self.accounts.store_allowance(owner, spender, left);
        Ok(())
    }

    /// Emits `Transfer` and `TransferShares`.
    #[inline(never)]
    pub(crate) fn log_transfer(&self, from: Address, to: Address, value: U256, shares: u128) {
        emit!(
            self.vm(),
            IStakingPool::Transfer [from, to] { value }
        );
        emit!(
            self.vm(),
            IStakingPool::TransferShares [from, to] { sharesValue: U256::from(shares) }
        );
    }

    /// Refuses a pause, a sender of zero, and a receiver that could never move the tokens again.
    #[inline(never)]
    fn check_parties(&self, from: Address, to: Address) -> Result<(), Error> {
        self.administration.pauses.check(TRANSFERS)?;
        if from.is_zero() {
            return Err(revert!(IStakingPool::ERC20InvalidSender { sender: from }).into());
        }
        if to.is_zero() || to == self.vm().contract_address() {
            return Err(revert!(IStakingPool::ERC20InvalidReceiver { receiver: to }).into());
        }
        Ok(())
    }

    /// The move itself: `shares ≤ held`, the shares of `from`.
    fn move_held(
        &mut self,
        from: Address,
        to: Address,
        held: u128,
        shares: u128,
        amount: U256,
    ) -> Result<(), Error> {
        self.accounts.store_shares(from, sub(held, shares)?);
        // Read after the write, so that a transfer to oneself changes nothing.
        let received = add(self.accounts.shares(to), shares)?;
        self.accounts.store_shares(to, received);
        self.log_transfer(from, to, amount, shares);
        Ok(())
    }
}
