//! The lines of a recording.
use alloy::{
    eips::{eip2930::AccessList, eip7702::SignedAuthorization},
    primitives::{Address, B256, Bytes, U64, U128, U256, map::HashMap},
};
use serde::Deserialize;
use serde_json::Value;

use crate::chain::{CallRequest, Incoming};

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Line {
    Header(HeaderLine),
    Tx(Box<TxLine>),
    TxRejected(RejectedLine),
    Call(CallLine<Bytes>),
    Estimate(CallLine<U64>),
    State(StateLine),
    Program,
    Note,
    End,
}

#[derive(Debug, Deserialize)]
pub(super) struct HeaderLine {
    pub(super) genesis: GenesisLine,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GenesisLine {
    pub(super) node_specific: GenesisHash,
}

#[derive(Debug, Deserialize)]
pub(super) struct GenesisHash {
    pub(super) hash: B256,
}

/// What differs between nodes by nature.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BlockHash {
    pub(super) block_hash: B256,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TxLine {
    pub(super) label: String,
    pub(super) hash: B256,
    pub(super) raw: Bytes,
    pub(super) block: BlockLine,
    pub(super) receipt: ReceiptLine,
    pub(super) node_specific: BlockHash,
    pub(super) replay_call: Option<ReplayCallLine>,
    pub(super) stylus_trace: Option<TraceLine>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BlockLine {
    pub(super) number: U64,
    pub(super) timestamp: U64,
    pub(super) l1_block_number: Option<U64>,
    pub(super) base_fee_per_gas: U64,
    pub(super) gas_used: U64,
    pub(super) tx_count: usize,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReceiptLine {
    pub(super) status: U64,
    pub(super) gas_used: U64,
    pub(super) gas_used_for_l1: U64,
    pub(super) cumulative_gas_used: U64,
    pub(super) effective_gas_price: Option<U64>,
    pub(super) transaction_index: U64,
    pub(super) contract_address: Option<Address>,
    pub(super) logs: Vec<LogLine>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LogLine {
    pub(super) address: Address,
    pub(super) topics: Vec<B256>,
    pub(super) data: Bytes,
    pub(super) log_index: U64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayCallLine {
    pub(super) block: U64,
    result: Option<Bytes>,
    error: Option<ErrorLine>,
}

impl ReplayCallLine {
    pub(super) fn answer(&self) -> Answer<'_, Bytes> {
        Answer {
            result: self.result.as_ref(),
            error: self.error.as_ref(),
        }
    }
}

/// What `stylusTracer` gave.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum TraceLine {
    Refused { error: ErrorLine },
    Steps(Value),
}

#[derive(Debug, Deserialize)]
pub(super) struct RejectedLine {
    pub(super) label: String,
    pub(super) raw: Bytes,
    pub(super) error: ErrorLine,
}

/// A call or an estimate. What would change its answer and is not known here, as state
/// overrides are not, is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallLine<R> {
    pub(super) label: String,
    pub(super) call: CallFields,
    pub(super) block: U64,
    result: Option<R>,
    error: Option<ErrorLine>,
}

impl<R> CallLine<R> {
    pub(super) fn answer(&self) -> Answer<'_, R> {
        Answer {
            result: self.result.as_ref(),
            error: self.error.as_ref(),
        }
    }
}

/// What the node answered: a result or an error.
#[derive(Debug)]
pub(super) struct Answer<'a, R> {
    pub(super) result: Option<&'a R>,
    pub(super) error: Option<&'a ErrorLine>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorLine {
    pub(super) code: i32,
    pub(super) message: String,
    pub(super) data: Option<Bytes>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct CallFields {
    from: Address,
    to: Option<Address>,
    gas: Option<U64>,
    gas_price: Option<U128>,
    max_fee_per_gas: Option<U128>,
    max_priority_fee_per_gas: Option<U128>,
    nonce: Option<U64>,
    value: U256,
    /// The newer name of the next one, and the one that counts.
    input: Option<Bytes>,
    data: Bytes,
    access_list: Option<AccessList>,
    authorization_list: Vec<SignedAuthorization>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StateLine {
    pub(super) label: String,
    pub(super) block: U64,
    pub(super) accounts: Vec<AccountLine>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountLine {
    pub(super) address: Address,
    pub(super) balance: U256,
    pub(super) nonce: U64,
    pub(super) code_hash: B256,
    #[serde(default)]
    pub(super) storage: HashMap<U256, U256>,
}

impl From<CallFields> for CallRequest {
    fn from(call: CallFields) -> Self {
        Self {
            from: call.from,
            to: call.to,
            gas: call.gas.map(|gas| gas.to()),
            fee_cap: call
                .max_fee_per_gas
                .or(call.gas_price)
                .unwrap_or_default()
                .to(),
            tip: call
                .max_priority_fee_per_gas
                .or(call.gas_price)
                .unwrap_or_default()
                .to(),
            nonce: call.nonce.unwrap_or_default().to(),
            value: call.value,
            data: call.input.unwrap_or(call.data),
            access_list: call.access_list,
            authorizations: call.authorization_list,
            skips_l1: false,
        }
    }
}

/// The call that the recording made of a transaction: without its fees, access list and
/// authorizations.
impl From<&Incoming> for CallRequest {
    fn from(tx: &Incoming) -> Self {
        use alloy::consensus::Transaction as _;
        let envelope = &tx.envelope;
        Self {
            from: tx.sender,
            to: envelope.to(),
            gas: Some(envelope.gas_limit()),
            value: envelope.value(),
            data: envelope.input().clone(),
            ..Self::default()
        }
    }
}
