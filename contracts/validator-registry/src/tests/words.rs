//! Which bits of which word hold what. An upgrade reads what the program before it wrote, so these
//! literals change only together with a migration.

use glue::testing::{drawn, entry, slot};
use protocol::{
    bond::BondExit,
    commission::Commission,
    delegation::UnbondingEntry,
    fault::{Evidence, Faults},
    registry::{Lane, Unbonding},
    reserves::RegistryBooks,
    terms::Terms,
};
use registry_state::{Counts, Parties};

use super::*;

const ID: B256 = B256::with_last_byte(7);

#[test]
fn the_books_lie_where_they_were_drawn() {
    let mut bench = Bench::bare();
    let books = &mut bench.state.books;
    books.store_counts(Counts {
        first_entry: 0xa1,
        end_entry: 0xa2,
        validators: 0xa3,
        working: 0xa4,
    });
    books.store_sums(&RegistryBooks {
        bonds: 0xb1,
        active: 0xb2,
        unbonding: 0xb3,
        cover_fund: 0xb4,
        reporter_rewards: 0xb5,
    });
    books.store_pending(Faults {
        count: 0xb6,
        until: 0xb7,
    });
    books.store_terms(&Terms {
        min_bond: 0xc1,
        leverage: 0xc2,
        open_leverage: 0xc3,
        pool_share_bps: 0xc4,
        unbonding_secs: 0xc5,
        bond_exit_secs: 0xc5,
        notice_secs: 0xc6,
    });
    books.store_pool(POOL);
    books.store_working(7, 0xd1);
    let word = |number| slot(&bench.vm, number);
    let counts = "0000000000000000 000000a4 000000a3 00000000000000a2 00000000000000a1";
    assert_eq!(word(8), drawn(counts));
    let bonds = "000000000000000000000000000000b4 000000000000000000000000000000b1";
    assert_eq!(word(9), drawn(bonds));
    let stake = "000000000000000000000000000000b3 000000000000000000000000000000b2";
    assert_eq!(word(10), drawn(stake));
    let rewards = "00000000000000b7 00000000000000b6 000000000000000000000000000000b5";
    assert_eq!(word(11), drawn(rewards));
    let terms = "0000 000000c6 00c4 00c3 00c2 000000c5 000000000000000000000000000000c1";
    assert_eq!(word(12), drawn(terms));
    assert_eq!(word(13), POOL.into_word());
    assert_eq!(entry(&bench.vm, 14, ID), B256::with_last_byte(0xd1));
}

#[test]
fn a_validator_lies_where_it_was_drawn() {
    let mut bench = Bench::bare();
    let register = &mut bench.state.register;
    register.store_validator(
        7,
        &Validator {
            status: Status::Jailed,
            lane: Lane::Vetted,
            target: Some(!0xa1),
            faults: Faults {
                count: 0xa2,
                until: 0xa3,
            },
            jailed_until: 0xa4,
            bond: 0xb1,
            active: 0xb2,
            unbonding: Unbonding {
                assets: 0xb3,
                shares: 0xb4,
            },
            bond_exit: BondExit {
                amount: 0xc1,
                available_at: 0xc2,
            },
        },
    );
    let content = UnbondingEntry {
        shares: 0xd1,
        matures_at: 0xd2,
    };
    register.store_entry(7, &content, 0xd3);
    register.store_parties(
        7,
        Parties {
            operator: ALICE,
            signer: SIGNER,
            reward_address: PAYEE,
        },
    );
    register.store_commission(
        7,
        Commission {
            current_bps: 0xe1,
            next_bps: 0xe2,
            from: 0xe3,
        },
    );
    let word = |number| entry(&bench.vm, number, ID);
    let status = "000000000000000000000000000000a1 00000000000000a4 00a2 0001 0001 0003";
    assert_eq!(word(15), drawn(status));
    let bonds = "000000000000000000000000000000b2 000000000000000000000000000000b1";
    assert_eq!(word(16), drawn(bonds));
    let unbonding = "000000000000000000000000000000b4 000000000000000000000000000000b3";
    assert_eq!(word(17), drawn(unbonding));
    let waiting = "00000000000000a3 00000000000000c2 000000000000000000000000000000c1";
    assert_eq!(word(18), drawn(waiting));
    let unbonds = "00000000000000d3 00000000000000d2 000000000000000000000000000000d1";
    assert_eq!(word(19), drawn(unbonds));
    let operator = "00000000000000e3 00e2 00e1 00000000000000000000000000000000000000b1";
    assert_eq!(word(20), drawn(operator));
    assert_eq!(word(21), SIGNER.into_word());
    assert_eq!(word(22), PAYEE.into_word());
    let id = entry(&bench.vm, 23, SIGNER.into_word());
    assert_eq!(id, ID);
}

#[test]
fn evidence_rewards_and_hooks_lie_where_they_were_drawn() {
    let mut bench = Bench::bare();
    let court = &mut bench.state.court;
    for (number, evidence) in [
        (1, Evidence::Used),
        (2, Evidence::New.alleged(0xa1, 0).unwrap()),
        (3, Evidence::Lapsed { validator: 0xa1 }),
    ] {
        court.store_evidence(B256::with_last_byte(number), evidence);
    }
    court.store_reward(ALICE, 0xb1);
    bench.state.hooks.store_count(1);
    bench.state.hooks.store_hook(1, POOL);
    let word = |number, key| entry(&bench.vm, number, B256::with_last_byte(key));
    assert_eq!(word(24, 1), B256::with_last_byte(1));
    // 14 days: 0x127500 seconds.
    let alleged = "0000000000000000 0000000000127500 00000000000000a1 0000000000000002";
    assert_eq!(word(24, 2), drawn(alleged));
    let lapsed = "0000000000000000 0000000000000000 00000000000000a1 0000000000000003";
    assert_eq!(word(24, 3), drawn(lapsed));
    let reward = entry(&bench.vm, 25, ALICE.into_word());
    assert_eq!(reward, B256::with_last_byte(0xb1));
    assert_eq!(word(26, 0), B256::with_last_byte(1));
    assert_eq!(word(26, 1), POOL.into_word());
}
