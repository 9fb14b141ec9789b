//! The accounts that a dev chain starts with. `corpus/00-devnode-setup` shows several of them.
use std::collections::BTreeMap;
use std::convert::Infallible;

use revm::primitives::{Address, Bytes, U256, bytes};

use super::{
    accounts::{ARBOS_STATE, DEV_ACCOUNT, HISTORY},
    address_set::AddressSet,
    data_price, l1_pricing, l2_pricing, layout,
    params::StylusParams,
    storage::Slots,
};
use crate::precompiles;

/// Code that a precompile's account holds, so that it is seen as a contract: INVALID.
pub(super) const PRECOMPILE_CODE: Bytes = Bytes::from_static(&[0xfe]);

/// EIP-2935's contract in its Arbitrum form: it asks ArbSys for the block number and keeps
/// 393,168 hashes. Its code hash is 0xceef1f6a….
const HISTORY_CODE: Bytes = bytes!(
    "3373fffffffffffffffffffffffffffffffffffffffe1460605760203603605c575f3563a3b1b31d5f5260205f"
    "6004601c60645afa15605c575f51600181038211605c57816205ffd0910311605c576205ffd09006545f526020"
    "5ff35b5f5ffd5b5f356205ffd0600163a3b1b31d5f5260205f6004601c60645afa15605c575f5103065500"
);

/// What the genesis of a dev chain depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenesisConfig {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// ArbOS version to start at; one of [`super::upgrade::SUPPORTED`].
    pub arbos_version: u64,
}

/// One account of the genesis state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenesisAccount {
    /// Where it lives.
    pub address: Address,
    /// Wei.
    pub balance: U256,
    /// Nonce.
    pub nonce: u64,
    /// Code, empty for none.
    pub code: Bytes,
    /// Non-zero storage.
    pub storage: Vec<(U256, U256)>,
}

/// All accounts of the genesis state: ArbOS, precompiles, history contract, dev account.
pub fn genesis(config: GenesisConfig) -> Vec<GenesisAccount> {
    let mut arbos = Memory::default();
    let Ok(()) = initialize(&mut arbos, config);
    let mut accounts = vec![
        GenesisAccount {
            address: ARBOS_STATE,
            balance: U256::ZERO,
            nonce: 1,
            code: Bytes::new(),
            storage: arbos.0.into_iter().collect(),
        },
        GenesisAccount {
            address: DEV_ACCOUNT,
            balance: U256::from(1_000_000_000_000_000_000_000_u128),
            nonce: 0,
            code: Bytes::new(),
            storage: Vec::new(),
        },
    ];
    let coded = |address, nonce, code| GenesisAccount {
        address,
        balance: U256::ZERO,
        nonce,
        code,
        storage: Vec::new(),
    };
    accounts.push(coded(HISTORY, 1, HISTORY_CODE));
    let precompiles = precompiles::addresses(config.arbos_version);
    accounts.extend(precompiles.map(|address| coded(address, 0, PRECOMPILE_CODE)));
    accounts
}

/// Writes the ArbOS state of a new chain. The initial chain owner is the zero address, which
/// so receives the fees; the dev account is the second owner.
fn initialize<S: Slots>(slots: &mut S, config: GenesisConfig) -> Result<(), S::Error> {
    for (offset, value) in [
        (layout::VERSION, config.arbos_version),
        (layout::CHAIN_ID, config.chain_id),
        (layout::BROTLI_LEVEL, 1),
    ] {
        slots.write(layout::root(offset), U256::from(value))?;
    }
    l1_pricing::initialize(slots)?;
    l2_pricing::initialize(slots)?;
    if config.arbos_version >= 50 {
        l2_pricing::initialize_tx_limit(slots)?;
    }
    let params = StylusParams::initial(config.arbos_version);
    slots.write(layout::stylus_params(), params.pack())?;
    data_price::initialize(slots)?;
    // An empty queue starts at index 2, before which its two counters lie.
    let timeouts = layout::retryables().child(&[0]);
    slots.write(timeouts.at(0), U256::from(2))?;
    slots.write(timeouts.at(1), U256::from(2))?;
    let owners = AddressSet::new(layout::chain_owners());
    owners.add(slots, Address::ZERO)?;
    owners.add(slots, DEV_ACCOUNT)
}

