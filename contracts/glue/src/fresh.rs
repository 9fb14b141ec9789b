//! What was made in the transaction that runs: numbered things, and deposits.
//!
//! What one transaction makes and ends again can be done with ETH that is borrowed for its duration,
//! by somebody who has none. So there are steps that what is fresh may not take.

use stylus_sdk::keccak_const::Keccak256;

use crate::transient;

/// keccak-256 of "lsETH fresh".
const KEY: [u8; 32] = Keccak256::new().update(b"lsETH fresh").finalize();
/// keccak-256 of "lsETH deposit".
const DEPOSIT: [u8; 32] = Keccak256::new().update(b"lsETH deposit").finalize();

/// Notes that the one after number `last` is about to be made.
#[inline(never)]
pub fn note(last: u64) {
    if transient::load(&KEY) == 0 {
        // One more, since 0 stands for none. Numbers have far fewer than 64 bits.
        transient::store(&KEY, last.saturating_add(1));
    }
}

/// The newest of the numbers up to `last` that was there before this transaction.
#[inline(never)]
pub fn newest_before(last: u64) -> u64 {
    transient::load(&KEY).checked_sub(1).unwrap_or(last)
}

/// Notes that ETH came in.
#[inline(never)]
pub fn note_deposit() {
    transient::store(&DEPOSIT, 1);
}

/// Whether ETH came in in this transaction.
#[inline(never)]
pub fn has_deposit() -> bool {
    transient::load(&DEPOSIT) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_stays_and_all_that_is_made_is_fresh() {
        assert_eq!(newest_before(7), 7);
        note(7);
        note(8);
        assert_eq!(newest_before(9), 7);
    }

    #[test]
    fn a_deposit_is_known_from_then_on() {
        assert!(!has_deposit());
        note_deposit();
        assert!(has_deposit());
    }

    #[test]
    fn the_first_of_all_is_fresh_too() {
        note(0);
        assert_eq!(newest_before(1), 0);
    }
}
