//! How plain values share a storage word. A word is read once and written once.

use alloy_primitives::{Address, B256, U256};
use protocol::limits::Bucket;

/// The address in the lower 160 bits.
#[inline(never)]
pub fn address(word: U256) -> Address {
    Address::from_word(B256::from(word))
}

/// The lowest 64 bits.
pub const fn low_64(word: U256) -> u64 {
    let [low, ..] = *word.as_limbs();
    low
}

/// Two amounts in one word: `high (128) | low (128)`.
pub const fn pack_halves(low: u128, high: u128) -> U256 {
    U256::from_limbs([lower(low), upper(low), lower(high), upper(high)])
}

/// The two amounts of [`pack_halves`] as `(low, high)`.
pub const fn halves(word: U256) -> (u128, u128) {
    let [a, b, c, d] = *word.as_limbs();
    (join(a, b), join(c, d))
}

/// One amount and two 64-bit values: `second (64) | first (64) | amount (128)`.
pub const fn pack_amount(amount: u128, first: u64, second: u64) -> U256 {
    U256::from_limbs([lower(amount), upper(amount), first, second])
}

/// The values of [`pack_amount`].
pub const fn amount(word: U256) -> (u128, u64, u64) {
    let [a, b, first, second] = *word.as_limbs();
    (join(a, b), first, second)
}

/// How many numbers of 64 bits are in a word.
pub const LANES: u64 = 4;

/// The number at place `index`, counted from the lowest bits, of four to a word: that of word
/// `index / LANES` of a list.
pub fn lane(word: U256, index: u64) -> u64 {
    let place = (index % LANES) as usize;
    word.as_limbs().get(place).copied().unwrap_or_default()
}

/// The word with `number` at the place of [`lane`].
pub fn with_lane(word: U256, index: u64, number: u64) -> U256 {
    let mut lanes = *word.as_limbs();
    if let Some(lane) = lanes.get_mut((index % LANES) as usize) {
        *lane = number;
    }
    U256::from_limbs(lanes)
}

/// Largest capacity of a packed bucket: 2⁹⁶ − 1 wei.
pub const MAX_BUCKET: u128 = (1 << 96) - 1;

/// A deposit limit: `refill (32) | level (96) | updated (32) | capacity (96)`.
///
/// Capacity and level above [`MAX_BUCKET`] lose their upper bits; whoever sets a capacity checks it,
/// and a level is never above its capacity.
pub const fn pack_bucket(bucket: &Bucket) -> U256 {
    pack_halves(
        (bucket.updated_at as u128) << 96 | (bucket.capacity & MAX_BUCKET),
        (bucket.refill_secs as u128) << 96 | (bucket.level & MAX_BUCKET),
    )
}

/// The limit of [`pack_bucket`].
pub const fn bucket(word: U256) -> Bucket {
    let (low, high) = halves(word);
    Bucket {
        capacity: low & MAX_BUCKET,
        level: high & MAX_BUCKET,
        refill_secs: (high >> 96) as u32,
        updated_at: (low >> 96) as u32,
    }
}

const fn lower(value: u128) -> u64 {
    value as u64
}

const fn upper(value: u128) -> u64 {
    (value >> 64) as u64
}

const fn join(lower: u64, upper: u64) -> u128 {
    (upper as u128) << 64 | lower as u128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_come_back_as_they_were_packed() {
        let word = pack_halves(u128::MAX - 1, 7);
        assert_eq!(halves(word), (u128::MAX - 1, 7));
    }

    #[test]
    fn a_list_of_numbers_has_four_to_a_word() {
        let mut word = U256::MAX;
        for index in 4..8 {
            word = with_lane(word, index, index);
        }
        assert_eq!(word, U256::from_limbs([4, 5, 6, 7]));
        assert_eq!([0, 5, 10, 15].map(|index| lane(word, index)), [4, 5, 6, 7]);
    }

    #[test]
    fn a_full_bucket_does_not_leak_into_its_times() {
        let full = Bucket {
            capacity: MAX_BUCKET,
            level: MAX_BUCKET,
            refill_secs: 3,
            updated_at: 4,
        };
        assert_eq!(bucket(pack_bucket(&full)), full);
    }
}
