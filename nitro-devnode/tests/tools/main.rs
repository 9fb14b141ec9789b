//! The programs that people point at a node, each run for real against the binary.
//!
//! What comes from a registry is installed by `cargo xtask tools`, which `cargo xtask test` runs first.
//! A test whose tool is not there prints a notice and ends; nothing is downloaded here but crates.
mod alloy;
mod cargo_stylus;
mod cast;
mod ethers_rs;
mod javascript;
mod node;
mod tool;
mod wallet;
