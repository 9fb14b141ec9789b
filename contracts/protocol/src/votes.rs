//! Votes as they were: what a history of an amount must keep, and what it says about a moment.

/// Most votes, and most wlsETH: 2⁸⁸ − 1, twice as much as there is wei of ETH. Two checkpoints with
/// such an amount fit one storage word.
pub const MAX_VOTES: u128 = (1 << 88) - 1;

/// An amount from a moment on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Timestamp of the change; zero if there was none yet.
    pub since: u64,
    /// The amount from then on.
    pub votes: u128,
}

/// The newest checkpoint of an amount, and how many older ones are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What holds now.
    pub latest: Checkpoint,
    /// Older checkpoints, numbered from 0.
    pub kept: u64,
}

impl Trace {
    /// The trace after the amount became `votes` at `now`, and the checkpoint that must be kept as
    /// number `self.kept` because it is older than that.
    pub const fn changed(&self, votes: u128, now: u64) -> (Self, Option<Checkpoint>) {
        let latest = Checkpoint { since: now, votes };
        // Within a second only the last amount counts, and before the first there was none.
        if self.latest.since == now || self.latest.since == 0 {
            let kept = self.kept;
            return (Self { latest, kept }, None);
        }
        let kept = self.kept.saturating_add(1);
        (Self { latest, kept }, Some(self.latest))
    }

    /// How many checkpoints there are, the newest included.
    pub const fn count(&self) -> u64 {
        if self.latest.since == 0 {
            return 0;
        }
        self.kept.saturating_add(1)
    }

    /// The amount at the end of the second `timepoint`; `kept` reads a kept checkpoint.
    ///
    /// Reads as many as the number of checkpoints has binary digits.
    pub fn at(&self, timepoint: u64, kept: impl Fn(u64) -> Checkpoint) -> u128 {
        if timepoint >= self.latest.since {
            return self.latest.votes;
        }
        // All below `low` are at or before the moment, all from `high` on are after it.
        let (mut low, mut high) = (0_u64, self.kept);
        let mut votes = 0;
        while low < high {
            let middle = low.midpoint(high);
            let checkpoint = kept(middle);
            if checkpoint.since <= timepoint {
                votes = checkpoint.votes;
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        votes
    }
}
