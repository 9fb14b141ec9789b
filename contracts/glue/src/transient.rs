//! Words that last for a transaction (EIP-1153), which the SDK does not reach in 0.10.10.
//!
//! A key is a hash that no layout of storage comes near; each contract has its own words.

#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "vm_hooks")]
    unsafe extern "C" {
        fn transient_load_bytes32(key: *const u8, dest: *mut u8);
        fn transient_store_bytes32(key: *const u8, value: *const u8);
    }

    #[inline(never)]
    pub(super) fn load(key: &[u8; 32]) -> [u8; 32] {
        let mut word = [0_u8; 32];
        // SAFETY: both pointers are to 32 bytes, which is what the host reads and writes.
        unsafe { transient_load_bytes32(key.as_ptr(), word.as_mut_ptr()) };
        word
    }

    #[inline(never)]
    pub(super) fn store(key: &[u8; 32], word: &[u8; 32]) {
        // SAFETY: both pointers are to 32 bytes, which is what the host reads.
        unsafe { transient_store_bytes32(key.as_ptr(), word.as_ptr()) };
    }
}

/// Native tests run one contract per thread.
#[cfg(not(target_arch = "wasm32"))]
mod host {
    extern crate std;

    use core::cell::RefCell;
    use std::collections::BTreeMap;

    std::thread_local! {
        static WORDS: RefCell<BTreeMap<[u8; 32], [u8; 32]>> = const { RefCell::new(BTreeMap::new()) };
    }

    pub(super) fn load(key: &[u8; 32]) -> [u8; 32] {
        WORDS.with_borrow(|words| words.get(key).copied().unwrap_or_default())
    }

    pub(super) fn store(key: &[u8; 32], word: &[u8; 32]) {
        WORDS.with_borrow_mut(|words| words.insert(*key, *word));
    }

    #[cfg(feature = "testing")]
    pub(super) fn clear() {
        WORDS.with_borrow_mut(BTreeMap::clear);
    }
}

/// The number under a key; 0 if none was written in this transaction.
pub(crate) fn load(key: &[u8; 32]) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = host::load(key);
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Writes the number under a key.
pub(crate) fn store(key: &[u8; 32], value: u64) {
    let mut word = [0_u8; 32];
    for (byte, digit) in word.iter_mut().rev().zip(value.to_le_bytes()) {
        *byte = digit;
    }
    host::store(key, &word);
}

/// Ends the transaction that a native test is in.
#[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
pub fn end_transaction() {
    host::clear();
}
