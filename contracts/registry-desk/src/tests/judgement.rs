//! Faults before they are decided, rewards of reporters, the cover fund, and the list of hooks.

use protocol::fault::Evidence;
use stylus_sdk::prelude::*;

use super::*;

const HOOK: Address = Address::repeat_byte(0x40);

fn opened(until: u64) -> Log {
    log(&IValidatorRegistry::FaultOpened {
        id: 1,
        evidenceHash: EVIDENCE,
        until,
    })
}

#[test]
fn an_open_fault_holds_the_bond_and_the_jail() {
    let mut bench = Bench::with_active();
    bench.act(SLASHER).open_fault(1, EVIDENCE).unwrap();
    // 14 days.
    assert_eq!(bench.logs(), [opened(1_701_209_600)]);
    assert_eq!(bench.program.pending_faults(), 1);
    bench.act(ALICE).exit(1).unwrap();
    bench.at(NOW + UNBONDING);
    bench.refuses(IValidatorRegistry::OpenFaults { count: 1 }, |program| {
        program.withdraw_bond(1)
    });
    bench.act(SLASHER).dismiss_fault(1, EVIDENCE).unwrap();
    assert_eq!(bench.program.pending_faults(), 0);
    bench.act(ALICE).withdraw_bond(1).unwrap();
    assert_eq!(bench.status(1), EXITED);
}

#[test]
fn a_partial_bond_exit_waits_for_pending_evidence() {
    let mut bench = Bench::begun();
    bench.place(SIGNER, 15, Status::Active);
    bench.act(ALICE).request_bond_exit(1, wei(5 * ETH)).unwrap();
    bench.at(NOW + UNBONDING - 1);
    bench.act(SLASHER).open_fault(1, EVIDENCE).unwrap();
    bench.at(NOW + UNBONDING);
    bench.act(ALICE);
    bench.refuses(IValidatorRegistry::OpenFaults { count: 1 }, |program| {
        program.claim_bond(1)
    });
    // Nobody decides: the fault lapses after 14 days.
    bench.at(NOW + UNBONDING - 1 + 1_209_600);
    assert_eq!(bench.program.pending_faults(), 0);
    assert_eq!(bench.act(ALICE).claim_bond(1).unwrap(), wei(5 * ETH));
}

#[test]
fn a_jailed_validator_stays_while_a_fault_is_open() {
    let mut bench = Bench::with_active();
    bench.act(JAILER).jail(1, NOW).unwrap();
    bench.act(SLASHER).open_fault(1, EVIDENCE).unwrap();
    bench.act(ALICE);
    bench.refuses(IValidatorRegistry::OpenFaults { count: 1 }, |program| {
        program.unjail(1)
    });
    assert_eq!(
        bench.program.bond_exit_of(1).unwrap(),
        (U256::ZERO, 0, 1, NOW)
    );
}

#[test]
fn evidence_is_brought_once_and_against_one() {
    let mut bench = Bench::with_active();
    bench.place(BOB, 10, Status::Active);
    bench.act(SLASHER).open_fault(1, EVIDENCE).unwrap();
    for id in [1, 2] {
        bench.refuses(
            IValidatorRegistry::FaultAlreadyOpen {
                evidenceHash: EVIDENCE,
            },
            |program| program.open_fault(id, EVIDENCE),
        );
    }
    bench.refuses(
        IValidatorRegistry::FaultOfAnother {
            evidenceHash: EVIDENCE,
            id: 1,
        },
        |program| program.dismiss_fault(2, EVIDENCE),
    );
    bench.refuses(IValidatorRegistry::ZeroEvidence {}, |program| {
        program.open_fault(1, B256::ZERO)
    });
    let other = B256::repeat_byte(0xe2);
    bench.refuses(
        IValidatorRegistry::FaultNotOpen {
            evidenceHash: other,
        },
        |program| program.dismiss_fault(1, other),
    );
}

#[test]
fn dismissed_evidence_cannot_be_used_again() {
    let mut bench = Bench::with_active();
    bench.act(SLASHER).open_fault(1, EVIDENCE).unwrap();
    bench.forget();
    bench.act(SLASHER).dismiss_fault(1, EVIDENCE).unwrap();
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::FaultDismissed {
            id: 1,
            evidenceHash: EVIDENCE,
        })]
    );
    assert_eq!(bench.state.court.evidence(EVIDENCE), Evidence::Used);
    let used = IValidatorRegistry::EvidenceAlreadyUsed {
        evidenceHash: EVIDENCE,
    };
    bench.refuses(used.clone(), |program| program.open_fault(1, EVIDENCE));
    bench.refuses(used, |program| program.dismiss_fault(1, EVIDENCE));
}

/// The registry owes the slasher half an ETH for a report.
fn owing() -> Bench {
    let mut bench = Bench::with_active();
    bench.state.court.store_reward(SLASHER, ETH / 2);
    let mut sums = bench.state.books.sums();
    sums.reporter_rewards = ETH / 2;
    bench.state.books.store_sums(&sums);
    bench
}

