//! The native token's owners: when they may be named, and what they may do.
use super::*;
use crate::evm::context::TxState;

const DAY: u64 = 86_400;
const OWNER: u8 = 0x70;
const MANAGER: u8 = 0x73;

fn set_from(ctx: &mut TestContext, timestamp: u64) -> bool {
    let input = encode(
        "setNativeTokenManagementFrom(uint64)",
        [U256::from(timestamp)],
    );
    run(ctx, OWNER, &input).0.is_ok()
}

fn now(chain: &TxState) -> u64 {
    chain.block.timestamp
}

/// A chain on which the stranger owns the native token.
fn owned() -> TestContext {
    let mut ctx = context();
    let begins = now(&ctx.chain) + 7 * DAY;
    assert!(set_from(&mut ctx, begins));
    ctx.chain.block.timestamp = begins;
    let add = encode("addNativeTokenOwner(address)", [as_word(STRANGER)]);
    assert!(run(&mut ctx, OWNER, &add).0.is_ok());
    ctx.journaled_state.take_logs();
    ctx
}

fn by_stranger(ctx: &mut TestContext, signature: &str, wei: u64) -> InterpreterResult {
    let inputs = CallInputs {
        caller: STRANGER,
        ..call_of(MANAGER, &encode(signature, [U256::from(wei)]))
    };
    execute(ctx, &inputs)
}

#[test]
fn management_begins_seven_days_ahead_and_is_only_put_off() {
    let mut ctx = context();
    let start = now(&ctx.chain);
    assert!(!set_from(&mut ctx, start + 7 * DAY - 1));
    assert!(set_from(&mut ctx, start + 9 * DAY));
    // Far ahead it may come nearer, but not nearer than a week.
    assert!(!set_from(&mut ctx, start + 7 * DAY - 1));
    assert!(set_from(&mut ctx, start + 7 * DAY));
    // Within the week it is only put off.
    assert!(!set_from(&mut ctx, start + 7 * DAY - 1));
    assert!(set_from(&mut ctx, start + 7 * DAY + 1));
    assert!(set_from(&mut ctx, 0));
    assert!(!set_from(&mut ctx, start + 7 * DAY - 1));
}

#[test]
fn owners_are_named_once_management_has_begun() {
    let mut ctx = context();
    let add = encode("addNativeTokenOwner(address)", [as_word(STRANGER)]);
    assert_eq!(run(&mut ctx, OWNER, &add).0, InstructionResult::Revert);
    let mut ctx = owned();
    let is_owner = encode("isNativeTokenOwner(address)", [as_word(STRANGER)]);
    for precompile in [OWNER, 0x6b] {
        assert_eq!(run(&mut ctx, precompile, &is_owner).2, word(1));
    }
    let remove = encode("removeNativeTokenOwner(address)", [as_word(STRANGER)]);
    assert!(run(&mut ctx, OWNER, &remove).0.is_ok());
    assert_eq!(run(&mut ctx, OWNER, &is_owner).2, word(0));
    assert_eq!(run(&mut ctx, OWNER, &remove).0, InstructionResult::Revert);
}

#[test]
fn an_owner_mints_to_itself_and_burns_what_it_has() {
    let mut ctx = owned();
    assert!(by_stranger(&mut ctx, "mintNativeToken(uint256)", 7).is_ok());
    assert_eq!(accounts::balance(&mut ctx, STRANGER), Ok(U256::from(7)));
    assert!(by_stranger(&mut ctx, "burnNativeToken(uint256)", 5).is_ok());
    assert_eq!(accounts::balance(&mut ctx, STRANGER), Ok(U256::from(2)));
    let too_much = by_stranger(&mut ctx, "burnNativeToken(uint256)", 3);
    assert_eq!(too_much.result, InstructionResult::Revert);
    assert_eq!(accounts::balance(&mut ctx, STRANGER), Ok(U256::from(2)));
    let logs = ctx.journaled_state.take_logs();
    let signatures = [
        keccak256("NativeTokenMinted(address,uint256)"),
        keccak256("NativeTokenBurned(address,uint256)"),
    ];
    let topics: Vec<_> = logs.iter().map(|log| log.topics()).collect();
    assert_eq!(
        topics[..2],
        [
            [signatures[0], STRANGER.into_word()],
            [signatures[1], STRANGER.into_word()]
        ]
    );
}

#[test]
fn who_does_not_own_the_token_loses_all_gas() {
    let mut ctx = context();
    for signature in ["mintNativeToken(uint256)", "burnNativeToken(uint256)"] {
        let refused = by_stranger(&mut ctx, signature, 1);
        assert_eq!(refused.result, InstructionResult::Revert);
        assert_eq!(refused.gas.remaining(), 0);
    }
}
