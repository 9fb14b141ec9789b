//! The approximation of eˣ that prices ArbOS's congestion fees.

/// One, in basis points.
pub const ONE_IN_BIPS: u64 = 10_000;

/// eˣ in basis points for `bips` = x in basis points, by the first `terms` terms of its
/// series, evaluated from the innermost one outwards.
///
/// - Rounding: every division rounds down; products stop at `u64::MAX`.
pub fn approximate_exp(bips: u64, terms: u64) -> u64 {
    let Some(outer) = terms.checked_sub(1) else {
        return ONE_IN_BIPS;
    };
    let innermost = ONE_IN_BIPS.saturating_add(bips / terms);
    (1..=outer).rev().fold(innermost, |sum, term| {
        // `term` ≥ 1, so the divisor is not zero.
        let step = sum.saturating_mul(bips) / term.saturating_mul(ONE_IN_BIPS);
        ONE_IN_BIPS.saturating_add(step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_gives_one() {
        assert_eq!(approximate_exp(0, 4), 10_000);
    }

    #[test]
    fn one_gives_e_with_the_error_of_the_term_count() {
        // 1 + 1/1·(1 + 1/2·(1 + 1/3·(1 + 1/4))), each step rounded down to a basis point.
        assert_eq!(approximate_exp(10_000, 4), 27_083);
        assert_eq!(approximate_exp(10_000, 12), 27_182);
    }
}
