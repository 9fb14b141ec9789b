//! Prints what cargo-stylus asks for (ABI, constructor); the program itself is the library.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]

/// Nothing: the program is the library.
#[cfg(not(any(test, feature = "export-abi")))]
/// Nothing: without `export-abi` the binary has no purpose, but cargo wants one.
#[unsafe(no_mangle)]
pub extern "C" fn main() {}

#[cfg(feature = "export-abi")]
fn main() {
    glue::export::print(include_str!("../../interfaces/IWrappedToken.sol"));
}
