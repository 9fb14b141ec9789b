//! wlsETH: one share for one, whatever lsETH does meanwhile.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use client::abi::IAdministration::GroupPaused;
use client::abi::IStakingPool::{ERC20InsufficientAllowance, RateRecorded};
use client::abi::IWithdrawalQueue::TransferFailed;
use client::abi::IWrappedToken::{AlreadyInitialized, Deposit, NoDataPresent, Withdraw};
use client::clock;
use client::contract::Contract;
use eyre::{OptionExt, Result};

use crate::world::{Person, World, ether, milliether};

/// Pause group of lsETH's transfers.
const TRANSFERS: u8 = 1;

/// The rate is no whole number, and wlsETH may take all that Alice has.
async fn allowed() -> Result<World> {
    let world = World::at_an_odd_rate().await?;
    let wrapped = *world.protocol.wrapped.address();
    let approve = world.protocol.pool.approve(wrapped, U256::MAX);
    world
        .send(world.alice, approve.into_transaction_request())
        .await?;
    Ok(world)
}

async fn wrap(world: &World, person: Person, assets: U256) -> Result<TransactionReceipt> {
    let wrap = world.protocol.wrapped.wrap(assets);
    world.send(person, wrap.into_transaction_request()).await
}

/// As many shares are here as there are wlsETH.
async fn backed(world: &World) -> Result<U256> {
    let wrapped = &world.protocol.wrapped;
    let supply = wrapped.totalSupply().call().await?;
    let held = world.protocol.pool.sharesOf(*wrapped.address());
    assert_eq!(held.call().await?, supply);
    Ok(supply)
}

async fn held(world: &World, person: Person) -> Result<U256> {
    Ok(world.protocol.wrapped.balanceOf(person.0).call().await?)
}

#[tokio::test]
async fn there_and_back_loses_a_wei_at_most_and_gains_nothing() -> Result<()> {
    let world = allowed().await?;
    let before = world.balance(world.alice).await?;
    let amount = U256::from(1_234_567_890_123_456_789_u64);
    let receipt = wrap(&world, world.alice, amount).await?;
    let shares = held(&world, world.alice).await?;
    assert_eq!(backed(&world).await?, shares);
    let deposited = receipt.decoded_log::<Deposit>();
    let deposited = deposited.ok_or_eyre("wrapping emits Deposit")?;
    assert_eq!((deposited.assets, deposited.shares), (amount, shares));
    let unwrap = world.protocol.wrapped.unwrap(shares);
    let receipt = world
        .send(world.alice, unwrap.into_transaction_request())
        .await?;
    let withdrawn = receipt.decoded_log::<Withdraw>();
    let withdrawn = withdrawn.ok_or_eyre("unwrapping emits Withdraw")?;
    assert!(withdrawn.assets <= amount && withdrawn.assets + U256::ONE >= amount);
    assert_eq!(backed(&world).await?, U256::ZERO);
    let after = world.balance(world.alice).await?;
    assert!(after <= before && after + U256::from(2) >= before);
    Ok(())
}

#[tokio::test]
async fn a_balance_of_wlseth_stays_while_its_worth_grows() -> Result<()> {
    let world = allowed().await?;
    wrap(&world, world.alice, ether(2)).await?;
    let shares = held(&world, world.alice).await?;
    let worth = world.protocol.wrapped.convertToAssets(shares);
    let before = worth.call().await?;
    world.distribute(ether(1)).await?;
    world.advance(86_400).await?;
    assert_eq!(held(&world, world.alice).await?, shares);
    assert!(worth.call().await? > before);
    assert_eq!(backed(&world).await?, shares);
    Ok(())
}

