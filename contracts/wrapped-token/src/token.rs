//! wlsETH as a token: balances, and the votes that follow every move.

use abi::IWrappedToken;
use alloy_primitives::{Address, U256};
use glue::{emit, revert};
use protocol::{
    mul_div::{add, narrow, sub},
    votes::MAX_VOTES,
};
use stylus_sdk::prelude::*;

use crate::{WrappedToken, error::Error};

impl WrappedToken {
    /// Moves wlsETH, and its votes.
    pub(crate) fn move_tokens(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<(), Error> {
        if from.is_zero() {
            return Err(revert!(IWrappedToken::ERC20InvalidSender { sender: from }).into());
        }
        self.check_receiver(to)?;
        let (amount, sender) = self.take(from, value)?;
        let receiver = self.give(to, amount)?;
        self.move_votes(sender, receiver, amount)?;
        emit!(self.vm(), IWrappedToken::Transfer [from, to] { value });
        Ok(())
    }

    /// Mints wlsETH for shares that are here already.
    pub(crate) fn mint_tokens(&mut self, to: Address, value: U256) -> Result<(), Error> {
        self.check_receiver(to)?;
        let amount = narrow(value)?;
        let supply = add(self.state.supply().latest.votes, amount)?;
        if supply > MAX_VOTES {
            return Err(revert!(IWrappedToken::ERC20ExceededSafeSupply {
                increasedSupply: U256::from(supply),
                cap: U256::from(MAX_VOTES),
            })
            .into());
        }
        self.state.store_supply(supply);
        let delegate = self.give(to, amount)?;
        self.move_votes(Address::ZERO, delegate, amount)?;
        emit!(
            self.vm(),
            IWrappedToken::Transfer [from: Address::ZERO, to] { value }
        );
        Ok(())
    }

    /// Burns wlsETH; its shares can leave.
    pub(crate) fn burn_tokens(&mut self, from: Address, value: U256) -> Result<(), Error> {
        let (amount, delegate) = self.take(from, value)?;
        let supply = sub(self.state.supply().latest.votes, amount)?;
        self.state.store_supply(supply);
        self.move_votes(delegate, Address::ZERO, amount)?;
        emit!(
            self.vm(),
            IWrappedToken::Transfer [from, to: Address::ZERO] { value }
        );
        Ok(())
    }

    /// Refuses a receiver that could never move the tokens again.
    #[inline(never)]
    pub(crate) fn check_receiver(&self, receiver: Address) -> Result<(), Error> {
        if receiver.is_zero() || receiver == self.vm().contract_address() {
            return Err(revert!(IWrappedToken::ERC20InvalidReceiver { receiver }).into());
        }
        Ok(())
    }

    /// Takes wlsETH; returns how many, and who voted with them.
    #[inline(never)]
    fn take(&mut self, from: Address, value: U256) -> Result<(u128, Address), Error> {
        let mut account = self.state.account(from);
        let balance = U256::from(account.balance);
        if value > balance {
            return Err(revert!(IWrappedToken::ERC20InsufficientBalance {
                sender: from,
                balance,
                needed: value,
            })
            .into());
        }
        let amount = narrow(value)?;
        account.balance = sub(account.balance, amount)?;
        self.state.store_account(from, &account);
        Ok((amount, account.delegate))
    }

    /// Gives wlsETH; returns who votes with them. Read after [`Self::take`] has written, so that a
    /// transfer to oneself changes nothing.
    #[inline(never)]
    fn give(&mut self, to: Address, amount: u128) -> Result<Address, Error> {
        let mut account = self.state.account(to);
        // All balances together are the supply, which is at most MAX_VOTES.
        account.balance = add(account.balance, amount)?;
        self.state.store_account(to, &account);
        Ok(account.delegate)
    }
}
