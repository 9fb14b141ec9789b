//! Ink against the published prices: by block, by operator, by byte.

use wasmparser::{Operator, Parser, Payload};

use super::host::{Outcome, run};
use super::{RULES, attempt, instrumented, program};
use crate::stylus::activate::ActivationRules;

const STACK: u32 = 22_000;

const HOOKS: &str = r#"
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "evm_ink_left" (func $ink (result i64)))"#;

fn ink_used(wat: &str, args: &[u8]) -> u64 {
    let outcome = run(&instrumented(wat), args, 1 << 40, STACK);
    assert_eq!(outcome.returned, Some(0), "{wat}");
    (1 << 40) - outcome.ink_left
}

/// Ink of `body` beyond that of an entrypoint that only returns zero.
fn marginal(body: &str) -> u64 {
    ink_used(&program("", &format!("{body} (i32.const 0)")), &[]) - 2_452
}

#[test]
fn the_smallest_program_pays_a_block_a_constant_and_an_end() {
    assert_eq!(ink_used(&program("", "(i32.const 0)"), &[]), 2_450 + 1 + 1);
}

#[test]
fn operators_cost_their_published_prices() {
    let binary = |op: &str, ty: &str| {
        marginal(&format!("(drop ({op} ({ty}.const 9) ({ty}.const 3)))")) - 2 - 9
    };
    for (op, price) in [
        ("i32.add", 70),
        ("i32.mul", 160),
        ("i32.div_s", 1_120),
        ("i32.eq", 170),
    ] {
        assert_eq!(binary(op, "i32"), price, "{op}");
    }
    for (op, price) in [
        ("i64.rotl", 100),
        ("i64.mul", 160),
        ("i64.rem_u", 1_270),
        ("i64.ne", 225),
    ] {
        assert_eq!(binary(op, "i64"), price, "{op}");
    }
    let unary = |op: &str, ty: &str| marginal(&format!("(drop ({op} ({ty}.const 9)))")) - 1 - 9;
    for (op, ty, price) in [
        ("i32.popcnt", "i32", 2_650),
        ("i64.popcnt", "i64", 6_000),
        ("i32.clz", "i32", 210),
        ("i32.load16_s", "i32", 670),
        ("i64.load32_u", "i32", 680),
        ("i32.wrap_i64", "i64", 100),
        ("i64.extend8_s", "i64", 100),
    ] {
        assert_eq!(unary(op, ty), price, "{op}");
    }
}

#[test]
fn a_branch_is_paid_with_the_block_it_ends() {
    // block 1, i32.const 1, br_if 765; then a block of its own for the end.
    let taken = marginal("(block (br_if 0 (i32.const 1)))");
    assert_eq!(taken, 1 + 1 + 765 + 2_450);
    let not_taken = marginal("(block (br_if 0 (i32.const 0)))");
    assert_eq!(not_taken, taken + 2_450 + 1);
}

#[test]
fn a_loop_operator_is_paid_once_and_its_body_each_round() {
    let body = "(local i32) (local.set 1 (i32.const 3)) (loop $l \
        (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))";
    // Up to the loop: const, set, loop. A round: get, const, sub, tee, br_if. Then the end.
    let round = 75 + 1 + 70 + 75 + 765 + 2_450;
    assert_eq!(marginal(body), 1 + 210 + 1 + 2_450 + 3 * round + 2_450 + 1);
}

#[test]
fn code_after_a_trap_in_its_block_is_paid_before_it() {
    let wat = program(
        "",
        "(unreachable) (i64.popcnt (i64.const 1)) (drop) (i32.const 0)",
    );
    let outcome = run(&instrumented(&wat), &[], 100_000, STACK);
    assert_eq!((outcome.returned, outcome.exhausted), (None, false));
    assert_eq!(
        outcome.ink_left,
        100_000 - 2_450 - 1 - 1 - 6_000 - 9 - 1 - 1
    );
}

