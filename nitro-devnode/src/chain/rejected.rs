//! Why a transaction never gets into a block, in Nitro's words.
use alloy::primitives::Address;

use crate::evm::TxError;

/// Why a transaction never gets into a block.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Rejected {
    /// Longer than the sequencer takes.
    #[error("oversized data")]
    Oversized,
    /// Not a transaction.
    #[error("rlp: {0}")]
    Malformed(alloy::eips::eip2718::Eip2718Error),
    /// One byte or none.
    #[error("typed transaction too short")]
    TooShort,
    /// A blob transaction or a type that nobody may send.
    #[error("transaction type not supported")]
    UnsupportedType,
    /// Signed for another chain.
    #[error("invalid chain id for signer: have {have} want {want}")]
    WrongChain {
        /// Chain id in the transaction.
        have: u64,
        /// Chain id of this chain.
        want: u64,
    },
    /// No account can have signed it.
    #[error("invalid transaction v, r, s values")]
    BadSignature,
    /// `gas · price` is above what the RPC lets through by mistake.
    #[error("tx fee ({} ether) exceeds the configured cap (1.00 ether)", hundredths(*fee_wei))]
    FeeAboveCap {
        /// `gas · price` in wei.
        fee_wei: u128,
    },
    /// The nonces before it did not arrive in time.
    #[error("nonce too high: address {address}, tx: {tx} state: {state}")]
    NonceTooHigh {
        /// Sender.
        address: Address,
        /// Its nonce.
        tx: u64,
        /// The sender's nonce.
        state: u64,
    },
    /// Already behind the account.
    #[error("nonce too low: address {address}, tx: {tx} state: {state}")]
    NonceTooLow {
        /// Sender.
        address: Address,
        /// Its nonce.
        tx: u64,
        /// The sender's nonce.
        state: u64,
    },
    /// As much waits as may.
    #[error("txpool is full")]
    PoolFull,
    /// The same transaction already waits.
    #[error("already known")]
    AlreadyKnown,
    /// Another transaction with this nonce waits and does not pay less.
    #[error("replacement transaction underpriced")]
    Underpriced,
    /// Another transaction with this nonce pays more and took its place.
    #[error("replaced by a transaction with the same nonce")]
    Replaced,
    /// An unsigned transaction from an account that is neither ours nor impersonated.
    #[error("unknown account")]
    UnknownAccount,
    /// It could not be executed.
    #[error(transparent)]
    Invalid(#[from] TxError),
    /// No room in this block; it goes into the next. Users never see this.
    #[error("no room in this block")]
    Postponed,
    /// A transaction of the preset is damaged.
    #[error("a transaction of the preset is damaged: {0}")]
    Preset(String),
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

/// Wei as ether with two decimals, rounded, as Nitro prints fees.
#[expect(
    clippy::cast_precision_loss,
    reason = "Nitro prints the nearest float too"
)]
fn hundredths(wei: u128) -> String {
    format!("{:.2}", wei as f64 / 1e18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_above_the_cap_is_told_in_rounded_hundredths_of_ether() {
        let words = |fee_wei| Rejected::FeeAboveCap { fee_wei }.to_string();
        assert_eq!(
            words(1_239_000_000_000_000_000),
            "tx fee (1.24 ether) exceeds the configured cap (1.00 ether)"
        );
        assert_eq!(
            words(64_000_000_000_000_000_000),
            "tx fee (64.00 ether) exceeds the configured cap (1.00 ether)"
        );
    }
}
