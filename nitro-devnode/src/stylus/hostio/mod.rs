//! The 42 functions a program can import, and the debug chain's console.
//!
//! Each charges, reads guest memory, acts, buys gas and writes guest memory, in this order;
//! the order shows in what is left when one of the steps fails.
mod account;
mod call;
mod console;
mod env;
mod math;
mod memory;
mod storage;

use wasmtime::{Caller, Linker};

use super::{exchange::CallKind, host::Guest, host::Host};
use call::{CallArgs, CreateArgs};

const HOOKS: &str = "vm_hooks";

type Result<T = ()> = wasmtime::Result<T>;

/// Links every hostio.
pub(super) fn link(linker: &mut Linker<Host>) -> Result {
    link_env(linker)?;
    link_block(linker)?;
    link_math(linker)?;
    link_storage(linker)?;
    link_account(linker)?;
    link_calls(linker)?;
    link_returns(linker)?;
    console::link(linker)
}

fn link_env(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap(HOOKS, "read_args", |c: Caller<'_, Host>, dest: u32| {
        Ok(env::read_args(Guest::new(c), dest)?)
    })?;
    linker.func_wrap(
        HOOKS,
        "write_result",
        |c: Caller<'_, Host>, data: u32, len: u32| Ok(env::write_result(Guest::new(c), data, len)?),
    )?;
    linker.func_wrap(HOOKS, "exit_early", |c: Caller<'_, Host>, status: u32| {
        Ok(env::exit_early(Guest::new(c), status)?)
    })?;
    linker.func_wrap(HOOKS, "contract_address", |c: Caller<'_, Host>, d: u32| {
        Ok(env::address(Guest::new(c), "contract_address", d, |env| {
            env.contract
        })?)
    })?;
    linker.func_wrap(HOOKS, "msg_sender", |c: Caller<'_, Host>, d: u32| {
        Ok(env::address(Guest::new(c), "msg_sender", d, |env| {
            env.caller
        })?)
    })?;
    linker.func_wrap(HOOKS, "tx_origin", |c: Caller<'_, Host>, d: u32| {
        Ok(env::address(Guest::new(c), "tx_origin", d, |env| {
            env.origin
        })?)
    })?;
    linker.func_wrap(HOOKS, "msg_value", |c: Caller<'_, Host>, d: u32| {
        Ok(env::word(Guest::new(c), "msg_value", d, |env| env.value)?)
    })?;
    linker.func_wrap(HOOKS, "tx_gas_price", |c: Caller<'_, Host>, d: u32| {
        Ok(env::word(Guest::new(c), "tx_gas_price", d, |env| {
            env.gas_price
        })?)
    })?;
    linker.func_wrap(HOOKS, "msg_reentrant", |c: Caller<'_, Host>| {
        Ok(env::small_number(Guest::new(c), "msg_reentrant", |env| {
            env.reentrant.into()
        })?)
    })?;
    linker.func_wrap(HOOKS, "tx_ink_price", |c: Caller<'_, Host>| {
        Ok(env::small_number(Guest::new(c), "tx_ink_price", |env| {
            u32::try_from(env.ink_price).unwrap_or(u32::MAX)
        })?)
    })?;
    linker.func_wrap(HOOKS, "evm_gas_left", |c: Caller<'_, Host>| {
        Ok(env::evm_gas_left(Guest::new(c))?)
    })?;
    linker.func_wrap(HOOKS, "evm_ink_left", |c: Caller<'_, Host>| {
        Ok(env::evm_ink_left(Guest::new(c))?)
    })?;
    Ok(())
}

fn link_block(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap(HOOKS, "block_basefee", |c: Caller<'_, Host>, d: u32| {
        Ok(env::word(Guest::new(c), "block_basefee", d, |env| {
            env.base_fee
        })?)
    })?;
    linker.func_wrap(HOOKS, "block_coinbase", |c: Caller<'_, Host>, d: u32| {
        Ok(env::address(Guest::new(c), "block_coinbase", d, |env| {
            env.coinbase
        })?)
    })?;
    linker.func_wrap(HOOKS, "block_gas_limit", |c: Caller<'_, Host>| {
        Ok(env::number(Guest::new(c), "block_gas_limit", |env| {
            env.block_gas_limit
        })?)
    })?;
    linker.func_wrap(HOOKS, "block_number", |c: Caller<'_, Host>| {
        Ok(env::number(Guest::new(c), "block_number", |env| {
            env.block_number
        })?)
    })?;
    linker.func_wrap(HOOKS, "block_timestamp", |c: Caller<'_, Host>| {
        Ok(env::number(Guest::new(c), "block_timestamp", |env| {
            env.block_timestamp
        })?)
    })?;
    linker.func_wrap(HOOKS, "chainid", |c: Caller<'_, Host>| {
        Ok(env::number(Guest::new(c), "chainid", |env| env.chain_id)?)
    })?;
    Ok(())
}

fn link_math(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap(
        HOOKS,
        "math_div",
        |c: Caller<'_, Host>, value: u32, divisor: u32| {
            Ok(math::div(Guest::new(c), value, divisor)?)
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "math_mod",
        |c: Caller<'_, Host>, value: u32, modulus: u32| {
            Ok(math::rem(Guest::new(c), value, modulus)?)
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "math_pow",
        |c: Caller<'_, Host>, value: u32, exponent: u32| {
            Ok(math::pow(Guest::new(c), value, exponent)?)
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "math_add_mod",
        |c: Caller<'_, Host>, value: u32, addend: u32, modulus: u32| {
            Ok(math::add_mod(Guest::new(c), value, addend, modulus)?)
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "math_mul_mod",
        |c: Caller<'_, Host>, value: u32, multiplier: u32, modulus: u32| {
            Ok(math::mul_mod(Guest::new(c), value, multiplier, modulus)?)
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "native_keccak256",
        |c: Caller<'_, Host>, input: u32, len: u32, output: u32| {
            Ok(math::keccak(Guest::new(c), input, len, output)?)
        },
    )?;
    Ok(())
}

