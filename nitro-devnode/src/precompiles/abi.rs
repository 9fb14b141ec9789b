//! ABI arguments as geth decodes them, and results.
//!
//! Unlike strict decoders geth takes an address from the low 20 bytes of a word whatever the
//! others hold, but refuses numbers that do not fit and booleans other than 0 and 1.
use revm::primitives::{Address, B256, I256, U256};

use super::call::Failure;

/// The arguments of a call, read from left to right.
#[derive(Debug)]
pub(super) struct Args<'a> {
    data: &'a [u8],
    next: usize,
}

impl<'a> Args<'a> {
    /// Arguments follow the selector.
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0 }
    }

    fn word_at(&self, start: usize) -> Result<[u8; 32], Failure> {
        let end = start.checked_add(32).ok_or(Failure::Refused)?;
        let word = self.data.get(start..end).ok_or(Failure::Refused)?;
        word.try_into().map_err(|_| Failure::Refused)
    }

    /// A `bytes32`.
    pub(super) fn b256(&mut self) -> Result<B256, Failure> {
        let word = self.word_at(self.next)?;
        self.next += 32;
        Ok(word.into())
    }

    /// A `uint256`.
    pub(super) fn u256(&mut self) -> Result<U256, Failure> {
        Ok(self.b256()?.into())
    }

    /// An `address`; the upper 12 bytes are ignored.
    pub(super) fn address(&mut self) -> Result<Address, Failure> {
        Ok(Address::from_word(self.b256()?))
    }

    /// An unsigned integer of at most 64 bits.
    pub(super) fn uint<T: TryFrom<U256>>(&mut self) -> Result<T, Failure> {
        T::try_from(self.u256()?).map_err(|_| Failure::Refused)
    }

    /// An `int64`, of which the upper 24 bytes repeat the sign.
    pub(super) fn int64(&mut self) -> Result<i64, Failure> {
        I256::from_raw(self.u256()?)
            .try_into()
            .map_err(|_| Failure::Refused)
    }

    /// A `bool`.
    pub(super) fn bool(&mut self) -> Result<bool, Failure> {
        match self.uint::<u8>()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Failure::Refused),
        }
    }

    /// A `bytes`.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        let offset: usize = self.length(self.next)?;
        self.next += 32;
        let length: usize = self.length(offset)?;
        let start = offset.checked_add(32).ok_or(Failure::Refused)?;
        let end = start.checked_add(length).ok_or(Failure::Refused)?;
        self.data.get(start..end).ok_or(Failure::Refused)
    }

    /// The offset or length at a place of the data.
    fn length(&self, at: usize) -> Result<usize, Failure> {
        let word = U256::from_be_bytes(self.word_at(at)?);
        usize::try_from(word).map_err(|_| Failure::Refused)
    }
}

/// A result of fixed words.
pub(super) fn words<const N: usize>(values: [U256; N]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_be_bytes::<32>())
        .collect()
}

/// A result of one number.
pub(super) fn number(value: u64) -> Vec<u8> {
    words([U256::from(value)])
}

/// A result of one signed number.
pub(super) fn signed(value: i64) -> Vec<u8> {
    let value = I256::try_from(value).unwrap_or(I256::ZERO);
    words([value.into_raw()])
}

/// A result of one boolean.
pub(super) fn boolean(value: bool) -> Vec<u8> {
    words([U256::from(value)])
}

/// A result of one address.
pub(super) fn account(address: Address) -> Vec<u8> {
    address.into_word().to_vec()
}

/// A result of one `bytes`.
pub(super) fn bytes(data: &[u8]) -> Vec<u8> {
    let mut out = words([U256::from(32), U256::from(data.len())]);
    out.extend_from_slice(data);
    out.resize(64 + data.len().next_multiple_of(32), 0);
    out
}

/// A result of one array whose elements are words.
pub(super) fn list<T: Into<U256>>(elements: impl ExactSizeIterator<Item = T>) -> Vec<u8> {
    let mut out = words([U256::from(32), U256::from(elements.len())]);
    out.extend(elements.flat_map(|element| element.into().to_be_bytes::<32>()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dirty_address_is_cut_and_a_wide_number_refused() {
        let data = [0xff; 64];
        let mut args = Args::new(&data);
        assert_eq!(args.address().ok(), Some(Address::repeat_byte(0xff)));
        assert!(matches!(args.uint::<u64>(), Err(Failure::Refused)));
    }

    #[test]
    fn a_signed_number_repeats_its_sign() {
        let mut data = [0xff; 96];
        data[32..64].fill(0);
        data[32 + 24] = 0x80;
        data[64 + 24] = 0x7f;
        let mut args = Args::new(&data);
        assert_eq!(args.int64().ok(), Some(-1));
        assert!(matches!(args.int64(), Err(Failure::Refused)));
        assert!(matches!(args.int64(), Err(Failure::Refused)));
        assert_eq!(signed(-1), [0xff; 32]);
    }

    #[test]
    fn a_boolean_is_zero_or_one() {
        let mut data = [0; 64];
        data[31] = 1;
        data[63] = 2;
        let mut args = Args::new(&data);
        assert!(matches!(args.bool(), Ok(true)));
        assert!(matches!(args.bool(), Err(Failure::Refused)));
    }

    #[test]
    fn bytes_outside_the_calldata_are_refused() {
        let mut data = words([U256::from(32), U256::from(5)]);
        data.extend([1, 2, 3, 4]);
        assert!(matches!(Args::new(&data).bytes(), Err(Failure::Refused)));
        data.push(5);
        let mut args = Args::new(&data);
        assert_eq!(args.bytes().ok(), Some([1, 2, 3, 4, 5].as_slice()));
    }
}
