//! AccessControl.

use crate::PEOPLE;
use crate::dice::Dice;

/// How many roles there are; role 0 is DEFAULT_ADMIN_ROLE.
pub const ROLES: usize = 4;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Who calls.
    pub from: usize,
    /// What.
    pub act: Act,
}

/// What is called; a role by its number, an account by the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// `grantRole`.
    Grant(usize, usize),
    /// `revokeRole`.
    Revoke(usize, usize),
    /// `renounceRole`, confirmed with this account.
    Renounce(usize, usize),
}

impl Operation {
    /// The next one. Person 0 keeps the admin's role, so that there is always somebody to give it.
    pub fn draw(dice: &mut Dice) -> Self {
        let from = match dice.below(3) {
            0 => 0,
            _ => dice.person(),
        };
        let role = dice.index(ROLES);
        let account = match role {
            0 => 1 + dice.index(PEOPLE - 1),
            _ => dice.person(),
        };
        let act = match dice.below(10) {
            0..=4 => Act::Grant(role, account),
            5..=7 => Act::Revoke(role, account),
            8 => Act::Renounce(role, account),
            // Its own, which is what the confirmation is for.
            _ if role == 0 && from == 0 => Act::Renounce(1, from),
            _ => Act::Renounce(role, from),
        };
        Self { from, act }
    }
}
