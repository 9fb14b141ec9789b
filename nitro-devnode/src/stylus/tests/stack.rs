//! The stack in words against what a recorded node could recurse to.

use super::host::run;
use super::instrumented;

/// Words a program starts with at ArbOS 50 and later.
const STACK: u32 = 22_000;

const INK: u64 = 1 << 50;

const READ_ARGS: &str = r#"(import "vm_hooks" "read_args" (func $read_args (param i32)))"#;

/// A program that recurses as often as its argument says, through a function with `locals` that
/// first evaluates `expression`.
fn recursion(locals: &str, expression: &str) -> String {
    format!(
        r#"(module {READ_ARGS} (memory (export "memory") 1 1)
            (func $r (param i32) {locals} {expression} (if (local.get 0)
                (then (call $r (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "user_entrypoint") (param i32) (result i32)
                (call $read_args (i32.const 0)) (call $r (i32.load (i32.const 0)))
                (i32.const 0)))"#
    )
}

#[test]
fn recursion_ends_where_the_node_ended_it() {
    let locals = format!("(local {})", "i64 ".repeat(100));
    let expression = "(drop (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.add (i32.const 1) \
        (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.const 5)))))))";
    for (wat, deepest) in [
        (recursion(&locals, ""), 206_u32),
        (recursion("", expression), 2_198),
    ] {
        let module = instrumented(&wat);
        assert_eq!(
            run(&module, &deepest.to_le_bytes(), INK, STACK).returned,
            Some(0)
        );
        let outcome = run(&module, &(deepest + 1).to_le_bytes(), INK, STACK);
        assert_eq!(
            (outcome.returned, outcome.exhausted, outcome.stack_left),
            (None, false, 0)
        );
    }
}

/// A program that calls, as often as its argument says, a function with three locals that leaves
/// by `exit`.
fn exits(exit: &str) -> Vec<u8> {
    instrumented(&format!(
        r#"(module {READ_ARGS} (memory (export "memory") 1 1)
            (func $f (local i64 i64 i64) {exit})
            (func (export "user_entrypoint") (param i32) (result i32) (local i32 i32)
                (call $read_args (i32.const 0)) (local.set 1 (i32.load (i32.const 0)))
                (block $x (loop $l (br_if $x (i32.eqz (local.get 1))) (call $f)
                    (local.set 1 (i32.sub (local.get 1) (i32.const 1))) (br $l)))
                (i32.const 0)))"#
    ))
}

#[test]
fn returning_gives_the_frame_back() {
    for exit in ["(return)", "", "(if (i32.const 1) (then (return)))"] {
        let outcome = run(&exits(exit), &4_000_u32.to_le_bytes(), INK, STACK);
        assert_eq!(
            (outcome.returned, outcome.stack_left),
            (Some(0), STACK),
            "{exit}"
        );
    }
}

#[test]
fn branching_to_the_outermost_label_keeps_the_frame() {
    for exit in [
        "(br 0)",
        "(br_if 0 (i32.const 1))",
        "(br_table 0 0 0 (i32.const 1))",
    ] {
        let module = exits(exit);
        assert_eq!(
            run(&module, &2_000_u32.to_le_bytes(), INK, STACK).returned,
            Some(0),
            "{exit}"
        );
        let outcome = run(&module, &3_000_u32.to_le_bytes(), INK, STACK);
        assert_eq!((outcome.returned, outcome.stack_left), (None, 0), "{exit}");
    }
}

#[test]
fn a_frame_needs_more_than_its_size() {
    // A smallest entrypoint: two values of the metering, no locals, four words on top.
    let module = instrumented(&super::program("", "(i32.const 0)"));
    assert_eq!(run(&module, &[], INK, 6).returned, None);
    assert_eq!(run(&module, &[], INK, 7).returned, Some(0));
}