fn link_storage(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap_async(
        HOOKS,
        "storage_load_bytes32",
        |c: Caller<'_, Host>, (key, dest): (u32, u32)| {
            Box::new(async move { Ok(storage::load(Guest::new(c), key, dest).await?) })
        },
    )?;
    linker.func_wrap(
        HOOKS,
        "storage_cache_bytes32",
        |c: Caller<'_, Host>, key: u32, value: u32| Ok(storage::cache(Guest::new(c), key, value)?),
    )?;
    linker.func_wrap_async(
        HOOKS,
        "storage_flush_cache",
        |c: Caller<'_, Host>, (clear,): (u32,)| {
            Box::new(async move { Ok(storage::flush(Guest::new(c), clear).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "transient_load_bytes32",
        |c: Caller<'_, Host>, (key, dest): (u32, u32)| {
            Box::new(async move { Ok(storage::transient_load(Guest::new(c), key, dest).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "transient_store_bytes32",
        |c: Caller<'_, Host>, (key, value): (u32, u32)| {
            Box::new(async move { Ok(storage::transient_store(Guest::new(c), key, value).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "pay_for_memory_grow",
        |c: Caller<'_, Host>, (pages,): (u32,)| {
            Box::new(async move { Ok(memory::pay_for_memory_grow(Guest::new(c), pages).await?) })
        },
    )?;
    Ok(())
}

fn link_account(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap_async(
        HOOKS,
        "account_balance",
        |c: Caller<'_, Host>, (address, dest): (u32, u32)| {
            Box::new(async move { Ok(account::balance(Guest::new(c), address, dest).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "account_codehash",
        |c: Caller<'_, Host>, (address, dest): (u32, u32)| {
            Box::new(async move { Ok(account::codehash(Guest::new(c), address, dest).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "account_code",
        |c: Caller<'_, Host>, (address, offset, size, dest): (u32, u32, u32, u32)| {
            Box::new(
                async move { Ok(account::code(Guest::new(c), address, offset, size, dest).await?) },
            )
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "account_code_size",
        |c: Caller<'_, Host>, (address,): (u32,)| {
            Box::new(async move { Ok(account::code_size(Guest::new(c), address).await?) })
        },
    )?;
    Ok(())
}

fn link_calls(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap_async(
        HOOKS,
        "call_contract",
        |c: Caller<'_, Host>, args: (u32, u32, u32, u32, u64, u32)| {
            let (contract, data, length, value, gas, return_length) = args;
            let value = Some(value);
            let args = CallArgs {
                contract,
                data,
                length,
                value,
                gas,
                return_length,
            };
            Box::new(async move { Ok(call::call(Guest::new(c), CallKind::Call, args).await?) })
        },
    )?;
    for (name, kind) in [
        ("delegate_call_contract", CallKind::Delegate),
        ("static_call_contract", CallKind::Static),
    ] {
        linker.func_wrap_async(
            HOOKS,
            name,
            move |c: Caller<'_, Host>, args: (u32, u32, u32, u64, u32)| {
                let (contract, data, length, gas, return_length) = args;
                let args = CallArgs {
                    contract,
                    data,
                    length,
                    value: None,
                    gas,
                    return_length,
                };
                Box::new(async move { Ok(call::call(Guest::new(c), kind, args).await?) })
            },
        )?;
    }
    linker.func_wrap_async(
        HOOKS,
        "create1",
        |c: Caller<'_, Host>, args: (u32, u32, u32, u32, u32)| {
            let (code, length, endowment, contract, revert_length) = args;
            let args = CreateArgs {
                code,
                length,
                endowment,
                salt: None,
                contract,
                revert_length,
            };
            Box::new(async move { Ok(call::create(Guest::new(c), args).await?) })
        },
    )?;
    linker.func_wrap_async(
        HOOKS,
        "create2",
        |c: Caller<'_, Host>, args: (u32, u32, u32, u32, u32, u32)| {
            let (code, length, endowment, salt, contract, revert_length) = args;
            let args = CreateArgs {
                code,
                length,
                endowment,
                salt: Some(salt),
                contract,
                revert_length,
            };
            Box::new(async move { Ok(call::create(Guest::new(c), args).await?) })
        },
    )?;
    Ok(())
}

fn link_returns(linker: &mut Linker<Host>) -> Result {
    linker.func_wrap(
        HOOKS,
        "read_return_data",
        |c: Caller<'_, Host>, dest: u32, offset: u32, size: u32| {
            Ok(call::read_return_data(Guest::new(c), dest, offset, size)?)
        },
    )?;
    linker.func_wrap(HOOKS, "return_data_size", |c: Caller<'_, Host>| {
        Ok(call::return_data_size(Guest::new(c))?)
    })?;
    linker.func_wrap_async(
        HOOKS,
        "emit_log",
        |c: Caller<'_, Host>, (data, len, topics): (u32, u32, u32)| {
            Box::new(async move { Ok(call::emit_log(Guest::new(c), data, len, topics).await?) })
        },
    )?;
    Ok(())
}
