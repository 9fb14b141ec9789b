//! Feeds `fuzz::precompile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::precompile::check(input));
