//! Bonds: added, on their way out, paid.

use super::*;

/// An active validator with a bond of 15 ETH and 20 ETH of stake, which 4 ETH of bond cover.
fn rich() -> Bench {
    let mut bench = Bench::begun();
    bench.place(SIGNER, 15, Status::Active);
    bench.stake(1, 20, 0);
    bench
}

#[test]
fn a_top_up_by_anyone_adds_to_the_bond() {
    let mut bench = Bench::with_active();
    bench.pay(BOB, 3 * ETH).top_up_bond(1).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::BondIncreased {
            id: 1,
            assets: wei(3 * ETH),
            bond: wei(13 * ETH),
        })]
    );
    assert_eq!(bench.stakes(1), [13 * ETH, 0, 0]);
    assert_eq!(bench.booked(), [13 * ETH, 0, 0, 0, 0]);
}

#[test]
fn a_part_of_the_bond_waits_counts_no_more_and_is_paid_once() {
    let mut bench = rich();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    assert_eq!(bench.logs(), [bond_exit(5 * ETH, 1_700_604_800)]);
    // 10 of 15 ETH count, five times over.
    let (_, _, capacity) = bench.program.capacity_of(1, wei(1_000 * ETH)).unwrap();
    assert_eq!(capacity, wei(50 * ETH));
    assert_eq!(
        bench.program.bond_exit_of(1).unwrap(),
        (wei(5 * ETH), 1_700_604_800, 0, 0)
    );
    bench.at(NOW + UNBONDING - 1);
    bench.refuses(
        IValidatorRegistry::BondLocked {
            availableAt: 1_700_604_800,
            timestamp: 1_700_604_799,
        },
        |program| program.claim_bond(1),
    );
    bench.at(NOW + UNBONDING);
    bench.forget();
    assert_eq!(bench.act(ALICE).claim_bond(1).unwrap(), wei(5 * ETH));
    assert_eq!(bench.logs(), [returned(5 * ETH)]);
    assert_eq!(bench.booked(), [10 * ETH, 20 * ETH, 0, 0, 0]);
    bench.refuses(IValidatorRegistry::NoBondExit {}, |program| {
        program.claim_bond(1)
    });
}

#[test]
fn a_claimed_bond_is_sent_to_the_reward_address() {
    let mut bench = rich();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.at(NOW + UNBONDING);
    bench.fails(PAYEE, Vec::new(), 5 * ETH);
    let refused = bench.act(ALICE).claim_bond(1).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: PAYEE,
            assets: wei(5 * ETH),
        }
        .abi_encode()
    );
}

#[test]
fn bond_is_not_paid_to_the_pool_which_would_take_it_for_a_deposit() {
    let mut bench = rich();
    bench.act(ALICE).set_reward_address(1, POOL).unwrap();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.at(NOW + UNBONDING);
    bench.act(ALICE);
    let refused = || IValidatorRegistry::TransferFailed {
        receiver: POOL,
        assets: wei(5 * ETH),
    };
    let error = bench.program.claim_bond(1).unwrap_err();
    assert_eq!(Vec::<u8>::from(error), refused().abi_encode());
}

#[test]
fn bond_that_covers_stake_or_is_the_minimum_cannot_ask_to_leave() {
    let mut bench = rich();
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(10 * ETH - 1),
            required: wei(10 * ETH),
        },
        |program| program.request_bond_exit(1, wei(5 * ETH + 1)),
    );
    bench.stake(1, 50, 0);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(14 * ETH - 1),
            required: wei(14 * ETH),
        },
        |program| program.request_bond_exit(1, wei(ETH + 1)),
    );
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |program| {
        program.request_bond_exit(1, U256::ZERO)
    });
    bench.refuses(
        IValidatorRegistry::AmountTooWide { value: U256::MAX },
        |program| program.request_bond_exit(1, U256::MAX),
    );
}

#[test]
fn a_slash_in_between_holds_the_claim_until_the_rest_suffices() {
    let mut bench = rich();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.change(1, |validator| Validator {
        bond: validator.bond - 2 * ETH,
        ..validator
    });
    bench.at(NOW + UNBONDING);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(8 * ETH),
            required: wei(10 * ETH),
        },
        |program| program.claim_bond(1),
    );
    bench.pay(BOB, 2 * ETH).top_up_bond(1).unwrap();
    assert_eq!(bench.act(ALICE).claim_bond(1).unwrap(), wei(5 * ETH));
}

#[test]
fn a_cancelled_exit_counts_again() {
    let mut bench = rich();
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.forget();
    bench.act(ALICE).cancel_bond_exit(1).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::BondExitCancelled {
            id: 1,
            assets: wei(5 * ETH),
        })]
    );
    let (_, _, capacity) = bench.program.capacity_of(1, wei(1_000 * ETH)).unwrap();
    assert_eq!(capacity, wei(75 * ETH));
    bench.refuses(IValidatorRegistry::NoBondExit {}, |program| {
        program.cancel_bond_exit(1)
    });
}

#[test]
fn a_returned_bond_is_sent_to_the_reward_address() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + UNBONDING);
    // The reward address refuses exactly 10 ETH without data.
    bench.fails(PAYEE, Vec::new(), 10 * ETH);
    let refused = bench.act(ALICE).withdraw_bond(1).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: PAYEE,
            assets: wei(10 * ETH),
        }
        .abi_encode()
    );
}
