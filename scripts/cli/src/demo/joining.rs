//! The demo's first acts: bonds, deposits, transfers, delegation.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use client::abi::IValidatorRegistry::{StakeDelegated, ValidatorRegistered};
use eyre::{OptionExt, Result};

use super::stage::Stage;
use crate::amounts::{eth, ether, milliether};

/// Bonds of the four validators, in ETH. Each may carry five times its bond, and no more than a
/// fifth of the pool.
const BONDS: [u64; 4] = [8, 8, 6, 4];

/// Commission of each validator, in 1/10,000.
const COMMISSION_BPS: u16 = 500;

/// Four validators bond ETH and become active.
pub(super) async fn validators_bond(stage: &mut Stage) -> Result<()> {
    stage.begin("Four validators register with a bond");
    let registry = stage.protocol.registry.clone();
    let validators = stage.cast.validators.clone();
    for (validator, bond) in validators.iter().zip(BONDS) {
        let own = validator.address();
        let call = registry.register(validator.name.to_owned(), own, own, COMMISSION_BPS);
        let request = call.value(ether(bond)).into_transaction_request();
        let receipt = stage
            .act(validator, format!("bonds {bond} ETH"), request)
            .await?;
        let registered = receipt.decoded_log::<ValidatorRegistered>();
        let id = registered
            .ok_or_eyre("a registration without its event")?
            .id;
        let request = registry.activate(id).into_transaction_request();
        stage
            .act(
                validator,
                format!("becomes active as validator {id}"),
                request,
            )
            .await?;
    }
    stage.end().await
}

/// Five users deposit, each in another way.
pub(super) async fn users_deposit(stage: &mut Stage) -> Result<()> {
    stage.begin("Five users deposit");
    let pool = stage.protocol.pool.clone();
    let [alice, bob, carol, dave, erin] = stage.cast.users.clone();
    let nobody = Address::ZERO;

    let request = pool
        .submit(nobody)
        .value(ether(40))
        .into_transaction_request();
    stage.act(&alice, "submits 40 ETH", request).await?;
    let request = TransactionRequest::default()
        .with_to(*pool.address())
        .with_value(ether(25));
    stage
        .act(&bob, "sends 25 ETH to the pool, no call data", request)
        .await?;
    let least = ether(30);
    let call = pool
        .deposit(carol.address(), nobody, least)
        .value(ether(30));
    let request = call.into_transaction_request();
    stage
        .act(
            &carol,
            "deposits 30 ETH, for no fewer than 30 shares",
            request,
        )
        .await?;
    let call = pool.submit(alice.address()).value(ether(20));
    stage
        .act(
            &dave,
            "submits 20 ETH, referred by alice",
            call.into_transaction_request(),
        )
        .await?;
    let call = pool
        .deposit(erin.address(), nobody, U256::ZERO)
        .value(milliether(10_500));
    stage
        .act(&erin, "deposits 10.5 ETH", call.into_transaction_request())
        .await?;

    let request = pool
        .submit(nobody)
        .value(U256::from(1))
        .into_transaction_request();
    stage
        .refused(&erin, "submits 1 wei", request, "BelowMinimumDeposit")
        .await?;
    let request = pool.submit(nobody).into_transaction_request();
    stage
        .refused(&erin, "submits nothing", request, "BelowMinimumDeposit")
        .await?;
    stage.end().await
}

/// lsETH is a token: by amount, by shares, by allowance.
pub(super) async fn shares_move(stage: &mut Stage) -> Result<()> {
    stage.begin("lsETH changes hands");
    let pool = stage.protocol.pool.clone();
    let [alice, bob, carol, dave, erin] = stage.cast.users.clone();
    let request = pool
        .transfer(bob.address(), ether(5))
        .into_transaction_request();
    stage
        .act(&alice, "transfers 5 lsETH to bob", request)
        .await?;
    let request = pool
        .transferShares(dave.address(), ether(1))
        .into_transaction_request();
    stage
        .act(&erin, "transfers 1 share to dave", request)
        .await?;
    let request = pool
        .approve(dave.address(), ether(3))
        .into_transaction_request();
    stage.act(&carol, "allows dave 3 lsETH", request).await?;
    let call = pool.transferFrom(carol.address(), erin.address(), ether(3));
    let request = call.into_transaction_request();
    stage
        .act(&dave, "moves carol's 3 lsETH to erin", request.clone())
        .await?;
    stage
        .refused(
            &dave,
            "moves them again",
            request,
            "ERC20InsufficientAllowance",
        )
        .await?;
    stage.end().await
}

/// Anyone may put the buffer to work; the split is min-first.
pub(super) async fn stake_is_delegated(stage: &mut Stage) -> Result<()> {
    stage.begin("The pool delegates, the emptiest validator first");
    let pool = stage.protocol.pool.clone();
    let (admin, keeper) = (stage.cast.admin.clone(), stage.cast.keeper.clone());
    let request = pool.setTargetBuffer(ether(10)).into_transaction_request();
    stage
        .act(&admin, "sets the target buffer to 10 ETH", request)
        .await?;
    let request = pool.rebalance(U256::from(16)).into_transaction_request();
    let receipt = stage.act(&keeper, "rebalances", request).await?;
    for log in receipt.logs() {
        if let Ok(delegated) = log.log_decode::<StakeDelegated>() {
            let data = delegated.inner.data;
            stage.remark(format!(
                "validator {} carries {} ETH",
                data.id,
                eth(data.delegated)
            ));
        }
    }
    stage.end().await
}
