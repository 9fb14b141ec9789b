//! The staking pool and its token, lsETH: what users call.
//!
//! Every method is documented in `interfaces/IStakingPool.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
//! What is not routed here runs in `pool-operations`, and behind that in `administration`.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod deposits;
#[cfg(test)]
mod tests;
mod token;
mod withdrawals;

use alloc::vec::Vec;

use abi::IStakingPool;
use alloy_primitives::{Address, B256, U256};
use glue::{allowance::remaining, bounds::check_bounds, revert, router::Text};
use pool_state::{DEPOSITS, DOMAIN, GROUPS, PoolState, error::Error};
use protocol::{
    drip::{MAX_RELEASE_SECS, MIN_RELEASE_SECS},
    fees::{FeeBps, FeeSchedule},
    mul_div::narrow,
    pool, rate,
};
use stylus_sdk::prelude::*;

/// The pool. Slots are drawn in [`pool_state::state`].
#[cfg_attr(not(feature = "next"), entrypoint)]
#[storage]
pub struct StakingPool {
    state: PoolState,
}

#[cfg(feature = "next")]
glue::next!(StakingPool);

glue::permits!(StakingPool, DOMAIN);

glue::router! {
    StakingPool: IStakingPool
        receive(|pool| {
            let sender = pool.vm().msg_sender();
            Some(pool.deposit(sender, Address::ZERO, U256::ZERO).map(drop))
        })
        fallback(|pool| Some(pool.state.administration.next()))
        payable {
            submitCall => submit(referral: Address);
            depositCall => deposit(receiver: Address, referral: Address, min_shares: U256);
            initializeCall => initialize(admin: Address, administration: Address, operations: Address, treasury: Address, fee_bps: u16, release_secs: u64);
        }
        unpaid {
            nameCall => name();
            symbolCall => symbol();
            decimalsCall => decimals();
            totalSupplyCall => total_supply();
            balanceOfCall => balance_of(account: Address);
            transferCall => transfer(to: Address, amount: U256);
            allowanceCall => allowance(owner: Address, spender: Address);
            approveCall => approve(spender: Address, amount: U256);
            transferFromCall => transfer_from(from: Address, to: Address, amount: U256);
            increaseAllowanceCall => increase_allowance(spender: Address, added_value: U256);
            decreaseAllowanceCall => decrease_allowance(spender: Address, subtracted_value: U256);
            permit_0Call => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256);
            permit_1Call => permit_signed(owner: Address, spender: Address, value: U256, deadline: U256, signature: Text);
            noncesCall => nonces(owner: Address);
            DOMAIN_SEPARATORCall => domain_separator();
            getTotalSharesCall => get_total_shares();
            sharesOfCall => shares_of(account: Address);
            getTotalPooledEtherCall => get_total_pooled_ether();
            getSharesByPooledEthCall => get_shares_by_pooled_eth(assets: U256);
            getPooledEthBySharesCall => get_pooled_eth_by_shares(shares: U256);
            getPooledEthBySharesRoundUpCall => get_pooled_eth_by_shares_round_up(shares: U256);
            transferSharesCall => transfer_shares(to: Address, shares: U256);
            transferSharesFromCall => transfer_shares_from(from: Address, to: Address, shares: U256);
            transferAtMostFromCall => transfer_at_most_from(from: Address, to: Address, amount: U256);
            transferAmountsFromCall => transfer_amounts_from(from: Address, to: Address, amounts: Vec<U256>);
            isStakingPausedCall => is_staking_paused();
            withdrawalQuoteCall => withdrawal_quote();
            fillWithdrawalsCall => fill_withdrawals(shares: U256, assets: U256);
            rateAtCall => rate_at(round: u64);
            latestRoundCall => latest_round();
        }
}

