//! What the tests of the programs share: who calls, the host they call on, and how a call ends.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolInterface, SolValue};
use stylus_sdk::testing::TestVM;

/// Has the roles.
pub const ADMIN: Address = address!("00000000000000000000000000000000000000a1");
/// Has none.
pub const ALICE: Address = address!("00000000000000000000000000000000000000b1");
/// Has none.
pub const BOB: Address = address!("00000000000000000000000000000000000000b2");

/// An ETH in wei.
pub const ETHER: u64 = 1_000_000_000_000_000_000;
/// The second in which tests begin.
pub const START: u64 = 1_000_000;

/// What a call returns, or the data that it reverts with.
pub type Outcome = Result<Vec<u8>, Vec<u8>>;

/// A host at [`START`] on which these accounts have code.
pub fn host(contracts: &[Address]) -> TestVM {
    let vm = TestVM::new();
    vm.set_block_timestamp(START);
    for contract in contracts {
        vm.set_code(*contract, vec![1]);
    }
    vm
}

/// As [`host`], for a program that runs behind a proxy.
pub fn behind_a_proxy(contracts: &[Address]) -> TestVM {
    let vm = host(contracts);
    let slot = U256::from_be_bytes(proxy::IMPLEMENTATION_SLOT);
    vm.set_storage(slot, U256::ONE.into());
    vm
}

/// Selector and arguments of a call, as a router takes them.
pub fn routed<C: SolCall>(call: &C) -> (u32, Vec<u8>) {
    let mut arguments = Vec::new();
    call.abi_encode_raw(&mut arguments);
    (u32::from_be_bytes(C::SELECTOR), arguments)
}

/// Looks that every call of interface `I` is routed by exactly one program, and no other by any.
///
/// `routes` tells of each program that answers the interface whether it routes a selector. It is
/// given arguments that no call takes, so that nothing is done.
///
/// # Panics
///
/// If a call is routed by none or by several.
pub fn check_routes<I: SolInterface, const N: usize>(
    mut routes: impl FnMut(u32, &[u8]) -> [bool; N],
) {
    let mut programs = |selector: [u8; 4]| {
        let routed = routes(u32::from_be_bytes(selector), &[0xff; 31]);
        routed.into_iter().filter(|routed| *routed).count()
    };
    for selector in I::selectors() {
        assert_eq!(programs(selector), 1, "{selector:02x?}");
    }
    assert_eq!(programs([0xde, 0xad, 0xbe, 0xef]), 0);
}

/// The call returns this number.
pub fn word(value: u64) -> Outcome {
    Ok(U256::from(value).abi_encode())
}

/// The call is refused by this error.
pub fn refusal(error: impl SolError) -> Outcome {
    Err(error.abi_encode())
}

/// The newest event of its kind, which must have been emitted.
pub fn last<E: SolEvent>(vm: &TestVM) -> E {
    let logs = vm.get_emitted_logs();
    let mut newest = logs.iter().rev();
    let found =
        newest.find_map(|(topics, data)| E::decode_raw_log(topics.iter().copied(), data).ok());
    found.expect("the event was emitted")
}

/// The word in a slot.
pub fn slot(vm: &TestVM, slot: u64) -> B256 {
    vm.get_storage(U256::from(slot))
}

/// The word of a map's key, where Solidity puts it.
pub fn entry(vm: &TestVM, slot: u64, key: B256) -> B256 {
    let place = keccak256([key, B256::from(U256::from(slot))].concat());
    vm.get_storage(place.into())
}

/// A word by its fields as the drawings show them: hexadecimal, highest first, blanks between.
pub fn drawn(fields: &str) -> B256 {
    let digits: String = fields.split_whitespace().collect();
    digits.parse().expect("64 digits")
}
