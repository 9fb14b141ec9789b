//! No input makes activation panic, and whatever it accepts the engine can compile.

use serde_json::Value;
use wasmtime::{Engine, Module};

use super::{RULES, assemble, attempt_wasm};
use crate::stylus::activate::ActivationRules;
use crate::stylus::code;

/// A small generator: the tests must not differ from run to run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

fn seeds() -> Vec<Vec<u8>> {
    include_str!("accepted.jsonl")
        .lines()
        .map(|line| {
            let record: Value = serde_json::from_str(line).expect("a record");
            assemble(record["wat"].as_str().expect("text"))
        })
        .collect()
}

fn mutate(wasm: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(2) {
        let at = random.below(wasm.len());
        match random.below(10) {
            0 => wasm.truncate(at),
            1 => wasm.insert(at, random.byte()),
            2 if at < wasm.len() => drop(wasm.remove(at)),
            3 => {
                let end = at + random.below(wasm.len() - at);
                let piece = wasm[at..end].to_vec();
                let to = random.below(wasm.len());
                drop(wasm.splice(to..to, piece));
            }
            4 if at < wasm.len() => wasm[at] = random.byte(),
            _ if at < wasm.len() => wasm[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
}

#[test]
fn mutated_modules_are_refused_or_compile() {
    let mut random = Random(1);
    let engine = Engine::default();
    let newer = ActivationRules {
        arbos_version: 59,
        stylus_version: 3,
        production_rules: true,
        ..RULES
    };
    let mut accepted = 0;
    for wasm in seeds() {
        for round in 0..400 {
            let mut mutant = wasm.clone();
            mutate(&mut mutant, &mut random);
            let rules = if round % 2 == 0 { RULES } else { newer };
            match attempt_wasm(&mutant, &rules).0 {
                Ok(activation) => {
                    accepted += 1;
                    let valid = Module::validate(&engine, &activation.module);
                    assert!(valid.is_ok(), "{mutant:02x?}: {valid:?}");
                }
                Err(refusal) => assert!(!refusal.to_string().is_empty()),
            }
        }
    }
    assert!(
        accepted > 200,
        "only {accepted} mutants got past validation"
    );
}

#[test]
fn random_bytes_are_neither_streams_nor_modules_that_panic() {
    let mut random = Random(2);
    for _ in 0..2_000 {
        let len = random.below(64);
        let mut bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
        drop(attempt_wasm(&bytes, &RULES));
        bytes.splice(0..0, [0xef, 0xf0, 0x00, 0x00]);
        drop(code::decompress(&bytes, 4_096));
    }
}
