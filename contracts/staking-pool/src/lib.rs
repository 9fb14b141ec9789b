//! The staking pool and its token, lsETH.
//!
//! Every method is documented in `interfaces/IStakingPool.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits, and calls out last.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod error;
mod money;
mod state;
#[cfg(test)]
mod tests;
mod token;

use alloc::vec::Vec;

use abi::{IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use alloy_primitives::{Address, B256, U256};
use error::Error;
use glue::{
    access::{DEFAULT_ADMIN_ROLE, role},
    administration::Administration,
    calldata, calls, emit,
    permit::{Description, Domain, KeySignature, Nonces, Permit},
    revert,
    revert::Word,
    router::Text,
    word,
};
use protocol::{fees::FeeBps, limits::Bucket, mul_div::narrow, rate, reserves};
use state::{Accounts, Books, Links};
use stylus_sdk::prelude::*;

/// May pay rewards in.
pub const DISTRIBUTOR_ROLE: B256 = role("DISTRIBUTOR_ROLE");
/// May set the deposit limit.
pub const LIMITER_ROLE: B256 = role("LIMITER_ROLE");

/// How many pause groups there are.
const GROUPS: u8 = 4;
/// Pause group: deposits.
pub const DEPOSITS: u8 = 0;
/// Pause group: moving lsETH.
pub const TRANSFERS: u8 = 1;
/// Pause group: rebalance.
pub const REBALANCE: u8 = 2;
/// Pause group: paying the queue. Claims of what the queue holds already go on.
pub const WITHDRAWALS: u8 = 3;

/// What holders sign permits for.
static DOMAIN: Domain = Domain::new("Liquid staked ETH");

/// Shortest release: a minute, so that a test chain need not wait.
const MIN_RELEASE_SECS: u64 = 60;
/// Longest release: 30 days.
const MAX_RELEASE_SECS: u64 = 30 * 86_400;

/// The pool. Slots are drawn in [`state`].
#[cfg_attr(not(feature = "next"), entrypoint)]
#[storage]
pub struct StakingPool {
    administration: Administration,
    books: Books,
    links: Links,
    accounts: Accounts,
    nonces: Nonces,
}

#[cfg(feature = "next")]
glue::next!(StakingPool);

glue::router! {
    StakingPool: IStakingPool
        receive(|pool| {
            let sender = pool.vm().msg_sender();
            Some(pool.take_deposit(sender, Address::ZERO, U256::ZERO).map(drop))
        })
        fallback(|pool| Some(pool.administration.administration()))
        payable {
            submitCall => submit(referral: Address);
            depositCall => deposit(receiver: Address, referral: Address, min_shares: U256);
            distributeCall => distribute();
            receiveReturnedCall => receive_returned();
            initializeCall => initialize(admin: Address, administration: Address, treasury: Address, fee_bps: u16, release_secs: u64);
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
            permit_0Call => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256);
            permit_1Call => permit_signed(owner: Address, spender: Address, value: U256, deadline: U256, signature: Text);
            noncesCall => nonces(owner: Address);
            DOMAIN_SEPARATORCall => domain_separator();
            eip712DomainCall => eip712_domain();
            getTotalSharesCall => get_total_shares();
            sharesOfCall => shares_of(account: Address);
            getTotalPooledEtherCall => get_total_pooled_ether();
            getSharesByPooledEthCall => get_shares_by_pooled_eth(assets: U256);
            getPooledEthBySharesCall => get_pooled_eth_by_shares(shares: U256);
            getPooledEthBySharesRoundUpCall => get_pooled_eth_by_shares_round_up(shares: U256);
            transferSharesCall => transfer_shares(to: Address, shares: U256);
            transferSharesFromCall => transfer_shares_from(from: Address, to: Address, shares: U256);
            isStakingPausedCall => is_staking_paused();
            getCurrentStakeLimitCall => get_current_stake_limit();
            reportLossCall => report_loss(assets: U256);
            getFeeCall => get_fee();
            getTreasuryCall => get_treasury();
            rebalanceCall => rebalance(max_ops: U256);
            getBufferedEtherCall => get_buffered_ether();
            withdrawalQuoteCall => withdrawal_quote();
            fillWithdrawalsCall => fill_withdrawals(shares: U256, assets: U256);
            reservesCall => reserves();
            releaseCall => release();
            connectCall => connect(registry: Address, queue: Address);
            registryCall => registry();
            queueCall => queue();
            setStakingLimitCall => set_staking_limit(max_stake_limit: U256, refill_seconds: u32);
            setTargetBufferCall => set_target_buffer(assets: U256);
            getTargetBufferCall => get_target_buffer();
        }
}