#[tokio::test]
async fn ether_becomes_wlseth_in_one_step() -> Result<()> {
    let world = allowed().await?;
    let wrapped = &world.protocol.wrapped;
    let deposit = wrapped.depositEth(world.bob.0, Address::ZERO, U256::ONE);
    let deposit = deposit.value(ether(1)).into_transaction_request();
    world.send(world.carol, deposit).await?;
    let plain = TransactionRequest::default()
        .with_to(*wrapped.address())
        .with_value(ether(1));
    world.send(world.carol, plain).await?;
    let (bob, carol) = (
        held(&world, world.bob).await?,
        held(&world, world.carol).await?,
    );
    assert_eq!(bob, carol);
    assert_eq!(backed(&world).await?, bob + carol);
    assert!(world.wei(*wrapped.address()).await?.is_zero());
    Ok(())
}

#[tokio::test]
async fn a_deposit_has_gas_enough_in_a_later_second_than_it_was_estimated_in() -> Result<()> {
    let world = allowed().await?;
    let wrapped = &world.protocol.wrapped;
    let delegate = wrapped.delegate(world.bob.0).into_transaction_request();
    world.send(world.bob, delegate).await?;
    let client = world.provider.client();
    // Of two kept checkpoints one begins a word, for the supply and for the votes alike.
    for checkpoints in 1..=4 {
        let later = clock::now(&world.provider).await? + 1;
        let _: serde_json::Value = client
            .request("evm_setNextBlockTimestamp", (later,))
            .await?;
        let deposit = wrapped.depositEth(world.bob.0, Address::ZERO, U256::ONE);
        let deposit = deposit.value(ether(1)).into_transaction_request();
        world.send(world.carol, deposit).await?;
        let kept = wrapped.numCheckpoints(world.bob.0).call().await?;
        assert_eq!(kept, checkpoints);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_previewed_is_what_happens() -> Result<()> {
    let world = allowed().await?;
    wrap(&world, world.alice, ether(4)).await?;
    let wrapped = &world.protocol.wrapped;
    let (alice, bob) = (world.alice.0, world.bob.0);
    for wei in [
        1_000_u64,
        999_999_999_999_999_999,
        1_234_567_890_123_456_789,
    ] {
        let amount = U256::from(wei);
        let deposit = wrapped.deposit(amount, bob).from(alice);
        assert_eq!(
            deposit.call().await?,
            wrapped.previewDeposit(amount).call().await?
        );
        let mint = wrapped.mint(amount, bob).from(alice);
        assert_eq!(
            mint.call().await?,
            wrapped.previewMint(amount).call().await?
        );
        let withdraw = wrapped.withdraw(amount, bob, alice).from(alice);
        assert_eq!(
            withdraw.call().await?,
            wrapped.previewWithdraw(amount).call().await?
        );
        let redeem = wrapped.redeem(amount, bob, alice).from(alice);
        assert_eq!(
            redeem.call().await?,
            wrapped.previewRedeem(amount).call().await?
        );
    }
    Ok(())
}

#[tokio::test]
async fn who_withdraws_an_amount_gets_all_of_it() -> Result<()> {
    let world = allowed().await?;
    wrap(&world, world.alice, ether(4)).await?;
    let amount = U256::from(1_234_567_890_123_456_789_u64);
    let wrapped = &world.protocol.wrapped;
    let withdraw = wrapped.withdraw(amount, world.bob.0, world.alice.0);
    world
        .send(world.alice, withdraw.into_transaction_request())
        .await?;
    assert!(world.balance(world.bob).await? >= amount);
    let rest = wrapped.maxWithdraw(world.alice.0).call().await?;
    let withdraw = wrapped.withdraw(rest, world.bob.0, world.alice.0);
    world
        .send(world.alice, withdraw.into_transaction_request())
        .await?;
    assert_eq!(held(&world, world.alice).await?, backed(&world).await?);
    Ok(())
}

#[tokio::test]
async fn wrapping_spends_no_more_of_the_allowance_than_was_wrapped() -> Result<()> {
    let world = allowed().await?;
    let wrapped = *world.protocol.wrapped.address();
    let pool = &world.protocol.pool;
    let amount = U256::from(1_234_567_890_123_456_789_u64);
    let approve = pool.approve(wrapped, amount).into_transaction_request();
    world.send(world.alice, approve).await?;
    wrap(&world, world.alice, amount).await?;
    let left = pool.allowance(world.alice.0, wrapped).call().await?;
    assert!(left <= U256::from(2), "{left}");
    let again = world.protocol.wrapped.wrap(ether(1));
    let request = again.from(world.alice.0).into_transaction_request();
    let refused: ERC20InsufficientAllowance = world.refusal(request).await?;
    assert_eq!((refused.spender, refused.allowance), (wrapped, left));
    Ok(())
}

#[tokio::test]
async fn lseth_sent_to_the_token_by_mistake_moves_no_rate() -> Result<()> {
    let world = allowed().await?;
    wrap(&world, world.alice, ether(1)).await?;
    let wrapped = &world.protocol.wrapped;
    let rate = wrapped.getRate().call().await?;
    let assets = wrapped.totalAssets().call().await?;
    let supply = wrapped.totalSupply().call().await?;
    let lost = world
        .protocol
        .pool
        .transferShares(*wrapped.address(), ether(2));
    world
        .send(world.alice, lost.into_transaction_request())
        .await?;
    assert_eq!(wrapped.getRate().call().await?, rate);
    assert_eq!(wrapped.totalAssets().call().await?, assets);
    assert_eq!(wrapped.totalSupply().call().await?, supply);
    Ok(())
}

#[tokio::test]
async fn while_lseth_is_paused_wlseth_moves_and_says_that_nothing_can_be_unwrapped() -> Result<()> {
    let world = allowed().await?;
    wrap(&world, world.alice, ether(1)).await?;
    let office = world.protocol.administration(Contract::StakingPool);
    let pause = office.pause(TRANSFERS, 86_400).into_transaction_request();
    world.send(world.admin, pause).await?;
    let wrapped = &world.protocol.wrapped;
    let alice = world.alice.0;
    assert!(wrapped.maxDeposit(alice).call().await?.is_zero());
    assert!(wrapped.maxMint(alice).call().await?.is_zero());
    assert!(wrapped.maxWithdraw(alice).call().await?.is_zero());
    assert!(wrapped.maxRedeem(alice).call().await?.is_zero());
    let expected = GroupPaused {
        group: TRANSFERS,
        until: office.pausedUntil(TRANSFERS).call().await?,
    };
    let unwrap = wrapped.unwrap(U256::ONE).into_transaction_request();
    world.refused(world.alice, unwrap, expected).await?;
    let shares = held(&world, world.alice).await?;
    let transfer = wrapped.transfer(world.bob.0, shares);
    let receipt = world
        .send(world.alice, transfer.into_transaction_request())
        .await?;
    assert_eq!(held(&world, world.bob).await?, shares);
    // OpenZeppelin's ERC20Votes takes 56,304 for a transfer to a new holder without delegates.
    assert!(receipt.gas_used < 56_304, "{}", receipt.gas_used);
    Ok(())
}

#[tokio::test]
async fn the_feed_tells_the_rounds_of_the_pool() -> Result<()> {
    let world = allowed().await?;
    let (wrapped, pool) = (&world.protocol.wrapped, &world.protocol.pool);
    let first = wrapped.latestRoundData().call().await?;
    // The constructor's round and that of the one distribution.
    assert_eq!(first.id.to::<u64>(), 2);
    let receipt = world
        .send(world.stranger, pool.recordRate().into_transaction_request())
        .await?;
    let recorded = receipt.decoded_log::<RateRecorded>();
    let recorded = recorded.ok_or_eyre("a recorded rate emits its event")?;
    let latest = wrapped.latestRoundData().call().await?;
    assert_eq!(latest.id.to::<u64>(), recorded.round);
    let rate = recorded.rateE27 / U256::from(1_000_000_000);
    assert_eq!(latest.answer.into_raw(), rate);
    assert_eq!(latest.answer.into_raw(), wrapped.getRate().call().await?);
    let at = pool.rateAt(recorded.round).call().await?.timestamp;
    assert_eq!(
        (latest.startedAt, latest.updatedAt),
        (U256::from(at), U256::from(at))
    );
    let again = wrapped.getRoundData(first.id).call().await?;
    assert_eq!(again.answer, first.answer);
    let next = U256::from(recorded.round + 1);
    let ask = wrapped.getRoundData(next.to()).into_transaction_request();
    let expected = NoDataPresent { roundId: next };
    let refused: NoDataPresent = world.refusal(ask).await?;
    assert_eq!(refused, expected);
    Ok(())
}

#[tokio::test]
async fn votes_are_those_of_the_second_that_is_asked_for() -> Result<()> {
    let world = allowed().await?;
    let wrapped = &world.protocol.wrapped;
    let delegate = wrapped.delegate(world.bob.0).into_transaction_request();
    world.send(world.alice, delegate).await?;
    wrap(&world, world.alice, ether(2)).await?;
    let votes = wrapped.getVotes(world.bob.0).call().await?;
    assert_eq!(votes, held(&world, world.alice).await?);
    let then = U256::from(wrapped.clock().call().await?);
    world.advance(1_000).await?;
    let give = wrapped.transfer(world.carol.0, votes);
    world
        .send(world.alice, give.into_transaction_request())
        .await?;
    assert!(wrapped.getVotes(world.bob.0).call().await?.is_zero());
    let past = wrapped.getPastVotes(world.bob.0, then + U256::from(500));
    assert_eq!(past.call().await?, votes);
    let supply = wrapped.getPastTotalSupply(then + U256::from(500));
    assert_eq!(supply.call().await?, votes);
    Ok(())
}

#[tokio::test]
async fn the_pool_of_wlseth_is_named_once_and_for_ever() -> Result<()> {
    let world = World::fresh().await?;
    let wrapped = &world.protocol.wrapped;
    assert_eq!(
        wrapped.asset().call().await?,
        *world.protocol.pool.address()
    );
    let again = wrapped.initialize(world.stranger.0, world.stranger.0);
    let again = again.into_transaction_request();
    world
        .refused(world.stranger, again, AlreadyInitialized {})
        .await?;
    let small = wrapped.depositEth(world.bob.0, Address::ZERO, ether(1));
    let small = small.value(milliether(1)).from(world.bob.0);
    let refused: client::abi::IWrappedToken::TooFewShares =
        world.refusal(small.into_transaction_request()).await?;
    assert_eq!(refused.minimum, ether(1));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_is_not_paid_to_the_token_which_would_wrap_it_for_the_queue() -> Result<()> {
    let world = World::fresh().await?;
    world.deposit(world.alice, ether(5)).await?;
    let id = world.request(world.alice, ether(2)).await?;
    world.finalize(1).await?;
    let (queue, wrapped) = (&world.protocol.queue, &world.protocol.wrapped);
    let claim = queue.claimTo(id, *wrapped.address());
    let expected = TransferFailed {
        receiver: *wrapped.address(),
        assets: ether(2),
    };
    world
        .refused(world.alice, claim.into_transaction_request(), expected)
        .await?;
    world.claim(world.alice, id).await?;
    assert_eq!(
        wrapped.balanceOf(*queue.address()).call().await?,
        U256::ZERO
    );
    Ok(())
}

#[tokio::test]
async fn a_bond_is_not_paid_to_the_token_which_would_wrap_it_for_the_registry() -> Result<()> {
    let world = World::with_validators().await?;
    let (registry, wrapped) = (&world.protocol.registry, &world.protocol.wrapped);
    let [operator, ..] = world.operators;
    let astray = registry.setRewardAddress(1, *wrapped.address());
    world
        .send(operator, astray.into_transaction_request())
        .await?;
    world
        .send(operator, registry.exit(1).into_transaction_request())
        .await?;
    world.advance(7 * 86_400).await?;
    let withdraw = registry.withdrawBond(1).into_transaction_request();
    let expected = TransferFailed {
        receiver: *wrapped.address(),
        assets: ether(10),
    };
    world.refused(operator, withdraw, expected).await
}
