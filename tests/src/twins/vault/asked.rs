//! What an operation asks of a vault: amounts as parts of what there is, and what is left open.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IWrappedToken as Vault;
use eyre::Result;
use operations::amount::Amount;
use operations::vault::{Act, Operation};

use super::{ASSET, FAR, VAULT, Vaults};
use crate::twins::side::Side;

impl Vaults {
    /// What the standard leaves open, or rounding decides: a deposit that is worth no share, which
    /// others keep for nothing and ours refuses; and at an odd rate a mint that takes a wei or two more
    /// than the vault may, where ours takes all it may instead.
    pub(super) fn is_left_open(&self, operation: &Operation, call: &[u8]) -> Result<bool> {
        let vault = self.sides.ours.address();
        Ok(match operation.act {
            Act::Deposit(..) => {
                let assets = Vault::depositCall::abi_decode(call)?.assets;
                let preview = Vault::previewDepositCall { assets };
                // Amounts that are no ETH any more have no preview, and nobody takes them.
                let shares = self.ground.read(vault, &preview);
                shares.is_ok_and(|shares| shares.is_zero())
            }
            Act::Mint(..) => {
                let shares = Vault::mintCall::abi_decode(call)?.shares;
                let payable = self.payable(&self.sides.ours, operation.from)?;
                let preview = Vault::previewMintCall { shares };
                let assets = self.ground.read(vault, &preview);
                let above = assets.ok().and_then(|assets| assets.checked_sub(payable));
                above.is_some_and(|above| !above.is_zero() && above <= self.sides.tolerance)
            }
            _ => false,
        })
    }

    pub(super) fn calldata(&self, side: &Side, operation: &Operation) -> Result<Vec<u8>> {
        let ground = &self.ground;
        let number = |amount| self.number(side, operation, amount);
        Ok(match operation.act {
            Act::Allow(amount) => {
                let call = Vault::approveCall {
                    spender: side.address(),
                    value: number(amount)?,
                };
                call.abi_encode()
            }
            Act::Deposit(receiver, amount) => {
                let (assets, receiver) = (number(amount)?, ground.party(receiver));
                Vault::depositCall { assets, receiver }.abi_encode()
            }
            Act::Mint(receiver, amount) => {
                let (shares, receiver) = (number(amount)?, ground.party(receiver));
                Vault::mintCall { shares, receiver }.abi_encode()
            }
            Act::Withdraw(receiver, owner, amount) => {
                let call = Vault::withdrawCall {
                    assets: number(amount)?,
                    receiver: ground.party(receiver),
                    owner: ground.person(owner),
                };
                call.abi_encode()
            }
            Act::Redeem(receiver, owner, amount) => {
                let call = Vault::redeemCall {
                    shares: number(amount)?,
                    receiver: ground.party(receiver),
                    owner: ground.person(owner),
                };
                call.abi_encode()
            }
            Act::Approve(spender, amount) => {
                let (spender, value) = (ground.party(spender), number(amount)?);
                Vault::approveCall { spender, value }.abi_encode()
            }
            Act::Transfer(to, amount) => {
                let (to, value) = (ground.party(to), number(amount)?);
                Vault::transferCall { to, value }.abi_encode()
            }
        })
    }

    /// Parts are parts of what ours has; all, and more than all, is asked of each side.
    fn number(&self, side: &Side, operation: &Operation, amount: Amount) -> Result<U256> {
        let exact = self.sides.tolerance.is_zero();
        let margin = if exact { 1 } else { FAR };
        let side = match amount {
            Amount::All | Amount::Above => side,
            _ => &self.sides.ours,
        };
        let available = self.available(side, operation)?;
        let number = amount.of(available.saturating_to(), margin);
        Ok(number.map_or(U256::MAX, U256::from))
    }

    fn available(&self, side: &Side, operation: &Operation) -> Result<U256> {
        let ground = &self.ground;
        let from = ground.person(operation.from);
        let (vault, asset) = (side.contract(VAULT), side.contract(ASSET));
        let assets = |account| ground.read(asset, &Vault::balanceOfCall { account });
        let shares = |account| ground.read(vault, &Vault::balanceOfCall { account });
        let may = |owner: Address| -> Result<U256> {
            let spender = from;
            match owner == from {
                true => Ok(U256::MAX),
                false => ground.read(vault, &Vault::allowanceCall { owner, spender }),
            }
        };
        match operation.act {
            Act::Allow(_) => assets(from),
            Act::Deposit(..) => self.payable(side, operation.from),
            Act::Mint(..) => {
                let assets = self.payable(side, operation.from)?;
                ground.read(vault, &Vault::convertToSharesCall { assets })
            }
            Act::Withdraw(_, owner, _) => {
                let owner = ground.person(owner);
                let most = ground.read(vault, &Vault::maxWithdrawCall { owner })?;
                let shares = may(owner)?.min(ground.read(vault, &Vault::maxRedeemCall { owner })?);
                let worth = ground.read(vault, &Vault::convertToAssetsCall { shares })?;
                Ok(most.min(worth))
            }
            Act::Redeem(_, owner, _) => {
                let owner = ground.person(owner);
                let most = ground.read(vault, &Vault::maxRedeemCall { owner })?;
                Ok(most.min(may(owner)?))
            }
            Act::Approve(..) | Act::Transfer(..) => shares(from),
        }
    }

    /// What somebody has of the asset and the vault may take.
    fn payable(&self, side: &Side, from: usize) -> Result<U256> {
        let owner = self.ground.person(from);
        let (_, allowance) = self.allowance(side, owner)?;
        let balance = Vault::balanceOfCall { account: owner };
        Ok(allowance.min(self.ground.read(side.contract(ASSET), &balance)?))
    }
}