#[test]
fn calls_cost_by_kind_and_parameters() {
    let callee = "(func $f (param i64 i32))";
    let callee_ink = 2_450 + 1;
    let direct = program(
        callee,
        "(call $f (i64.const 0) (i32.const 0)) (i32.const 0)",
    );
    assert_eq!(
        ink_used(&direct, &[]),
        2_450 + 2 + 3_800 + callee_ink + 2_452
    );
    let table = "(table 1 funcref) (elem (i32.const 0) $f) (type $t (func (param i64 i32)))";
    let indirect = program(
        &format!("{table} {callee}"),
        "(call_indirect (type $t) (i64.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)",
    );
    let price = 13_610 + 2 * 650;
    assert_eq!(
        ink_used(&indirect, &[]),
        2_450 + 3 + price + callee_ink + 2_452
    );
}

#[test]
fn branch_tables_cost_by_target() {
    // block 1, const 1; three targets, the default not counted; then the end in a dead block.
    let ink = marginal("(block (br_table 0 0 0 0 (i32.const 1)))");
    assert_eq!(ink, 1 + 1 + 2_400 + 3 * 325 + 2_450);
}

#[test]
fn fills_and_copies_pay_for_each_byte() {
    let three = 1 + 1 + 1;
    assert_eq!(
        marginal("(memory.fill (i32.const 0) (i32.const 1) (i32.const 33))"),
        three + 950 + 3_300
    );
    assert_eq!(
        marginal("(memory.copy (i32.const 0) (i32.const 9) (i32.const 0))"),
        three + 950
    );
}

#[test]
fn a_fill_that_cannot_be_paid_exhausts_the_ink() {
    let body = "(memory.fill (i32.const 0) (i32.const 1) (i32.const 33)) (i32.const 0)";
    let module = instrumented(&program("", body));
    let enough = 2_450 + 3 + 950 + 3_300 + 2;
    assert_eq!(run(&module, &[], enough, STACK).returned, Some(0));
    let Outcome {
        returned,
        exhausted,
        ..
    } = run(&module, &[], enough - 1, STACK);
    assert_eq!((returned, exhausted), (None, true));
}

#[test]
fn a_length_of_four_gigabytes_cannot_wrap_the_charge() {
    let body = "(memory.fill (i32.const 0) (i32.const 1) (i32.const -1)) (i32.const 0)";
    let outcome = run(&instrumented(&program("", body)), &[], 1 << 38, STACK);
    assert_eq!((outcome.returned, outcome.exhausted), (None, true));
}

#[test]
fn fill_values_above_a_byte_trap_with_ink_kept_below_stylus_version_3() {
    let wat = program(
        "",
        "(memory.fill (i32.const 0) (i32.const 0x1ff) (i32.const 1)) (i32.load8_u (i32.const 0))",
    );
    let outcome = run(&instrumented(&wat), &[], 1 << 20, STACK);
    assert_eq!((outcome.returned, outcome.exhausted), (None, false));
    let rules = ActivationRules {
        stylus_version: 3,
        arbos_version: 59,
        ..RULES
    };
    let module = attempt(&wat, &rules).0.expect("accepted").module;
    assert_eq!(run(&module, &[], 1 << 20, STACK).returned, Some(0xff));
}

#[test]
fn floats_activate_but_can_never_be_paid() {
    let body = "(if (local.get 0) (then (drop (f32.const 1)))) (i32.const 0)";
    let module = instrumented(&program("", body));
    assert_eq!(run(&module, &[], u64::MAX >> 1, STACK).returned, Some(0));
    let outcome = run(&module, &[1], u64::MAX >> 1, STACK);
    assert_eq!((outcome.returned, outcome.exhausted), (None, true));
}

#[test]
fn a_block_runs_on_exactly_its_price() {
    let module = instrumented(&program("", "(i32.const 0)"));
    assert_eq!(run(&module, &[], 2_452, STACK).returned, Some(0));
    let outcome = run(&module, &[], 2_451, STACK);
    assert_eq!((outcome.returned, outcome.exhausted), (None, true));
    assert_eq!(
        outcome.ink_left, 2_451,
        "nothing is deducted for a block that does not run"
    );
}

