//! What became of operations, as text that stands in the repository: OpenZeppelin's contracts leave the
//! same on a node as natively, or one of the two runs them wrongly.

use core::fmt::{Display, Write};

/// How many operations of seed 0 are recorded.
pub const RECORDED: u64 = 200;

/// An ETH in wei.
pub const ETHER: u128 = 1_000_000_000_000_000_000;

/// Outcomes, then what people have in the end.
#[derive(Debug, Default, Clone)]
pub struct Record {
    text: String,
    outcomes: u64,
}

impl Record {
    /// Writes `+` or `-` for an operation.
    pub fn outcome(&mut self, accepted: bool) {
        self.text.push(if accepted { '+' } else { '-' });
        self.outcomes += 1;
        if self.outcomes.is_multiple_of(50) {
            self.text.push('\n');
        }
    }

    /// Whether all operations are written.
    pub fn is_full(&self) -> bool {
        self.outcomes == RECORDED
    }

    /// Writes what somebody has.
    pub fn state(&mut self, what: &str, whose: usize, value: impl Display) {
        // Writing to text does not fail.
        let _ = writeln!(self.text, "{what} {whose} {value}");
    }

    /// The record.
    pub fn text(&self) -> &str {
        &self.text
    }
}
