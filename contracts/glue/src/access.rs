//! Who holds which role. One admin role stands above all; who may give and take is decided in the
//! administration program.

use alloc::vec::Vec;

use abi::{
    IAdministration::{self, RoleGranted, RoleRevoked},
    IStakingPool,
};
use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::{
    emit, revert,
    revert::{Revert, Word},
    storage::WordMaps,
    word,
};

/// Grants and revokes all roles, itself included.
pub const DEFAULT_ADMIN_ROLE: B256 = B256::ZERO;

/// Pauses and unpauses groups of functions.
pub const PAUSER_ROLE: B256 = role("PAUSER_ROLE");

/// The id of a role: keccak-256 of its name, as OpenZeppelin forms it.
pub const fn role(name: &str) -> B256 {
    B256::new(Keccak256::new().update(name.as_bytes()).finalize())
}

/// The holders of every role, in places 1, 2, …; place 0 holds their number.
#[storage]
pub struct Roles {
    /// Role → account → its place; zero if it does not hold the role.
    places: WordMaps,
    /// Role → place → account.
    members: WordMaps,
}

impl Roles {
    /// Whether `account` holds `role`.
    #[inline(never)]
    pub fn has(&self, role: B256, account: Address) -> bool {
        !self.place(role, account).is_zero()
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
        Err(revert!(IAdministration::AccessControlUnauthorizedAccount {
            account,
            neededRole: role,
        }))
    }

    /// How many accounts hold `role`.
    pub fn count(&self, role: B256) -> U256 {
        self.member(role, U256::ZERO)
    }

    /// The holder in a place, counted from 1; zero behind the last.
    pub fn holder(&self, role: B256, place: U256) -> Address {
        word::address(self.member(role, place))
    }

    /// Gives a role and emits `RoleGranted`; nothing if the account holds it already.
    /// Who may do that is for the caller to decide.
    #[inline(never)]
    pub fn give(&mut self, role: B256, account: Address) {
        if self.has(role, account) {
            return;
        }
        // There are fewer holders than addresses.
        let place = self.count(role).saturating_add(U256::ONE);
        self.set_member(role, place, account.word());
        self.set_place(role, account, place);
        self.set_member(role, U256::ZERO, place);
        let sender = self.vm().msg_sender();
        emit!(self.vm(), RoleGranted [role, account, sender] {});
    }

    /// Takes a role and emits `RoleRevoked`; nothing if the account does not hold it.
    /// The last holder moves to the place that becomes free. Who may do that is for the caller to decide.
    #[inline(never)]
    pub fn take(&mut self, role: B256, account: Address) {
        let place = self.place(role, account);
        if place.is_zero() {
            return;
        }
        // Somebody holds the role, so the number of holders is at least one.
        let last = self.count(role);
        let mover = self.holder(role, last);
        self.set_member(role, place, mover.word());
        self.set_place(role, mover, place);
        self.set_member(role, last, U256::ZERO);
        self.set_place(role, account, U256::ZERO);
        self.set_member(role, U256::ZERO, last.saturating_sub(U256::ONE));
        let sender = self.vm().msg_sender();
        emit!(self.vm(), RoleRevoked [role, account, sender] {});
    }

    #[inline(never)]
    fn place(&self, role: B256, account: Address) -> U256 {
        self.places.get(role.word()).get(account.word())
    }

    #[inline(never)]
    fn member(&self, role: B256, place: U256) -> U256 {
        self.members.get(role.word()).get(place)
    }

    #[inline(never)]
    fn set_member(&mut self, role: B256, place: U256, member: U256) {
        self.members.get_mut(role.word()).set(place, member);
    }

    #[inline(never)]
    fn set_place(&mut self, role: B256, account: Address, place: U256) {
        self.places.get_mut(role.word()).set(account.word(), place);
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
