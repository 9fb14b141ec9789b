//! Feeds `fuzz::rpc`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::rpc::check(input));
