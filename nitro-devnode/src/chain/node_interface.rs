//! NodeInterface (0xc8): a contract that exists only in calls and estimates.
//!
//! The node answers instead of executing. What needs an L1 (confirmations, batches, proofs)
//! fails as it does on a dev chain of Nitro.
use alloy::{
    primitives::{Address, Bytes, U256, address},
    sol,
    sol_types::{SolCall, SolValue},
};

use super::{Block, CallError, CallOptions, CallRequest, Reader, call::Prepared};
use crate::arbos::{accounts::ARBOS_STATE, l1_pricing};

/// Where NodeInterface seems to be.
pub(super) const NODE_INTERFACE: Address = address!("0x00000000000000000000000000000000000000c8");

sol! {
    function nitroGenesisBlock();
    function blockL1Num(uint64 l2BlockNum);
    function l2BlockRangeForL1(uint64 blockNum);
    function gasEstimateL1Component(address to, bool contractCreation, bytes data);
    function gasEstimateComponents(address to, bool contractCreation, bytes data);
}

impl Reader {
    /// The answer to a call of NodeInterface.
    pub(super) fn node_interface(
        &self,
        request: &CallRequest,
        block: &Block,
        options: &CallOptions,
    ) -> Result<Bytes, CallError> {
        let data = request.data.as_ref();
        let selector = data.first_chunk::<4>().copied().unwrap_or_default();
        let answer = match selector {
            nitroGenesisBlockCall::SELECTOR => U256::ZERO.abi_encode(),
            blockL1NumCall::SELECTOR => {
                let asked = blockL1NumCall::abi_decode(data).map_err(|_| refused())?;
                let known = self.block(asked.l2BlockNum).ok_or_else(refused)?;
                known.values().l1_block_number.abi_encode()
            }
            l2BlockRangeForL1Call::SELECTOR => {
                let asked = l2BlockRangeForL1Call::abi_decode(data).map_err(|_| refused())?;
                // Every block of a dev chain belongs to L1 block 0.
                if asked.blockNum != 0 {
                    return Err(refused());
                }
                (0_u64, block.header.number).abi_encode()
            }
            gasEstimateL1ComponentCall::SELECTOR => {
                let asked = gasEstimateL1ComponentCall::abi_decode(data).map_err(|_| refused())?;
                let inner = inner(request, asked.to, asked.contractCreation, asked.data);
                let l1_gas = l1_gas(self, &inner, block, options)?;
                (l1_gas, base_fee(block), self.l1_base_fee(block)).abi_encode()
            }
            gasEstimateComponentsCall::SELECTOR => {
                let asked = gasEstimateComponentsCall::abi_decode(data).map_err(|_| refused())?;
                let inner = inner(request, asked.to, asked.contractCreation, asked.data);
                let l1_gas = l1_gas(self, &inner, block, options)?;
                let gas = self.estimate_on(&inner, block, options.clone())?;
                (gas, l1_gas, base_fee(block), self.l1_base_fee(block)).abi_encode()
            }
            _ => return Err(refused()),
        };
        Ok(answer.into())
    }

    /// What ArbOS takes a unit of L1 calldata to cost, wei.
    fn l1_base_fee(&self, block: &Block) -> U256 {
        let slot = l1_pricing::slot(l1_pricing::PRICE);
        self.slot(block.header.number, ARBOS_STATE, slot)
    }
}

/// The L1 part of an estimate.
fn l1_gas(
    reader: &Reader,
    request: &CallRequest,
    block: &Block,
    options: &CallOptions,
) -> Result<u64, CallError> {
    let prepared = Prepared::new(reader, request, block, options.clone());
    prepared
        .l1_gas()
        .map_err(|error| CallError::ProbeRefused { error, gas: 0 })
}

fn refused() -> CallError {
    CallError::Failed("execution reverted".to_owned())
}

fn base_fee(block: &Block) -> U256 {
    U256::from(block.header.base_fee_per_gas.unwrap_or_default())
}

/// The transaction that NodeInterface is asked about.
fn inner(outer: &CallRequest, to: Address, create: bool, data: Bytes) -> CallRequest {
    CallRequest {
        to: (!create).then_some(to),
        data,
        gas: None,
        ..outer.clone()
    }
}
