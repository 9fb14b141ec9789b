//! Drops the newest blocks, as an L1 reorganisation makes a node do.
use std::sync::Arc;

use super::{Block, Chain, Head};

/// More blocks were to be dropped than there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot drop {depth} blocks: the chain has {head} after its genesis")]
pub struct TooDeep {
    /// Blocks to be dropped.
    pub depth: u64,
    /// Number of the newest block.
    pub head: u64,
}

/// What a reorganisation did.
#[derive(Debug, Clone)]
pub struct Reorg {
    /// The newest block from now on.
    pub head: Arc<Block>,
    /// The blocks that are gone, newest first. Their transactions can be sent again.
    pub dropped: Vec<Arc<Block>>,
}

impl Chain {
    /// Drops the newest `depth` blocks with the edits made on them. Snapshots of what is gone
    /// are used up; older ones stay. The clock and the pool stay as they are.
    ///
    /// # Errors
    /// [`TooDeep`].
    pub fn reorg(&mut self, depth: u64) -> Result<Reorg, TooDeep> {
        let too_deep = TooDeep {
            depth,
            head: self.head.number,
        };
        let number = self.head.number.checked_sub(depth).ok_or(too_deep)?;
        let head = self.reader.block(number).ok_or(too_deep)?;
        let before = self.snapshots.len();
        self.snapshots
            .retain(|_, snapshot| snapshot.head.number <= number);
        let used_up = before.saturating_sub(self.snapshots.len());
        let dropped = {
            // No call may run on the blocks that go away.
            let _alone = self.reader.past().write();
            let state = self.reader.state();
            let dropped = self.reader.ledger().write().truncate(number);
            state.forget_after(number);
            for _ in 0..used_up {
                state.stop_recording();
            }
            dropped
        };
        self.head = Head::at(&head);
        self.reader.retract(&dropped);
        Ok(Reorg { head, dropped })
    }
}
