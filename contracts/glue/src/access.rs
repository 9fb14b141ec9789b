//! Who holds which role. The ABI is OpenZeppelin's AccessControl with one admin role for all.

use alloc::vec::Vec;

use abi::IStakingPool::{self, RoleGranted, RoleRevoked};
use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::{
    emit, revert,
    revert::{Revert, Word},
    storage::WordMaps,
};

/// Grants and revokes all roles, itself included.
pub const DEFAULT_ADMIN_ROLE: B256 = B256::ZERO;

/// The id of a role: keccak-256 of its name, as OpenZeppelin forms it.
pub const fn role(name: &str) -> B256 {
    B256::new(Keccak256::new().update(name.as_bytes()).finalize())
}

/// The holders of every role.
#[storage]
pub struct Roles {
    holders: WordMaps,
}

impl Roles {
    /// Whether `account` holds `role`.
    #[inline(never)]
    pub fn has(&self, role: B256, account: Address) -> bool {
        !self.holders.get(role.word()).get(account.word()).is_zero()
    }

    /// Refuses a caller without `role`.
    ///
    /// - Errors: `AccessControlUnauthorizedAccount`.
    #[inline(never)]
    pub fn check(&self, role: B256) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        if self.has(role, account) {
            return Ok(());
        }
        Err(revert!(IStakingPool::AccessControlUnauthorizedAccount {
            account,
            neededRole: role,
        }))
    }

    /// Gives `role` to the first admin of a contract under construction.
    ///
    /// - Errors: `ZeroAddress`.
    pub fn begin(&mut self, admin: Address) -> Result<(), Revert> {
        if admin.is_zero() {
            return Err(revert!(IStakingPool::ZeroAddress {}));
        }
        self.give(DEFAULT_ADMIN_ROLE, admin);
        Ok(())
    }

    /// The admin gives a role; emits `RoleGranted` if the account did not hold it.
    ///
    /// - Errors: `AccessControlUnauthorizedAccount`.
    pub fn grant(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.check(DEFAULT_ADMIN_ROLE)?;
        self.give(role, account);
        Ok(())
    }

    /// The admin takes a role; emits `RoleRevoked` if the account held it.
    ///
    /// - Errors: `AccessControlUnauthorizedAccount`.
    pub fn revoke(&mut self, role: B256, account: Address) -> Result<(), Revert> {
        self.check(DEFAULT_ADMIN_ROLE)?;
        self.take(role, account);
        Ok(())
    }

    /// The caller gives its own role up, naming itself once more against slips.
    ///
    /// - Errors: `AccessControlBadConfirmation`.
    pub fn renounce(&mut self, role: B256, confirmation: Address) -> Result<(), Revert> {
        if confirmation != self.vm().msg_sender() {
            return Err(revert!(IStakingPool::AccessControlBadConfirmation {}));
        }
        self.take(role, confirmation);
        Ok(())
    }

    #[inline(never)]
    fn mark(&mut self, role: B256, account: Address, held: U256) {
        self.holders.get_mut(role.word()).set(account.word(), held);
    }

    #[inline(never)]
    fn give(&mut self, role: B256, account: Address) {
        if self.has(role, account) {
            return;
        }
        self.mark(role, account, U256::ONE);
        let sender = self.vm().msg_sender();
        emit!(self.vm(), RoleGranted [role, account, sender] {});
    }

    #[inline(never)]
    fn take(&mut self, role: B256, account: Address) {
        if !self.has(role, account) {
            return;
        }
        self.mark(role, account, U256::ZERO);
        let sender = self.vm().msg_sender();
        emit!(self.vm(), RoleRevoked [role, account, sender] {});
    }
}

/// Refuses any caller but `expected`.
///
/// - Errors: `CallerNotAllowed`.
pub fn only(caller: Address, expected: Address) -> Result<(), Revert> {
    if caller == expected {
        return Ok(());
    }
    Err(revert!(IStakingPool::CallerNotAllowed { caller, expected }))
}
