//! Instrumentation must not change what a program computes.

use super::host::{run, run_plain};
use super::{assemble, instrumented};

const SORT: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1) (global $swaps (mut i32) (i32.const 0))
    (table 2 funcref) (elem (i32.const 0) $less $more) (type $compare (func (param i32 i32) (result i32)))
    (func $less (type $compare) (i32.lt_u (local.get 0) (local.get 1)))
    (func $more (type $compare) (i32.gt_u (local.get 0) (local.get 1)))
    (func $swap (param $a i32) (param $b i32) (local $t i32)
        (local.set $t (i32.load8_u (local.get $a)))
        (i32.store8 (local.get $a) (i32.load8_u (local.get $b)))
        (i32.store8 (local.get $b) (local.get $t))
        (global.set $swaps (i32.add (global.get $swaps) (i32.const 1))))
    (func $sort (param $len i32) (local $i i32) (local $j i32)
        (block $done (loop $outer
            (br_if $done (i32.ge_u (local.get $i) (local.get $len)))
            (local.set $j (i32.add (local.get $i) (i32.const 1)))
            (block $row (loop $inner
                (br_if $row (i32.ge_u (local.get $j) (local.get $len)))
                (if (call_indirect (type $compare) (i32.load8_u (local.get $j))
                        (i32.load8_u (local.get $i)) (i32.and (local.get $len) (i32.const 1)))
                    (then (call $swap (local.get $i) (local.get $j))))
                (local.set $j (i32.add (local.get $j) (i32.const 1))) (br $inner)))
            (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $outer))))
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (call $sort (local.get $len))
        (drop (memory.grow (i32.const 1)))
        (memory.fill (i32.add (local.get $len) (i32.const 8)) (memory.size) (i32.const 3))
        (memory.copy (i32.add (local.get $len) (i32.const 11)) (i32.const 0) (local.get $len))
        (i32.store (local.get $len) (global.get $swaps))
        (call $write_result (i32.const 0) (i32.add (i32.const 11) (i32.mul (local.get $len) (i32.const 2))))
        (i32.and (global.get $swaps) (i32.const 0xff))))"#;

#[test]
fn a_metered_program_computes_what_the_plain_one_does() {
    let (metered, plain) = (instrumented(SORT), assemble(SORT));
    let mut seed = 0x9e37_79b9_u32;
    for len in 0..40 {
        let args: Vec<u8> = (0..len)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed.to_be_bytes()[0]
            })
            .collect();
        let outcome = run(&metered, &args, 1 << 50, 22_000);
        assert_eq!(
            (outcome.returned, outcome.result),
            run_plain(&plain, &args),
            "{args:?}"
        );
        assert_eq!((outcome.exhausted, outcome.stack_left), (false, 22_000));
    }
}

#[test]
fn ink_that_runs_out_anywhere_stops_a_program_as_exhausted() {
    let module = instrumented(SORT);
    let args = [5, 1, 4, 2, 3];
    let whole = (1 << 50) - run(&module, &args, 1 << 50, 22_000).ink_left;
    for ink in (0..whole).step_by(997) {
        let outcome = run(&module, &args, ink, 22_000);
        assert_eq!(
            (outcome.returned, outcome.exhausted),
            (None, true),
            "{ink} of {whole}"
        );
    }
    assert!(run(&module, &args, whole, 22_000).returned.is_some());
}
