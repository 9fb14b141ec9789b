//! Slashing hooks: told of every slash, and unable to stop one.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolCall, SolEvent};
use client::abi::ISlashingHook::onSlashCall;
use client::abi::IValidatorRegistry::{
    InsufficientGasForHook, SlashingHookFailed, ValidatorSlashed, releaseMaturedCall, validatorCall,
};
use eyre::{OptionExt, Result};

use crate::puppet;
use crate::world::{World, ether};

const EVIDENCE: B256 = B256::repeat_byte(1);

/// `PUSH0 PUSH0 REVERT`
const REVERTS: &[u8] = &[0x5f, 0x5f, 0xfd];
/// `JUMPDEST PUSH0 JUMP`
const LOOPS: &[u8] = &[0x5b, 0x5f, 0x56];
/// `PUSH3 1048576 PUSH0 RETURN`
const RETURNS_A_MEGABYTE: &[u8] = &[0x62, 0x10, 0x00, 0x00, 0x5f, 0xf3];
/// `PUSH3 200000 PUSH0 RETURN`: as much as 100,000 gas buy.
const RETURNS_WHAT_IT_CAN: &[u8] = &[0x62, 0x03, 0x0d, 0x40, 0x5f, 0xf3];
/// `CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY CALLDATASIZE PUSH0 LOG0 STOP`
const LOGS_ITS_CALLDATA: &[u8] = &[0x36, 0x5f, 0x5f, 0x37, 0x36, 0x5f, 0xa0, 0x00];

/// Calls `releaseMatured(1)` of its caller, and stores 1 if that was refused and 2 if it was not.
fn re_enters() -> Vec<u8> {
    let mut code = vec![0x63];
    code.extend(releaseMaturedCall::SELECTOR);
    // Selector at byte 28 of memory, 1 at byte 32.
    code.extend([0x5f, 0x52, 0x60, 0x01, 0x60, 0x20, 0x52]);
    // CALL(gas, caller, 0, 28, 36, 0, 0), plus 1, into slot 0.
    code.extend([0x5f, 0x5f, 0x60, 0x24, 0x60, 0x1c, 0x5f, 0x33, 0x5a, 0xf1]);
    code.extend([0x60, 0x01, 0x01, 0x5f, 0x55, 0x00]);
    code
}

/// Asks its caller for `validator(1)` and logs the answer.
fn asks() -> Vec<u8> {
    let mut code = vec![0x63];
    code.extend(validatorCall::SELECTOR);
    // Selector at byte 28 of memory, 1 at byte 32.
    code.extend([0x5f, 0x52, 0x60, 0x01, 0x60, 0x20, 0x52]);
    // STATICCALL(gas, caller, 28, 36, 0, 0)
    code.extend([0x5f, 0x5f, 0x60, 0x24, 0x60, 0x1c, 0x33, 0x5a, 0xfa, 0x50]);
    // RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY RETURNDATASIZE PUSH0 LOG0
    code.extend([0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xa0]);
    code
}

/// A contract of this code, which the admin makes a slashing hook.
async fn hook(world: &World, code: &[u8]) -> Result<Address> {
    let hook = puppet::create(world, code).await?;
    let add = world.protocol.registry.addSlashingHook(hook);
    world
        .send(world.admin, add.into_transaction_request())
        .await?;
    Ok(hook)
}

/// Takes 15 ETH of validator 1: its bond, and 5 ETH of stake.
async fn slash(world: &World) -> Result<TransactionReceipt> {
    let slash = world.slash(1, ether(15), EVIDENCE);
    world.send_a_loss(world.admin, slash).await
}

/// The hooks that failed, in the order of their calls.
fn failed(receipt: &TransactionReceipt) -> Vec<Address> {
    let logs = receipt.inner.logs().iter();
    logs.filter_map(|log| SlashingHookFailed::decode_log(&log.inner).ok())
        .map(|failed| failed.hook)
        .collect()
}

/// What a hook logged.
fn heard(receipt: &TransactionReceipt, hook: Address) -> Option<Vec<u8>> {
    let mut logs = receipt.inner.logs().iter();
    let log = logs.find(|log| log.address() == hook)?;
    Some(log.inner.data.data.to_vec())
}

