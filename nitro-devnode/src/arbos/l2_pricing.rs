//! The L2 base fee and the backlog of gas that moves it: the bursts of `corpus/10-evm` show it.
use revm::{
    Database,
    primitives::{Address, U256},
};

use super::{
    exponent::{ONE_IN_BIPS, approximate_exp},
    layout,
    storage::Slots,
};
use crate::evm::ArbContext;

/// Gas a second that leaves the base fee at its minimum.
pub const SPEED_LIMIT: u64 = 0;
/// Compute gas of a block.
pub const BLOCK_GAS_LIMIT: u64 = 1;
/// Base fee of the next block, wei.
pub const BASE_FEE: u64 = 2;
/// Least base fee, wei.
pub const MIN_BASE_FEE: u64 = 3;
/// Gas used above the speed limit and not yet worked off.
pub const BACKLOG: u64 = 4;
/// Seconds of backlog that multiply the base fee by e.
pub const INERTIA: u64 = 5;
/// Seconds of backlog that are tolerated.
pub const TOLERANCE: u64 = 6;
/// Compute gas of a transaction (ArbOS 50).
pub const TX_GAS_LIMIT: u64 = 7;

/// Terms of the exponential's series.
const EXP_TERMS: u64 = 4;
/// The initial limit of block and transaction.
const COMPUTE_GAS_LIMIT: u64 = 32_000_000;
/// The initial and least base fee: 0.1 gwei.
pub const INITIAL_BASE_FEE: u64 = 100_000_000;

/// The slot of an offset above.
pub fn slot(offset: u64) -> U256 {
    layout::l2_pricing().at(offset)
}

/// Writes the state of a new chain.
pub fn initialize<S: Slots>(slots: &mut S) -> Result<(), S::Error> {
    for (offset, value) in [
        (SPEED_LIMIT, 7_000_000),
        (BLOCK_GAS_LIMIT, COMPUTE_GAS_LIMIT),
        (BASE_FEE, INITIAL_BASE_FEE),
        (MIN_BASE_FEE, INITIAL_BASE_FEE),
        (BACKLOG, 0),
        (INERTIA, 102),
        (TOLERANCE, 10),
    ] {
        slots.write(slot(offset), U256::from(value))?;
    }
    Ok(())
}

/// ArbOS 50 adds a limit of compute gas per transaction.
pub fn initialize_tx_limit<S: Slots>(slots: &mut S) -> Result<(), S::Error> {
    slots.write(slot(TX_GAS_LIMIT), U256::from(COMPUTE_GAS_LIMIT))
}

/// The base fee that the next block's header takes, in wei.
pub fn base_fee<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    ctx.read_u64(slot(BASE_FEE))
}

/// The least base fee, in wei.
pub fn min_base_fee<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    ctx.read_u64(slot(MIN_BASE_FEE))
}

/// Compute gas of a block.
pub fn block_gas_limit<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    ctx.read_u64(slot(BLOCK_GAS_LIMIT))
}

/// Compute gas of a transaction: its own limit from ArbOS 50 on, the block's before.
pub fn tx_gas_limit<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    if ctx.chain.block.arbos_version >= 50 {
        ctx.read_u64(slot(TX_GAS_LIMIT))
    } else {
        block_gas_limit(ctx)
    }
}

/// Counts `gas` of an executed transaction (without its L1 part).
pub fn add_backlog<DB: Database>(ctx: &mut ArbContext<DB>, gas: u64) -> Result<(), DB::Error> {
    ctx.increase_u64(slot(BACKLOG), gas)?;
    Ok(())
}

/// Works off `time_passed` seconds of backlog and sets the next base fee (StartBlock).
pub fn update<DB: Database>(ctx: &mut ArbContext<DB>, time_passed: u64) -> Result<(), DB::Error> {
    let speed_limit = ctx.read_u64(slot(SPEED_LIMIT))?;
    let backlog = ctx
        .read_u64(slot(BACKLOG))?
        .saturating_sub(time_passed.saturating_mul(speed_limit));
    ctx.write(slot(BACKLOG), U256::from(backlog))?;
    let inertia = ctx.read_u64(slot(INERTIA))?;
    let tolerance = ctx.read_u64(slot(TOLERANCE))?;
    let min = ctx.read_u64(slot(MIN_BASE_FEE))?;
    let fee = congested_fee(min, backlog, speed_limit, inertia, tolerance);
    ctx.write(slot(BASE_FEE), U256::from(fee))
}

/// `min` × e^(excess / (inertia × speed limit)), where the excess is the backlog above
/// `tolerance` seconds of it; rounded down in basis points.
fn congested_fee(min: u64, backlog: u64, speed_limit: u64, inertia: u64, tolerance: u64) -> u64 {
    let excess = backlog.saturating_sub(tolerance.saturating_mul(speed_limit));
    if excess == 0 {
        return min;
    }
    let exponent = excess
        .saturating_mul(ONE_IN_BIPS)
        .checked_div(inertia.saturating_mul(speed_limit))
        .unwrap_or(u64::MAX);
    min.saturating_mul(approximate_exp(exponent, EXP_TERMS)) / ONE_IN_BIPS
}

/// Who receives the L2 fees.
pub fn network_fee_account<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<Address, DB::Error> {
    ctx.read_address(layout::root(layout::NETWORK_FEE_ACCOUNT))
}

/// Who receives their part up to the minimum base fee; zero: the network account too.
pub fn infra_fee_account<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<Address, DB::Error> {
    ctx.read_address(layout::root(layout::INFRA_FEE_ACCOUNT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::genesis::testing::context;

    #[test]
    fn the_base_fee_is_the_minimum_up_to_ten_seconds_of_backlog() {
        assert_eq!(
            congested_fee(100_000_000, 70_000_000, 7_000_000, 102, 10),
            100_000_000
        );
    }

    #[test]
    fn one_inertia_of_excess_multiplies_the_base_fee_by_e() {
        // excess 714M = 102 × 7M, e^1 with four terms = 2.7083
        assert_eq!(
            congested_fee(100_000_000, 784_000_000, 7_000_000, 102, 10),
            270_830_000
        );
    }

    #[test]
    fn a_second_works_off_seven_million_gas() {
        let mut ctx = context();
        add_backlog(&mut ctx, 100_000_000).expect("memory database");
        update(&mut ctx, 3).expect("memory database");
        assert_eq!(ctx.read_u64(slot(BACKLOG)), Ok(79_000_000));
        // excess 9M: 126 basis points; e^0.0126 = 1.0126
        assert_eq!(base_fee(&mut ctx), Ok(101_260_000));
    }
}
