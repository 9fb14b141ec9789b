//! ArbOS precompiles, one file each.
