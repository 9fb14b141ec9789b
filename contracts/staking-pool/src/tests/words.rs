//! Which bits of which word hold what. An upgrade reads what the program before it wrote, so these
//! literals change only together with a migration.

use glue::testing::{drawn, entry, slot};
use pool_state::state::Stake;
use protocol::{
    drip::Drip, fees::FeeBps, fees::FeeSchedule, limits::Bucket, pool::Ledger, rate::Totals,
};

use super::*;

#[test]
fn the_books_lie_where_they_were_drawn() {
    let mut world = World::bare();
    let books = &mut world.pool.state.books;
    let ledger = Ledger {
        booked: Totals {
            assets: 0xa1,
            shares: 0xa2,
        },
        drip: Drip {
            amount: 0xa3,
            start: 0xa4,
            end: 0xa5,
        },
    };
    books.store_ledger(&ledger).unwrap();
    books.store_stake_limit(&Bucket {
        capacity: 0xb1,
        level: 0xb2,
        refill_secs: 0xb3,
        updated_at: 0xb4,
    });
    books.store_stake(&Stake {
        staked: 0xc1,
        target_buffer: 0xc2,
        slash_until: 0xc3,
    });
    books.store_treasury(ALICE);
    let fees = FeeSchedule {
        current: FeeBps::new(0xd1).unwrap(),
        next: FeeBps::new(0xd2).unwrap(),
        effective_at: 0xd3,
    };
    books.store_terms(&fees, 0xd4);
    let word = |number| slot(&world.vm, number);
    // The upper eleven bytes are those of the pauses.
    let beside = "0000000000000000000000 00000000a5 00000000a4 00000000000000000000a3";
    assert_eq!(word(0).0[11..], drawn(beside).0[11..]);
    let totals = "000000000000000000000000000000a2 000000000000000000000000000000a1";
    assert_eq!(word(8), drawn(totals));
    let limit = "000000b3 0000000000000000000000b2 000000b4 0000000000000000000000b1";
    assert_eq!(word(9), drawn(limit));
    let stake = "00000000000000c3 0000000000000000000000c2 0000000000000000000000c1";
    assert_eq!(word(10), drawn(stake));
    assert_eq!(word(11), ALICE.into_word());
    let terms = "00000000000000d3 00000000000000d4 000000000000000000000000 00d2 00d1";
    assert_eq!(word(12), drawn(terms));
}

#[test]
fn links_accounts_and_rates_lie_where_they_were_drawn() {
    let mut world = World::bare();
    let state = &mut world.pool.state;
    state.links.store(REGISTRY, QUEUE);
    state.links.store_last_rate(0xe1, 0xe2);
    state.accounts.store_shares(ALICE, 0xf1);
    let word = |number| slot(&world.vm, number);
    assert_eq!(word(13), REGISTRY.into_word());
    assert_eq!(word(14), QUEUE.into_word());
    let rate = "00000000000000000000000000000000 00000000000000e1 00000000000000e2";
    assert_eq!(word(15), drawn(rate));
    let shares = entry(&world.vm, 16, ALICE.into_word());
    assert_eq!(shares, B256::with_last_byte(0xf1));
    // The first round, of the second in which the pool began: an ETH a share.
    let first = entry(&world.vm, 19, B256::with_last_byte(1));
    let round = "0000000000000000 00000000000f4240 00000000033b2e3c9fd0803ce8000000";
    assert_eq!(first, drawn(round));
}
