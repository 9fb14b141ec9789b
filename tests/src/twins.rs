//! The contracts and implementations of the same standards by others take the same random operations.
//!
//! OpenZeppelin's contracts for Stylus stand beside ours on one node, and beside them OpenZeppelin's
//! and Solady's in Solidity. After each operation all that the standard defines is compared: whether
//! it was refused, what it returned, the standard's events, the standard's views. What a standard
//! leaves open is said where it is left out of the comparison: the errors of a refusal everywhere.

mod ground;
mod permit;
mod positions;
mod program;
mod roles;
mod side;
mod solidity;
mod token;
mod vault;

/// Operations of each kind in a test run, or as many as `TWINS_OPERATIONS` says.
fn operations() -> u64 {
    number("TWINS_OPERATIONS").unwrap_or(300)
}

/// Whether everything is compared after this step, and not only what the step may have changed. What
/// changes against expectation stays changed, so it is found a few steps later.
fn is_sweep(step: u64) -> bool {
    step % 16 == 15
}

/// What the operations are drawn from: 0, or what `TWINS_SEED` says.
fn seed() -> u64 {
    number("TWINS_SEED").unwrap_or_default()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
