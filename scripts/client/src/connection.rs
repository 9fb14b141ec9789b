//! A connection to a node and the keys that sign for it.

use alloy::network::EthereumWallet;
use alloy::primitives::{B256, keccak256};
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::TransportError;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not an address of a node.
    #[error("`{url}` is not an http:// or ws:// URL")]
    Url {
        /// What was given.
        url: String,
    },
    /// Nobody answers there, or not in JSON-RPC.
    #[error("no node answers at {url}")]
    Unreachable {
        /// Where.
        url: String,
        /// What happened instead.
        source: TransportError,
    },
}

/// Connects to the node at `url`; transactions are signed by the key that their `from` names.
///
/// # Errors
/// [`ConnectError`] if no node answers `eth_chainId` there.
pub async fn connect(
    url: &str,
    keys: &[PrivateKeySigner],
) -> Result<(DynProvider, u64), ConnectError> {
    let unreachable = |source| ConnectError::Unreachable {
        url: url.to_owned(),
        source,
    };
    let mut wallet = EthereumWallet::default();
    for key in keys {
        wallet.register_signer(key.clone());
    }
    if !["http://", "https://", "ws://", "wss://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(ConnectError::Url {
            url: url.to_owned(),
        });
    }
    let connected = ProviderBuilder::new().wallet(wallet).connect(url).await;
    let provider = connected.map_err(unreachable)?.erased();
    let chain_id = provider.get_chain_id().await.map_err(unreachable)?;
    Ok((provider, chain_id))
}

/// A key that everyone can derive from `name`, for chains whose ETH is worth nothing.
pub fn well_known_key(name: &str) -> PrivateKeySigner {
    let mut seed = keccak256(name);
    loop {
        match PrivateKeySigner::from_bytes(&B256::from(seed)) {
            Ok(key) => return key,
            // One hash in 2^128 is not a key.
            Err(_) => seed = keccak256(seed),
        }
    }
}
