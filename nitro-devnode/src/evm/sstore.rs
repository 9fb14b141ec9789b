//! What writing a storage slot costs and refunds (EIP-2200, 2929, 3529).
use revm::{context_interface::context::SStoreResult, primitives::U256};

const COLD: u64 = 2_100;
const WARM: u64 = 100;
const SET: u64 = 20_000;
const RESET: u64 = 2_900;
const CLEAR_REFUND: i64 = 4_800;

/// Gas and refund of changing a slot from `present` to `new`, which was `original` when the
/// transaction began.
pub(super) fn price(change: &SStoreResult, cold: bool) -> (u64, i64) {
    let SStoreResult {
        original_value: original,
        present_value: present,
        new_value: new,
    } = *change;
    let access = if cold { COLD } else { 0 };
    let zero = U256::ZERO;
    if new == present {
        return (access + WARM, 0);
    }
    if present == original {
        let (write, refund) = match (original == zero, new == zero) {
            (true, _) => (SET, 0),
            (false, true) => (RESET, CLEAR_REFUND),
            (false, false) => (RESET, 0),
        };
        return (access + write, refund);
    }
    let mut refund = 0;
    if original != zero {
        if present == zero {
            refund -= CLEAR_REFUND;
        } else if new == zero {
            refund += CLEAR_REFUND;
        }
    }
    if new == original {
        let first_write = if original == zero { SET } else { RESET };
        refund += (first_write - WARM).cast_signed();
    }
    (access + WARM, refund)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(original: u64, present: u64, new: u64) -> SStoreResult {
        SStoreResult {
            original_value: U256::from(original),
            present_value: U256::from(present),
            new_value: U256::from(new),
        }
    }

    #[test]
    fn a_cold_new_slot_costs_22_100() {
        assert_eq!(price(&change(0, 0, 1), true), (22_100, 0));
    }

    #[test]
    fn going_back_to_the_original_refunds_the_first_write() {
        assert_eq!(price(&change(0, 1, 0), false), (100, 19_900));
        assert_eq!(price(&change(1, 2, 1), false), (100, 2_800));
        assert_eq!(price(&change(1, 0, 1), false), (100, 2_800 - 4_800));
    }

    #[test]
    fn clearing_refunds_once() {
        assert_eq!(price(&change(1, 1, 0), false), (2_900, 4_800));
        assert_eq!(price(&change(1, 0, 2), false), (100, -4_800));
    }
}