impl StakingPool {
    pub fn initialize(
        &mut self,
        admin: Address,
        administration: Address,
        treasury: Address,
        fee_bps: u16,
        release_secs: u64,
    ) -> Result<(), Error> {
        if treasury.is_zero() {
            return Err(revert!(IStakingPool::ZeroAddress {}).into());
        }
        FeeBps::new(fee_bps)?;
        if !(MIN_RELEASE_SECS..=MAX_RELEASE_SECS).contains(&release_secs) {
            return Err(revert!(IStakingPool::ParameterOutOfBounds {
                index: 3_u8,
                value: U256::from(release_secs),
                minimum: U256::from(MIN_RELEASE_SECS),
                maximum: U256::from(MAX_RELEASE_SECS),
            })
            .into());
        }
        self.administration
            .begin(admin, administration, Address::ZERO, GROUPS)?;
        self.books.store_terms(treasury, release_secs, fee_bps);
        self.administration.pauses.close(DEPOSITS)?;
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
        Ok(U256::from(self.books.totals()?.assets))
    }

    pub fn balance_of(&self, account: Address) -> Result<U256, Error> {
        let shares = self.accounts.shares(account);
        Ok(U256::from(rate::assets_for_shares(
            self.books.totals()?,
            shares,
        )?))
    }

    pub fn transfer(&mut self, to: Address, amount: U256) -> Result<bool, Error> {
        let from = self.vm().msg_sender();
        self.move_amount(from, to, amount)?;
        Ok(true)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.accounts.allowance(owner, spender)
    }

    pub fn approve(&mut self, spender: Address, amount: U256) -> Result<bool, Error> {
        let owner = self.vm().msg_sender();
        self.set_allowance(owner, spender, amount)?;
        Ok(true)
    }

    pub fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Result<bool, Error> {
        self.spend_allowance(from, amount)?;
        self.move_amount(from, to, amount)?;
        Ok(true)
    }

