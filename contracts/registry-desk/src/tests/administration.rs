//! The ABI and the pages.

use alloy_sol_types::SolCall;
use protocol::delegation::UnbondingEntry;
use registry_state::Counts;
use stylus_sdk::abi::Router;

use super::*;

fn route(bench: &mut Bench, call: &[u8]) -> Option<Result<Vec<u8>, Vec<u8>>> {
    let selector = u32::from_be_bytes([call[0], call[1], call[2], call[3]]);
    <RegistryDesk as Router<RegistryDesk>>::route(&mut bench.program, selector, &call[4..])
}

#[test]
fn a_registration_passes_the_router_as_the_abi_says() {
    let mut bench = Bench::begun();
    let call = IValidatorRegistry::registerCall {
        name: "Alice".into(),
        signer: SIGNER,
        rewardAddress: PAYEE,
        commissionBps: 500,
    };
    bench.pay(ALICE, 10 * ETH);
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    assert_eq!(answer, words(&[1]));
}

#[test]
fn value_is_not_taken_where_nothing_is_payable() {
    let mut bench = Bench::with_active();
    bench.pay(ALICE, 1);
    let call = IValidatorRegistry::exitCall { id: 1 }.abi_encode();
    assert_eq!(route(&mut bench, &call), None);
    assert_eq!(bench.status(1), ACTIVE);
}

#[test]
fn a_page_of_validators_passes_the_router_as_the_abi_says() {
    let mut bench = Bench::with_stake();
    bench.act(CURATOR).vet(1, wei(ETH)).unwrap();
    let call = IValidatorRegistry::validatorsCall {
        first: 1,
        most: wei(64),
    };
    let answer = route(&mut bench, &call.abi_encode()).unwrap().unwrap();
    let page = IValidatorRegistry::validatorsCall::abi_decode_returns_validate(&answer).unwrap();
    assert_eq!(page.len(), 1);
    let info = &page[0];
    assert_eq!((info.id, info.status, info.lane), (1, ACTIVE, 1));
    assert_eq!(
        [info.bond, info.delegated, info.unbonding],
        [10 * ETH, 40 * ETH, 0].map(wei)
    );
}

#[test]
fn pages_of_validators_hold_sixty_four_at_most() {
    let mut bench = Bench::begun();
    for number in 1..=70 {
        bench.place(Address::with_last_byte(number), 10, Status::Pending);
    }
    let ids = |first, most| -> Vec<u32> {
        let page = bench.program.validators(first, most);
        page.into_iter().map(|(id, ..)| id).collect()
    };
    assert_eq!(ids(0, wei(3)), [1, 2, 3]);
    assert_eq!(ids(69, wei(3)), [69, 70]);
    assert_eq!(ids(71, wei(3)), [] as [u32; 0]);
    assert_eq!(ids(1, U256::MAX).len(), 64);
    assert_eq!(ids(1, U256::ZERO), [] as [u32; 0]);
}

#[test]
fn a_page_of_entries_shows_what_slashes_have_left() {
    let mut bench = Bench::with_active();
    bench.stake(1, 0, 12);
    for (number, shares) in [(5, 7 * ETH), (6, 5 * ETH)] {
        let entry = UnbondingEntry {
            shares,
            matures_at: NOW + number,
        };
        bench.state.register.store_entry(number, &entry, 1);
    }
    let counts = bench.state.books.counts();
    bench.state.books.store_counts(Counts {
        first_entry: 5,
        end_entry: 7,
        ..counts
    });
    // A slash took 6 of the 12 ETH.
    bench.change(1, |mut validator| {
        validator.unbonding.assets = 6 * ETH;
        validator
    });
    assert_eq!(bench.program.unbonding_range(), (wei(5), wei(7)));
    let both = [
        (wei(5), 1, NOW + 5, wei(3_500_000_000_000_000_000)),
        (wei(6), 1, NOW + 6, wei(2_500_000_000_000_000_000)),
    ];
    let page = |first, most| bench.program.unbonding_entries(first, most).unwrap();
    assert_eq!(page(U256::ZERO, wei(64)), both);
    assert_eq!(page(wei(6), wei(64)), both[1..]);
    assert_eq!(page(U256::ZERO, wei(1)), both[..1]);
    assert_eq!(page(U256::MAX, wei(64)), []);
}
