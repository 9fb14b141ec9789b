//! The rules of `protocol::delegation` on literal numbers.

use protocol::{
    bond::BondExit,
    delegation::{
        DelegationError, UnbondingEntry, capacity, delegate, entry_assets, release, undelegate,
    },
    fault::FAULT_SECS,
    registry::{Lane, Status, Unbonding, Validator},
};

use crate::{
    ETH,
    registry::{TERMS, active},
};

const LARGE: u128 = 1_000_000 * ETH;

#[test]
fn capacity_is_the_smallest_of_bond_target_and_pool_share() {
    let vetted = |target| Validator {
        lane: Lane::Vetted,
        target,
        ..active(4 * ETH)
    };
    let limited = Validator {
        target: Some(3 * ETH),
        ..active(4 * ETH)
    };
    assert_eq!(capacity(&limited, LARGE, &TERMS, 0), Ok(3 * ETH));
    assert_eq!(capacity(&active(4 * ETH), LARGE, &TERMS, 0), Ok(20 * ETH));
    assert_eq!(capacity(&vetted(None), LARGE, &TERMS, 0), Ok(40 * ETH));
    assert_eq!(
        capacity(&vetted(Some(39 * ETH)), LARGE, &TERMS, 0),
        Ok(39 * ETH)
    );
    // 20 % of 99 ETH.
    assert_eq!(
        capacity(&vetted(Some(39 * ETH)), 99 * ETH, &TERMS, 0),
        Ok(19_800_000_000_000_000_000)
    );
}

#[test]
fn a_bond_under_the_minimum_carries_nothing() {
    assert_eq!(capacity(&active(2 * ETH), LARGE, &TERMS, 0), Ok(10 * ETH));
    assert_eq!(capacity(&active(2 * ETH - 1), LARGE, &TERMS, 0), Ok(0));
}

#[test]
fn only_an_active_validator_has_capacity() {
    for status in [
        Status::Unknown,
        Status::Pending,
        Status::Jailed,
        Status::Exiting,
        Status::Exited,
    ] {
        let validator = Validator {
            status,
            ..active(4 * ETH)
        };
        assert_eq!(capacity(&validator, LARGE, &TERMS, 0), Ok(0));
    }
}

#[test]
fn who_is_accused_keeps_its_stake_and_gets_no_more() {
    let holding = |wei| Validator {
        active: wei,
        ..active(4 * ETH)
    };
    let lapse = FAULT_SECS + 7;
    for (held, expected) in [(0, 0), (6 * ETH, 6 * ETH), (30 * ETH, 20 * ETH)] {
        let accused = holding(held).accused(7).unwrap();
        assert_eq!(capacity(&accused, LARGE, &TERMS, lapse - 1), Ok(expected));
        assert_eq!(capacity(&accused, LARGE, &TERMS, lapse), Ok(20 * ETH));
        assert_eq!(
            delegate(&accused, 1, LARGE, &TERMS, lapse - 1),
            Err(DelegationError::AboveCapacity {
                active: held + 1,
                capacity: expected,
            })
        );
    }
    let acquitted = Validator {
        faults: holding(0).accused(7).unwrap().faults.closed(),
        ..holding(0)
    };
    assert_eq!(capacity(&acquitted, LARGE, &TERMS, 8), Ok(20 * ETH));
}

#[test]
fn leaving_bond_and_unbonding_stake_use_up_capacity() {
    let validator = Validator {
        bond_exit: BondExit {
            amount: ETH,
            available_at: 0,
        },
        unbonding: Unbonding {
            assets: 2 * ETH,
            shares: 2 * ETH,
        },
        ..active(4 * ETH)
    };
    // (4 − 1) · 5 − 2
    assert_eq!(capacity(&validator, LARGE, &TERMS, 0), Ok(13 * ETH));
}

#[test]
fn a_validator_with_worthless_entries_gets_nothing() {
    let validator = Validator {
        unbonding: Unbonding {
            assets: 0,
            shares: 1,
        },
        ..active(4 * ETH)
    };
    assert_eq!(capacity(&validator, LARGE, &TERMS, 0), Ok(0));
}

#[test]
fn a_validator_whose_entries_lost_next_to_all_gets_nothing_until_they_are_gone() {
    let diluted = |assets| Validator {
        unbonding: Unbonding {
            assets,
            shares: 100 * ETH,
        },
        ..active(4 * ETH)
    };
    // 100 ETH of shares over 2^20 are 95,367,431,640,625 wei.
    assert_eq!(
        capacity(&diluted(95_367_431_640_624), LARGE, &TERMS, 0),
        Ok(0)
    );
    let enough = capacity(&diluted(95_367_431_640_625), LARGE, &TERMS, 0);
    assert_eq!(enough, Ok(20 * ETH - 95_367_431_640_625));
}

