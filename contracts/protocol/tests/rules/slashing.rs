//! The rules of `protocol::slashing` on literal numbers.

use protocol::{
    registry::{Status, Unbonding, Validator},
    reserves::RegistryBooks,
    slashing::{Slash, SlashError, exposure, slash, slash_bond},
};

use crate::registry::active;

/// Until when a penalty jails.
const UNTIL: u64 = 900;

/// Bond 1,000, active 6,000, unbonding 3,000: exposure 10,000.
fn exposed() -> Validator {
    Validator {
        active: 6_000,
        unbonding: Unbonding {
            assets: 3_000,
            shares: 4_000,
        },
        ..active(1_000)
    }
}

#[test]
fn the_bond_pays_first_and_the_reporter_from_it_alone() {
    assert_eq!(
        slash(&exposed(), 500, 999, UNTIL),
        Ok(Slash {
            bond_loss: 999,
            // 5 % of 999 = 49.95
            reporter_reward: 49,
            cover_used: 0,
            stake_loss: 0,
            active_cut: 0,
            unbonding_cut: 0,
            burned: 950,
            validator: Validator {
                bond: 1,
                status: Status::Jailed,
                jailed_until: UNTIL,
                ..exposed()
            },
            cover_fund: 500,
        })
    );
}

#[test]
fn a_validator_without_stake_is_slashed_in_its_bond() {
    let slash = slash(&active(1_000), 0, 400, UNTIL).unwrap();
    assert_eq!((slash.bond_loss, slash.stake_loss), (400, 0));
    assert_eq!(slash.validator, active(600).jail(UNTIL).unwrap());
}

#[test]
fn the_cover_fund_pays_before_the_stake() {
    let slash = slash(&exposed(), 500, 1_400, UNTIL).unwrap();
    assert_eq!(
        (slash.bond_loss, slash.cover_used, slash.stake_loss),
        (1_000, 400, 0)
    );
    assert_eq!(slash.cover_fund, 100);
}

#[test]
fn stake_is_cut_in_proportion_with_unbonding_rounded_down() {
    // 2,500 − 1,000 − 500 = 1,000 of stake: 333.3 of it unbonding.
    let slash = slash(&exposed(), 500, 2_500, UNTIL).unwrap();
    assert_eq!(
        (slash.bond_loss, slash.cover_used, slash.stake_loss),
        (1_000, 500, 1_000)
    );
    assert_eq!((slash.active_cut, slash.unbonding_cut), (667, 333));
    assert_eq!((slash.reporter_reward, slash.burned), (50, 2_450));
    assert_eq!(slash.cover_fund, 0);
    assert_eq!(slash.validator.bond, 0);
    assert_eq!(slash.validator.active, 5_333);
    assert_eq!(
        slash.validator.unbonding,
        Unbonding {
            assets: 2_667,
            shares: 4_000
        }
    );
}

#[test]
fn a_penalty_may_take_everything_but_not_more() {
    assert_eq!(exposure(&exposed()), Ok(10_000));
    let all = slash(&exposed(), 0, 10_000, UNTIL).unwrap();
    assert_eq!(exposure(&all.validator), Ok(0));
    assert_eq!(
        slash(&exposed(), 0, 10_001, UNTIL),
        Err(SlashError::AboveExposure {
            penalty: 10_001,
            exposure: 10_000
        })
    );
}

#[test]
fn unbonding_stake_is_not_wiped_out_by_rounding() {
    let validator = Validator {
        active: 1_000_000,
        unbonding: Unbonding {
            assets: 1,
            shares: 1,
        },
        ..active(0)
    };
    // All but one wei is lost: 1,000,000 · 1 / 1,000,001 rounds to none of the unbonding wei.
    let slash = slash(&validator, 0, 1_000_000, UNTIL).unwrap();
    assert_eq!((slash.active_cut, slash.unbonding_cut), (1_000_000, 0));
}

#[test]
fn a_penalty_of_nothing_is_refused() {
    assert_eq!(slash(&exposed(), 0, 0, UNTIL), Err(SlashError::ZeroPenalty));
    assert_eq!(
        slash_bond(&exposed(), 0, 0, UNTIL),
        Err(SlashError::ZeroPenalty)
    );
}

#[test]
fn absence_costs_a_twentieth_of_the_bond_at_most_and_rewards_nobody() {
    assert_eq!(
        slash_bond(&exposed(), 500, 50, UNTIL),
        Ok(Slash {
            bond_loss: 50,
            reporter_reward: 0,
            cover_used: 0,
            stake_loss: 0,
            active_cut: 0,
            unbonding_cut: 0,
            burned: 50,
            validator: Validator {
                bond: 950,
                status: Status::Jailed,
                jailed_until: UNTIL,
                ..exposed()
            },
            cover_fund: 500,
        })
    );
    assert_eq!(
        slash_bond(&exposed(), 500, 51, UNTIL),
        Err(SlashError::AboveExposure {
            penalty: 51,
            exposure: 50,
        })
    );
}

#[test]
fn a_slash_is_booked_where_its_parts_were() {
    let books = RegistryBooks {
        bonds: 5_000,
        active: 8_000,
        unbonding: 3_500,
        cover_fund: 500,
        reporter_rewards: 7,
    };
    let slash = slash(&exposed(), 500, 2_500, UNTIL).unwrap();
    assert_eq!(
        slash.booked(&books),
        Ok(RegistryBooks {
            bonds: 4_000,
            active: 7_333,
            unbonding: 3_167,
            cover_fund: 0,
            reporter_rewards: 57,
        })
    );
    assert!(slash.booked(&RegistryBooks::default()).is_err());
}
