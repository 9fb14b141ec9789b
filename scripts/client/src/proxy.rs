//! The proxy in front of a program: created and initialised in one transaction, upgraded by its admin.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol;
use alloy::sol_types::SolCall;

use crate::contract::Contract;
use crate::send::{SendError, send};

sol!(
    #[sol(all_derives)]
    "interfaces/Proxy.sol"
);

/// A contract on a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Which contract it is.
    pub contract: Contract,
    /// Where people call it.
    pub address: Address,
    /// Hash of the proxy's code.
    pub codehash: B256,
    /// The program that it runs.
    pub program: Address,
    /// Block in which it was created.
    pub block: u64,
    /// Gas of creation and initialisation.
    pub gas: u64,
}

/// What a contract begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// May upgrade.
    pub upgrader: Address,
    /// The program.
    pub program: Address,
    /// Calldata of the initialiser.
    pub initialiser: Vec<u8>,
    /// Wei sent along.
    pub value: U256,
}

/// Creates the proxy of a contract and initialises it in the same transaction.
///
/// # Errors
/// [`SendError`]; in the program's own words if it refuses to be initialised.
pub async fn create(
    provider: &DynProvider,
    from: Address,
    contract: Contract,
    beginning: &Beginning,
) -> Result<Created, SendError> {
    let receipt = send(provider, creation(beginning).with_from(from)).await?;
    let hash = receipt.transaction_hash;
    let address = receipt
        .contract_address
        .ok_or(SendError::NoContract { hash })?;
    let runtime = proxy::runtime(beginning.upgrader.into());
    Ok(Created {
        contract,
        address,
        codehash: alloy::primitives::keccak256(runtime),
        program: beginning.program,
        block: receipt.block_number.unwrap_or_default(),
        gas: receipt.gas_used,
    })
}

/// The creation of a proxy, not sent yet.
pub fn creation(beginning: &Beginning) -> TransactionRequest {
    let code = proxy::creation(
        beginning.upgrader.into(),
        beginning.program.into(),
        &beginning.initialiser,
    );
    TransactionRequest::default()
        .with_deploy_code(Bytes::from(code))
        .with_value(beginning.value)
}

/// An upgrade to `program`, not sent yet; `data` is called on it in the same transaction, if there is any.
pub fn upgrade(contract: Address, program: Address, data: Bytes) -> TransactionRequest {
    let call = IProxy::upgradeToAndCallCall {
        implementation: program,
        data,
    };
    TransactionRequest::default()
        .with_to(contract)
        .with_input(call.abi_encode())
}

/// Upgrades a contract; `from` must be its proxy's admin.
///
/// # Errors
/// [`SendError`]; [`IProxy::ERC1967InvalidImplementation`] if there is no code at `program`.
pub async fn send_upgrade(
    provider: &DynProvider,
    from: Address,
    contract: Address,
    program: Address,
    data: Bytes,
) -> Result<TransactionReceipt, SendError> {
    send(provider, upgrade(contract, program, data).with_from(from)).await
}

/// The program that a contract runs.
///
/// # Errors
/// [`SendError`] if the node does not answer.
pub async fn program(provider: &DynProvider, contract: Address) -> Result<Address, SendError> {
    account(provider, contract, proxy::IMPLEMENTATION_SLOT).await
}

/// Who may upgrade a contract.
///
/// # Errors
/// [`SendError`] if the node does not answer.
pub async fn upgrader(provider: &DynProvider, contract: Address) -> Result<Address, SendError> {
    account(provider, contract, proxy::ADMIN_SLOT).await
}

async fn account(
    provider: &DynProvider,
    contract: Address,
    slot: proxy::Word,
) -> Result<Address, SendError> {
    let slot = U256::from_be_bytes(slot);
    let word = provider.get_storage_at(contract, slot).await?;
    Ok(Address::from_word(word.into()))
}
