//! The contract against a mocked pool and mocked receivers: what it stores, emits, calls and refuses.
//!
//! The mocked host keeps no account of ETH, answers a call it was not told of with success, gives
//! every call the data that was mocked last, and undoes nothing when a call fails. So a test proves
//! that a call was made by letting exactly that call fail, and looks at the error alone.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums of literals far below any limit"
)]

mod administration;
mod penalties;
mod refusals;
mod stake;
mod validators;

use abi::{IAdministration, IStakingPool, IValidatorRegistry};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use core::fmt::Debug;
use glue::{pause::Pauses, router::Text};
use stylus_sdk::{prelude::*, testing::TestVM};

use crate::{
    DEFAULT_ADMIN_ROLE, GROUPS, JAILER_ROLE, SLASHER_ROLE, ValidatorRegistry, error::Error,
};

const POOL: Address = address!("1000000000000000000000000000000000000001");
const ADMINISTRATION: Address = address!("1000000000000000000000000000000000000002");
const ADMIN: Address = address!("2000000000000000000000000000000000000002");
const SLASHER: Address = address!("4000000000000000000000000000000000000004");
const JAILER: Address = address!("5000000000000000000000000000000000000005");
const ALICE: Address = address!("a11ce0000000000000000000000000000000a11c");
const BOB: Address = address!("b0b00000000000000000000000000000000000b0");
/// The signer of the first validator.
const SIGNER: Address = address!("5160000000000000000000000000000000000001");
/// Where all validators want their pay.
const PAYEE: Address = address!("bea0000000000000000000000000000000000001");

const ETH: u128 = 1_000_000_000_000_000_000;
const NOW: u64 = 1_700_000_000;
/// Seven days: how long stake and bond take to leave.
const UNBONDING: u64 = 604_800;
const EVIDENCE: B256 = B256::repeat_byte(0xe1);

const PENDING: u8 = 1;
const ACTIVE: u8 = 2;
const JAILED: u8 = 3;
const EXITING: u8 = 4;
const EXITED: u8 = 5;

/// A registry and the host it runs on.
struct Bench {
    vm: TestVM,
    registry: ValidatorRegistry,
}

type Log = (Vec<B256>, Vec<u8>);

fn wei(value: u128) -> U256 {
    U256::from(value)
}

fn words(values: &[u128]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| wei(*value).to_be_bytes::<32>())
        .collect()
}

fn named(name: &str) -> Text {
    Text(name.as_bytes().to_vec())
}

fn log(event: &impl SolEvent) -> Log {
    let data = event.encode_log_data();
    (data.topics().to_vec(), data.data.to_vec())
}

fn bare() -> Bench {
    let vm = TestVM::new();
    vm.set_code(POOL, vec![1]);
    vm.set_code(ADMINISTRATION, vec![1]);
    let slot = U256::from_be_bytes(proxy::IMPLEMENTATION_SLOT);
    vm.set_storage(slot, U256::ONE.into());
    vm.set_block_timestamp(NOW);
    vm.set_sender(ADMIN);
    let registry = ValidatorRegistry::from(&vm);
    Bench { vm, registry }
}

/// An initialised registry with its roles: minimum bond 10 ETH, seven days of unbonding.
fn bench() -> Bench {
    let mut bench = bare();
    let registry = &mut bench.registry;
    registry
        .initialize(ADMIN, ADMINISTRATION, POOL, wei(10 * ETH), UNBONDING)
        .unwrap();
    // What the administration program does, which the mocked host does not run.
    let office = &mut registry.administration;
    office
        .start(ADMIN, ADMINISTRATION, Address::ZERO, GROUPS)
        .unwrap();
    let roles = &mut office.roles;
    roles.give(SLASHER_ROLE, SLASHER);
    roles.give(JAILER_ROLE, JAILER);
    bench.forget();
    bench
}

/// A registry whose validator 1 is active with a bond of 10 ETH; Alice operates it.
fn with_active() -> Bench {
    let mut bench = bench();
    assert_eq!(bench.enter(SIGNER, 10), 1);
    bench.act(ALICE).activate(1).unwrap();
    bench.forget();
    bench
}

/// As [`with_active`]; the pool, of 1,000 ETH, delegated 40 ETH to it.
fn with_stake() -> Bench {
    let mut bench = with_active();
    bench.delegate(40);
    bench
}

