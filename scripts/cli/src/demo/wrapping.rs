//! The demo's acts about wlsETH: the share that does not rebase, wrapped, bought, voted with and
//! unwrapped.

use alloy::primitives::{Address, U256};
use client::abi::IEtherVault::RedeemRequest;
use client::abi::IWrappedToken::{Deposit, Withdraw};
use client::send::SendError;
use eyre::{OptionExt, Result, ensure};

use super::cast::Actor;
use super::stage::Stage;
use crate::amounts::{eth, ether, rate};

/// One wlsETH is one share: its balance stays while its worth moves.
pub(super) async fn shares_are_wrapped(stage: &mut Stage) -> Result<()> {
    stage.begin("lsETH is wrapped: a balance that stays while its worth moves");
    let wrapped = stage.protocol.wrapped.clone();
    let [alice, _, carol, dave, erin] = stage.cast.users.clone();

    allow(stage, &dave, ether(6)).await?;
    let wrap = wrapped.wrap(ether(6)).into_transaction_request();
    let receipt = stage.act(&dave, "wraps 6 lsETH", wrap).await?;
    let deposit = receipt.decoded_log::<Deposit>();
    let deposit = deposit.ok_or_eyre("wrapping without its event")?;
    let worth = wrapped.getRate().call().await.map_err(SendError::from)?;
    stage.remark(format!(
        "{} wlsETH, each worth {} lsETH",
        eth(deposit.shares),
        eth(worth)
    ));
    let buy = wrapped
        .depositEth(erin.address(), Address::ZERO, U256::ZERO)
        .value(ether(2));
    let what = "turns 2 ETH into wlsETH in one step";
    stage
        .act(&erin, what, buy.into_transaction_request())
        .await?;
    let delegate = wrapped.delegate(alice.address());
    let what = "lets alice vote with hers";
    stage
        .act(&erin, what, delegate.into_transaction_request())
        .await?;
    let votes = wrapped.getVotes(alice.address());
    let votes = votes.call().await.map_err(SendError::from)?;
    stage.remark(format!("alice has {} votes", eth(votes)));

    round_trip(stage, &carol, ether(3)).await?;
    let none = wrapped.redeem(U256::from(1), carol.address(), carol.address());
    let what = "redeems what she no longer has";
    let refusal = "ERC20InsufficientBalance";
    stage
        .refused(&carol, what, none.into_transaction_request(), refusal)
        .await?;
    stage.end().await
}

/// ETH becomes wlsETH at once and comes back through the queue: the ERC-7540 vault.
pub(super) async fn eth_goes_in_and_out(stage: &mut Stage) -> Result<()> {
    stage.begin("An ERC-7540 vault: ETH in at once, out through the queue, in any parts");
    let (wrapped, vault) = (stage.protocol.wrapped.clone(), stage.protocol.vault.clone());
    let [.., dave, erin] = stage.cast.users.clone();
    let deposit = vault.deposit(U256::ZERO, dave.address()).value(ether(2));
    let what = "deposits 2 ETH for wlsETH";
    stage
        .act(&dave, what, deposit.into_transaction_request())
        .await?;
    let shares = ether(1);
    let allow = wrapped.approve(*vault.address(), shares);
    let what = "allows the vault 1 wlsETH";
    stage
        .act(&erin, what, allow.into_transaction_request())
        .await?;
    let request = vault.requestRedeem(shares, erin.address(), erin.address());
    let what = "asks for the ETH of 1 wlsETH";
    let request = request.into_transaction_request();
    let receipt = stage.act(&erin, what, request).await?;
    let requested = receipt.decoded_log::<RedeemRequest>();
    let id = requested
        .ok_or_eyre("a request without its event")?
        .requestId;
    let pending = vault.pendingRedeemRequest(id, erin.address()).call().await;
    let pending = pending.map_err(SendError::from)?;
    stage.remark(format!("{} wlsETH are pending", eth(pending)));
    let finalize = stage.protocol.queue.finalize(U256::from(100));
    let keeper = stage.cast.keeper.clone();
    stage
        .act(&keeper, "finalizes", finalize.into_transaction_request())
        .await?;
    let most = vault.maxWithdraw(erin.address()).call().await;
    let most = most.map_err(SendError::from)?;
    stage.remark(format!("{} ETH can be taken for them", eth(most)));
    let half = shares / U256::from(2);
    let part = vault.redeem(half, erin.address(), erin.address());
    let what = "takes the ETH of half of them";
    stage
        .act(&erin, what, part.into_transaction_request())
        .await?;
    let rest = vault.maxWithdraw(erin.address()).call().await;
    let rest = rest.map_err(SendError::from)?;
    let rest = vault.withdraw(rest, erin.address(), erin.address());
    let what = "takes the rest of it";
    stage
        .act(&erin, what, rest.into_transaction_request())
        .await?;
    stage.end().await
}