/// Recorded by bisection: the least gas of a transaction, intrinsic gas and start-up included.
#[test]
fn a_loop_of_n_rounds_needs_the_gas_the_node_needed() {
    let wat = format!(
        r#"(module {} (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) (local i32)
                (call $read_args (i32.const 0)) (local.set 1 (i32.load (i32.const 0)))
                (block $x (loop $l (br_if $x (i32.eqz (local.get 1)))
                    (local.set 1 (i32.sub (local.get 1) (i32.const 1))) (br $l))) (i32.const 0)))"#,
        r#"(import "vm_hooks" "read_args" (func $read_args (param i32)))"#
    );
    let module = instrumented(&wat);
    let start_up = {
        let activation = attempt(&wat, &RULES).0.expect("accepted");
        8_832 + 352 + u64::from(activation.init_cost) + u64::from(activation.cached_init_cost)
    };
    for (rounds, least_gas) in [
        (0_u32, 30_240_u64),
        (1, 30_253),
        (2, 30_254),
        (10, 30_259),
        (1_000, 30_967),
        (50_000, 65_419),
    ] {
        let args = rounds.to_le_bytes();
        let intrinsic: u64 = 21_000
            + args
                .iter()
                .map(|byte| if *byte == 0 { 4 } else { 16 })
                .sum::<u64>();
        let gas = least_gas - intrinsic - start_up;
        assert_eq!(
            run(&module, &args, gas * 10_000, STACK).returned,
            Some(0),
            "{rounds}"
        );
        let short = run(&module, &args, (gas - 1) * 10_000, STACK);
        assert_eq!((short.returned, short.exhausted), (None, true), "{rounds}");
    }
}

/// The differences that the recorded node wrote between two readings of the ink, each around one
/// fill: 12,850 of hostio, operators and headers, and 100 a byte.
#[test]
fn readings_around_fills_differ_as_recorded() {
    let reading = |slot: u32| format!("(i64.store (i32.const {slot}) (call $ink))");
    let mut previous = None;
    for (bytes, recorded) in [
        (0_u64, 16_554_u64),
        (1, 16_654),
        (31, 19_654),
        (32, 19_754),
        (1_000, 116_554),
    ] {
        let fill = format!("(memory.fill (i32.const 64) (i32.const 65) (i32.const {bytes}))");
        let body = format!(
            "{} {fill} {} (i32.wrap_i64 (i64.sub (i64.load (i32.const 32768)) (i64.load (i32.const 32776))))",
            reading(32_768),
            reading(32_776)
        );
        let outcome = run(&instrumented(&program(HOOKS, &body)), &[], 1 << 40, STACK);
        let ink = u64::try_from(outcome.returned.expect("it returns")).expect("positive");
        if let Some((ink_before, recorded_before)) = previous {
            assert_eq!(
                ink - ink_before,
                recorded - recorded_before,
                "{bytes} bytes"
            );
        }
        previous = Some((ink, recorded));
    }
}

#[test]
fn instrumented_operators_follow_the_published_count() {
    let body =
        "(block (br_if 0 (i32.const 1)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))
        (if (i32.const 1) (then (return (i32.const 0)))) (i32.const 0)";
    let wat = program("", body);
    let (mut ops, mut ends, mut bulk, mut returns) = (0, 0, 0, 0);
    for payload in Parser::new(0).parse_all(&super::assemble(&wat)) {
        if let Payload::CodeSectionEntry(function) = payload.expect("valid") {
            for op in function.get_operators_reader().expect("valid") {
                let op = op.expect("valid");
                ops += 1;
                ends += usize::from(crate::stylus::meter::ends_block(&op));
                bulk += usize::from(matches!(op, Operator::MemoryFill { .. }));
                returns += usize::from(matches!(op, Operator::Return));
            }
        }
    }
    let expected = ops + 12 * ends + 17 * bulk + 12 + 4 * returns + 4 + 1;
    let rules = RULES;
    let wasm = super::assemble(&wat);
    let module = crate::stylus::wasm::Module::parse(&wasm, &rules).expect("accepted");
    let program = crate::stylus::instrument::Instrumented::new(&module, &rules).expect("accepted");
    assert_eq!(program.functions[0].ops.len(), expected);
}