impl Bench {
    /// The next call is from `sender` and without value.
    fn act(&mut self, sender: Address) -> &mut ValidatorRegistry {
        self.pay(sender, 0)
    }

    /// The next call is from `sender` and with `assets` wei.
    fn pay(&mut self, sender: Address, assets: u128) -> &mut ValidatorRegistry {
        self.vm.set_sender(sender);
        self.vm.set_value(wei(assets));
        &mut self.registry
    }

    /// Alice registers a validator with a bond in whole ETH.
    fn enter(&mut self, signer: Address, bond_eth: u128) -> u32 {
        let registry = self.pay(ALICE, bond_eth * ETH);
        let id = registry.register(named("Alice"), signer, PAYEE, 500);
        self.vm.set_value(U256::ZERO);
        self.forget();
        id.unwrap()
    }

    /// The pool, of 1,000 ETH, delegates whole ETH.
    fn delegate(&mut self, assets_eth: u128) {
        let registry = self.pay(POOL, assets_eth * ETH);
        registry.delegate(wei(1_000 * ETH), wei(64)).unwrap();
        self.vm.set_value(U256::ZERO);
        self.forget();
    }

    /// The pool calls whole ETH back.
    fn undelegate(&mut self, assets_eth: u128) {
        let started = self.act(POOL).undelegate(wei(assets_eth * ETH), wei(64));
        assert_eq!(started.unwrap(), wei(assets_eth * ETH));
        self.forget();
    }

    /// Somebody gives whole ETH to the cover fund.
    fn cover(&mut self, assets_eth: u128) {
        self.pay(BOB, assets_eth * ETH).fund_cover().unwrap();
        self.vm.set_value(U256::ZERO);
        self.forget();
    }

    fn pauses(&mut self) -> &mut Pauses {
        &mut self.registry.administration.pauses
    }

    fn at(&self, timestamp: u64) {
        self.vm.set_block_timestamp(timestamp);
    }

    /// The pool answers a report of `loss` wei: what it took from unreleased rewards, and the rest.
    fn pool_takes(&self, loss: u128, from_unreleased: u128, socialised: u128) {
        let call = IStakingPool::reportLossCall { assets: wei(loss) };
        self.vm.mock_call(
            POOL,
            call.abi_encode(),
            U256::ZERO,
            Ok(words(&[from_unreleased, socialised])),
        );
    }

    /// Whoever `target` is fails exactly this call, with the reason that is returned.
    fn fails(&self, target: Address, call: Vec<u8>, value: u128) -> Vec<u8> {
        let reason = vec![0xba, 0xdb, 0xad, 0x00];
        self.vm
            .mock_call(target, call, wei(value), Err(reason.clone()));
        reason
    }

    fn forget(&self) {
        self.vm.clear_mocks();
    }

    fn logs(&self) -> Vec<Log> {
        self.vm.get_emitted_logs()
    }

    fn status(&self, id: u32) -> u8 {
        self.registry.validator(id).unwrap().0
    }

    /// Bond, delegated and unbonding wei of a validator.
    fn stakes(&self, id: u32) -> [U256; 3] {
        let (_, bond, delegated, unbonding, ..) = self.registry.validator(id).unwrap();
        [bond, delegated, unbonding]
    }

    /// Bonds, delegated, unbonding, cover, owed to reporters; the balance is what they sum to.
    fn booked(&self) -> [U256; 5] {
        let here = self.vm.contract_address();
        self.vm.set_balance(here, wei(1_000_000 * ETH));
        let (bonds, delegated, unbonding, cover, owed, surplus) = self.registry.reserves().unwrap();
        let parts = [bonds, delegated, unbonding, cover, owed];
        assert_eq!(
            parts.iter().fold(surplus, |sum, part| sum + part),
            wei(1_000_000 * ETH)
        );
        parts
    }

    /// The call is refused with exactly this error, and nothing was written or emitted.
    fn refuses<T: Debug>(
        &mut self,
        expected: impl SolError,
        call: impl FnOnce(&mut ValidatorRegistry) -> Result<T, Error>,
    ) {
        let before = self.vm.snapshot();
        let error = call(&mut self.registry).unwrap_err();
        assert_eq!(Vec::<u8>::from(error), expected.abi_encode());
        let after = self.vm.snapshot();
        assert_eq!(after.storage, before.storage);
        assert_eq!(after.emitted_logs, before.emitted_logs);
    }
}
