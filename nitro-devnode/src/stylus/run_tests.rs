//! One program at a time, answered by hand.
use revm::primitives::{Address, Bytes, U256};

use super::{Ended, Ending, Running, Start, Step};
use crate::stylus::{
    activate::{ActivationRules, instrument},
    engine::{POOLED_CALLS, Programs},
    exchange::{Access, Request},
    host::Env,
};

fn env(calldata: &'static [u8]) -> Env {
    Env {
        calldata: Bytes::from_static(calldata),
        contract: Address::repeat_byte(1),
        caller: Address::repeat_byte(2),
        value: U256::ZERO,
        is_static: false,
        reentrant: false,
        origin: Address::repeat_byte(3),
        gas_price: U256::ONE,
        base_fee: U256::ONE,
        block_number: 0,
        block_timestamp: 7,
        block_gas_limit: 1 << 50,
        coinbase: Address::repeat_byte(4),
        chain_id: 412_346,
        ink_price: 10_000,
        arbos_version: 51,
    }
}

fn start(wat: &str, ink: u64, calldata: &'static [u8]) -> Running {
    let rules = ActivationRules {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        production_rules: false,
    };
    let wasm = wat::parse_str(wat).expect("the test's WAT parses");
    let module = instrument(&wasm, &rules).expect("the test's module is accepted");
    let programs = Programs::get().expect("the engine starts");
    let program = programs.compile(&module).expect("the module compiles");
    let env = env(calldata);
    let stack = 22_000;
    let log = None;
    Running::new(
        program,
        Start {
            ink,
            stack,
            env,
            log,
        },
    )
}

fn run(wat: &str, ink: u64) -> Ended {
    match start(wat, ink, b"").step() {
        Step::Ended(ended) => ended,
        Step::Asks(_) => panic!("the program asks"),
    }
}

fn entry(imports: &str, body: &str) -> String {
    format!(
        r#"(module {imports} (memory (export "memory") 1 1)
            (func $entry (export "user_entrypoint") (param i32) (result i32) {body}))"#
    )
}

const PLENTY: u64 = 1_000_000_000;

#[test]
fn a_block_is_charged_before_it_runs() {
    // Header 2,450, i32.const 1, end 1.
    let ended = run(&entry("", "i32.const 0"), PLENTY);
    assert_eq!(ended.ending, Ending::Success);
    assert_eq!(PLENTY - ended.ink, 2_452);
}

#[test]
fn a_nonzero_status_reverts_with_the_output() {
    let imports = r#"(import "vm_hooks" "write_result" (func $write (param i32 i32)))"#;
    let ended = run(
        &entry(
            imports,
            "(call $write (i32.const 0) (i32.const 2)) i32.const 1",
        ),
        PLENTY,
    );
    assert_eq!(ended.ending, Ending::Revert);
    assert_eq!(ended.output, Bytes::from_static(&[0, 0]));
}

#[test]
fn a_trap_keeps_the_ink() {
    let ended = run(&entry("", "unreachable"), PLENTY);
    assert_eq!(ended.ending, Ending::Trap);
    assert_eq!(PLENTY - ended.ink, 2_452);
}

#[test]
fn an_endless_loop_runs_out_of_ink() {
    let ended = run(
        &entry("", "(loop $again (br $again)) i32.const 0"),
        1_000_000,
    );
    assert_eq!(ended.ending, Ending::OutOfInk);
    assert_eq!(ended.ink, 0);
}

#[test]
fn an_endless_recursion_runs_out_of_stack() {
    let ended = run(&entry("", "(call $entry (i32.const 0))"), u64::MAX >> 1);
    assert_eq!(ended.ending, Ending::OutOfStack);
}

#[test]
fn a_table_on_a_constant_takes_its_default_branch_as_the_recorded_engine_does() {
    let taken = |index: &str| {
        let table = format!(
            "(block $default (block $first (br_table $first $default {index}))
                (return (i32.const 7)))
            i32.const 0"
        );
        run(&entry("", &table), PLENTY).ending
    };
    assert_eq!(taken("(i32.const 0)"), Ending::Success);
    assert_eq!(taken("(local.tee 0 (i32.const 0))"), Ending::Success);
    // The parameter is the length of the calldata: none.
    assert_eq!(taken("(local.get 0)"), Ending::Revert);
}

/// How a program ends that goes on with 7 after the first branch of a table, and with 0 after
/// the default one. `table` branches to `$first` or `$default` on an index of 0.
fn ending_of_table(table: &str) -> Ending {
    let fields = r#"(global $flag (mut i32) (i32.const 0))
        (func $nothing) (func $takes (param i32)) (func $zero (result i32) i32.const 0)"#;
    let body = format!("(block $default {table} (return (i32.const 7))) i32.const 0");
    run(&entry(fields, &body), PLENTY).ending
}

