//! What must hold for any input of the node: one function for each way in.
//!
//! A function panics when something does not hold. The fuzzers of `fuzz_targets` look for such
//! inputs; a test replays what they have kept in `corpus`.
pub mod choice;
pub mod precompile;
pub mod rpc;
pub mod transaction;
pub mod wasm;
pub mod world;

/// A way into the node.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Name of its fuzzer and of its folder in `corpus`.
    pub name: &'static str,
    /// What must hold.
    pub check: fn(&[u8]),
}

/// Every way into the node.
pub const TARGETS: [Target; 4] = [
    Target {
        name: "rpc",
        check: rpc::check,
    },
    Target {
        name: "transaction",
        check: transaction::check,
    },
    Target {
        name: "wasm",
        check: wasm::check,
    },
    Target {
        name: "precompile",
        check: precompile::check,
    },
];
