//! Does over RPC what the preset does in process, for a node that somebody else runs.
//!
//! In the preset's order, so that on a fresh node the addresses are the same. Whatever stands already is
//! left alone: setting up twice changes nothing.
use alloy::{
    network::{EthereumWallet, TransactionBuilder},
    primitives::{Address, B256, Bytes, U256, address},
    providers::{DynProvider, PendingTransactionError, Provider, ProviderBuilder},
    rpc::types::TransactionRequest,
    signers::local::PrivateKeySigner,
    sol,
    transports::{RpcError, TransportErrorKind},
};

use crate::chain::{DERIVED_KEYS, DEV_KEY, FACTORY, FACTORY_SENDER, STYLUS_DEPLOYER};

const ARB_OWNER: Address = address!("0x0000000000000000000000000000000000000070");
const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");
const ARB_DEBUG: Address = address!("0x00000000000000000000000000000000000000ff");

/// What each derived account is topped up to: 40 ETH in wei. The dev account has 1,000 ETH.
const PURSE: u128 = 40_000_000_000_000_000_000;

/// What the sender of the CREATE2 factory needs: 0.01 ETH in wei, for 100,000 gas at 100 gwei.
const FACTORY_FEE: u128 = 10_000_000_000_000_000;

sol! {
    #[sol(rpc)]
    interface ArbDebug {
        function becomeChainOwner() external;
    }

    #[sol(rpc)]
    interface ArbOwner {
        function setL1PricePerUnit(uint256 pricePerUnit) external;
        function addWasmCacheManager(address manager) external;
    }

    #[sol(rpc)]
    interface ArbWasmCache {
        function allCacheManagers() external view returns (address[] managers);
    }
}

/// Why a node is not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The address of the node is not a URL that can be connected to, or the node refuses.
    #[error("the node does not answer as asked: {0}")]
    Rpc(#[from] RpcError<TransportErrorKind>),
    /// A transaction was sent and not found in a block.
    #[error("a transaction is not in a block: {0}")]
    Pending(#[from] PendingTransactionError),
    /// A call of a precompile was refused: the node is no development chain, or the dev account is
    /// not its owner.
    #[error("{what}: {source}")]
    Contract {
        /// What was asked.
        what: &'static str,
        /// What the node says.
        source: Box<alloy::contract::Error>,
    },
    /// A transaction failed.
    #[error("{what} failed in transaction {transaction}")]
    Failed {
        /// What it was to do.
        what: &'static str,
        /// Its hash.
        transaction: B256,
    },
    /// A contract is not where its creation code puts it.
    #[error("no code at {address} after it was created")]
    NoCode {
        /// Where it is missing.
        address: Address,
    },
    /// A built-in key is not a key, or built-in code is not hex.
    #[error("built-in data is broken: {0}")]
    BuiltIn(String),
}

/// One thing that was done, or was done already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub what: &'static str,
    /// It was found as it should be.
    pub stood: bool,
}

/// Sets up the node at `url`, which must be a fresh `nitro --dev`, or one that was set up before.
///
/// # Errors
/// [`SetUpError`]; what was done before it stays done, and doing it all again goes on from there.
pub async fn set_up(url: &str) -> Result<Vec<Step>, SetUpError> {
    let key = PrivateKeySigner::from_bytes(&DEV_KEY).map_err(broken)?;
    let provider = ProviderBuilder::new().wallet(EthereumWallet::from(key));
    let mut script = Script {
        provider: provider.connect(url).await?.erased(),
        steps: Vec::new(),
    };
    script.own_the_chain().await?;
    script.create_factory().await?;
    script.create_cache_manager().await?;
    script.create_stylus_deployer().await?;
    script.fund_accounts().await?;
    Ok(script.steps)
}

fn broken(error: impl std::fmt::Display) -> SetUpError {
    SetUpError::BuiltIn(error.to_string())
}

fn bytes(text: &str) -> Result<Bytes, SetUpError> {
    text.trim().parse().map_err(broken)
}

struct Script {
    provider: DynProvider,
    steps: Vec<Step>,
}

impl Script {
    fn note(&mut self, what: &'static str, stood: bool) {
        self.steps.push(Step { what, stood });
    }

