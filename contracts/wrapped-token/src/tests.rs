//! wlsETH on its own: the token, its votes, what it asks of the pool and what it makes of the answers.
//!
//! The pool answers every call with what the test set last; both together are tested end to end.
//! Calls go through the router, so each test covers decoding and encoding too. Every event and error
//! that a test causes is compared with alloy's encoding where it is made (`glue::emit`, `glue::revert`).

mod votes;

use abi::{
    IStakingPool,
    IWrappedToken::{self, IWrappedTokenCalls},
};
use alloy_primitives::{Address, U256, address};
use alloy_sol_types::{SolCall, SolEvent, SolValue};
use glue::testing::{ALICE, BOB, Outcome, START, check_routes, host, last, refusal, routed, word};
use stylus_sdk::{abi::Router, testing::TestVM};

use super::*;

const POOL: Address = address!("00000000000000000000000000000000000000c1");

/// One ETH a share, 27 decimals.
const RATE: u128 = 1_000_000_000_000_000_000_000_000_000;

/// The vault for ETH.
const VAULT: Address = address!("00000000000000000000000000000000000000c2");

fn initialize(pool: Address) -> IWrappedToken::initializeCall {
    IWrappedToken::initializeCall {
        pool,
        etherVault: VAULT,
    }
}

struct World {
    vm: TestVM,
    token: WrappedToken,
}

impl World {
    /// A token of a pool whose rate is one.
    fn new() -> Self {
        let vm = host(&[]);
        let token = WrappedToken::from(&vm);
        let mut world = Self { vm, token };
        world.pool_says(
            &IStakingPool::latestRoundCall {},
            &[RATE, u128::from(START)],
        );
        let begun = world.call(ALICE, &initialize(POOL));
        assert_eq!(begun, Ok(vec![]));
        world
    }

    /// What the pool answers to this call, and to every other until the next is set.
    fn pool_says<C: SolCall>(&self, call: &C, words: &[u128]) {
        let answer: Vec<u8> = words
            .iter()
            .flat_map(|word| U256::from(*word).to_be_bytes::<32>())
            .collect();
        let calldata = call.abi_encode();
        self.vm
            .mock_call(POOL, calldata.clone(), U256::ZERO, Ok(answer.clone()));
        self.vm.mock_static_call(POOL, calldata, Ok(answer));
    }

    /// What wrapping `assets` of lsETH asks of the pool.
    fn pull(&self, from: Address, assets: U256) -> IStakingPool::transferAtMostFromCall {
        IStakingPool::transferAtMostFromCall {
            from,
            to: self.vm.contract_address(),
            amount: assets,
        }
    }

    fn call<C: SolCall>(&mut self, sender: Address, call: &C) -> Outcome {
        self.vm.set_sender(sender);
        let (selector, arguments) = routed(call);
        let answer = WrappedToken::route(&mut self.token, selector, &arguments);
        answer.expect("the interface is routed")
    }

    /// Somebody has `shares` wlsETH: the ETH they paid has bought as many shares.
    fn fund(&mut self, holder: Address, shares: u64) {
        let referral = Address::ZERO;
        self.pool_says(&IStakingPool::submitCall { referral }, &[shares.into()]);
        let deposit = IWrappedToken::depositEthCall {
            receiver: holder,
            referral,
            minShares: U256::ZERO,
        };
        assert_eq!(self.call(holder, &deposit), word(shares));
    }

    fn balances(&self) -> (U256, U256, U256) {
        (
            self.token.balance_of(ALICE),
            self.token.balance_of(BOB),
            self.token.total_supply(),
        )
    }

    fn last<E: SolEvent>(&self) -> E {
        last(&self.vm)
    }
}

fn amounts<const N: usize>(amounts: [u64; N]) -> [U256; N] {
    amounts.map(U256::from)
}

#[test]
fn every_call_of_the_interface_is_routed() {
    let mut world = World::new();
    check_routes::<IWrappedTokenCalls, _>(|selector, input| {
        [WrappedToken::route(&mut world.token, selector, input).is_some()]
    });
}

