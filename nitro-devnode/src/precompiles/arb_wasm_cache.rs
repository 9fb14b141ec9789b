//! ArbWasmCache (0x72): which programs are kept ready to start.
use alloy::sol_types::SolCall;
use revm::{Database, primitives::B256};

use super::{
    abi::{self, Args},
    arb_owner_public::{is_member, members},
    arb_wasm,
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::{
    address_set::AddressSet,
    layout,
    programs::{self, ProgramError},
    storage::Slots,
};

alloy::sol! {
    interface IArbWasmCache {
        function isCacheManager(address manager);
        function allCacheManagers();
        function cacheProgram(address addr);
        function evictCodehash(bytes32 codehash);
        function codehashIsCached(bytes32 codehash);
        event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use IArbWasmCache as I;
    Some(match selector {
        I::isCacheManagerCall::SELECTOR => {
            view(|call, args| is_member(call, args, layout::cache_managers()))
        }
        I::allCacheManagersCall::SELECTOR => {
            view(|call, _| members(call, layout::cache_managers()))
        }
        I::cacheProgramCall::SELECTOR => write(cache).since(31),
        I::evictCodehashCall::SELECTOR => write(evict),
        I::codehashIsCachedCall::SELECTOR => view(|call, args| {
            let hash = args.b256()?;
            Ok(abi::boolean(arb_wasm::record(call, hash)?.cached))
        }),
        _ => return None,
    })
}

/// Cache managers and chain owners may go on; anyone else loses all gas.
fn require_manager<DB: Database>(call: &mut Call<'_, DB>) -> Result<(), Failure> {
    let caller = call.caller;
    let is_entitled = AddressSet::new(layout::cache_managers()).contains(call, caller)?
        || AddressSet::new(layout::chain_owners()).contains(call, caller)?;
    if is_entitled {
        Ok(())
    } else {
        Err(call.burn_out())
    }
}

/// Caches an active program, for its start-up cost.
fn cache<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let address = args.address()?;
    let code_hash = call.code_hash(address)?;
    require_manager(call)?;
    let params = arb_wasm::params(call)?;
    let program = arb_wasm::record(call, code_hash)?;
    let now = call.now();
    if program.version != params.version {
        return Err(Failure::from(ProgramError::NeedsUpgrade {
            version: program.version,
            current: params.version,
        }));
    }
    if program.is_expired(&params, now) {
        let age_secs = program.age_secs(now);
        return Err(Failure::from(ProgramError::Expired { age_secs }));
    }
    set_cached(call, code_hash, program, true)
}

/// Drops a program from the cache, expired or not.
fn evict<DB: Database>(call: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let code_hash = args.b256()?;
    require_manager(call)?;
    arb_wasm::params(call)?;
    let program = arb_wasm::record(call, code_hash)?;
    set_cached(call, code_hash, program, false)
}

/// Stores the flag if it changes; either way round costs the program's start-up cost.
fn set_cached<DB: Database>(
    call: &mut Call<'_, DB>,
    code_hash: B256,
    program: programs::Program,
    cached: bool,
) -> Result<Vec<u8>, Failure> {
    if program.cached == cached {
        return Ok(Vec::new());
    }
    call.emit(&IArbWasmCache::UpdateProgramCache {
        manager: call.caller,
        codehash: code_hash,
        cached,
    })?;
    call.burn(program.init_cost.into())?;
    // The node looks the compiled module up by its hash.
    call.read(layout::module_hashes().slot(code_hash))?;
    let program = programs::Program { cached, ..program };
    call.write(programs::program_slot(code_hash), program.pack())?;
    Ok(Vec::new())
}
