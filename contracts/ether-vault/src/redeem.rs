//! Out: requests in the queue, and what they were filled with.

use abi::{IEtherVault, IWithdrawalQueue, IWrappedToken};
use alloy_primitives::{Address, U256};
use glue::{calldata, calls, emit, lock::Lock, revert, word};
use protocol::{
    mul_div::{MathError, add, narrow, sub},
    redemption::{Filled, Measure, Taken},
};
use stylus_sdk::prelude::*;

use crate::{
    EtherVault,
    error::{Error, above_claimable},
    state::{Account, Request},
};

/// Requests of a controller that one call opens, or counts, at most.
const MAX_OPENED: u64 = 32;

/// Whether the queue has filled a request, and with how much.
enum Filling {
    Pending,
    Done(u128),
}

impl EtherVault {
    pub fn request_redeem(
        &mut self,
        shares: U256,
        controller: Address,
        owner: Address,
    ) -> Result<U256, Error> {
        let here = self.vm().contract_address();
        if controller.is_zero() || controller == here {
            return Err(revert!(IEtherVault::InvalidController { controller }).into());
        }
        self.check_operator(owner)?;
        // Spends the allowance that the owner gave, and brings lsETH here, share for share.
        let unwrap = calldata!(IWrappedToken::redeemCall {
            shares,
            receiver: here,
            owner,
        });
        let [_] = calls::call(self.vm(), self.state.wrapped(), U256::ZERO, &unwrap)?;
        let request = calldata!(IWithdrawalQueue::requestWithdrawalCall {
            shares,
            owner: here,
            minEth: U256::ZERO,
        });
        let [id] = calls::call(self.vm(), self.state.queue(), U256::ZERO, &request)?;
        let made = Request {
            controller,
            shares: narrow(shares)?,
        };
        self.state.store_request(id, &made);
        let account = self.state.account(controller);
        self.state
            .store_id(controller, account.made, word::low_64(id));
        self.state.store_account(
            controller,
            &Account {
                made: account.made.saturating_add(1),
                ..account
            },
        );
        let sender = self.vm().msg_sender();
        emit!(
            self.vm(),
            IEtherVault::RedeemRequest [controller, owner, requestId: id] { sender, shares }
        );
        Ok(id)
    }

    /// Pays `wanted` of what the requests of `controller` were filled with; returns what was taken.
    #[inline(never)]
    pub(crate) fn take(
        &mut self,
        wanted: U256,
        measure: Measure,
        receiver: Address,
        controller: Address,
    ) -> Result<Filled, Error> {
        self.check_operator(controller)?;
        self.check_receiver(receiver)?;
        let before = self.state.account(controller);
        let mut account = before;
        let mut taken = Filled::default();
        let mut missing = narrow(wanted)?;
        let mut came = 0_u128;
        while missing != 0 {
            if account.left == Filled::default() {
                match self.open(controller, &mut account, before.opened)? {
                    Some(assets) => came = add(came, assets)?,
                    None => {
                        return Err(above_claimable(
                            controller,
                            wanted,
                            U256::from(measure.of(&taken)),
                        ));
                    }
                }
            }
            let Taken { part, left } = measure.take(account.left, missing)?;
            account.left = left;
            taken = sum(taken, part)?;
            missing = sub(missing, measure.of(&part))?;
        }
        self.state.store_account(controller, &account);
        let owed = add(narrow(self.state.owed())?, came)?;
        self.state.store_owed(sub(owed, taken.assets)?);
        let (assets, shares) = (U256::from(taken.assets), U256::from(taken.shares));
        let sender = self.vm().msg_sender();
        emit!(
            self.vm(),
            IEtherVault::Withdraw [sender, receiver, owner: controller] { assets, shares }
        );
        calls::send(self.vm(), receiver, assets)?;
        Ok(taken)
    }

    /// What a controller could take now, in one call.
    #[inline(never)]
    pub(crate) fn claimable(&self, controller: Address) -> Result<Filled, Error> {
        let account = self.state.account(controller);
        let end = account.made.min(account.opened.saturating_add(MAX_OPENED));
        let mut all = account.left;
        for number in account.opened..end {
            let id = self.state.id(controller, number);
            let Filling::Done(assets) = self.filling(id)? else {
                break;
            };
            let shares = self.state.request(id).shares;
            all = sum(all, Filled { shares, assets })?;
        }
        Ok(all)
    }

