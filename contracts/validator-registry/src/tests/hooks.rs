//! Slashing hooks: called with the parts of the slash, after all is booked, and not listened to.

use super::*;

const HOOK: Address = Address::repeat_byte(0x40);
const OTHER: Address = Address::repeat_byte(0x41);

/// Two hooks listen; a slash of 4 ETH costs bond alone.
fn heard() -> Bench {
    let mut bench = Bench::with_stake();
    bench.state.hooks.store_hook(1, HOOK);
    bench.state.hooks.store_hook(2, OTHER);
    bench.state.hooks.store_count(2);
    bench
}

fn news() -> Vec<u8> {
    ISlashingHook::onSlashCall {
        validator: 1,
        bondLoss: wei(4 * ETH),
        coverUsed: U256::ZERO,
        socialised: U256::ZERO,
        evidenceHash: EVIDENCE,
    }
    .abi_encode()
}

fn failed(hook: Address) -> Log {
    log(&IValidatorRegistry::SlashingHookFailed {
        hook,
        evidenceHash: EVIDENCE,
    })
}

fn slash(bench: &mut Bench) {
    let parts = bench.act(SLASHER).slash(1, wei(4 * ETH), EVIDENCE);
    let (bond_loss, cover_used, socialised) = parts.unwrap();
    assert_eq!(
        [bond_loss, cover_used, socialised],
        [4 * ETH, 0, 0].map(wei)
    );
}

#[test]
fn hooks_that_answer_leave_no_trace() {
    let mut bench = heard();
    slash(&mut bench);
    assert!(!bench.logs().contains(&failed(HOOK)));
    assert!(!bench.logs().contains(&failed(OTHER)));
}

#[test]
fn a_failing_hook_is_named_and_stops_neither_the_slash_nor_the_next_hook() {
    let mut bench = heard();
    // The first fails exactly this news; the second is called with the same.
    bench.fails(HOOK, news(), 0);
    slash(&mut bench);
    let logs = bench.logs();
    assert_eq!(logs.last(), Some(&failed(HOOK)));
    assert_eq!(bench.stakes(1), [6 * ETH, 40 * ETH, 0]);
    let mut bench = heard();
    bench.fails(OTHER, news(), 0);
    slash(&mut bench);
    assert_eq!(bench.logs().last(), Some(&failed(OTHER)));
}

#[test]
fn a_hook_that_was_removed_is_not_called() {
    let mut bench = heard();
    bench.state.hooks.store_count(1);
    bench.fails(OTHER, news(), 0);
    slash(&mut bench);
    assert!(!bench.logs().contains(&failed(OTHER)));
}
