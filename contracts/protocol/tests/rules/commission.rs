//! The rules of `protocol::commission` on literal numbers.

use protocol::commission::{Commission, CommissionError};

use crate::registry::TERMS;

fn five_percent() -> Commission {
    Commission::registered(500).unwrap()
}

#[test]
fn a_validator_registers_with_any_commission_up_to_all_of_the_pay() {
    assert_eq!(five_percent().at(0), 500);
    assert_eq!(Commission::registered(10_000).unwrap().at(0), 10_000);
    assert_eq!(
        Commission::registered(10_001),
        Err(CommissionError::AboveMaximum {
            commission_bps: 10_001
        })
    );
}

#[test]
fn an_announced_commission_is_charged_after_the_notice() {
    let announced = five_percent().announced(1_000, 100, &TERMS).unwrap();
    assert_eq!((announced.at(100), announced.at(159)), (500, 500));
    assert_eq!((announced.at(160), announced.at(u64::MAX)), (1_000, 1_000));
}

#[test]
fn one_announcement_raises_by_five_points_at_most_and_lowers_by_any() {
    assert!(five_percent().announced(1_000, 100, &TERMS).is_ok());
    assert_eq!(
        five_percent().announced(1_001, 100, &TERMS),
        Err(CommissionError::RaiseTooLarge {
            current_bps: 500,
            next_bps: 1_001
        })
    );
    let high = Commission::registered(10_000).unwrap();
    assert_eq!(high.announced(10_000, 100, &TERMS).unwrap().at(160), 10_000);
    assert_eq!(high.announced(0, 100, &TERMS).unwrap().at(160), 0);
    assert_eq!(
        high.announced(10_001, 100, &TERMS),
        Err(CommissionError::AboveMaximum {
            commission_bps: 10_001
        })
    );
}

#[test]
fn a_second_announcement_replaces_the_first_and_counts_from_what_is_charged_now() {
    let announced = five_percent().announced(1_000, 100, &TERMS).unwrap();
    // Within the notice 500 are still charged, so 1,001 are too many.
    assert!(announced.announced(1_001, 159, &TERMS).is_err());
    let replaced = announced.announced(600, 159, &TERMS).unwrap();
    assert_eq!((replaced.at(218), replaced.at(219)), (500, 600));
    // After it 1,000 are, so 1,500 are not.
    let raised = announced.announced(1_500, 160, &TERMS).unwrap();
    assert_eq!((raised.at(219), raised.at(220)), (1_000, 1_500));
}