#[test]
fn the_pool_is_named_once() {
    let mut world = World::new();
    let again = initialize(BOB);
    assert_eq!(
        world.call(ALICE, &again),
        refusal(IWrappedToken::AlreadyInitialized {})
    );
    assert_eq!(world.token.asset(), POOL);
}

#[test]
fn what_does_not_answer_as_a_pool_is_not_named() {
    let vm = host(&[]);
    let token = WrappedToken::from(&vm);
    let mut world = World { vm, token };
    let ask = IStakingPool::latestRoundCall {}.abi_encode();
    world.vm.mock_static_call(POOL, ask, Err(vec![]));
    let begin = initialize(POOL);
    assert_eq!(
        world.call(ALICE, &begin),
        refusal(IWrappedToken::NotAPool { pool: POOL })
    );
    assert_eq!(world.token.asset(), Address::ZERO);
}

#[test]
fn lseth_is_taken_here_eth_by_its_vault_and_nothing_else() {
    let world = World::new();
    assert_eq!(world.token.vault(POOL), world.vm.contract_address());
    assert_eq!(world.token.vault(glue::ETH), VAULT);
    assert_eq!(world.token.vault(BOB), Address::ZERO);
    assert_eq!(world.token.vault(Address::ZERO), Address::ZERO);
    let told: IWrappedToken::VaultUpdate = world.last();
    assert_eq!((told.asset, told.vault), (glue::ETH, VAULT));
    for id in [0x01ff_c9a7, 0xf815_c03d_u32].map(u32::to_be_bytes) {
        assert!(world.token.supports_interface(FixedBytes(id)));
    }
    assert!(!world.token.supports_interface(FixedBytes([0xff; 4])));
}

#[test]
fn wrapping_mints_the_shares_that_the_amount_is_worth() {
    let mut world = World::new();
    let assets = U256::from(100);
    world.pool_says(&world.pull(ALICE, assets), &[66]);
    let wrap = IWrappedToken::wrapCall { assets };
    assert_eq!(world.call(ALICE, &wrap), word(66));
    let [alice, bob, supply] = amounts([66, 0, 66]);
    assert_eq!(world.balances(), (alice, bob, supply));
    let deposited: IWrappedToken::Deposit = world.last();
    assert_eq!(
        (
            deposited.sender,
            deposited.owner,
            deposited.assets,
            deposited.shares
        ),
        (ALICE, ALICE, U256::from(100), U256::from(66))
    );
}

#[test]
fn an_amount_worth_no_share_is_not_wrapped() {
    let mut world = World::new();
    let assets = U256::ONE;
    world.pool_says(&world.pull(ALICE, assets), &[0]);
    assert_eq!(
        world.call(ALICE, &IWrappedToken::wrapCall { assets }),
        refusal(IWrappedToken::ZeroShares { assets })
    );
}

#[test]
fn nothing_is_wrapped_that_the_pool_does_not_move() {
    let mut world = World::new();
    let assets = U256::from(100);
    // The mocked host lets every other call succeed: it is this one that is made.
    let pull = world.pull(ALICE, assets).abi_encode();
    let reason = vec![0xba, 0xdb, 0xad, 0x00];
    world
        .vm
        .mock_call(POOL, pull, U256::ZERO, Err(reason.clone()));
    let wrap = IWrappedToken::wrapCall { assets };
    assert_eq!(world.call(ALICE, &wrap), Err(reason));
    assert_eq!(world.token.total_supply(), U256::ZERO);
}

#[test]
fn who_withdraws_an_amount_pays_for_the_last_share_in_whole() {
    let mut world = World::new();
    // 3 wei for 2 shares: 100 wei are worth 66 and two thirds.
    world.pool_says(&IStakingPool::withdrawalQuoteCall {}, &[0, 300, 200]);
    let assets = U256::from(100);
    let withdraw = IWrappedToken::previewWithdrawCall { assets };
    assert_eq!(world.call(ALICE, &withdraw), word(67));
}

