//! Reads the objects that calls and estimates take.
use alloy::{
    eips::BlockId,
    primitives::U256,
    rpc::types::{BlockOverrides, TransactionRequest, state::StateOverride},
};

use serde_json::Value;

use super::{Args, Rpc, errors::RpcError};
use crate::{
    chain::{Block, CallOptions, CallRequest},
    evm::BlockConstants,
    state::{AccountOverride, Overlay, bytecode},
};
use std::sync::Arc;

impl Rpc {
    /// The block named by the parameter at `index`, the newest if there is none.
    pub(super) fn block_at(&self, args: &mut Args, index: usize) -> Result<Arc<Block>, RpcError> {
        let id: BlockId = args.optional(index)?.unwrap_or(BlockId::latest());
        self.find(id)
    }

    pub(super) fn chain_id(&self) -> u64 {
        self.node.reader().config().chain_id
    }

    pub(super) fn find(&self, id: BlockId) -> Result<Arc<Block>, RpcError> {
        self.node
            .reader()
            .find(id)
            .ok_or(RpcError::UnknownBlock(id))
    }

    /// Parameters 0 to 3 of `eth_call` and its like: request, block, state overrides, block
    /// overrides.
    pub(super) fn call_args(&self, args: &mut Args) -> Result<Call, RpcError> {
        let object: Value = args.required(0)?;
        let skips_l1 = object.get("skipL1Charging").and_then(Value::as_bool) == Some(true);
        let request = Args::from_values(vec![object]).required(0)?;
        let id: BlockId = args.optional(1)?.unwrap_or(BlockId::latest());
        let block = self.find(id)?;
        let accounts: StateOverride = args.optional(2)?.unwrap_or_default();
        let values: BlockOverrides = args.optional(3)?.unwrap_or_default();
        let mut options = options(accounts, &values)?;
        if id.is_pending() {
            let next = block.header.number.saturating_add(1);
            options.number.get_or_insert(next);
            let soon = self.node.reader().next_timestamp();
            options.timestamp.get_or_insert(soon);
        }
        Ok(Call {
            request: CallRequest {
                skips_l1,
                ..call_request(request, self.chain_id())?
            },
            block,
            options,
        })
    }
}

/// A call as requested.
pub(super) struct Call {
    pub(super) request: CallRequest,
    pub(super) block: Arc<Block>,
    pub(super) options: CallOptions,
}

/// Checks a request to a chain as geth does and takes what execution needs of it.
pub(super) fn call_request(
    request: TransactionRequest,
    chain_id: u64,
) -> Result<CallRequest, RpcError> {
    if let Some(have) = request.chain_id.filter(|have| *have != chain_id) {
        let want = chain_id;
        return Err(RpcError::OtherChain { have, want });
    }
    if request.gas_price.is_some()
        && (request.max_fee_per_gas.is_some() || request.max_priority_fee_per_gas.is_some())
    {
        return Err(RpcError::Contradictory(
            "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
        ));
    }
    let input = request.input;
    if let (Some(input), Some(data)) = (&input.input, &input.data)
        && input != data
    {
        return Err(RpcError::Contradictory(
            r#"both "data" and "input" are set and not equal. Please use "input" to pass transaction call data"#,
        ));
    }
    Ok(CallRequest {
        from: request.from.unwrap_or_default(),
        to: request.to.and_then(|kind| kind.to().copied()),
        gas: request.gas,
        fee_cap: request
            .max_fee_per_gas
            .or(request.gas_price)
            .unwrap_or_default(),
        tip: request
            .max_priority_fee_per_gas
            .or(request.gas_price)
            .unwrap_or_default(),
        nonce: request.nonce.unwrap_or_default(),
        value: request.value.unwrap_or_default(),
        data: input.into_input().unwrap_or_default(),
        access_list: request.access_list,
        authorizations: request.authorization_list.unwrap_or_default(),
        skips_l1: false,
    })
}

/// What a call pretends.
pub(super) fn options(
    accounts: StateOverride,
    values: &BlockOverrides,
) -> Result<CallOptions, RpcError> {
    Ok(CallOptions {
        overlay: overlay(accounts)?,
        number: values.number.map(|number| number.saturating_to()),
        timestamp: values.time,
        base_fee: values.base_fee.map(|fee| fee.saturating_to()),
        constants: constants(values)?,
    })
}

/// What the overrides say of the fields that all blocks share.
fn constants(values: &BlockOverrides) -> Result<BlockConstants, RpcError> {
    if values.difficulty.is_some() || values.blob_base_fee.is_some() || values.block_hash.is_some()
    {
        return Err(RpcError::Contradictory(
            "difficulty, blobBaseFee and blockHash cannot be overridden",
        ));
    }
    let usual = BlockConstants::default();
    Ok(BlockConstants {
        gas_limit: values.gas_limit.unwrap_or(usual.gas_limit),
        beneficiary: values.coinbase.unwrap_or(usual.beneficiary),
        prevrandao: values.random.unwrap_or(usual.prevrandao),
    })
}

fn overlay(accounts: StateOverride) -> Result<Overlay, RpcError> {
    let mut overlay = Overlay::default();
    for (address, account) in accounts {
        if account.move_precompile_to.is_some() {
            return Err(RpcError::Contradictory(
                "precompiles cannot be moved on this node",
            ));
        }
        if account.state.is_some() && account.state_diff.is_some() {
            return Err(RpcError::Contradictory(
                "account has both 'state' and 'stateDiff'",
            ));
        }
        let only_slots = account.state.is_some();
        let slots = account.state.or(account.state_diff).unwrap_or_default();
        let pretended = AccountOverride {
            balance: account.balance,
            nonce: account.nonce,
            code: account.code.map(bytecode),
            only_slots,
            slots: slots
                .into_iter()
                .map(|(slot, value)| (U256::from_be_bytes(slot.0), U256::from_be_bytes(value.0)))
                .collect(),
        };
        overlay.accounts.insert(address, pretended);
    }
    Ok(overlay)
}
