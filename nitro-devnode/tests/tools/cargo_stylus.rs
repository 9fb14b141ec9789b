//! cargo-stylus 0.10.10: a contract's way onto the chain, and what happens to it there.
mod deploy;
mod lifetime;
mod project;
mod trace;
