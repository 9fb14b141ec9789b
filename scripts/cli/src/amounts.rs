//! Amounts as people read them.

use alloy::primitives::{I256, U256};

/// Decimals of ETH and of shares.
const DECIMALS: usize = 18;

/// Decimals that are shown of an amount, unless it is dust.
const SHOWN: usize = 9;

/// `12.5`, rounded down to nine decimals; dust with all that it has.
pub(crate) fn eth(wei: U256) -> String {
    let shown = if is_dust(wei) { DECIMALS } else { SHOWN };
    let digits = format!(
        "{wei:0>width$}",
        wei = wei.to_string(),
        width = DECIMALS + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - DECIMALS);
    let fraction = fraction
        .get(..shown)
        .unwrap_or(fraction)
        .trim_end_matches('0');
    if fraction.is_empty() {
        grouped(whole)
    } else {
        format!("{}.{fraction}", grouped(whole))
    }
}

/// `+12.5 ETH` or `−7 wei`: dust needs no other unit.
pub(crate) fn signed(wei: I256, unit: &str) -> String {
    let sign = if wei.is_negative() { '−' } else { '+' };
    let amount = wei.unsigned_abs();
    if is_dust(amount) {
        return format!("{sign}{amount} wei");
    }
    format!("{sign}{} {unit}", eth(amount))
}

/// Whether an amount is not zero and would be, rounded to what is shown.
fn is_dust(wei: U256) -> bool {
    let smallest = U256::from(10).pow(U256::from(DECIMALS - SHOWN));
    !wei.is_zero() && wei < smallest
}

/// `1.012345678901`: twelve decimals of a rate that has 27.
pub(crate) fn rate(e27: U256) -> String {
    let digits = format!("{e27:0>28}", e27 = e27.to_string());
    let (whole, fraction) = digits.split_at(digits.len() - 27);
    format!("{whole}.{}", fraction.get(..12).unwrap_or(fraction))
}

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Seconds in the largest unit that they reach: `7 d`, `1.2 h`, `30 s`; to a tenth, rounded down.
pub(crate) fn duration(secs: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let Some((unit, name)) = units.into_iter().find(|(unit, _)| secs >= *unit) else {
        return format!("{secs} s");
    };
    match secs % unit * 10 / unit {
        0 => format!("{} {name}", secs / unit),
        tenths => format!("{}.{tenths} {name}", secs / unit),
    }
}

/// `ether` whole ETH in wei.
pub(crate) fn ether(ether: u64) -> U256 {
    milliether(ether.saturating_mul(1_000))
}

/// Thousandths of an ETH in wei.
pub(crate) fn milliether(milliether: u64) -> U256 {
    U256::from(milliether).saturating_mul(U256::from(1_000_000_000_000_000_u64))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_amounts_have_no_decimals() {
        assert_eq!(eth(ether(40)), "40");
        assert_eq!(eth(ether(12_345)), "12,345");
    }

    #[test]
    fn fractions_lose_their_trailing_zeros() {
        assert_eq!(eth(milliether(2_500)), "2.5");
        assert_eq!(eth(milliether(1)), "0.001");
    }

    #[test]
    fn dust_has_all_its_decimals() {
        assert_eq!(eth(U256::from(999_999_999)), "0.000000000999999999");
        assert_eq!(eth(U256::from(1_000_000_000)), "0.000000001");
        assert_eq!(eth(U256::from(1_999_999_999)), "0.000000001");
        assert_eq!(eth(U256::ZERO), "0");
    }

    #[test]
    fn dust_that_moves_is_counted_in_wei() {
        let moved = |wei: i64| signed(I256::unchecked_from(wei), "ETH");
        assert_eq!(moved(-7), "−7 wei");
        assert_eq!(moved(1_500_000_000_000_000_000), "+1.5 ETH");
    }

    #[test]
    fn a_rate_is_shown_with_twelve_decimals() {
        let e27 = U256::from(1_012_345_678_901_234_567_890_123_456_u128);
        assert_eq!(rate(e27), "1.012345678901");
    }

    #[test]
    fn gas_is_grouped_by_thousands() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn durations_are_shown_in_the_largest_unit_they_reach() {
        assert_eq!(duration(604_800), "7 d");
        assert_eq!(duration(900), "15 min");
        assert_eq!(duration(412_871), "4.7 d");
        assert_eq!(duration(59), "59 s");
    }
}
