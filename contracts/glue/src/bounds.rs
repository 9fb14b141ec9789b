//! Numbers that callers choose, and the bounds that each must be within.

use abi::IStakingPool;
use alloy_primitives::U256;

use crate::{revert, revert::Revert};

/// Refuses parameter number `index` outside its bounds.
///
/// - Errors: `ParameterOutOfBounds`.
#[inline(never)]
pub fn check_bounds(index: u8, value: U256, minimum: u128, maximum: u128) -> Result<(), Revert> {
    let (minimum, maximum) = (U256::from(minimum), U256::from(maximum));
    if value < minimum || value > maximum {
        return Err(revert!(IStakingPool::ParameterOutOfBounds {
            index,
            value,
            minimum,
            maximum,
        }));
    }
    Ok(())
}

/// How many operations a call may do at most, as a number within its bounds: one to `maximum`.
///
/// - Errors: `InvalidOperationCount`.
#[inline(never)]
pub fn check_count(max_ops: U256, maximum: u64) -> Result<u64, Revert> {
    match *max_ops.as_limbs() {
        [count, 0, 0, 0] if count != 0 && count <= maximum => Ok(count),
        _ => Err(revert!(IStakingPool::InvalidOperationCount {
            maxOps: max_ops,
            maximum: U256::from(maximum),
        })),
    }
}
