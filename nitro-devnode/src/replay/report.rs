//! What a replay found, and how it is printed.
use std::fmt;

use serde::{Deserialize, Serialize};

/// Equal answers out of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answers equal to the recorded ones.
    pub equal: usize,
    /// Answers recorded.
    pub total: usize,
}

impl Tally {
    pub(super) fn count(&mut self, equal: bool) {
        self.total = self.total.saturating_add(1);
        self.equal = self.equal.saturating_add(usize::from(equal));
    }

    /// True if nothing differs.
    pub fn is_full(&self) -> bool {
        self.equal == self.total
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.equal, self.total))
    }
}

/// An answer that is not the recorded one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Label of the recorded line.
    pub label: String,
    /// What differs: ours, then the recorded.
    pub what: String,
}

/// What a replay of one file found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the file.
    pub name: String,
    /// Receipts of transactions.
    pub receipts: Tally,
    /// Calls, refusals of transactions included: code and data.
    pub calls: Tally,
    /// Words of the errors among the calls.
    pub words: Tally,
    /// Gas estimates.
    pub estimates: Tally,
    /// Traces of programs' hostios.
    pub traces: Tally,
    /// Accounts of the recorded state.
    pub state: Tally,
    /// Everything that differs, in order.
    pub differences: Vec<Difference>,
}

impl Report {
    /// True if nothing differs but perhaps the words of errors.
    pub fn is_equal(&self) -> bool {
        self.tallies().into_iter().all(Tally::is_full)
    }

    /// Answers that were compared.
    pub fn answers(&self) -> usize {
        let totals = self.tallies().map(|tally| tally.total);
        totals.into_iter().fold(0, usize::saturating_add)
    }

    /// What counts: everything but the words of errors.
    const fn tallies(&self) -> [&Tally; 5] {
        [
            &self.receipts,
            &self.calls,
            &self.estimates,
            &self.traces,
            &self.state,
        ]
    }

    /// Head of the table of which [`Report`]s are the rows.
    pub fn heading() -> String {
        format!(
            "{:<46} {:>10} {:>11} {:>9} {:>10} {:>9} {:>9}",
            "file", "receipts", "calls", "words", "estimates", "traces", "state",
        )
    }
}

/// How much of one file is equal: what the repository keeps, so that it never falls unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EqualCounts {
    /// See [`Report::receipts`].
    pub receipts: usize,
    /// See [`Report::calls`].
    pub calls: usize,
    /// See [`Report::words`].
    pub words: usize,
    /// See [`Report::estimates`].
    pub estimates: usize,
    /// See [`Report::traces`].
    pub traces: usize,
    /// See [`Report::state`].
    pub state: usize,
}

impl From<&Report> for EqualCounts {
    fn from(report: &Report) -> Self {
        Self {
            receipts: report.receipts.equal,
            calls: report.calls.equal,
            words: report.words.equal,
            estimates: report.estimates.equal,
            traces: report.traces.equal,
            state: report.state.equal,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            receipts,
            calls,
            words,
            estimates,
            traces,
            state,
            ..
        } = self;
        write!(
            f,
            "{name:<46} {receipts:>10} {calls:>11} {words:>9} {estimates:>10} {traces:>9} {state:>9}"
        )
    }
}
