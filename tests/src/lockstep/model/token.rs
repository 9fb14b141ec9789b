//! lsETH: who holds how many shares, and who may move them.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IStakingPool as Pool;

use super::pauses::TRANSFERS;
use super::{Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::{down, up};

impl Model {
    /// ETH of all holders now.
    pub(in crate::lockstep) fn assets(&self) -> u128 {
        self.booked + self.released()
    }

    /// Wei that `shares` are worth now, rounded down.
    pub(in crate::lockstep) fn worth(&self, shares: u128) -> u128 {
        down(shares, self.assets(), self.total_shares)
    }

    /// Shares that `assets` wei buy now.
    pub(super) fn shares_down(&self, assets: u128) -> u128 {
        down(assets, self.total_shares, self.assets())
    }

    /// Shares worth at least `assets` wei now.
    pub(super) fn shares_up(&self, assets: u128) -> u128 {
        up(assets, self.total_shares, self.assets())
    }

    pub(in crate::lockstep) fn held(&self, account: Address) -> u128 {
        self.shares.get(&account).copied().unwrap_or_default()
    }

    pub(in crate::lockstep) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        let allowance = self.allowances.get(&(owner, spender));
        allowance.copied().unwrap_or_default()
    }

    pub(in crate::lockstep) fn approve(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
    ) -> Result<Vec<u8>, Refusal> {
        if spender.is_zero() {
            return refuse(&Pool::ERC20InvalidSpender { spender });
        }
        self.allowances.insert((owner, spender), value);
        let approval = Pool::Approval {
            owner,
            spender,
            value,
        };
        self.log(self.at.pool, &approval);
        Ok(Pool::approveCall::abi_encode_returns(&true))
    }

    pub(super) fn decrease_allowance(
        &mut self,
        owner: Address,
        spender: Address,
        needed: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let allowance = self.allowance(owner, spender);
        if needed > allowance {
            return refuse(&Pool::ERC20InsufficientAllowance {
                spender,
                allowance,
                needed,
            });
        }
        self.approve(owner, spender, allowance - needed)
    }

    pub(in crate::lockstep) fn transfer(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let shares = self.shares_up(narrow(amount)?);
        self.check_receiver(to)?;
        let held = self.held(from);
        if shares > held {
            return refuse(&Pool::ERC20InsufficientBalance {
                sender: from,
                balance: word(self.worth(held)),
                needed: amount,
            });
        }
        self.move_shares(from, to, shares, amount);
        Ok(Pool::transferCall::abi_encode_returns(&true))
    }

    pub(in crate::lockstep) fn transfer_from(
        &mut self,
        spender: Address,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<Vec<u8>, Refusal> {
        self.spend(from, spender, amount)?;
        self.transfer(from, to, amount)
    }

    pub(in crate::lockstep) fn transfer_shares(
        &mut self,
        from: Address,
        to: Address,
        shares: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let needed = narrow(shares)?;
        self.check_receiver(to)?;
        let held = self.held(from);
        if needed > held {
            return refuse(&Pool::InsufficientShares {
                account: from,
                shares: word(held),
                needed: shares,
            });
        }
        let worth = word(self.worth(needed));
        self.move_shares(from, to, needed, worth);
        Ok(Pool::transferSharesCall::abi_encode_returns(&worth))
    }

    pub(in crate::lockstep) fn transfer_shares_from(
        &mut self,
        spender: Address,
        from: Address,
        to: Address,
        shares: U256,
    ) -> Result<Vec<u8>, Refusal> {
        let spent = self.taken_of_allowance(narrow(shares)?, self.allowance(from, spender));
        self.spend(from, spender, word(spent))?;
        self.transfer_shares(from, to, shares)
    }

    /// What moving `shares` takes of an allowance: their worth rounded up, but no more than there
    /// is if all but the last share are covered.
    fn taken_of_allowance(&self, shares: u128, allowance: U256) -> u128 {
        let worth = up(shares, self.assets(), self.total_shares);
        let all_but_one = self.worth(shares.saturating_sub(1));
        let short = allowance < word(worth) && allowance > word(all_but_one);
        if shares != 0 && short {
            return allowance.to();
        }
        worth
    }

    /// New shares, which the total holds already.
    pub(super) fn mint(&mut self, to: Address, shares: u128) {
        let worth = word(self.worth(shares));
        *self.shares.entry(to).or_default() += shares;
        self.log_move(Address::ZERO, to, worth, shares);
    }

    pub(super) fn log_move(&mut self, from: Address, to: Address, value: U256, shares: u128) {
        self.log(self.at.pool, &Pool::Transfer { from, to, value });
        let moved = Pool::TransferShares {
            from,
            to,
            sharesValue: word(shares),
        };
        self.log(self.at.pool, &moved);
    }

    fn spend(&mut self, owner: Address, spender: Address, needed: U256) -> Result<(), Refusal> {
        let allowance = self.allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        if needed > allowance {
            return refuse(&Pool::ERC20InsufficientAllowance {
                spender,
                allowance,
                needed,
            });
        }
        self.allowances.insert((owner, spender), allowance - needed);
        Ok(())
    }

    fn check_receiver(&self, receiver: Address) -> Result<(), Refusal> {
        self.check_open(self.at.pool, TRANSFERS)?;
        if receiver.is_zero() || receiver == self.at.pool {
            return refuse(&Pool::ERC20InvalidReceiver { receiver });
        }
        Ok(())
    }

    fn move_shares(&mut self, from: Address, to: Address, shares: u128, value: U256) {
        *self.shares.entry(from).or_default() -= shares;
        *self.shares.entry(to).or_default() += shares;
        self.log_move(from, to, value, shares);
    }
}
