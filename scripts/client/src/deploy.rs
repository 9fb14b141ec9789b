//! Puts a program on a chain: create, activate, cache.
//!
//! A program has no state and no constructor, so nobody gains by coming between these steps: anyone
//! may activate a program, and a contract begins only when its proxy is created ([`crate::proxy`]).

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};

use crate::artifact::Artifact;
use crate::contract::Program;
use crate::nitro::{ARB_WASM, ARB_WASM_CACHE, IArbWasm, IArbWasmCache, ICacheManager};
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
    /// The chain stored other code than was sent.
    #[error("{program} at {address} has other code than was deployed")]
    OtherCode {
        /// The program.
        program: Program,
        /// Where it was created.
        address: Address,
    },
    /// A step failed.
    #[error("cannot {step} {program}")]
    Step {
        /// What was being done.
        step: &'static str,
        /// To which program.
        program: Program,
        /// Why it failed.
        source: SendError,
    },
    /// The node did not answer.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// A program on a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// Which program it is.
    pub program: Program,
    /// Where its code is.
    pub address: Address,
    /// Key under which it is activated.
    pub codehash: B256,
    /// Block in which it was created.
    pub block: u64,
    /// Gas of creation and activation together.
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

/// Creates and activates a program; then, where `from` may, caches it.
///
/// # Errors
/// [`DeployError`]; a program that was created stays on the chain if a later step fails.
pub async fn deploy(
    provider: &DynProvider,
    from: Address,
    artifact: &Artifact,
) -> Result<Deployed, DeployError> {
    let program = artifact.program;
    let at = |step| {
        move |source| DeployError::Step {
            step,
            program,
            source,
        }
    };
    let creation = TransactionRequest::default()
        .with_from(from)
        .with_deploy_code(artifact.init_code());
    let created = send(provider, creation).await.map_err(at("create"))?;
    let hash = created.transaction_hash;
    let no_contract = SendError::NoContract { hash };
    let address = created
        .contract_address
        .ok_or(no_contract)
        .map_err(at("create"))?;
    let code = provider.get_code_at(address).await;
    if code.map_err(SendError::from)? != artifact.code {
        return Err(DeployError::OtherCode { program, address });
    }
    let codehash = artifact.codehash();
    let (data_fee, activation_gas) = activate(provider, from, address, codehash)
        .await
        .map_err(at("activate"))?;
    let cached = cache(provider, from, address, codehash)
        .await
        .map_err(at("cache"))?;
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let start = wasm.programInitGas(address).call().await;
    let start = start.map_err(|error| at("measure")(error.into()))?;
    Ok(Deployed {
        program,
        address,
        codehash,
        block: created.block_number.unwrap_or_default(),
        gas: created.gas_used.saturating_add(activation_gas),
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
/// [`DeployError::NoStylus`], or [`DeployError::Send`] if the node does not answer.
pub async fn check_chain(provider: &DynProvider) -> Result<(), DeployError> {
    let chain_id = provider.get_chain_id().await.map_err(SendError::from)?;
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let version = wasm.stylusVersion().call().await;
    match version.map_err(SendError::from) {
        Ok(_) => Ok(()),
        Err(silence @ SendError::Unanswered(_)) => Err(silence.into()),
        Err(_) => Err(DeployError::NoStylus { chain_id }),
    }
}

/// Activates the program at `address`, unless one with the same code is active already.
///
/// Returns the data fee and the gas of the activation.
pub(crate) async fn activate(
    provider: &DynProvider,
    from: Address,
    address: Address,
    codehash: B256,
) -> Result<(U256, u64), SendError> {
    let wasm = IArbWasm::new(ARB_WASM, provider);
    let version = wasm.codehashVersion(codehash).call().await;
    match version.map_err(SendError::from) {
        Ok(_) => return Ok((U256::ZERO, 0)),
        Err(SendError::Reverted(_)) => {}
        Err(other) => return Err(other),
    }
    let activation = wasm.activateProgram(address).from(from);
    // Asked on behalf of an account that can pay any fee.
    let rich = AccountOverride::default().with_balance(U256::MAX >> 1);
    let offer = U256::from(10).pow(U256::from(18));
    let asked = activation.clone().value(offer);
    let asked = asked.state(StateOverride::from_iter([(from, rich)]));
    let data_fee = asked.call().await?.dataFee;
    let paid = activation.value(with_margin(data_fee));
    let receipt = send(provider, paid.into_transaction_request()).await?;
    let activated = receipt.decoded_log::<IArbWasm::ProgramActivated>();
    let data_fee = activated.map_or(data_fee, |activated| activated.dataFee);
    Ok((data_fee, receipt.gas_used))
}

/// What to send for a data fee that was told just now.
pub(crate) fn with_margin(data_fee: U256) -> U256 {
    let margin = data_fee / U256::from(100) * U256::from(FEE_MARGIN_PERCENT);
    data_fee.saturating_add(margin)
}

/// Caches a program in whichever way `from` may: as chain owner, or in a place that costs nothing.
/// What a place is worth in a cache that is full is for whoever pays to say.
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
        let least = manager.getMinBid(program).call().await;
        let placed = manager.placeBid(program).from(from);
        if least.is_ok_and(|bid| bid.is_zero()) && placed.call().await.is_ok() {
            send(provider, placed.into_transaction_request()).await?;
            return Ok(cache.codehashIsCached(codehash).call().await?);
        }
    }
    Ok(false)
}
