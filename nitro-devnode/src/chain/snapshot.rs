//! Takes the chain back to where it was.
use super::{Chain, Head, clock::Clock};
use crate::state::Mark;

/// Where the chain was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Snapshot {
    mark: Mark,
    pub(super) head: Head,
    clock: Clock,
}

impl Chain {
    /// Remembers the chain as it is, under a number that [`Chain::revert`] takes.
    pub fn snapshot(&mut self) -> u64 {
        let mark = self.reader.state().start_recording();
        let id = self.next_snapshot;
        self.next_snapshot = id.saturating_add(1);
        self.snapshots.insert(
            id,
            Snapshot {
                mark,
                head: self.head,
                clock: *self.reader.clock().read(),
            },
        );
        id
    }

    /// Goes back to a snapshot; it and all later ones are used up. False if there is none
    /// with this number. What waits in the pool keeps waiting.
    pub fn revert(&mut self, id: u64) -> bool {
        let Some(snapshot) = self.snapshots.get(&id).copied() else {
            return false;
        };
        let used_up = self.snapshots.split_off(&id);
        let dropped = {
            // No call may run on the blocks that go away.
            let _alone = self.reader.past().write();
            let state = self.reader.state();
            let dropped = self.reader.ledger().write().truncate(snapshot.head.number);
            state.roll_back(snapshot.mark);
            for _ in used_up {
                state.stop_recording();
            }
            dropped
        };
        self.head = snapshot.head;
        *self.reader.clock().write() = snapshot.clock;
        self.reader.retract(&dropped);
        true
    }
}
