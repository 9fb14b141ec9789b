//! Calls through the provider, against the gas, results and logs of a real node.
use alloy::primitives::hex;
use revm::{
    bytecode::Bytecode,
    context_interface::JournalTr,
    handler::PrecompileProvider,
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, InstructionResult, InterpreterResult,
    },
    primitives::{Address, B256, Bytes, U256, address, b256, keccak256},
};

use super::ArbPrecompiles;
use crate::{
    arbos::{
        accounts::{self, DEV_ACCOUNT},
        genesis::testing::{TestContext, context, context_at},
        storage::Slots,
    },
    evm::{Purpose, context::OpenFrame},
};

const STRANGER: Address = address!("29e3b139f4393adda86303fcdaa35f60bb7092bf");
const CONTRACT: Address = address!("e1080224b632a93951a7cfa33eeea9fd81558b5e");
const GAS: u64 = 500_000;

/// A call of a transaction by the dev account.
fn call_of(precompile: u8, input: &[u8]) -> CallInputs {
    let address = Address::with_last_byte(precompile);
    CallInputs {
        input: CallInput::Bytes(Bytes::copy_from_slice(input)),
        return_memory_offset: 0..0,
        gas_limit: GAS,
        reservoir: 0,
        bytecode_address: address,
        known_bytecode: (B256::ZERO, Bytecode::default()),
        target_address: address,
        caller: DEV_ACCOUNT,
        value: CallValue::Transfer(U256::ZERO),
        scheme: CallScheme::Call,
        is_static: false,
        charged_new_account_state_gas: false,
    }
}

/// Runs a call as a frame does: its changes stay only if it succeeds.
fn execute(ctx: &mut TestContext, inputs: &CallInputs) -> InterpreterResult {
    let mut precompiles = ArbPrecompiles::new(ctx.chain.block.arbos_version);
    let checkpoint = ctx.journaled_state.checkpoint();
    let value = inputs.transfer_value().unwrap_or(U256::ZERO);
    let moved = accounts::transfer(ctx, inputs.caller, inputs.target_address, value);
    assert_eq!(moved, Ok(true));
    let result = precompiles.run(ctx, inputs).expect("memory database");
    let result = result.expect("a precompile");
    if result.is_ok() {
        ctx.journaled_state.checkpoint_commit();
    } else {
        ctx.journaled_state.checkpoint_revert(checkpoint);
    }
    result
}

/// Runs a call of the dev account and returns how it ended, its gas and its output.
fn run(ctx: &mut TestContext, precompile: u8, input: &[u8]) -> (InstructionResult, u64, String) {
    let result = execute(ctx, &call_of(precompile, input));
    let used = GAS - result.gas.remaining();
    (result.result, used, hex::encode(&result.output))
}

/// A selector with arguments of whole words.
fn encode<const N: usize>(signature: &str, arguments: [U256; N]) -> Vec<u8> {
    let mut input = keccak256(signature)[..4].to_vec();
    input.extend(super::abi::words(arguments));
    input
}

fn word(number: u64) -> String {
    hex::encode(U256::from(number).to_be_bytes::<32>())
}

fn as_word(address: Address) -> U256 {
    crate::arbos::storage::word_of(address)
}

