//! What the nitro-devnode start script sets up, as real transactions.
use super::{Chain, Rejected};

impl Chain {
    /// Runs the transactions of the preset.
    pub(super) fn apply_preset(&mut self) -> Result<(), Rejected> {
        Ok(())
    }
}
