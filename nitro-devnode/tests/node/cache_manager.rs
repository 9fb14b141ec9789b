//! The preset's cache manager: bids, evictions, what cargo-stylus asks.
use alloy::{
    primitives::{Address, Bytes, aliases::U192},
    sol,
};

use crate::{
    programs::{
        ARB_WASM_CACHE, Done,
        IArbWasmCache::{allCacheManagersCall, codehashIsCachedCall},
        NOTHING, PLENTY,
    },
    world::World,
};
use CacheManager::*;

sol! {
    #[derive(Debug, PartialEq)]
    interface CacheManager {
        function cacheSize() external view returns (uint64);
        function queueSize() external view returns (uint64);
        function isPaused() external view returns (bool);
        function placeBid(address program) external payable;
        function getMinBid(address program) external view returns (uint192 min);
        function getMinBid(uint64 size) public view returns (uint192 min);
        function configure(uint64 cacheSize, uint64 decay, bool isPaused) external;
        function withdraw() external;

        error AsmTooLarge(uint256 asm, uint256 queueSize, uint256 cacheSize);
        error AlreadyCached(bytes32 codehash);
        error BidTooSmall(uint192 bid, uint192 min);
        error BidsArePaused();
        error NotOwner(address caller);
        error ProgramNotActivated();
    }
}

/// As small as [`NOTHING`], with another code hash.
const NOTHING_ELSE: &str = r#"(module (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)
    (global i32 (i32.const 7)))"#;

/// Estimated bytes of either program's compiled code: 502 KiB.
const SIZE: u64 = 514_048;

const GWEI: u128 = 1_000_000_000;

impl World {
    /// The cache manager that the preset registers.
    pub(crate) async fn cache_manager(&self) -> Address {
        let managers = self.view(ARB_WASM_CACHE, &allCacheManagersCall {}).await;
        assert_eq!(managers.len(), 1);
        managers[0]
    }

    async fn bid(&self, program: Address, wei: u128) -> Done {
        let manager = self.cache_manager().await;
        self.transact(manager, &placeBidCall { program }, wei).await
    }

    async fn bid_refusal(&self, program: Address, wei: u128) -> CacheManagerErrors {
        let manager = self.cache_manager().await;
        let refused = self.try_call(manager, &placeBidCall { program }, wei).await;
        refused.expect_err("refused").decoded()
    }

    async fn configure(&self, size: u64, decay: u64, paused: bool) -> Done {
        let manager = self.cache_manager().await;
        let configure = configureCall {
            cacheSize: size,
            decay,
            isPaused: paused,
        };
        self.transact(manager, &configure, 0).await
    }

    async fn is_cached(&self, program: Address) -> bool {
        let codehash = self.code_hash(program).await;
        self.view(ARB_WASM_CACHE, &codehashIsCachedCall { codehash })
            .await
    }
}

#[tokio::test]
async fn a_cached_program_starts_for_less() {
    let world = World::start().await;
    let program = world.install(NOTHING).await;
    let manager = world.cache_manager().await;
    assert_eq!(
        world.view(manager, &getMinBid_0Call { program }).await,
        U192::ZERO
    );
    let run = || world.act(Some(program), Bytes::new(), 0, PLENTY);
    let uncached = run().await.gas_used;
    assert!(world.bid(program, 0).await.success);
    assert!(world.is_cached(program).await);
    let cached = run().await.gas_used;
    // 69 · 128 gas and what the module's initialisation was measured to cost, which is
    // nothing but the minimum for this one.
    assert!(uncached - cached >= 8_832, "{uncached} {cached}");
    assert_eq!(world.view(manager, &queueSizeCall {}).await, SIZE);
}

#[tokio::test]
async fn cargo_stylus_reads_room_and_bids_by_size() {
    let world = World::start().await;
    let manager = world.cache_manager().await;
    assert!(!world.view(manager, &isPausedCall {}).await);
    assert_eq!(world.view(manager, &cacheSizeCall {}).await, 33_554_432);
    assert_eq!(world.view(manager, &queueSizeCall {}).await, 0);
    assert_eq!(
        world.view(manager, &getMinBid_1Call { size: 8_000 }).await,
        U192::ZERO
    );
}

