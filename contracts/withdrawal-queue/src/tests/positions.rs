//! Positions as ERC-721 tokens: who has them, who moves them, and how they are listed.

use alloy_primitives::{Bytes, b256};

use super::*;

const CAROL: Address = address!("00000000000000000000000000000000000000b3");
/// A contract; what it answers is mocked.
const VAULT: Address = address!("00000000000000000000000000000000000000d1");
/// `onERC721Received.selector`, padded.
const TAKEN: B256 = b256!("150b7a0200000000000000000000000000000000000000000000000000000000");

fn id(id: u64) -> U256 {
    U256::from(id)
}

fn word(word: impl SolValue) -> Outcome {
    Ok(word.abi_encode())
}

/// Alice has requests 1 to `count`.
fn owning(count: u64) -> World {
    let mut world = World::new();
    for _ in 0..count {
        assert!(world.request(ALICE, ETHER).is_ok());
    }
    world
}

impl World {
    fn transfer(&mut self, caller: Address, from: Address, to: Address, token: u64) -> Outcome {
        let token_id = id(token);
        self.call(
            caller,
            &IWithdrawalQueue::transferFromCall {
                from,
                to,
                tokenId: token_id,
            },
        )
    }

    fn listed(&self, owner: Address) -> Vec<u64> {
        let ids = self.desk.get_withdrawal_requests(owner);
        ids.into_iter().map(|id| id.saturating_to()).collect()
    }

    /// The question that a contract is asked which gets token 1 from Alice.
    fn question(&self, data: &[u8]) -> Vec<u8> {
        let mut question = vec![0x15, 0x0b, 0x7a, 0x02];
        let arguments = (ALICE, ALICE, id(1), Bytes::copy_from_slice(data));
        question.extend(arguments.abi_encode_params());
        question
    }
}

#[test]
fn a_request_is_minted_to_its_owner() {
    let world = owning(1);
    let minted: IWithdrawalQueue::Transfer = world.last();
    assert_eq!(
        (minted.from, minted.to, minted.tokenId),
        (Address::ZERO, ALICE, id(1))
    );
    assert_eq!(world.queue.owner_of(id(1)), Ok(ALICE));
    assert_eq!(world.desk.balance_of(ALICE), Ok(id(1)));
}

#[test]
fn a_claim_burns_the_token() {
    let mut world = owning(1);
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    world.expect(ALICE, vec![], ETHER);
    assert_eq!(world.claim(ALICE, 1), Ok(vec![]));
    let burned: IWithdrawalQueue::Transfer = world.last();
    assert_eq!((burned.from, burned.to), (ALICE, Address::ZERO));
    assert_eq!(world.desk.balance_of(ALICE), Ok(U256::ZERO));
    let gone = IWithdrawalQueue::ERC721NonexistentToken { tokenId: id(1) };
    let owner_of = IWithdrawalQueue::ownerOfCall { tokenId: id(1) };
    assert_eq!(world.call(BOB, &owner_of), refusal(gone.clone()));
    assert_eq!(world.transfer(ALICE, ALICE, BOB, 1), refusal(gone));
}

#[test]
fn the_new_owner_is_paid() {
    let mut world = owning(1);
    assert_eq!(world.transfer(ALICE, ALICE, BOB, 1), Ok(vec![]));
    assert_eq!(world.finalize(ETHER, ETHER), pair(1, ETHER));
    world.expect(BOB, vec![], ETHER);
    assert_eq!(world.claim(CAROL, 1), Ok(vec![]));
    let claimed: IWithdrawalQueue::WithdrawalClaimed = world.last();
    assert_eq!((claimed.owner, claimed.receiver), (BOB, BOB));
}

#[test]
fn lists_have_no_gaps_whichever_entry_leaves() {
    // Nine entries and their number fill two and a half words of four.
    for leaving in 1..=9 {
        let mut world = owning(9);
        assert_eq!(world.transfer(ALICE, ALICE, BOB, leaving), Ok(vec![]));
        assert_eq!(world.listed(BOB), [leaving]);
        let mut left = world.listed(ALICE);
        left.sort_unstable();
        let expected: Vec<u64> = (1..=9).filter(|id| *id != leaving).collect();
        assert_eq!(left, expected);
        // The entry that took the free position knows where it is.
        for id in expected {
            assert_eq!(world.transfer(ALICE, ALICE, CAROL, id), Ok(vec![]));
        }
        assert_eq!(world.listed(ALICE), [0_u64; 0]);
        assert_eq!(world.listed(CAROL).len(), 8);
    }
}

#[test]
fn lists_are_read_by_page() {
    let world = owning(5);
    let page = |first: u64, count: u64| {
        let ids =
            world
                .desk
                .get_withdrawal_requests_page(ALICE, U256::from(first), U256::from(count));
        ids.iter()
            .map(|id| id.saturating_to())
            .collect::<Vec<u64>>()
    };
    assert_eq!(page(0, 2), [1, 2]);
    assert_eq!(page(3, 9), [4, 5]);
    assert_eq!(page(5, 1), [0_u64; 0]);
    assert_eq!(page(u64::MAX, u64::MAX), [0_u64; 0]);
    assert_eq!(world.desk.token_of_owner_by_index(ALICE, id(4)), Ok(id(5)));
    let behind = world.desk.token_of_owner_by_index(ALICE, id(5));
    let expected = IWithdrawalQueue::ERC721OutOfBoundsIndex {
        owner: ALICE,
        index: id(5),
    };
    assert_eq!(behind.map_err(Vec::from), Err(expected.abi_encode()));
}

