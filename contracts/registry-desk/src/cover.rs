//! The cover fund, and the ETH that is nobody's.

use abi::IValidatorRegistry;
use alloy_primitives::{Address, U256};
use glue::{access::DEFAULT_ADMIN_ROLE, emit, revert};
use protocol::{
    mul_div::{add, narrow},
    reserves,
};
use stylus_sdk::prelude::*;

use crate::{RegistryDesk, error::Error, validators::not_begun};

impl RegistryDesk {
    pub fn fund_cover(&mut self) -> Result<(), Error> {
        self.state.check_unlocked()?;
        if self.state.books.pool().is_zero() {
            return Err(not_begun().into());
        }
        let (from, assets) = (self.vm().msg_sender(), self.vm().msg_value());
        self.add_cover(from, assets)
    }

    /// Adds `assets` wei that are here already to the cover fund.
    fn add_cover(&mut self, from: Address, assets: U256) -> Result<(), Error> {
        if assets.is_zero() {
            return Err(revert!(IValidatorRegistry::ZeroAmount {}).into());
        }
        let mut sums = self.state.books.sums();
        sums.cover_fund = add(sums.cover_fund, narrow(assets)?)?;
        self.state.books.store_sums(&sums);
        emit!(
            self.vm(),
            IValidatorRegistry::CoverFunded [from] {
                assets,
                cover: U256::from(sums.cover_fund),
            }
        );
        Ok(())
    }

    pub fn sweep_surplus_to_cover(&mut self) -> Result<U256, Error> {
        self.state.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.state.check_unlocked()?;
        let surplus = U256::from(self.surplus()?);
        let here = self.vm().contract_address();
        self.add_cover(here, surplus)?;
        Ok(surplus)
    }

    /// Wei that nobody booked.
    pub(crate) fn surplus(&self) -> Result<u128, Error> {
        let balance = narrow(self.vm().balance(self.vm().contract_address()))?;
        Ok(reserves::surplus(balance, self.state.books.sums().owed()?)?)
    }
}
