//! ArbWasm (0x71): Stylus parameters, programs and their upkeep.
use alloy::sol_types::SolCall;
use revm::{
    Database,
    primitives::{B256, U256},
};

use super::{
    abi::{self, Args},
    activation,
    call::{Call, Failure, database},
    method::{Handler, Method, payable, view},
};
use crate::{
    arbos::{
        accounts, data_price, layout,
        params::{self, COST_SCALAR_PERCENT, PAGE_RAMP, StylusParams},
        programs::{self, Program},
        storage::Slots,
    },
    stylus::hostio_log::Noted,
};

alloy::sol! {
    interface IArbWasm {
        function activateProgram(address program);
        function codehashKeepalive(bytes32 codehash);
        function stylusVersion();
        function inkPrice();
        function maxStackDepth();
        function freePages();
        function pageGas();
        function pageRamp();
        function pageLimit();
        function minInitGas();
        function initCostScalar();
        function expiryDays();
        function keepaliveDays();
        function blockCacheSize();
        function codehashVersion(bytes32 codehash);
        function codehashAsmSize(bytes32 codehash);
        function programVersion(address program);
        function programInitGas(address program);
        function programMemoryFootprint(address program);
        function programTimeLeft(address program);
        event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }
}

/// The price of reading all parameters.
const PARAMS_GAS: u64 = 100;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbWasm as I;
    Some(match selector {
        I::activateProgramCall::SELECTOR => payable(activation::activate_program),
        I::codehashKeepaliveCall::SELECTOR => payable(keepalive),
        I::minInitGasCall::SELECTOR => view(|call, _| {
            let params = params(call)?;
            Ok(abi::words([
                U256::from(params.min_init_gas()),
                U256::from(params.min_cached_init_gas()),
            ]))
        }),
        _ => view(parameter_getter::<DB>(selector).or_else(|| program_getter::<DB>(selector))?),
    })
}

/// Getters of one parameter.
fn parameter_getter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbWasm as I;
    Some(match selector {
        I::stylusVersionCall::SELECTOR => |call, _| parameter(call, |params| params.version.into()),
        I::inkPriceCall::SELECTOR => |call, _| parameter(call, |params| params.ink_price.into()),
        I::maxStackDepthCall::SELECTOR => {
            |call, _| parameter(call, |params| params.max_stack_depth.into())
        }
        I::freePagesCall::SELECTOR => |call, _| parameter(call, |params| params.free_pages.into()),
        I::pageGasCall::SELECTOR => |call, _| parameter(call, |params| params.page_gas.into()),
        I::pageRampCall::SELECTOR => |call, _| parameter(call, |_| PAGE_RAMP),
        I::pageLimitCall::SELECTOR => |call, _| parameter(call, |params| params.page_limit.into()),
        I::initCostScalarCall::SELECTOR => |call, _| {
            parameter(call, |params| {
                u64::from(params.init_cost_scalar) * COST_SCALAR_PERCENT
            })
        },
        I::expiryDaysCall::SELECTOR => {
            |call, _| parameter(call, |params| params.expiry_days.into())
        }
        I::keepaliveDaysCall::SELECTOR => {
            |call, _| parameter(call, |params| params.keepalive_days.into())
        }
        I::blockCacheSizeCall::SELECTOR => {
            |call, _| parameter(call, |params| params.block_cache_size.into())
        }
        _ => return None,
    })
}

