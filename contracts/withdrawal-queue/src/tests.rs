//! Roles, value, storage and events of the queue; the rules themselves are tested in `protocol`.
//!
//! The pool is mocked at rate one with 100 ETH free, unless a test says otherwise.

use abi::{
    IAdministration, IStakingPool,
    IWithdrawalQueue::{self, IWithdrawalQueueCalls},
};
use alloy_primitives::{Address, B256, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolValue};
use glue::{
    access::DEFAULT_ADMIN_ROLE,
    testing::{
        ADMIN, ALICE, BOB, ETHER, Outcome, START, behind_a_proxy, check_routes, host, last,
        refusal, routed,
    },
    transient,
};
use queue_desk::QueueDesk;
use queue_state::{FINALIZATION, REQUESTS};
use stylus_sdk::{abi::Router, testing::TestVM};

use super::*;

mod leaving;
mod positions;
mod words;

const ADMINISTRATION: Address = address!("00000000000000000000000000000000000000c0");
const POOL: Address = address!("00000000000000000000000000000000000000c1");
const DESK: Address = address!("00000000000000000000000000000000000000c2");

struct World {
    vm: TestVM,
    queue: WithdrawalQueue,
    /// The other program, on the same storage.
    desk: QueueDesk,
    quote: Vec<u8>,
}

impl World {
    fn new() -> Self {
        let vm = behind_a_proxy(&[POOL, ADMINISTRATION, DESK]);
        let mut queue = WithdrawalQueue::from(&vm);
        let begun = queue.initialize(ADMIN, ADMINISTRATION, DESK, POOL);
        assert_eq!(begun, Ok(()));
        // What the administration program does, which the mocked host does not run.
        let office = &mut queue.state.administration;
        let begun = office.start(ADMIN, ADMINISTRATION, DESK, queue_state::GROUPS);
        assert_eq!(begun, Ok(()));
        let desk = QueueDesk::from(&vm);
        let quote = Vec::new();
        let mut world = Self {
            vm,
            queue,
            desk,
            quote,
        };
        world.quote(100, 1_000, 1_000);
        world
    }

    /// The pool's answer: free, pooled and shares, in ETH.
    fn quote(&mut self, free: u64, assets: u64, shares: u64) {
        let ether = |amount: u64| U256::from(amount).saturating_mul(U256::from(ETHER));
        // No slash is pending.
        self.quote = (ether(free), ether(assets), ether(shares), U256::ZERO).abi_encode();
        self.mock_quote();
    }

    fn mock_quote(&self) {
        let call = IStakingPool::withdrawalQuoteCall {}.abi_encode();
        self.vm.mock_static_call(POOL, call, Ok(self.quote.clone()));
    }

    /// Lets a pull of amounts succeed at the quoted rate.
    fn expect_totals(&self, data: Vec<u8>) {
        let totals = self.quote[32..96].to_vec();
        self.vm.mock_call(POOL, data, U256::ZERO, Ok(totals));
    }

    /// Lets a call succeed. TestVM has one return buffer, filled when a mock is made, so every call
    /// answers with the quote; what else is called here has an answer that is not looked at.
    fn expect(&self, to: Address, data: Vec<u8>, value: u64) {
        self.vm
            .mock_call(to, data, U256::from(value), Ok(self.quote.clone()));
    }

    /// A transaction of one call.
    fn call<C: SolCall>(&mut self, sender: Address, call: &C) -> Outcome {
        transient::end_transaction();
        self.next_call(sender, call)
    }

    /// One more call in the transaction that the last one was in.
    fn next_call<C: SolCall>(&mut self, sender: Address, call: &C) -> Outcome {
        self.vm.set_sender(sender);
        let (selector, arguments) = routed(call);
        // What the queue does not route, its desk answers.
        WithdrawalQueue::route(&mut self.queue, selector, &arguments)
            .or_else(|| QueueDesk::route(&mut self.desk, selector, &arguments))
            .expect("the interface is routed")
    }

