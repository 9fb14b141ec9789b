//! Talks to the contracts from off chain.
