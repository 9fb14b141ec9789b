//! Slashes: who loses what, what the pool is told, who is paid and what is burned.

use protocol::fault::Evidence;

use super::*;

/// Bond 10, cover 3, delegated 30 and unbonding 10 ETH; the pool takes 3 of a loss of 8 ETH from
/// unreleased rewards.
fn exposed() -> Bench {
    let mut bench = Bench::with_stake();
    undelegate(&mut bench, 10);
    bench.cover(3);
    pool_takes(&bench, 8 * ETH, 3 * ETH, 5 * ETH);
    bench
}

fn slash_with(bench: &mut Bench, penalty: u128, evidence: B256) -> Result<[U256; 3], Error> {
    bench
        .act(SLASHER)
        .slash(1, wei(penalty), evidence)
        .map(|(bond_loss, cover_used, socialised)| [bond_loss, cover_used, socialised])
}

fn slash(bench: &mut Bench, penalty: u128) -> [U256; 3] {
    slash_with(bench, penalty, EVIDENCE).unwrap()
}

fn reason_of(refused: Result<[U256; 3], Error>) -> Vec<u8> {
    refused.unwrap_err().into()
}

fn to_jail() -> Log {
    log(&IValidatorRegistry::ValidatorStatusChanged {
        id: 1,
        previous: ACTIVE,
        current: JAILED,
    })
}

#[test]
fn bond_pays_first_and_alone_while_it_lasts() {
    let mut bench = exposed();
    assert_eq!(slash(&mut bench, 4 * ETH), [4 * ETH, 0, 0].map(wei));
    assert_eq!(
        bench.logs(),
        [
            log(&IValidatorRegistry::ReporterRewarded {
                reporter: SLASHER,
                evidenceHash: EVIDENCE,
                assets: wei(200_000_000_000_000_000),
            }),
            to_jail(),
            log(&IValidatorRegistry::ValidatorSlashed {
                id: 1,
                evidenceHash: EVIDENCE,
                penalty: wei(4 * ETH),
                bondLoss: wei(4 * ETH),
                coverUsed: U256::ZERO,
                fromUnreleased: U256::ZERO,
                socialised: U256::ZERO,
            }),
            log(&IValidatorRegistry::PenaltyBurned {
                assets: wei(3_800_000_000_000_000_000),
            }),
        ]
    );
    assert_eq!(bench.stakes(1), [6 * ETH, 30 * ETH, 10 * ETH]);
}

#[test]
fn cover_pays_what_the_bond_cannot() {
    let mut bench = exposed();
    assert_eq!(slash(&mut bench, 12 * ETH), [10 * ETH, 2 * ETH, 0].map(wei));
    assert_eq!(bench.stakes(1), [0, 30 * ETH, 10 * ETH]);
    assert_eq!(bench.booked(), [0, 30 * ETH, 10 * ETH, ETH, ETH / 2]);
}

#[test]
fn stake_pays_last_and_unbonding_stake_its_part() {
    let mut bench = exposed();
    assert_eq!(
        slash(&mut bench, 21 * ETH),
        [10 * ETH, 3 * ETH, 5 * ETH].map(wei)
    );
    assert_eq!(
        bench.logs()[2..],
        [
            log(&IValidatorRegistry::ValidatorSlashed {
                id: 1,
                evidenceHash: EVIDENCE,
                penalty: wei(21 * ETH),
                bondLoss: wei(10 * ETH),
                coverUsed: wei(3 * ETH),
                fromUnreleased: wei(3 * ETH),
                socialised: wei(5 * ETH),
            }),
            // 5 % of the bond are the reporter's.
            log(&IValidatorRegistry::PenaltyBurned {
                assets: wei(20_500_000_000_000_000_000),
            }),
        ]
    );
    // Of 8 ETH a quarter was unbonding, as of the 40 ETH of stake.
    assert_eq!(bench.stakes(1), [0, 24 * ETH, 8 * ETH]);
    assert_eq!(bench.booked(), [0, 24 * ETH, 8 * ETH, 0, ETH / 2]);
    // The entry that was 10 ETH pays what is left of it.
    bench.at(NOW + UNBONDING);
    let returned = bench.act(BOB).release_matured(wei(64));
    assert_eq!(returned.unwrap(), wei(8 * ETH));
}

#[test]
fn the_pool_is_told_the_loss_of_stake_and_can_refuse_it() {
    let mut bench = exposed();
    // The pool refuses a loss of exactly 8 ETH: 21 less the bond of 10 and the cover of 3.
    let call = IStakingPool::reportLossCall {
        assets: wei(8 * ETH),
    };
    let reason = bench.fails(POOL, call.abi_encode(), 0);
    assert_eq!(
        reason_of(slash_with(&mut bench, 21 * ETH, EVIDENCE)),
        reason
    );
}