    fn locked(&self) -> u128 {
        self.queue.state.line.ends().locked
    }

    fn grant(&mut self, role: B256) {
        self.queue.state.administration.roles.give(role, ADMIN);
    }

    fn request(&mut self, owner: Address, amount: u64) -> Outcome {
        let amounts = vec![U256::from(amount)];
        let pull = IStakingPool::transferAmountsFromCall {
            from: owner,
            to: self.vm.contract_address(),
            amounts: amounts.clone(),
        };
        self.expect_totals(pull.abi_encode());
        let answer = self.call(
            owner,
            &IWithdrawalQueue::requestWithdrawalsCall {
                amounts,
                owner: Address::ZERO,
            },
        );
        self.mock_quote();
        answer
    }

    fn finalize(&mut self, expected_shares: u64, expected_assets: u64) -> Outcome {
        let fill = IStakingPool::fillWithdrawalsCall {
            shares: U256::from(expected_shares),
            assets: U256::from(expected_assets),
        };
        self.expect(POOL, fill.abi_encode(), 0);
        self.call(
            BOB,
            &IWithdrawalQueue::finalizeCall {
                maxRequests: U256::from(10),
            },
        )
    }

    fn claim(&mut self, sender: Address, id: u64) -> Outcome {
        let request_id = U256::from(id);
        self.call(
            sender,
            &IWithdrawalQueue::claimWithdrawalCall {
                requestId: request_id,
            },
        )
    }

    fn last<E: SolEvent>(&self) -> E {
        last(&self.vm)
    }
}

fn pair(first: u64, second: u64) -> Outcome {
    Ok((U256::from(first), U256::from(second)).abi_encode())
}

#[test]
fn every_call_of_the_interface_is_routed_by_one_of_the_two_programs() {
    let mut world = World::new();
    check_routes::<IWithdrawalQueueCalls, _>(|selector, input| {
        [
            WithdrawalQueue::route(&mut world.queue, selector, input).is_some(),
            QueueDesk::route(&mut world.desk, selector, input).is_some(),
        ]
    });
}

#[test]
fn a_second_initialisation_is_refused() {
    let mut world = World::new();
    let again = world.queue.initialize(ALICE, ADMINISTRATION, DESK, POOL);
    assert_eq!(
        again.map_err(Vec::from),
        Err(IAdministration::AlreadyInitialized {}.abi_encode())
    );
    let roles = &world.queue.state.administration.roles;
    assert!(!roles.has(DEFAULT_ADMIN_ROLE, ALICE));
}

#[test]
fn the_program_itself_cannot_be_initialised() {
    let vm = host(&[POOL, ADMINISTRATION, DESK]);
    let mut queue = WithdrawalQueue::from(&vm);
    let refused = queue.initialize(ALICE, ADMINISTRATION, DESK, POOL);
    assert_eq!(
        refused.map_err(Vec::from),
        Err(IAdministration::NotBehindProxy {}.abi_encode())
    );
    assert_eq!(queue.pool(), Address::ZERO);
}

#[test]
fn a_request_locks_shares_and_takes_the_last_place() {
    let mut world = World::new();
    assert_eq!(
        world.request(ALICE, ETHER),
        Ok(vec![U256::from(1)].abi_encode())
    );
    assert_eq!(
        world.request(BOB, ETHER),
        Ok(vec![U256::from(2)].abi_encode())
    );
    assert_eq!(
        world.queue.unfilled(),
        (U256::from(2 * ETHER), U256::from(2 * ETHER))
    );
    let requested: IWithdrawalQueue::WithdrawalRequested = world.last();
    assert_eq!((requested.requestor, requested.owner), (BOB, BOB));
    assert_eq!(requested.amountOfShares, U256::from(ETHER));
}

