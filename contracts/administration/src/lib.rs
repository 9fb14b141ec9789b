//! Roles and pauses of pool, registry and queue: methods that all three have and few people call.
//!
//! Every method is documented in `interfaces/IAdministration.sol`.
//! The program is never called for itself: a contract hands over what it does not route, and this
//! runs on the contract's storage ([`glue::administration`]). Called directly it has nobody in any
//! role, no proxy whose admin could change that, and no call that keeps ETH.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(any(test, feature = "export-abi")), no_std)]
#![expect(
    missing_docs,
    reason = "methods are documented in the interface, where the ABI is written"
)]

#[macro_use]
extern crate alloc;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use abi::IAdministration;
use alloy_primitives::{Address, B256, FixedBytes, U256};
use glue::{
    access::{DEFAULT_ADMIN_ROLE, PAUSER_ROLE},
    administration::Administration,
    erc165::{self, ACCESS_CONTROL, ACCESS_CONTROL_ENUMERABLE},
    revert,
    revert::Revert,
};
use stylus_sdk::prelude::*;

/// What a contract is by its roles.
const INTERFACES: [u32; 2] = [ACCESS_CONTROL, ACCESS_CONTROL_ENUMERABLE];

/// The program. Its slots are drawn in [`glue::administration`].
#[entrypoint]
#[storage]
pub struct AdministrationProgram {
    administration: Administration,
}

type Error = Revert;

glue::router! {
    AdministrationProgram: IAdministration
        receive(|_| None)
        fallback(|_| None)
        payable {
            beginCall => begin(admin: Address, administration: Address, extension: Address, groups: u8);
        }
        unpaid {
            DEFAULT_ADMIN_ROLECall => default_admin_role();
            hasRoleCall => has_role(role: B256, account: Address);
            getRoleAdminCall => get_role_admin(role: B256);
            grantRoleCall => grant_role(role: B256, account: Address);
            revokeRoleCall => revoke_role(role: B256, account: Address);
            renounceRoleCall => renounce_role(role: B256, caller_confirmation: Address);
            getRoleMemberCountCall => get_role_member_count(role: B256);
            getRoleMemberCall => get_role_member(role: B256, index: U256);
            getRoleMembersCall => get_role_members(role: B256);
            pauseCall => pause(group: u8, duration: u64);
            unpauseCall => unpause(group: u8);
            pausedUntilCall => paused_until(group: u8);
            supportsInterfaceCall => supports_interface(id: FixedBytes<4>);
            administrationCall => administration();
            extensionCall => extension();
            setProgramsCall => set_programs(administration: Address, extension: Address);
        }
}

impl AdministrationProgram {
    pub fn default_admin_role(&self) -> B256 {
        DEFAULT_ADMIN_ROLE
    }

    pub fn has_role(&self, role: B256, account: Address) -> bool {
        self.administration.roles.has(role, account)
    }

    pub fn get_role_admin(&self, role: B256) -> B256 {
        let _ = role;
        DEFAULT_ADMIN_ROLE
    }

    pub fn grant_role(&mut self, role: B256, account: Address) -> Result<(), Error> {
        self.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.administration.roles.give(role, account);
        Ok(())
    }

    pub fn revoke_role(&mut self, role: B256, account: Address) -> Result<(), Error> {
        self.administration.roles.check(DEFAULT_ADMIN_ROLE)?;
        self.administration.roles.take(role, account);
        Ok(())
    }

    pub fn renounce_role(&mut self, role: B256, caller_confirmation: Address) -> Result<(), Error> {
        if caller_confirmation != self.vm().msg_sender() {
            return Err(revert!(IAdministration::AccessControlBadConfirmation {}));
        }
        self.administration.roles.take(role, caller_confirmation);
        Ok(())
    }

    pub fn get_role_member_count(&self, role: B256) -> U256 {
        self.administration.roles.count(role)
    }

    pub fn get_role_member(&self, role: B256, index: U256) -> Result<Address, Error> {
        let count = self.administration.roles.count(role);
        if index >= count {
            return Err(revert!(IAdministration::RoleMemberOutOfBounds {
                role,
                index,
                count,
            }));
        }
        // Below the count, so the sum is at most the count.
        let place = index.saturating_add(U256::ONE);
        Ok(self.administration.roles.holder(role, place))
    }

    pub fn get_role_members(&self, role: B256) -> Vec<Address> {
        let roles = &self.administration.roles;
        let mut members = Vec::new();
        let (mut place, count) = (U256::ONE, roles.count(role));
        while place <= count {
            members.push(roles.holder(role, place));
            place = place.saturating_add(U256::ONE);
        }
        members
    }

    pub fn pause(&mut self, group: u8, duration: u64) -> Result<(), Error> {
        self.check_group(group)?;
        self.administration.pauses.pause(group, duration)
    }

    pub fn unpause(&mut self, group: u8) -> Result<(), Error> {
        self.check_group(group)?;
        self.administration.pauses.unpause(group)
    }

    pub fn paused_until(&self, group: u8) -> u64 {
        self.administration.pauses.until(group)
    }

    pub fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        erc165::supports(id, &INTERFACES)
    }

    pub fn administration(&self) -> Address {
        self.administration.administration()
    }

    pub fn extension(&self) -> Address {
        self.administration.extension()
    }

    pub fn begin(
        &mut self,
        admin: Address,
        administration: Address,
        extension: Address,
        groups: u8,
    ) -> Result<(), Error> {
        self.administration
            .start(admin, administration, extension, groups)
    }

    pub fn set_programs(
        &mut self,
        administration: Address,
        extension: Address,
    ) -> Result<(), Error> {
        self.administration.replace(administration, extension)
    }
}

impl AdministrationProgram {
    /// Refuses a caller who may not pause, and a group that the contract does not have.
    fn check_group(&self, group: u8) -> Result<(), Error> {
        self.administration.roles.check(PAUSER_ROLE)?;
        if group >= self.administration.groups() {
            return Err(revert!(IAdministration::UnknownPauseGroup { group }));
        }
        Ok(())
    }
}