#[tokio::test]
async fn a_hook_is_told_the_parts_of_a_slash_after_all_is_booked() -> Result<()> {
    let world = World::with_stake().await?;
    let listener = hook(&world, LOGS_ITS_CALLDATA).await?;
    let receipt = slash(&world).await?;
    let news = onSlashCall {
        validator: 1,
        bondLoss: ether(10),
        coverUsed: U256::ZERO,
        socialised: ether(5),
        evidenceHash: EVIDENCE,
    };
    assert_eq!(heard(&receipt, listener), Some(news.abi_encode()));
    let last = receipt.inner.logs().last().ok_or_eyre("no logs")?;
    assert_eq!(last.address(), listener);
    Ok(())
}

#[tokio::test]
async fn a_hook_that_asks_is_answered_what_is_booked() -> Result<()> {
    let world = World::with_stake().await?;
    let curious = hook(&world, &asks()).await?;
    let receipt = slash(&world).await?;
    assert_eq!(failed(&receipt), [] as [Address; 0]);
    let answer = heard(&receipt, curious).ok_or_eyre("it logged the answer")?;
    let told = validatorCall::abi_decode_returns(&answer)?;
    // Jailed, without its bond, 5 of 20 ETH of stake gone.
    assert_eq!((told.status, told.bond), (3, U256::ZERO));
    assert_eq!(told.delegated, ether(15));
    Ok(())
}

#[tokio::test]
async fn hooks_that_revert_burn_gas_or_return_bombs_stop_nobody() -> Result<()> {
    let world = World::with_stake().await?;
    let reverting = hook(&world, REVERTS).await?;
    let looping = hook(&world, LOOPS).await?;
    let megabyte = hook(&world, RETURNS_A_MEGABYTE).await?;
    let bomb = hook(&world, RETURNS_WHAT_IT_CAN).await?;
    let listener = hook(&world, LOGS_ITS_CALLDATA).await?;
    let receipt = slash(&world).await?;
    assert_eq!(failed(&receipt), [reverting, looping, megabyte]);
    assert_eq!(heard(&receipt, bomb), None);
    assert!(heard(&receipt, listener).is_some());
    let slashed = receipt
        .decoded_log::<ValidatorSlashed>()
        .ok_or_eyre("no event")?;
    assert_eq!(slashed.socialised, ether(5));
    Ok(())
}

#[tokio::test]
async fn a_hook_cannot_re_enter() -> Result<()> {
    let world = World::with_stake().await?;
    let intruder = hook(&world, &re_enters()).await?;
    let receipt = slash(&world).await?;
    assert_eq!(failed(&receipt), [] as [Address; 0]);
    let outcome = world.provider.get_storage_at(intruder, U256::ZERO).await?;
    assert_eq!(outcome, U256::from(1), "its call was not refused");
    Ok(())
}

#[tokio::test]
async fn eight_hooks_that_burn_their_gas_cost_a_slash_a_bounded_sum() -> Result<()> {
    // What a bomb answers is not copied at the expense of the slash.
    for (code, failures) in [(LOOPS, 8), (RETURNS_WHAT_IT_CAN, 0)] {
        let world = World::with_stake().await?;
        let alone = world.slash(2, ether(15), B256::repeat_byte(2));
        let alone = world.send_a_loss(world.admin, alone).await?.gas_used;
        for _ in 0..8 {
            hook(&world, code).await?;
        }
        let receipt = slash(&world).await?;
        assert_eq!(failed(&receipt).len(), failures);
        // Each costs its 100,000, the cold call, and the log of its failure.
        let hooks = receipt.gas_used.saturating_sub(alone);
        assert!(hooks < 8 * 110_000, "{hooks}");
    }
    Ok(())
}

#[tokio::test]
async fn a_slash_that_would_starve_its_hooks_is_refused() -> Result<()> {
    let world = World::with_stake().await?;
    for _ in 0..4 {
        hook(&world, LOOPS).await?;
    }
    let starving = world
        .slash(1, ether(15), EVIDENCE)
        .with_from(world.admin.0)
        .with_gas_limit(600_000);
    let refused = world.refusal::<InsufficientGasForHook>(starving).await?;
    assert_eq!(refused.required, U256::from(120_000));
    assert!(refused.available < refused.required);
    slash(&world).await?;
    Ok(())
}
