//! The vault on its own: what it asks the others and what it makes of the answers.
//!
//! wlsETH, pool and queue answer with what the test set; all together are tested end to end. Calls go
//! through the router, so each test covers decoding and encoding too. Every event and error that a
//! test causes is compared with alloy's encoding where it is made (`glue::emit`, `glue::revert`).

use abi::{
    IEtherVault::{self, IEtherVaultCalls},
    IStakingPool, IWithdrawalQueue, IWrappedToken,
};
use alloy_primitives::{Address, FixedBytes, U256, address};
use alloy_sol_types::{SolCall, SolValue};
use glue::testing::{ALICE, BOB, Outcome, check_routes, host, last, refusal, routed, word};
use stylus_sdk::{abi::Router, testing::TestVM};

use super::*;

const WRAPPED: Address = address!("00000000000000000000000000000000000000c1");
const POOL: Address = address!("00000000000000000000000000000000000000c2");
const QUEUE: Address = address!("00000000000000000000000000000000000000c3");

struct World {
    vm: TestVM,
    vault: EtherVault,
}

impl World {
    /// A vault that does not know its wlsETH yet.
    fn empty() -> Self {
        let vm = host(&[]);
        let vault = EtherVault::from(&vm);
        Self { vm, vault }
    }

    /// A vault that has begun.
    fn new() -> Self {
        let mut world = Self::empty();
        world.vault.state.begin(WRAPPED, POOL, QUEUE);
        world
    }

    /// What is answered to this call, and to every other until the next is set.
    fn answer<C: SolCall>(&self, target: Address, call: &C, answer: Vec<u8>) {
        let data = call.abi_encode();
        let (value, ok) = (U256::ZERO, Ok(answer));
        self.vm.mock_call(target, data.clone(), value, ok.clone());
        self.vm.mock_static_call(target, data, ok);
    }

    fn call<C: SolCall>(&mut self, sender: Address, call: &C) -> Outcome {
        self.vm.set_sender(sender);
        let (selector, arguments) = routed(call);
        let answer = EtherVault::route(&mut self.vault, selector, &arguments);
        answer.expect("the interface is routed")
    }

    /// A request of ALICE over `shares`, which the queue numbers `id`.
    fn request(&mut self, id: u64, shares: u64) {
        let (here, shares) = (self.vm.contract_address(), U256::from(shares));
        let queue = IWithdrawalQueue::requestWithdrawalCall {
            shares,
            owner: here,
            minEth: U256::ZERO,
        };
        self.answer(QUEUE, &queue, U256::from(id).abi_encode());
        let request = IEtherVault::requestRedeemCall {
            shares,
            controller: ALICE,
            owner: ALICE,
        };
        assert_eq!(self.call(ALICE, &request), word(id));
    }

    /// What the queue says of a request: `left` shares wait, `locked` wei were filled in.
    fn filled(&self, id: u64, left: u64, locked: u64) {
        let request = IWithdrawalQueue::requestOfCall {
            requestId: U256::from(id),
        };
        let words = [0, 0, 0, left, locked, 0].map(U256::from);
        self.answer(QUEUE, &request, words.abi_encode());
    }

    fn shares_of(&mut self, id: u64) -> (Outcome, Outcome) {
        let (id, controller) = (U256::from(id), ALICE);
        let pending = IEtherVault::pendingRedeemRequestCall {
            requestId: id,
            controller,
        };
        let claimable = IEtherVault::claimableRedeemRequestCall {
            requestId: id,
            controller,
        };
        (self.call(BOB, &pending), self.call(BOB, &claimable))
    }

    fn redeem(&mut self, sender: Address, shares: u64) -> Outcome {
        let redeem = IEtherVault::redeemCall {
            shares: U256::from(shares),
            receiver: BOB,
            controller: ALICE,
        };
        self.call(sender, &redeem)
    }
}

#[test]
fn every_call_of_the_interface_is_routed() {
    let mut world = World::new();
    check_routes::<IEtherVaultCalls, _>(|selector, input| {
        [EtherVault::route(&mut world.vault, selector, input).is_some()]
    });
}

#[test]
fn the_queue_of_the_pool_may_take_the_shares_of_requests() {
    let mut world = World::empty();
    let allow = IStakingPool::approveCall {
        spender: POOL,
        amount: U256::MAX,
    };
    // The mocked host gives every call the data that was set last: the pool of the wlsETH, the
    // queue of that, and the reason for which exactly this call fails.
    let data = POOL.abi_encode();
    let failing = Err(data.clone());
    world
        .vm
        .mock_call(POOL, allow.abi_encode(), U256::ZERO, failing);
    let begin = IEtherVault::initializeCall { wrapped: WRAPPED };
    assert_eq!(world.call(BOB, &begin), Err(data));
}

#[test]
fn the_token_is_named_once() {
    let mut world = World::new();
    let again = IEtherVault::initializeCall { wrapped: BOB };
    let refused = refusal(IEtherVault::AlreadyInitialized {});
    assert_eq!(world.call(ALICE, &again), refused);
    assert_eq!(world.vault.share(), WRAPPED);
}

#[test]
fn what_has_no_pool_and_queue_is_not_named() {
    let mut world = World::empty();
    world.answer(
        WRAPPED,
        &IWrappedToken::assetCall {},
        Address::ZERO.abi_encode(),
    );
    let begin = IEtherVault::initializeCall { wrapped: WRAPPED };
    let refused = refusal(IEtherVault::NotAWrappedToken { token: WRAPPED });
    assert_eq!(world.call(ALICE, &begin), refused);
    assert_eq!(world.vault.share(), Address::ZERO);
}

