//! Multiplies and divides in full width; says which way it rounds and nothing else.

use alloy::primitives::U256;

/// `⌊a · b / c⌋`.
pub(super) fn down(a: u128, b: u128, c: u128) -> u128 {
    (product(a, b) / U256::from(c)).to()
}

/// `⌈a · b / c⌉`.
pub(super) fn up(a: u128, b: u128, c: u128) -> u128 {
    let (quotient, rest) = product(a, b).div_rem(U256::from(c));
    (quotient + U256::from(!rest.is_zero())).to()
}

/// `a · b`: twice 128 bits are 256.
pub(super) fn product(a: u128, b: u128) -> U256 {
    U256::from(a) * U256::from(b)
}
