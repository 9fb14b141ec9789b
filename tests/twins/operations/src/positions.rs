//! ERC-721.

use crate::Party;
use crate::dice::Dice;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Who calls.
    pub from: Somebody,
    /// What.
    pub act: Act,
}

/// Whom an operation names by what it has to do with the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Somebody {
    /// The token's owner, if that is a person.
    Owner,
    /// One of the people, whoever owns the token.
    Person(usize),
}

/// What is called. Tokens are counted from 0 over all that were ever created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The caller gets a new token.
    Mint,
    /// The caller ends a token.
    Burn(u64),
    /// `transferFrom`.
    Transfer(Somebody, Party, u64),
    /// `safeTransferFrom` without data.
    SafeTransfer(Somebody, Party, u64),
    /// `safeTransferFrom` with so many bytes of data.
    SafeTransferWith(Somebody, Party, u64, usize),
    /// `approve`.
    Approve(Party, u64),
    /// `setApprovalForAll`.
    ApproveAll(Party),
    /// `setApprovalForAll` with `false`.
    ApproveNone(Party),
}

impl Act {
    /// The token that it is about.
    pub fn token(self) -> Option<u64> {
        match self {
            Self::Burn(token)
            | Self::Transfer(_, _, token)
            | Self::SafeTransfer(_, _, token)
            | Self::SafeTransferWith(_, _, token, _)
            | Self::Approve(_, token) => Some(token),
            Self::Mint | Self::ApproveAll(_) | Self::ApproveNone(_) => None,
        }
    }
}

impl Operation {
    /// The next one, where `minted` tokens were created so far and there are so many contracts that
    /// may receive some.
    pub fn draw(dice: &mut Dice, minted: u64, contracts: usize) -> Self {
        let from = Somebody::draw(dice);
        let owner = Somebody::draw(dice);
        let party = match dice.below(4) {
            0 if contracts > 0 => Party::Contract(dice.index(contracts)),
            _ => Party::draw(dice),
        };
        // Young tokens mostly, and one that does not exist now and then.
        let back = dice.below(12);
        let token = (minted + 1).saturating_sub(back);
        let act = match dice.below(20) {
            0..=2 => Act::Mint,
            3 => Act::Burn(token),
            4..=7 => Act::Transfer(owner, party, token),
            8..=10 => Act::SafeTransfer(owner, party, token),
            11..=13 => Act::SafeTransferWith(owner, party, token, dice.index(100)),
            14..=16 => Act::Approve(party, token),
            17..=18 => Act::ApproveAll(party),
            _ => Act::ApproveNone(party),
        };
        Self { from, act }
    }
}

impl Somebody {
    fn draw(dice: &mut Dice) -> Self {
        match dice.below(5) {
            0..=2 => Self::Owner,
            _ => Self::Person(dice.person()),
        }
    }
}
