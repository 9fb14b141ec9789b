//! What somebody does next, drawn at random: most of it can succeed, some of it cannot.

mod administration;
mod permits;
mod queue;
mod registry;
mod token;
mod vault;
mod wrapped;

use alloy::primitives::{Address, U256};
use alloy::signers::local::PrivateKeySigner;
use client::abi::{IStakingPool as Pool, IWithdrawalQueue as Queue};
use rand::Rng;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand_chacha::ChaCha8Rng;

use super::model::{MINIMUM, Model};
use super::operation::Operation;

const ETHER: u128 = 1_000_000_000_000_000_000;

/// Who draws: the dice, what they may look at, and who there is.
pub(super) struct Draw<'a> {
    pub(super) rng: &'a mut ChaCha8Rng,
    pub(super) model: &'a Model,
    pub(super) people: &'a [PrivateKeySigner],
}

impl Draw<'_> {
    /// The next operation.
    pub(super) fn operation(mut self) -> Operation {
        let from = self.person();
        match self.rng.random_range(0..200) {
            0..4 => self.plain_send(from),
            4..78 => self.token_call(from),
            78..98 => self.request(from),
            98..124 => self.end(from),
            124..134 => {
                let most = self.count();
                Operation::call(
                    from,
                    self.model.at.queue,
                    &Queue::finalizeCall { maxRequests: most },
                )
            }
            134..142 => {
                let max_ops = self.count();
                Operation::call(
                    from,
                    self.model.at.pool,
                    &Pool::rebalanceCall { maxOps: max_ops },
                )
            }
            142..150 => self.administration(from),
            150..172 => self.registry(from),
            172..176 => self.pause(from),
            _ => self.wrapped_call(from),
        }
    }

    /// What somebody does between the operations of a seed.
    pub(super) fn visit(mut self) -> Operation {
        let from = self.person();
        if self.one_in(8) {
            return self.expulsion(from);
        }
        self.vault_call(from)
    }

    fn plain_send(&mut self, from: Address) -> Operation {
        let at = self.model.at;
        let to = if self.one_in(2) { at.pool } else { at.wrapped };
        Operation::send(from, to, self.ether(MINIMUM))
    }

    fn key(&mut self) -> PrivateKeySigner {
        let key = self.people.choose(self.rng);
        key.cloned().expect("there are people")
    }

    fn person(&mut self) -> Address {
        self.key().address()
    }

    /// Somebody, or now and then who can do nothing with what it is given.
    fn receiver(&mut self) -> Address {
        let at = self.model.at;
        match self.rng.random_range(0..60) {
            0 => Address::ZERO,
            1 => at.pool,
            2 => at.wrapped,
            3 => at.queue,
            4..11 => self.wallet(),
            11 => at.vault,
            _ => self.person(),
        }
    }

    /// As [`Self::receiver`], for ETH and positions: who gets them may refuse.
    fn taker(&mut self) -> Address {
        match self.rng.random_range(0..60) {
            0 | 1 => Address::ZERO,
            2 => self.model.at.pool,
            3 => self.model.at.vault,
            4 => self.model.at.wrapped,
            5..15 => self.neighbour(),
            _ => self.person(),
        }
    }

    /// A contract that is not the protocol's.
    fn neighbour(&mut self) -> Address {
        let all = self.model.neighbours.keys();
        all.choose(self.rng).copied().unwrap_or_default()
    }

    /// A contract that may have signed.
    fn wallet(&mut self) -> Address {
        let all = self.model.signatories();
        all.choose(self.rng).copied().unwrap_or_default()
    }

    /// Who may have something that somebody else moves.
    fn holder(&mut self) -> Address {
        if self.one_in(5) {
            return self.wallet();
        }
        self.person()
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.rng.random_ratio(1, many)
    }

    /// How many places a bounded call may touch.
    fn count(&mut self) -> U256 {
        match self.rng.random_range(0..40) {
            0 => U256::ZERO,
            1 => U256::from(101),
            2 => U256::MAX,
            _ => U256::from(self.rng.random_range(1..6)),
        }
    }

    /// An amount of ETH to send, from `least` wei to 20 ETH, now and then less than `least`.
    fn ether(&mut self, least: u128) -> u128 {
        match self.rng.random_range(0..12) {
            0 => self.rng.random_range(0..=least),
            1..4 => self.rng.random_range(least..=least * 10),
            _ => self.rng.random_range(least..=20 * ETHER),
        }
    }

    /// An amount up to `most` and at times just above, with the edges among them.
    fn amount(&mut self, most: u128) -> U256 {
        let amount = match self.rng.random_range(0..24) {
            0 => 0,
            1 => 1,
            2 => return U256::MAX,
            3 => most.saturating_add(1),
            4..10 => most,
            _ => self.rng.random_range(0..=most),
        };
        // Beyond this the model's products of shares and ETH do not fit their quotients.
        U256::from(amount.min(1 << 100))
    }
}
