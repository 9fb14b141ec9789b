//! What the static half of Stylus must agree with: records of a real node, the published prices,
//! and a plain run of the same module.

mod activation;
mod equivalence;
mod host;
mod metering;
mod mutations;
mod stack;

use wasm_encoder::RawSection;
use wasmparser::Parser;

use super::activate::{self, Activation, ActivationError, ActivationRules};

/// The recorded node: ArbOS 51 on a debug chain, no page open.
const RULES: ActivationRules = ActivationRules {
    arbos_version: 51,
    stylus_version: 2,
    page_limit: 128,
    production_rules: false,
};

/// The section id under which the assembler puts names.
const CUSTOM_SECTION: u8 = 0;

/// More gas than any activation takes.
const PLENTY: u64 = 1 << 40;

/// Activates a program given as text: the outcome and the gas it took.
fn attempt(wat: &str, rules: &ActivationRules) -> (Result<Activation, ActivationError>, u64) {
    attempt_wasm(&assemble(wat), rules)
}

fn attempt_wasm(
    wasm: &[u8],
    rules: &ActivationRules,
) -> (Result<Activation, ActivationError>, u64) {
    let mut gas = PLENTY;
    let outcome = activate::activate(wasm, rules, &mut gas);
    (outcome, PLENTY - gas)
}

/// The instrumented module of a program that activates.
fn instrumented(wat: &str) -> Vec<u8> {
    attempt(wat, &RULES)
        .0
        .expect("the program activates")
        .module
}

/// The binary of a module given as text, without the names that the assembler adds.
fn assemble(wat: &str) -> Vec<u8> {
    let named = wat::parse_str(wat).expect("the test's text is WAT");
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(&named) {
        let payload = payload.expect("assembled binaries are well formed");
        if let Some((id, range)) = payload.as_section()
            && id != CUSTOM_SECTION
        {
            module.section(&RawSection {
                id,
                data: &named[range],
            });
        }
    }
    module.finish()
}

/// A program whose entrypoint runs `body`, after the module `fields`.
fn program(fields: &str, body: &str) -> String {
    format!(
        r#"(module {fields} (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) {body}))"#
    )
}