#[test]
fn a_reporter_is_paid_once() {
    let mut bench = owing();
    assert_eq!(bench.program.reporter_reward(SLASHER), wei(ETH / 2));
    bench.act(SLASHER);
    bench.refuses(IAdministration::ZeroAddress {}, |program| {
        program.claim_reporter_reward(Address::ZERO)
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
    assert_eq!(bench.booked(), [10 * ETH, 0, 0, 0, 0]);
    bench.refuses(
        IValidatorRegistry::NoReward { account: SLASHER },
        |program| program.claim_reporter_reward(BOB),
    );
}

#[test]
fn a_reward_is_not_paid_to_the_pool_which_would_take_it_for_a_deposit() {
    let mut bench = owing();
    let refused = bench.act(SLASHER).claim_reporter_reward(POOL).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: POOL,
            assets: wei(ETH / 2),
        }
        .abi_encode()
    );
}

#[test]
fn a_reward_is_sent_to_the_receiver_that_was_named() {
    let mut bench = owing();
    bench.fails(BOB, Vec::new(), ETH / 2);
    let refused = bench.act(SLASHER).claim_reporter_reward(BOB).unwrap_err();
    assert_eq!(
        Vec::<u8>::from(refused),
        IValidatorRegistry::TransferFailed {
            receiver: BOB,
            assets: wei(ETH / 2),
        }
        .abi_encode()
    );
}

#[test]
fn cover_grows_by_what_anyone_gives() {
    let mut bench = Bench::begun();
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
    assert_eq!(bench.booked(), [0, 0, 0, 5 * ETH, 0]);
}

#[test]
fn eth_that_nobody_booked_can_only_go_to_the_cover_fund() {
    let mut bench = Bench::with_active();
    let here = bench.vm.contract_address();
    bench.vm.set_balance(here, wei(12 * ETH));
    assert_eq!(
        bench.act(ADMIN).sweep_surplus_to_cover().unwrap(),
        wei(2 * ETH)
    );
    assert_eq!(
        bench.logs(),
        [log(&IValidatorRegistry::CoverFunded {
            from: here,
            assets: wei(2 * ETH),
            cover: wei(2 * ETH),
        })]
    );
    bench.refuses(IValidatorRegistry::ZeroAmount {}, |program| {
        program.sweep_surplus_to_cover()
    });
    bench.vm.set_balance(here, wei(11 * ETH));
    bench.refuses(
        IValidatorRegistry::Insolvent {
            balance: wei(11 * ETH),
            owed: wei(12 * ETH),
        },
        |program| program.sweep_surplus_to_cover(),
    );
}

#[test]
fn reserves_attribute_every_wei() {
    let mut bench = Bench::with_stake();
    bench.stake(1, 0, 5);
    bench.cover(3);
    let here = bench.vm.contract_address();
    bench.vm.set_balance(here, wei(60 * ETH));
    assert_eq!(
        bench.program.reserves().unwrap(),
        (
            wei(10 * ETH),
            wei(40 * ETH),
            wei(5 * ETH),
            wei(3 * ETH),
            U256::ZERO,
            wei(2 * ETH)
        )
    );
}

fn hook(number: u8) -> Address {
    Address::repeat_byte(number)
}

#[test]
fn hooks_are_added_behind_each_other_and_removed_from_anywhere() {
    let mut bench = Bench::begun();
    for number in 1..=3 {
        bench.vm.set_code(hook(number), vec![1]);
        bench.act(ADMIN).add_slashing_hook(hook(number)).unwrap();
    }
    bench.act(ADMIN).remove_slashing_hook(hook(1)).unwrap();
    assert_eq!(bench.program.slashing_hooks(), [hook(3), hook(2)]);
    let added = |number| log(&IValidatorRegistry::SlashingHookAdded { hook: hook(number) });
    assert_eq!(
        bench.logs(),
        [
            added(1),
            added(2),
            added(3),
            log(&IValidatorRegistry::SlashingHookRemoved { hook: hook(1) }),
        ]
    );
    bench.act(ADMIN).remove_slashing_hook(hook(2)).unwrap();
    bench.act(ADMIN).remove_slashing_hook(hook(3)).unwrap();
    assert_eq!(bench.program.slashing_hooks(), [] as [Address; 0]);
    bench.refuses(
        IValidatorRegistry::UnknownHook { hook: hook(2) },
        |program| program.remove_slashing_hook(hook(2)),
    );
}

#[test]
fn a_ninth_hook_a_second_time_or_one_without_code_is_refused() {
    let mut bench = Bench::begun();
    bench.act(ADMIN);
    bench.refuses(IAdministration::NotAContract { target: HOOK }, |program| {
        program.add_slashing_hook(HOOK)
    });
    for number in 1..=9 {
        bench.vm.set_code(hook(number), vec![1]);
    }
    for number in 1..=8 {
        bench.act(ADMIN).add_slashing_hook(hook(number)).unwrap();
    }
    bench.refuses(
        IValidatorRegistry::HookAlreadyAdded { hook: hook(8) },
        |program| program.add_slashing_hook(hook(8)),
    );
    bench.refuses(
        IValidatorRegistry::TooManyHooks { maximum: wei(8) },
        |program| program.add_slashing_hook(hook(9)),
    );
}
