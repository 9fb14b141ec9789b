//! The node as a binary.
fn main() {}
