//! Draws what inputs are made of: interesting numbers, addresses and byte strings.
use alloy::primitives::{Address, Bytes, U256};
use arbitrary::{Result, Unstructured};

/// A number: often at an edge of some type, seldom of full width.
pub fn number(u: &mut Unstructured<'_>) -> Result<U256> {
    Ok(match u.int_in_range(0..=9)? {
        0 => U256::ZERO,
        1 => U256::ONE,
        2..=4 => U256::from(u.arbitrary::<u8>()?),
        5 => U256::from(u.arbitrary::<u32>()?),
        6 => U256::from(u.arbitrary::<u64>()?),
        // An edge: 2ⁿ, or one or two less.
        7 | 8 => {
            let edge = U256::ONE.wrapping_shl(u.int_in_range(0..=256)?);
            edge.wrapping_sub(U256::from(u.int_in_range(0..=2)?))
        }
        _ => U256::from_be_bytes(u.arbitrary::<[u8; 32]>()?),
    })
}

/// One of `known`, or seldom any address.
pub fn address(u: &mut Unstructured<'_>, known: &[Address]) -> Result<Address> {
    if known.is_empty() || u.ratio(1, 16)? {
        return Ok(Address::from(u.arbitrary::<[u8; 20]>()?));
    }
    Ok(*u.choose(known)?)
}

/// At most `longest` bytes.
pub fn bytes(u: &mut Unstructured<'_>, longest: usize) -> Result<Bytes> {
    let length = u.arbitrary_len::<u8>()?.min(longest);
    Ok(Bytes::copy_from_slice(u.bytes(length)?))
}

/// ABI arguments: words that are numbers, addresses or offsets, then any bytes.
pub fn arguments(u: &mut Unstructured<'_>, known: &[Address]) -> Result<Vec<u8>> {
    let mut data = Vec::new();
    for _ in 0..u.int_in_range(0..=6)? {
        let word = match u.int_in_range(0..=4)? {
            0 | 1 => number(u)?,
            2 | 3 => U256::from_be_bytes(address(u, known)?.into_word().0),
            _ => U256::from(32_u16.saturating_mul(u.int_in_range(0..=8)?)),
        };
        data.extend(word.to_be_bytes::<32>());
    }
    data.extend(bytes(u, 256)?);
    Ok(data)
}
