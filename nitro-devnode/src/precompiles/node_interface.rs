//! NodeInterface (0xc8): questions to the node itself, asked by `eth_call` as if to a contract.
//!
//! There is no account at the address; a transaction, or a contract, finds nothing there.
use alloy::sol_types::SolCall;
use revm::{
    Database,
    context::TxEnv,
    interpreter::CallInputs,
    primitives::{Address, Bytes, TxKind, U256, address},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure, database},
    method::{Method, payable, view},
};
use crate::{
    arbos::{l1_pricing, storage::Slots},
    evm::{ArbContext, Purpose},
};

alloy::sol! {
    interface INodeInterface {
        function nitroGenesisBlock();
        function blockL1Num(uint64 l2BlockNum);
        function l2BlockRangeForL1(uint64 blockNum);
        function gasEstimateL1Component(address to, bool contractCreation, bytes data);
        function gasEstimateComponents(address to, bool contractCreation, bytes data);
        function getL1Confirmations(bytes32 blockHash);
        function findBatchContainingBlock(uint64 blockNum);
        function constructOutboxProof(uint64 size, uint64 leaf);
        function estimateRetryableTicket(address sender, uint256 deposit, address to, uint256 l2CallValue, address excessFeeRefundAddress, address callValueRefundAddress, bytes data);
        function legacyLookupMessageBatchProof(uint256 batchNum, uint64 index);
    }
}

const ADDRESS: Address = address!("00000000000000000000000000000000000000c8");

/// Whether the call is such a question: direct, and not part of a block.
pub(super) fn is_asked<DB: Database>(ctx: &ArbContext<DB>, inputs: &CallInputs) -> bool {
    inputs.bytecode_address == ADDRESS
        && ctx.chain.purpose != Purpose::Commit
        && ctx.chain.frames.is_empty()
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use INodeInterface as I;
    Some(match selector {
        I::nitroGenesisBlockCall::SELECTOR => view(|_, _| Ok(abi::number(0))),
        I::blockL1NumCall::SELECTOR => view(|call, args| {
            let number: u64 = args.uint()?;
            if number > call.ctx.chain.block.number {
                return Err(Failure::Reverted);
            }
            Ok(abi::number(call.ctx.chain.block.l1_block_number))
        }),
        I::l2BlockRangeForL1Call::SELECTOR => view(|call, args| {
            let number: u64 = args.uint()?;
            // All L2 blocks of a dev chain belong to the same L1 block.
            if number != call.ctx.chain.block.l1_block_number {
                return Err(Failure::Reverted);
            }
            Ok(abi::words([
                U256::ZERO,
                U256::from(call.ctx.chain.block.number),
            ]))
        }),
        I::gasEstimateL1ComponentCall::SELECTOR => payable(l1_component),
        // A dev chain posts no batches; a real one fails so, not with a revert.
        I::getL1ConfirmationsCall::SELECTOR | I::findBatchContainingBlockCall::SELECTOR => {
            view(|_, _| Err(Failure::Halted("execution reverted".into())))
        }
        I::gasEstimateComponentsCall::SELECTOR => {
            payable(|_, _| Err(Failure::unsupported("NodeInterface.gasEstimateComponents")))
        }
        I::constructOutboxProofCall::SELECTOR
        | I::estimateRetryableTicketCall::SELECTOR
        | I::legacyLookupMessageBatchProofCall::SELECTOR => {
            payable(|_, _| Err(Failure::unsupported("NodeInterface on L1 messages")))
        }
        _ => return None,
    })
}

/// L1 gas that an estimate of the described transaction contains, the base fee, and the L1
/// price per unit.
fn l1_component<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let to = args.address()?;
    let kind = if args.bool()? {
        TxKind::Create
    } else {
        TxKind::Call(to)
    };
    let tx = TxEnv {
        kind,
        data: Bytes::copy_from_slice(args.bytes()?),
        value: call.value,
        ..TxEnv::default()
    };
    let asked = std::mem::replace(&mut call.ctx.tx, tx);
    let purpose = std::mem::replace(&mut call.ctx.chain.purpose, Purpose::Estimate);
    let charge = l1_pricing::charge(call.ctx, None);
    call.ctx.tx = asked;
    call.ctx.chain.purpose = purpose;
    let gas = charge.map_err(database)?.gas;
    Ok(abi::words([
        U256::from(gas),
        U256::from(call.ctx.chain.block.base_fee),
        call.read(l1_pricing::slot(l1_pricing::PRICE))?,
    ]))
}