    async fn has_code(&self, address: Address) -> Result<bool, SetUpError> {
        Ok(!self.provider.get_code_at(address).await?.is_empty())
    }

    /// Sends and waits; the contract it created, if it did.
    async fn send(
        &self,
        what: &'static str,
        request: TransactionRequest,
    ) -> Result<Option<Address>, SetUpError> {
        let sent = self.provider.send_transaction(request).await?;
        let receipt = sent.get_receipt().await?;
        if !receipt.status() {
            let transaction = receipt.transaction_hash;
            return Err(SetUpError::Failed { what, transaction });
        }
        Ok(receipt.contract_address)
    }

    /// Both calls have the same effect however often they are made.
    async fn own_the_chain(&mut self) -> Result<(), SetUpError> {
        let debug = ArbDebug::new(ARB_DEBUG, &self.provider);
        let what = "the dev account owns the chain";
        let own = debug.becomeChainOwner().into_transaction_request();
        self.send(what, own).await?;
        self.note(what, false);
        let owner = ArbOwner::new(ARB_OWNER, &self.provider);
        let what = "L1 data costs nothing";
        let free = owner.setL1PricePerUnit(U256::ZERO);
        self.send(what, free.into_transaction_request()).await?;
        self.note(what, false);
        Ok(())
    }

    async fn create_factory(&mut self) -> Result<(), SetUpError> {
        let what = "the CREATE2 factory";
        let stood = self.has_code(FACTORY).await?;
        if !stood {
            let fee = TransactionRequest::default()
                .with_to(FACTORY_SENDER)
                .with_value(U256::from(FACTORY_FEE));
            self.send("paying for the CREATE2 factory", fee).await?;
            let raw = bytes(include_str!("../preset/create2-factory.tx.hex"))?;
            let sent = self.provider.send_raw_transaction(&raw).await?;
            sent.watch().await?;
            self.expect_code(FACTORY).await?;
        }
        self.note(what, stood);
        Ok(())
    }

    async fn create_cache_manager(&mut self) -> Result<(), SetUpError> {
        let what = "a cache manager";
        let cache = ArbWasmCache::new(ARB_WASM_CACHE, &self.provider);
        let managers = cache.allCacheManagers().call().await;
        let managers = managers.map_err(|error| SetUpError::Contract {
            what,
            source: error.into(),
        })?;
        let stood = !managers.is_empty();
        if !stood {
            let code = bytes(include_str!("../preset/cache-manager.init.hex"))?;
            let creation = TransactionRequest::default().with_deploy_code(code);
            let manager = self.send(what, creation).await?.unwrap_or_default();
            let owner = ArbOwner::new(ARB_OWNER, &self.provider);
            let add = owner
                .addWasmCacheManager(manager)
                .into_transaction_request();
            self.send("registering the cache manager", add).await?;
        }
        self.note(what, stood);
        Ok(())
    }

    async fn create_stylus_deployer(&mut self) -> Result<(), SetUpError> {
        let what = "StylusDeployer";
        let stood = self.has_code(STYLUS_DEPLOYER).await?;
        if !stood {
            let code = bytes(include_str!("../preset/stylus-deployer.published.hex"))?;
            let creation = TransactionRequest::default()
                .with_to(FACTORY)
                .with_input([B256::ZERO.as_slice(), &code].concat());
            self.send(what, creation).await?;
            self.expect_code(STYLUS_DEPLOYER).await?;
        }
        self.note(what, stood);
        Ok(())
    }

    async fn expect_code(&self, address: Address) -> Result<(), SetUpError> {
        if self.has_code(address).await? {
            return Ok(());
        }
        Err(SetUpError::NoCode { address })
    }

    async fn fund_accounts(&mut self) -> Result<(), SetUpError> {
        let what = "40 ETH for each of ten accounts";
        let mut stood = true;
        for key in &DERIVED_KEYS {
            let key = PrivateKeySigner::from_bytes(key).map_err(broken)?;
            let balance = self.provider.get_balance(key.address()).await?;
            let missing = U256::from(PURSE).saturating_sub(balance);
            if !missing.is_zero() {
                stood = false;
                let purse = TransactionRequest::default()
                    .with_to(key.address())
                    .with_value(missing);
                self.send(what, purse).await?;
            }
        }
        self.note(what, stood);
        Ok(())
    }
}
