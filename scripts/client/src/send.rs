//! Sends transactions and waits for their receipts; says in the contracts' words why one failed.

use std::time::{Duration, Instant};

use alloy::primitives::B256;
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::transports::TransportError;

use crate::revert::Revert;

/// How long a receipt is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// First pause between two questions for a receipt; a devnode has it before the first.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// Longest pause between two questions for a receipt.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Part of an estimate that is added to it: time goes on until the block, rewards are released
/// meanwhile, and a step costs a little more or less than it did.
const MARGIN_DIVISOR: u64 = 4;

/// Gas that is added at least: two words written for the first time, 22,100 each. An estimate is made
/// for the second of the latest block; sealed in a later one, what moves wlsETH begins new checkpoints
/// where the estimate overwrote the newest: of two delegates, or of the supply and one delegate.
const LEAST_MARGIN: u64 = 50_000;

/// Gas that Nitro lets a transaction use; what a limit has above that is returned unused.
const TRANSACTION_GAS: u64 = 32_000_000;

/// Why a call or a transaction did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The contract refused.
    #[error("refused: {0}")]
    Reverted(Revert),
    /// The transaction is in a block and failed there without a reason that can be replayed.
    #[error("transaction {hash} failed after {gas_used} gas")]
    Failed {
        /// The transaction.
        hash: B256,
        /// What it paid for.
        gas_used: u64,
    },
    /// No block took the transaction in time.
    #[error("transaction {hash} has no receipt after {} s", PATIENCE.as_secs())]
    NoReceipt {
        /// The transaction.
        hash: B256,
    },
    /// A creation succeeded and the receipt names no contract.
    #[error("transaction {hash} created no contract")]
    NoContract {
        /// The transaction.
        hash: B256,
    },
    /// The node answered with an error of its own.
    #[error("the node said no")]
    Node(#[source] TransportError),
    /// Nobody answered, or what was asked or answered is no JSON-RPC.
    #[error("the node cannot be asked")]
    Unanswered(#[source] TransportError),
    /// The answer is not what the ABI promises.
    #[error("the answer does not match the ABI")]
    Answer(#[source] alloy::contract::Error),
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        match Revert::from_node(&error) {
            Some(revert) => Self::Reverted(revert),
            None if error.is_error_resp() => Self::Node(error),
            None => Self::Unanswered(error),
        }
    }
}

impl From<alloy::contract::Error> for SendError {
    fn from(error: alloy::contract::Error) -> Self {
        match error {
            alloy::contract::Error::TransportError(error) => error.into(),
            other => Self::Answer(other),
        }
    }
}

impl SendError {
    /// The contract's own words, if it was a contract that refused.
    pub fn revert(&self) -> Option<&Revert> {
        match self {
            Self::Reverted(revert) => Some(revert),
            _ => None,
        }
    }
}

/// Sends `request`, whose `from` is a key of the provider's wallet, and waits for its receipt.
/// A request without a gas limit gets the estimate and a quarter, at least 50,000.
///
/// # Errors
/// [`SendError::Reverted`] before anything is sent if the estimate already fails, or if the
/// transaction failed in its block and fails again when it is replayed on that block.
pub async fn send(
    provider: &DynProvider,
    mut request: TransactionRequest,
) -> Result<TransactionReceipt, SendError> {
    if request.gas.is_none() {
        let estimate = provider.estimate_gas(request.clone()).await?;
        request.gas = Some(limit(estimate));
    }
    let hash = *provider.send_transaction(request.clone()).await?.tx_hash();
    let receipt = receipt(provider, hash).await?;
    if receipt.status() {
        return Ok(receipt);
    }
    let block = receipt.block_number.unwrap_or_default();
    provider.call(request).block(block.into()).await?;
    Err(SendError::Failed {
        hash,
        gas_used: receipt.gas_used,
    })
}

/// The gas limit for what is estimated to take `estimate`.
fn limit(estimate: u64) -> u64 {
    let margin = (estimate / MARGIN_DIVISOR).max(LEAST_MARGIN);
    let wanted = estimate.saturating_add(margin).min(TRANSACTION_GAS);
    // An estimate above that has gas for L1 data in it.
    wanted.max(estimate)
}

/// Asks for a receipt until it is there.
async fn receipt(provider: &DynProvider, hash: B256) -> Result<TransactionReceipt, SendError> {
    let started = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(receipt) = provider.get_transaction_receipt(hash).await? {
            return Ok(receipt);
        }
        if started.elapsed() > PATIENCE {
            return Err(SendError::NoReceipt { hash });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_room_for_two_new_words_or_a_quarter() {
        assert_eq!(limit(21_000), 71_000);
        assert_eq!(limit(200_000), 250_000);
        assert_eq!(limit(1_000_000), 1_250_000);
    }

    #[test]
    fn a_limit_is_what_a_transaction_may_use_unless_the_estimate_is_more() {
        assert_eq!(limit(31_000_000), 32_000_000);
        assert_eq!(limit(33_000_000), 33_000_000);
    }
}
