//! What cargo-stylus asks a contract's binary for. The interface file is the ABI, so it is printed
//! as it stands.

extern crate std;

use std::{env, print, println};

/// Prints the interface, or the constructor's signature if the first argument asks for it.
pub fn print(interface: &str, constructor: &str) {
    if env::args().nth(1).as_deref() == Some("constructor") {
        println!("{constructor}");
    } else {
        print!("{interface}");
    }
}
