//! Slashes: who loses what, what the pool is told, who is paid and what is burned.

use super::*;

const DEAD: Address = address!("000000000000000000000000000000000000dEaD");

/// Bond 10, cover 3, delegated 30 and unbonding 10 ETH; the pool takes 3 of a loss of 8 ETH from
/// unreleased rewards.
fn exposed() -> Bench {
    let mut bench = with_stake();
    bench.undelegate(10);
    bench.cover(3);
    bench.pool_takes(8 * ETH, 3 * ETH, 5 * ETH);
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
    assert_eq!(bench.stakes(1), [6 * ETH, 30 * ETH, 10 * ETH].map(wei));
}

#[test]
fn cover_pays_what_the_bond_cannot() {
    let mut bench = exposed();
    assert_eq!(slash(&mut bench, 12 * ETH), [10 * ETH, 2 * ETH, 0].map(wei));
    assert_eq!(bench.stakes(1), [0, 30 * ETH, 10 * ETH].map(wei));
    assert_eq!(
        bench.booked(),
        [0, 30 * ETH, 10 * ETH, ETH, ETH / 2].map(wei)
    );
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
    assert_eq!(bench.stakes(1), [0, 24 * ETH, 8 * ETH].map(wei));
    assert_eq!(bench.booked(), [0, 24 * ETH, 8 * ETH, 0, ETH / 2].map(wei));
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
        |registry| registry.slash(1, wei(50 * ETH + 1), EVIDENCE),
    );
    // 50 less bond and cover.
    bench.pool_takes(37 * ETH, 0, 37 * ETH);
    assert_eq!(
        slash(&mut bench, 50 * ETH),
        [10 * ETH, 3 * ETH, 37 * ETH].map(wei)
    );
    // The 3 ETH of cover saved as much stake: ⌊37 · 10 / 40⌋ of the loss was unbonding.
    assert_eq!(
        bench.stakes(1),
        [0, 2_250_000_000_000_000_000, 750_000_000_000_000_000].map(wei)
    );
}

#[test]
fn bond_of_a_leaving_validator_is_slashed_until_it_is_paid() {
    let mut bench = with_active();
    bench.act(ALICE).exit(1).unwrap();
    bench.forget();
    assert_eq!(slash(&mut bench, 4 * ETH), [4 * ETH, 0, 0].map(wei));
    // The reward address refuses exactly what is left.
    bench.fails(PAYEE, Vec::new(), 6 * ETH);
    let refused = bench.act(ALICE).withdraw_bond(1).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: PAYEE,
            assets: wei(6 * ETH),
        }
        .abi_encode()
    );
}

#[test]
fn a_slashed_validator_is_in_jail_until_its_stake_could_have_left() {
    let mut bench = exposed();
    slash(&mut bench, ETH);
    assert_eq!(bench.status(1), JAILED);
    bench.at(NOW + UNBONDING - 1);
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::StillJailed {
            until: 1_700_604_800,
            timestamp: 1_700_604_799,
        },
        |registry| registry.unjail(1),
    );
    bench.at(NOW + UNBONDING);
    bench.refuses(
        IValidatorRegistry::BondTooSmall {
            bond: wei(9 * ETH),
            required: wei(10 * ETH),
        },
        |registry| registry.unjail(1),
    );
    bench.pay(BOB, ETH).top_up_bond(1).unwrap();
    bench.act(ALICE).unjail(1).unwrap();
    assert_eq!(bench.status(1), ACTIVE);
}

#[test]
fn a_slash_prolongs_a_shorter_jail() {
    let mut bench = exposed();
    bench.act(JAILER).jail(1, NOW + 100).unwrap();
    slash(&mut bench, ETH);
    bench.at(NOW + 100);
    bench.act(ALICE);
    bench.refuses(
        IValidatorRegistry::StillJailed {
            until: 1_700_604_800,
            timestamp: 1_700_000_100,
        },
        |registry| registry.unjail(1),
    );
}

