//! Numbers and bytes as text, without the formatting machinery that every call would pay for.

use alloc::vec::Vec;

/// Decimals of ETH.
const DECIMALS: usize = 18;

/// Appends a number in decimal digits.
pub(crate) fn push_number(text: &mut Vec<u8>, number: u128) {
    push_digits(text, &digits(number, 1));
}

/// Appends an amount of wei in ETH, cut after `places` decimals (18 at most), without trailing zeros.
pub(crate) fn push_eth(text: &mut Vec<u8>, assets: u128, places: usize) {
    let all = digits(assets, DECIMALS.saturating_add(1));
    // There are more digits than decimals.
    let (whole, fraction) = all.split_at(all.len().saturating_sub(DECIMALS));
    push_digits(text, whole);
    let fraction = fraction.get(..places).unwrap_or(fraction);
    let kept = fraction.iter().rposition(|digit| *digit != 0);
    if let Some(last) = kept {
        text.push(b'.');
        push_digits(text, fraction.get(..=last).unwrap_or(fraction));
    }
}

fn push_digits(text: &mut Vec<u8>, digits: &[u8]) {
    // A digit is at most nine.
    text.extend(digits.iter().map(|digit| digit | b'0'));
}

/// The digits of a number, first the highest; at least `least` of them.
fn digits(mut number: u128, least: usize) -> Vec<u8> {
    let mut digits = Vec::new();
    while number != 0 || digits.len() < least {
        // Ten is not zero.
        digits.push(number.checked_rem(10).unwrap_or_default() as u8);
        number = number.checked_div(10).unwrap_or_default();
    }
    digits.reverse();
    digits
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends bytes in base64 (RFC 4648), padded.
pub(crate) fn push_base64(text: &mut Vec<u8>, bytes: &[u8]) {
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4_usize {
            if index > group.len() {
                text.push(b'=');
                continue;
            }
            let sextet = bits << (index as u32).saturating_mul(6) >> 18 & 63;
            // Six bits are an index of 64 letters.
            text.extend(ALPHABET.get(sextet as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eth(assets: u128, places: usize) -> Vec<u8> {
        let mut text = Vec::new();
        push_eth(&mut text, assets, places);
        text
    }

    #[test]
    fn amounts_are_written_in_eth_without_idle_zeros() {
        assert_eq!(eth(0, 18), b"0");
        assert_eq!(eth(1, 18), b"0.000000000000000001");
        assert_eq!(eth(1, 6), b"0");
        assert_eq!(eth(1_500_000_000_000_000_000, 6), b"1.5");
        assert_eq!(eth(1_000_000_999_999_999_999, 6), b"1");
        assert_eq!(eth(1_000_001_999_999_999_999, 6), b"1.000001");
        assert_eq!(eth(120_000_000_000_000_000_000, 18), b"120");
        assert_eq!(
            eth(u128::MAX, 18),
            b"340282366920938463463.374607431768211455"
        );
    }

    #[test]
    fn numbers_are_written_in_digits() {
        let mut text = Vec::new();
        push_number(&mut text, 0);
        push_number(&mut text, 1_700_000_000);
        assert_eq!(text, b"01700000000");
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        // The vectors of RFC 4648.
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let mut text = Vec::new();
            push_base64(&mut text, bytes.as_bytes());
            assert_eq!(text, expected.as_bytes());
        }
    }
}
