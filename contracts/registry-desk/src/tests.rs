//! The program against mocked receivers: what it stores, emits, sends and refuses.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums of literals far below any limit"
)]

mod administration;
mod bonds;
mod curation;
mod judgement;
mod refusals;
mod validators;

use abi::{IAdministration, IValidatorRegistry};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolError;
use glue::{access::DEFAULT_ADMIN_ROLE, router::Text};
use protocol::registry::{Status, Validator};
use registry_state::{CURATOR_ROLE, JAILER_ROLE, SLASHER_ROLE, testing::*};

use crate::RegistryDesk;

type Bench = registry_state::testing::Bench<RegistryDesk>;

fn named(name: &str) -> Text {
    Text(name.as_bytes().to_vec())
}

/// Alice registers a validator with a bond in whole ETH.
fn enter(bench: &mut Bench, signer: Address, bond_eth: u128) -> u32 {
    let program = bench.pay(ALICE, bond_eth * ETH);
    let id = program.register(named("Alice"), signer, PAYEE, 500);
    bench.vm.set_value(U256::ZERO);
    bench.forget();
    id.unwrap()
}

fn moved(previous: u8, current: u8) -> Log {
    log(&IValidatorRegistry::ValidatorStatusChanged {
        id: 1,
        previous,
        current,
    })
}

fn bond_exit(assets: u128, available_at: u64) -> Log {
    log(&IValidatorRegistry::BondExitRequested {
        id: 1,
        assets: wei(assets),
        availableAt: available_at,
    })
}

fn returned(assets: u128) -> Log {
    log(&IValidatorRegistry::BondReturned {
        id: 1,
        receiver: PAYEE,
        assets: wei(assets),
    })
}
