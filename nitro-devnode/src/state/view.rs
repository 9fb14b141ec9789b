//! The state at one block as a revm database, with the overrides of an `eth_call`.
use std::{convert::Infallible, sync::Arc};

use alloy::primitives::{
    Address, B256, U256,
    map::{AddressMap, AddressSet, HashMap},
};
use revm::{
    Database, DatabaseRef,
    state::{AccountInfo, Bytecode},
};

use super::State;

/// What an `eth_call` pretends about one account.
#[derive(Debug, Clone, Default)]
pub struct AccountOverride {
    /// Balance in wei, up to 2^256 - 1.
    pub balance: Option<U256>,
    /// Nonce.
    pub nonce: Option<u64>,
    /// Code.
    pub code: Option<Bytecode>,
    /// Every slot not in `slots` reads as zero.
    pub only_slots: bool,
    /// Slots with pretended values.
    pub slots: HashMap<U256, U256>,
}

/// What an `eth_call` pretends about the state.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// By account.
    pub accounts: AddressMap<AccountOverride>,
}

impl Overlay {
    /// The accounts that have a code of their own.
    pub fn with_code(&self) -> AddressSet {
        let with_code = self.accounts.iter();
        let with_code = with_code.filter(|(_, account)| account.code.is_some());
        with_code.map(|(address, _)| *address).collect()
    }
}

/// The state at the end of one block.
#[derive(Debug, Clone)]
pub struct View {
    state: State,
    block: u64,
    overlay: Option<Arc<Overlay>>,
}

impl View {
    pub(super) fn new(state: State, block: u64) -> Self {
        Self {
            state,
            block,
            overlay: None,
        }
    }

    /// The same view with pretended accounts.
    #[must_use]
    pub fn with_overlay(mut self, overlay: Overlay) -> Self {
        self.overlay = (!overlay.accounts.is_empty()).then(|| Arc::new(overlay));
        self
    }

    fn pretended(&self, address: Address) -> Option<&AccountOverride> {
        self.overlay.as_ref()?.accounts.get(&address)
    }
}

impl DatabaseRef for View {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        let record = self.state.record(self.block, address);
        let Some(pretended) = self.pretended(address) else {
            return Ok(record.map(|record| AccountInfo {
                balance: record.balance,
                nonce: record.nonce,
                code_hash: record.code_hash,
                code: None,
                account_id: None,
            }));
        };
        let record = record.unwrap_or_default();
        let code_hash = pretended
            .code
            .as_ref()
            .map_or(record.code_hash, |code| code.hash_slow());
        Ok(Some(AccountInfo {
            balance: pretended.balance.unwrap_or(record.balance),
            nonce: pretended.nonce.unwrap_or(record.nonce),
            code_hash,
            code: pretended.code.clone(),
            account_id: None,
        }))
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        let pretended = self
            .overlay
            .iter()
            .flat_map(|overlay| overlay.accounts.values());
        let code = pretended.filter_map(|account| account.code.as_ref());
        let code = code.into_iter().find(|code| code.hash_slow() == code_hash);
        Ok(code.cloned().unwrap_or_else(|| self.state.code(code_hash)))
    }

    fn storage_ref(&self, address: Address, slot: U256) -> Result<U256, Infallible> {
        if let Some(pretended) = self.pretended(address) {
            if let Some(value) = pretended.slots.get(&slot) {
                return Ok(*value);
            }
            if pretended.only_slots {
                return Ok(U256::ZERO);
            }
        }
        Ok(self.state.slot(self.block, address, slot))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        Ok(self.state.block_hash(number).unwrap_or_default())
    }
}

impl Database for View {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        self.basic_ref(address)
    }

    fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, Infallible> {
        self.code_by_hash_ref(code_hash)
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Infallible> {
        self.storage_ref(address, slot)
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        self.block_hash_ref(number)
    }
}