#[test]
fn ether_that_buys_too_few_shares_is_refused() {
    let mut world = World::new();
    let referral = Address::ZERO;
    world.pool_says(&IStakingPool::submitCall { referral }, &[9]);
    let deposit = IWrappedToken::depositEthCall {
        receiver: BOB,
        referral,
        minShares: U256::from(10),
    };
    let refused = IWrappedToken::TooFewShares {
        shares: U256::from(9),
        minimum: U256::from(10),
    };
    assert_eq!(world.call(ALICE, &deposit), refusal(refused));
}

#[test]
fn there_is_never_more_wlseth_than_votes_can_count() {
    let mut world = World::new();
    world.fund(ALICE, 1);
    let referral = Address::ZERO;
    world.pool_says(&IStakingPool::submitCall { referral }, &[MAX_VOTES]);
    let deposit = IWrappedToken::depositEthCall {
        receiver: BOB,
        referral,
        minShares: U256::ZERO,
    };
    let refused = IWrappedToken::ERC20ExceededSafeSupply {
        increasedSupply: U256::from(MAX_VOTES + 1),
        cap: U256::from(MAX_VOTES),
    };
    assert_eq!(world.call(BOB, &deposit), refusal(refused));
    let [alice, bob, supply] = amounts([1, 0, 1]);
    assert_eq!(world.balances(), (alice, bob, supply));
}

#[test]
fn unwrapping_burns_and_tells_what_the_pool_paid() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    world.pool_says(
        &IStakingPool::transferSharesCall {
            to: ALICE,
            shares: U256::from(40),
        },
        &[60],
    );
    let unwrap = IWrappedToken::unwrapCall {
        shares: U256::from(40),
    };
    assert_eq!(world.call(ALICE, &unwrap), word(60));
    let [alice, bob, supply] = amounts([60, 0, 60]);
    assert_eq!(world.balances(), (alice, bob, supply));
    let withdrawn: IWrappedToken::Withdraw = world.last();
    assert_eq!(
        (withdrawn.owner, withdrawn.assets, withdrawn.shares),
        (ALICE, U256::from(60), U256::from(40))
    );
}

#[test]
fn redeeming_for_somebody_takes_an_allowance() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    world.pool_says(
        &IStakingPool::transferSharesCall {
            to: BOB,
            shares: U256::from(40),
        },
        &[60],
    );
    let redeem = IWrappedToken::redeemCall {
        shares: U256::from(40),
        receiver: BOB,
        owner: ALICE,
    };
    let refused = IWrappedToken::ERC20InsufficientAllowance {
        spender: BOB,
        allowance: U256::ZERO,
        needed: U256::from(40),
    };
    assert_eq!(world.call(BOB, &redeem), refusal(refused));
    let approve = IWrappedToken::approveCall {
        spender: BOB,
        value: U256::from(50),
    };
    assert_eq!(world.call(ALICE, &approve), word(1));
    assert_eq!(world.call(BOB, &redeem), word(60));
    assert_eq!(world.token.allowance(ALICE, BOB), U256::from(10));
}

#[test]
fn a_transfer_moves_what_it_says_and_nothing_to_oneself() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    let transfer = |to| IWrappedToken::transferCall {
        to,
        value: U256::from(30),
    };
    assert_eq!(world.call(ALICE, &transfer(BOB)), word(1));
    assert_eq!(world.call(ALICE, &transfer(ALICE)), word(1));
    let [alice, bob, supply] = amounts([70, 30, 100]);
    assert_eq!(world.balances(), (alice, bob, supply));
}

