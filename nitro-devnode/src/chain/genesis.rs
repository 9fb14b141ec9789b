//! The chain before its first transaction.
use alloy::primitives::{Address, B256, U256};

use super::{
    Block, Chain, Config, Head, Mining, Reader,
    config::{DEV_ACCOUNT, ETHER},
    pool::Pool,
};
use crate::{
    evm::BlockValues,
    state::{Record, State, StateDigest},
};

/// Balance of the dev account in wei: 1,000 ETH.
const DEV_BALANCE: u128 = 1_000 * ETHER;

/// Base fee of the first blocks: 0.1 gwei.
const BASE_FEE: u64 = 100_000_000;

impl Chain {
    pub(super) fn at_genesis(config: Config) -> Self {
        let values = BlockValues {
            number: 0,
            timestamp: 0,
            base_fee: BASE_FEE,
            l1_block_number: 0,
            arbos_version: config.arbos_version,
        };
        let chain_id = config.chain_id;
        let reader = Reader::new(config);
        let digest = StateDigest::default();
        allocate(reader.state(), reader.config());
        let block = Block::seal(&values, B256::ZERO, digest.0, chain_id, Vec::new());
        let head = Head {
            number: 0,
            hash: block.hash,
            timestamp: 0,
            next_base_fee: BASE_FEE,
            arbos_version: values.arbos_version,
            digest,
        };
        reader.publish(block);
        Self {
            reader,
            pool: Pool::default(),
            mining: Mining::Automatic,
            head,
            snapshots: Default::default(),
            next_snapshot: 0,
            impersonated: Default::default(),
            impersonate_all: false,
        }
    }
}

fn allocate(state: &State, config: &Config) {
    fund(state, DEV_ACCOUNT, U256::from(DEV_BALANCE));
    for (address, wei) in &config.funded {
        fund(state, *address, *wei);
    }
}

fn fund(state: &State, address: Address, wei: U256) {
    let mut record = state.record(0, address).unwrap_or_default();
    record = Record {
        balance: record.balance.saturating_add(wei),
        ..record
    };
    state.set_record(0, address, record);
}
