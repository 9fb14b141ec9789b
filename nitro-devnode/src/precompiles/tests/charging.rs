//! What every method is charged, and how calls fail that reach none.
use super::*;
use crate::arbos::accounts::ARBOS_ACTS;

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

const SUBMIT_RETRYABLE: &str = "submitRetryable(bytes32,uint256,uint256,uint256,uint256,uint64,uint256,address,address,address,bytes)";

fn arbos_acts(input: &[u8]) -> CallInputs {
    CallInputs {
        bytecode_address: ARBOS_ACTS,
        target_address: ARBOS_ACTS,
        ..call_of(0, input)
    }
}

#[test]
fn what_only_arbos_calls_is_refused_and_keeps_the_gas() {
    let mut ctx = context();
    let mut message = [U256::ZERO; 12];
    // The bytes follow eleven words.
    message[10] = U256::from(11 * 32);
    for (inputs, gas, error) in [
        (
            arbos_acts(&encode(
                "startBlock(uint256,uint64,uint64,uint64)",
                [U256::from(1); 4],
            )),
            800 + 4 * 3 + 3,
            "CallerNotArbOS()",
        ),
        (
            arbos_acts(&encode(
                "batchPostingReport(uint256,address,uint64,uint64,uint256)",
                [U256::from(1); 5],
            )),
            800 + 5 * 3 + 3,
            "CallerNotArbOS()",
        ),
        (
            call_of(0x6e, &encode(SUBMIT_RETRYABLE, message)),
            800 + 12 * 3 + 3,
            "NotCallable()",
        ),
    ] {
        let result = execute(&mut ctx, &inputs);
        assert_eq!(result.result, InstructionResult::Revert, "{inputs:?}");
        assert_eq!(GAS - result.gas.remaining(), gas, "{inputs:?}");
        assert_eq!(result.output[..], keccak256(error)[..4]);
        let words = format!("error {error}");
        assert_eq!(ctx.chain.message.as_deref(), Some(words.as_str()));
    }
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
        call_of(0x6e, &encode(SUBMIT_RETRYABLE, [U256::ZERO; 10])),
        arbos_acts(&encode("startBlock(uint256,uint64,uint64,uint64)", [])),
        arbos_acts(&encode("startBlock()", [])),
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
fn an_upgrade_ahead_is_planned_whatever_its_version() {
    let mut ctx = context();
    let later = ctx.chain.block.timestamp + 1;
    let input = encode(
        "scheduleArbOSUpgrade(uint64,uint64)",
        [U256::from(60), U256::from(later)],
    );
    let (result, _, _) = run(&mut ctx, 0x70, &input);
    assert_eq!(result, InstructionResult::Return);
    let (_, _, planned) = run(&mut ctx, 0x6b, &encode("getScheduledUpgrade()", []));
    assert_eq!(planned, word(60) + &word(later));
}

#[test]
fn older_versions_lack_newer_methods_and_precompiles() {
    let mut ctx = context_at(40);
    let (result, used, _) = run(&mut ctx, 0x6c, &encode("getMaxTxGasLimit()", []));
    assert_eq!((result, used), (InstructionResult::Revert, GAS));
    let mut precompiles = ArbPrecompiles::new(40);
    // ArbNativeTokenManager and the first of EIP-2537's curves.
    for absent in [0x73, 0x0b_u16] {
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