#[test]
fn views_cost_what_they_read() {
    let mut ctx = context();
    let dev = as_word(DEV_ACCOUNT);
    for (precompile, signature, argument, gas) in [
        (0x64, "arbBlockNumber()", None, 803),
        (
            0x64,
            "mapL1SenderContractAddressToL2Alias(address,address)",
            None,
            9,
        ),
        (0x65, "getBalance(address)", Some(dev), 1_506),
        (0x65, "getCode(address)", Some(dev), 2_909),
        (0x65, "getCode(address)", Some(U256::from(0x64)), 2_915),
        (0x66, "size()", None, 1_603),
        (0x66, "addressExists(address)", Some(dev), 1_606),
        (0x6b, "isChainOwner(address)", Some(dev), 1_606),
        (0x6b, "getAllChainOwners()", None, 3_212),
        (0x6b, "getScheduledUpgrade()", None, 2_406),
        (0x6c, "getPricesInWei()", None, 2_418),
        (
            0x6c,
            "getPricesInArbGasWithAggregator(address)",
            Some(dev),
            1_612,
        ),
        (0x6c, "getGasAccountingParams()", None, 2_409),
        (0x6c, "getL1PricingSurplus()", None, 3_203),
        (0x6c, "getGasPricingConstraints()", None, 1_606),
        (0x6d, "getBatchPosters()", None, 2_409),
        (0x6e, "getLifetime()", None, 803),
        (0x6f, "getStats()", None, 818),
        (0x71, "inkPrice()", None, 903),
        (0x71, "minInitGas()", None, 906),
        (0x72, "allCacheManagers()", None, 1_606),
        (
            0x72,
            "codehashIsCached(bytes32)",
            Some(U256::from(1)),
            1_606,
        ),
    ] {
        let input = match argument {
            Some(argument) => encode(signature, [argument]),
            None if signature.contains(',') => encode(signature, [U256::ZERO; 2]),
            None => encode(signature, []),
        };
        let (result, used, _) = run(&mut ctx, precompile, &input);
        assert_eq!(
            (result, used),
            (InstructionResult::Return, gas),
            "{signature}"
        );
    }
}

#[test]
fn prices_are_those_of_a_fresh_chain() {
    let mut ctx = context();
    let (_, _, output) = run(&mut ctx, 0x6c, &encode("getPricesInWei()", []));
    let expected = [
        112_000_000_000_000, // 140 bytes
        800_000_000_000,     // 16 units × 50 gwei
        2_000_000_000_000,   // 20,000 gas
        100_000_000,
        0,
        100_000_000,
    ];
    assert_eq!(output, expected.map(word).concat());
    let (_, _, output) = run(&mut ctx, 0x64, &encode("arbOSVersion()", []));
    assert_eq!(output, word(106)); // 55 + 51
}

#[test]
fn typed_errors_keep_the_gas_and_leave_nitros_words() {
    let mut ctx = context();
    ctx.chain.block.number = 20;
    let input = encode("arbBlockHash(uint256)", [U256::from(1_000_000_000)]);
    let (result, used, output) = run(&mut ctx, 0x64, &input);
    assert_eq!((result, used), (InstructionResult::Revert, 812));
    assert_eq!(
        output,
        ["d5dc642d", &word(1_000_000_000), &word(20)].concat()
    );
    assert_eq!(
        ctx.chain.message.as_deref(),
        Some("error InvalidBlockNumber(1000000000, 20)")
    );
    let (result, used, output) = run(&mut ctx, 0x6e, &encode("redeem(bytes32)", [U256::from(1)]));
    assert_eq!((result, used), (InstructionResult::Revert, 2_406));
    assert_eq!(output, "80698456");
}

#[test]
fn calls_that_do_not_fit_the_abi_take_all_gas() {
    let mut ctx = context();
    let delegated = CallInputs {
        target_address: CONTRACT,
        ..call_of(0x64, &encode("arbBlockNumber()", []))
    };
    let paid = CallInputs {
        value: CallValue::Transfer(U256::from(1)),
        ..call_of(0x64, &encode("arbBlockNumber()", []))
    };
    let fixed = CallInputs {
        is_static: true,
        ..call_of(0xff, &encode("becomeChainOwner()", []))
    };
    for inputs in [
        call_of(0x64, &[]),
        call_of(0x64, &[0x11, 0x22]),
        call_of(0x64, &[0x11, 0x22, 0x33, 0x44]),
        call_of(0x65, &encode("getBalance(address)", [])),
        call_of(0xff, &encode("customRevert(uint64)", [U256::MAX])),
        call_of(0x71, &encode("activationGas()", [])),
        delegated,
        paid,
        fixed,
    ] {
        let result = execute(&mut ctx, &inputs);
        assert_eq!(result.result, InstructionResult::Revert, "{inputs:?}");
        assert_eq!(result.gas.remaining(), 0, "{inputs:?}");
        assert_eq!(ctx.chain.message, None);
    }
}

