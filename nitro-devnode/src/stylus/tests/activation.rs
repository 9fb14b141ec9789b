//! Activation against a recorded node: gas, stored figures, words of refusal, and the limits.

use alloy::primitives::hex;
use brotlic::{CompressionMode, Quality, WindowSize};
use serde::Deserialize;
use wasmparser::MemoryType;

use super::{PLENTY, RULES, assemble, attempt, attempt_wasm, program};
use crate::stylus::activate::{self, ActivationError, ActivationRules};
use crate::stylus::code::{self, CodeError};
use crate::stylus::heap;
use crate::stylus::refusal::ParseRefusal;

/// An activation that succeeded; `gas` is what it took beyond the precompile's fixed 1,747,826.
#[derive(Deserialize)]
struct Accepted {
    name: String,
    wat: String,
    wasm_bytes: usize,
    gas: u64,
    init_cost: u16,
    cached_init_cost: u16,
    asm_kb: u32,
    footprint: u16,
}

/// An activation that failed, with the node's words less colours and code locations.
#[derive(Deserialize)]
struct Refused {
    name: String,
    wat: String,
    error: String,
}

fn records<'a, T: Deserialize<'a>>(lines: &'a str) -> Vec<T> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect()
}

#[test]
fn recorded_activations_cost_and_store_what_the_node_says() {
    let recorded: Vec<Accepted> = records(include_str!("accepted.jsonl"));
    assert_eq!(recorded.len(), 43);
    for Accepted {
        name,
        wat,
        wasm_bytes,
        gas,
        ..
    } in &recorded
    {
        assert_eq!(
            assemble(wat).len(),
            *wasm_bytes,
            "{name}: assembled differently"
        );
        assert_eq!(attempt(wat, &RULES).1, *gas, "{name}");
    }
    for record in &recorded {
        let activation = attempt(&record.wat, &RULES)
            .0
            .expect("recorded as accepted");
        let stored = (
            activation.init_cost,
            activation.cached_init_cost,
            activation.asm_estimate.div_ceil(1024),
            activation.footprint,
        );
        let Accepted {
            name,
            init_cost,
            cached_init_cost,
            asm_kb,
            footprint,
            ..
        } = record;
        assert_eq!(
            stored,
            (*init_cost, *cached_init_cost, *asm_kb, *footprint),
            "{name}"
        );
    }
}

#[test]
fn recorded_refusals_take_all_gas_and_say_what_the_node_says() {
    let recorded: Vec<Refused> = records(include_str!("refused.jsonl"));
    assert_eq!(recorded.len(), 60);
    for Refused { name, wat, error } in &recorded {
        let (outcome, gas) = attempt(wat, &RULES);
        assert_eq!(
            outcome.expect_err("recorded as refused").to_string(),
            *error,
            "{name}"
        );
        assert_eq!(gas, PLENTY, "{name}");
    }
}

#[test]
fn activation_needs_its_last_unit_of_gas() {
    let wasm = assemble(&program("", "(i32.const 0)"));
    // 64 bytes: 20 us; 1 page: 2,217 us; 31 operators: 16 us; 28 gas each.
    let mut gas = 63_084;
    assert!(activate::activate(&wasm, &RULES, &mut gas).is_ok());
    assert_eq!(gas, 0);
    gas = 63_083;
    let refusal = activate::activate(&wasm, &RULES, &mut gas).expect_err("one short");
    let words = "out of gas\n\nLocation:\n    crates/prover/src/programs/mod.rs:481:13";
    assert_eq!(refusal.to_string(), words);
    assert_eq!(gas, 0);
}

