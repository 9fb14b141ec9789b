//! The ETH vault of wlsETH: ERC-7540 over the withdrawal queue.
//!
//! Every method is documented in `interfaces/IEtherVault.sol`.
//! It is a user of the other contracts like any other: what it may do, anybody may. It is never
//! replaced, and there is nobody who could.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

mod deposit;
mod error;
mod redeem;
mod state;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use abi::{IEtherVault, IStakingPool, IWrappedToken};
use alloy_primitives::{Address, FixedBytes, U256};
use error::Error;
use glue::{
    ETH, calldata, calls, emit,
    erc165::{self, ERC7540_OPERATORS, ERC7540_REDEEM, ERC7575_VAULT},
    revert,
};
use protocol::{limits::MIN_DEPOSIT, mul_div::narrow, redemption::Measure, reserves};
use state::State;
use stylus_sdk::prelude::*;

/// The standards that it follows.
const INTERFACES: [u32; 3] = [ERC7575_VAULT, ERC7540_OPERATORS, ERC7540_REDEEM];
/// Ids that one page of requests has at most.
const PAGE: u64 = 1_000;

/// The vault. Slots are drawn in [`state`].
#[entrypoint]
#[storage]
pub struct EtherVault {
    state: State,
}

glue::router! {
    EtherVault: IEtherVault
        receive(|vault| Some(EtherVault::receive(vault)))
        fallback(|_| None)
        payable {
            depositCall => deposit(assets: U256, receiver: Address);
            mintCall => mint(shares: U256, receiver: Address);
        }
        unpaid {
            initializeCall => initialize(wrapped: Address);
            assetCall => asset();
            shareCall => share();
            totalAssetsCall => total_assets();
            convertToSharesCall => convert_to_shares(assets: U256);
            convertToAssetsCall => convert_to_assets(shares: U256);
            maxDepositCall => max_deposit(receiver: Address);
            previewDepositCall => convert_to_shares(assets: U256);
            maxMintCall => max_mint(receiver: Address);
            previewMintCall => preview_mint(shares: U256);
            maxWithdrawCall => max_withdraw(controller: Address);
            previewWithdrawCall => no_preview(assets: U256);
            withdrawCall => withdraw(assets: U256, receiver: Address, controller: Address);
            maxRedeemCall => max_redeem(controller: Address);
            previewRedeemCall => no_preview(shares: U256);
            redeemCall => redeem(shares: U256, receiver: Address, controller: Address);
            requestRedeemCall => request_redeem(shares: U256, controller: Address, owner: Address);
            pendingRedeemRequestCall => pending_redeem_request(id: U256, controller: Address);
            claimableRedeemRequestCall => claimable_redeem_request(id: U256, controller: Address);
            isOperatorCall => is_operator(controller: Address, operator: Address);
            setOperatorCall => set_operator(operator: Address, approved: bool);
            supportsInterfaceCall => supports_interface(interface: FixedBytes<4>);
            redeemRequestsCall => redeem_requests(controller: Address, first: U256, count: U256);
            reservesCall => reserves();
        }
}

impl EtherVault {
    pub fn initialize(&mut self, wrapped: Address) -> Result<(), Error> {
        if !self.state.wrapped().is_zero() {
            return Err(revert!(IEtherVault::AlreadyInitialized {}).into());
        }
        let Some((pool, queue)) = self.behind(wrapped) else {
            return Err(revert!(IEtherVault::NotAWrappedToken { token: wrapped }).into());
        };
        self.state.begin(wrapped, pool, queue);
        // Never spent: the queue takes the shares of requests, and only when this contract makes one.
        let allow = calldata!(IStakingPool::approveCall {
            spender: queue,
            amount: U256::MAX,
        });
        let [_] = calls::call(self.vm(), pool, U256::ZERO, &allow)?;
        Ok(())
    }

    pub fn asset(&self) -> Address {
        ETH
    }

    pub fn share(&self) -> Address {
        self.state.wrapped()
    }

    pub fn total_assets(&self) -> Result<U256, Error> {
        let [worth] = self.ask(&calldata!(IWrappedToken::totalAssetsCall {}))?;
        Ok(worth)
    }

