//! When the next block of a chain with interval blocks is due.
use std::time::{Duration, Instant};

use crate::chain::Mining;

/// The interval in force, and when its next block is due.
#[derive(Debug, Default)]
pub(super) struct Pace(Option<(Duration, Instant)>);

impl Pace {
    /// When the next block is due: an interval after `now` if the interval is new, and never
    /// if the blocks have none, or one that reaches beyond what a clock can show.
    pub(super) fn due(&mut self, mining: Mining, now: Instant) -> Option<Instant> {
        self.0 = match (mining, self.0) {
            (Mining::Interval(new), Some((old, due))) if new == old => Some((old, due)),
            (Mining::Interval(new), _) => now.checked_add(new).map(|due| (new, due)),
            (Mining::Automatic | Mining::Manual, _) => None,
        };
        self.0.map(|(_, due)| due)
    }

    /// The block that was due is sealed: the next one is due an interval later, at once if
    /// that has passed.
    pub(super) fn sealed(&mut self, now: Instant) {
        self.0 = self.0.and_then(|(interval, due)| {
            let next = due.checked_add(interval)?;
            Some((interval, next.max(now)))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Mining = Mining::Interval(Duration::from_secs(1));

    #[test]
    fn a_block_is_due_an_interval_after_the_last() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let first = start + Duration::from_secs(1);
        assert_eq!(pace.due(SECOND, start), Some(first));
        let late = first + Duration::from_millis(300);
        assert_eq!(pace.due(SECOND, late), Some(first));
        pace.sealed(late);
        assert_eq!(pace.due(SECOND, late), Some(first + Duration::from_secs(1)));
        let overdue = first + Duration::from_secs(9);
        pace.sealed(overdue);
        assert_eq!(pace.due(SECOND, overdue), Some(overdue));
    }

    #[test]
    fn a_new_interval_counts_from_when_it_is_set() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let year = Mining::Interval(Duration::from_secs(31_536_000));
        pace.due(year, start);
        assert_eq!(
            pace.due(SECOND, start),
            Some(start + Duration::from_secs(1))
        );
        assert_eq!(pace.due(Mining::Manual, start), None);
    }

    #[test]
    fn an_interval_that_no_clock_can_hold_is_never_over() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let forever = Mining::Interval(Duration::from_secs(u64::MAX));
        assert_eq!(pace.due(forever, start), None);
    }
}
