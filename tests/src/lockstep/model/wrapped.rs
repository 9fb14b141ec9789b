//! wlsETH: one for each share that is wrapped, and the votes that go with it.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IWrappedToken as Wrapped;

use super::pauses::TRANSFERS;
use super::{Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::up;

/// Most wlsETH there may be.
pub(super) const MOST: u128 = (1 << 88) - 1;

/// An amount over time: since when it was what, oldest first.
#[derive(Debug, Clone, Default)]
pub(in crate::lockstep) struct History(pub(in crate::lockstep) Vec<(u64, u128)>);

impl History {
    pub(in crate::lockstep) fn now(&self) -> u128 {
        self.0.last().map_or(0, |(_, amount)| *amount)
    }

    pub(super) fn at(&self, moment: u64) -> u128 {
        let known = self.0.iter().rev().find(|(since, _)| *since <= moment);
        known.map_or(0, |(_, amount)| *amount)
    }

    fn becomes(&mut self, amount: u128, now: u64) {
        self.0.retain(|(since, _)| *since != now);
        self.0.push((now, amount));
    }
}

/// The books of the token.
#[derive(Debug, Clone, Default)]
pub(in crate::lockstep) struct Books {
    pub(super) balances: BTreeMap<Address, u128>,
    pub(super) allowances: BTreeMap<(Address, Address), U256>,
    pub(super) delegates: BTreeMap<Address, Address>,
    pub(super) votes: BTreeMap<Address, History>,
    pub(super) supply: History,
}

impl Model {
    pub(in crate::lockstep) fn wrapped_of(&self, account: Address) -> u128 {
        let balance = self.wrapped.balances.get(&account);
        balance.copied().unwrap_or_default()
    }

    pub(super) fn delegate_of(&self, account: Address) -> Address {
        let delegate = self.wrapped.delegates.get(&account);
        delegate.copied().unwrap_or_default()
    }

    pub(in crate::lockstep) fn wrapped_allowance(&self, owner: Address, spender: Address) -> U256 {
        let allowance = self.wrapped.allowances.get(&(owner, spender));
        allowance.copied().unwrap_or_default()
    }

    pub(super) fn approve_wrapped(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
    ) -> Result<(), Refusal> {
        if spender.is_zero() {
            return refuse(&Wrapped::ERC20InvalidSpender { spender });
        }
        let allowances = &mut self.wrapped.allowances;
        allowances.insert((owner, spender), value);
        let approval = Wrapped::Approval {
            owner,
            spender,
            value,
        };
        self.log(self.at.wrapped, &approval);
        Ok(())
    }

    pub(super) fn spend_wrapped(
        &mut self,
        spender: Address,
        owner: Address,
        needed: U256,
    ) -> Result<(), Refusal> {
        let allowance = self.wrapped_allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        if needed > allowance {
            return refuse(&Wrapped::ERC20InsufficientAllowance {
                spender,
                allowance,
                needed,
            });
        }
        let allowances = &mut self.wrapped.allowances;
        allowances.insert((owner, spender), allowance - needed);
        Ok(())
    }

    pub(super) fn move_wrapped(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_wrapped_receiver(to)?;
        let amount = self.take_wrapped(from, value)?;
        self.give_wrapped(to, amount);
        self.move_votes(self.delegate_of(from), self.delegate_of(to), amount);
        self.log(self.at.wrapped, &Wrapped::Transfer { from, to, value });
        Ok(Wrapped::transferCall::abi_encode_returns(&true))
    }

    /// lsETH worth at most `assets` for wlsETH.
    pub(super) fn wrap(
        &mut self,
        from: Address,
        receiver: Address,
        assets: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let token = self.at.wrapped;
        let shares = word(self.shares_down(narrow(assets)?));
        self.transfer_shares_from(token, from, token, shares)?;
        if shares.is_zero() {
            return refuse(&Wrapped::ZeroShares { assets });
        }
        self.issue(from, receiver, assets, shares)?;
        Ok(Wrapped::wrapCall::abi_encode_returns(&shares))
    }

    /// Exactly `shares` of lsETH for as many wlsETH.
    pub(super) fn mint_wrapped(
        &mut self,
        from: Address,
        receiver: Address,
        shares: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let assets = word(up(narrow(shares)?, self.assets(), self.total_shares));
        let token = self.at.wrapped;
        self.transfer_shares_from(token, from, token, shares)?;
        self.issue(from, receiver, assets, shares)?;
        Ok(Wrapped::mintCall::abi_encode_returns(&assets))
    }

    /// ETH for lsETH of this contract, and that for wlsETH.
    pub(super) fn wrap_ether(
        &mut self,
        from: Address,
        receiver: Address,
        referral: Address,
        value: U256,
        minimum: U256,
    ) -> Result<U256, Refusal> {
        let token = self.at.wrapped;
        let shares = self.deposit(token, token, referral, value, U256::ZERO)?;
        if shares < minimum {
            return refuse(&Wrapped::TooFewShares { shares, minimum });
        }
        self.issue(from, receiver, value, shares)?;
        Ok(shares)
    }

    fn issue(
        &mut self,
        sender: Address,
        owner: Address,
        assets: U256,
        shares: U256,
    ) -> Result<(), Refusal> {
        self.check_wrapped_receiver(owner)?;
        let amount = narrow(shares)?;
        let supply = self.wrapped.supply.now() + amount;
        if supply > MOST {
            return refuse(&Wrapped::ERC20ExceededSafeSupply {
                increasedSupply: word(supply),
                cap: word(MOST),
            });
        }
        self.wrapped.supply.becomes(supply, self.now);
        self.give_wrapped(owner, amount);
        self.move_votes(Address::ZERO, self.delegate_of(owner), amount);
        let minted = Wrapped::Transfer {
            from: Address::ZERO,
            to: owner,
            value: shares,
        };
        self.log(self.at.wrapped, &minted);
        let deposited = Wrapped::Deposit {
            sender,
            owner,
            assets,
            shares,
        };
        self.log(self.at.wrapped, &deposited);
        Ok(())
    }

    pub(super) fn redeem(
        &mut self,
        caller: Address,
        shares: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let assets = self.unwrap_shares(caller, shares, receiver, owner)?;
        self.log_unwrapped(caller, receiver, owner, assets, shares);
        Ok(Wrapped::redeemCall::abi_encode_returns(&assets))
    }

    pub(super) fn withdraw(
        &mut self,
        caller: Address,
        assets: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let shares = word(self.shares_up(narrow(assets)?));
        self.unwrap_shares(caller, shares, receiver, owner)?;
        self.log_unwrapped(caller, receiver, owner, assets, shares);
        Ok(Wrapped::withdrawCall::abi_encode_returns(&shares))
    }

    /// Burns wlsETH for lsETH; returns what that is worth.
    fn unwrap_shares(
        &mut self,
        caller: Address,
        shares: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Refusal> {
        self.check_wrapped_receiver(receiver)?;
        if caller != owner {
            self.spend_wrapped(caller, owner, shares)?;
        }
        let amount = self.take_wrapped(owner, shares)?;
        let supply = self.wrapped.supply.now() - amount;
        self.wrapped.supply.becomes(supply, self.now);
        self.move_votes(self.delegate_of(owner), Address::ZERO, amount);
        let burned = Wrapped::Transfer {
            from: owner,
            to: Address::ZERO,
            value: shares,
        };
        self.log(self.at.wrapped, &burned);
        self.transfer_shares(self.at.wrapped, receiver, shares)?;
        Ok(word(self.worth(amount)))
    }

    fn log_unwrapped(
        &mut self,
        sender: Address,
        receiver: Address,
        owner: Address,
        assets: U256,
        shares: U256,
    ) {
        let withdrawn = Wrapped::Withdraw {
            sender,
            receiver,
            owner,
            assets,
            shares,
        };
        self.log(self.at.wrapped, &withdrawn);
    }

    /// What may be minted now: nothing while lsETH does not move.
    pub(super) fn mintable(&self) -> u128 {
        if self.is_paused(self.at.pool, TRANSFERS) {
            return 0;
        }
        self.total_shares.min(MOST - self.wrapped.supply.now())
    }

    /// What `owner` may redeem now.
    pub(super) fn redeemable(&self, owner: Address) -> u128 {
        if self.is_paused(self.at.pool, TRANSFERS) {
            return 0;
        }
        self.wrapped_of(owner)
    }

    pub(super) fn delegate_votes(&mut self, delegator: Address, delegatee: Address) {
        let before = self.delegate_of(delegator);
        self.wrapped.delegates.insert(delegator, delegatee);
        let changed = Wrapped::DelegateChanged {
            delegator,
            fromDelegate: before,
            toDelegate: delegatee,
        };
        self.log(self.at.wrapped, &changed);
        self.move_votes(before, delegatee, self.wrapped_of(delegator));
    }

    /// What stays with one delegate is no event.
    fn move_votes(&mut self, from: Address, to: Address, amount: u128) {
        if from != to {
            self.change_votes(from, |votes| votes - amount);
            self.change_votes(to, |votes| votes + amount);
        }
    }

    /// Nobody's votes do not count, and what does not change is no event.
    fn change_votes(&mut self, delegate: Address, change: impl Fn(u128) -> u128) {
        if delegate.is_zero() {
            return;
        }
        let history = self.wrapped.votes.entry(delegate).or_default();
        let before = history.now();
        let after = change(before);
        if before == after {
            return;
        }
        history.becomes(after, self.now);
        let changed = Wrapped::DelegateVotesChanged {
            delegate,
            previousVotes: word(before),
            newVotes: word(after),
        };
        self.log(self.at.wrapped, &changed);
    }

    fn take_wrapped(&mut self, from: Address, value: U256) -> Result<u128, Refusal> {
        let held = self.wrapped_of(from);
        if value > word(held) {
            return refuse(&Wrapped::ERC20InsufficientBalance {
                sender: from,
                balance: word(held),
                needed: value,
            });
        }
        let amount = narrow(value)?;
        self.wrapped.balances.insert(from, held - amount);
        Ok(amount)
    }

    fn give_wrapped(&mut self, to: Address, amount: u128) {
        *self.wrapped.balances.entry(to).or_default() += amount;
    }

    fn check_wrapped_receiver(&self, receiver: Address) -> Result<(), Refusal> {
        if receiver.is_zero() || receiver == self.at.wrapped {
            return refuse(&Wrapped::ERC20InvalidReceiver { receiver });
        }
        Ok(())
    }
}