/// Getters of one program.
fn program_getter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbWasm as I;
    Some(match selector {
        I::codehashVersionCall::SELECTOR => |call, args| {
            let hash = args.b256()?;
            Ok(abi::number(active(call, hash)?.0.version.into()))
        },
        I::codehashAsmSizeCall::SELECTOR => |call, args| {
            let hash = args.b256()?;
            Ok(abi::number(active(call, hash)?.0.asm_bytes().into()))
        },
        I::programVersionCall::SELECTOR => {
            |call, args| Ok(abi::number(active_at(call, args)?.0.version.into()))
        }
        I::programInitGasCall::SELECTOR => |call, args| {
            let (program, params) = active_at(call, args)?;
            let cached = program.cached_gas(&params);
            let mut gas = program.init_gas(&params);
            if params.version > 1 {
                gas = gas.saturating_add(cached);
            }
            Ok(abi::words([U256::from(gas), U256::from(cached)]))
        },
        I::programMemoryFootprintCall::SELECTOR => {
            |call, args| Ok(abi::number(active_at(call, args)?.0.footprint.into()))
        }
        I::programTimeLeftCall::SELECTOR => |call, args| {
            let (program, params) = active_at(call, args)?;
            let age = program.age_secs(call.now());
            Ok(abi::number(params.expiry_secs().saturating_sub(age)))
        },
        _ => return None,
    })
}

/// The Stylus parameters, at their flat price.
pub(super) fn params<DB: Database>(call: &mut Call<'_, DB>) -> Result<StylusParams, Failure> {
    call.burn(PARAMS_GAS)?;
    params::load(call.ctx).map_err(database)
}

fn parameter<DB: Database>(
    call: &mut Call<'_, DB>,
    get: fn(&StylusParams) -> u64,
) -> Result<Vec<u8>, Failure> {
    Ok(abi::number(get(&params(call)?)))
}

/// The record of a code hash: one read.
pub(super) fn record<DB: Database>(
    call: &mut Call<'_, DB>,
    code_hash: B256,
) -> Result<Program, Failure> {
    Ok(Program::unpack(
        call.read(programs::program_slot(code_hash))?,
    ))
}

/// The record of a program that may run, and the parameters.
fn active<DB: Database>(
    call: &mut Call<'_, DB>,
    code_hash: B256,
) -> Result<(Program, StylusParams), Failure> {
    let params = params(call)?;
    let program = record(call, code_hash)?;
    programs::check_active(&program, &params, call.now())?;
    Ok((program, params))
}

/// The same by the address in the arguments.
fn active_at<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<(Program, StylusParams), Failure> {
    let address = args.address()?;
    let code_hash = call.code_hash(address)?;
    active(call, code_hash)
}

/// Renews an activation for the data fee of its code.
fn keepalive<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let code_hash = args.b256()?;
    let (mut program, params) = active(call, code_hash)?;
    let now = call.now();
    let age = program.age_secs(now);
    if age < params.keepalive_secs() {
        let error = IArbWasm::ProgramKeepaliveTooSoon { ageInSeconds: age };
        let text = format!("error ProgramKeepaliveTooSoon({age})");
        return Err(Failure::typed(&error, text));
    }
    let fee = data_price::charge(call, program.asm_bytes(), now)?;
    program.activated_at_hours = programs::hours_since_start(now);
    call.write(programs::program_slot(code_hash), program.pack())?;
    pay_data_fee(call, fee)?;
    call.emit(&IArbWasm::ProgramLifetimeExtended {
        codehash: code_hash,
        dataFee: fee,
    })?;
    Ok(Vec::new())
}

/// Sends the fee to the network's account and what was sent beyond it back to the caller.
pub(super) fn pay_data_fee<DB: Database>(
    call: &mut Call<'_, DB>,
    fee: U256,
) -> Result<(), Failure> {
    let sent = call.value;
    let Some(rest) = sent.checked_sub(fee) else {
        let error = IArbWasm::ProgramInsufficientValue {
            have: sent,
            want: fee,
        };
        let text = format!("error ProgramInsufficientValue({sent}, {fee})");
        return Err(Failure::typed(&error, text));
    };
    let network = call.read_address(layout::root(layout::NETWORK_FEE_ACCOUNT))?;
    let (wasm, caller) = (call.address, call.caller);
    for (to, amount) in [(network, fee), (caller, rest)] {
        // The value was moved here with the call, so it is there.
        if !accounts::transfer(call.ctx, wasm, to, amount).map_err(database)? {
            return Err(Failure::Reverted);
        }
        if let Some(log) = &call.ctx.chain.hostios {
            log.note(Noted::Transfer { to });
        }
    }
    Ok(())
}
