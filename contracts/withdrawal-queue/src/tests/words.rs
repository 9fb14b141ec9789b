//! Which bits of which word hold what. An upgrade reads what the program before it wrote, so these
//! literals change only together with a migration.

use alloy_primitives::keccak256;
use glue::testing::{drawn, entry, slot};
use protocol::{
    limits::Bucket,
    queue::{Request, Unfilled},
};
use queue_state::{Asked, Ends, Place};

use super::*;

const ID: B256 = B256::with_last_byte(7);

#[test]
fn the_line_lies_where_it_was_drawn() {
    let mut world = World::new();
    let line = &mut world.queue.state.line;
    line.store_ends(Ends {
        locked: 0xa1,
        last: 0xa2,
        finalized: 0xa3,
    });
    line.store_unfilled(Unfilled {
        shares: 0xa4,
        nominal: 0xa5,
    });
    line.suspend(0xa6);
    line.store_head(&Request {
        shares: 0xa7,
        nominal: 0xa8,
        filled: 0,
    });
    line.store_lane(&Bucket {
        capacity: 0xb1,
        level: 0xb2,
        refill_secs: 0xb3,
        updated_at: 0xb4,
    });
    let word = |number| slot(&world.vm, number);
    let ends = "0000000000000000000000 00000000a3 00000000a2 00000000000000000000a1";
    assert_eq!(word(0).0[11..], drawn(ends).0[11..]);
    let unfilled = "800000000000000000000000000000a5 000000000000000000000000000000a4";
    assert_eq!(word(8), drawn(unfilled));
    let links = "00000000000000a6 00000000 00000000000000000000000000000000000000c1";
    assert_eq!(word(9), drawn(links));
    let head = "000000000000000000000000000000a8 000000000000000000000000000000a7";
    assert_eq!(word(10), drawn(head));
    let lane = "000000b3 0000000000000000000000b2 000000b4 0000000000000000000000b1";
    assert_eq!(word(16), drawn(lane));
}

#[test]
fn a_position_lies_where_it_was_drawn() {
    let mut world = World::new();
    let line = &mut world.queue.state.line;
    let id = ID.into();
    line.store_place(
        id,
        &Place {
            owner: ALICE,
            paid: 0xc1,
            closed: true,
        },
    );
    line.store_asked(
        id,
        &Asked {
            nominal: 0xc2,
            shares: 0xc3,
            timestamp: 0xc4,
            position: 0xc5,
        },
    );
    line.store_approved(id, BOB);
    for owned in [0xd1, 0xd2, 0xd3, 0xd4] {
        line.owned.push(ALICE, owned).unwrap();
    }
    let place = "01 00000000000000000000c1 00000000000000000000000000000000000000b1";
    assert_eq!(entry(&world.vm, 11, ID), drawn(place));
    let asked = "0000c5 000000000000000000000000c3 00000000c4 00000000000000000000c2";
    assert_eq!(entry(&world.vm, 12, ID), drawn(asked));
    assert_eq!(entry(&world.vm, 14, ID), BOB.into_word());
    // A map of maps: the key's place is the root of the next.
    let root = [ALICE.into_word(), B256::with_last_byte(13)].concat();
    let root = keccak256(root);
    let words = [B256::ZERO, B256::with_last_byte(1)].map(|number| {
        let place = keccak256([number, root].concat());
        world.vm.get_storage(place.into())
    });
    let first = "00000000000000d3 00000000000000d2 00000000000000d1 0000000000000004";
    let second = "0000000000000000 0000000000000000 0000000000000000 00000000000000d4";
    assert_eq!(words, [first, second].map(drawn));
}
