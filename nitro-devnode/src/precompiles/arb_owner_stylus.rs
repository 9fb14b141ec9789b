//! The Stylus settings of ArbOwner.
use alloy::sol_types::SolCall;
use revm::Database;

use super::{
    abi::Args,
    arb_owner::remove_member,
    arb_wasm,
    call::{Call, Failure},
    method::{Handler, Method, write},
};
use crate::arbos::{
    address_set::AddressSet,
    layout,
    params::{COST_SCALAR_PERCENT, MIN_CACHED_GAS_UNIT, MIN_INIT_GAS_UNIT, StylusParams},
    storage::Slots,
};

alloy::sol! {
    interface IArbOwnerStylus {
        function setInkPrice(uint32 price);
        function setWasmMaxStackDepth(uint32 depth);
        function setWasmFreePages(uint16 pages);
        function setWasmPageGas(uint16 gas);
        function setWasmPageLimit(uint16 limit);
        function setWasmMaxSize(uint32 size);
        function setWasmMinInitGas(uint8 gas, uint16 cached);
        function setWasmInitCostScalar(uint64 percent);
        function setWasmExpiryDays(uint16 _days);
        function setWasmKeepaliveDays(uint16 _days);
        function setWasmBlockCacheSize(uint16 count);
        function addWasmCacheManager(address manager);
        function removeWasmCacheManager(address manager);
    }
}

const MAX_INK_PRICE: u32 = 0x00ff_ffff;

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbOwnerStylus as I;
    Some(match selector {
        I::setWasmMaxSizeCall::SELECTOR => write(|call, args| {
            let size = args.uint()?;
            update(call, |params| params.max_wasm_size = size)
        })
        .since(40),
        I::setWasmMinInitGasCall::SELECTOR => write(set_min_init_gas),
        I::addWasmCacheManagerCall::SELECTOR => write(|call, args| {
            let manager = args.address()?;
            AddressSet::new(layout::cache_managers()).add(call, manager)?;
            Ok(Vec::new())
        }),
        I::removeWasmCacheManagerCall::SELECTOR => {
            write(|call, args| remove_member(call, args, AddressSet::new(layout::cache_managers())))
        }
        _ => write(parameter::<DB>(selector)?),
    })
}

/// Setters of one parameter.
fn parameter<DB: Database>(selector: [u8; 4]) -> Option<Handler<DB>> {
    use IArbOwnerStylus as I;
    Some(match selector {
        I::setInkPriceCall::SELECTOR => |call, args| {
            let price: u32 = args.uint()?;
            if price == 0 || price > MAX_INK_PRICE {
                return Err(Failure::Reverted);
            }
            update(call, |params| params.ink_price = price)
        },
        I::setWasmMaxStackDepthCall::SELECTOR => |call, args| {
            let depth = args.uint()?;
            update(call, |params| params.max_stack_depth = depth)
        },
        I::setWasmFreePagesCall::SELECTOR => |call, args| {
            let pages = args.uint()?;
            update(call, |params| params.free_pages = pages)
        },
        I::setWasmPageGasCall::SELECTOR => |call, args| {
            let gas = args.uint()?;
            update(call, |params| params.page_gas = gas)
        },
        I::setWasmPageLimitCall::SELECTOR => |call, args| {
            let limit = args.uint()?;
            update(call, |params| params.page_limit = limit)
        },
        I::setWasmInitCostScalarCall::SELECTOR => |call, args| {
            let percent: u64 = args.uint()?;
            let scalar = units(percent, COST_SCALAR_PERCENT);
            update(call, |params| params.init_cost_scalar = scalar)
        },
        I::setWasmExpiryDaysCall::SELECTOR => |call, args| {
            let days = args.uint()?;
            update(call, |params| params.expiry_days = days)
        },
        I::setWasmKeepaliveDaysCall::SELECTOR => |call, args| {
            let days = args.uint()?;
            update(call, |params| params.keepalive_days = days)
        },
        I::setWasmBlockCacheSizeCall::SELECTOR => |call, args| {
            let count = args.uint()?;
            update(call, |params| params.block_cache_size = count)
        },
        _ => return None,
    })
}

/// Takes gas, stores units of 128 and 32 of it.
fn set_min_init_gas<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let gas: u8 = args.uint()?;
    let cached: u16 = args.uint()?;
    update(call, |params| {
        params.min_init_gas = units(gas.into(), MIN_INIT_GAS_UNIT);
        params.min_cached_init_gas = units(cached.into(), MIN_CACHED_GAS_UNIT);
    })
}

/// `amount` in units, rounded up, at most 255 of them.
fn units(amount: u64, unit: u64) -> u8 {
    u8::try_from(amount.div_ceil(unit)).unwrap_or(u8::MAX)
}

/// Changes the stored parameters.
fn update<DB: Database>(
    call: &mut Call<'_, DB>,
    change: impl FnOnce(&mut StylusParams),
) -> Result<Vec<u8>, Failure> {
    let mut params = arb_wasm::params(call)?;
    change(&mut params);
    call.write(layout::stylus_params(), params.pack())?;
    Ok(Vec::new())
}
