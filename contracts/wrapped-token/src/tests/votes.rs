//! Votes: whose they are, that they follow every move, and that the past stays as it was.

use alloy_primitives::{B256, b256};
use alloy_sol_types::{SolStruct, eip712_domain, sol};

use super::*;

sol! {
    struct Delegation {
        address delegatee;
        uint256 nonce;
        uint256 expiry;
    }
}

const CAROL: Address = address!("00000000000000000000000000000000000000b3");
const R: B256 = b256!("1111111111111111111111111111111111111111111111111111111111111111");
const S: B256 = b256!("2222222222222222222222222222222222222222222222222222222222222222");

impl World {
    fn delegate(&mut self, delegator: Address, delegatee: Address) {
        let call = IWrappedToken::delegateCall { delegatee };
        assert_eq!(self.call(delegator, &call), Ok(vec![]));
    }

    fn transfer(&mut self, from: Address, to: Address, value: u64) {
        let transfer = IWrappedToken::transferCall {
            to,
            value: U256::from(value),
        };
        assert_eq!(self.call(from, &transfer), word(1));
    }

    fn votes<const N: usize>(&self, accounts: [Address; N]) -> [U256; N] {
        accounts.map(|account| self.token.get_votes(account))
    }

    fn past_votes(&self, account: Address, timepoint: u64) -> U256 {
        let votes = self.token.get_past_votes(account, U256::from(timepoint));
        votes.expect("it is past")
    }
}

#[test]
fn nobody_votes_until_somebody_is_named() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    assert_eq!(world.votes([ALICE]), amounts([0]));
    world.delegate(ALICE, ALICE);
    assert_eq!(world.votes([ALICE]), amounts([100]));
    assert_eq!(world.token.delegates(ALICE), ALICE);
    assert_eq!(world.token.balance_of(ALICE), U256::from(100));
}

#[test]
fn votes_follow_what_is_minted_moved_and_burned() {
    let mut world = World::new();
    world.delegate(ALICE, CAROL);
    world.delegate(BOB, BOB);
    world.fund(ALICE, 100);
    world.transfer(ALICE, BOB, 30);
    assert_eq!(world.votes([ALICE, BOB, CAROL]), amounts([0, 30, 70]));
    let unwrap = IWrappedToken::unwrapCall {
        shares: U256::from(20),
    };
    assert!(world.call(ALICE, &unwrap).is_ok());
    assert_eq!(world.votes([BOB, CAROL]), amounts([30, 50]));
    let changed: IWrappedToken::DelegateVotesChanged = world.last();
    assert_eq!(
        (changed.delegate, changed.previousVotes, changed.newVotes),
        (CAROL, U256::from(70), U256::from(50))
    );
}

#[test]
fn a_transfer_between_voters_of_one_delegate_leaves_no_trace_in_its_votes() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    world.delegate(ALICE, CAROL);
    world.delegate(BOB, CAROL);
    world.vm.set_block_timestamp(START + 1);
    let before = world.vm.get_emitted_logs().len();
    world.transfer(ALICE, BOB, 60);
    world.transfer(ALICE, ALICE, 40);
    assert_eq!(world.votes([CAROL]), amounts([100]));
    assert_eq!(world.token.num_checkpoints(CAROL), 1);
    // Two transfers, and nothing else.
    assert_eq!(world.vm.get_emitted_logs().len(), before + 2);
}

#[test]
fn another_delegate_takes_the_votes_over() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    world.delegate(ALICE, BOB);
    world.delegate(ALICE, CAROL);
    assert_eq!(world.votes([BOB, CAROL]), amounts([0, 100]));
    world.delegate(ALICE, Address::ZERO);
    assert_eq!(world.votes([BOB, CAROL]), amounts([0, 0]));
    let changed: IWrappedToken::DelegateChanged = world.last();
    assert_eq!(
        (changed.delegator, changed.fromDelegate, changed.toDelegate),
        (ALICE, CAROL, Address::ZERO)
    );
}

#[test]
fn the_past_stays_as_it_was() {
    let mut world = World::new();
    world.delegate(ALICE, ALICE);
    // 1, 3, 6, 10, 15 at five moments, ten seconds apart.
    for step in 1..=5 {
        world.vm.set_block_timestamp(START + 10 * step);
        world.fund(ALICE, step);
    }
    world.vm.set_block_timestamp(START + 100);
    for (after, votes) in [
        (9, 0),
        (10, 1),
        (19, 1),
        (20, 3),
        (35, 6),
        (49, 10),
        (50, 15),
        (99, 15),
    ] {
        assert_eq!(world.past_votes(ALICE, START + after), U256::from(votes));
        let supply = world.token.get_past_total_supply(U256::from(START + after));
        assert_eq!(supply, Ok(U256::from(votes)));
    }
    assert_eq!(world.token.num_checkpoints(ALICE), 5);
    let all = [0, 1, 2, 3, 4, 5].map(|pos| world.token.checkpoints(ALICE, pos));
    let expected = [(10, 1), (20, 3), (30, 6), (40, 10), (50, 15)];
    assert_eq!(all[..5], expected.map(|(at, votes)| (START + at, votes)));
    assert_eq!(all[5], (0, 0));
}

#[test]
fn the_present_and_the_future_are_not_past() {
    let mut world = World::new();
    for timepoint in [U256::from(START), U256::from(START + 1), U256::MAX] {
        let refused = IWrappedToken::ERC5805FutureLookup {
            timepoint,
            clock: U256::from(START).to(),
        };
        let account = ALICE;
        let votes = IWrappedToken::getPastVotesCall { account, timepoint };
        assert_eq!(world.call(ALICE, &votes), refusal(refused.clone()));
        let supply = IWrappedToken::getPastTotalSupplyCall { timepoint };
        assert_eq!(world.call(ALICE, &supply), refusal(refused));
    }
}

impl World {
    /// A delegation to Bob, and the precompile's word that Alice signed it.
    fn signed(&self, nonce: u64) -> IWrappedToken::delegateBySigCall {
        let (delegatee, nonce, expiry) = (BOB, U256::from(nonce), U256::from(START));
        let delegation = Delegation {
            delegatee,
            nonce,
            expiry,
        };
        let domain = eip712_domain! {
            name: "Wrapped liquid staked ETH",
            version: "1",
            chain_id: stylus_sdk::stylus_core::ChainAccess::chain_id(&self.vm),
            verifying_contract: self.vm.contract_address(),
        };
        let digest = delegation.eip712_signing_hash(&domain);
        let input = (digest, U256::from(27), R, S).abi_encode();
        let precompile = Address::with_last_byte(1);
        let answer = Ok(ALICE.abi_encode());
        self.vm.mock_static_call(precompile, input, answer);
        IWrappedToken::delegateBySigCall {
            delegatee,
            nonce,
            expiry,
            v: 27,
            r: R,
            s: S,
        }
    }
}

#[test]
fn a_signed_delegation_counts_once_and_in_time() {
    let mut world = World::new();
    world.fund(ALICE, 100);
    let signed = world.signed(0);
    assert_eq!(world.call(CAROL, &signed), Ok(vec![]));
    assert_eq!(world.votes([BOB]), amounts([100]));
    let used = IWrappedToken::InvalidAccountNonce {
        account: ALICE,
        currentNonce: U256::ONE,
    };
    assert_eq!(world.call(CAROL, &signed), refusal(used));
    let late = world.signed(1);
    world.vm.set_block_timestamp(START + 1);
    let expired = IWrappedToken::VotesExpiredSignature {
        expiry: U256::from(START),
    };
    assert_eq!(world.call(CAROL, &late), refusal(expired));
}
