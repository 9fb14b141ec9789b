//! The invariants of the protocol on random numbers, on random lives of a small world, and on every
//! short trace of an even smaller one.
//!
//! | | what must hold | here | on the chain (`tests/src`) |
//! |---|---|---|---|
//! | I1 | shares and balances add up | `World::check`, in [`lives`] and [`traces`] | `invariants::hold`, `lockstep` |
//! | I2 | contracts have what they owe, to the wei | `World::check` | `invariants::hold`, `lockstep` |
//! | I3 | nobody lowers the rate, or raises it faster than the daily cap; many deposits mint no more than one | `World::after`, `World::check_pace`, `many_deposits_never_mint_more_than_one` | `World::send` |
//! | I4 | conversions are monotone, round trips never profit | `conversions_are_monotone`, `round_trips_never_profit` | `wrapped`, `twins` |
//! | I5 | transfers | `a_full_balance_is_transferable`, `a_transfer_brings_the_amount_and_at_most_the_worth_of_a_share_more`, `World::transfer` | `lockstep` |
//! | I6 | the queue | `parts_of_a_fill_add_up_to_the_whole`, `a_fill_pays_neither_above_nominal_nor_above_worth`, `cancelling_never_beats_staying`, `World::check` | `invariants::hold`, `lockstep` |
//! | I7 | finalized claims neither fail nor change | `World::check_step_since`, `World::claim` | `leaving`, `lockstep` |
//! | I8 | slash parts sum to the penalty, the rate falls at once | `a_slash_is_the_sum_of_its_parts_and_takes_nothing_else`, `absence_touches_the_bond_alone`, `World::slash` | `slashing`, `lockstep` |
//! | I9 | caps, buffer, arrows between states | `stake_is_given_up_to_every_cap_and_can_leave_again`, `deposits_raise_the_least_full_to_one_level_within_their_capacities`, `no_plan_gives_out_what_the_queue_is_owed`, `World::check_step_since` | `lockstep` |
//! | I10 | nobody's failure stops another | `World::drain` after any life: jailed, accused, emptied validators and requests that never move are among them | `hooks`, `leaving`, `forced_ether` |
//! | I11 | bounded work | `deposits_…`, `exits_…` with `max_ops`; `votes_are_those_of_a_list_and_cost_its_logarithm` | `bounded`, `queue_gas` |
//! | I12 | everybody can leave from any state | `World::drain`, in [`lives`] and [`traces`] | `life` |

#![expect(
    clippy::arithmetic_side_effects,
    reason = "overflow checks are on in tests: a wrap fails the test, which is what is wanted"
)]

mod eta;
mod leaving;
mod lives;
mod model;
mod numbers;
mod plans;
mod rates;
mod traces;
mod validators;
mod votes;

use proptest::{prelude::*, test_runner::FileFailurePersistence};
use protocol::{
    queue::{QueueError, Request, request_worth},
    rate::{Totals, assets_for_shares},
};

/// Totals with rates from 10^-9 to 10^9 and every size between the bootstrap and a billion ETH.
fn totals() -> impl Strategy<Value = Totals> {
    (40_u32..90, -30_i32..=30, any::<u64>(), any::<u64>()).prop_map(|(bits, tilt, a, b)| {
        let near =
            |bits: u32, noise: u64| (1_u128 << bits) | (u128::from(noise) % (1_u128 << bits));
        Totals {
            assets: near(bits, a),
            shares: near(bits.saturating_add_signed(tilt), b),
        }
    })
}

/// Failing seeds are kept, and tried first ever after.
/// `PROPTEST_CASES=25600` makes every property run a hundred times as long.
fn config(cases: u32) -> ProptestConfig {
    let scale = ProptestConfig::default().cases / 256;
    ProptestConfig {
        cases: cases * scale.max(1),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/properties.txt",
        ))),
        ..ProptestConfig::default()
    }
}

/// A request of shares at the rate of `totals`, as the queue makes it of what the pool says.
fn request_shares(totals: Totals, shares: u128) -> Result<Request, QueueError> {
    request_worth(shares, assets_for_shares(totals, shares)?, 0)
}

/// So many millionths of an amount, both ends included.
fn part(whole: u128, ppm: u128) -> u128 {
    whole / 1_000_000 * ppm + whole % 1_000_000 * ppm / 1_000_000
}
