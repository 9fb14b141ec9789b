//! Sealed blocks: what they hold and how their headers and hashes are made.
use std::sync::Arc;

use alloy::{
    consensus::{
        EMPTY_OMMER_ROOT_HASH, Header, TxEnvelope, proofs::ordered_trie_root_with_encoder,
    },
    eips::Encodable2718,
    primitives::{Address, B64, B256, Bloom, BloomInput, Bytes, Log, U256, keccak256},
    rlp::{BufMut, EMPTY_LIST_CODE, Encodable, Header as RlpHeader},
    sol,
    sol_types::SolCall,
};

use crate::{
    arbos::{accounts::ARBOS_ACTS, send_merkle::SendMerkle},
    evm::{BLOCK_GAS_LIMIT, BlockConstants, BlockValues, SEQUENCER},
};

/// EIP-2718 type of the internal transaction.
pub const INTERNAL_TYPE: u8 = 0x6a;

sol! {
    function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed);
}

/// A sealed block.
#[derive(Debug)]
pub struct Block {
    /// The header, hashed as Ethereum does.
    pub header: Header,
    /// keccak256 of the header.
    pub hash: B256,
    /// ArbOS version after the block's start.
    pub arbos_version: u64,
    /// The internal transaction, then the users'.
    pub transactions: Vec<Included>,
    /// Bytes of all transactions.
    pub size: u64,
}

/// A transaction in a block, with its outcome.
#[derive(Debug, Clone)]
pub struct Included {
    /// What was executed.
    pub body: Body,
    /// Transaction hash.
    pub hash: B256,
    /// Who sent it.
    pub sender: Address,
    /// How it ended.
    pub receipt: Receipt,
}

/// What was executed.
#[derive(Debug, Clone)]
pub enum Body {
    /// StartBlock, with its calldata.
    Internal(Bytes),
    /// A user's transaction and its bytes.
    Signed(Arc<TxEnvelope>, Bytes),
}

/// How a transaction ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// False when it reverted or failed.
    pub success: bool,
    /// Gas used, L1 part included.
    pub gas_used: u64,
    /// L1 part of the gas used.
    pub gas_used_for_l1: u64,
    /// Gas used in the block up to and with this transaction.
    pub cumulative_gas_used: u64,
    /// The contract a creating transaction made, or would have made.
    pub contract_address: Option<Address>,
    /// Logs in order.
    pub logs: Vec<Log>,
    /// Logs of the transactions before it in the block.
    pub first_log_index: u64,
}

/// The internal transaction of a block.
pub(super) fn internal_transaction(
    chain_id: u64,
    block: &BlockValues,
    time_passed: u64,
) -> Included {
    let call = startBlockCall {
        l1BaseFee: U256::ZERO,
        l1BlockNumber: block.l1_block_number,
        l2BlockNumber: block.number,
        timePassed: time_passed,
    };
    let data = Bytes::from(call.abi_encode());
    let receipt = Receipt {
        success: true,
        ..Receipt::default()
    };
    let hash = keccak256(internal_bytes(chain_id, &data));
    Included {
        body: Body::Internal(data),
        hash,
        sender: ARBOS_ACTS,
        receipt,
    }
}

/// `0x6a ‖ rlp([chain id, data])`.
fn internal_bytes(chain_id: u64, data: &Bytes) -> Vec<u8> {
    let payload_length = chain_id.length().saturating_add(data.length());
    let mut bytes = vec![INTERNAL_TYPE];
    RlpHeader {
        list: true,
        payload_length,
    }
    .encode(&mut bytes);
    chain_id.encode(&mut bytes);
    data.encode(&mut bytes);
    bytes
}

impl Included {
    /// EIP-2718 bytes.
    pub fn raw(&self, chain_id: u64) -> Bytes {
        match &self.body {
            Body::Internal(data) => internal_bytes(chain_id, data).into(),
            Body::Signed(_, raw) => raw.clone(),
        }
    }

    /// EIP-2718 type.
    pub fn tx_type(&self) -> u8 {
        match &self.body {
            Body::Internal(_) => INTERNAL_TYPE,
            Body::Signed(envelope, _) => envelope.tx_type().into(),
        }
    }

    /// EIP-2718 bytes of the receipt.
    pub fn raw_receipt(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encode_receipt(&mut bytes);
        bytes
    }

    fn encode_receipt(&self, out: &mut dyn BufMut) {
        let receipt = &self.receipt;
        let bloom = receipt.bloom();
        let tx_type = self.tx_type();
        if tx_type != 0 {
            out.put_u8(tx_type);
        }
        let lengths = [
            receipt.success.length(),
            receipt.cumulative_gas_used.length(),
            bloom.length(),
            receipt.logs.length(),
        ];
        let payload_length = lengths.iter().sum();
        RlpHeader {
            list: true,
            payload_length,
        }
        .encode(out);
        receipt.success.encode(out);
        receipt.cumulative_gas_used.encode(out);
        bloom.encode(out);
        receipt.logs.encode(out);
    }
}

