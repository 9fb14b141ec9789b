//! The rules of `protocol::reserves` on literal numbers.

use protocol::{
    drip::Drip,
    mul_div::MathError,
    pool::Ledger,
    rate::Totals,
    reserves::{PoolReserves, RegistryBooks, ReservesError, pool, surplus},
};

const LEDGER: Ledger = Ledger {
    booked: Totals {
        assets: 100,
        shares: 90,
    },
    drip: Drip {
        amount: 50,
        start: 0,
        end: 10,
    },
};

#[test]
fn every_wei_of_the_pool_belongs_to_somebody() {
    // At 4, 20 of 50 are released: 120 are the holders', 70 of them staked.
    assert_eq!(
        pool(&LEDGER, 70, 83, 4),
        Ok(PoolReserves {
            buffered: 50,
            unreleased: 30,
            staked: 70,
            surplus: 3
        })
    );
}

#[test]
fn a_pool_that_owes_more_than_it_holds_says_so() {
    assert_eq!(
        pool(&LEDGER, 70, 79, 4),
        Err(ReservesError::Insolvent {
            balance: 79,
            owed: 80
        })
    );
}

#[test]
fn what_validators_carry_beyond_the_holders_is_unreleased() {
    // 120 are the holders', 150 staked: 30 of the 30 unreleased lie with validators.
    assert_eq!(
        pool(&LEDGER, 150, 1, 4),
        Ok(PoolReserves {
            buffered: 0,
            unreleased: 0,
            staked: 150,
            surplus: 1
        })
    );
    let beyond = MathError::DifferenceUnderflow { a: 30, b: 31 };
    assert_eq!(pool(&LEDGER, 151, 1, 4), Err(ReservesError::Math(beyond)));
}

#[test]
fn the_registry_owes_five_sums() {
    let books = RegistryBooks {
        bonds: 1,
        active: 20,
        unbonding: 300,
        cover_fund: 4_000,
        reporter_rewards: 50_000,
    };
    assert_eq!(books.owed(), Ok(54_321));
    assert_eq!(surplus(54_321, 54_321), Ok(0));
    assert_eq!(
        surplus(54_320, 54_321),
        Err(ReservesError::Insolvent {
            balance: 54_320,
            owed: 54_321
        })
    );
}
