//! Feeds `fuzz::wasm`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::wasm::check(input));