/// Slots in memory; zeros are not kept.
#[derive(Default)]
struct Memory(BTreeMap<U256, U256>);

impl Slots for Memory {
    type Error = Infallible;

    fn read(&mut self, slot: U256) -> Result<U256, Infallible> {
        Ok(self.0.get(&slot).copied().unwrap_or(U256::ZERO))
    }

    fn write(&mut self, slot: U256, value: U256) -> Result<(), Infallible> {
        if value.is_zero() {
            self.0.remove(&slot);
        } else {
            self.0.insert(slot, value);
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A context over a genesis state in memory.
    use revm::{
        Context, Journal,
        bytecode::Bytecode,
        context::{BlockEnv, CfgEnv, TxEnv},
        database::{CacheDB, EmptyDB},
        primitives::hardfork::SpecId,
        state::AccountInfo,
    };

    use super::*;
    use crate::evm::{ArbContext, BlockConstants, BlockValues, ChainRules, Purpose, TxState};

    pub(crate) type TestContext = ArbContext<CacheDB<EmptyDB>>;

    /// A dev chain's genesis at ArbOS 51, in block 1.
    pub(crate) fn context() -> TestContext {
        context_at(51)
    }

    /// The same at another version.
    pub(crate) fn context_at(arbos_version: u64) -> TestContext {
        let mut db = CacheDB::new(EmptyDB::default());
        for account in genesis(GenesisConfig {
            chain_id: 412_346,
            arbos_version,
        }) {
            let code = Bytecode::new_raw(account.code);
            let info = AccountInfo {
                balance: account.balance,
                nonce: account.nonce,
                code_hash: code.hash_slow(),
                code: Some(code),
                ..Default::default()
            };
            db.insert_account_info(account.address, info);
            for (slot, value) in account.storage {
                db.insert_account_storage(account.address, slot, value)
                    .expect("memory database");
            }
        }
        let block = BlockValues {
            number: 1,
            timestamp: 1_795_433_999,
            base_fee: 100_000_000,
            l1_block_number: 0,
            arbos_version,
            constants: BlockConstants::default(),
        };
        let rules = ChainRules {
            chain_id: 412_346,
            production_rules: false,
        };
        Context::<BlockEnv, TxEnv, CfgEnv, _, Journal<_>, ()>::new(db, SpecId::OSAKA)
            .with_chain(TxState::new(block, rules, Purpose::Commit))
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, b256, keccak256};
    use revm::primitives::B256;

    use super::*;

    fn dev_genesis() -> Vec<GenesisAccount> {
        genesis(GenesisConfig {
            chain_id: 412_346,
            arbos_version: 51,
        })
    }

    #[test]
    fn the_history_contract_has_the_code_of_a_real_node() {
        assert_eq!(HISTORY_CODE.len(), 133);
        assert_eq!(
            keccak256(&HISTORY_CODE),
            b256!("ceef1f6ad6c0cb7eb8fb15678abf11da3ce0d3a7c7106aa900c5930e556a43ff")
        );
    }

    #[test]
    fn arbos_state_names_the_dev_account_as_second_owner() {
        let accounts = dev_genesis();
        let arbos = accounts
            .iter()
            .find(|account| account.address == ARBOS_STATE);
        let arbos = arbos.expect("the ArbOS account");
        assert_eq!(arbos.nonce, 1);
        let storage: BTreeMap<U256, U256> = arbos.storage.iter().copied().collect();
        let owners = layout::chain_owners();
        assert_eq!(storage[&owners.at(0)], U256::from(2));
        assert_eq!(
            B256::from(storage[&owners.at(2)]),
            address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E").into_word()
        );
    }

    #[test]
    fn every_precompile_looks_like_a_contract() {
        let accounts = dev_genesis();
        let coded = accounts.iter().filter(|account| account.code[..] == [0xfe]);
        // 0x64 to 0x69, 0x6b to 0x73, 0xff and 0xa4b05.
        assert_eq!(coded.count(), 17);
    }
}