// The expectations of the next two tests are what the same functions return from wasmer 7.1.0
// with its singlepass compiler.
#[test]
fn a_constant_stays_known_to_a_table_while_other_values_come_and_go() {
    for between in [
        "(local.set 0 (i32.const 5))",
        "(global.set $flag (i32.const 5))",
        "(i32.store (i32.const 0) (i32.const 1))",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 1))",
        "(drop (i32.const 9))",
        "(drop (memory.grow (i32.const 0)))",
        "(drop (select (i32.const 0) (i32.const 0) (i32.const 1)))",
        "(call $nothing)",
        "(call $takes (i32.const 3))",
        "(drop (call $zero))",
        "(block)",
        "(block (br 0))",
        "(block (br_if 0 (local.get 0)))",
        "(drop (block (result i32) (br 0 (i32.const 1))))",
        "(loop)",
        "(if (local.get 0) (then nop) (else (global.set $flag (i32.const 1))))",
        "(drop (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))",
        "(i32.const 3) (block (param i32) drop)",
    ] {
        let table = format!("(block $first (i32.const 0) {between} (br_table $first $default))");
        assert_eq!(ending_of_table(&table), Ending::Success, "{between}");
    }
    for table in [
        "(i32.const 0) (block $first (param i32) (br_table $first $default))",
        "(i32.const 0) (block $first (param i32)
            (if (param i32) (i32.const 1) (then (br_table $first $default)) (else drop)))",
        "(i32.const 0) (block $first (param i32)
            (if (param i32) (local.get 0) (then drop) (else (br_table $first $default))))",
        "(i32.const 0) (block $first (param i32)
            (if (param i32) (local.get 0) (then unreachable) (else (br_table $first $default))))",
    ] {
        assert_eq!(ending_of_table(table), Ending::Success, "{table}");
    }
}

#[test]
fn a_value_that_the_engine_keeps_elsewhere_is_no_constant_to_a_table() {
    for index in [
        "(global.get $flag)",
        "(call $zero)",
        "(i32.add (i32.const 0) (i32.const 0))",
        "(i32.eqz (i32.const 1))",
        "(i32.wrap_i64 (i64.const 0))",
        "(select (i32.const 0) (i32.const 0) (i32.const 1))",
        "(block (result i32) (i32.const 0))",
        "(i32.const 0) (block (param i32) (result i32))",
        "(i32.const 0) (loop (param i32) (result i32))",
        "(i32.const 0) (if (param i32) (result i32) (i32.const 1) (then))",
    ] {
        let table = format!("(block $first {index} (br_table $first $default))");
        assert_eq!(ending_of_table(&table), Ending::Revert, "{index}");
    }
    let table = "(block $first (i32.const 0) (loop (param i32) (br_table $first $default)))";
    assert_eq!(ending_of_table(table), Ending::Revert);
}

#[test]
fn exiting_early_unwinds_with_its_status() {
    let imports = r#"(import "vm_hooks" "exit_early" (func $exit (param i32)))"#;
    let ended = run(
        &entry(imports, "(call $exit (i32.const 0)) unreachable"),
        PLENTY,
    );
    assert_eq!(ended.ending, Ending::Success);
}

#[test]
fn a_bad_pointer_fails_after_the_base_charge() {
    let imports = r#"(import "vm_hooks" "msg_sender" (func $sender (param i32)))"#;
    let ended = run(
        &entry(imports, "(call $sender (i32.const -1)) i32.const 0"),
        PLENTY,
    );
    assert_eq!(ended.ending, Ending::Trap);
    // Header 2,450, i32.const 1, call 3,800, hostio 13,440.
    assert_eq!(PLENTY - ended.ink, 2_450 + 1 + 3_800 + 13_440);
}

#[test]
fn a_slot_is_asked_for_once_and_then_cached() {
    let imports = r#"(import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
        (import "vm_hooks" "write_result" (func $write (param i32 i32)))"#;
    let body = "(call $load (i32.const 0) (i32.const 32))
        (call $load (i32.const 0) (i32.const 64))
        (call $write (i32.const 32) (i32.const 64)) i32.const 0";
    let mut running = start(&entry(imports, body), PLENTY, b"");
    match running.step() {
        Step::Asks(Request::LoadStorage { key, reply }) => {
            assert_eq!(key, U256::ZERO);
            reply.send(Access {
                value: U256::from(9),
                cold: true,
            });
        }
        _ => panic!("the program does not ask for the slot"),
    }
    let Step::Ended(ended) = running.step() else {
        panic!("the program asks twice");
    };
    let mut expected = [0u8; 64];
    expected[31] = 9;
    expected[63] = 9;
    assert_eq!(ended.ending, Ending::Success);
    assert_eq!(ended.output, Bytes::copy_from_slice(&expected));
}

#[test]
fn calls_beyond_the_pool_run_beside_it() {
    let imports = r#"(import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
        (import "vm_hooks" "write_result" (func $write (param i32 i32)))"#;
    let body = "(call $load (i32.const 0) (i32.const 32))
        (call $write (i32.const 32) (i32.const 32)) i32.const 0";
    let module = entry(imports, body);
    // All of them wait for their answers at the same time.
    let waiting = (0..=POOLED_CALLS).map(|number| {
        let mut running = start(&module, PLENTY, b"");
        match running.step() {
            Step::Asks(Request::LoadStorage { reply, .. }) => (number, running, reply),
            _ => panic!("call {number} does not ask for its slot"),
        }
    });
    let waiting: Vec<_> = waiting.collect();
    for (number, mut running, reply) in waiting {
        reply.send(Access {
            value: U256::from(number),
            cold: true,
        });
        let Step::Ended(ended) = running.step() else {
            panic!("call {number} asks twice");
        };
        let answer = Bytes::from(U256::from(number).to_be_bytes_vec());
        assert_eq!((ended.ending, ended.output), (Ending::Success, answer));
    }
}