    /// Shares of a request of `controller` that are pending, and those that can be taken.
    pub(crate) fn request_shares(
        &self,
        id: U256,
        controller: Address,
    ) -> Result<(u128, u128), Error> {
        let request = self.state.request(id);
        if controller.is_zero() || request.controller != controller {
            return Ok((0, 0));
        }
        let account = self.state.account(controller);
        if let Some(newest) = account.opened.checked_sub(1) {
            let opened = self.state.id(controller, newest);
            if id == opened {
                return Ok((0, account.left.shares));
            }
            // Requests are opened in the order of their ids.
            if id < opened {
                return Ok((0, 0));
            }
        }
        Ok(match self.filling(id)? {
            Filling::Pending => (request.shares, 0),
            Filling::Done(_) => (0, request.shares),
        })
    }

    /// Takes the ETH of the controller's next request from the queue; returns it, or `None` if the next
    /// is not filled, or too many were opened.
    fn open(
        &mut self,
        controller: Address,
        account: &mut Account,
        before: u64,
    ) -> Result<Option<u128>, Error> {
        if account.opened == account.made || account.opened.saturating_sub(before) == MAX_OPENED {
            return Ok(None);
        }
        let id = self.state.id(controller, account.opened);
        let Filling::Done(assets) = self.filling(id)? else {
            return Ok(None);
        };
        // Held while the queue pays, and only then: see `receive`.
        let paying = Lock::enter().map_err(|_| self.not_now())?;
        let claim = calldata!(IWithdrawalQueue::claimWithdrawalCall { requestId: id });
        let [] = calls::call(self.vm(), self.state.queue(), U256::ZERO, &claim)?;
        drop(paying);
        let shares = self.state.request(id).shares;
        account.opened = account.opened.saturating_add(1);
        account.left = Filled { shares, assets };
        Ok(Some(assets))
    }

    /// What the queue says of a request of ours that was not opened.
    #[inline(never)]
    fn filling(&self, id: U256) -> Result<Filling, Error> {
        let ask = calldata!(IWithdrawalQueue::requestOfCall { requestId: id });
        let [_, _, _, shares_left, locked] = calls::view(self.vm(), self.state.queue(), &ask)?;
        if !shares_left.is_zero() {
            return Ok(Filling::Pending);
        }
        Ok(Filling::Done(narrow(locked)?))
    }

    /// Takes ETH of the queue, and only what this contract is claiming: for a position that anybody else
    /// claims, nobody here would know whose the ETH is.
    pub(crate) fn receive(&self) -> Result<(), Error> {
        let (caller, queue) = (self.vm().msg_sender(), self.state.queue());
        if caller == queue && Lock::check().is_err() {
            return Ok(());
        }
        Err(self.not_now())
    }

    #[cold]
    fn not_now(&self) -> Error {
        revert!(IEtherVault::CallerNotAllowed {
            caller: self.vm().msg_sender(),
            expected: self.vm().contract_address(),
        })
        .into()
    }

    /// Refuses who acts neither for itself nor as an operator.
    #[inline(never)]
    fn check_operator(&self, account: Address) -> Result<(), Error> {
        let caller = self.vm().msg_sender();
        if caller == account || self.state.is_operator(account, caller) {
            return Ok(());
        }
        Err(revert!(IEtherVault::NotAnOperator { account, caller }).into())
    }

    /// Refuses receivers that would take ETH for a deposit of this contract.
    fn check_receiver(&self, receiver: Address) -> Result<(), Error> {
        if receiver.is_zero() {
            return Err(revert!(IEtherVault::ZeroAddress {}).into());
        }
        if receiver == self.state.pool() || receiver == self.state.wrapped() {
            let assets = U256::ZERO;
            return Err(revert!(IEtherVault::TransferFailed { receiver, assets }).into());
        }
        Ok(())
    }
}

fn sum(a: Filled, b: Filled) -> Result<Filled, MathError> {
    Ok(Filled {
        shares: add(a.shares, b.shares)?,
        assets: add(a.assets, b.assets)?,
    })
}
