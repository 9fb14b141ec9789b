//! Each rule on literal numbers, a file per module; the derivation stands beside the number.

mod allocation;
mod bond;
mod bps;
mod commission;
mod delegation;
mod drip;
mod fault;
mod feed;
mod fees;
mod instant;
mod limits;
mod mul_div;
mod pool;
mod queue;
mod rate;
mod redemption;
mod registry;
mod reserves;
mod slashing;
mod terms;
mod votes;

/// One ETH in wei.
const ETH: u128 = 1_000_000_000_000_000_000;
/// A thousandth of an ETH, the smallest deposit and request.
const MILLI: u128 = 1_000_000_000_000_000;