#[test]
fn open_pages_count_against_the_initial_memory() {
    let rules = ActivationRules {
        page_limit: 10,
        ..RULES
    };
    let wat = r#"(module (memory (export "memory") 11 11)
        (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#;
    let refusal = attempt(wat, &rules).0.expect_err("11 pages of 10");
    let words = "failed to parse wasm\n\nCaused by:\n    \
        memory exceeds limit: \u{1b}[31;1m11\u{1b}[0;0m > \u{1b}[31;1m10\u{1b}[0;0m\n\n\
        Location:\n    crates/prover/src/binary.rs:684:13";
    assert_eq!(refusal.to_string(), words);
}

#[test]
fn production_chains_refuse_start_functions_and_the_console() {
    let production = ActivationRules {
        production_rules: true,
        ..RULES
    };
    let start = program("(func $s) (start $s)", "(i32.const 0)");
    assert!(attempt(&start, &RULES).0.is_ok());
    let refusal = attempt(&start, &production)
        .0
        .expect_err("a start function");
    assert!(matches!(
        refusal,
        ActivationError::Parse(ParseRefusal::StartFunction)
    ));
    let console = program(
        r#"(import "console" "log_i32" (func (param i32)))"#,
        "(i32.const 0)",
    );
    assert!(attempt(&console, &RULES).0.is_ok());
    let refusal = attempt(&console, &production).0.expect_err("the console");
    let words = "No such import \u{1b}[31;1mlog_i32\u{1b}[0;0m \
        in \u{1b}[31;1mconsole\u{1b}[0;0m for \u{1b}[31;1muser\u{1b}[0;0m";
    assert!(refusal.to_string().contains(words), "{refusal}");
}

#[test]
fn production_chains_drop_exports_that_nobody_uses() {
    let exports: String = (0..1_019)
        .map(|n| format!(r#"(export "e{n}" (func 0))"#))
        .collect();
    let wat = program("", "(i32.const 0)").replace("(memory", &format!("{exports} (memory"));
    let refusal = attempt(&wat, &RULES)
        .0
        .expect_err("1,019 + 2 exports and 4 globals");
    assert!(
        refusal
            .to_string()
            .contains("too many wasm exports: 1025 > 1024"),
        "{refusal}"
    );
    let production = ActivationRules {
        production_rules: true,
        ..RULES
    };
    assert!(attempt(&wat, &production).0.is_ok());
}

#[test]
fn several_results_are_refused_from_stylus_version_3_on() {
    let wat = program(
        "(func (result i32 i32) (i32.const 1) (i32.const 2))",
        "(i32.const 0)",
    );
    assert!(attempt(&wat, &RULES).0.is_ok());
    let rules = ActivationRules {
        stylus_version: 3,
        arbos_version: 59,
        ..RULES
    };
    let refusal = attempt(&wat, &rules).0.expect_err("two results");
    assert!(
        refusal
            .to_string()
            .contains("multi-value feature is not enabled"),
        "{refusal}"
    );
}

#[test]
fn memories_are_capped_from_arbos_59_on() {
    let growing = MemoryType {
        memory64: false,
        shared: false,
        initial: 1,
        maximum: None,
        page_size_log2: None,
    };
    assert_eq!(heap::capped(growing, 51).maximum, Some(65_535));
    assert_eq!(heap::capped(growing, 59).maximum, Some(65_534));
    let bounded = MemoryType {
        maximum: Some(3),
        ..growing
    };
    assert_eq!(heap::capped(bounded, 59).maximum, Some(3));
}

#[test]
fn the_length_of_the_wasm_is_free_before_arbos_32() {
    let wat = program("", "(i32.const 0)");
    let rules = ActivationRules {
        arbos_version: 31,
        ..RULES
    };
    // 20 us for 64 bytes, 28 gas each, less than the recorded 63,084.
    assert_eq!(attempt(&wat, &rules).1, 62_524);
}

#[test]
fn start_up_includes_the_cached_cost_in_stylus_version_1() {
    let wat = program("", "(i32.const 0)");
    let rules = ActivationRules {
        arbos_version: 30,
        stylus_version: 1,
        ..RULES
    };
    assert_eq!(
        attempt(&wat, &rules).0.expect("accepted").init_cost,
        18 + 11
    );
}

#[test]
fn code_is_a_program_by_its_prefix_and_one_more_byte() {
    assert!(!code::is_program(&[0xef, 0xf0, 0x00]));
    assert!(code::is_program(&[0xef, 0xf0, 0x00, 0x00]));
    assert!(!code::is_program(&[0xef, 0xf0, 0x01, 0x00]));
    assert!(!code::is_program(&[0x60, 0x00, 0x60, 0x00]));
}

#[test]
fn encoded_programs_decompress_to_what_they_were() {
    let wasm = assemble(&program("", "(i32.const 7)"));
    let encoded = code::encode(&wasm).expect("small");
    assert_eq!(code::decompress(&encoded, 131_072), Ok(wasm));
}

#[test]
fn a_stream_may_fill_the_size_limit_but_not_pass_it() {
    let encoded = code::encode(&vec![7; 131_072]).expect("small");
    assert_eq!(
        code::decompress(&encoded, 131_072).map(|wasm| wasm.len()),
        Ok(131_072)
    );
    let refused = Err(CodeError::Stream { max_size: 131_071 });
    assert_eq!(code::decompress(&encoded, 131_071), refused);
}

#[test]
fn bytes_after_the_stream_are_ignored_and_missing_ones_are_not() {
    let mut encoded = code::encode(b"wasm").expect("small");
    encoded.extend_from_slice(b"rest");
    assert_eq!(
        code::decompress(&encoded, 131_072).as_deref(),
        Ok(b"wasm".as_slice())
    );
    encoded.truncate(6);
    let refused = Err(CodeError::Stream { max_size: 131_072 });
    assert_eq!(code::decompress(&encoded, 131_072), refused);
}

#[test]
fn a_stream_that_copies_nothing_from_nitros_dictionary_reads_without_it() {
    // Without references to brotli's own dictionary, whose distances depend on Nitro's length.
    let mut stream = [0; 1_000];
    let wasm = b"wasm wasm wasm wasm wasm, and something else";
    let (quality, window) = (Quality::worst(), WindowSize::default());
    let len = brotlic::compress(wasm, &mut stream, quality, window, CompressionMode::Generic)
        .expect("room enough");
    let encoded = [&[0xef, 0xf0, 0, 1], &stream[..len]].concat();
    assert_eq!(
        code::decompress(&encoded, 44).as_deref(),
        Ok(wasm.as_slice())
    );
    for (code, max_size) in [
        (&encoded[..], 43),
        (&encoded[..encoded.len() - 1], 44),
        (&[0xef, 0xf0, 0, 1, 0xff, 0xff, 0xff], 44),
    ] {
        let refused = Err(CodeError::Stream { max_size });
        assert_eq!(code::decompress(code, max_size), refused, "{code:?}");
    }
}

#[test]
fn a_stream_that_copies_from_nitros_dictionary_is_told_from_a_malformed_one() {
    // The recorded node read a module from it whose export is not called "memory": that word
    // stands in brotli's dictionary at a distance at which Nitro's stands here.
    let mut encoded = hex!(
        "eff000011b3f007814a1d2e13f6fff9d73368250b42225ac4bd681434e0f8a6d61600106c8d50d22
         8563caa9f32e9208369f9f0c650728c3626beacd0a4b50e79a6a"
    );
    let unavailable = Err(CodeError::DictionaryUnavailable);
    assert_eq!(code::decompress(&encoded, 131_072), unavailable);
    // What follows cannot be read any more, but what was copied by then decides how.
    encoded[60..].fill(0xff);
    assert_eq!(code::decompress(&encoded, 131_072), unavailable);
}

#[test]
fn dictionaries_that_nitro_does_not_know_are_refused() {
    let mut encoded = code::encode(b"wasm").expect("small");
    encoded[3] = 2;
    assert_eq!(
        code::decompress(&encoded, 131_072),
        Err(CodeError::UnsupportedDictionary(2))
    );
    encoded[3] = 255;
    assert_eq!(
        code::decompress(&encoded, 131_072),
        Err(CodeError::UnsupportedDictionary(255))
    );
    assert_eq!(
        code::decompress(b"wasm", 131_072),
        Err(CodeError::NotAProgram)
    );
}

#[test]
fn an_activated_program_instruments_to_the_same_module_again() {
    let wasm = assemble(&program("", "(i32.const 7)"));
    let activated = attempt_wasm(&wasm, &RULES).0.expect("accepted").module;
    assert_eq!(
        activate::instrument(&wasm, &RULES).expect("activated before"),
        activated
    );
}
