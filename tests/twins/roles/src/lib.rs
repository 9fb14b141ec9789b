//! OpenZeppelin's AccessControl with its enumerable extension.
#![cfg_attr(not(test), no_main)]

extern crate alloc;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use alloy_primitives::{aliases::B32, Address, B256, U256};
use openzeppelin_stylus::{
    access::control::{
        extensions::{enumerable, AccessControlEnumerable, IAccessControlEnumerable},
        AccessControl, AccessControlBadConfirmation, Error, IAccessControl,
    },
    utils::introspection::erc165::IErc165,
};
use stylus_sdk::prelude::*;

/// The roles.
#[entrypoint]
#[storage]
pub struct Roles {
    access: AccessControl,
    members: AccessControlEnumerable,
}

#[public]
#[implements(IAccessControl<Error = Error>, IAccessControlEnumerable<Error = enumerable::Error>, IErc165)]
impl Roles {
    /// Anyone: gives a role, as the constructor of a contract does.
    pub fn begin(&mut self, role: B256, account: Address) {
        self.members._grant_role(role, account, &mut self.access);
    }

    /// All holders of a role.
    pub fn get_role_members(&self, role: B256) -> Vec<Address> {
        self.members.get_role_members(role)
    }
}

#[public]
impl IAccessControl for Roles {
    type Error = Error;

    fn has_role(&self, role: B256, account: Address) -> bool {
        self.access.has_role(role, account)
    }

    fn only_role(&self, role: B256) -> Result<(), Self::Error> {
        self.access.only_role(role)
    }

    fn get_role_admin(&self, role: B256) -> B256 {
        self.access.get_role_admin(role)
    }

    fn grant_role(&mut self, role: B256, account: Address) -> Result<(), Self::Error> {
        self.only_role(self.get_role_admin(role))?;
        self.members._grant_role(role, account, &mut self.access);
        Ok(())
    }

    fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), Self::Error> {
        self.only_role(self.get_role_admin(role))?;
        self.members._revoke_role(role, account, &mut self.access);
        Ok(())
    }

    fn renounce_role(&mut self, role: B256, confirmation: Address) -> Result<(), Self::Error> {
        if self.vm().msg_sender() != confirmation {
            return Err(Error::BadConfirmation(AccessControlBadConfirmation {}));
        }
        self.members
            ._revoke_role(role, confirmation, &mut self.access);
        Ok(())
    }
}

#[public]
impl IAccessControlEnumerable for Roles {
    type Error = enumerable::Error;

    fn get_role_member(&self, role: B256, index: U256) -> Result<Address, Self::Error> {
        self.members.get_role_member(role, index)
    }

    fn get_role_member_count(&self, role: B256) -> U256 {
        self.members.get_role_member_count(role)
    }
}

#[public]
impl IErc165 for Roles {
    fn supports_interface(&self, interface_id: B32) -> bool {
        self.access.supports_interface(interface_id)
            || self.members.supports_interface(interface_id)
    }
}
