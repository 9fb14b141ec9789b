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
    assert_eq!(two.closed().open_at(300), 1);
    assert_eq!(two.closed().closed().open_at(300), 0);
    assert_eq!(two.open_at(199 + LAPSE), 2);
    assert_eq!(two.open_at(200 + LAPSE), 0);
}

#[test]
fn a_fault_that_lapsed_is_counted_until_somebody_says_so() {
    let lapsed = Faults::default().opened(0);
    assert_eq!(lapsed.open_at(LAPSE), 0);
    // A younger one makes it count again,
    let younger = lapsed.opened(LAPSE);
    assert_eq!(younger.open_at(LAPSE), 2);
    // and neither counts once it is decided and the lapsed one was closed.
    assert_eq!(younger.closed().closed().open_at(LAPSE), 0);
}

#[test]
fn new_evidence_convicts_without_an_allegation() {
    assert_eq!(Evidence::New.convicts(7), Ok(false));
    assert_eq!(Evidence::New.acquits(7), Err(EvidenceError::NotPending));
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
    assert_eq!(alleged.convicts(7), Ok(true));
    assert_eq!(alleged.acquits(7), Ok(true));
    let another = Err(EvidenceError::AgainstAnother { validator: 7 });
    assert_eq!(alleged.convicts(8), another);
    assert_eq!(alleged.acquits(8), another);
}

#[test]
fn an_allegation_lapses_once_and_only_after_its_time() {
    let alleged = Evidence::New.alleged(7, 100).unwrap();
    let until = 100 + LAPSE;
    let early = Err(EvidenceError::NotLapsed { until });
    assert_eq!(alleged.lapses(until - 1), early);
    assert_eq!(alleged.lapses(until), Ok(7));
    let lapsed = Evidence::Lapsed { validator: 7 };
    assert_eq!(lapsed.lapses(until), Err(EvidenceError::NotPending));
    assert_eq!(Evidence::New.lapses(0), Err(EvidenceError::NotPending));
    assert_eq!(Evidence::Used.lapses(0), Err(EvidenceError::NotPending));
}

#[test]
fn an_allegation_that_lapsed_cannot_be_made_again() {
    let alleged = Evidence::New.alleged(7, 100).unwrap();
    assert_eq!(alleged.alleged(7, 99 + LAPSE), Err(EvidenceError::Pending));
    assert_eq!(alleged.alleged(8, 100 + LAPSE), Err(EvidenceError::Lapsed));
    let lapsed = Evidence::Lapsed { validator: 7 };
    assert_eq!(lapsed.alleged(7, 100 + LAPSE), Err(EvidenceError::Lapsed));
}

#[test]
fn evidence_that_lapsed_still_convicts_and_closes_what_is_counted() {
    // Lapsed, but nobody has said so: it is still counted.
    let alleged = Evidence::New.alleged(7, 100).unwrap();
    assert_eq!(alleged.convicts(7), Ok(true));
    let lapsed = Evidence::Lapsed { validator: 7 };
    assert_eq!(lapsed.convicts(7), Ok(false));
    assert_eq!(lapsed.acquits(7), Ok(false));
    let another = Err(EvidenceError::AgainstAnother { validator: 7 });
    assert_eq!(lapsed.convicts(8), another);
}

#[test]
fn used_evidence_serves_nothing_more() {
    assert_eq!(Evidence::Used.alleged(7, 0), Err(EvidenceError::Used));
    assert_eq!(Evidence::Used.convicts(7), Err(EvidenceError::Used));
    assert_eq!(Evidence::Used.acquits(7), Err(EvidenceError::Used));
}
