//! Puts a program on a chain: create, activate, construct, cache.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionReceipt;
use alloy::rpc::types::state::{AccountOverride, StateOverride};

use crate::artifact::Artifact;
use crate::contract::Contract;
use crate::nitro::{
    ARB_WASM, ARB_WASM_CACHE, IArbWasm, IArbWasmCache, ICacheManager, IStylusDeployer,
    STYLUS_DEPLOYER,
};
use crate::send::{SendError, send};

/// Percent added to the data fee that a call predicts: the fee moves with the time of the block,
/// and ArbWasm returns what it does not need.
const FEE_MARGIN_PERCENT: u64 = 20;

/// Why a program could not be put on the chain.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The chain has no Stylus.
    #[error("chain {chain_id} has no ArbWasm precompile: it runs no Stylus programs")]
    NoStylus {
        /// The chain.
        chain_id: u64,
    },
    /// The chain has no StylusDeployer.
    #[error("chain {chain_id} has no StylusDeployer at {STYLUS_DEPLOYER}")]
    NoDeployer {
        /// The chain.
        chain_id: u64,
    },
    /// The chain stored other code than was sent.
    #[error("{contract} at {address} has other code than was deployed")]
    OtherCode {
        /// The contract.
        contract: Contract,
        /// Where it was created.
        address: Address,
    },
    /// A step failed.
    #[error("cannot {step} {contract}")]
    Step {
        /// What was being done.
        step: &'static str,
        /// To which contract.
        contract: Contract,
        /// Why it failed.
        source: SendError,
    },
    /// The node did not answer.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// A program on a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Which contract it is.
    pub contract: Contract,
    /// Where its code is.
    pub address: Address,
    /// Key under which it is activated.
    pub codehash: B256,
    /// Block in which it was created.
    pub block: u64,
    /// Gas of creation, activation and construction together.
    pub gas: u64,
    /// Wei paid for the space that the compiled program takes; zero if its code was active already.
    pub data_fee: U256,
    /// Whether the chain keeps it in its cache, so that calls start cheaper.
    pub cached: bool,
    /// Gas with which each call starts.
    pub start: StartGas,
}

/// Gas with which each call of a program starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartGas {
    /// When it is not in the cache.
    pub uncached: u64,
    /// When it is.
    pub cached: u64,
}

/// What a program is constructed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constructor {
    /// ABI-encoded arguments, without a selector.
    pub arguments: Vec<u8>,
    /// Wei sent along.
    pub value: U256,
}

impl Constructor {
    /// The call that the SDK takes for its constructor.
    fn calldata(&self) -> Bytes {
        let selector = keccak256("stylus_constructor()");
        let mut data = selector.get(..4).unwrap_or_default().to_vec();
        data.extend(&self.arguments);
        data.into()
    }
}

/// Creates, activates and constructs a program in one transaction; then, where `from` may, caches it.
///
/// # Errors
/// [`DeployError`]; a program that was created stays on the chain if caching it fails.
pub async fn program(
    provider: &DynProvider,
    from: Address,
    artifact: &Artifact,
    constructor: &Constructor,
) -> Result<Program, DeployError> {
    let contract = artifact.contract;
    let at = |step| {
        move |source| DeployError::Step {
            step,
            contract,
            source,
        }
    };
    let data_fee = data_fee(provider, from, artifact)
        .await
        .map_err(at("activate"))?;
    let (address, receipt) = create(provider, from, artifact, constructor, data_fee)
        .await
        .map_err(at("deploy"))?;
    let code = provider
        .get_code_at(address)
        .await
        .map_err(SendError::from)?;
    if code != artifact.code {
        return Err(DeployError::OtherCode { contract, address });
    }
    let codehash = artifact.codehash();
    let cached = cache(provider, from, address, codehash)
        .await
        .map_err(at("cache"))?;
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let start = wasm.programInitGas(address).call().await;
    let start = start.map_err(|error| at("measure")(error.into()))?;
    Ok(Program {
        contract,
        address,
        codehash,
        block: receipt.block_number.unwrap_or_default(),
        gas: receipt.gas_used,
        data_fee,
        cached,
        start: StartGas {
            uncached: start.gas,
            cached: start.gasWhenCached,
        },
    })
}

