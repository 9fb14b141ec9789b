//! Who may not call what, and when: each refusal leaves everything as it was.

use glue::lock::Lock;

use super::*;

#[test]
fn slashes_are_refused_to_everybody_without_the_role() {
    let mut bench = Bench::with_active();
    for caller in [BOB, ADMIN, ALICE, POOL] {
        bench.act(caller);
        let refused = IAdministration::AccessControlUnauthorizedAccount {
            account: caller,
            neededRole: SLASHER_ROLE,
        };
        bench.refuses(refused.clone(), |program| {
            program.slash(1, wei(ETH), EVIDENCE)
        });
        bench.refuses(refused, |program| {
            program.slash_bond(1, wei(ETH), NOW, EVIDENCE)
        });
    }
}

#[test]
fn stake_moves_at_the_pools_word_alone() {
    let mut bench = Bench::with_stake();
    bench.act(ADMIN);
    let refused = IValidatorRegistry::CallerNotAllowed {
        caller: ADMIN,
        expected: POOL,
    };
    bench.refuses(refused.clone(), |program| {
        program.delegate(wei(ETH), wei(1_000 * ETH), wei(64))
    });
    bench.refuses(refused, |program| program.undelegate(wei(ETH), wei(64)));
}

#[test]
fn a_pause_of_stake_stops_all_of_its_movements_and_no_slash() {
    let mut bench = Bench::with_stake();
    bench.state.administration.pauses.pause(1, 28_800).unwrap();
    let paused = IAdministration::GroupPaused {
        group: 1,
        until: 1_700_028_800,
    };
    bench.act(POOL);
    bench.refuses(paused.clone(), |program| {
        program.delegate(wei(ETH), wei(1_000 * ETH), wei(64))
    });
    bench.refuses(paused.clone(), |program| {
        program.undelegate(wei(ETH), wei(64))
    });
    bench.refuses(paused, |program| program.release_matured(wei(64)));
    bench.act(SLASHER).slash(1, wei(ETH), EVIDENCE).unwrap();
}

#[test]
fn a_validator_that_was_never_registered_is_unknown() {
    let mut bench = Bench::with_active();
    for id in [0, 2, u32::MAX] {
        let unknown = IValidatorRegistry::UnknownValidator { id };
        bench.act(SLASHER);
        bench.refuses(unknown.clone(), |program| program.validator(id));
        bench.refuses(unknown.clone(), |program| {
            program.slash(id, wei(ETH), EVIDENCE)
        });
        bench.refuses(unknown, |program| {
            program.slash_bond(id, wei(ETH), NOW, EVIDENCE)
        });
    }
}

#[test]
fn whoever_is_called_in_a_slash_cannot_come_back_in() {
    let mut bench = Bench::with_stake();
    let lock = Lock::enter().unwrap();
    let refused = || IValidatorRegistry::ReentrantCall {};
    bench.act(SLASHER);
    bench.refuses(refused(), |program| program.slash(1, wei(ETH), EVIDENCE));
    bench.refuses(refused(), |program| {
        program.slash_bond(1, wei(ETH), NOW, EVIDENCE)
    });
    bench.act(POOL);
    bench.refuses(refused(), |program| {
        program.delegate(wei(ETH), wei(1_000 * ETH), wei(64))
    });
    bench.refuses(refused(), |program| program.undelegate(wei(ETH), wei(64)));
    bench.refuses(refused(), |program| program.release_matured(wei(64)));
    // Views answer.
    assert_eq!(bench.program.validator(1).unwrap().1, wei(10 * ETH));
    drop(lock);
    bench.act(SLASHER).slash(1, wei(ETH), EVIDENCE).unwrap();
}
