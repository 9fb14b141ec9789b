//! Why a transaction is not executed at all, in Nitro's words.
use revm::primitives::{Address, U256};

/// A refused transaction. No state changes and no gas is charged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TxError {
    /// The nonce has been used.
    #[error("nonce too low: address {address}, tx: {tx} state: {state}")]
    NonceTooLow {
        /// Sender.
        address: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the sender.
        state: u64,
    },
    /// Earlier nonces have not been used.
    #[error("nonce too high: address {address}, tx: {tx} state: {state}")]
    NonceTooHigh {
        /// Sender.
        address: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the sender.
        state: u64,
    },
    /// The nonce is the last one there is.
    #[error("nonce has max value: address {address}, nonce: {nonce}")]
    NonceMax {
        /// Sender.
        address: Address,
        /// Nonce of the sender.
        nonce: u64,
    },
    /// The sender is a contract (EIP-3607).
    #[error("sender not an eoa: address {address}, len(code): {length}")]
    SenderNotEoa {
        /// Sender.
        address: Address,
        /// Length of its code.
        length: usize,
    },
    /// The fee cap does not cover the base fee.
    #[error(
        "max fee per gas less than block base fee: address {address}, maxFeePerGas: {fee_cap} baseFee: {base_fee}"
    )]
    FeeCapTooLow {
        /// Sender.
        address: Address,
        /// Fee cap, wei per gas.
        fee_cap: u128,
        /// Base fee, wei per gas.
        base_fee: u64,
    },
    /// The tip exceeds the fee cap.
    #[error(
        "max priority fee per gas higher than max fee per gas: address {address}, maxPriorityFeePerGas: {tip}, maxFeePerGas: {fee_cap}"
    )]
    TipAboveFeeCap {
        /// Sender.
        address: Address,
        /// Tip, wei per gas.
        tip: u128,
        /// Fee cap, wei per gas.
        fee_cap: u128,
    },
    /// The sender cannot pay gas and value.
    #[error(
        "insufficient funds for gas * price + value: address {address} have {have} want {want}"
    )]
    InsufficientFunds {
        /// Sender.
        address: Address,
        /// Balance, wei.
        have: U256,
        /// Gas limit times fee cap, plus value, wei.
        want: U256,
    },
    /// The sender cannot pay the value of a call.
    #[error("insufficient funds for transfer: address {address}")]
    InsufficientFundsForTransfer {
        /// Sender.
        address: Address,
    },
    /// The gas limit does not cover intrinsic and L1 gas.
    #[error("intrinsic gas too low")]
    IntrinsicGas {
        /// Gas limit.
        have: u64,
        /// Intrinsic and L1 gas.
        want: u64,
    },
    /// The gas limit does not cover the least gas for the calldata (EIP-7623).
    #[error("insufficient gas for floor data gas cost: have {have}, want {want}")]
    FloorGas {
        /// Gas limit.
        have: u64,
        /// Least gas.
        want: u64,
    },
    /// The init code is too large (EIP-3860).
    #[error("max initcode size exceeded: code size {size} limit {limit}")]
    InitcodeTooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// A 7702 transaction without authorizations.
    #[error("EIP-7702 transaction with empty auth list (sender {address})")]
    EmptyAuthorizationList {
        /// Sender.
        address: Address,
    },
    /// A 7702 transaction that creates a contract.
    #[error("EIP-7702 transaction cannot be used to create contract (sender {address})")]
    SetCodeCreate {
        /// Sender.
        address: Address,
    },
    /// A blob transaction.
    #[error("transaction type not supported")]
    TypeNotSupported,
    /// The database failed.
    #[error("database: {0}")]
    Database(String),
    /// The machine itself failed.
    #[error("execution: {0}")]
    Execution(String),
}

impl TxError {
    /// Whether more gas would cure it, as an estimate must know.
    pub fn is_intrinsic_gas(&self) -> bool {
        matches!(self, Self::IntrinsicGas { .. } | Self::FloorGas { .. })
    }
}
