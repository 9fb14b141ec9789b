//! Random lives of the small world: every invariant after every step, and everybody leaves at the end.

use proptest::prelude::*;

use crate::config;
use crate::model::{World, op::op};

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn every_trace_keeps_the_invariants_and_everybody_can_leave(
        ops in proptest::collection::vec(op(), 1..60)
    ) {
        let mut world = World::new();
        world.check();
        for op in &ops {
            world = world.after(op);
        }
        world.drain();
    }
}