#[test]
fn a_pure_method_is_reached_by_delegation() {
    let mut ctx = context();
    let inputs = CallInputs {
        target_address: CONTRACT,
        ..call_of(0x69, &encode("burnArbGas(uint256)", [U256::from(12_345)]))
    };
    let result = execute(&mut ctx, &inputs);
    assert_eq!(result.result, InstructionResult::Return);
    assert_eq!(GAS - result.gas.remaining(), 12_348);
}

#[test]
fn too_little_gas_to_open_the_state_is_no_revert() {
    let mut ctx = context();
    let ended = |ctx: &mut TestContext, gas_limit| {
        let inputs = CallInputs {
            gas_limit,
            ..call_of(0x64, &encode("arbBlockNumber()", []))
        };
        execute(ctx, &inputs).result
    };
    assert_eq!(ended(&mut ctx, 803), InstructionResult::Return);
    assert_eq!(ended(&mut ctx, 802), InstructionResult::Revert);
    assert_eq!(ctx.chain.message, None);
    assert_eq!(ended(&mut ctx, 799), InstructionResult::PrecompileOOG);
    assert_eq!(ctx.chain.message.as_deref(), Some("out of gas"));
}

#[test]
fn owner_calls_are_free_and_announced() {
    let mut ctx = context();
    let input = encode("setL1PricePerUnit(uint256)", [U256::ZERO]);
    let (result, used, _) = run(&mut ctx, 0x70, &input);
    assert_eq!((result, used), (InstructionResult::Return, 0));
    let logs = ctx.journaled_state.take_logs();
    assert_eq!(logs.len(), 1);
    assert_eq!(
        logs[0].topics(),
        [
            b256!("3c9e6a772755407311e3b35b3ee56799df8f87395941b3a658eee9e08a67ebda"),
            b256!("2b352fae00000000000000000000000000000000000000000000000000000000"),
            DEV_ACCOUNT.into_word(),
        ]
    );
    let (_, _, price) = run(&mut ctx, 0x6c, &encode("getL1BaseFeeEstimate()", []));
    assert_eq!(price, word(0));
}

#[test]
fn an_owners_failed_call_is_free_too() {
    let mut ctx = context();
    for input in [
        encode("setInkPrice(uint32)", [U256::ZERO]),
        encode("setBrotliCompressionLevel(uint64)", [U256::from(12)]),
        encode("removeChainOwner(address)", [as_word(STRANGER)]),
        vec![0x11, 0x22, 0x33, 0x44],
    ] {
        let (result, used, _) = run(&mut ctx, 0x70, &input);
        assert_eq!((result, used), (InstructionResult::Revert, 0));
        assert!(ctx.journaled_state.take_logs().is_empty());
    }
}

#[test]
fn a_strangers_owner_call_takes_all_gas() {
    let mut ctx = context();
    let inputs = CallInputs {
        caller: STRANGER,
        ..call_of(0x70, &encode("setL1PricePerUnit(uint256)", [U256::ZERO]))
    };
    let result = execute(&mut ctx, &inputs);
    assert_eq!(result.result, InstructionResult::PrecompileError);
    assert_eq!(result.gas.remaining(), 0);
    assert_eq!(
        ctx.chain.message.as_deref(),
        Some("unauthorized caller to access-controlled method")
    );
}

#[test]
fn a_new_owner_pays_for_three_slots_and_an_old_one_for_a_look() {
    let mut ctx = context();
    let become_owner = CallInputs {
        caller: STRANGER,
        ..call_of(0xff, &encode("becomeChainOwner()", []))
    };
    let result = execute(&mut ctx, &become_owner);
    assert_eq!(GAS - result.gas.remaining(), 63_200);
    let result = execute(&mut ctx, &become_owner);
    assert_eq!(GAS - result.gas.remaining(), 1_600);
}

#[test]
fn production_rules_close_arb_debug() {
    let mut ctx = context();
    ctx.chain.rules.production_rules = true;
    let (result, used, _) = run(&mut ctx, 0xff, &encode("becomeChainOwner()", []));
    assert_eq!((result, used), (InstructionResult::PrecompileError, GAS));
}