#[tokio::test]
async fn a_bid_is_refused_with_the_reason() {
    let world = World::start().await;
    let sleeping = world.deploy(NOTHING_ELSE).await;
    let refused = world.bid_refusal(sleeping, 0).await;
    assert_eq!(
        refused,
        CacheManagerErrors::ProgramNotActivated(ProgramNotActivated {})
    );

    let program = world.install(NOTHING).await;
    assert!(world.bid(program, 0).await.success);
    let codehash = world.code_hash(program).await;
    let refused = world.bid_refusal(program, GWEI).await;
    assert_eq!(
        refused,
        CacheManagerErrors::AlreadyCached(AlreadyCached { codehash })
    );

    assert!(world.activate(sleeping).await.success);
    assert!(world.configure(SIZE - 1, 0, true).await.success);
    let refused = world.bid_refusal(sleeping, GWEI).await;
    assert_eq!(refused, CacheManagerErrors::BidsArePaused(BidsArePaused {}));
    assert!(!world.is_cached(program).await, "it no longer fits");

    assert!(world.configure(SIZE - 1, 0, false).await.success);
    let refused = world.bid_refusal(sleeping, GWEI).await;
    assert!(
        matches!(refused, CacheManagerErrors::AsmTooLarge(_)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_full_cache_evicts_what_weighs_less() {
    let world = World::start().await;
    let old = world.install(NOTHING).await;
    let new = world.install(NOTHING_ELSE).await;
    assert!(world.configure(SIZE + 1, 0, false).await.success);
    assert!(world.bid(old, 5 * GWEI).await.success);
    let manager = world.cache_manager().await;
    let min = world.view(manager, &getMinBid_0Call { program: new }).await;
    assert_eq!(min, U192::from(5 * GWEI + 1));
    let refused = world.bid_refusal(new, 5 * GWEI).await;
    let too_small = BidTooSmall {
        bid: U192::from(5 * GWEI),
        min,
    };
    assert_eq!(refused, CacheManagerErrors::BidTooSmall(too_small));
    assert!(!world.bid(new, 5 * GWEI).await.success);
    assert!(world.is_cached(old).await);

    assert!(world.bid(new, 5 * GWEI + 1).await.success);
    assert!(!world.is_cached(old).await);
    assert!(world.is_cached(new).await);
    assert_eq!(world.view(manager, &queueSizeCall {}).await, SIZE);

    let before = world.balance(manager).await;
    assert_eq!(before, alloy::primitives::U256::from(10 * GWEI + 1));
    assert!(world.transact(manager, &withdrawCall {}, 0).await.success);
    assert!(world.balance(manager).await.is_zero());
}

#[tokio::test]
async fn an_old_bid_loses_weight_with_time() {
    let world = World::start().await;
    let old = world.install(NOTHING).await;
    let new = world.install(NOTHING_ELSE).await;
    // A wei a second.
    assert!(world.configure(SIZE, 1, false).await.success);
    assert!(world.bid(old, 86_400).await.success);
    assert!(!world.bid(new, 0).await.success);
    world.pass_days(2).await;
    assert!(world.bid(new, 0).await.success);
    assert!(!world.is_cached(old).await);
}

#[tokio::test]
async fn only_the_owner_configures() {
    let world = World::start().await;
    let manager = world.cache_manager().await;
    let configure = configureCall {
        cacheSize: 0,
        decay: 0,
        isPaused: true,
    };
    let refused = world.try_call(manager, &configure, 0).await;
    let error: CacheManagerErrors = refused.expect_err("nobody").decoded();
    let caller = Address::ZERO;
    assert_eq!(error, CacheManagerErrors::NotOwner(NotOwner { caller }));
}
