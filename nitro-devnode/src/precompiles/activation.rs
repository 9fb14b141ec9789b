//! `ArbWasm.activateProgram`: the order of its checks and charges, as `corpus/20-activation`
//! shows it.
//!
//! Whether the WASM is acceptable is decided in [`crate::stylus::activate`].
use revm::{
    Database,
    primitives::{Address, B256, U256, keccak256},
};

use super::{
    abi::{self, Args},
    arb_wasm::{self, pay_data_fee},
    call::{Call, Failure, database},
};
use crate::{
    arbos::{
        accounts, data_price, layout,
        params::StylusParams,
        programs::{self, Program},
        storage::Slots,
    },
    stylus::{
        activate::{Activation, ActivationRules, activate},
        code,
    },
};

alloy::sol! {
    event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
    error ProgramUpToDate();
    error ProgramNotWasm();
}

/// Charged before anything is looked at.
const FIXED_GAS: u64 = 1_659_168;

/// Activates the program at an address and takes its data fee from the value sent.
pub(super) fn activate_program<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let address = args.address()?;
    call.burn(FIXED_GAS)?;
    let account = accounts::peek(call.ctx, address).map_err(database)?;
    if account.is_selfdestructed() {
        return Err(Failure::Reverted);
    }
    let code_hash = accounts::code_hash(call.ctx, address).map_err(database)?;
    let params = arb_wasm::params(call)?;
    let old = arb_wasm::record(call, code_hash)?;
    let now = call.now();
    if old.version == params.version && !old.is_expired(&params, now) {
        return Err(Failure::typed(
            &ProgramUpToDate {},
            "error ProgramUpToDate()",
        ));
    }
    let activation = check(call, address, &params)?;
    if old.cached {
        // The node drops the old module from its cache, which it finds by its hash.
        call.read(layout::module_hashes().slot(code_hash))?;
    }
    let module_hash = module_hash(code_hash, params.version);
    call.write(layout::module_hashes().slot(code_hash), module_hash.into())?;
    let fee = data_price::charge(call, activation.asm_estimate, now)?;
    let program = Program {
        version: params.version,
        init_cost: activation.init_cost,
        cached_cost: activation.cached_init_cost,
        footprint: activation.footprint,
        activated_at_hours: programs::hours_since_start(now),
        asm_kib: activation.asm_estimate.div_ceil(1_024) & 0x00ff_ffff,
        cached: old.cached,
    };
    call.write(programs::program_slot(code_hash), program.pack())?;
    pay_data_fee(call, fee)?;
    call.emit(&ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program: address,
        dataFee: fee,
        version: params.version,
    })?;
    Ok(abi::words([U256::from(params.version), fee]))
}

/// Reads the account's program and checks it, at the price of its size and contents.
fn check<DB: Database>(
    call: &mut Call<'_, DB>,
    address: Address,
    params: &StylusParams,
) -> Result<Activation, Failure> {
    let bytecode = accounts::code(call.ctx, address).map_err(database)?;
    let bytecode = bytecode.original_byte_slice();
    if bytecode.is_empty() {
        return Err(Failure::typed(&ProgramNotWasm {}, "error ProgramNotWasm()"));
    }
    let wasm = match code::decompress(bytecode, params.max_wasm_size) {
        Ok(wasm) => wasm,
        Err(error @ code::CodeError::DictionaryUnavailable) => {
            tracing::warn!(%address, "{error}");
            return Err(Failure::Halted(format!(
                "program activation failed: {error}"
            )));
        }
        Err(_) => return Err(Failure::Reverted),
    };
    let rules = ActivationRules {
        arbos_version: params.arbos_version,
        stylus_version: params.version,
        page_limit: params.page_limit.saturating_sub(call.ctx.chain.open_pages),
        production_rules: call.ctx.chain.rules.production_rules,
    };
    activate(&wasm, &rules, &mut call.gas)
        .map_err(|error| Failure::Halted(format!("program activation failed: {error}")))
}

/// Stands in for the Merkle hash of the program's translation to WAVM, which only fraud
/// proofs need and this node does not compute: keccak256(code hash ‖ Stylus version).
fn module_hash(code_hash: B256, version: u16) -> B256 {
    keccak256([code_hash.as_slice(), &version.to_be_bytes()].concat())
}
