//! What single methods do.
use super::*;
use crate::arbos::l1_pricing;

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
fn an_owner_who_cannot_pay_for_being_looked_up_is_out_of_gas() {
    let mut ctx = context();
    let mut ended = |gas_limit| {
        let inputs = CallInputs {
            gas_limit,
            ..call_of(0x70, &encode("getNetworkFeeAccount()", []))
        };
        let result = execute(&mut ctx, &inputs);
        (result.result, result.gas.remaining())
    };
    assert_eq!(ended(1_599), (InstructionResult::PrecompileOOG, 0));
    // Too little for the method, which would cost 1,603; but that is given back.
    assert_eq!(ended(1_600), (InstructionResult::Revert, 1_600));
    assert_eq!(ended(1_603), (InstructionResult::Return, 1_603));
}

#[test]
fn a_batchs_gas_charge_may_be_negative_and_is_kept_as_64_bits() {
    let mut ctx = context();
    let set = |cost| encode("setPerBatchGasCharge(int64)", [cost]);
    let (result, ..) = run(&mut ctx, 0x70, &set(U256::MAX));
    assert_eq!(result, InstructionResult::Return);
    let slot = l1_pricing::slot(l1_pricing::PER_BATCH_GAS);
    assert_eq!(ctx.read(slot), Ok(U256::from(u64::MAX)));
    let (_, used, output) = run(&mut ctx, 0x6c, &encode("getPerBatchGasCharge()", []));
    assert_eq!((used, output), (1_603, "ff".repeat(32)));

    // No number of 64 bits with a sign.
    let (result, ..) = run(&mut ctx, 0x70, &set(U256::from(1_u64 << 63)));
    assert_eq!(result, InstructionResult::Revert);
    assert_eq!(ctx.read(slot), Ok(U256::from(u64::MAX)));
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
