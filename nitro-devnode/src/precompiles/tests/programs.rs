//! Activation and upkeep of the smallest program.
use super::*;
use crate::{arbos::programs, stylus::code};

/// One page, an entry point that returns 0.
fn minimal() -> Vec<u8> {
    wat::parse_str(
        r#"(module (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
    )
    .expect("a valid module")
}

/// Puts the program at [`CONTRACT`] and returns its code hash.
fn deploy(ctx: &mut TestContext) -> B256 {
    deploy_code(ctx, code::encode(&minimal()).expect("memory"))
}

fn deploy_code(ctx: &mut TestContext, code: Vec<u8>) -> B256 {
    let code = Bytecode::new_legacy(code.into());
    let hash = code.hash_slow();
    accounts::peek(ctx, CONTRACT).expect("memory database");
    ctx.journaled_state.set_code_with_hash(CONTRACT, code, hash);
    hash
}

fn paid(signature: &str, argument: U256) -> CallInputs {
    CallInputs {
        gas_limit: 5_000_000,
        value: CallValue::Transfer(U256::from(10_000_000_000_000_000_u64)),
        ..call_of(0x71, &encode(signature, [argument]))
    }
}

fn used(result: &InterpreterResult) -> u64 {
    5_000_000 - result.gas.remaining()
}

#[test]
fn activation_takes_its_gas_and_the_data_fee() {
    let mut ctx = context();
    let hash = deploy(&mut ctx);
    let before = accounts::balance(&mut ctx, DEV_ACCOUNT).expect("memory database");
    let inputs = paid("activateProgram(address)", as_word(CONTRACT));
    let result = execute(&mut ctx, &inputs);
    assert_eq!(result.result, InstructionResult::Return);
    assert_eq!(used(&result), 1_810_910);
    // 513,581 bytes from no demand, as a real node charged for this module.
    let fee = U256::from(0x27a9_1714_7e66_u64);
    assert_eq!(
        result.output[..],
        super::super::abi::words([U256::from(2), fee])
    );
    let after = accounts::balance(&mut ctx, DEV_ACCOUNT).expect("memory database");
    assert_eq!(before - after, fee);
    assert_eq!(accounts::balance(&mut ctx, Address::ZERO), Ok(fee));
    let program = programs::load_program(&mut ctx, hash).expect("memory database");
    assert_eq!(
        (program.version, program.footprint, program.asm_kib),
        (2, 1, 502)
    );

    let again = execute(&mut ctx, &inputs);
    assert_eq!(again.result, InstructionResult::Revert);
    assert_eq!(used(&again), 1_660_874);
    assert_eq!(
        ctx.chain.message.as_deref(),
        Some("error ProgramUpToDate()")
    );
}

#[test]
fn activation_for_too_little_changes_nothing() {
    let mut ctx = context();
    let hash = deploy(&mut ctx);
    let inputs = CallInputs {
        value: CallValue::Transfer(U256::from(1)),
        ..paid("activateProgram(address)", as_word(CONTRACT))
    };
    let result = execute(&mut ctx, &inputs);
    assert_eq!(result.result, InstructionResult::Revert);
    let program = programs::load_program(&mut ctx, hash);
    assert_eq!(program, Ok(programs::Program::default()));
}

#[test]
fn a_refused_module_takes_all_gas() {
    let mut ctx = context();
    let code = code::encode(b"\0asm\x01\0\0\0").expect("memory");
    deploy_code(&mut ctx, code);
    let result = execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(CONTRACT)),
    );
    assert_eq!(result.result, InstructionResult::PrecompileError);
    assert_eq!(result.gas.remaining(), 0);
    let message = ctx.chain.message.unwrap_or_default();
    assert!(message.starts_with("program activation failed: failed to parse wasm"));
}

#[test]
fn a_malformed_stream_gives_the_gas_back_whatever_its_dictionary() {
    for dictionary in [0, 1] {
        let mut ctx = context();
        deploy_code(&mut ctx, vec![0xef, 0xf0, 0, dictionary, 0xff, 0xff, 0xff]);
        let result = execute(
            &mut ctx,
            &paid("activateProgram(address)", as_word(CONTRACT)),
        );
        assert_eq!(result.result, InstructionResult::Revert);
        // 800 + 3 + 1,659,168 + 100 + 800.
        assert_eq!(used(&result), 1_660_871, "dictionary {dictionary}");
    }
}