#[test]
fn the_interfaces_of_the_standards_are_told() {
    let world = World::new();
    let told = [0x01ff_c9a7, 0x2f0a_18c5, 0xe3bc_4e65, 0x620e_e8e4_u32];
    for id in told.map(u32::to_be_bytes) {
        assert!(world.vault.supports_interface(FixedBytes(id)));
    }
    // Asynchronous deposits, and what ERC-165 excludes.
    for id in [0xce3b_be50, 0xffff_ffff_u32].map(u32::to_be_bytes) {
        assert!(!world.vault.supports_interface(FixedBytes(id)));
    }
}

#[test]
fn a_request_is_pending_until_it_is_filled_in_whole() {
    let mut world = World::new();
    world.request(7, 100);
    let requested: IEtherVault::RedeemRequest = last(&world.vm);
    assert_eq!(requested.requestId, U256::from(7));
    assert_eq!(
        (requested.sender, requested.shares),
        (ALICE, U256::from(100))
    );
    world.filled(7, 60, 40);
    assert_eq!(world.shares_of(7), (word(100), word(0)));
    assert_eq!(world.vault.max_redeem(ALICE), Ok(U256::ZERO));
    world.filled(7, 0, 99);
    assert_eq!(world.shares_of(7), (word(0), word(100)));
    assert_eq!(world.vault.max_redeem(ALICE), Ok(U256::from(100)));
    assert_eq!(world.vault.max_withdraw(ALICE), Ok(U256::from(99)));
    // It is nobody else's.
    assert_eq!(world.vault.max_redeem(BOB), Ok(U256::ZERO));
    let bobs = world.vault.claimable_redeem_request(U256::from(7), BOB);
    assert_eq!(bobs, Ok(U256::ZERO));
}

#[test]
fn parts_are_paid_oldest_first_and_sum_to_the_whole() {
    let mut world = World::new();
    world.request(7, 3);
    world.request(9, 3);
    // Each of both, as the queue answers the same whatever it is asked.
    world.filled(7, 0, 10);
    // One of three shares that were filled with 10: ⌊10 ÷ 3⌋.
    assert_eq!(world.redeem(ALICE, 1), word(3));
    assert_eq!(world.shares_of(7), (word(0), word(2)));
    // The other two bring 7, one of the next three 3.
    assert_eq!(world.redeem(ALICE, 3), word(10));
    assert_eq!(world.shares_of(7), (word(0), word(0)));
    assert_eq!(world.shares_of(9), (word(0), word(2)));
    assert_eq!(world.redeem(ALICE, 2), word(7));
    let paid: IEtherVault::Withdraw = last(&world.vm);
    assert_eq!((paid.receiver, paid.owner), (BOB, ALICE));
    assert_eq!((paid.assets, paid.shares), (U256::from(7), U256::from(2)));
    assert_eq!(world.vault.max_redeem(ALICE), Ok(U256::ZERO));
}

#[test]
fn no_more_is_paid_than_was_filled() {
    let mut world = World::new();
    world.request(7, 3);
    world.filled(7, 0, 10);
    let refused = refusal(IEtherVault::AboveClaimable {
        controller: ALICE,
        wanted: U256::from(4),
        available: U256::from(3),
    });
    assert_eq!(world.redeem(ALICE, 4), refused);
}

#[test]
fn only_the_controller_and_its_operators_take() {
    let mut world = World::new();
    world.request(7, 3);
    world.filled(7, 0, 10);
    let refused = refusal(IEtherVault::NotAnOperator {
        account: ALICE,
        caller: BOB,
    });
    assert_eq!(world.redeem(BOB, 1), refused);
    let allow = IEtherVault::setOperatorCall {
        operator: BOB,
        approved: true,
    };
    assert_eq!(world.call(ALICE, &allow), Ok(true.abi_encode()));
    assert_eq!(world.redeem(BOB, 1), word(3));
    let forbid = IEtherVault::setOperatorCall {
        operator: BOB,
        approved: false,
    };
    assert_eq!(world.call(ALICE, &forbid), Ok(true.abi_encode()));
    assert_eq!(world.redeem(BOB, 1), refused);
}

#[test]
fn nobody_is_the_controller_who_could_never_take() {
    let mut world = World::new();
    for controller in [Address::ZERO, world.vm.contract_address()] {
        let request = IEtherVault::requestRedeemCall {
            shares: U256::from(3),
            controller,
            owner: ALICE,
        };
        let refused = refusal(IEtherVault::InvalidController { controller });
        assert_eq!(world.call(ALICE, &request), refused);
    }
}

#[test]
fn what_a_redemption_pays_is_not_foretold() {
    let mut world = World::new();
    let refused = refusal(IEtherVault::NoPreview {});
    let shares = U256::ONE;
    assert_eq!(
        world.call(ALICE, &IEtherVault::previewRedeemCall { shares }),
        refused
    );
    let assets = U256::ONE;
    assert_eq!(
        world.call(ALICE, &IEtherVault::previewWithdrawCall { assets }),
        refused
    );
}

#[test]
fn eth_comes_from_the_queue_alone_and_only_while_it_is_claimed() {
    let mut world = World::new();
    let here = world.vm.contract_address();
    for caller in [ALICE, QUEUE] {
        world.vm.set_sender(caller);
        let refused = refusal(IEtherVault::CallerNotAllowed {
            caller,
            expected: here,
        });
        let answer = <EtherVault as Router<EtherVault>>::receive(&mut world.vault);
        assert_eq!(answer.map(|it| it.map(|()| vec![])), Some(refused));
    }
}
