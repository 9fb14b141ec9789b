//! Moving lsETH: what a transfer stores and emits, what it refuses, how allowances are spent.

use super::*;

#[test]
fn a_transfer_moves_shares_and_keeps_their_sum() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let transfer = IStakingPool::transferCall {
        to: BOB,
        amount: U256::from(400),
    };
    assert_eq!(world.call(ALICE, 0, &transfer), word(1));
    assert_eq!(world.pool.shares_of(BOB), U256::from(400));
    assert_eq!(world.pool.shares_of(ALICE), U256::from(ETHER - 400));
    let moved: IStakingPool::Transfer = world.last();
    assert_eq!(
        (moved.from, moved.to, moved.value),
        (ALICE, BOB, U256::from(400))
    );
}

#[test]
fn a_transfer_to_oneself_changes_no_balance() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let transfer = IStakingPool::transferSharesCall {
        to: ALICE,
        shares: U256::from(ETHER),
    };
    assert_eq!(world.call(ALICE, 0, &transfer), word(ETHER));
    assert_eq!(world.pool.shares_of(ALICE), U256::from(ETHER));
}

#[test]
fn refused_transfers_change_nothing() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let before = world.state();
    let own = world.vm.contract_address();
    for receiver in [Address::ZERO, own] {
        let transfer = IStakingPool::transferCall {
            to: receiver,
            amount: U256::from(1),
        };
        let invalid = IStakingPool::ERC20InvalidReceiver { receiver };
        assert_eq!(world.call(ALICE, 0, &transfer), refusal(invalid));
    }
    let too_much = IStakingPool::transferCall {
        to: BOB,
        amount: U256::from(ETHER + 1),
    };
    let insufficient = IStakingPool::ERC20InsufficientBalance {
        sender: ALICE,
        balance: U256::from(ETHER),
        needed: U256::from(ETHER + 1),
    };
    assert_eq!(world.call(ALICE, 0, &too_much), refusal(insufficient));
    let without_allowance = IStakingPool::transferFromCall {
        from: ALICE,
        to: BOB,
        amount: U256::from(7),
    };
    let missing = IStakingPool::ERC20InsufficientAllowance {
        spender: BOB,
        allowance: U256::ZERO,
        needed: U256::from(7),
    };
    assert_eq!(world.call(BOB, 0, &without_allowance), refusal(missing));
    assert_eq!(world.state(), before);
}

#[test]
fn an_allowance_is_spent_and_an_infinite_one_is_not() {
    let mut world = World::new();
    assert_eq!(world.submit(ALICE, ETHER), word(ETHER));
    let spend = IStakingPool::transferFromCall {
        from: ALICE,
        to: BOB,
        amount: U256::from(7),
    };
    for (allowed, left) in [(U256::from(10), U256::from(3)), (U256::MAX, U256::MAX)] {
        let approve = IStakingPool::approveCall {
            spender: BOB,
            amount: allowed,
        };
        assert_eq!(world.call(ALICE, 0, &approve), word(1));
        assert_eq!(world.call(BOB, 0, &spend), word(1));
        assert_eq!(world.pool.allowance(ALICE, BOB), left);
    }
}

#[test]
fn an_allowance_is_raised_and_lowered() {
    let mut world = World::new();
    let raise = |added| IStakingPool::increaseAllowanceCall {
        spender: BOB,
        addedValue: added,
    };
    let lower = |subtracted| IStakingPool::decreaseAllowanceCall {
        spender: BOB,
        subtractedValue: U256::from(subtracted),
    };
    assert_eq!(world.call(ALICE, 0, &raise(U256::from(7))), word(1));
    assert_eq!(world.call(ALICE, 0, &lower(3_u64)), word(1));
    let approval: IStakingPool::Approval = world.last();
    assert_eq!(approval.value, U256::from(4));
    let insufficient = IStakingPool::ERC20InsufficientAllowance {
        spender: BOB,
        allowance: U256::from(4),
        needed: U256::from(5),
    };
    assert_eq!(world.call(ALICE, 0, &lower(5)), refusal(insufficient));
    assert_eq!(world.call(ALICE, 0, &raise(U256::MAX)), word(1));
    assert_eq!(world.pool.allowance(ALICE, BOB), U256::MAX);
}
