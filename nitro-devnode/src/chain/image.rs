//! Blocks and transactions as they are written down in a saved chain.
//!
//! Transactions and headers are kept in the bytes Ethereum hashes; hashes are computed anew.
use std::sync::Arc;

use alloy::{
    consensus::{Header, TxEnvelope},
    eips::eip2718::Decodable2718,
    primitives::{Address, B256, Bytes, Log, keccak256},
    rlp::{self, Decodable},
};
use serde::{Deserialize, Serialize};

use super::{Block, Body, Included, Incoming, Receipt};

/// Bytes in a save that are not what they stand for.
#[derive(Debug, thiserror::Error)]
pub enum BadImage {
    /// A header.
    #[error("its header: {0}")]
    Header(rlp::Error),
    /// A transaction.
    #[error("its transaction {index}: {source}")]
    Transaction {
        /// Index in the block.
        index: usize,
        /// What does not fit.
        source: alloy::eips::eip2718::Eip2718Error,
    },
}

/// A block.
#[derive(Serialize, Deserialize)]
pub(super) struct BlockImage {
    header: Bytes,
    arbos_version: u64,
    transactions: Vec<TransactionImage>,
    size: u64,
}

/// A transaction in a block.
#[derive(Serialize, Deserialize)]
struct TransactionImage {
    body: BodyImage,
    sender: Address,
    receipt: ReceiptImage,
}

#[derive(Serialize, Deserialize)]
enum BodyImage {
    Internal(Bytes),
    Signed(Bytes),
}

#[derive(Serialize, Deserialize)]
struct ReceiptImage {
    success: bool,
    gas_used: u64,
    gas_used_for_l1: u64,
    cumulative_gas_used: u64,
    contract_address: Option<Address>,
    logs: Vec<LogImage>,
    first_log_index: u64,
}

#[derive(Serialize, Deserialize)]
struct LogImage {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
}

/// A transaction that waits.
#[derive(Serialize, Deserialize)]
pub(super) struct WaitingImage {
    raw: Bytes,
    sender: Address,
}

impl BlockImage {
    pub(super) fn of(block: &Block) -> Self {
        Self {
            header: rlp::encode(&block.header).into(),
            arbos_version: block.arbos_version,
            transactions: block
                .transactions
                .iter()
                .map(TransactionImage::of)
                .collect(),
            size: block.size,
        }
    }

    pub(super) fn restore(self, chain_id: u64) -> Result<Block, BadImage> {
        let header = Header::decode(&mut self.header.as_ref()).map_err(BadImage::Header)?;
        let transactions = self.transactions.into_iter().enumerate();
        let transactions = transactions.map(|(index, tx)| {
            tx.restore(chain_id)
                .map_err(|source| BadImage::Transaction { index, source })
        });
        Ok(Block {
            hash: header.hash_slow(),
            header,
            arbos_version: self.arbos_version,
            transactions: transactions.collect::<Result<_, _>>()?,
            size: self.size,
        })
    }
}

impl TransactionImage {
    fn of(tx: &Included) -> Self {
        Self {
            body: match &tx.body {
                Body::Internal(data) => BodyImage::Internal(data.clone()),
                Body::Signed(_, raw) => BodyImage::Signed(raw.clone()),
            },
            sender: tx.sender,
            receipt: ReceiptImage::of(&tx.receipt),
        }
    }

    fn restore(self, chain_id: u64) -> Result<Included, alloy::eips::eip2718::Eip2718Error> {
        let body = match self.body {
            BodyImage::Internal(data) => Body::Internal(data),
            BodyImage::Signed(raw) => {
                Body::Signed(Arc::new(TxEnvelope::decode_2718_exact(&raw)?), raw)
            }
        };
        let mut included = Included {
            body,
            hash: B256::ZERO,
            sender: self.sender,
            receipt: self.receipt.restore(),
        };
        included.hash = keccak256(included.raw(chain_id));
        Ok(included)
    }
}

impl ReceiptImage {
    fn of(receipt: &Receipt) -> Self {
        let logs = receipt.logs.iter().map(|log| LogImage {
            address: log.address,
            topics: log.topics().to_vec(),
            data: log.data.data.clone(),
        });
        Self {
            success: receipt.success,
            gas_used: receipt.gas_used,
            gas_used_for_l1: receipt.gas_used_for_l1,
            cumulative_gas_used: receipt.cumulative_gas_used,
            contract_address: receipt.contract_address,
            logs: logs.collect(),
            first_log_index: receipt.first_log_index,
        }
    }

    fn restore(self) -> Receipt {
        let logs = self.logs.into_iter().map(|log| {
            // At most four topics, as the machine made it.
            Log::new_unchecked(log.address, log.topics, log.data)
        });
        Receipt {
            success: self.success,
            gas_used: self.gas_used,
            gas_used_for_l1: self.gas_used_for_l1,
            cumulative_gas_used: self.cumulative_gas_used,
            contract_address: self.contract_address,
            logs: logs.collect(),
            first_log_index: self.first_log_index,
        }
    }
}

impl WaitingImage {
    pub(super) fn of(tx: &Incoming) -> Self {
        Self {
            raw: tx.raw.clone(),
            sender: tx.sender,
        }
    }

    pub(super) fn restore(self) -> Result<Incoming, alloy::eips::eip2718::Eip2718Error> {
        let envelope = TxEnvelope::decode_2718_exact(&self.raw)?;
        Ok(Incoming {
            hash: *envelope.tx_hash(),
            envelope: Arc::new(envelope),
            raw: self.raw,
            sender: self.sender,
        })
    }
}