#[test]
fn stake_given_beside_diluted_entries_can_always_leave() {
    // At 2^20 shares a wei, all the ETH there is leaves with shares to spare.
    let all = (1 << 87) - 1;
    let diluted = Validator {
        active: all,
        unbonding: Unbonding {
            assets: ETH,
            shares: ETH << 20,
        },
        ..active(4 * ETH)
    };
    let (after, entry) = undelegate(&diluted, all, 0, &TERMS).unwrap();
    assert_eq!(entry.shares, all << 20);
    assert_eq!(entry_assets(&after.unbonding, entry.shares), Ok(all));
}

#[test]
fn stake_up_to_the_capacity_is_taken_and_not_a_wei_more() {
    let validator = Validator {
        active: 15 * ETH,
        ..active(4 * ETH)
    };
    assert_eq!(
        delegate(&validator, 5 * ETH, LARGE, &TERMS, 0)
            .unwrap()
            .active,
        20 * ETH
    );
    assert_eq!(
        delegate(&validator, 5 * ETH + 1, LARGE, &TERMS, 0),
        Err(DelegationError::AboveCapacity {
            active: 20 * ETH + 1,
            capacity: 20 * ETH
        })
    );
    assert_eq!(
        delegate(&validator, 0, LARGE, &TERMS, 0),
        Err(DelegationError::ZeroAmount)
    );
}

#[test]
fn undelegated_stake_matures_after_the_unbonding_time() {
    let validator = Validator {
        active: 15 * ETH,
        ..active(4 * ETH)
    };
    let (after, entry) = undelegate(&validator, 6 * ETH, 100, &TERMS).unwrap();
    assert_eq!(after.active, 9 * ETH);
    assert_eq!(
        after.unbonding,
        Unbonding {
            assets: 6 * ETH,
            shares: 6 * ETH
        }
    );
    assert_eq!(
        entry,
        UnbondingEntry {
            shares: 6 * ETH,
            matures_at: 800
        }
    );
    assert_eq!(
        release(&after, &entry, 799),
        Err(DelegationError::NotMatured {
            matures_at: 800,
            now: 799
        })
    );
    let (released, paid) = release(&after, &entry, 800).unwrap();
    assert_eq!((released.unbonding, paid), (Unbonding::default(), 6 * ETH));
}

#[test]
fn more_than_the_stake_or_nothing_cannot_be_undelegated() {
    let validator = Validator {
        active: 5,
        ..active(4 * ETH)
    };
    assert_eq!(
        undelegate(&validator, 6, 0, &TERMS),
        Err(DelegationError::AboveStake {
            assets: 6,
            active: 5
        })
    );
    assert_eq!(
        undelegate(&validator, 0, 0, &TERMS),
        Err(DelegationError::ZeroAmount)
    );
    assert_eq!(undelegate(&validator, 5, 0, &TERMS).unwrap().0.active, 0);
}

#[test]
fn entries_share_a_slash_and_the_last_takes_the_rest() {
    // Entries of 7 and 5 wei, slashed from 12 to 8: 7 · 8 / 12 = 4.67 → 4, the last gets 4.
    let slashed = Validator {
        unbonding: Unbonding {
            assets: 8,
            shares: 12,
        },
        ..active(4 * ETH)
    };
    let entry = |shares| UnbondingEntry {
        shares,
        matures_at: 0,
    };
    assert_eq!(entry_assets(&slashed.unbonding, 7), Ok(4));
    let (after, first) = release(&slashed, &entry(7), 0).unwrap();
    assert_eq!(
        after.unbonding,
        Unbonding {
            assets: 4,
            shares: 5
        }
    );
    let (after, last) = release(&after, &entry(5), 0).unwrap();
    assert_eq!((first, last), (4, 4));
    assert_eq!(after.unbonding, Unbonding::default());
}

#[test]
fn stake_undelegated_after_a_slash_does_not_share_it() {
    // 8 wei for 12 shares: 10 more wei are worth 15 shares, and 15 · 18 / 27 = 10.
    let slashed = Validator {
        active: 10,
        unbonding: Unbonding {
            assets: 8,
            shares: 12,
        },
        ..active(4 * ETH)
    };
    let (after, entry) = undelegate(&slashed, 10, 0, &TERMS).unwrap();
    assert_eq!(entry.shares, 15);
    assert_eq!(
        after.unbonding,
        Unbonding {
            assets: 18,
            shares: 27
        }
    );
    assert_eq!(entry_assets(&after.unbonding, 15), Ok(10));
    // 7 wei are worth 10.5 shares: down, in favour of the earlier entries.
    assert_eq!(undelegate(&slashed, 7, 0, &TERMS).unwrap().1.shares, 10);
}

#[test]
fn a_worthless_entry_is_released_for_nothing() {
    let slashed = Validator {
        unbonding: Unbonding {
            assets: 0,
            shares: 12,
        },
        ..active(4 * ETH)
    };
    let entry = UnbondingEntry {
        shares: 5,
        matures_at: 0,
    };
    let (after, paid) = release(&slashed, &entry, 0).unwrap();
    assert_eq!((after.unbonding.shares, paid), (7, 0));
}
