//! ArbAddressTable (0x66): short names for addresses in calldata.
use alloy::{
    rlp::{Decodable, Encodable},
    sol_types::SolCall,
};
use revm::{
    Database,
    primitives::{Address, U256},
};

use super::{
    abi::{self, Args},
    call::{Call, Failure},
    method::{Method, view, write},
};
use crate::arbos::address_table::AddressTable;

alloy::sol! {
    interface IArbAddressTable {
        function addressExists(address account);
        function compress(address account);
        function decompress(bytes buf, uint256 offset);
        function lookup(address account);
        function lookupIndex(uint256 index);
        function register(address account);
        function size();
    }
}

/// The methods.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    Some(match selector {
        IArbAddressTable::addressExistsCall::SELECTOR => view(|call, args| {
            let address = args.address()?;
            let index = AddressTable::default().index_of(call, address)?;
            Ok(abi::boolean(index.is_some()))
        }),
        // Declared without a mutability, though it writes nothing.
        IArbAddressTable::compressCall::SELECTOR => write(compress),
        IArbAddressTable::decompressCall::SELECTOR => view(decompress),
        IArbAddressTable::lookupCall::SELECTOR => view(|call, args| {
            let address = args.address()?;
            let index = AddressTable::default().index_of(call, address)?;
            index.map(abi::number).ok_or(Failure::Reverted)
        }),
        IArbAddressTable::lookupIndexCall::SELECTOR => view(|call, args| {
            let index = args.u256()?;
            let index = u64::try_from(index).map_err(|_| Failure::Reverted)?;
            let address = AddressTable::default().address_at(call, index)?;
            address.map(abi::account).ok_or(Failure::Reverted)
        }),
        IArbAddressTable::registerCall::SELECTOR => write(|call, args| {
            let address = args.address()?;
            Ok(abi::number(
                AddressTable::default().register(call, address)?,
            ))
        }),
        IArbAddressTable::sizeCall::SELECTOR => {
            view(|call, _| Ok(abi::number(AddressTable::default().size(call)?)))
        }
        _ => return None,
    })
}

/// RLP of the address's index, or of the address if it has none.
fn compress<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let address = args.address()?;
    let mut rlp = Vec::new();
    match AddressTable::default().index_of(call, address)? {
        Some(index) => index.encode(&mut rlp),
        None => address.encode(&mut rlp),
    }
    Ok(abi::bytes(&rlp))
}

/// The address that the RLP at `offset` stands for, and how many bytes it took.
fn decompress<DB: Database>(
    call: &mut Call<'_, DB>,
    args: &mut Args<'_>,
) -> Result<Vec<u8>, Failure> {
    let buffer = args.bytes()?;
    let offset = args.u256()?;
    let offset = usize::try_from(offset).map_err(|_| Failure::Reverted)?;
    let rest = buffer.get(offset..).ok_or(Failure::Reverted)?;
    let mut cursor = rest;
    let address = match Address::decode(&mut cursor) {
        Ok(address) => address,
        Err(_) => {
            cursor = rest;
            let index = u64::decode(&mut cursor).map_err(|_| Failure::Reverted)?;
            let address = AddressTable::default().address_at(call, index)?;
            address.ok_or(Failure::Reverted)?
        }
    };
    let used = rest.len() - cursor.len();
    Ok([abi::account(address), abi::words([U256::from(used)])].concat())
}