#[test]
fn registering_an_address_costs_once() {
    let mut ctx = context();
    let input = encode("register(address)", [as_word(STRANGER)]);
    assert_eq!(run(&mut ctx, 0x66, &input).1, 62_406);
    assert_eq!(run(&mut ctx, 0x66, &input).1, 1_606);
    let (_, used, index) = run(
        &mut ctx,
        0x66,
        &encode("lookup(address)", [as_word(STRANGER)]),
    );
    assert_eq!((used, index), (1_606, word(0)));
    let (result, used, _) = run(
        &mut ctx,
        0x66,
        &encode("lookupIndex(uint256)", [U256::from(9)]),
    );
    assert_eq!((result, used), (InstructionResult::Revert, 1_603));
}

#[test]
fn events_cost_their_topics_and_bytes() {
    let mut ctx = context();
    let input = encode("events(bool,bytes32)", [U256::from(1), U256::from(77)]);
    let (_, used, output) = run(&mut ctx, 0xff, &input);
    assert_eq!(used, 4_580);
    assert_eq!(
        output,
        hex::encode([DEV_ACCOUNT.into_word(), B256::ZERO].concat())
    );
    assert_eq!(ctx.journaled_state.take_logs().len(), 2);
    let (result, used, _) = run(&mut ctx, 0xff, &encode("eventsView()", []));
    assert_eq!((result, used), (InstructionResult::Revert, 800));
}

#[test]
fn a_contracts_caller_is_known_to_arb_sys() {
    let mut ctx = context();
    ctx.chain.frames.push(OpenFrame {
        acting: CONTRACT,
        caller: STRANGER,
        delegate: false,
    });
    let (_, _, caller) = run(
        &mut ctx,
        0x64,
        &encode("myCallersAddressWithoutAliasing()", []),
    );
    assert_eq!(caller, hex::encode(STRANGER.into_word()));
    let (_, _, top) = run(&mut ctx, 0x64, &encode("isTopLevelCall()", []));
    assert_eq!(top, word(1));
    ctx.chain.frames.push(OpenFrame {
        acting: STRANGER,
        caller: CONTRACT,
        delegate: false,
    });
    let (_, _, top) = run(&mut ctx, 0x64, &encode("isTopLevelCall()", []));
    assert_eq!(top, word(0));
}

#[test]
fn overwriting_code_takes_effect_and_answers_nothing() {
    let mut ctx = context();
    let mut input = encode(
        "overwriteContractCode(address,bytes)",
        [as_word(CONTRACT), U256::from(64), U256::from(3)],
    );
    input.extend([0x5a, 0x5b, 0x5c]);
    input.resize(4 + 128, 0);
    for _ in 0..2 {
        let (result, used, output) = run(&mut ctx, 0xff, &input);
        assert_eq!((result, used), (InstructionResult::Return, 818));
        assert_eq!(output, [word(32), word(0)].concat());
    }
    let code = accounts::code(&mut ctx, CONTRACT).expect("memory database");
    assert_eq!(code.original_byte_slice(), [0x5a, 0x5b, 0x5c]);
}

#[test]
fn the_node_interface_answers_calls_only() {
    let mut ctx = context();
    let inputs = call_of(0xc8, &encode("l2BlockRangeForL1(uint64)", [U256::ZERO]));
    let mut precompiles = ArbPrecompiles::new(51);
    assert_eq!(precompiles.run(&mut ctx, &inputs), Ok(None));
    ctx.chain.purpose = Purpose::Call;
    ctx.chain.block.number = 0x387;
    let result = execute(&mut ctx, &inputs);
    assert_eq!(hex::encode(result.output), [word(0), word(0x387)].concat());
}

