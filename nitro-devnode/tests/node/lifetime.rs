//! Programs grow old: expiry, keepalive and reactivation under time travel.
use alloy::primitives::Bytes;

use crate::{
    programs::{
        ARB_OWNER, ARB_WASM, ARB_WASM_CACHE, FEES, IArbOwner::setWasmMaxSizeCall, IArbWasm::*,
        IArbWasmCache::codehashIsCachedCall, NOTHING, PLENTY,
    },
    world::World,
};

const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

#[tokio::test]
async fn a_program_runs_for_a_year_and_again_once_reactivated() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    world.pass_days(364).await;
    let run = || world.act(Some(program), Bytes::new(), 0, PLENTY);
    assert!(run().await.success);
    let left = world.view(ARB_WASM, &programTimeLeftCall { program }).await;
    // Activations are booked by the hour.
    assert!((DAY - HOUR..=DAY).contains(&left), "{left}");

    world.pass_days(2).await;
    let expired = run().await;
    assert!(!expired.success);
    assert_eq!(expired.gas_used, PLENTY, "an expired program takes all gas");
    let refused = world
        .try_call(ARB_WASM, &programTimeLeftCall { program }, 0)
        .await;
    let error: IArbWasmErrors = refused.expect_err("expired").decoded();
    let IArbWasmErrors::ProgramExpired(ProgramExpired { ageInSeconds: age }) = error else {
        panic!("{error:?}");
    };
    assert!((366 * DAY..366 * DAY + 2 * HOUR).contains(&age), "{age}");

    assert!(world.activate(program).await.success);
    assert!(run().await.success);
    let left = world.view(ARB_WASM, &programTimeLeftCall { program }).await;
    assert!(left > 365 * DAY - HOUR, "{left}");
}

#[tokio::test]
async fn an_active_program_is_not_activated_again() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    assert!(!world.activate(program).await.success);
    let activate = activateProgramCall { program };
    let refused = world.try_call(ARB_WASM, &activate, FEES).await;
    let error: IArbWasmErrors = refused.expect_err("up to date").decoded();
    assert_eq!(error, IArbWasmErrors::ProgramUpToDate(ProgramUpToDate {}));
}

#[tokio::test]
async fn keepalive_prolongs_a_program_that_is_a_month_old() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    let codehash = world.code_hash(program).await;
    let keepalive = codehashKeepaliveCall { codehash };

    world.pass_days(30).await;
    assert!(!world.transact(ARB_WASM, &keepalive, FEES).await.success);
    let refused = world.try_call(ARB_WASM, &keepalive, FEES).await;
    let error: IArbWasmErrors = refused.expect_err("too soon").decoded();
    let IArbWasmErrors::ProgramKeepaliveTooSoon(ProgramKeepaliveTooSoon { ageInSeconds: age }) =
        error
    else {
        panic!("{error:?}");
    };
    assert!((30 * DAY..30 * DAY + 2 * HOUR).contains(&age), "{age}");

    world.pass_days(2).await;
    let refused = world.try_call(ARB_WASM, &keepalive, 1).await;
    let error: IArbWasmErrors = refused.expect_err("too little").decoded();
    assert!(
        matches!(error, IArbWasmErrors::ProgramInsufficientValue(_)),
        "{error:?}"
    );
    let kept = world.transact(ARB_WASM, &keepalive, FEES).await;
    assert!(kept.success);
    // keccak256("ProgramLifetimeExtended(bytes32,uint256)") and the code hash.
    assert_eq!(kept.receipt["logs"][0]["topics"][1], codehash.to_string());

    // 396 days after the activation, 364 after the keepalive.
    world.pass_days(364).await;
    assert!(
        world
            .act(Some(program), Bytes::new(), 0, PLENTY)
            .await
            .success
    );
    world.pass_days(2).await;
    let expired = world.act(Some(program), Bytes::new(), 0, PLENTY).await;
    assert!(!expired.success);
    let refused = world.try_call(ARB_WASM, &keepalive, FEES).await;
    let error: IArbWasmErrors = refused.expect_err("expired").decoded();
    assert!(
        matches!(error, IArbWasmErrors::ProgramExpired(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_active_program_outlives_a_lowered_size_limit() {
    let world = World::start().await;
    // Not run before, by this test or another one: it is compiled after the limit is lowered.
    let own = NOTHING.replace("i32.const 0", "i32.const 0 (drop (i32.const 52))");
    let program = world.install(&own).await;
    let lower = setWasmMaxSizeCall { size: 8 };
    assert!(world.transact(ARB_OWNER, &lower, 0).await.success);
    assert!(
        world
            .act(Some(program), Bytes::new(), 0, PLENTY)
            .await
            .success
    );
    let other = world.deploy(NOTHING).await;
    assert!(!world.activate(other).await.success, "new ones are refused");
}

#[tokio::test]
async fn a_cached_program_is_still_cached_when_it_is_reactivated() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    let codehash = world.code_hash(program).await;
    let manager = world.cache_manager().await;
    let bid = crate::cache_manager::CacheManager::placeBidCall { program };
    assert!(world.transact(manager, &bid, 0).await.success);
    world.pass_days(366).await;
    assert!(world.activate(program).await.success);
    assert!(
        world
            .view(ARB_WASM_CACHE, &codehashIsCachedCall { codehash })
            .await
    );
}
