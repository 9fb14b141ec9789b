//! Commission, keys, lane, target, terms.

use super::*;

#[test]
fn a_commission_is_announced_and_charged_an_epoch_later() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).announce_commission(1, 1_000).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::CommissionAnnounced {
            id: 1,
            previousBps: 500,
            commissionBps: 1_000,
            effectiveAt: 1_700_086_400,
        })]
    );
    assert_eq!(
        bench.program.commission_of(1).unwrap(),
        (500, 1_000, 1_700_086_400)
    );
    let commission = bench.state.register.commission(1);
    assert_eq!(commission.at(NOW + EPOCH - 1), 500);
    assert_eq!(commission.at(NOW + EPOCH), 1_000);
}

#[test]
fn a_commission_above_its_bounds_is_refused() {
    let mut bench = Bench::with_active();
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::CommissionRaiseTooLarge {
            currentBps: 500,
            commissionBps: 1_001,
            maximumRaise: 500,
        },
        |program| program.announce_commission(1, 1_001),
    );
    bench.refuses(
        IValidatorRegistry::CommissionTooHigh {
            commissionBps: 10_001,
            maximum: 10_000,
        },
        |program| program.announce_commission(1, 10_001),
    );
}

#[test]
fn a_rotated_signer_stays_the_validators_and_serves_no_other() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).rotate_signer(1, BOB).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::SignerRotated {
            id: 1,
            previous: SIGNER,
            current: BOB,
        })]
    );
    assert_eq!(bench.state.register.parties(1).signer, BOB);
    for signer in [SIGNER, BOB] {
        assert_eq!(bench.state.register.id_of(signer), 1);
        bench.pay(BOB, 10 * ETH);
        let in_use = IValidatorRegistry::SignerInUse { signer, id: 1 };
        bench.refuses(in_use.clone(), |program| {
            program.register(named("Bob"), signer, PAYEE, 500)
        });
        bench.act(ALICE);
        bench.refuses(in_use, |program| program.rotate_signer(1, signer));
    }
    bench.refuses(IAdministration::ZeroAddress {}, |program| {
        program.rotate_signer(1, Address::ZERO)
    });
}

#[test]
fn pay_and_bond_go_where_the_operator_says() {
    let mut bench = Bench::with_active();
    bench.act(ALICE).set_reward_address(1, BOB).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::RewardAddressChanged {
            id: 1,
            rewardAddress: BOB,
        })]
    );
    let parties = bench.state.register.parties(1);
    assert_eq!((parties.signer, parties.reward_address), (SIGNER, BOB));
    bench.refuses(IAdministration::ZeroAddress {}, |program| {
        program.set_reward_address(1, Address::ZERO)
    });
}

fn target_set(target: U256) -> Log {
    log(&IValidatorRegistry::TargetLimitSet { id: 1, target })
}

fn lane_changed(lane: u8) -> Log {
    log(&IValidatorRegistry::LaneChanged { id: 1, lane })
}

#[test]
fn vetting_doubles_what_a_bond_carries_up_to_the_target() {
    let mut bench = Bench::with_active();
    let of = |bench: &Bench| bench.program.capacity_of(1, wei(1_000 * ETH)).unwrap();
    assert_eq!(of(&bench), (0, U256::MAX, wei(50 * ETH)));
    bench.act(CURATOR).vet(1, wei(90 * ETH)).unwrap();
    assert_eq!(bench.logs(), [lane_changed(1), target_set(wei(90 * ETH))]);
    assert_eq!(of(&bench), (1, wei(90 * ETH), wei(90 * ETH)));
    bench.forget();
    bench.act(CURATOR).vet(1, U256::MAX).unwrap();
    assert_eq!(bench.logs(), [target_set(U256::MAX)]);
    assert_eq!(of(&bench), (1, U256::MAX, wei(100 * ETH)));
}

#[test]
fn a_lower_target_or_lane_moves_no_stake_and_reverts_nothing() {
    let mut bench = Bench::with_stake();
    bench.act(CURATOR).vet(1, wei(100 * ETH)).unwrap();
    bench.stake(1, 50, 0);
    bench.forget();
    bench.act(CURATOR).set_target_limit(1, wei(7)).unwrap();
    bench.act(CURATOR).unvet(1).unwrap();
    assert_eq!(bench.logs(), [target_set(wei(7)), lane_changed(0)]);
    assert_eq!(bench.stakes(1), [10 * ETH, 90 * ETH, 0]);
    let (lane, target, capacity) = bench.program.capacity_of(1, wei(1_000 * ETH)).unwrap();
    assert_eq!((lane, target, capacity), (0, wei(7), wei(7)));
}

#[test]
fn the_admin_sets_terms_within_bounds() {
    let mut bench = Bench::with_active();
    bench.act(ADMIN).set_terms(wei(ETH), 20, 8, 5_000).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::TermsSet {
            minimumBond: wei(ETH),
            leverage: 20,
            openLeverage: 8,
            poolShareBps: 5_000,
        })]
    );
    assert_eq!(
        bench.program.terms(),
        (wei(ETH), 20, 8, 5_000, 604_800, 86_400)
    );
    let refused = |index, value, minimum, maximum| IValidatorRegistry::ParameterOutOfBounds {
        index,
        value: wei(value),
        minimum: wei(minimum),
        maximum: wei(maximum),
    };
    let floor = 10_000_000_000_000_000;
    let ceiling = 10_000 * ETH;
    for value in [floor - 1, ceiling + 1] {
        bench.refuses(refused(0, value, floor, ceiling), |program| {
            program.set_terms(wei(value), 10, 5, 2_000)
        });
    }
    for value in [0, 21] {
        bench.refuses(refused(1, value.into(), 1, 20), |program| {
            program.set_terms(wei(ETH), value, 1, 2_000)
        });
    }
    for value in [0, 11] {
        bench.refuses(refused(2, value.into(), 1, 10), |program| {
            program.set_terms(wei(ETH), 10, value, 2_000)
        });
    }
    for value in [99, 10_001] {
        bench.refuses(refused(3, value.into(), 100, 10_000), |program| {
            program.set_terms(wei(ETH), 10, 5, value)
        });
    }
}
