//! What a method may do and since when, as its Solidity signature and Nitro's gates say.
use revm::Database;

use super::{
    abi::Args,
    call::{Call, Failure},
};

/// The code of a method: decodes its arguments, acts, encodes its result.
pub(super) type Handler<DB> =
    for<'a, 'b> fn(&mut Call<'a, DB>, &mut Args<'b>) -> Result<Vec<u8>, Failure>;

/// How much of the state a method touches, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mutability {
    /// Nothing: no charge for opening the state, and DELEGATECALL may reach it.
    Pure,
    /// Reads.
    View,
    /// Writes, refuses value.
    Write,
    /// Writes, takes value.
    Payable,
}

/// One method of a precompile.
pub(super) struct Method<DB: Database> {
    /// What it may do.
    pub(super) mutability: Mutability,
    /// First ArbOS version that has it.
    pub(super) since: u64,
    /// Its code.
    pub(super) handler: Handler<DB>,
}

impl<DB: Database> Method<DB> {
    const fn new(mutability: Mutability, handler: Handler<DB>) -> Self {
        Self {
            mutability,
            since: 0,
            handler,
        }
    }

    /// The method as of a later ArbOS version.
    pub(super) fn since(self, arbos_version: u64) -> Self {
        Self {
            since: arbos_version,
            ..self
        }
    }
}

/// A method declared `pure`.
pub(super) fn pure<DB: Database>(handler: Handler<DB>) -> Method<DB> {
    Method::new(Mutability::Pure, handler)
}

/// A method declared `view`.
pub(super) fn view<DB: Database>(handler: Handler<DB>) -> Method<DB> {
    Method::new(Mutability::View, handler)
}

/// A method without a mutability.
pub(super) fn write<DB: Database>(handler: Handler<DB>) -> Method<DB> {
    Method::new(Mutability::Write, handler)
}

/// A method declared `payable`.
pub(super) fn payable<DB: Database>(handler: Handler<DB>) -> Method<DB> {
    Method::new(Mutability::Payable, handler)
}
