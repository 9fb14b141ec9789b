//! The chain before its first transaction.
use alloy::primitives::B256;

use super::{Block, Chain, Config, Head, Mining, Reader, pool::Pool};
use crate::{
    arbos::{
        genesis::{GenesisConfig, genesis},
        l2_pricing::INITIAL_BASE_FEE,
        send_merkle::SendMerkle,
    },
    evm::{BlockConstants, BlockValues},
    state::{Record, State, StateDigest},
};

impl Chain {
    pub(super) fn at_genesis(config: Config) -> Self {
        let values = BlockValues {
            number: 0,
            timestamp: 0,
            base_fee: INITIAL_BASE_FEE,
            l1_block_number: 0,
            arbos_version: config.arbos_version,
            constants: BlockConstants::default(),
        };
        let chain_id = config.chain_id;
        let reader = Reader::new(config);
        let digest = StateDigest::default();
        allocate(reader.state(), reader.config());
        let nothing = SendMerkle::default();
        let block = Block::seal(
            &values,
            B256::ZERO,
            digest.0,
            chain_id,
            &nothing,
            Vec::new(),
        );
        let head = Head {
            number: 0,
            hash: block.hash,
            timestamp: 0,
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
    let allocation = genesis(GenesisConfig {
        chain_id: config.chain_id,
        arbos_version: config.arbos_version,
    });
    for account in allocation {
        let code_hash = state.add_code(account.code);
        let record = Record {
            balance: account.balance,
            nonce: account.nonce,
            code_hash,
        };
        state.set_record(0, account.address, record);
        for (slot, value) in account.storage {
            state.set_slot(0, account.address, slot, value);
        }
    }
    for (address, wei) in &config.funded {
        let record = state.record(0, *address).unwrap_or_default();
        let balance = record.balance.saturating_add(*wei);
        state.set_record(0, *address, Record { balance, ..record });
    }
}
