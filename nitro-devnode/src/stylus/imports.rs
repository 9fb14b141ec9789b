//! The functions a program may import, with their types.
//!
//! One table serves activation, which checks types against it, and the engine, which links by it.

use wasmparser::ValType;
use wasmparser::ValType::{F32, F64, I32, I64};

use super::activate::ActivationRules;

/// The module that offers the host's functions.
pub const VM_HOOKS: &str = "vm_hooks";

/// The module that offers printing on debug chains, free of ink.
pub const CONSOLE: &str = "console";

/// The import by which a program pays for the pages it grows by.
pub const PAY_FOR_MEMORY_GROW: &str = "pay_for_memory_grow";

/// A host function: pointers, lengths, `u8`, `u16` and `u32` are `i32`; gas, ink and `u64` are
/// `i64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The name imported.
    pub name: &'static str,
    /// Parameters in order.
    pub params: &'static [ValType],
    /// Results in order: none or one.
    pub results: &'static [ValType],
}

const fn hostio(
    name: &'static str,
    params: &'static [ValType],
    results: &'static [ValType],
) -> Signature {
    Signature {
        name,
        params,
        results,
    }
}

/// The 42 functions of [`VM_HOOKS`].
pub const HOSTIOS: [Signature; 42] = [
    hostio("read_args", &[I32], &[]),
    hostio("write_result", &[I32, I32], &[]),
    hostio("exit_early", &[I32], &[]),
    hostio("storage_load_bytes32", &[I32, I32], &[]),
    hostio("storage_cache_bytes32", &[I32, I32], &[]),
    hostio("storage_flush_cache", &[I32], &[]),
    hostio("transient_load_bytes32", &[I32, I32], &[]),
    hostio("transient_store_bytes32", &[I32, I32], &[]),
    hostio("call_contract", &[I32, I32, I32, I32, I64, I32], &[I32]),
    hostio("delegate_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    hostio("static_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    hostio("create1", &[I32, I32, I32, I32, I32], &[]),
    hostio("create2", &[I32, I32, I32, I32, I32, I32], &[]),
    hostio("read_return_data", &[I32, I32, I32], &[I32]),
    hostio("return_data_size", &[], &[I32]),
    hostio("emit_log", &[I32, I32, I32], &[]),
    hostio("account_balance", &[I32, I32], &[]),
    hostio("account_code", &[I32, I32, I32, I32], &[I32]),
    hostio("account_code_size", &[I32], &[I32]),
    hostio("account_codehash", &[I32, I32], &[]),
    hostio("evm_gas_left", &[], &[I64]),
    hostio("evm_ink_left", &[], &[I64]),
    hostio("block_basefee", &[I32], &[]),
    hostio("chainid", &[], &[I64]),
    hostio("block_coinbase", &[I32], &[]),
    hostio("block_gas_limit", &[], &[I64]),
    hostio("block_number", &[], &[I64]),
    hostio("block_timestamp", &[], &[I64]),
    hostio("contract_address", &[I32], &[]),
    hostio("math_div", &[I32, I32], &[]),
    hostio("math_mod", &[I32, I32], &[]),
    hostio("math_pow", &[I32, I32], &[]),
    hostio("math_add_mod", &[I32, I32, I32], &[]),
    hostio("math_mul_mod", &[I32, I32, I32], &[]),
    hostio("msg_reentrant", &[], &[I32]),
    hostio("msg_sender", &[I32], &[]),
    hostio("msg_value", &[I32], &[]),
    hostio("native_keccak256", &[I32, I32, I32], &[]),
    hostio("tx_gas_price", &[I32], &[]),
    hostio("tx_ink_price", &[], &[I32]),
    hostio("tx_origin", &[I32], &[]),
    hostio(PAY_FOR_MEMORY_GROW, &[I32], &[]),
];

/// The functions of [`CONSOLE`], on debug chains only.
pub const CONSOLE_FUNCTIONS: [Signature; 9] = [
    hostio("log_txt", &[I32, I32], &[]),
    hostio("log_i32", &[I32], &[]),
    hostio("log_i64", &[I64], &[]),
    hostio("log_f32", &[F32], &[]),
    hostio("log_f64", &[F64], &[]),
    hostio("tee_i32", &[I32], &[I32]),
    hostio("tee_i64", &[I64], &[I64]),
    hostio("tee_f32", &[F32], &[F32]),
    hostio("tee_f64", &[F64], &[F64]),
];

/// The functions that `module` offers to programs under `rules`.
pub fn offered(module: &str, rules: &ActivationRules) -> &'static [Signature] {
    match module {
        VM_HOOKS => &HOSTIOS,
        CONSOLE if !rules.production_rules => &CONSOLE_FUNCTIONS,
        _ => &[],
    }
}
