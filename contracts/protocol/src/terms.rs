//! The registry's parameters, and between which bounds each may be set.

use crate::bps;

/// Smallest minimum bond: 0.01 ETH.
pub const MIN_BOND_FLOOR: u128 = 10_000_000_000_000_000;
/// Largest minimum bond: 10,000 ETH.
pub const MIN_BOND_CEILING: u128 = 10_000_000_000_000_000_000_000;
/// Largest leverage: a bond of 5 % of the stake it stands for.
pub const MAX_LEVERAGE: u16 = 20;
/// Smallest part of the pool to which one validator can be held: 1 %.
pub const MIN_POOL_SHARE_BPS: u16 = 100;
/// Largest part of the pool to which one validator can be held: all of it.
pub const MAX_POOL_SHARE_BPS: u16 = bps::WHOLE;
/// Shortest unbonding: a minute, so that a test chain need not wait.
pub const MIN_UNBONDING_SECS: u64 = 60;
/// Longest unbonding: 60 days.
pub const MAX_UNBONDING_SECS: u64 = 60 * 86_400;
/// Shortest notice of a commission: a minute, as [`MIN_UNBONDING_SECS`].
pub const MIN_NOTICE_SECS: u64 = 60;
/// Longest notice of a commission: 30 days.
pub const MAX_NOTICE_SECS: u64 = 30 * 86_400;
/// Longest jail that is not a slash: 30 days; longer needs a new decision.
pub const MAX_JAIL_SECS: u64 = 30 * 86_400;

/// The registry's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Smallest bond of a validator that gets stake, in wei.
    pub min_bond: u128,
    /// Stake per bond in the vetted lane.
    pub leverage: u16,
    /// Stake per bond in the open lane.
    pub open_leverage: u16,
    /// Largest part of the pool that one validator may hold, in basis points.
    pub pool_share_bps: u16,
    /// Seconds from undelegating to release; longer than evidence stays valid.
    pub unbonding_secs: u64,
    /// Seconds from asking for bond to getting it; longer than evidence stays valid.
    pub bond_exit_secs: u64,
    /// Seconds from announcing a commission to its being charged: one epoch.
    pub notice_secs: u64,
}
