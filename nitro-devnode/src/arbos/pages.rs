//! What WASM memory costs, as `corpus/30-opcodes` (growing) and
//! `corpus/60-calls-creates-returndata-reentrancy` (programs that call each other) show it.

/// The exponential part by pages ever open. The last entry is the literal that Nitro uses.
const EXPONENTS: [u32; 129] = [
    1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 11, 12, 14, 17, 19, 22, 25, 29, 33, 38,
    43, 50, 57, 65, 75, 85, 98, 112, 128, 147, 168, 193, 221, 253, 289, 331, 379, 434, 497, 569,
    651, 745, 853, 976, 1117, 1279, 1463, 1675, 1917, 2194, 2511, 2874, 3290, 3765, 4309, 4932,
    5645, 6461, 7395, 8464, 9687, 11087, 12689, 14523, 16621, 19024, 21773, 24919, 28521, 32642,
    37359, 42758, 48938, 56010, 64104, 73368, 83971, 96106, 109994, 125890, 144082, 164904, 188735,
    216010, 247226, 282953, 323844, 370643, 424206, 485509, 555672, 635973, 727880, 833067, 953456,
    1091243, 1248941, 1429429, 1636000, 1872423, 2143012, 2452704, 2807151, 3212820, 3677113,
    4208502, 4816684, 5512756, 6309419, 7221210, 8264766, 9459129, 10826093, 12390601, 14181199,
    16230562, 18576084, 21260563, 24332984, 27849408, 31873999,
];

/// Gas for `new` pages while `open` are open and `ever` was the most so far.
///
/// Free up to `free_pages`; then `page_gas` for each page and the growth of an exponential
/// term in the pages ever open. More than 128 pages cost more than any gas.
pub fn memory_cost(new: u16, open: u16, ever: u16, free_pages: u16, page_gas: u16) -> u64 {
    let new_open = open.saturating_add(new);
    let new_ever = ever.max(new_open);
    if new_ever <= free_pages {
        return 0;
    }
    let charged =
        new_open.saturating_sub(free_pages) - open.saturating_sub(free_pages).min(new_open);
    let linear = u64::from(charged) * u64::from(page_gas);
    // The table grows, so the difference is not negative.
    linear.saturating_add(exponent(new_ever).saturating_sub(exponent(ever)))
}

fn exponent(pages: u16) -> u64 {
    EXPONENTS
        .get(usize::from(pages))
        .map_or(u64::MAX, |gas| u64::from(*gas))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_pages_cost_nothing() {
        assert_eq!(memory_cost(2, 0, 0, 2, 1_000), 0);
    }

    #[test]
    fn a_hundred_pages_on_top_of_one_cost_as_published() {
        // 99 × 1,000 + E[101] − E[1] = 99,000 + 833,067 − 1.
        assert_eq!(memory_cost(100, 1, 1, 2, 1_000), 932_066);
    }

    #[test]
    fn pages_open_before_pay_no_exponential_part_again() {
        // Ten pages were open and closed: only the linear part of pages 3 to 5 is due.
        assert_eq!(memory_cost(5, 0, 10, 2, 1_000), 3_000);
    }

    #[test]
    fn more_than_128_pages_are_not_to_be_had() {
        assert_eq!(memory_cost(129, 0, 0, 2, 1_000), u64::MAX);
    }
}
