//! Prints the ABI and the constructor for cargo-stylus; the program is the library.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]

/// Nothing: cargo wants a binary to have one.
#[cfg(not(any(test, feature = "export-abi")))]
#[unsafe(no_mangle)]
pub extern "C" fn main() {}

#[cfg(feature = "export-abi")]
fn main() {
    counter::print_from_args();
}
