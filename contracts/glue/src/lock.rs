//! The lock that a contract holds while strangers may run: transient, so it costs two cheap writes
//! and cannot outlive the transaction.

use core::marker::PhantomData;

use stylus_sdk::keccak_const::Keccak256;

use crate::transient;

/// keccak-256 of "lsETH lock".
const KEY: [u8; 32] = Keccak256::new().update(b"lsETH lock").finalize();

/// The contract is already in a locked call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reentrant;

/// Held from [`Lock::enter`] until dropped. A revert releases it as well.
#[must_use]
pub struct Lock(PhantomData<()>);

impl Lock {
    /// Takes the lock.
    ///
    /// - Errors: [`Reentrant`] if an outer call of this transaction holds it.
    #[inline(never)]
    pub fn enter() -> Result<Self, Reentrant> {
        Self::check()?;
        transient::store(&KEY, 1);
        Ok(Self(PhantomData))
    }

    /// Refuses while an outer call holds the lock, without taking it.
    ///
    /// - Errors: [`Reentrant`].
    #[inline(never)]
    pub fn check() -> Result<(), Reentrant> {
        if transient::load(&KEY) != 0 {
            return Err(Reentrant);
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        transient::store(&KEY, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_entry_is_refused_until_the_first_is_over() {
        let first = Lock::enter();
        assert!(first.is_ok());
        assert_eq!(Lock::enter().err(), Some(Reentrant));
        assert_eq!(Lock::check(), Err(Reentrant));
        drop(first);
        assert!(Lock::enter().is_ok());
    }
}