/// Refuses a chain on which a deployment would lose its ETH: a call to an address without code succeeds.
///
/// # Errors
/// [`DeployError::NoStylus`] or [`DeployError::NoDeployer`].
pub async fn check_chain(provider: &DynProvider) -> Result<(), DeployError> {
    let chain_id = provider.get_chain_id().await.map_err(SendError::from)?;
    let wasm = IArbWasm::new(ARB_WASM, provider);
    if wasm.stylusVersion().call().await.is_err() {
        return Err(DeployError::NoStylus { chain_id });
    }
    let code = provider.get_code_at(STYLUS_DEPLOYER).await;
    if code.map_err(SendError::from)?.is_empty() {
        return Err(DeployError::NoDeployer { chain_id });
    }
    Ok(())
}

/// What activation would cost now; zero if a program with the same code is active already.
async fn data_fee(
    provider: &DynProvider,
    from: Address,
    artifact: &Artifact,
) -> Result<U256, SendError> {
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let version = wasm.codehashVersion(artifact.codehash()).call().await;
    match version.map_err(SendError::from) {
        Ok(_) => return Ok(U256::ZERO),
        Err(SendError::Reverted(_)) => {}
        Err(other) => return Err(other),
    }
    // Asked on behalf of an account that can pay any fee, about code that nobody has put there yet.
    let program = Address::from_word(artifact.codehash());
    let rich = AccountOverride::default().with_balance(U256::MAX >> 1);
    let coded = AccountOverride::default().with_code(artifact.code.clone());
    let overrides = StateOverride::from_iter([(from, rich), (program, coded)]);
    let offer = U256::from(10).pow(U256::from(18));
    let activation = wasm.activateProgram(program).from(from).value(offer);
    Ok(activation.state(overrides).call().await?.dataFee)
}

async fn create(
    provider: &DynProvider,
    from: Address,
    artifact: &Artifact,
    constructor: &Constructor,
    data_fee: U256,
) -> Result<(Address, TransactionReceipt), SendError> {
    let margin = data_fee / U256::from(100) * U256::from(FEE_MARGIN_PERCENT);
    let value = [data_fee, margin, constructor.value];
    let deployer = IStylusDeployer::new(STYLUS_DEPLOYER, provider);
    // Named by its call type: `deploy` is also what the bindings call their own constructor.
    let call = deployer
        .call_builder(&IStylusDeployer::deployCall {
            bytecode: artifact.init_code(),
            initData: constructor.calldata(),
            initValue: constructor.value,
            salt: B256::ZERO,
        })
        .value(value.into_iter().fold(U256::ZERO, U256::saturating_add))
        .from(from);
    let receipt = send(provider, call.into_transaction_request()).await?;
    let deployed = receipt.decoded_log::<IStylusDeployer::ContractDeployed>();
    let hash = receipt.transaction_hash;
    let deployed = deployed.ok_or(SendError::NoContract { hash })?;
    Ok((deployed.deployedContract, receipt))
}

/// Caches a program in whichever way `from` may: as chain owner, or by bidding for a place.
///
/// Returns whether the program is cached; not being allowed to is no error.
async fn cache(
    provider: &DynProvider,
    from: Address,
    program: Address,
    codehash: B256,
) -> Result<bool, SendError> {
    let cache = IArbWasmCache::new(ARB_WASM_CACHE, provider);
    if cache.codehashIsCached(codehash).call().await? {
        return Ok(true);
    }
    let direct = cache.cacheProgram(program).from(from);
    if direct.call().await.is_ok() {
        send(provider, direct.into_transaction_request()).await?;
        return Ok(cache.codehashIsCached(codehash).call().await?);
    }
    for manager in cache.allCacheManagers().call().await? {
        let manager = ICacheManager::new(manager, provider);
        let Ok(bid) = manager.getMinBid(program).call().await else {
            continue;
        };
        let placed = manager.placeBid(program).from(from).value(U256::from(bid));
        if placed.call().await.is_ok() {
            send(provider, placed.into_transaction_request()).await?;
            return Ok(cache.codehashIsCached(codehash).call().await?);
        }
    }
    Ok(false)
}
