//! Messages to the L1: ArbSys's `sendTxToL1` and `withdrawEth`.
//!
//! A dev chain has no L1 to receive them; they are recorded all the same, in the Merkle
//! accumulator that their proofs would be made against.
use revm::{
    Database,
    primitives::{Address, B256, Bytes, U256, keccak256},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure, database},
};
use crate::arbos::{
    accounts, address_set::AddressSet, layout, send_merkle::PARTIALS, storage::Slots,
};

alloy::sol! {
    event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
    event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);
}

/// The version that brought owners of the native token.
const NATIVE_TOKEN_VERSION: u64 = 41;
const KECCAK_GAS: u64 = 30;
const KECCAK_WORD_GAS: u64 = 6;
/// Where a node's level stands in its position.
const LEVEL_SHIFT: usize = 192;

/// Sends nothing but the value.
pub(super) fn withdraw_eth<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let destination = args.address()?;
    send(call, destination, &[])
}

/// Sends data and value.
pub(super) fn send_tx<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let destination = args.address()?;
    let data = args.bytes()?;
    send(call, destination, data)
}

/// Records a message, destroys its value here and returns its index.
fn send<DB: Database>(
    call: &mut Call<'_, DB>,
    destination: Address,
    data: &[u8],
) -> Result<Vec<u8>, Failure> {
    if !call.value.is_zero() && call.arbos_version() >= NATIVE_TOKEN_VERSION {
        // Where owners can mint the native token, it must not leave the chain.
        let owners = AddressSet::new(layout::native_token_owners());
        if owners.size(call)? > 0 {
            return Err(Failure::Reverted);
        }
    }
    let arb_block = U256::from(call.ctx.chain.block.number);
    let eth_block = call.read(layout::l1_blocks().at(0))?;
    let timestamp = U256::from(call.now());
    let (caller, value) = (call.caller, call.value);
    let words = abi::words([arb_block, eth_block, timestamp, value]);
    let packed = [caller.as_slice(), destination.as_slice(), &words, data].concat();
    let hash = keccak(call, &packed)?;
    let index = append(call, hash)?;
    // The value was moved here with the call, so it is there.
    let precompile = call.address;
    if !accounts::burn(call.ctx, precompile, value).map_err(database)? {
        return Err(Failure::Reverted);
    }
    call.emit(&L2ToL1Tx {
        caller,
        destination,
        hash: hash.into(),
        position: U256::from(index),
        arbBlockNum: arb_block,
        ethBlockNum: eth_block,
        timestamp,
        callvalue: value,
        data: Bytes::copy_from_slice(data),
    })?;
    Ok(abi::number(index))
}

/// Adds a leaf, announces the nodes it completes and returns the leaf's index.
fn append<DB: Database>(call: &mut Call<'_, DB>, leaf: B256) -> Result<u64, Failure> {
    let space = layout::send_merkle();
    let index = call.increase_u64(space.at(0), 1)?.saturating_sub(1);
    let levels = u64::from(u64::BITS - index.leading_zeros());
    let mut node = keccak256(leaf);
    let mut updates = Vec::new();
    let mut level = 0;
    while level < levels {
        let slot = space.at(PARTIALS + level);
        let partial = B256::from(call.read(slot)?);
        if partial.is_zero() {
            break;
        }
        node = keccak(call, &[partial.as_slice(), node.as_slice()].concat())?;
        call.write(slot, U256::ZERO)?;
        level += 1;
        updates.push((level, node));
    }
    call.write(space.at(PARTIALS + level), node.into())?;
    for (level, hash) in updates {
        call.emit(&SendMerkleUpdate {
            reserved: U256::ZERO,
            hash,
            position: (U256::from(level) << LEVEL_SHIFT) + U256::from(index),
        })?;
    }
    Ok(index)
}

fn keccak<DB: Database>(call: &mut Call<'_, DB>, data: &[u8]) -> Result<B256, Failure> {
    call.burn(KECCAK_GAS + KECCAK_WORD_GAS * data.len().div_ceil(32) as u64)?;
    Ok(keccak256(data))
}