#[test]
fn the_pool_is_not_told_of_a_slash_without_loss_of_stake() {
    let mut bench = exposed();
    // The pool refuses any news of no loss.
    let call = IStakingPool::reportLossCall { assets: U256::ZERO };
    bench.fails(POOL, call.abi_encode(), 0);
    assert_eq!(slash(&mut bench, 13 * ETH), [10 * ETH, 3 * ETH, 0].map(wei));
}

#[test]
fn the_penalty_less_the_reward_is_sent_to_nobody() {
    let mut bench = exposed();
    // The burn address refuses exactly this.
    bench.fails(DEAD, Vec::new(), 3_800_000_000_000_000_000);
    assert_eq!(
        reason_of(slash_with(&mut bench, 4 * ETH, EVIDENCE)),
        IValidatorRegistry::TransferFailed {
            receiver: DEAD,
            assets: wei(3_800_000_000_000_000_000),
        }
        .abi_encode()
    );
}

#[test]
fn all_exposure_can_be_lost_and_no_wei_more() {
    let mut bench = exposed();
    bench.act(SLASHER);
    bench.refuses(
        IValidatorRegistry::PenaltyAboveExposure {
            penalty: wei(50 * ETH + 1),
            exposure: wei(50 * ETH),
        },
        |program| program.slash(1, wei(50 * ETH + 1), EVIDENCE),
    );
    // 50 less bond and cover.
    pool_takes(&bench, 37 * ETH, 0, 37 * ETH);
    assert_eq!(
        slash(&mut bench, 50 * ETH),
        [10 * ETH, 3 * ETH, 37 * ETH].map(wei)
    );
    // The 3 ETH of cover saved as much stake: ⌊37 · 10 / 40⌋ of the loss was unbonding.
    assert_eq!(
        bench.stakes(1),
        [0, 2_250_000_000_000_000_000, 750_000_000_000_000_000]
    );
}

#[test]
fn evidence_is_used_once_whoever_it_is_about() {
    let mut bench = exposed();
    bench.place(BOB, 10, Status::Pending);
    assert!(!bench.program.is_evidence_used(EVIDENCE));
    slash(&mut bench, ETH);
    assert!(bench.program.is_evidence_used(EVIDENCE));
    for id in [1, 2] {
        bench.refuses(
            IValidatorRegistry::EvidenceAlreadyUsed {
                evidenceHash: EVIDENCE,
            },
            |program| program.slash(id, wei(ETH), EVIDENCE),
        );
    }
    let other = B256::repeat_byte(0xe2);
    assert_eq!(
        slash_with(&mut bench, ETH, other).unwrap(),
        [ETH, 0, 0].map(wei)
    );
}

#[test]
fn a_slash_without_evidence_penalty_or_validator_is_refused() {
    let mut bench = exposed();
    bench.act(SLASHER);
    bench.refuses(IValidatorRegistry::ZeroEvidence {}, |program| {
        program.slash(1, wei(ETH), B256::ZERO)
    });
    bench.refuses(IValidatorRegistry::ZeroPenalty {}, |program| {
        program.slash(1, U256::ZERO, EVIDENCE)
    });
    bench.refuses(
        IValidatorRegistry::AmountTooWide { value: U256::MAX },
        |program| program.slash(1, U256::MAX, EVIDENCE),
    );
    bench.refuses(IValidatorRegistry::UnknownValidator { id: 2 }, |program| {
        program.slash(2, wei(ETH), EVIDENCE)
    });
}

#[test]
fn a_slashed_validator_is_in_jail_until_its_stake_could_have_left() {
    let mut bench = exposed();
    slash(&mut bench, ETH);
    let validator = bench.state.register.validator(1);
    assert_eq!(validator.status, Status::Jailed);
    assert_eq!(validator.jailed_until, 1_700_604_800);
}

#[test]
fn leaving_is_no_escape() {
    let mut bench = exposed();
    bench.change(1, |validator| Validator {
        status: Status::Exiting,
        ..validator
    });
    assert_eq!(
        slash(&mut bench, 21 * ETH),
        [10 * ETH, 3 * ETH, 5 * ETH].map(wei)
    );
    assert_eq!(bench.status(1), EXITING);
}

