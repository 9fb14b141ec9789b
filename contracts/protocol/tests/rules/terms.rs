//! The bounds of `protocol::terms` as people read them.

use protocol::terms::{
    MAX_JAIL_SECS, MAX_LEVERAGE, MAX_NOTICE_SECS, MAX_POOL_SHARE_BPS, MAX_UNBONDING_SECS,
    MIN_BOND_CEILING, MIN_BOND_FLOOR, MIN_NOTICE_SECS, MIN_POOL_SHARE_BPS, MIN_UNBONDING_SECS,
};

use crate::ETH;

#[test]
fn a_minimum_bond_is_between_a_hundredth_and_ten_thousand_ether() {
    assert_eq!(MIN_BOND_FLOOR * 100, ETH);
    assert_eq!(MIN_BOND_CEILING, 10_000 * ETH);
}

#[test]
fn a_validator_carries_up_to_twenty_bonds_and_one_to_a_hundred_percent_of_the_pool() {
    assert_eq!(MAX_LEVERAGE, 20);
    assert_eq!((MIN_POOL_SHARE_BPS, MAX_POOL_SHARE_BPS), (100, 10_000));
}

#[test]
fn times_are_between_a_minute_and_thirty_or_sixty_days() {
    assert_eq!((MIN_UNBONDING_SECS, MAX_UNBONDING_SECS), (60, 5_184_000));
    assert_eq!((MIN_NOTICE_SECS, MAX_NOTICE_SECS), (60, 2_592_000));
    assert_eq!(MAX_JAIL_SECS, 2_592_000);
}