impl Receipt {
    /// Bloom filter of the logs.
    pub fn bloom(&self) -> Bloom {
        let mut bloom = Bloom::ZERO;
        for log in &self.logs {
            bloom.accrue(BloomInput::Raw(log.address.as_slice()));
            for topic in log.topics() {
                bloom.accrue(BloomInput::Raw(topic.as_slice()));
            }
        }
        bloom
    }
}

impl Block {
    /// Seals transactions into a block.
    pub(super) fn seal(
        values: &BlockValues,
        parent_hash: B256,
        state_root: B256,
        chain_id: u64,
        sent: &SendMerkle,
        transactions: Vec<Included>,
    ) -> Self {
        let mut logs_bloom = Bloom::ZERO;
        for tx in transactions.iter().filter(|tx| !tx.receipt.logs.is_empty()) {
            logs_bloom |= tx.receipt.bloom();
        }
        let gas_used = transactions
            .last()
            .map_or(0, |tx| tx.receipt.cumulative_gas_used);
        let raw: Vec<_> = transactions.iter().map(|tx| tx.raw(chain_id)).collect();
        let header = Header {
            parent_hash,
            ommers_hash: EMPTY_OMMER_ROOT_HASH,
            beneficiary: SEQUENCER,
            state_root,
            transactions_root: ordered_trie_root_with_encoder(&raw, |raw, out| {
                out.put_slice(raw);
            }),
            receipts_root: ordered_trie_root_with_encoder(&transactions, |tx, out| {
                tx.encode_receipt(out);
            }),
            logs_bloom,
            difficulty: U256::ONE,
            number: values.number,
            gas_limit: BLOCK_GAS_LIMIT,
            gas_used,
            timestamp: values.timestamp,
            extra_data: Bytes::copy_from_slice(sent.root().as_slice()),
            mix_hash: mix_hash(values, sent.size),
            // Delayed messages read: the one that initialised the chain.
            nonce: B64::with_last_byte(1),
            base_fee_per_gas: Some(values.base_fee),
            ..Header::default()
        };
        let body: usize = raw.iter().map(|raw| raw.len()).sum();
        let size = u64::try_from(body.saturating_add(header.length())).unwrap_or(u64::MAX);
        Self {
            hash: header.hash_slow(),
            header,
            arbos_version: values.arbos_version,
            transactions,
            size,
        }
    }

    /// The bytes of header and transactions, typed ones wrapped, and no uncles.
    pub fn encoded(&self, chain_id: u64) -> Bytes {
        let mut transactions = Vec::new();
        for tx in &self.transactions {
            let raw = tx.raw(chain_id);
            match tx.tx_type() {
                0 => transactions.extend_from_slice(&raw),
                _ => raw.encode(&mut transactions),
            }
        }
        let list = RlpHeader {
            list: true,
            payload_length: transactions.len(),
        };
        let uncles = [EMPTY_LIST_CODE];
        let lengths = [
            self.header.length(),
            list.length_with_payload(),
            uncles.len(),
        ];
        let mut bytes = Vec::new();
        RlpHeader {
            list: true,
            payload_length: lengths.iter().sum(),
        }
        .encode(&mut bytes);
        self.header.encode(&mut bytes);
        list.encode(&mut bytes);
        bytes.extend_from_slice(&transactions);
        bytes.extend_from_slice(&uncles);
        bytes.into()
    }

    /// Root of the messages sent to the L1 up to and with this block.
    pub fn send_root(&self) -> B256 {
        B256::try_from(self.header.extra_data.as_ref()).unwrap_or_default()
    }

    /// Messages sent to the L1 up to and with this block.
    pub fn send_count(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.header.mix_hash.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// What transactions see of this block.
    pub fn values(&self) -> BlockValues {
        BlockValues {
            number: self.header.number,
            timestamp: self.header.timestamp,
            base_fee: self.header.base_fee_per_gas.unwrap_or_default(),
            l1_block_number: 0,
            arbos_version: self.arbos_version,
            constants: BlockConstants::default(),
        }
    }
}

/// Send count, L1 block number, ArbOS version and flags, eight bytes each.
fn mix_hash(values: &BlockValues, send_count: u64) -> B256 {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&send_count.to_be_bytes());
    bytes[8..16].copy_from_slice(&values.l1_block_number.to_be_bytes());
    bytes[16..24].copy_from_slice(&values.arbos_version.to_be_bytes());
    B256::from(bytes)
}

impl From<&crate::chain::Incoming> for Body {
    fn from(tx: &crate::chain::Incoming) -> Self {
        debug_assert_eq!(tx.envelope.encode_2718_len(), tx.raw.len());
        Self::Signed(tx.envelope.clone(), tx.raw.clone())
    }
}