#[test]
fn messages_to_the_l1_build_the_tree_of_a_real_node() {
    let mut ctx = context();
    ctx.chain.block.timestamp = 1_795_426_546;
    let withdraw = encode("withdrawEth(address)", [as_word(STRANGER)]);
    let program = address!("1294b86822ff4976bfe136cb06cf43ec7fcf2574");
    let send = hex!(
        "928c169a00000000000000000000000029e3b139f4393adda86303fcdaa35f60bb7092bf"
        "0000000000000000000000000000000000000000000000000000000000000040"
        "0000000000000000000000000000000000000000000000000000000000000005"
        "aabbccddee000000000000000000000000000000000000000000000000000000"
    );
    accounts::mint(&mut ctx, CONTRACT, U256::from(1_000)).expect("memory database");
    for (block, caller, value, input, gas) in [
        (66, DEV_ACCOUNT, 1_000, withdraw.as_slice(), 46_939),
        (67, CONTRACT, 1_000, &withdraw, 54_656),
        (70, program, 0, &withdraw, 46_939),
        (71, DEV_ACCOUNT, 0, &send, 61_838),
    ] {
        ctx.chain.block.number = block;
        let inputs = CallInputs {
            caller,
            value: CallValue::Transfer(U256::from(value)),
            ..call_of(0x64, input)
        };
        let result = execute(&mut ctx, &inputs);
        assert_eq!(GAS - result.gas.remaining(), gas, "block {block}");
    }
    let logs = ctx.journaled_state.take_logs();
    let hashes: Vec<B256> = logs.iter().map(|log| log.topics()[2]).collect();
    assert_eq!(
        hashes,
        [
            b256!("59c2c22f9968cecba08c05c30753021e6548805fe4944840835e8874f80982bf"),
            b256!("f78a9496b049539d7d9eb008b911cfca0db8c4d42a5c77e83b97b738e267d640"),
            b256!("3d9cfaa93d31ee3720d7b21703c30d151dd0a4f0255a23364dcba6ab5acb11cc"),
            b256!("d769ff7b74fba93dc22d0bf0e019406ffb9f5ab5347d7302f472454788769e8b"),
            b256!("2f3f47bf8e3927c7311107900aa33a3370e62466923ba34d5f3a7ea4934f9eda"),
            b256!("7e061271d7cb68710680d24933c92a6547253591708e6b5fd353b3484e109d33"),
            b256!("0012655f9a2491582d4d5ee3aa6dc5d37fb29df294d24f5d6b69dbc33076b28a"),
        ]
    );
    // The value is gone for good.
    let precompile = Address::with_last_byte(0x64);
    assert_eq!(accounts::balance(&mut ctx, precompile), Ok(U256::ZERO));
}

#[test]
fn what_is_missing_says_so() {
    let mut ctx = context();
    let input = encode(
        "scheduleArbOSUpgrade(uint64,uint64)",
        [U256::from(60), U256::ZERO],
    );
    let (result, _, _) = run(&mut ctx, 0x70, &input);
    assert_eq!(result, InstructionResult::PrecompileError);
    assert_eq!(
        ctx.chain.message.as_deref(),
        Some("ArbOS version 60 is not implemented by this node")
    );
}

#[test]
fn older_versions_lack_newer_methods_and_precompiles() {
    let mut ctx = context_at(40);
    let (result, used, _) = run(&mut ctx, 0x6c, &encode("getMaxTxGasLimit()", []));
    assert_eq!((result, used), (InstructionResult::Revert, GAS));
    let mut precompiles = ArbPrecompiles::new(40);
    for absent in [0x73, 0x100_u16] {
        let mut inputs = call_of(0x73, &[]);
        inputs.bytecode_address = Address::from_word(B256::from(U256::from(absent)));
        assert_eq!(precompiles.run(&mut ctx, &inputs), Ok(None));
    }
}

#[test]
fn a_precompile_before_its_version_costs_two_reads() {
    let mut ctx = context();
    let (result, used, output) = run(&mut ctx, 0x74, &[1]);
    assert_eq!(
        (result, used, output.as_str()),
        (InstructionResult::Return, 1_600, "")
    );
}

mod programs {
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
        let code = code::encode(&minimal()).expect("memory");
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
        let code = Bytecode::new_legacy(code.into());
        let hash = code.hash_slow();
        accounts::peek(&mut ctx, CONTRACT).expect("memory database");
        ctx.journaled_state.set_code_with_hash(CONTRACT, code, hash);
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
}