/// Everything wrapped becomes lsETH again, at the rate of now.
pub(super) async fn shares_are_unwrapped(stage: &mut Stage) -> Result<()> {
    stage.begin("What was wrapped becomes lsETH again, share for share");
    let wrapped = stage.protocol.wrapped.clone();
    let [_, _, _, dave, erin] = stage.cast.users.clone();
    let round = wrapped.latestRoundData().call().await;
    let round = round.map_err(SendError::from)?;
    let answer = round.answer.unsigned_abs();
    stage.remark(format!(
        "the feed's last round is {}: {} ETH",
        round.id,
        rate(answer.saturating_mul(U256::from(1_000_000_000)))
    ));
    for holder in [&dave, &erin] {
        let balance = wrapped.balanceOf(holder.address()).call().await;
        let balance = balance.map_err(SendError::from)?;
        let unwrap = wrapped.unwrap(balance).into_transaction_request();
        let what = format!("unwraps {} wlsETH", eth(balance));
        let receipt = stage.act(holder, what, unwrap).await?;
        let withdraw = receipt.decoded_log::<Withdraw>();
        let withdraw = withdraw.ok_or_eyre("unwrapping without its event")?;
        stage.remark(format!("which are {} lsETH now", eth(withdraw.assets)));
    }
    stage.end().await
}

/// In and out of the ERC-4626 vault: both legs are what their previews said.
async fn round_trip(stage: &mut Stage, holder: &Actor, assets: U256) -> Result<()> {
    let wrapped = stage.protocol.wrapped.clone();
    let owner = holder.address();
    allow(stage, holder, assets).await?;
    let deposit = wrapped.deposit(assets, owner).into_transaction_request();
    let what = format!("deposits {} lsETH into the ERC-4626 vault", eth(assets));
    let receipt = stage.act(holder, what, deposit).await?;
    let block = receipt.block_number.ok_or_eyre("a receipt without block")?;
    let into = receipt.decoded_log::<Deposit>();
    let shares = into.ok_or_eyre("a deposit without its event")?.shares;
    let preview = wrapped.previewDeposit(assets).block(block.into());
    let previewed = preview.call().await.map_err(SendError::from)?;
    ensure!(shares == previewed, "{shares} shares, not {previewed}");

    let redeem = wrapped.redeem(shares, owner, owner);
    let what = "redeems all of it";
    let receipt = stage
        .act(holder, what, redeem.into_transaction_request())
        .await?;
    let block = receipt.block_number.ok_or_eyre("a receipt without block")?;
    let out = receipt.decoded_log::<Withdraw>();
    let back = out.ok_or_eyre("a redemption without its event")?.assets;
    let preview = wrapped.previewRedeem(shares).block(block.into());
    let previewed = preview.call().await.map_err(SendError::from)?;
    ensure!(back == previewed, "{back} wei, not {previewed}");
    stage.remark(format!("both as previewed; back are {} lsETH", eth(back)));
    Ok(())
}

async fn allow(stage: &mut Stage, owner: &Actor, assets: U256) -> Result<()> {
    let wrapped = *stage.protocol.wrapped.address();
    let approve = stage.protocol.pool.approve(wrapped, assets);
    let what = format!("allows wlsETH {} lsETH", eth(assets));
    stage
        .act(owner, what, approve.into_transaction_request())
        .await?;
    Ok(())
}
