//! Moves the clock of a devnode.

use alloy::eips::BlockNumberOrTag;
use alloy::providers::{DynProvider, Provider};

use crate::send::SendError;

/// Lets `seconds` pass and mines the block in which they have.
///
/// # Errors
/// [`SendError::Node`] if the node is not a devnode: nobody moves the clock of a real chain.
pub async fn advance(provider: &DynProvider, seconds: u64) -> Result<(), SendError> {
    let client = provider.client();
    let _: serde_json::Value = client.request("evm_increaseTime", (seconds,)).await?;
    let _: serde_json::Value = client.request("evm_mine", ()).await?;
    Ok(())
}

/// Timestamp of the latest block.
///
/// # Errors
/// [`SendError`] if the node does not answer.
pub async fn now(provider: &DynProvider) -> Result<u64, SendError> {
    let block = provider
        .get_block_by_number(BlockNumberOrTag::Latest)
        .await?;
    Ok(block.map_or(0, |block| block.header.timestamp))
}