impl StakingPool {
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        operations: Address,
        treasury: Address,
        fee_bps: u16,
        release_secs: u64,
    ) -> Result<(), Error> {
        if treasury.is_zero() {
            return Err(revert!(IStakingPool::ZeroAddress {}).into());
        }
        let fee = FeeBps::new(fee_bps)?;
        check_bounds(
            5,
            U256::from(release_secs),
            MIN_RELEASE_SECS.into(),
            MAX_RELEASE_SECS.into(),
        )?;
        let common = &mut self.state.administration;
        common.begin(admin, administration, operations, GROUPS)?;
        common.pauses.close(DEPOSITS)?;
        self.state.books.store_treasury(treasury);
        let fees = FeeSchedule::fixed(fee);
        self.state.books.store_terms(&fees, release_secs);
        self.bootstrap()
    }

    pub fn name(&self) -> &'static str {
        DOMAIN.name()
    }

    pub fn symbol(&self) -> &'static str {
        "lsETH"
    }

    pub fn decimals(&self) -> u8 {
        18
    }

    pub fn total_supply(&self) -> Result<U256, Error> {
        Ok(U256::from(self.state.books.totals()?.assets))
    }

    pub fn balance_of(&self, account: Address) -> Result<U256, Error> {
        let shares = self.state.accounts.shares(account);
        Ok(U256::from(rate::assets_for_shares(
            self.state.books.totals()?,
            shares,
        )?))
    }

    pub fn transfer(&mut self, to: Address, amount: U256) -> Result<bool, Error> {
        let from = self.vm().msg_sender();
        self.move_amount(from, to, amount)?;
        Ok(true)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.state.allowances.get(owner, spender)
    }

    pub fn approve(&mut self, spender: Address, amount: U256) -> Result<bool, Error> {
        let owner = self.vm().msg_sender();
        self.state.allowances.set(owner, spender, amount)?;
        Ok(true)
    }

    pub fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<bool, Error> {
        self.state.allowances.spend(from, amount)?;
        self.move_amount(from, to, amount)?;
        Ok(true)
    }

    pub fn increase_allowance(
        &mut self,
        spender: Address,
        added_value: U256,
    ) -> Result<bool, Error> {
        let owner = self.vm().msg_sender();
        let raised = self.allowance(owner, spender).saturating_add(added_value);
        self.state.allowances.set(owner, spender, raised)?;
        Ok(true)
    }

    pub fn decrease_allowance(
        &mut self,
        spender: Address,
        subtracted_value: U256,
    ) -> Result<bool, Error> {
        let owner = self.vm().msg_sender();
        let left = remaining(spender, self.allowance(owner, spender), subtracted_value)?;
        self.state.allowances.set(owner, spender, left)?;
        Ok(true)
    }

    pub fn get_total_shares(&self) -> U256 {
        U256::from(self.state.books.ledger().booked.shares)
    }

    pub fn shares_of(&self, account: Address) -> U256 {
        U256::from(self.state.accounts.shares(account))
    }

    pub fn get_total_pooled_ether(&self) -> Result<U256, Error> {
        self.total_supply()
    }

    pub fn get_shares_by_pooled_eth(&self, assets: U256) -> Result<U256, Error> {
        let shares = rate::shares_for_assets(self.state.books.totals()?, narrow(assets)?)?;
        Ok(U256::from(shares))
    }

    pub fn get_pooled_eth_by_shares(&self, shares: U256) -> Result<U256, Error> {
        let assets = rate::assets_for_shares(self.state.books.totals()?, narrow(shares)?)?;
        Ok(U256::from(assets))
    }

    pub fn get_pooled_eth_by_shares_round_up(&self, shares: U256) -> Result<U256, Error> {
        let assets = rate::assets_for_shares_up(self.state.books.totals()?, narrow(shares)?)?;
        Ok(U256::from(assets))
    }

    pub fn transfer_shares(&mut self, to: Address, shares: U256) -> Result<U256, Error> {
        let from = self.vm().msg_sender();
        self.move_shares(from, to, shares)
    }

    pub fn transfer_shares_from(
        &mut self,
        from: Address,
        to: Address,
        shares: U256,
    ) -> Result<U256, Error> {
        self.spend_for_shares(from, narrow(shares)?)?;
        self.move_shares(from, to, shares)
    }

    pub fn transfer_at_most_from(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<U256, Error> {
        let shares = self.get_shares_by_pooled_eth(amount)?;
        self.transfer_shares_from(from, to, shares)?;
        Ok(shares)
    }

    pub fn transfer_amounts_from(
        &mut self,
        from: Address,
        to: Address,
        amounts: Vec<U256>,
    ) -> Result<(U256, U256), Error> {
        let totals = self.move_amounts(from, to, amounts)?;
        Ok((U256::from(totals.assets), U256::from(totals.shares)))
    }

    pub fn is_staking_paused(&self) -> bool {
        self.state.administration.pauses.is_paused(DEPOSITS)
    }

    pub fn withdrawal_quote(&self) -> Result<(U256, U256, U256, u64), Error> {
        let totals = self.state.books.totals()?;
        let stake = self.state.books.stake();
        Ok((
            U256::from(pool::buffered(totals, stake.staked)),
            U256::from(totals.assets),
            U256::from(totals.shares),
            stake.slash_until,
        ))
    }

    pub fn rate_at(&self, round: u64) -> Result<(U256, u64), Error> {
        let (rate_e27, timestamp) = self.state.history.get(round);
        if timestamp == 0 {
            let latest = self.latest_round();
            return Err(revert!(IStakingPool::UnknownRound { round, latest }).into());
        }
        Ok((U256::from(rate_e27), timestamp))
    }

    pub fn latest_round(&self) -> u64 {
        self.state.links.last_rate().0
    }
}
