//! Keeps the twins at what ours has, so that what was rounded does not add up.

use alloy::primitives::Address;
use client::abi::IWrappedToken as Vault;
use eyre::Result;
use operations::vault::{Act, Operation};

use super::{ASSET, VAULT, Vaults};
use crate::twins::side::Side;
use crate::twins::token::set_balance;

impl Vaults {
    /// Brings the twins to what ours has: assets, shares, and what may be moved of either by these
    /// people's leave.
    pub(super) async fn follow(&self, owners: &[usize]) -> Result<()> {
        let (ground, ours) = (&self.ground, &self.sides.ours);
        for twin in &self.sides.twins {
            let balance = |place: usize, account| {
                let call = Vault::balanceOfCall { account };
                ground.read(ours.contract(place), &call)
            };
            for account in ground.people {
                for place in [VAULT, ASSET] {
                    let to = twin.contract(place);
                    set_balance(ground, to, account, balance(place, account)?).await?;
                }
            }
            for owner in owners {
                self.follow_allowances(twin, ground.person(*owner)).await?;
            }
            let backing = ground.read(ours.address(), &Vault::totalAssetsCall {})?;
            set_balance(ground, twin.contract(ASSET), twin.address(), backing).await?;
        }
        Ok(())
    }

    async fn follow_allowances(&self, twin: &Side, owner: Address) -> Result<()> {
        let (ground, ours) = (&self.ground, &self.sides.ours);
        let (_, wanted) = self.allowance(ours, owner)?;
        let (spender, found) = self.allowance(twin, owner)?;
        if wanted != found {
            let value = wanted;
            let approve = Vault::approveCall { spender, value };
            ground.done(owner, twin.contract(ASSET), &approve).await?;
        }
        for spender in ground.people {
            let allowance = Vault::allowanceCall { owner, spender };
            let value = ground.read(ours.address(), &allowance)?;
            if value != ground.read(twin.address(), &allowance)? {
                let approve = Vault::approveCall { spender, value };
                ground.done(owner, twin.address(), &approve).await?;
            }
        }
        Ok(())
    }
}

/// Whose allowances an operation may change.
pub(super) fn touched(operation: &Operation) -> Vec<usize> {
    match operation.act {
        Act::Withdraw(_, owner, _) | Act::Redeem(_, owner, _) => vec![owner],
        Act::Transfer(..) => Vec::new(),
        Act::Allow(_) | Act::Deposit(..) | Act::Mint(..) | Act::Approve(..) => {
            vec![operation.from]
        }
    }
}