#[test]
fn an_approval_lets_one_token_be_moved_once() {
    let mut world = owning(2);
    let approve = IWithdrawalQueue::approveCall {
        to: CAROL,
        tokenId: id(1),
    };
    let stranger = IWithdrawalQueue::ERC721InvalidApprover { approver: BOB };
    assert_eq!(world.call(BOB, &approve), refusal(stranger));
    assert_eq!(world.call(ALICE, &approve), Ok(vec![]));
    let approved: IWithdrawalQueue::Approval = world.last();
    assert_eq!((approved.owner, approved.approved), (ALICE, CAROL));
    assert_eq!(world.desk.get_approved(id(1)), Ok(CAROL));

    let refused = |token| {
        refusal(IWithdrawalQueue::ERC721InsufficientApproval {
            operator: CAROL,
            tokenId: id(token),
        })
    };
    assert_eq!(world.transfer(CAROL, ALICE, BOB, 2), refused(2));
    assert_eq!(world.transfer(CAROL, ALICE, BOB, 1), Ok(vec![]));
    assert_eq!(world.desk.get_approved(id(1)), Ok(Address::ZERO));
    assert_eq!(world.transfer(CAROL, BOB, CAROL, 1), refused(1));
}

#[test]
fn an_operator_moves_and_approves_all() {
    let mut world = owning(2);
    let operate =
        |operator, approved| IWithdrawalQueue::setApprovalForAllCall { operator, approved };
    assert_eq!(world.call(ALICE, &operate(BOB, true)), Ok(vec![]));
    let set: IWithdrawalQueue::ApprovalForAll = world.last();
    assert_eq!((set.owner, set.operator, set.approved), (ALICE, BOB, true));
    assert!(world.desk.is_approved_for_all(ALICE, BOB));
    let approve = IWithdrawalQueue::approveCall {
        to: CAROL,
        tokenId: id(2),
    };
    assert_eq!(world.call(BOB, &approve), Ok(vec![]));
    assert_eq!(world.transfer(BOB, ALICE, BOB, 1), Ok(vec![]));
    assert_eq!(world.call(ALICE, &operate(BOB, false)), Ok(vec![]));
    assert_eq!(
        world.transfer(BOB, ALICE, BOB, 2),
        refusal(IWithdrawalQueue::ERC721InsufficientApproval {
            operator: BOB,
            tokenId: id(2),
        })
    );
    let nobody = IWithdrawalQueue::ERC721InvalidOperator {
        operator: Address::ZERO,
    };
    assert_eq!(
        world.call(ALICE, &operate(Address::ZERO, true)),
        refusal(nobody)
    );
}

#[test]
fn tokens_go_to_nobody_nor_to_the_queue() {
    let mut world = owning(1);
    for receiver in [Address::ZERO, world.vm.contract_address()] {
        let expected = IWithdrawalQueue::ERC721InvalidReceiver { receiver };
        assert_eq!(world.transfer(ALICE, ALICE, receiver, 1), refusal(expected));
    }
    assert_eq!(
        world.transfer(ALICE, BOB, CAROL, 1),
        refusal(IWithdrawalQueue::ERC721IncorrectOwner {
            sender: BOB,
            tokenId: id(1),
            owner: ALICE,
        })
    );
}

#[test]
fn a_contract_must_agree_to_a_safe_transfer() {
    let send = |answer: Outcome| {
        let mut world = owning(1);
        world.vm.set_code(VAULT, vec![1]);
        let question = world.question(b"seven b");
        world.vm.mock_call(VAULT, question, U256::ZERO, answer);
        world.call(
            ALICE,
            &IWithdrawalQueue::safeTransferFrom_1Call {
                from: ALICE,
                to: VAULT,
                tokenId: id(1),
                data: b"seven b".into(),
            },
        )
    };
    let refused = refusal(IWithdrawalQueue::ERC721InvalidReceiver { receiver: VAULT });
    assert_eq!(send(Ok(vec![])), refused);
    assert_eq!(send(Ok(U256::ONE.abi_encode())), refused);
    assert_eq!(send(Ok(TAKEN[..4].to_vec())), refused);
    assert_eq!(send(Err(b"no".to_vec())), refused);
    assert_eq!(send(Ok(TAKEN.to_vec())), Ok(vec![]));
}

#[test]
fn an_account_without_code_is_not_asked() {
    let mut world = owning(1);
    let safe = IWithdrawalQueue::safeTransferFrom_0Call {
        from: ALICE,
        to: BOB,
        tokenId: id(1),
    };
    assert_eq!(world.call(ALICE, &safe), Ok(vec![]));
    assert_eq!(world.queue.owner_of(id(1)), Ok(BOB));
}

#[test]
fn the_interfaces_of_a_token_are_reported() {
    let world = World::new();
    for (interface, supported) in [
        (0x01ff_c9a7_u32, true),
        (0x80ac_58cd, true),
        (0x5b5e_139f, true),
        (0x4906_4906, true),
        (0xffff_ffff, false),
        (0x7965_db0b, true),
        (0x780e_9d63, false),
    ] {
        let answer = world
            .desk
            .supports_interface(interface.to_be_bytes().into());
        assert_eq!(answer, supported, "{interface:x}");
    }
    assert_eq!(world.desk.name(), "lsETH Withdrawal");
    assert_eq!(world.desk.symbol(), "unlsETH");
}

#[test]
fn nobody_has_no_balance() {
    let mut world = World::new();
    let owner = Address::ZERO;
    let balance = IWithdrawalQueue::balanceOfCall { owner };
    let expected = IWithdrawalQueue::ERC721InvalidOwner { owner };
    assert_eq!(world.call(BOB, &balance), refusal(expected));
    let balance = IWithdrawalQueue::balanceOfCall { owner: BOB };
    assert_eq!(world.call(BOB, &balance), word(U256::ZERO));
}
