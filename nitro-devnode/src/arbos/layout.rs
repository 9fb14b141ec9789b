//! Which slot holds what: ids of the sub-spaces and offsets in them. Source: spec §3.5.
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

/// L1 pricing; its offsets are in [`super::l1_pricing`].
pub fn l1_pricing() -> Space {
    Space::root().child(&[0])
}

/// L2 pricing; its offsets are in [`super::l2_pricing`].
pub fn l2_pricing() -> Space {
    Space::root().child(&[1])
}

/// Retryable tickets. A dev chain has no L1 and so none: always empty.
pub fn retryables() -> Space {
    Space::root().child(&[2])
}

/// The address table.
pub fn address_table() -> Space {
    Space::root().child(&[3])
}

/// Chain owners, an address set.
pub fn chain_owners() -> Space {
    Space::root().child(&[4])
}

/// Merkle accumulator of messages to L1.
pub fn send_merkle() -> Space {
    Space::root().child(&[5])
}

/// L1 block numbers and hashes.
pub fn l1_blocks() -> Space {
    Space::root().child(&[6])
}

/// Stylus: parameters, programs, module hashes, data price, cache managers.
pub fn stylus() -> Space {
    Space::root().child(&[8])
}

/// The word of Stylus parameters.
pub fn stylus_params() -> U256 {
    stylus().child(&[0]).at(0)
}

/// Program records by code hash.
pub fn programs() -> Space {
    stylus().child(&[1])
}

/// Module hashes by code hash.
pub fn module_hashes() -> Space {
    stylus().child(&[2])
}

/// State of the data fee.
pub fn data_pricer() -> Space {
    stylus().child(&[3])
}

/// Who may cache programs, an address set.
pub fn cache_managers() -> Space {
    stylus().child(&[4])
}

/// Feature switches, one bit each.
pub fn features() -> Space {
    Space::root().child(&[9])
}

/// Owners of the native token, an address set.
pub fn native_token_owners() -> Space {
    Space::root().child(&[10])
}

/// Bit of the first features word: calldata is dearer for transactions that are mostly data
/// (EIP-7623).
pub const CALLDATA_PRICE_INCREASE: usize = 0;
