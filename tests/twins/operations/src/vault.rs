//! ERC-4626.

use crate::Party;
use crate::amount::Amount;
use crate::dice::Dice;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Who calls.
    pub from: usize,
    /// What.
    pub act: Act,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// `approve` of the asset for the vault, measured by the caller's assets.
    Allow(Amount),
    /// `deposit`, of what the caller has and the vault may take.
    Deposit(Party, Amount),
    /// `mint`, of what that buys.
    Mint(Party, Amount),
    /// `withdraw` for this receiver from this owner, of what the owner has and the caller may.
    Withdraw(Party, usize, Amount),
    /// `redeem`, likewise.
    Redeem(Party, usize, Amount),
    /// `approve` of shares, measured by the caller's shares.
    Approve(Party, Amount),
    /// `transfer` of shares.
    Transfer(Party, Amount),
}

impl Operation {
    /// The next one.
    pub fn draw(dice: &mut Dice) -> Self {
        let from = dice.person();
        // Mostly one's own.
        let owner = match dice.below(3) {
            0 => dice.person(),
            _ => from,
        };
        let (party, amount) = (Party::draw(dice), Amount::draw(dice));
        let act = match dice.below(16) {
            0..=2 => Act::Allow(amount),
            3..=5 => Act::Deposit(party, amount),
            6..=8 => Act::Mint(party, amount),
            9..=10 => Act::Withdraw(party, owner, amount),
            11..=12 => Act::Redeem(party, owner, amount),
            13..=14 => Act::Approve(party, amount),
            _ => Act::Transfer(party, amount),
        };
        Self { from, act }
    }
}
