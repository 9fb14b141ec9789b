//! What pool, registry and queue keep for their administration, in the same slots of each, so that
//! one program can administer them all.
//!
//! A contract routes its own methods. What it does not know it hands to another program, which runs
//! on the contract's storage (delegate call): rare methods then cost the contract no code.
//!
//! ```text
//!  caller ──▶ proxy ══▶ contract ══▶ extension ══▶ administration      ══▶ delegate call
//!             storage   own routes   rare routes   roles, pauses
//! ```
//!
//! The extension is there for contracts that need a second program of their own; without one the
//! contract hands over to the administration directly.
//!
//! | slot | content, highest bits first |
//! |---|---|
//! | 0 | `pauses.ends`: – (8), ends of the pauses of groups 1, 0 (40 each), the contract's own (168) |
//! | 1 | `pauses.terms`: – (8), ends of the pauses of groups 3, 2 (40 each), pause groups (8), administration program (160) |
//! | 2 | `extension`: –, extension program (160), zero if there is none |
//! | 3 | `roles.places`: role → account → its place |
//! | 4 | `roles.members`: role → place → account; in place 0 their number |
//! | 5–7 | reserved |

use alloc::vec::Vec;

use abi::IAdministration;
use alloy_primitives::{Address, U256};
use proxy::{ADMIN_SLOT, IMPLEMENTATION_SLOT};
use stylus_sdk::prelude::*;

use crate::{
    access::{DEFAULT_ADMIN_ROLE, Roles},
    calldata, calls, emit,
    pause::Pauses,
    revert,
    revert::{Revert, Word},
    storage::{Reserved, Slot},
    word,
};

/// The first field of pool, registry and queue.
#[storage]
pub struct Administration {
    /// Which groups are paused.
    pub pauses: Pauses,
    extension: Slot,
    /// Who holds which role.
    pub roles: Roles,
    _reserved: Reserved<3>,
}

impl Administration {
    /// Begins a contract with `groups` pause groups and, unless zero, an `extension`: lets the program
    /// `administration` do it ([`Self::start`]), which it will then be handed over to.
    ///
    /// The program is the caller's choice, so what must not happen twice is refused before it runs.
    ///
    /// - Errors: `NotBehindProxy`, `AlreadyInitialized`, `NotAContract`; as [`Self::start`].
    #[inline(never)]
    pub fn begin(
        &mut self,
        admin: Address,
        administration: Address,
        extension: Address,
        groups: u8,
    ) -> Result<(), Revert> {
        self.check_new()?;
        self.check_code(administration)?;
        let data = calldata!(IAdministration::beginCall {
            admin,
            administration,
            extension,
            groups
        });
        calls::delegate(self.vm(), administration, &data)
            .map(drop)
            .map_err(Revert::forwarded)
    }

    /// Names both programs, the number of pause groups, and the first admin.
    ///
    /// - Errors: `NotBehindProxy` on a program that is called directly, whose state nobody needs;
    ///   `AlreadyInitialized`; `NotAContract` for a program without code; `ZeroAddress` for no admin.
    pub fn start(
        &mut self,
        admin: Address,
        administration: Address,
        extension: Address,
        groups: u8,
    ) -> Result<(), Revert> {
        self.check_new()?;
        if admin.is_zero() {
            return Err(revert!(IAdministration::ZeroAddress {}));
        }
        self.store(administration, extension, groups)?;
        self.roles.give(DEFAULT_ADMIN_ROLE, admin);
        Ok(())
    }

    fn check_new(&self) -> Result<(), Revert> {
        if self.standard(IMPLEMENTATION_SLOT).is_zero() {
            return Err(revert!(IAdministration::NotBehindProxy {}));
        }
        if !self.administration().is_zero() {
            return Err(revert!(IAdministration::AlreadyInitialized {}));
        }
        Ok(())
    }

    /// The program that answers what the contract and its extension do not route.
    #[inline(never)]
    pub fn administration(&self) -> Address {
        word::address(self.pauses.terms.read())
    }

    /// The second program of the contract; zero if it has none.
    #[inline(never)]
    pub fn extension(&self) -> Address {
        word::address(self.extension.read())
    }

    /// The program that the contract hands to what it does not route: its extension, or the
    /// administration if it has none.
    #[inline(never)]
    pub fn next(&self) -> Address {
        let extension = self.extension();
        if extension.is_zero() {
            return self.administration();
        }
        extension
    }

    /// How many pause groups the contract has.
    pub fn groups(&self) -> u8 {
        let [_, _, high, _] = *self.pauses.terms.read().as_limbs();
        // Above the 160 bits of the address; only eight bits are ever written.
        (high >> 32) as u8
    }

    /// Replaces both programs and emits `ProgramsSet`; a zero extension stands for none.
    ///
    /// - Errors: `CallerNotUpgrader` for everybody but the proxy's own admin, who may replace the
    ///   contract's program as well: this is a part of that. `NotAContract`.
    pub fn replace(&mut self, administration: Address, extension: Address) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        let upgrader = self.upgrader();
        if upgrader.is_zero() || caller != upgrader {
            return Err(revert!(IAdministration::CallerNotUpgrader {
                caller,
                upgrader
            }));
        }
        self.store(administration, extension, self.groups())?;
        emit!(self.vm(), IAdministration::ProgramsSet [] { administration, extension });
        Ok(())
    }

    /// The admin of the proxy whose storage this is; zero on a program that is called directly.
    pub fn upgrader(&self) -> Address {
        word::address(self.standard(ADMIN_SLOT))
    }

    #[inline(never)]
    fn standard(&self, slot: [u8; 32]) -> U256 {
        Slot::at(U256::from_be_bytes(slot), self.vm().clone()).read()
    }

    fn store(
        &mut self,
        administration: Address,
        extension: Address,
        groups: u8,
    ) -> Result<(), Revert> {
        self.check_code(administration)?;
        if !extension.is_zero() {
            self.check_code(extension)?;
        }
        let [low, middle, high, _] = *administration.word().as_limbs();
        // The address takes 32 bits of the third limb and the number of groups eight; the ends of
        // pauses above them stay.
        let [_, _, third, ends] = *self.pauses.terms.read().as_limbs();
        let third = third >> 40 << 40 | u64::from(groups) << 32 | high;
        let terms = U256::from_limbs([low, middle, third, ends]);
        self.pauses.terms.write(terms);
        self.extension.write(extension.word());
        Ok(())
    }

    /// A delegate call to an address without code succeeds and does nothing.
    #[inline(never)]
    fn check_code(&self, target: Address) -> Result<(), Revert> {
        if self.vm().code_size(target) == 0 {
            return Err(revert!(IAdministration::NotAContract { target }));
        }
        Ok(())
    }
}
