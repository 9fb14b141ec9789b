//! What people do to a token, a vault, positions and roles, drawn from a seed.
//!
//! An operation says *who* and *how much of what there is*, never an address or a number: so the same
//! seed means the same to contracts on a chain and to contracts that motsu runs natively. No
//! dependency, so that workspaces on either side of the SDK's lines can use it.

pub mod amount;
pub mod dice;
pub mod positions;
pub mod record;
pub mod roles;
pub mod token;
pub mod vault;

/// How many people take part.
pub const PEOPLE: usize = 5;

/// Whom an operation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// One of the [`PEOPLE`].
    Person(usize),
    /// The zero address.
    Nobody,
    /// One of the contracts that receive tokens.
    Contract(usize),
}

impl Party {
    /// A person, and now and then nobody.
    pub fn draw(dice: &mut dice::Dice) -> Self {
        match dice.below(20) {
            0 => Self::Nobody,
            _ => Self::Person(dice.person()),
        }
    }
}
