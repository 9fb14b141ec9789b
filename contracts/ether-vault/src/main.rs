//! Prints what cargo-stylus asks for (the ABI); the program itself is the library.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]

/// Nothing: without `export-abi` the binary has no purpose, but cargo wants one.
#[cfg(not(any(test, feature = "export-abi")))]
#[unsafe(no_mangle)]
pub extern "C" fn main() {}

#[cfg(feature = "export-abi")]
fn main() {
    glue::export::print(include_str!("../../interfaces/IEtherVault.sol"));
}
