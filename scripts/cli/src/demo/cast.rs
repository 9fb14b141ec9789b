//! Who takes part in the demo.

use alloy::primitives::Address;
use alloy::signers::local::PrivateKeySigner;
use client::connection::well_known_key;

/// Somebody with a key.
#[derive(Debug, Clone)]
pub(super) struct Actor {
    pub(super) name: &'static str,
    pub(super) key: PrivateKeySigner,
}

impl Actor {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            key: well_known_key(&format!("lst demo: {name}")),
        }
    }

    pub(super) fn address(&self) -> Address {
        self.key.address()
    }
}

/// Everybody in the demo.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    /// Deploys, administers, and gives the others what they start with.
    pub(super) admin: Actor,
    /// Receives the fee shares.
    pub(super) treasury: Actor,
    /// Pays for the validators' work.
    pub(super) payer: Actor,
    /// Brings evidence.
    pub(super) watcher: Actor,
    /// Stands where a timelock will: may replace programs, and holds no role.
    pub(super) timelock: Actor,
    /// Calls what anyone may call.
    pub(super) keeper: Actor,
    pub(super) validators: [Actor; 4],
    pub(super) users: [Actor; 5],
}

impl Cast {
    /// Everybody; `admin` is whoever has ETH on the chain.
    pub(super) fn new(admin: PrivateKeySigner) -> Self {
        Self {
            admin: Actor {
                name: "admin",
                key: admin,
            },
            treasury: Actor::new("treasury"),
            payer: Actor::new("payer"),
            watcher: Actor::new("watcher"),
            timelock: Actor::new("timelock"),
            keeper: Actor::new("keeper"),
            validators: ["aspen", "birch", "cedar", "damson"].map(Actor::new),
            users: ["alice", "bob", "carol", "dave", "erin"].map(Actor::new),
        }
    }

    /// Everybody, in the order in which they are listed.
    pub(super) fn all(&self) -> impl Iterator<Item = &Actor> {
        [
            &self.admin,
            &self.treasury,
            &self.payer,
            &self.watcher,
            &self.timelock,
            &self.keeper,
        ]
        .into_iter()
        .chain(&self.validators)
        .chain(&self.users)
    }
}
