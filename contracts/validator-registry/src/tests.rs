//! The program against a mocked pool, mocked hooks and mocked receivers: what it stores, emits, calls
//! and refuses.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums of literals far below any limit"
)]

mod administration;
mod hooks;
mod penalties;
mod refusals;
mod stake;
mod words;

use abi::{IAdministration, ISlashingHook, IStakingPool, IValidatorRegistry};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolError};
use protocol::registry::{Status, Validator};
use registry_state::{SLASHER_ROLE, testing::*};

use crate::{ValidatorRegistry, error::Error};

type Bench = registry_state::testing::Bench<ValidatorRegistry>;

/// The pool, of 1,000 ETH, delegates whole ETH.
fn delegate(bench: &mut Bench, assets_eth: u128) {
    let program = bench.pay(POOL, assets_eth * ETH);
    let delegated = program.delegate(wei(assets_eth * ETH), wei(1_000 * ETH), wei(64));
    delegated.unwrap();
    bench.vm.set_value(U256::ZERO);
    bench.forget();
}

/// The pool calls whole ETH back.
fn undelegate(bench: &mut Bench, assets_eth: u128) {
    let started = bench.act(POOL).undelegate(wei(assets_eth * ETH), wei(64));
    assert_eq!(started.unwrap(), wei(assets_eth * ETH));
    bench.forget();
}

/// The pool answers a report of `loss` wei: what it took from unreleased rewards, and the rest.
fn pool_takes(bench: &Bench, loss: u128, from_unreleased: u128, socialised: u128) {
    let call = IStakingPool::reportLossCall { assets: wei(loss) };
    bench.vm.mock_call(
        POOL,
        call.abi_encode(),
        U256::ZERO,
        Ok(words(&[from_unreleased, socialised])),
    );
}
