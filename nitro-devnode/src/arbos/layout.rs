//! Which slot holds what: ids of the sub-spaces and offsets in them.
use std::sync::LazyLock;

use revm::primitives::U256;

use super::storage::Space;

/// ArbOS version in force.
pub const VERSION: u64 = 0;
/// Version of the scheduled upgrade.
pub const UPGRADE_VERSION: u64 = 1;
/// When it takes effect, seconds since the epoch.
pub const UPGRADE_TIMESTAMP: u64 = 2;
/// Who receives the L2 fees.
pub const NETWORK_FEE_ACCOUNT: u64 = 3;
/// EIP-155 chain id.
pub const CHAIN_ID: u64 = 4;
/// L2 number of the genesis block.
pub const GENESIS_BLOCK: u64 = 5;
/// Who receives the part of the L2 fees up to the minimum base fee.
pub const INFRA_FEE_ACCOUNT: u64 = 6;
/// Brotli quality that the L1 fee is measured with.
pub const BROTLI_LEVEL: u64 = 7;
/// From when native-token owners may be added; 0: never.
pub const NATIVE_TOKEN_FROM: u64 = 8;

/// A slot directly under the root.
pub fn root(offset: u64) -> U256 {
    Space::root().at(offset)
}

/// Sub-space `id` of the root, from a table: their keys are hashes, and each block needs many.
fn child(id: u8) -> Space {
    static CHILDREN: LazyLock<[Space; 11]> =
        LazyLock::new(|| std::array::from_fn(|id| sub_space(Space::root(), id)));
    CHILDREN[usize::from(id)]
}

/// As [`child`], under Stylus.
fn stylus_child(id: u8) -> Space {
    static CHILDREN: LazyLock<[Space; 5]> =
        LazyLock::new(|| std::array::from_fn(|id| sub_space(stylus(), id)));
    CHILDREN[usize::from(id)]
}

#[expect(clippy::cast_possible_truncation, reason = "tables of fewer than 256")]
fn sub_space(parent: Space, id: usize) -> Space {
    parent.child(&[id as u8])
}

/// L1 pricing; its offsets are in [`super::l1_pricing`].
pub fn l1_pricing() -> Space {
    child(0)
}

/// L2 pricing; its offsets are in [`super::l2_pricing`].
pub fn l2_pricing() -> Space {
    child(1)
}

/// Retryable tickets. A dev chain has no L1 and so none: always empty.
pub fn retryables() -> Space {
    child(2)
}

/// The address table.
pub fn address_table() -> Space {
    child(3)
}

/// Chain owners, an address set.
pub fn chain_owners() -> Space {
    child(4)
}

/// Merkle accumulator of messages to L1.
pub fn send_merkle() -> Space {
    child(5)
}

/// L1 block numbers and hashes.
pub fn l1_blocks() -> Space {
    child(6)
}

/// Stylus: parameters, programs, module hashes, data price, cache managers.
pub fn stylus() -> Space {
    child(8)
}

/// The word of Stylus parameters.
pub fn stylus_params() -> U256 {
    stylus_child(0).at(0)
}

/// Program records by code hash.
pub fn programs() -> Space {
    stylus_child(1)
}

/// Module hashes by code hash.
pub fn module_hashes() -> Space {
    stylus_child(2)
}

/// State of the data fee.
pub fn data_pricer() -> Space {
    stylus_child(3)
}

/// Who may cache programs, an address set.
pub fn cache_managers() -> Space {
    stylus_child(4)
}

/// Feature switches, one bit each.
pub fn features() -> Space {
    child(9)
}

/// Owners of the native token, an address set.
pub fn native_token_owners() -> Space {
    child(10)
}

/// Bit of the first features word: calldata is dearer for transactions that are mostly data
/// (EIP-7623).
pub const CALLDATA_PRICE_INCREASE: usize = 0;