#[test]
fn leaving_is_no_escape() {
    let mut bench = exposed();
    bench.act(ALICE).exit(1).unwrap();
    assert_eq!(
        slash(&mut bench, 21 * ETH),
        [10 * ETH, 3 * ETH, 5 * ETH].map(wei)
    );
    assert_eq!(bench.status(1), EXITING);
}

#[test]
fn evidence_is_used_once_whoever_it_is_about() {
    let mut bench = exposed();
    bench.enter(BOB, 10);
    assert!(!bench.registry.is_evidence_used(EVIDENCE));
    slash(&mut bench, ETH);
    assert!(bench.registry.is_evidence_used(EVIDENCE));
    for id in [1, 2] {
        bench.refuses(
            IValidatorRegistry::EvidenceAlreadyUsed {
                evidenceHash: EVIDENCE,
            },
            |registry| registry.slash(id, wei(ETH), EVIDENCE),
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
    bench.refuses(IValidatorRegistry::ZeroEvidence {}, |registry| {
        registry.slash(1, wei(ETH), B256::ZERO)
    });
    bench.refuses(IValidatorRegistry::ZeroPenalty {}, |registry| {
        registry.slash(1, U256::ZERO, EVIDENCE)
    });
    bench.refuses(
        IValidatorRegistry::AmountTooWide { value: U256::MAX },
        |registry| registry.slash(1, U256::MAX, EVIDENCE),
    );
    bench.refuses(IValidatorRegistry::UnknownValidator { id: 2 }, |registry| {
        registry.slash(2, wei(ETH), EVIDENCE)
    });
}

#[test]
fn a_reporter_is_paid_once_from_the_bond_alone() {
    let mut bench = exposed();
    slash(&mut bench, 21 * ETH);
    assert_eq!(bench.registry.reporter_reward(SLASHER), wei(ETH / 2));
    // The bond is gone: this one costs stake, and nobody earns by it.
    bench.pool_takes(ETH, 0, ETH);
    assert_eq!(
        slash_with(&mut bench, ETH, B256::repeat_byte(0xe2)).unwrap(),
        [0, 0, ETH].map(wei)
    );
    assert_eq!(bench.registry.reporter_reward(SLASHER), wei(ETH / 2));
    bench.forget();
    bench.refuses(IValidatorRegistry::ZeroAddress {}, |registry| {
        registry.claim_reporter_reward(Address::ZERO)
    });
    let paid = bench.act(SLASHER).claim_reporter_reward(BOB);
    assert_eq!(paid.unwrap(), wei(ETH / 2));
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::ReporterRewardClaimed {
            reporter: SLASHER,
            assets: wei(ETH / 2),
        })]
    );
    let [.., owed] = bench.booked();
    assert_eq!(owed, U256::ZERO);
    bench.refuses(
        IValidatorRegistry::NoReward { account: SLASHER },
        |registry| registry.claim_reporter_reward(BOB),
    );
}

#[test]
fn a_reward_is_sent_to_the_receiver_that_was_named() {
    let mut bench = exposed();
    slash(&mut bench, 4 * ETH);
    // Bob refuses exactly the reward.
    bench.fails(BOB, Vec::new(), 200_000_000_000_000_000);
    let refused = bench.act(SLASHER).claim_reporter_reward(BOB).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: BOB,
            assets: wei(200_000_000_000_000_000),
        }
        .abi_encode()
    );
}

#[test]
fn cover_grows_by_what_anyone_gives() {
    let mut bench = bench();
    bench.cover(3);
    bench.pay(ALICE, 2 * ETH).fund_cover().unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::CoverFunded {
            from: ALICE,
            assets: wei(2 * ETH),
            cover: wei(5 * ETH),
        })]
    );
    assert_eq!(bench.booked(), [0, 0, 0, 5 * ETH, 0].map(wei));
}
