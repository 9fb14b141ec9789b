//! `eth_simulateV1`: calls in blocks that are not kept.
use std::sync::Arc;

use alloy::{
    eips::BlockId,
    rpc::types::simulate::{
        SimBlock, SimCallResult, SimulateError as CallFailure, SimulatePayload, SimulatedBlock,
    },
};
use jsonrpsee::RpcModule;

use super::{
    Args, Registered, Rpc, answer_later,
    blocks::{RpcBlock, rpc_logs},
    errors::RpcError,
    request::{call_request, options},
};
use crate::chain::{CallError, Planned, Reader, Simulated, Simulation};

pub(super) fn register(module: &mut RpcModule<Rpc>) -> Registered {
    answer_later(module, "eth_simulateV1", simulate)
}

async fn simulate(
    rpc: Arc<Rpc>,
    mut args: Args,
) -> Result<Vec<SimulatedBlock<RpcBlock>>, RpcError> {
    let payload: SimulatePayload = args.required(0)?;
    let base = rpc.find(args.optional(1)?.unwrap_or(BlockId::latest()))?;
    let how = Simulation {
        validates: payload.validation,
        logs_transfers: payload.trace_transfers,
    };
    let full = payload.return_full_transactions;
    let chain_id = rpc.chain_id();
    let blocks = payload.block_state_calls.into_iter();
    let planned = blocks.map(|block| planned(block, chain_id));
    let planned: Vec<_> = planned.collect::<Result<_, _>>()?;
    let run = move |reader: &Reader| reader.simulate(planned, &base, how);
    let blocks = rpc.node.compute(run).await??;
    let shown = blocks.into_iter().map(|block| shown(&rpc, block, full));
    Ok(shown.collect())
}

fn planned(block: SimBlock, chain_id: u64) -> Result<Planned, RpcError> {
    let accounts = block.state_overrides.unwrap_or_default();
    let values = block.block_overrides.unwrap_or_default();
    let calls = block.calls.into_iter().map(|call| {
        let nonce = call.nonce;
        Ok((call_request(call, chain_id)?, nonce))
    });
    Ok(Planned {
        options: options(accounts, &values)?,
        calls: calls.collect::<Result<_, RpcError>>()?,
    })
}

fn shown(rpc: &Rpc, simulated: Simulated, full: bool) -> SimulatedBlock<RpcBlock> {
    let Simulated { block, calls } = simulated;
    let transactions = block.transactions.iter().enumerate();
    let calls = transactions.zip(calls).map(|((index, tx), call)| {
        let error = call.error.as_ref().map(failure);
        SimCallResult {
            logs: rpc_logs(&block, index, tx),
            gas_used: call.gas_used,
            max_used_gas: Some(call.peak_gas),
            status: error.is_none(),
            return_data: call.output,
            error,
        }
    });
    SimulatedBlock {
        calls: calls.collect(),
        inner: RpcBlock::of(rpc, &block, full),
    }
}

fn failure(error: &CallError) -> CallFailure {
    let code = match error {
        CallError::Reverted { .. } => CallFailure::EXECUTION_REVERTED_CODE,
        _ => CallFailure::VM_EXECUTION_ERROR_CODE,
    };
    CallFailure {
        code,
        message: error.to_string(),
        data: error.data().cloned(),
    }
}
