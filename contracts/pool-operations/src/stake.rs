//! Between the pool and the registry: delegation, stake that comes back, and what is nobody's.

use abi::{IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use alloy_primitives::{Address, U256};
use glue::{access::only, bounds::check_count, calldata, calls, emit, fresh, surplus};
use pool_state::{REBALANCE, error::Error, state::Stake};
use protocol::{
    allocation::{self, MAX_OPS},
    mul_div::narrow,
    pool,
    queue::{self, Unfilled},
    reserves::{self, PoolReserves},
};
use stylus_sdk::prelude::*;

use crate::PoolOperations;

impl PoolOperations {
    pub fn receive_returned(&mut self) -> Result<(), Error> {
        only(self.vm().msg_sender(), self.state.links.registry())?;
        let value = self.vm().msg_value();
        let stake = self.state.books.stake();
        let staked = pool::unstake(stake.staked, narrow(value)?)?;
        self.state.books.store_stake(&Stake { staked, ..stake });
        emit!(
            self.vm(),
            IStakingPool::DelegationReturned [] {
                assets: value,
                totalDelegated: U256::from(staked),
                buffered: U256::from(self.state.buffered()?),
            }
        );
        Ok(())
    }

    pub fn report_pending_slash(&mut self, until: u64) -> Result<(), Error> {
        only(self.vm().msg_sender(), self.state.links.registry())?;
        let stake = self.state.books.stake();
        self.state.books.store_stake(&Stake {
            slash_until: until,
            ..stake
        });
        emit!(self.vm(), IStakingPool::PendingSlashReported [] { until });
        Ok(())
    }

    pub fn rebalance(&mut self, max_ops: U256) -> Result<(U256, U256, U256), Error> {
        self.state.administration.pauses.check(REBALANCE)?;
        check_count(max_ops, MAX_OPS)?;
        let registry = self.state.links.registry();
        // Comes back through `receiveReturned`, so the books are read only after it.
        let [returned] = calls::call(
            self.vm(),
            registry,
            U256::ZERO,
            &calldata!(IValidatorRegistry::releaseMaturedCall {
                maxEntries: max_ops,
            }),
        )?;
        let plan = self.plan()?;
        let undelegated = match plan.undelegate {
            0 => U256::ZERO,
            assets => self.call_back(registry, U256::from(assets), max_ops)?,
        };
        let delegated = match plan.delegate {
            0 => U256::ZERO,
            // What may leave again at once is not given to validators, nor do their caps grow by it.
            _ if fresh::has_deposit() => U256::ZERO,
            assets => self.send_out(registry, U256::from(assets), max_ops)?,
        };
        Ok((delegated, undelegated, returned))
    }

    pub fn sweep_surplus(&mut self) -> Result<U256, Error> {
        let surplus = U256::from(self.attributed()?.surplus);
        surplus::sweep(self.vm(), self.state.links.registry(), surplus)?;
        Ok(surplus)
    }

    pub fn reserves(&self) -> Result<(U256, U256, U256, U256), Error> {
        let reserves = self.attributed()?;
        Ok((
            U256::from(reserves.buffered),
            U256::from(reserves.unreleased),
            U256::from(reserves.staked),
            U256::from(reserves.surplus),
        ))
    }

    /// Every wei of the balance, attributed.
    #[inline(never)]
    fn attributed(&self) -> Result<PoolReserves, Error> {
        let balance = self.vm().balance(self.vm().contract_address());
        Ok(reserves::pool(
            &self.state.books.ledger(),
            self.state.books.stake().staked,
            narrow(balance)?,
            self.vm().block_timestamp(),
        )?)
    }

    fn plan(&self) -> Result<allocation::Rebalance, Error> {
        let [nominal, shares] = calls::view(
            self.vm(),
            self.state.links.queue(),
            &calldata!(IWithdrawalQueue::unfilledCall {}),
        )?;
        let [unbonding, leaving] = calls::view(
            self.vm(),
            self.state.links.registry(),
            &calldata!(IValidatorRegistry::stakeSummaryCall {}),
        )?;
        let (totals, stake) = (self.state.books.totals()?, self.state.books.stake());
        let unfilled = Unfilled {
            shares: narrow(shares)?,
            nominal: narrow(nominal)?,
        };
        let demand = queue::demand(unfilled, totals)?;
        Ok(allocation::rebalance(
            pool::buffered(totals, stake.staked),
            stake.target_buffer,
            allocation::wanted(demand, pool::not_released(totals, stake.staked))?,
            narrow(unbonding)?,
            narrow(leaving)?,
        ))
    }

    fn call_back(&mut self, registry: Address, assets: U256, max_ops: U256) -> Result<U256, Error> {
        let [started] = calls::call(
            self.vm(),
            registry,
            U256::ZERO,
            &calldata!(IValidatorRegistry::undelegateCall {
                assets,
                maxOps: max_ops,
            }),
        )?;
        if !started.is_zero() {
            emit!(
                self.vm(),
                IStakingPool::UndelegationRequested [] { assets: started }
            );
        }
        Ok(started)
    }

    fn send_out(&mut self, registry: Address, assets: U256, max_ops: U256) -> Result<U256, Error> {
        let total_pooled = U256::from(self.state.books.totals()?.assets);
        let [placeable] = calls::view(
            self.vm(),
            registry,
            &calldata!(IValidatorRegistry::placeableCall {
                assets,
                totalPooled: total_pooled,
                maxOps: max_ops,
            }),
        )?;
        if placeable.is_zero() {
            return Ok(placeable);
        }
        let now = self.vm().block_timestamp();
        let stake = self.state.books.stake();
        let placed = narrow(placeable)?;
        let staked = pool::stake(&self.state.books.ledger(), stake.staked, placed, now)?;
        self.state.books.store_stake(&Stake { staked, ..stake });
        emit!(
            self.vm(),
            IStakingPool::Delegated [] {
                assets: placeable,
                totalDelegated: U256::from(staked),
                buffered: U256::from(self.state.buffered()?),
            }
        );
        let [] = calls::call(
            self.vm(),
            registry,
            placeable,
            &calldata!(IValidatorRegistry::delegateCall {
                assets,
                totalPooled: total_pooled,
                maxOps: max_ops,
            }),
        )?;
        Ok(placeable)
    }
}
