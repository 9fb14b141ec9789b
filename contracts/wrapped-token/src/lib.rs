//! wlsETH, a share of the pool that does not rebase.
//!
//! Every method is documented in `interfaces/IWrappedToken.sol`.
//! A method loads, lets a rule of `protocol` decide, stores, emits; the pool is called where it has to
//! move shares. It is never replaced, and there is nobody who could.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod error;
mod feed;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod vault;
mod votes;

use alloc::vec::Vec;

use abi::IWrappedToken;
use alloy_primitives::{
    Address, B256, FixedBytes, U256,
    aliases::{U48, U80},
};
use error::Error;
use feed::RoundData;
use glue::{
    ETH,
    erc165::{self, ERC7575_SHARE},
    permit::{Description, Domain},
    revert,
    router::Text,
};
use protocol::votes::{Checkpoint, MAX_VOTES};
use state::State;
use stylus_sdk::prelude::*;

/// What holders sign permits and delegations for.
static DOMAIN: Domain = Domain::new("Wrapped liquid staked ETH");
/// One wlsETH.
const ONE: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// The token. Slots are drawn in [`state`].
#[entrypoint]
#[storage]
pub struct WrappedToken {
    state: State,
}

glue::permits!(WrappedToken, DOMAIN);

glue::router! {
    WrappedToken: IWrappedToken
        receive(|token| {
            let sender = token.vm().msg_sender();
            Some(token.wrap_sent(sender))
        })
        fallback(|_| None)
        payable {
            depositEthCall => deposit_eth(receiver: Address, referral: Address, min_shares: U256);
        }
        unpaid {
            initializeCall => initialize(pool: Address, ether_vault: Address);
            nameCall => name();
            symbolCall => symbol();
            decimalsCall => decimals();
            totalSupplyCall => total_supply();
            balanceOfCall => balance_of(account: Address);
            transferCall => transfer(to: Address, value: U256);
            allowanceCall => allowance(owner: Address, spender: Address);
            approveCall => approve(spender: Address, value: U256);
            transferFromCall => transfer_from(from: Address, to: Address, value: U256);
            permit_0Call => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256);
            permit_1Call => permit_signed(owner: Address, spender: Address, value: U256, deadline: U256, signature: Text);
            noncesCall => nonces(owner: Address);
            DOMAIN_SEPARATORCall => domain_separator();
            eip712DomainCall => eip712_domain();
            wrapCall => wrap(assets: U256);
            unwrapCall => unwrap(shares: U256);
            getWstETHByStETHCall => convert_to_shares(assets: U256);
            getStETHByWstETHCall => convert_to_assets(shares: U256);
            stETHCall => asset();
            stEthPerTokenCall => get_rate();
            tokensPerStEthCall => tokens_per_st_eth();
            assetCall => asset();
            totalAssetsCall => total_assets();
            convertToSharesCall => convert_to_shares(assets: U256);
            convertToAssetsCall => convert_to_assets(shares: U256);
            maxDepositCall => max_deposit(receiver: Address);
            previewDepositCall => convert_to_shares(assets: U256);
            depositCall => deposit(assets: U256, receiver: Address);
            maxMintCall => max_mint(receiver: Address);
            previewMintCall => preview_mint(shares: U256);
            mintCall => mint(shares: U256, receiver: Address);
            maxWithdrawCall => max_withdraw(owner: Address);
            previewWithdrawCall => preview_withdraw(assets: U256);
            withdrawCall => withdraw(assets: U256, receiver: Address, owner: Address);
            maxRedeemCall => max_redeem(owner: Address);
            previewRedeemCall => convert_to_assets(shares: U256);
            redeemCall => redeem(shares: U256, receiver: Address, owner: Address);
            vaultCall => vault(token: Address);
            supportsInterfaceCall => supports_interface(interface: FixedBytes<4>);
            clockCall => clock();
            CLOCK_MODECall => clock_mode();
            delegatesCall => delegates(account: Address);
            getVotesCall => get_votes(account: Address);
            getPastVotesCall => get_past_votes(account: Address, timepoint: U256);
            getPastTotalSupplyCall => get_past_total_supply(timepoint: U256);
            numCheckpointsCall => num_checkpoints(account: Address);
            checkpointsCall => checkpoints(account: Address, pos: u32);
            delegateCall => delegate(delegatee: Address);
            delegateBySigCall => delegate_by_sig(delegatee: Address, nonce: U256, expiry: U256, v: u8, r: B256, s: B256);
            getRateCall => get_rate();
            descriptionCall => description();
            versionCall => version();
            getRoundDataCall => get_round_data(round: U80);
            latestRoundDataCall => latest_round_data();
        }
}

impl WrappedToken {
    pub fn initialize(&mut self, pool: Address, ether_vault: Address) -> Result<(), Error> {
        if !self.state.pool().is_zero() {
            return Err(revert!(IWrappedToken::AlreadyInitialized {}).into());
        }
        match (self.first_round(pool), self.pool_at(pool)) {
            (Some(start), Some(pool)) => self.state.begin(&pool, &start),
            _ => return Err(revert!(IWrappedToken::NotAPool { pool }).into()),
        }
        self.state.store_ether_vault(ether_vault);
        let here = self.vm().contract_address();
        self.log_vault(pool, here);
        self.log_vault(ETH, ether_vault);
        Ok(())
    }

