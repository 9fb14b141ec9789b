//! The rules of `protocol::fault` on literal numbers.

use protocol::fault::{Evidence, EvidenceError, Faults};

/// 14 days.
const LAPSE: u64 = 1_209_600;

#[test]
fn faults_are_open_until_they_are_closed_or_lapse() {
    let one = Faults::default().opened(100);
    assert_eq!(one.open_at(100), 1);
    let two = one.opened(200);
    assert_eq!(two.open_at(200), 2);
    assert_eq!(two.closed(300).open_at(300), 1);
    assert_eq!(two.closed(300).closed(300).open_at(300), 0);
    assert_eq!(two.open_at(199 + LAPSE), 2);
    assert_eq!(two.open_at(200 + LAPSE), 0);
}

#[test]
fn a_fault_after_all_lapsed_is_the_only_one() {
    let lapsed = Faults::default().opened(0).opened(0);
    assert_eq!(lapsed.opened(LAPSE).open_at(LAPSE), 1);
    assert_eq!(lapsed.closed(LAPSE).open_at(LAPSE), 0);
}

#[test]
fn new_evidence_convicts_without_an_allegation() {
    assert_eq!(Evidence::New.convicts(7, 0), Ok(false));
    assert_eq!(Evidence::New.acquits(7, 0), Err(EvidenceError::NotPending));
}

#[test]
fn alleged_evidence_decides_about_the_accused_alone() {
    let alleged = Evidence::New.alleged(7, 100).unwrap();
    assert_eq!(
        alleged,
        Evidence::Alleged {
            validator: 7,
            until: 100 + LAPSE
        }
    );
    assert_eq!(alleged.convicts(7, 99 + LAPSE), Ok(true));
    assert_eq!(alleged.acquits(7, 99 + LAPSE), Ok(true));
    let another = Err(EvidenceError::AgainstAnother { validator: 7 });
    assert_eq!(alleged.convicts(8, 100), another);
    assert_eq!(alleged.acquits(8, 100), another);
}

#[test]
fn an_allegation_that_lapsed_closes_nothing_and_can_be_made_again() {
    let alleged = Evidence::New.alleged(7, 100).unwrap();
    assert_eq!(alleged.convicts(7, 100 + LAPSE), Ok(false));
    assert_eq!(alleged.alleged(7, 99 + LAPSE), Err(EvidenceError::Pending));
    assert!(alleged.alleged(8, 100 + LAPSE).is_ok());
}

#[test]
fn used_evidence_serves_nothing_more() {
    assert_eq!(Evidence::Used.alleged(7, 0), Err(EvidenceError::Used));
    assert_eq!(Evidence::Used.convicts(7, 0), Err(EvidenceError::Used));
    assert_eq!(Evidence::Used.acquits(7, 0), Err(EvidenceError::Used));
}
