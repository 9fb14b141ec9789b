//! ArbSys (0x64): the chain seen from inside. Messages to the L1 are in [`super::withdrawal`].
use alloy::sol_types::SolCall;
use revm::{
    Database,
    primitives::{Address, U256},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure, database},
    method::{Method, payable, pure, view},
    withdrawal,
};
use crate::arbos::{send_merkle::SendMerkle, storage::Slots};

alloy::sol! {
    interface IArbSys {
        function arbBlockNumber();
        function arbBlockHash(uint256 arbBlockNum);
        function arbChainID();
        function arbOSVersion();
        function getStorageGasAvailable();
        function isTopLevelCall();
        function mapL1SenderContractAddressToL2Alias(address sender, address unused);
        function wasMyCallersAddressAliased();
        function myCallersAddressWithoutAliasing();
        function sendMerkleTreeState();
        function withdrawEth(address destination);
        function sendTxToL1(address destination, bytes data);
        error InvalidBlockNumber(uint256 requested, uint256 current);
    }
}

/// Nitro counts its own versions from 56 for contracts that ask.
const VERSION_OFFSET: u64 = 55;
/// Block hashes can be asked for this many blocks back.
const HASHES: u64 = 256;
/// What an L1 contract's address is moved by on L2.
const ALIAS_OFFSET: Address =
    revm::primitives::address!("1111000000000000000000000000000000001111");

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbSys::arbBlockNumberCall::SELECTOR => {
            view(|call, _| Ok(abi::number(call.ctx.chain.block.number)))
        }
        IArbSys::arbBlockHashCall::SELECTOR => view(block_hash),
        IArbSys::arbChainIDCall::SELECTOR => {
            view(|call, _| Ok(abi::number(call.ctx.chain.rules.chain_id)))
        }
        IArbSys::arbOSVersionCall::SELECTOR => {
            view(|call, _| Ok(abi::number(VERSION_OFFSET + call.arbos_version())))
        }
        // Storage gas was never introduced.
        IArbSys::getStorageGasAvailableCall::SELECTOR => view(|_, _| Ok(abi::number(0))),
        IArbSys::isTopLevelCallCall::SELECTOR => view(is_top_level),
        IArbSys::mapL1SenderContractAddressToL2AliasCall::SELECTOR => pure(alias),
        // Only transactions that came from an L1 have aliased senders.
        IArbSys::wasMyCallersAddressAliasedCall::SELECTOR => view(|_, _| Ok(abi::boolean(false))),
        IArbSys::myCallersAddressWithoutAliasingCall::SELECTOR => view(callers_caller),
        IArbSys::sendMerkleTreeStateCall::SELECTOR => view(merkle_state),
        IArbSys::withdrawEthCall::SELECTOR => payable(withdrawal::withdraw_eth),
        IArbSys::sendTxToL1Call::SELECTOR => payable(withdrawal::send_tx),
        _ => return None,
    })
}

/// The hash of one of the last 256 L2 blocks.
fn block_hash<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let requested = args.u256()?;
    let current = call.ctx.chain.block.number;
    let number = u64::try_from(requested)
        .ok()
        .filter(|number| *number < current && number.saturating_add(HASHES) >= current);
    let Some(number) = number else {
        let error = IArbSys::InvalidBlockNumber {
            requested,
            current: U256::from(current),
        };
        let text = format!("error InvalidBlockNumber({requested}, {current})");
        return Err(Failure::typed(&error, text));
    };
    let hash = call.ctx.journaled_state.database.block_hash(number);
    Ok(hash.map_err(database)?.to_vec())
}

/// Called by the transaction itself or by the contract that it called.
fn is_top_level<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    Ok(abi::boolean(call.ctx.chain.frames.len() <= 1))
}

/// Who called the contract that is calling; zero when the transaction itself is.
fn callers_caller<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let frame = call.ctx.chain.frames.last();
    Ok(abi::account(
        frame.map_or(Address::ZERO, |frame| frame.caller),
    ))
}

/// The L2 address that stands for an L1 contract.
fn alias<DB: Database>(_: &mut Call<'_, DB>, args: &mut Args<'_>) -> Result<Vec<u8>, Failure> {
    let sender = args.address()?.into_word();
    args.address()?;
    let sum =
        U256::from_be_bytes(sender.0).wrapping_add(U256::from_be_bytes(ALIAS_OFFSET.into_word().0));
    Ok(abi::account(Address::from_word(sum.into())))
}

/// Only the zero address, which nodes call from, may ask.
fn merkle_state<DB: Database>(
    call: &mut Call<'_, DB>,
    _: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    if call.caller != Address::ZERO {
        return Err(Failure::Reverted);
    }
    let sent = SendMerkle::load(|slot| call.read(slot))?;
    let root = U256::from_be_bytes(sent.root().0);
    let mut out = abi::words([
        U256::from(sent.size),
        root,
        U256::from(96),
        U256::from(sent.partials.len()),
    ]);
    for partial in &sent.partials {
        out.extend_from_slice(partial.as_slice());
    }
    Ok(out)
}