#[test]
fn a_request_under_the_minimum_is_refused() {
    let mut world = World::new();
    assert_eq!(
        world.request(ALICE, 999_999_999_999_999),
        refusal(IWithdrawalQueue::RequestBelowMinimum {
            assets: U256::from(999_999_999_999_999_u64),
            minimum: U256::from(1_000_000_000_000_000_u64),
        })
    );
    assert_eq!(world.desk.get_last_request_id(), U256::ZERO);
}

#[test]
fn a_request_worth_less_than_asked_is_refused() {
    let mut world = World::new();
    let request = IWithdrawalQueue::requestWithdrawalCall {
        shares: U256::from(ETHER),
        owner: ALICE,
        minEth: U256::from(ETHER + 1),
    };
    let pull = IStakingPool::transferSharesFromCall {
        from: ALICE,
        to: world.vm.contract_address(),
        shares: U256::from(ETHER),
    };
    let worth = U256::from(ETHER).abi_encode();
    world
        .vm
        .mock_call(POOL, pull.abi_encode(), U256::ZERO, Ok(worth));
    let worth = IWithdrawalQueue::WorthBelowMinimum {
        assets: U256::from(ETHER),
        minimum: U256::from(ETHER + 1),
    };
    assert_eq!(world.call(ALICE, &request), refusal(worth));
}

#[test]
fn a_request_is_finalized_and_claimed_once_for_its_owner() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    assert_eq!(world.locked(), u128::from(ETHER));
    world.expect(ALICE, vec![], ETHER);
    // Anyone may trigger it; it pays the owner.
    assert_eq!(world.claim(BOB, 1), Ok(vec![]));
    let claimed: IWithdrawalQueue::WithdrawalClaimed = world.last();
    assert_eq!((claimed.owner, claimed.receiver), (ALICE, ALICE));
    assert_eq!(claimed.amountOfETH, U256::from(ETHER));
    assert_eq!(world.locked(), 0);
    assert_eq!(
        world.claim(ALICE, 1),
        refusal(IWithdrawalQueue::RequestAlreadyClaimed {
            requestId: U256::from(1)
        })
    );
}

#[test]
fn a_head_larger_than_the_free_eth_is_filled_in_part_and_not_claimable() {
    let mut world = World::new();
    assert!(world.request(ALICE, 4 * ETHER).is_ok());
    world.quote(1, 1_000, 1_000);
    assert_eq!(world.finalize(ETHER, ETHER), pair(0, ETHER));
    assert_eq!(world.desk.get_last_finalized_request_id(), U256::ZERO);
    assert_eq!(world.locked(), u128::from(ETHER));
    assert_eq!(
        world.claim(ALICE, 1),
        refusal(IWithdrawalQueue::RequestNotFinalized {
            requestId: U256::from(1),
            sharesLeft: U256::from(3 * ETHER),
        })
    );
}

#[test]
fn a_loss_before_the_fill_is_shared() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    // A tenth of the pool is gone.
    world.quote(100, 900, 1_000);
    assert_eq!(
        world.finalize(ETHER, 900_000_000_000_000_000),
        pair(1, 900_000_000_000_000_000)
    );
}

#[test]
fn unknown_requests_and_foreign_owners_are_refused() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    for id in [0, 2] {
        let missing = IWithdrawalQueue::RequestNotFound {
            requestId: U256::from(id),
        };
        assert_eq!(world.claim(ALICE, id), refusal(missing));
    }
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    let to_bob = IWithdrawalQueue::claimToCall {
        requestId: U256::from(1),
        receiver: BOB,
    };
    let foreign = IWithdrawalQueue::NotRequestOwner {
        requestId: U256::from(1),
        caller: BOB,
        owner: ALICE,
    };
    assert_eq!(world.call(BOB, &to_bob), refusal(foreign));
    assert_eq!(world.locked(), u128::from(ETHER));
}