    pub fn convert_to_shares(&self, assets: U256) -> Result<U256, Error> {
        let [shares] = self.ask(&calldata!(IWrappedToken::convertToSharesCall { assets }))?;
        Ok(shares)
    }

    pub fn convert_to_assets(&self, shares: U256) -> Result<U256, Error> {
        let [assets] = self.ask(&calldata!(IWrappedToken::convertToAssetsCall { shares }))?;
        Ok(assets)
    }

    pub fn max_deposit(&self, receiver: Address) -> Result<U256, Error> {
        let _ = receiver;
        Ok(self.room()?.0)
    }

    pub fn deposit(&mut self, assets: U256, receiver: Address) -> Result<U256, Error> {
        let _ = assets;
        let value = self.vm().msg_value();
        self.stake(value, U256::ZERO, receiver)
    }

    pub fn max_mint(&self, receiver: Address) -> Result<U256, Error> {
        let _ = receiver;
        let (_, shares) = self.room()?;
        // What they cost may be a wei less than what buys them.
        if self.preview_mint(shares)? < U256::from(MIN_DEPOSIT) {
            return Ok(U256::ZERO);
        }
        Ok(shares)
    }

    pub fn preview_mint(&self, shares: U256) -> Result<U256, Error> {
        let [assets] = self.ask(&calldata!(IWrappedToken::previewMintCall { shares }))?;
        Ok(assets)
    }

    pub fn max_withdraw(&self, controller: Address) -> Result<U256, Error> {
        Ok(U256::from(self.claimable(controller)?.assets))
    }

    pub fn no_preview(&self, amount: U256) -> Result<U256, Error> {
        let _ = amount;
        Err(revert!(IEtherVault::NoPreview {}).into())
    }

    pub fn withdraw(
        &mut self,
        assets: U256,
        receiver: Address,
        controller: Address,
    ) -> Result<U256, Error> {
        let taken = self.take(assets, Measure::Assets, receiver, controller)?;
        Ok(U256::from(taken.shares))
    }

    pub fn max_redeem(&self, controller: Address) -> Result<U256, Error> {
        Ok(U256::from(self.claimable(controller)?.shares))
    }

    pub fn redeem(
        &mut self,
        shares: U256,
        receiver: Address,
        controller: Address,
    ) -> Result<U256, Error> {
        let taken = self.take(shares, Measure::Shares, receiver, controller)?;
        Ok(U256::from(taken.assets))
    }

    pub fn pending_redeem_request(&self, id: U256, controller: Address) -> Result<U256, Error> {
        let (pending, _) = self.request_shares(id, controller)?;
        Ok(U256::from(pending))
    }

    pub fn claimable_redeem_request(&self, id: U256, controller: Address) -> Result<U256, Error> {
        let (_, claimable) = self.request_shares(id, controller)?;
        Ok(U256::from(claimable))
    }

    pub fn is_operator(&self, controller: Address, operator: Address) -> bool {
        self.state.is_operator(controller, operator)
    }

    pub fn set_operator(&mut self, operator: Address, approved: bool) -> bool {
        let controller = self.vm().msg_sender();
        self.state.store_operator(controller, operator, approved);
        emit!(
            self.vm(),
            IEtherVault::OperatorSet [controller, operator] { approved }
        );
        true
    }

    pub fn supports_interface(&self, interface: FixedBytes<4>) -> bool {
        erc165::supports(interface, &INTERFACES)
    }

    pub fn redeem_requests(&self, controller: Address, first: U256, count: U256) -> Vec<U256> {
        let made = self.state.account(controller).made;
        let first = first.saturating_to::<u64>();
        let count = count.saturating_to::<u64>().min(PAGE);
        let end = first.saturating_add(count).min(made);
        (first..end)
            .map(|number| self.state.id(controller, number))
            .collect()
    }

    pub fn reserves(&self) -> Result<(U256, U256), Error> {
        let balance = narrow(self.vm().balance(self.vm().contract_address()))?;
        let owed = narrow(self.state.owed())?;
        let surplus = reserves::surplus(balance, owed)?;
        Ok((U256::from(owed), U256::from(surplus)))
    }
}
