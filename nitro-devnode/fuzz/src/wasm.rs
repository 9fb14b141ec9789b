//! WASM modules into activation and execution: bytes as they come, and valid modules made of them.
//!
//! Activation never panics; what it accepts compiles and runs, with the node's hostios and
//! without panics; and instrumentation changes nothing but what a program pays.
mod answers;
mod bystander;
mod shape;

use alloy::primitives::Bytes;
use arbitrary::{Result, Unstructured};
use nitro_devnode::stylus::{
    activate::{ActivationError, ActivationRules, activate},
    branch, code,
    wasm::Module,
};
use wasmparser::{FunctionBody, Operator, Parser, Payload, Validator};

use crate::choice;
use bystander::Limit;

/// More gas than any activation takes.
const PLENTY: u64 = 1 << 40;

/// Ink of a run: enough for thousands of basic blocks, and little enough to end soon.
const INK: u64 = 20_000_000;

/// The node's default, words.
const STACK: u32 = 22_000;

/// Largest program, as ArbOS sets it.
const MAX_SIZE: u32 = 128 << 10;

/// A chain like `nitro --dev`.
const RULES: ActivationRules = ActivationRules {
    arbos_version: 51,
    stylus_version: 2,
    page_limit: 128,
    production_rules: false,
};

/// The rules an input chooses between.
const ALL_RULES: [ActivationRules; 4] = [
    RULES,
    ActivationRules {
        production_rules: true,
        ..RULES
    },
    ActivationRules {
        stylus_version: 3,
        ..RULES
    },
    ActivationRules {
        arbos_version: 40,
        stylus_version: 1,
        ..RULES
    },
];

/// Takes `input` for a module if it starts like one, for a deployed program if it starts like
/// one of those, and else makes a valid module of it.
pub fn check(input: &[u8]) {
    match input {
        [] => {}
        [0, ..] => every_rule(input),
        [0xef, ..] => {
            if let Ok(wasm) = code::decompress(input, MAX_SIZE) {
                every_rule(&wasm);
            }
        }
        [..] => {
            // Too short an input is no module.
            let _ = made(&mut Unstructured::new(input));
        }
    }
}

fn every_rule(wasm: &[u8]) {
    for rules in &ALL_RULES {
        // A refusal is as good.
        let _ = program(wasm, rules, &Bytes::from_static(b"calldata"));
    }
}

fn made(u: &mut Unstructured<'_>) -> Result<()> {
    let rules = &ALL_RULES[usize::from(u.arbitrary::<u8>()?) % ALL_RULES.len()];
    let calldata = choice::bytes(u, 100)?;
    let wasm = shape::module(u, rules)?;
    let _ = program(&wasm, rules, &calldata);
    Ok(())
}

/// Activates a module and, if it can be, runs it.
///
/// # Errors
/// Why it cannot be activated.
pub fn program(
    wasm: &[u8],
    rules: &ActivationRules,
    calldata: &Bytes,
) -> std::result::Result<(), ActivationError> {
    let mut gas = PLENTY;
    let activation = activate(wasm, rules, &mut gas).inspect_err(|refusal| {
        assert!(!refusal.to_string().is_empty(), "a refusal has words");
    });
    let Ok(activation) = activation else {
        assert_eq!(gas, 0, "a refusal takes all the gas");
        return activation.map(drop);
    };
    let valid = Validator::new().validate_all(&activation.module).map(drop);
    assert!(valid.is_ok(), "instrumented: {valid:?}");
    answers::run(&activation.module, rules, calldata);
    let metered = bystander::run(
        &activation.module,
        Limit::Metered {
            ink: INK,
            stack: STACK,
        },
    );
    // What stopped at a limit has no plain run to be compared with.
    if metered.is_within_limits() && !differs_on_purpose(wasm, rules) {
        let plain = bystander::run(wasm, Limit::Fuel);
        assert_eq!(metered.seen, plain.seen, "instrumented, then plain");
    }
    Ok(())
}

/// Instrumentation keeps a start function from running, makes `br_table` on a constant take its
/// default branch, and before Stylus 3 it makes `memory.fill` trap on values above a byte.
fn differs_on_purpose(wasm: &[u8], rules: &ActivationRules) -> bool {
    // What was activated parses.
    let Ok(module) = Module::parse(wasm, rules) else {
        return false;
    };
    let of_engine = |body: FunctionBody<'_>| {
        let ops = body.get_operators_reader().into_iter().flatten();
        let ops: Vec<_> = ops.flatten().collect();
        let is_fill = |op: &Operator<'_>| matches!(op, Operator::MemoryFill { .. });
        let fills = rules.stylus_version < 3 && ops.iter().any(is_fill);
        let count = ops.len();
        fills || branch::take_default_on_constants(ops, &module).len() != count
    };
    let differs = |payload: Payload<'_>| match payload {
        Payload::StartSection { .. } => true,
        Payload::CodeSectionEntry(body) => of_engine(body),
        _ => false,
    };
    let mut payloads = Parser::new(0).parse_all(wasm);
    payloads.any(|payload| payload.is_ok_and(differs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_modules_that_are_made_are_activated() {
        let mut random = 1_u64;
        let mut input = vec![0; 2_048];
        let (mut made, mut activated) = (0, 0);
        for _ in 0..100 {
            for byte in &mut input {
                random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                *byte = random.to_be_bytes()[0];
            }
            let Ok(wasm) = shape::module(&mut Unstructured::new(&input), &RULES) else {
                continue;
            };
            made += 1;
            activated += u32::from(program(&wasm, &RULES, &Bytes::new()).is_ok());
        }
        assert!(made > 90 && activated > 60, "{activated} of {made}");
    }
}
