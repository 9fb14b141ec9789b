//! The ERC-1967 proxy as bytes: no chain, no storage, no dependencies.
#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod assembler;
mod listing;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

/// An account, as its bytes.
pub type Account = [u8; 20];

/// A word, as its bytes.
pub type Word = [u8; 32];

/// Where the address of the program is kept: keccak-256 of "eip1967.proxy.implementation", less one.
pub const IMPLEMENTATION_SLOT: Word =
    word("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

/// Where the admin is shown: keccak-256 of "eip1967.proxy.admin", less one. The proxy never reads it.
pub const ADMIN_SLOT: Word =
    word("b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103");

/// keccak-256 of `Upgraded(address)`.
pub const UPGRADED: Word = word("bc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b");

/// keccak-256 of `AdminChanged(address,address)`.
pub const ADMIN_CHANGED: Word =
    word("7e644d79422f17c01e4894b5f4f588d331ebfa28653d42ae832dc59e38c9798f");

/// Selector of `upgradeToAndCall(address,bytes)`, the only call that the proxy answers itself, and
/// only to its admin.
pub const UPGRADE_TO_AND_CALL: [u8; 4] = [0x4f, 0x1e, 0xf2, 0x86];

/// Selector of `ERC1967InvalidImplementation(address)`, by which a program without code is refused.
pub const INVALID_IMPLEMENTATION: [u8; 4] = [0x4c, 0x9c, 0x8c, 0xe3];

/// The code that the chain keeps for a proxy of `admin`.
pub fn runtime(admin: Account) -> Vec<u8> {
    listing::runtime(admin)
}

/// The code that creates a proxy: it names program and admin in storage, runs `initialiser` (calldata)
/// on the program with the value of the creation, and leaves [`runtime`] behind.
///
/// The creation fails with the program's own words if the program refuses, and with
/// `ERC1967InvalidImplementation` if there is no program. Initialisers are short: at most 60,000 bytes.
pub fn creation(admin: Account, program: Account, initialiser: &[u8]) -> Vec<u8> {
    listing::creation(admin, program, initialiser)
}

/// The bytes that 64 hexadecimal digits stand for.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler, which refuses an overflow"
)]
const fn word(digits: &str) -> Word {
    let digits = digits.as_bytes();
    let mut bytes = [0; 32];
    let mut place = 0;
    // Evaluated by the compiler, which refuses an index out of bounds.
    while place < 32 {
        bytes[place] = nibble(digits[2 * place]) << 4 | nibble(digits[2 * place + 1]);
        place += 1;
    }
    bytes
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler, which refuses an overflow"
)]
const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("not a hexadecimal digit"),
    }
}
