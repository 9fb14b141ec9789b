//! Deposits, the first one included: ETH in, shares out.

use abi::IStakingPool;
use alloy_primitives::{Address, U256};
use glue::{DEAD, emit, fresh, revert};
use pool_state::{DEPOSITS, error::Error};
use protocol::{mul_div::narrow, pool};
use stylus_sdk::prelude::*;

use crate::StakingPool;

impl StakingPool {
    /// The first deposit, to the dead address.
    pub(crate) fn bootstrap(&mut self) -> Result<(), Error> {
        let assets = narrow(self.vm().msg_value())?;
        let ledger = pool::bootstrap(&self.state.books.ledger(), assets)?;
        self.state.books.store_ledger(&ledger)?;
        self.state
            .record_rate(ledger.booked, self.vm().block_timestamp());
        self.state.mint(DEAD, ledger.booked.shares)
    }

    pub fn submit(&mut self, referral: Address) -> Result<U256, Error> {
        let receiver = self.vm().msg_sender();
        self.deposit(receiver, referral, U256::ZERO)
    }

    pub fn deposit(
        &mut self,
        receiver: Address,
        referral: Address,
        min_shares: U256,
    ) -> Result<U256, Error> {
        let value = self.vm().msg_value();
        let now = self.vm().block_timestamp();
        let assets = narrow(value)?;
        self.state.administration.pauses.check(DEPOSITS)?;
        if receiver.is_zero() || receiver == self.vm().contract_address() {
            return Err(revert!(IStakingPool::ERC20InvalidReceiver { receiver }).into());
        }
        let limit = self.state.books.stake_limit();
        let deposited =
            pool::deposit(&self.state.books.ledger(), assets, narrow(min_shares)?, now)?;
        if limit.capacity != 0 {
            self.state
                .books
                .store_stake_limit(&limit.take(assets, now)?);
        }
        self.state.books.store_booked(deposited.booked);
        fresh::note_deposit();
        let totals = self.state.books.totals()?;
        emit!(
            self.vm(),
            IStakingPool::Submitted [sender: self.vm().msg_sender()] { amount: value, referral }
        );
        emit!(
            self.vm(),
            IStakingPool::Deposited [receiver] {
                assets: value,
                shares: U256::from(deposited.shares),
                totalAssets: U256::from(totals.assets),
                totalShares: U256::from(totals.shares),
            }
        );
        self.state.mint(receiver, deposited.shares)?;
        Ok(U256::from(deposited.shares))
    }
}
