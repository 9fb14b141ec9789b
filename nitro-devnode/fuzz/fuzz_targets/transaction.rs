//! Feeds `fuzz::transaction`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::transaction::check(input));