#[test]
fn shares_are_not_unwrapped_to_where_they_would_be_nobodys() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    for receiver in [Address::ZERO, world.vm.contract_address()] {
        let refused = refusal(IWrappedToken::ERC20InvalidReceiver { receiver });
        let redeem = IWrappedToken::redeemCall {
            shares: U256::from(40),
            receiver,
            owner: ALICE,
        };
        assert_eq!(world.call(ALICE, &redeem), refused);
        world.pool_says(&IStakingPool::withdrawalQuoteCall {}, &[0, 1_000, 1_000]);
        let withdraw = IWrappedToken::withdrawCall {
            assets: U256::from(40),
            receiver,
            owner: ALICE,
        };
        assert_eq!(world.call(ALICE, &withdraw), refused);
    }
    assert_eq!(world.balances().0, U256::from(100));
}

#[test]
fn refused_transfers_change_nothing() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    let own = world.vm.contract_address();
    for receiver in [Address::ZERO, own] {
        let transfer = IWrappedToken::transferCall {
            to: receiver,
            value: U256::ONE,
        };
        let invalid = IWrappedToken::ERC20InvalidReceiver { receiver };
        assert_eq!(world.call(ALICE, &transfer), refusal(invalid));
    }
    for value in [U256::from(101), U256::MAX] {
        let transfer = IWrappedToken::transferCall { to: BOB, value };
        let insufficient = IWrappedToken::ERC20InsufficientBalance {
            sender: ALICE,
            balance: U256::from(100),
            needed: value,
        };
        assert_eq!(world.call(ALICE, &transfer), refusal(insufficient));
    }
    let [alice, bob, supply] = amounts([100, 0, 100]);
    assert_eq!(world.balances(), (alice, bob, supply));
}

#[test]
fn an_unlimited_allowance_is_never_spent() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    let approve = IWrappedToken::approveCall {
        spender: BOB,
        value: U256::MAX,
    };
    assert_eq!(world.call(ALICE, &approve), word(1));
    let take = IWrappedToken::transferFromCall {
        from: ALICE,
        to: BOB,
        value: U256::from(30),
    };
    assert_eq!(world.call(BOB, &take), word(1));
    assert_eq!(world.token.allowance(ALICE, BOB), U256::MAX);
}

#[test]
fn the_most_that_can_be_minted_or_redeemed_is_nothing_while_lseth_does_not_move() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    // As the time at which the pause ends or as the worth, and as free ETH, total ETH and shares.
    let until = u128::from(START + 1);
    world.pool_says(&IStakingPool::withdrawalQuoteCall {}, &[until, 300, 200]);
    assert_eq!(world.token.max_redeem(ALICE), Ok(U256::ZERO));
    assert_eq!(world.token.max_mint(ALICE), Ok(U256::ZERO));
    world.vm.set_block_timestamp(START + 1);
    assert_eq!(world.token.max_redeem(ALICE), Ok(U256::from(100)));
    assert_eq!(world.token.max_mint(ALICE), Ok(U256::from(200)));
}

#[test]
fn the_feed_tells_no_rate_that_grew_faster_than_a_release_may() {
    let world = World::new();
    let day = u128::from(START) + 86_400;
    world.pool_says(&IStakingPool::latestRoundCall {}, &[2 * RATE, day]);
    let (_, answer, started_at, updated_at, _) = world.token.latest_round_data().expect("a round");
    assert_eq!(answer, U256::from(1_000_750_000_000_000_000_u64));
    assert_eq!((started_at, updated_at), (U256::from(day), U256::from(day)));
}

#[test]
fn a_round_that_the_pool_does_not_have_has_no_data() {
    let mut world = World::new();
    world.pool_says(&IStakingPool::latestRoundCall {}, &[7, 7]);
    for round in [U256::ZERO, U256::from(8), U256::MAX >> 176_usize] {
        let ask = IWrappedToken::getRoundDataCall {
            roundId: round.to(),
        };
        assert_eq!(
            world.call(ALICE, &ask),
            refusal(IWrappedToken::NoDataPresent { roundId: round })
        );
    }
    let ask = IWrappedToken::getRoundDataCall {
        roundId: U256::from(7).to(),
    };
    assert!(world.call(ALICE, &ask).is_ok());
}
