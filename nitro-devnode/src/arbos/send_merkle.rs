//! The Merkle accumulator of messages to the L1: what was sent so far, in one root.
//!
//! Slot 0 holds the number of messages, slot 2 + n the root of a full subtree of 2^n of them,
//! or zero. Messages are added in [`crate::precompiles`].
use revm::primitives::{B256, U256, keccak256};

use super::layout;

/// Offset of the partial root of level 0; that of level n is n further on.
pub const PARTIALS: u64 = 2;

/// The accumulator at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendMerkle {
    /// Messages ever sent.
    pub size: u64,
    /// Roots of full subtrees, by level; zero where there is none.
    pub partials: Vec<B256>,
}

impl SendMerkle {
    /// Reads it slot by slot: the size, then as many partial roots as the size has bits.
    pub fn load<E>(mut read: impl FnMut(U256) -> Result<U256, E>) -> Result<Self, E> {
        let space = layout::send_merkle();
        let size = read(space.at(0))?.saturating_to::<u64>();
        let levels = u64::from(u64::BITS.saturating_sub(size.leading_zeros()));
        let partials = (0..levels).map(|level| read(space.at(PARTIALS + level)).map(B256::from));
        Ok(Self {
            size,
            partials: partials.collect::<Result<_, E>>()?,
        })
    }

    /// The root of the tree, the missing leaves of its right side counted as zero; zero when
    /// nothing was sent.
    pub fn root(&self) -> B256 {
        let mut root: Option<(B256, usize)> = None;
        for (level, partial) in self.partials.iter().enumerate() {
            if partial.is_zero() {
                continue;
            }
            root = Some(match root {
                None => (*partial, level),
                Some((mut right, mut height)) => {
                    while height < level {
                        right = node(right, B256::ZERO);
                        height = height.saturating_add(1);
                    }
                    (node(*partial, right), level.saturating_add(1))
                }
            });
        }
        root.map_or(B256::ZERO, |(root, _)| root)
    }
}

fn node(left: B256, right: B256) -> B256 {
    keccak256([left, right].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(byte: u8) -> B256 {
        B256::repeat_byte(byte)
    }

    #[test]
    fn nothing_sent_has_the_zero_root() {
        assert_eq!(SendMerkle::default().root(), B256::ZERO);
    }

    #[test]
    fn one_leaf_is_its_own_root() {
        let one = SendMerkle {
            size: 1,
            partials: vec![leaf(1)],
        };
        assert_eq!(one.root(), leaf(1));
    }

    #[test]
    fn five_leaves_are_padded_with_zeros_on_the_right() {
        // Four leaves under `four`, the fifth alone: ((5 ‖ 0) ‖ 0) to the right of it.
        let (four, five) = (leaf(4), leaf(5));
        let tree = SendMerkle {
            size: 5,
            partials: vec![five, B256::ZERO, four],
        };
        let padded = node(node(five, B256::ZERO), B256::ZERO);
        assert_eq!(tree.root(), node(four, padded));
    }
}
