//! OpenZeppelin's ERC-4626 over any ERC-20.
#![cfg_attr(not(test), no_main)]

extern crate alloc;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256, U8};
use openzeppelin_stylus::token::erc20::{extensions::Erc4626, Erc20, IErc20};
use stylus_sdk::prelude::*;

/// A refusal without a reason: what the reasons take to encode is what the program would be over the
/// limit of its size by, and reasons are not compared.
type Refused = Vec<u8>;

fn refused<E>(_: E) -> Refused {
    Vec::new()
}

/// The vault.
#[entrypoint]
#[storage]
pub struct Vault {
    erc20: Erc20,
    erc4626: Erc4626,
}

#[public]
impl Vault {
    /// Anyone: names the asset.
    pub fn begin(&mut self, asset: Address) {
        self.erc4626.constructor(asset, U8::ZERO);
    }

    /// Anyone: creates shares, to undo a difference in rounding.
    pub fn give(&mut self, account: Address, value: U256) -> Result<(), Refused> {
        self.erc20
            ._update(Address::ZERO, account, value)
            .map_err(refused)
    }

    /// Anyone: destroys shares, likewise.
    pub fn take(&mut self, account: Address, value: U256) -> Result<(), Refused> {
        self.erc20
            ._update(account, Address::ZERO, value)
            .map_err(refused)
    }

    /// See ERC-4626, here and below.
    pub fn asset(&self) -> Address {
        self.erc4626.asset()
    }

    /// All lies in the vault.
    pub fn total_assets(&self) -> Result<U256, Refused> {
        self.erc4626.total_assets().map_err(refused)
    }

    /// Rounded down.
    pub fn convert_to_shares(&self, assets: U256) -> Result<U256, Refused> {
        self.erc4626
            .convert_to_shares(assets, &self.erc20)
            .map_err(refused)
    }

    /// Rounded down.
    pub fn convert_to_assets(&self, shares: U256) -> Result<U256, Refused> {
        self.erc4626
            .convert_to_assets(shares, &self.erc20)
            .map_err(refused)
    }

    /// The worth of the owner's shares, rounded down.
    pub fn max_withdraw(&self, owner: Address) -> Result<U256, Refused> {
        self.erc4626
            .max_withdraw(owner, &self.erc20)
            .map_err(refused)
    }

    /// The owner's shares.
    pub fn max_redeem(&self, owner: Address) -> U256 {
        self.erc4626.max_redeem(owner, &self.erc20)
    }

    /// Rounded down.
    pub fn preview_deposit(&self, assets: U256) -> Result<U256, Refused> {
        self.erc4626
            .preview_deposit(assets, &self.erc20)
            .map_err(refused)
    }

    /// Rounded up.
    pub fn preview_mint(&self, shares: U256) -> Result<U256, Refused> {
        self.erc4626
            .preview_mint(shares, &self.erc20)
            .map_err(refused)
    }

    /// Rounded up.
    pub fn preview_withdraw(&self, assets: U256) -> Result<U256, Refused> {
        self.erc4626
            .preview_withdraw(assets, &self.erc20)
            .map_err(refused)
    }

    /// Rounded down.
    pub fn preview_redeem(&self, shares: U256) -> Result<U256, Refused> {
        self.erc4626
            .preview_redeem(shares, &self.erc20)
            .map_err(refused)
    }

    /// Returns the shares.
    pub fn deposit(&mut self, assets: U256, receiver: Address) -> Result<U256, Refused> {
        self.erc4626
            .deposit(assets, receiver, &mut self.erc20)
            .map_err(refused)
    }

    /// Returns the assets.
    pub fn mint(&mut self, shares: U256, receiver: Address) -> Result<U256, Refused> {
        self.erc4626
            .mint(shares, receiver, &mut self.erc20)
            .map_err(refused)
    }

    /// Returns the shares.
    pub fn withdraw(
        &mut self,
        assets: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Refused> {
        self.erc4626
            .withdraw(assets, receiver, owner, &mut self.erc20)
            .map_err(refused)
    }

    /// Returns the assets.
    pub fn redeem(
        &mut self,
        shares: U256,
        receiver: Address,
        owner: Address,
    ) -> Result<U256, Refused> {
        self.erc4626
            .redeem(shares, receiver, owner, &mut self.erc20)
            .map_err(refused)
    }

    /// See ERC-20, here and below.
    pub fn total_supply(&self) -> U256 {
        self.erc20.total_supply()
    }

    /// Shares of an account.
    pub fn balance_of(&self, account: Address) -> U256 {
        self.erc20.balance_of(account)
    }

    /// What a spender may take.
    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.erc20.allowance(owner, spender)
    }

    /// Lets a spender take shares.
    pub fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Refused> {
        self.erc20.approve(spender, value).map_err(refused)
    }

    /// Moves shares.
    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Refused> {
        self.erc20.transfer(to, value).map_err(refused)
    }
}
