//! lsETH: moves shares between accounts, and spends what allowances that takes.

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use glue::revert;
use protocol::{
    mul_div::{add, narrow, sub},
    rate::{self, Totals},
};
use stylus_sdk::prelude::*;

use crate::StakingPool;
use pool_state::{TRANSFERS, error::Error};

impl StakingPool {
    /// Moves the shares that are worth at least `amount` wei; emits both transfer events.
    pub(crate) fn move_amount(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<(), Error> {
        let totals = self.state.books.totals()?;
        let shares = rate::shares_for_transfer(totals, narrow(amount)?)?;
        self.check_parties(from, to)?;
        let held = self.state.accounts.shares(from);
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
        let held = self.state.accounts.shares(from);
        if needed > held {
            return Err(revert!(IStakingPool::InsufficientShares {
                account: from,
                shares: U256::from(held),
                needed: shares,
            })
            .into());
        }
        let worth = U256::from(rate::assets_for_shares(self.state.books.totals()?, needed)?);
        self.move_held(from, to, held, needed, worth)?;
        Ok(worth)
    }

    /// Moves the shares that are worth at least the sum of `amounts` on behalf of the caller, as one
    /// transfer. Returns the totals at which they were converted.
    pub(crate) fn move_amounts(
        &mut self,
        from: Address,
        to: Address,
        amounts: Vec<U256>,
    ) -> Result<Totals, Error> {
        let totals = self.state.books.totals()?;
        let mut sum = 0;
        for amount in amounts {
            sum = add(sum, narrow(amount)?)?;
        }
        let shares = rate::shares_for_withdrawal_up(totals, sum)?;
        self.spend_for_shares(from, shares)?;
        self.move_shares(from, to, U256::from(shares))?;
        Ok(totals)
    }

    /// Spends what moving `shares` for `owner` takes.
    pub(crate) fn spend_for_shares(&mut self, owner: Address, shares: u128) -> Result<(), Error> {
        let spender = self.vm().msg_sender();
        let allowance = self.state.allowances.get(owner, spender);
        // An allowance of more than 128 bits is as ample as one of 128.
        let ample = narrow(allowance).unwrap_or(u128::MAX);
        let spent = rate::allowance_for_shares(self.state.books.totals()?, shares, ample)?;
        Ok(self.state.allowances.spend(owner, U256::from(spent))?)
    }

    /// Refuses a pause, a sender of zero, and a receiver that could never move the tokens again.
    #[inline(never)]
    fn check_parties(&self, from: Address, to: Address) -> Result<(), Error> {
        self.state.administration.pauses.check(TRANSFERS)?;
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
        self.state.accounts.store_shares(from, sub(held, shares)?);
        // Read after the write, so that a transfer to oneself changes nothing.
        let received = add(self.state.accounts.shares(to), shares)?;
        self.state.accounts.store_shares(to, received);
        self.state.log_transfer(from, to, amount, shares);
        Ok(())
    }
}