#[test]
fn bond_that_asked_to_leave_is_slashed_with_the_rest() {
    let mut bench = Bench::with_active();
    let terms = bench.state.books.terms();
    bench.change(1, |validator| {
        let rich = validator.add_bond(5 * ETH).unwrap();
        rich.request_bond_exit(5 * ETH, NOW, &terms).unwrap()
    });
    let mut sums = bench.state.books.sums();
    sums.bonds += 5 * ETH;
    bench.state.books.store_sums(&sums);
    assert_eq!(slash(&mut bench, 15 * ETH), [15 * ETH, 0, 0].map(wei));
    assert_eq!(bench.stakes(1), [0, 0, 0]);
}

#[test]
fn a_reporter_is_paid_once_from_the_bond_alone() {
    let mut bench = exposed();
    slash(&mut bench, 21 * ETH);
    assert_eq!(bench.state.court.reward(SLASHER), ETH / 2);
    // The bond is gone: this one costs stake, and nobody earns by it.
    pool_takes(&bench, ETH, 0, ETH);
    assert_eq!(
        slash_with(&mut bench, ETH, B256::repeat_byte(0xe2)).unwrap(),
        [0, 0, ETH].map(wei)
    );
    assert_eq!(bench.state.court.reward(SLASHER), ETH / 2);
}

#[test]
fn absence_costs_bond_and_a_stay_in_jail_and_rewards_nobody() {
    let mut bench = exposed();
    let program = bench.act(SLASHER);
    let loss = program.slash_bond(1, wei(ETH / 2), NOW + 100, EVIDENCE);
    assert_eq!(loss.unwrap(), wei(ETH / 2));
    assert_eq!(
        bench.logs(),
        [
            to_jail(),
            log(&IValidatorRegistry::ValidatorSlashed {
                id: 1,
                evidenceHash: EVIDENCE,
                penalty: wei(ETH / 2),
                bondLoss: wei(ETH / 2),
                coverUsed: U256::ZERO,
                fromUnreleased: U256::ZERO,
                socialised: U256::ZERO,
            }),
            log(&IValidatorRegistry::PenaltyBurned {
                assets: wei(ETH / 2),
            }),
        ]
    );
    let bonds = 9 * ETH + ETH / 2;
    assert_eq!(bench.booked(), [bonds, 30 * ETH, 10 * ETH, 3 * ETH, 0]);
    assert_eq!(bench.state.register.validator(1).jailed_until, NOW + 100);
}

#[test]
fn absence_takes_a_twentieth_of_the_bond_at_most_and_uses_its_evidence_up() {
    let mut bench = exposed();
    bench.act(SLASHER);
    let most = ETH / 2;
    bench.refuses(
        IValidatorRegistry::PenaltyAboveExposure {
            penalty: wei(most + 1),
            exposure: wei(most),
        },
        |program| program.slash_bond(1, wei(most + 1), NOW, EVIDENCE),
    );
    let loss = bench.program.slash_bond(1, wei(most), NOW, EVIDENCE);
    assert_eq!(loss.unwrap(), wei(most));
    assert_eq!(bench.stakes(1), [10 * ETH - most, 30 * ETH, 10 * ETH]);
    bench.refuses(
        IValidatorRegistry::EvidenceAlreadyUsed {
            evidenceHash: EVIDENCE,
        },
        |program| program.slash(1, wei(ETH), EVIDENCE),
    );
    bench.refuses(
        IValidatorRegistry::ParameterOutOfBounds {
            index: 2,
            value: wei(1_702_592_001),
            minimum: U256::ZERO,
            maximum: wei(1_702_592_000),
        },
        |program| program.slash_bond(1, wei(ETH), 1_702_592_001, EVIDENCE),
    );
}

#[test]
fn a_slash_decides_the_fault_that_was_opened_with_its_evidence() {
    let mut bench = exposed();
    bench.place(BOB, 10, Status::Active);
    let alleged = Evidence::New.alleged(1, NOW).unwrap();
    bench.state.court.store_evidence(EVIDENCE, alleged);
    bench.change(1, |validator| validator.accused(NOW).unwrap());
    let pending = bench.state.books.pending().opened(NOW);
    bench.state.books.store_pending(pending);
    bench.act(SLASHER);
    bench.refuses(
        IValidatorRegistry::FaultOfAnother {
            evidenceHash: EVIDENCE,
            id: 1,
        },
        |program| program.slash(2, wei(ETH), EVIDENCE),
    );
    slash(&mut bench, ETH);
    assert_eq!(bench.state.register.validator(1).faults.open_at(NOW), 0);
    assert_eq!(bench.state.books.pending().open_at(NOW), 0);
    // The sums beside the faults are as they were.
    assert_eq!(bench.state.court.reward(SLASHER), ETH / 20);
    assert_eq!(
        bench.booked(),
        [19 * ETH, 30 * ETH, 10 * ETH, 3 * ETH, ETH / 20]
    );
}
