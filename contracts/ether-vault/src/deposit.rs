//! In: ETH for wlsETH, and what that costs.

use abi::{IEtherVault, IStakingPool, IWrappedToken};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, emit, revert, word};
use protocol::{limits::MIN_DEPOSIT, votes::MAX_VOTES};
use stylus_sdk::prelude::*;

use crate::{EtherVault, error::Error};

impl EtherVault {
    /// Stakes `assets` of the value that came, for `minimum` shares at least.
    #[inline(never)]
    pub(crate) fn stake(
        &mut self,
        assets: U256,
        minimum: U256,
        receiver: Address,
    ) -> Result<U256, Error> {
        let deposit = calldata!(IWrappedToken::depositEthCall {
            receiver,
            referral: Address::ZERO,
            minShares: minimum,
        });
        let [shares] = calls::call(self.vm(), self.state.wrapped(), assets, &deposit)?;
        let sender = self.vm().msg_sender();
        emit!(
            self.vm(),
            IEtherVault::Deposit [sender, owner: receiver] { assets, shares }
        );
        Ok(shares)
    }

    pub fn mint(&mut self, shares: U256, receiver: Address) -> Result<U256, Error> {
        let value = self.vm().msg_value();
        let needed = self.preview_mint(shares)?;
        let Some(rest) = value.checked_sub(needed) else {
            return Err(revert!(IEtherVault::ValueTooSmall { value, needed }).into());
        };
        self.stake(needed, shares, receiver)?;
        if !rest.is_zero() {
            calls::send(self.vm(), self.vm().msg_sender(), rest)?;
        }
        Ok(needed)
    }

    /// Most wei that may be deposited now, and the shares they buy; none where it would be less than the
    /// pool takes.
    pub(crate) fn room(&self) -> Result<(U256, U256), Error> {
        let ask = calldata!(IStakingPool::getCurrentStakeLimitCall {});
        let [limit] = calls::view(self.vm(), self.state.pool(), &ask)?;
        let [supply] = self.ask(&calldata!(IWrappedToken::totalSupplyCall {}))?;
        let most = U256::from(MAX_VOTES);
        // There is no more ETH than that.
        let limit = limit.min(most);
        let bought = self.convert_to_shares(limit)?;
        let shares = bought.min(most.saturating_sub(supply));
        let assets = match shares < bought {
            true => self.convert_to_assets(shares)?,
            false => limit,
        };
        if assets < U256::from(MIN_DEPOSIT) {
            return Ok((U256::ZERO, U256::ZERO));
        }
        Ok((assets, shares))
    }

    /// What wlsETH answers.
    #[inline(never)]
    pub(crate) fn ask<const N: usize>(&self, question: &[u8]) -> Result<[U256; N], Error> {
        Ok(calls::view(self.vm(), self.state.wrapped(), question)?)
    }

    /// The pool and the queue of what may be a wlsETH; `None` if it is not one, or has not begun.
    pub(crate) fn behind(&self, wrapped: Address) -> Option<(Address, Address)> {
        let ask = calldata!(IWrappedToken::assetCall {});
        let [pool] = calls::view(self.vm(), wrapped, &ask).ok()?;
        let pool = word::address(pool);
        let ask = calldata!(IStakingPool::queueCall {});
        let [queue] = calls::view(self.vm(), pool, &ask).ok()?;
        let queue = word::address(queue);
        (!pool.is_zero() && !queue.is_zero()).then_some((pool, queue))
    }
}
