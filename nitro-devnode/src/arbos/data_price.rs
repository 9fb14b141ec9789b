//! The data fee of an activation: wei per byte of estimated code, dearer with demand.
//!
//! `corpus/20-activation` shows it in what each activation pays.
use revm::primitives::U256;

use super::{
    exponent::{ONE_IN_BIPS, approximate_exp},
    layout,
    programs::ARBITRUM_START_TIME,
    storage::Slots,
};

/// Terms of the exponential's series.
const EXP_TERMS: u64 = 12;

const DEMAND: u64 = 0;
const BYTES_PER_SECOND: u64 = 1;
const LAST_UPDATE: u64 = 2;
const MIN_PRICE: u64 = 3;
const INERTIA: u64 = 4;

/// Writes the state of a new chain.
pub fn initialize<S: Slots>(slots: &mut S) -> Result<(), S::Error> {
    let space = layout::data_pricer();
    slots.write(space.at(DEMAND), U256::ZERO)?;
    // ⌊2^40 bytes / 8,760 h⌋ / 3,600 s.
    slots.write(space.at(BYTES_PER_SECOND), U256::from(34_865))?;
    slots.write(space.at(LAST_UPDATE), U256::from(ARBITRUM_START_TIME))?;
    slots.write(space.at(MIN_PRICE), U256::from(82_928_201))?;
    slots.write(space.at(INERTIA), U256::from(21_360_419))
}

/// Adds `bytes` of demand at block time `now` and returns the fee for them in wei.
///
/// Five reads, then two writes. Rounding: down; sums and products stop at the top of their
/// width (u32 for demand, u64 for wei).
pub fn charge<S: Slots>(slots: &mut S, bytes: u32, now: u64) -> Result<U256, S::Error> {
    let space = layout::data_pricer();
    let demand = low_u32(slots.read_u64(space.at(DEMAND))?);
    let bytes_per_second = low_u32(slots.read_u64(space.at(BYTES_PER_SECOND))?);
    let last_update = slots.read_u64(space.at(LAST_UPDATE))?;
    let min_price = slots.read_u64(space.at(MIN_PRICE))?;
    let inertia = slots.read_u64(space.at(INERTIA))?;

    let passed = u32::try_from(now.saturating_sub(last_update)).unwrap_or(u32::MAX);
    let credit = bytes_per_second.saturating_mul(passed);
    let demand = demand.saturating_sub(credit).saturating_add(bytes);
    slots.write(space.at(DEMAND), U256::from(demand))?;
    slots.write(space.at(LAST_UPDATE), U256::from(now))?;

    Ok(U256::from(fee(demand, inertia, min_price, bytes)))
}

fn fee(demand: u32, inertia: u64, min_price: u64, bytes: u32) -> u64 {
    let exponent = (ONE_IN_BIPS * u64::from(demand))
        .checked_div(inertia)
        .unwrap_or(u64::MAX);
    let multiplier = approximate_exp(exponent, EXP_TERMS);
    let per_byte = min_price.saturating_mul(multiplier) / ONE_IN_BIPS;
    per_byte.saturating_mul(u64::from(bytes))
}

/// Fields of 32 bits are stored in 64-bit slots.
fn low_u32(value: u64) -> u32 {
    (value & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::genesis::testing::context;

    #[test]
    fn fees_from_no_demand_are_the_worked_values() {
        for (bytes, wei) in [
            (600_000, 51_165_041_400_000_u64),
            (706_000, 60_508_644_270_000),
            (800_000, 68_870_212_000_000),
            (1_048_576, 91_321_737_936_896),
        ] {
            assert_eq!(fee(bytes, 21_360_419, 82_928_201, bytes), wei);
        }
    }

    #[test]
    fn demand_decays_by_34865_bytes_a_second() {
        let mut ctx = context();
        let now = 1_800_000_000;
        charge(&mut ctx, 600_000, now).expect("memory database");
        charge(&mut ctx, 0, now + 2).expect("memory database");
        let demand = ctx.read_u64(layout::data_pricer().at(DEMAND));
        assert_eq!(demand, Ok(530_270)); // 600,000 − 2 × 34,865
    }
}
