//! lsETH in, wlsETH out, and back: one share for one, only the amounts of lsETH are converted.

use abi::{IAdministration, IStakingPool, IWrappedToken};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, emit, pause::TRANSFERS, revert, word};
use protocol::{
    mul_div::narrow,
    rate::{self, Totals},
};
use stylus_sdk::prelude::*;

use crate::{
    WrappedToken,
    error::{Error, zero_shares},
    state::Pool,
};

impl WrappedToken {
    /// Both sides of the pool's rate.
    #[inline(never)]
    pub(crate) fn totals(&self) -> Result<Totals, Error> {
        let [_, assets, shares] = calls::view(
            self.vm(),
            self.state.pool(),
            &calldata!(IStakingPool::withdrawalQuoteCall {}),
        )?;
        Ok(Totals {
            assets: narrow(assets)?,
            shares: narrow(shares)?,
        })
    }

    pub fn convert_to_assets(&self, shares: U256) -> Result<U256, Error> {
        self.ask(&calldata!(IStakingPool::getPooledEthBySharesCall {
            shares
        }))
    }

    pub fn preview_mint(&self, shares: U256) -> Result<U256, Error> {
        self.ask(&calldata!(IStakingPool::getPooledEthBySharesRoundUpCall {
            shares
        }))
    }

    pub fn convert_to_shares(&self, assets: U256) -> Result<U256, Error> {
        self.ask(&calldata!(IStakingPool::getSharesByPooledEthCall {
            assets
        }))
    }

    pub fn preview_withdraw(&self, assets: U256) -> Result<U256, Error> {
        let shares = rate::shares_for_assets_up(self.totals()?, narrow(assets)?)?;
        Ok(U256::from(shares))
    }

    /// What the pool answers, in one word.
    #[inline(never)]
    fn ask(&self, question: &[u8]) -> Result<U256, Error> {
        let [answer] = calls::view(self.vm(), self.state.pool(), question)?;
        Ok(answer)
    }

    #[inline(never)]
    pub fn deposit(&mut self, assets: U256, receiver: Address) -> Result<U256, Error> {
        let from = self.vm().msg_sender();
        let to = self.vm().contract_address();
        let [shares] = calls::call(
            self.vm(),
            self.state.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::transferAtMostFromCall {
                from,
                to,
                amount: assets
            }),
        )?;
        if shares.is_zero() {
            return Err(zero_shares(assets));
        }
        self.issue(receiver, assets, shares)?;
        Ok(shares)
    }

    /// Takes `shares` of the caller, which may be worth up to `assets`, and mints as many.
    #[inline(never)]
    pub(crate) fn wrap_shares(
        &mut self,
        shares: U256,
        assets: U256,
        receiver: Address,
    ) -> Result<(), Error> {
        let from = self.vm().msg_sender();
        let to = self.vm().contract_address();
        let [_] = calls::call(
            self.vm(),
            self.state.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::transferSharesFromCall { from, to, shares }),
        )?;
        self.issue(receiver, assets, shares)
    }

    /// What may be a pool; `None` if it is not, or not connected yet.
    pub(crate) fn pool_at(&self, address: Address) -> Option<Pool> {
        let ask = |question: &[u8]| {
            let [answer] = calls::view(self.vm(), address, question).ok()?;
            let named = word::address(answer);
            (!named.is_zero()).then_some(named)
        };
        Some(Pool {
            address,
            queue: ask(&calldata!(IStakingPool::queueCall {}))?,
            registry: ask(&calldata!(IStakingPool::registryCall {}))?,
        })
    }

    /// Wraps ETH that was sent without a call. A payment of queue or registry is for somebody who named
    /// this contract by mistake: the wlsETH would be the payer's, which could never move it.
    pub(crate) fn wrap_sent(&mut self, sender: Address) -> Result<(), Error> {
        if self.state.pays_others(sender) {
            return Err(revert!(IWrappedToken::ERC20InvalidReceiver { receiver: sender }).into());
        }
        self.deposit_eth(sender, Address::ZERO, U256::ZERO)
            .map(drop)
    }

    pub fn deposit_eth(
        &mut self,
        receiver: Address,
        referral: Address,
        min_shares: U256,
    ) -> Result<U256, Error> {
        let assets = self.vm().msg_value();
        let [shares] = calls::call(
            self.vm(),
            self.state.pool(),
            assets,
            &calldata!(IStakingPool::submitCall { referral }),
        )?;
        if shares < min_shares {
            return Err(revert!(IWrappedToken::TooFewShares {
                shares,
                minimum: min_shares
            })
            .into());
        }
        self.issue(receiver, assets, shares)?;
        Ok(shares)
    }

    /// Burns `shares` of `owner` and hands them out as lsETH; returns what the pool says they are worth.
    #[inline(never)]
    pub(crate) fn unwrap_shares(
        &mut self,
        shares: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Error> {
        // Shares that come here unwrapped are nobody's.
        self.check_receiver(receiver)?;
        let sender = self.vm().msg_sender();
        if sender != owner {
            self.state.allowances.spend(owner, shares)?;
        }
        self.burn_tokens(owner, shares)?;
        let [assets] = calls::call(
            self.vm(),
            self.state.pool(),
            U256::ZERO,
            &calldata!(IStakingPool::transferSharesCall {
                to: receiver,
                shares,
            }),
        )?;
        Ok(assets)
    }

    /// Says that `shares` left as `assets` of lsETH.
    #[inline(never)]
    pub(crate) fn log_withdraw(
        &self,
        receiver: Address,
        owner: Address,
        assets: U256,
        shares: U256,
    ) {
        let sender = self.vm().msg_sender();
        emit!(
            self.vm(),
            IWrappedToken::Withdraw [sender, receiver, owner] { assets, shares }
        );
    }

    /// Says where `asset` is taken for wlsETH.
    #[inline(never)]
    pub(crate) fn log_vault(&self, asset: Address, vault: Address) {
        emit!(self.vm(), IWrappedToken::VaultUpdate [asset] { vault });
    }

    /// Whether lsETH moves at all now.
    #[inline(never)]
    pub(crate) fn is_open(&self) -> Result<bool, Error> {
        let [until] = calls::view(
            self.vm(),
            self.state.pool(),
            &calldata!(IAdministration::pausedUntilCall { group: TRANSFERS }),
        )?;
        Ok(U256::from(self.vm().block_timestamp()) >= until)
    }

    fn issue(&mut self, receiver: Address, assets: U256, shares: U256) -> Result<(), Error> {
        self.mint_tokens(receiver, shares)?;
        let sender = self.vm().msg_sender();
        emit!(
            self.vm(),
            IWrappedToken::Deposit [sender, owner: receiver] { assets, shares }
        );
        Ok(())
    }
}