    pub fn name(&self) -> &'static str {
        DOMAIN.name()
    }

    pub fn symbol(&self) -> &'static str {
        "wlsETH"
    }

    pub fn decimals(&self) -> u8 {
        18
    }

    pub fn total_supply(&self) -> U256 {
        U256::from(self.state.supply().latest.votes)
    }

    pub fn balance_of(&self, account: Address) -> U256 {
        U256::from(self.state.account(account).balance)
    }

    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Error> {
        let from = self.vm().msg_sender();
        self.move_tokens(from, to, value)?;
        Ok(true)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.state.allowances.get(owner, spender)
    }

    pub fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Error> {
        let owner = self.vm().msg_sender();
        self.state.allowances.set(owner, spender, value)?;
        Ok(true)
    }

    pub fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool, Error> {
        self.state.allowances.spend(from, value)?;
        self.move_tokens(from, to, value)?;
        Ok(true)
    }

    pub fn eip712_domain(&self) -> Description {
        DOMAIN.described(self.vm())
    }

    pub fn wrap(&mut self, assets: U256) -> Result<U256, Error> {
        let receiver = self.vm().msg_sender();
        self.deposit(assets, receiver)
    }

    pub fn unwrap(&mut self, shares: U256) -> Result<U256, Error> {
        let owner = self.vm().msg_sender();
        self.redeem(shares, owner, owner)
    }

    pub fn tokens_per_st_eth(&self) -> Result<U256, Error> {
        self.convert_to_shares(ONE)
    }

    pub fn asset(&self) -> Address {
        self.state.pool()
    }

    pub fn total_assets(&self) -> Result<U256, Error> {
        self.convert_to_assets(self.total_supply())
    }

    pub fn max_deposit(&self, receiver: Address) -> Result<U256, Error> {
        let shares = self.max_mint(receiver)?;
        self.convert_to_assets(shares)
    }

    pub fn max_mint(&self, receiver: Address) -> Result<U256, Error> {
        let _ = receiver;
        if !self.is_open()? {
            return Ok(U256::ZERO);
        }
        let room = U256::from(MAX_VOTES).saturating_sub(self.total_supply());
        Ok(room.min(U256::from(self.totals()?.shares)))
    }

    pub fn mint(&mut self, shares: U256, receiver: Address) -> Result<U256, Error> {
        let assets = self.preview_mint(shares)?;
        self.wrap_shares(shares, assets, receiver)?;
        Ok(assets)
    }

    pub fn max_withdraw(&self, owner: Address) -> Result<U256, Error> {
        let shares = self.max_redeem(owner)?;
        self.convert_to_assets(shares)
    }

    pub fn withdraw(
        &mut self,
        assets: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Error> {
        let shares = self.preview_withdraw(assets)?;
        self.unwrap_shares(shares, receiver, owner)?;
        self.log_withdraw(receiver, owner, assets, shares);
        Ok(shares)
    }

    pub fn max_redeem(&self, owner: Address) -> Result<U256, Error> {
        if !self.is_open()? {
            return Ok(U256::ZERO);
        }
        Ok(self.balance_of(owner))
    }

    pub fn redeem(
        &mut self,
        shares: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Error> {
        let assets = self.unwrap_shares(shares, receiver, owner)?;
        self.log_withdraw(receiver, owner, assets, shares);
        Ok(assets)
    }

    pub fn vault(&self, token: Address) -> Address {
        if token == ETH {
            self.state.ether_vault()
        } else if token == self.state.pool() && !token.is_zero() {
            self.vm().contract_address()
        } else {
            Address::ZERO
        }
    }

    pub fn supports_interface(&self, interface: FixedBytes<4>) -> bool {
        erc165::supports(interface, &[ERC7575_SHARE])
    }

    pub fn clock(&self) -> U48 {
        // 48 bits of seconds last for nine million years.
        U48::saturating_from(self.vm().block_timestamp())
    }

    pub fn clock_mode(&self) -> &'static str {
        "mode=timestamp"
    }

    pub fn delegates(&self, account: Address) -> Address {
        self.state.account(account).delegate
    }

    pub fn get_votes(&self, account: Address) -> U256 {
        U256::from(self.state.votes(account).latest.votes)
    }

    pub fn get_past_votes(&self, account: Address, timepoint: U256) -> Result<U256, Error> {
        let past = self.past(timepoint)?;
        Ok(U256::from(self.state.past_votes(account, past)))
    }

    pub fn get_past_total_supply(&self, timepoint: U256) -> Result<U256, Error> {
        let past = self.past(timepoint)?;
        Ok(U256::from(self.state.past_supply(past)))
    }

    pub fn num_checkpoints(&self, account: Address) -> u64 {
        self.state.votes(account).count()
    }

    pub fn checkpoints(&self, account: Address, pos: u32) -> (u64, u128) {
        let (trace, number) = (self.state.votes(account), u64::from(pos));
        let Checkpoint { since, votes } = if number == trace.kept {
            trace.latest
        } else {
            self.state.kept_votes(account, number)
        };
        (since, votes)
    }

    pub fn delegate(&mut self, delegatee: Address) -> Result<(), Error> {
        let delegator = self.vm().msg_sender();
        self.delegate_votes(delegator, delegatee)
    }

    pub fn get_rate(&self) -> Result<U256, Error> {
        self.convert_to_assets(ONE)
    }

    pub fn description(&self) -> &'static str {
        "wlsETH / ETH"
    }

    pub fn version(&self) -> u8 {
        1
    }

    pub fn get_round_data(&self, round: U80) -> Result<RoundData, Error> {
        self.round_data(self.existing(U256::from(round))?)
    }

    pub fn latest_round_data(&self) -> Result<RoundData, Error> {
        self.round_data(self.newest()?)
    }
}
