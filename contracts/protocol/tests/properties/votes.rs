//! Votes against a plain list of what they became and when.

use std::cell::Cell;

use proptest::prelude::*;
use protocol::votes::{Checkpoint, Trace};

use crate::config;

proptest! {
    #![proptest_config(config(2_048))]

    // I11
    #[test]
    fn votes_are_those_of_a_list_and_cost_its_logarithm(
        changes in proptest::collection::vec((0_u64..4, 0_u128..1 << 88), 0..70), asked in 0_u64..150
    ) {
        let (mut trace, mut kept, mut list) = (Trace::default(), Vec::<Checkpoint>::new(), Vec::new());
        let mut now = 1;
        for (elapsed, votes) in changes {
            now += elapsed;
            let (next, old) = trace.changed(votes, now);
            if let Some(old) = old {
                prop_assert_eq!(kept.len() as u64, trace.kept);
                kept.push(old);
            }
            trace = next;
            list.push((now, votes));
        }
        let expected = list.iter().rev().find(|(since, _)| *since <= asked);
        let reads = Cell::new(0);
        let found = trace.at(asked, |number| {
            reads.set(reads.get() + 1);
            kept[number as usize]
        });
        prop_assert_eq!(found, expected.map_or(0, |(_, votes)| *votes));
        prop_assert!(reads.get() <= u64::BITS - trace.kept.leading_zeros());
        list.dedup_by_key(|(since, _)| *since);
        prop_assert_eq!(trace.count(), list.len() as u64);
    }
}