#[test]
fn accounts_without_a_program_are_told_apart() {
    let mut ctx = context();
    let nothing = execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(STRANGER)),
    );
    assert_eq!(used(&nothing), 1_660_874);
    assert_eq!(ctx.chain.message.as_deref(), Some("error ProgramNotWasm()"));
    let evm = execute(
        &mut ctx,
        &paid("activateProgram(address)", U256::from(0x64)),
    );
    assert_eq!(used(&evm), 1_660_871);
    assert_eq!(ctx.chain.message, None);
}

#[test]
fn caching_costs_the_start_up_cost_once() {
    let mut ctx = context();
    let hash = deploy(&mut ctx);
    execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(CONTRACT)),
    );
    let init_cost = programs::load_program(&mut ctx, hash).expect("memory database");
    let init_cost = u64::from(init_cost.init_cost);
    let cache = encode("cacheProgram(address)", [as_word(CONTRACT)]);
    // Opening 800, argument 3, code hash 2,600, two sets 1,600, parameters 100, record
    // 800, event 1,756, module hash 800, write 20,000.
    assert_eq!(run(&mut ctx, 0x72, &cache).1, 28_459 + init_cost);
    assert_eq!(run(&mut ctx, 0x72, &cache).1, 5_903);
    let evict = encode("evictCodehash(bytes32)", [hash.into()]);
    assert_eq!(run(&mut ctx, 0x72, &evict).1, 25_859 + init_cost);
    let stranger = CallInputs {
        caller: STRANGER,
        ..call_of(0x72, &cache)
    };
    assert_eq!(execute(&mut ctx, &stranger).gas.remaining(), 0);
}

#[test]
fn keepalive_waits_a_month_and_costs_the_data_fee() {
    let mut ctx = context();
    let hash = deploy(&mut ctx);
    execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(CONTRACT)),
    );
    let inputs = paid("codehashKeepalive(bytes32)", hash.into());
    let early = execute(&mut ctx, &inputs);
    assert_eq!(
        (early.result, used(&early)),
        (InstructionResult::Revert, 1_709)
    );
    ctx.chain.block.timestamp += 31 * 86_400;
    let due = execute(&mut ctx, &inputs);
    assert_eq!(
        (due.result, used(&due)),
        (InstructionResult::Return, 67_884)
    );
    ctx.chain.block.timestamp += 366 * 86_400;
    let late = execute(&mut ctx, &inputs);
    assert_eq!(
        (late.result, used(&late)),
        (InstructionResult::Revert, 1_709)
    );
    let message = ctx.chain.message.unwrap_or_default();
    assert!(message.starts_with("error ProgramExpired("), "{message}");
}

#[test]
fn views_of_an_active_program_cost_as_recorded() {
    let mut ctx = context();
    deploy(&mut ctx);
    let init_gas = encode("programInitGas(address)", [as_word(CONTRACT)]);
    assert_eq!(run(&mut ctx, 0x71, &init_gas).1, 4_306);
    execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(CONTRACT)),
    );
    let (_, gas, output) = run(&mut ctx, 0x71, &init_gas);
    assert_eq!(gas, 4_309);
    // 8,832 + 352 and the module's own 29 and 11.
    assert_eq!(output, [word(9_213), word(363)].concat());
}

#[test]
fn the_page_limit_counts_pages_already_open() {
    let mut ctx = context();
    deploy(&mut ctx);
    ctx.chain.open_pages = 128;
    let result = execute(
        &mut ctx,
        &paid("activateProgram(address)", as_word(CONTRACT)),
    );
    assert_eq!(result.result, InstructionResult::PrecompileError);
    // The demand of the data fee was not counted either.
    let demand = ctx.read_u64(crate::arbos::layout::data_pricer().at(0));
    assert_eq!(demand, Ok(0));
}
