//! Calls through the provider, against the gas, results and logs of a real node.
mod charging;
mod methods;
mod native_token;
mod programs;

use alloy::primitives::hex;
use revm::{
    bytecode::Bytecode,
    context_interface::JournalTr,
    handler::PrecompileProvider,
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, InstructionResult, InterpreterResult,
    },
    primitives::{Address, B256, Bytes, U256, address, b256, keccak256},
};

use super::ArbPrecompiles;
use crate::{
    arbos::{
        accounts::{self, DEV_ACCOUNT},
        genesis::testing::{TestContext, context, context_at},
        storage::Slots,
    },
    evm::{Purpose, context::OpenFrame},
};

const STRANGER: Address = address!("29e3b139f4393adda86303fcdaa35f60bb7092bf");
const CONTRACT: Address = address!("e1080224b632a93951a7cfa33eeea9fd81558b5e");
const GAS: u64 = 500_000;

/// A call of a transaction by the dev account.
fn call_of(precompile: u8, input: &[u8]) -> CallInputs {
    let address = Address::with_last_byte(precompile);
    CallInputs {
        input: CallInput::Bytes(Bytes::copy_from_slice(input)),
        return_memory_offset: 0..0,
        gas_limit: GAS,
        reservoir: 0,
        bytecode_address: address,
        known_bytecode: (B256::ZERO, Bytecode::default()),
        target_address: address,
        caller: DEV_ACCOUNT,
        value: CallValue::Transfer(U256::ZERO),
        scheme: CallScheme::Call,
        is_static: false,
        charged_new_account_state_gas: false,
    }
}

/// Runs a call as a frame does: its changes stay only if it succeeds.
fn execute(ctx: &mut TestContext, inputs: &CallInputs) -> InterpreterResult {
    let mut precompiles = ArbPrecompiles::new(ctx.chain.block.arbos_version);
    let checkpoint = ctx.journaled_state.checkpoint();
    let value = inputs.transfer_value().unwrap_or(U256::ZERO);
    let moved = accounts::transfer(ctx, inputs.caller, inputs.target_address, value);
    assert_eq!(moved, Ok(true));
    let result = precompiles.run(ctx, inputs).expect("memory database");
    let result = result.expect("a precompile");
    if result.is_ok() {
        ctx.journaled_state.checkpoint_commit();
    } else {
        ctx.journaled_state.checkpoint_revert(checkpoint);
    }
    result
}

/// Runs a call of the dev account and returns how it ended, its gas and its output.
fn run(ctx: &mut TestContext, precompile: u8, input: &[u8]) -> (InstructionResult, u64, String) {
    let result = execute(ctx, &call_of(precompile, input));
    let used = GAS - result.gas.remaining();
    (result.result, used, hex::encode(&result.output))
}

/// A selector with arguments of whole words.
fn encode<const N: usize>(signature: &str, arguments: [U256; N]) -> Vec<u8> {
    let mut input = keccak256(signature)[..4].to_vec();
    input.extend(super::abi::words(arguments));
    input
}

fn word(number: u64) -> String {
    hex::encode(U256::from(number).to_be_bytes::<32>())
}

fn as_word(address: Address) -> U256 {
    crate::arbos::storage::word_of(address)
}
