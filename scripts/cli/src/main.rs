//! `lst`: operate the protocol from the command line.
fn main() {}
