//! What hostios cost, and how a program pays.
//!
//! Prices are in ink (`inkPrice` ink to the gas), as `corpus/40-hostios` shows them.

/// Base of every hostio.
pub const HOSTIO: u64 = 8_400;
/// Copying to the guest: base, and per byte above 32.
pub const POINTER: u64 = 5_040;
/// Crossing from the program into the EVM.
pub const EVM_API: u64 = 59_673;

/// Ink for writing `bytes` bytes into guest memory.
pub const fn write_price(bytes: u64) -> u64 {
    POINTER.saturating_add(bytes.saturating_sub(32).saturating_mul(30))
}

/// Ink for reading `bytes` bytes of guest memory.
pub const fn read_price(bytes: u64) -> u64 {
    16_381u64.saturating_add(bytes.saturating_sub(32).saturating_mul(55))
}

/// Ink for hashing `bytes` bytes.
pub const fn keccak_price(bytes: u64) -> u64 {
    let words = bytes.div_ceil(32);
    121_800u64.saturating_add(words.saturating_sub(2).saturating_mul(21_000))
}

/// Ink for raising to a power, by the big-endian exponent.
pub fn pow_price(exponent: &[u8; 32]) -> u64 {
    let zeros = exponent.iter().take_while(|byte| **byte == 0).count() as u64;
    3_000 + 17_500 * (33 - zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keccak_costs_the_published_ink() {
        assert_eq!(keccak_price(10), 121_800);
        assert_eq!(keccak_price(100), 163_800);
        assert_eq!(keccak_price(1_000), 751_800);
    }

    #[test]
    fn pow_costs_the_published_ink_less_its_base() {
        let exponent = |bytes: usize| {
            let mut out = [0u8; 32];
            out[32 - bytes] = 1;
            out
        };
        assert_eq!(23_520 + pow_price(&exponent(1)), 61_520);
        assert_eq!(23_520 + pow_price(&exponent(2)), 79_020);
        assert_eq!(23_520 + pow_price(&exponent(10)), 219_020);
        assert_eq!(23_520 + pow_price(&exponent(32)), 604_020);
    }

    #[test]
    fn returned_data_costs_the_published_ink_less_its_base() {
        assert_eq!(68_073 + write_price(10), 73_113);
        assert_eq!(68_073 + write_price(100), 75_153);
        assert_eq!(68_073 + write_price(1_000), 102_153);
        assert_eq!(68_073 + write_price(10_000), 372_153);
    }
}