#[test]
fn a_pause_stops_requests_and_finalization_but_no_claim() {
    let mut world = World::new();
    assert!(world.request(ALICE, ETHER).is_ok());
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    for group in [REQUESTS, FINALIZATION] {
        let pauses = &mut world.queue.state.administration.pauses;
        assert_eq!(pauses.pause(group, 28_800), Ok(()));
    }
    let until = START + 28_800;
    assert_eq!(
        world.request(ALICE, ETHER),
        refusal(IAdministration::GroupPaused { group: 0, until })
    );
    assert_eq!(
        world.finalize(ETHER, ETHER),
        refusal(IAdministration::GroupPaused { group: 1, until })
    );
    world.expect(ALICE, vec![], ETHER);
    assert_eq!(world.claim(ALICE, 1), Ok(vec![]));
}

#[test]
fn eth_comes_from_the_pool_only() {
    let mut world = World::new();
    world.vm.set_sender(ALICE);
    let stranger = IWithdrawalQueue::CallerNotAllowed {
        caller: ALICE,
        expected: POOL,
    };
    assert_eq!(
        WithdrawalQueue::receive(&mut world.queue),
        Some(Err(stranger.abi_encode()))
    );
    world.vm.set_sender(POOL);
    assert_eq!(WithdrawalQueue::receive(&mut world.queue), Some(Ok(())));
}

#[test]
fn a_call_touches_a_bounded_number_of_requests() {
    let mut world = World::new();
    for count in [0, 101] {
        let finalize = IWithdrawalQueue::finalizeCall {
            maxRequests: U256::from(count),
        };
        let bounds = IWithdrawalQueue::InvalidOperationCount {
            maxOps: U256::from(count),
            maximum: U256::from(100),
        };
        assert_eq!(world.call(ALICE, &finalize), refusal(bounds));
    }
    let requests = IWithdrawalQueue::requestWithdrawalsCall {
        amounts: vec![U256::from(ETHER); 101],
        owner: ALICE,
    };
    let many = IWithdrawalQueue::TooManyRequests {
        count: U256::from(101),
        maximum: U256::from(100),
    };
    assert_eq!(world.call(ALICE, &requests), refusal(many));
}

#[test]
fn a_permit_that_fails_does_not_stop_a_request_with_an_allowance() {
    for answer in [Ok(vec![]), Err(b"used".to_vec())] {
        let mut world = World::new();
        let (value, deadline) = (U256::from(ETHER), U256::MAX);
        let (r, s) = (B256::repeat_byte(1), B256::repeat_byte(2));
        let permit = IStakingPool::permit_0Call {
            owner: ALICE,
            spender: world.vm.contract_address(),
            value,
            deadline,
            v: 27,
            r,
            s,
        };
        world
            .vm
            .mock_call(POOL, permit.abi_encode(), U256::ZERO, answer);
        let pull = IStakingPool::transferAmountsFromCall {
            from: ALICE,
            to: world.vm.contract_address(),
            amounts: vec![value],
        };
        world.expect_totals(pull.abi_encode());
        let request = IWithdrawalQueue::requestWithdrawalsWithPermitCall {
            amounts: vec![value],
            owner: Address::ZERO,
            permit: IWithdrawalQueue::PermitInput {
                value,
                deadline,
                v: 27,
                r,
                s,
            },
        };
        assert_eq!(
            world.call(ALICE, &request),
            Ok(vec![U256::from(1)].abi_encode())
        );
    }
}

#[test]
fn a_batch_takes_its_shares_in_one_call() {
    let mut world = World::new();
    let amounts = vec![U256::from(ETHER), U256::from(2 * ETHER)];
    let pull = IStakingPool::transferAmountsFromCall {
        from: ALICE,
        to: world.vm.contract_address(),
        amounts: amounts.clone(),
    };
    world.expect_totals(pull.abi_encode());
    let request = IWithdrawalQueue::requestWithdrawalsCall {
        amounts,
        owner: BOB,
    };
    let ids = vec![U256::from(1), U256::from(2)];
    assert_eq!(world.call(ALICE, &request), Ok(ids.abi_encode()));
    let both = (U256::from(3 * ETHER), U256::from(3 * ETHER));
    assert_eq!(world.queue.unfilled(), both);
}
