//! What cargo-stylus asks a contract's binary for. The interface file is the ABI, so it is printed
//! as it stands.

extern crate std;

use std::{env, print};

/// Prints the interface; nothing if the first argument asks for the constructor, because a program
/// has none: the proxy in front of it is initialised by a call.
pub fn print(interface: &str) {
    if env::args().nth(1).as_deref() != Some("constructor") {
        print!("{interface}");
    }
}
