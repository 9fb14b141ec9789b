//! Every version of the state stays readable.

use alloy::primitives::{Address, U256, address};

use super::{Record, State};

const ALICE: Address = address!("0x00000000000000000000000000000000000a11ce");

fn balance(wei: u64) -> Record {
    Record {
        balance: U256::from(wei),
        ..Record::default()
    }
}

fn wei_at(state: &State, block: u64) -> Option<u64> {
    state
        .record(block, ALICE)
        .map(|record| record.balance.to::<u64>())
}

#[test]
fn a_read_sees_the_version_of_its_block() {
    let state = State::default();
    state.set_record(2, ALICE, balance(20));
    state.set_record(5, ALICE, balance(50));
    state.set_record(9, ALICE, balance(90));
    let seen: Vec<_> = [1, 2, 4, 5, 8, 9, 100]
        .map(|block| wei_at(&state, block))
        .into();
    assert_eq!(
        seen,
        [
            None,
            Some(20),
            Some(20),
            Some(50),
            Some(50),
            Some(90),
            Some(90)
        ],
    );
}

#[test]
fn an_emptied_account_is_gone_from_its_block_on() {
    let state = State::default();
    state.set_record(1, ALICE, balance(7));
    state.set_record(3, ALICE, Record::default());
    assert_eq!(wei_at(&state, 2), Some(7));
    assert_eq!(wei_at(&state, 3), None);
}

#[test]
fn nested_marks_take_back_exactly_their_writes() {
    let state = State::default();
    state.set_record(1, ALICE, balance(1));
    let outer = state.start_recording();
    state.set_record(1, ALICE, balance(2));
    state.set_slot(1, ALICE, U256::ONE, U256::from(11));
    let inner = state.start_recording();
    state.set_record(2, ALICE, balance(3));
    state.set_slot(2, ALICE, U256::ONE, U256::ZERO);
    state.roll_back(inner);
    assert_eq!(wei_at(&state, 9), Some(2));
    assert_eq!(state.slot(9, ALICE, U256::ONE), U256::from(11));
    state.roll_back(outer);
    assert_eq!(wei_at(&state, 9), Some(1));
    assert_eq!(state.slot(9, ALICE, U256::ONE), U256::ZERO);
}

#[test]
fn the_log_is_kept_only_while_somebody_records() {
    let state = State::default();
    state.set_slot(1, ALICE, U256::ONE, U256::ONE);
    assert_eq!(state.0.read().undo.len(), 0);
    state.start_recording();
    state.set_slot(1, ALICE, U256::ONE, U256::from(2));
    assert_eq!(state.0.read().undo.len(), 1);
    state.stop_recording();
    assert_eq!(state.0.read().undo.len(), 0);
}

#[test]
fn forgotten_blocks_leave_older_marks_good() {
    let state = State::default();
    state.set_record(1, ALICE, balance(1));
    let mark = state.start_recording();
    state.set_record(1, ALICE, balance(2));
    state.set_record(2, ALICE, balance(3));
    state.set_slot(3, ALICE, U256::ONE, U256::from(11));
    state.set_record(3, ALICE, balance(4));
    state.forget_after(2);
    assert_eq!(wei_at(&state, 9), Some(3));
    assert_eq!(state.slot(9, ALICE, U256::ONE), U256::ZERO);
    state.set_record(3, ALICE, balance(5));
    assert_eq!(wei_at(&state, 9), Some(5));
    state.roll_back(mark);
    assert_eq!(wei_at(&state, 9), Some(1));
}
