//! The lock that a contract holds while strangers may run: transient, so it costs two cheap writes
//! and cannot outlive the transaction.

use core::marker::PhantomData;

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
        if flag::get() {
            return Err(Reentrant);
        }
        flag::set(1);
        Ok(Self(PhantomData))
    }

    /// Refuses while an outer call holds the lock, without taking it.
    ///
    /// - Errors: [`Reentrant`].
    pub fn check() -> Result<(), Reentrant> {
        if flag::get() {
            return Err(Reentrant);
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        flag::set(0);
    }
}

/// The flag in transient storage (EIP-1153), which the SDK does not reach in 0.10.10.
#[cfg(target_arch = "wasm32")]
mod flag {
    use stylus_sdk::keccak_const::Keccak256;

    /// keccak-256 of "lsETH lock": a key that no layout of storage comes near.
    const KEY: [u8; 32] = Keccak256::new().update(b"lsETH lock").finalize();

    #[link(wasm_import_module = "vm_hooks")]
    unsafe extern "C" {
        fn transient_load_bytes32(key: *const u8, dest: *mut u8);
        fn transient_store_bytes32(key: *const u8, value: *const u8);
    }

    #[inline(never)]
    pub(super) fn get() -> bool {
        let mut word = [0_u8; 32];
        // SAFETY: both pointers are to 32 bytes, which is what the host reads and writes.
        unsafe { transient_load_bytes32(KEY.as_ptr(), word.as_mut_ptr()) };
        word != [0; 32]
    }

    #[inline(never)]
    pub(super) fn set(value: u8) {
        let mut word = [0_u8; 32];
        word[31] = value;
        // SAFETY: both pointers are to 32 bytes, which is what the host reads.
        unsafe { transient_store_bytes32(KEY.as_ptr(), word.as_ptr()) };
    }
}

/// Native tests run one contract per thread.
#[cfg(not(target_arch = "wasm32"))]
mod flag {
    extern crate std;

    use core::cell::Cell;

    std::thread_local! {
        static HELD: Cell<bool> = const { Cell::new(false) };
    }

    pub(super) fn get() -> bool {
        HELD.with(Cell::get)
    }

    pub(super) fn set(value: u8) {
        HELD.with(|held| held.set(value != 0));
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