    #[expect(clippy::too_many_arguments, reason = "ERC-2612 has seven")]
    pub fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), Error> {
        let signature = Text(KeySignature { v, r, s }.to_bytes());
        self.permit_signed(owner, spender, value, deadline, signature)
    }

    pub fn permit_signed(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        signature: Text,
    ) -> Result<(), Error> {
        let permit = Permit {
            owner,
            spender,
            value,
            deadline,
            signature: &signature.0,
        };
        self.nonces.take(&DOMAIN, &permit)?;
        self.set_allowance(owner, spender, value)
    }

    pub fn nonces(&self, owner: Address) -> U256 {
        self.nonces.get(owner)
    }

    pub fn domain_separator(&self) -> B256 {
        DOMAIN.separator(self.vm())
    }

    pub fn eip712_domain(&self) -> Description {
        DOMAIN.described(self.vm())
    }

    pub fn get_total_shares(&self) -> U256 {
        U256::from(self.books.ledger().booked.shares)
    }

    pub fn shares_of(&self, account: Address) -> U256 {
        U256::from(self.accounts.shares(account))
    }

    pub fn get_total_pooled_ether(&self) -> Result<U256, Error> {
        self.total_supply()
    }

    pub fn get_shares_by_pooled_eth(&self, assets: U256) -> Result<U256, Error> {
        let shares = rate::shares_for_assets(self.books.totals()?, narrow(assets)?)?;
        Ok(U256::from(shares))
    }

    pub fn get_pooled_eth_by_shares(&self, shares: U256) -> Result<U256, Error> {
        let assets = rate::assets_for_shares(self.books.totals()?, narrow(shares)?)?;
        Ok(U256::from(assets))
    }

    pub fn get_pooled_eth_by_shares_round_up(&self, shares: U256) -> Result<U256, Error> {
        let assets = rate::assets_for_shares_up(self.books.totals()?, narrow(shares)?)?;
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
        let spent = rate::assets_for_shares_up(self.books.totals()?, narrow(shares)?)?;
        self.spend_allowance(from, U256::from(spent))?;
        self.move_shares(from, to, shares)
    }

    pub fn submit(&mut self, referral: Address) -> Result<U256, Error> {
        let receiver = self.vm().msg_sender();
        self.take_deposit(receiver, referral, U256::ZERO)
    }

    pub fn deposit(
        &mut self,
        receiver: Address,
        referral: Address,
        min_shares: U256,
    ) -> Result<U256, Error> {
        self.take_deposit(receiver, referral, min_shares)
    }

    pub fn is_staking_paused(&self) -> bool {
        self.administration.pauses.is_paused(DEPOSITS)
    }

    pub fn get_current_stake_limit(&self) -> Result<U256, Error> {
        if self.administration.pauses.is_paused(DEPOSITS) {
            return Ok(U256::ZERO);
        }
        let limit = self.books.stake_limit();
        if limit.capacity == 0 {
            return Ok(U256::MAX);
        }
        Ok(U256::from(limit.available(self.vm().block_timestamp())?))
    }

    pub fn distribute(&mut self) -> Result<(), Error> {
        self.administration.roles.check(DISTRIBUTOR_ROLE)?;
        self.take_reward()
    }

    pub fn report_loss(&mut self, assets: U256) -> Result<(U256, U256), Error> {
        self.take_loss(assets)
    }

    pub fn get_fee(&self) -> u16 {
        self.books.terms().2
    }

    pub fn get_treasury(&self) -> Address {
        self.books.terms().0
    }

    pub fn rebalance(&mut self, max_ops: U256) -> Result<(U256, U256, U256), Error> {
        self.rebalance_stake(max_ops)
    }

    pub fn receive_returned(&mut self) -> Result<(), Error> {
        self.take_returned()
    }

    pub fn get_buffered_ether(&self) -> Result<U256, Error> {
        Ok(U256::from(self.buffered()?))
    }

    pub fn withdrawal_quote(&self) -> Result<(U256, U256, U256), Error> {
        let totals = self.books.totals()?;
        let free = self.buffered()?;
        Ok((
            U256::from(free),
            U256::from(totals.assets),
            U256::from(totals.shares),
        ))
    }

    pub fn fill_withdrawals(&mut self, shares: U256, assets: U256) -> Result<(), Error> {
        self.pay_queue(shares, assets)
    }

    pub fn reserves(&self) -> Result<(U256, U256, U256, U256), Error> {
        let balance = self.vm().balance(self.vm().contract_address());
        let reserves = reserves::pool(
            &self.books.ledger(),
            self.books.stake().0,
            narrow(balance)?,
            self.vm().block_timestamp(),
        )?;
        Ok((
            U256::from(reserves.buffered),
            U256::from(reserves.unreleased),
            U256::from(reserves.staked),
            U256::from(reserves.surplus),
        ))
    }

    pub fn release(&self) -> (U256, u64, u64) {
        let drip = self.books.ledger().drip;
        (U256::from(drip.amount), drip.start, drip.end)
    }

    pub fn connect(&mut self, registry: Address, queue: Address) -> Result<(), Error> {
        self.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        if !self.links.registry().is_zero() {
            return Err(revert!(IStakingPool::AlreadyConnected {}).into());
        }
        let pool = self.vm().contract_address();
        let named = calls::view(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::poolCall {}),
        );
        if named != Ok([pool.word()]) {
            return Err(revert!(IStakingPool::NotConnectable { target: registry }).into());
        }
        let named = calls::view(self.vm(), queue, &calldata!(IWithdrawalQueue::poolCall {}));
        if named != Ok([pool.word()]) {
            return Err(revert!(IStakingPool::NotConnectable { target: queue }).into());
        }
        self.links.store(registry, queue);
        emit!(
            self.vm(),
            IStakingPool::Connected [] { registry, queue }
        );
        Ok(self.administration.pauses.unpause(DEPOSITS)?)
    }

    pub fn registry(&self) -> Address {
        self.links.registry()
    }

    pub fn queue(&self) -> Address {
        self.links.queue()
    }

    pub fn set_staking_limit(
        &mut self,
        max_stake_limit: U256,
        refill_seconds: u32,
    ) -> Result<(), Error> {
        self.administration.roles.check(LIMITER_ROLE)?;
        let maximum = U256::from(word::MAX_BUCKET);
        if max_stake_limit > maximum {
            return Err(revert!(IStakingPool::ParameterOutOfBounds {
                index: 0_u8,
                value: max_stake_limit,
                minimum: U256::ZERO,
                maximum,
            })
            .into());
        }
        let capacity = narrow(max_stake_limit)?;
        self.books.store_stake_limit(&Bucket {
            capacity,
            level: capacity,
            refill_secs: refill_seconds,
            updated_at: 0,
        });
        emit!(
            self.vm(),
            IStakingPool::StakingLimitSet [] { maxStakeLimit: max_stake_limit, refillSeconds: refill_seconds }
        );
        Ok(())
    }

    pub fn set_target_buffer(&mut self, assets: U256) -> Result<(), Error> {
        self.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        let (staked, _) = self.books.stake();
        self.books.store_stake(staked, narrow(assets)?);
        emit!(
            self.vm(),
            IStakingPool::TargetBufferSet [] { assets }
        );
        Ok(())
    }

    pub fn get_target_buffer(&self) -> U256 {
        U256::from(self.books.stake().1)
    }
}
