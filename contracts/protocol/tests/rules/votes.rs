//! The rules of `protocol::votes` on literal numbers, and against a history that forgets nothing.

use protocol::votes::{Checkpoint, MAX_VOTES, Trace};

const fn checkpoint(since: u64, votes: u128) -> Checkpoint {
    Checkpoint { since, votes }
}

/// A trace with the checkpoints that it has asked to keep.
#[derive(Default)]
struct History {
    trace: Trace,
    kept: Vec<Checkpoint>,
}

impl History {
    fn change(&mut self, votes: u128, now: u64) {
        let (trace, old) = self.trace.changed(votes, now);
        if let Some(old) = old {
            assert_eq!(self.kept.len() as u64, self.trace.kept);
            self.kept.push(old);
        }
        self.trace = trace;
    }

    fn at(&self, timepoint: u64) -> u128 {
        let kept = |number| self.kept[usize::try_from(number).unwrap()];
        self.trace.at(timepoint, kept)
    }
}

#[test]
fn the_first_change_keeps_nothing() {
    let (trace, old) = Trace::default().changed(5, 100);
    assert_eq!(
        (trace.latest, trace.kept, old),
        (checkpoint(100, 5), 0, None)
    );
    assert_eq!((Trace::default().count(), trace.count()), (0, 1));
}

#[test]
fn within_a_second_only_the_last_amount_counts() {
    let (trace, _) = Trace::default().changed(5, 100);
    let (trace, old) = trace.changed(7, 100);
    assert_eq!(
        (trace.latest, trace.kept, old),
        (checkpoint(100, 7), 0, None)
    );
}

#[test]
fn an_older_amount_is_kept() {
    let (trace, _) = Trace::default().changed(5, 100);
    let (trace, old) = trace.changed(7, 101);
    assert_eq!((trace.latest, trace.kept), (checkpoint(101, 7), 1));
    assert_eq!(old, Some(checkpoint(100, 5)));
    assert_eq!(trace.count(), 2);
}

#[test]
fn before_the_first_change_there_is_nothing() {
    let mut history = History::default();
    assert_eq!(history.at(99), 0);
    history.change(5, 100);
    assert_eq!((history.at(99), history.at(100)), (0, 5));
    history.change(7, 200);
    assert_eq!(history.at(99), 0);
}

#[test]
fn every_second_of_every_short_history_is_found() {
    // Gaps of 0 to 2 seconds between nine changes: 3^9 histories.
    for code in 0..19_683_u32 {
        let (mut history, mut naive) = (History::default(), vec![0_u128]);
        let (mut now, mut rest) = (1_u64, code);
        for votes in 1..=9_u128 {
            now += u64::from(rest % 3);
            rest /= 3;
            history.change(votes, now);
            let end = usize::try_from(now).unwrap();
            let last = *naive.last().unwrap();
            naive.resize(end.max(naive.len() - 1) + 1, last);
            naive[end] = votes;
        }
        for (second, votes) in naive.iter().enumerate() {
            assert_eq!(history.at(second as u64), *votes, "{code}: {second}");
        }
    }
}

#[test]
fn all_the_wei_of_eth_are_fewer_than_the_most_votes() {
    // 120.7 million ETH in 2026; 309 million fit.
    assert_eq!(MAX_VOTES, 309_485_009_821_345_068_724_781_055);
}
