//! ERC-20 and ERC-2612.

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
    /// `transfer`, of the caller's balance.
    Transfer(Party, Amount),
    /// `approve`, measured by the caller's balance.
    Approve(Party, Amount),
    /// `transferFrom` this owner, of what the caller may and the owner has.
    TransferFrom(usize, Party, Amount),
    /// `permit`, signed by this owner unless the flaw says otherwise.
    Permit(usize, Party, Amount, Flaw),
}

/// What is wrong with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// The deadline is past.
    Expired,
    /// The nonce is the next but one.
    Nonce,
    /// It was used before.
    Replayed,
    /// Another person signed.
    Signer,
    /// It was signed for another contract.
    Contract,
    /// It was signed for another chain.
    Chain,
    /// `s` is in the upper half of the curve's order.
    HighS,
    /// `v` is neither 27 nor 28.
    V,
    /// `r` is zero.
    Zero,
}

impl Operation {
    /// The next one.
    pub fn draw(dice: &mut Dice) -> Self {
        let from = dice.person();
        let act = match dice.below(10) {
            0..=2 => Act::Transfer(Party::draw(dice), Amount::draw(dice)),
            3..=4 => Act::Approve(Party::draw(dice), Amount::draw(dice)),
            5..=7 => Act::TransferFrom(dice.person(), Party::draw(dice), Amount::draw(dice)),
            _ => {
                let flaw = Flaw::draw(dice);
                Act::Permit(dice.person(), Party::draw(dice), Amount::draw(dice), flaw)
            }
        };
        Self { from, act }
    }
}

impl Flaw {
    fn draw(dice: &mut Dice) -> Self {
        match dice.below(18) {
            0 => Self::Expired,
            1 => Self::Nonce,
            2 => Self::Replayed,
            3 => Self::Signer,
            4 => Self::Contract,
            5 => Self::Chain,
            6 => Self::HighS,
            7 => Self::V,
            8 => Self::Zero,
            _ => Self::None,
        }
    }
}
