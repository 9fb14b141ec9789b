//! The contracts of the protocol and the programs that they run, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A contract of the protocol that is a proxy in front of a program. wlsETH and its vault are not:
/// people call their programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contract {
    /// lsETH: deposits, shares, rewards.
    StakingPool,
    /// Bonds, delegated and unbonding ETH, slashing.
    ValidatorRegistry,
    /// Requests to leave, first come first served.
    WithdrawalQueue,
}

impl Contract {
    /// All three, in the order in which they are created.
    pub const ALL: [Self; 3] = [
        Self::StakingPool,
        Self::ValidatorRegistry,
        Self::WithdrawalQueue,
    ];

    /// The program in the proxy's slot.
    pub const fn program(self) -> Program {
        match self {
            Self::StakingPool => Program::StakingPool,
            Self::ValidatorRegistry => Program::ValidatorRegistry,
            Self::WithdrawalQueue => Program::WithdrawalQueue,
        }
    }

    /// The name of the contract and of its program.
    pub const fn name(self) -> &'static str {
        self.program().package()
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A Stylus program; each is one package of the contracts' workspace. Those of wlsETH and its vault
/// have a state of their own, the others run on that of a [`Contract`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Program {
    /// Roles and pauses, for every [`Contract`].
    Administration,
    /// The rare methods of the validator registry: its extension.
    RegistryDesk,
    /// What the staking pool runs.
    StakingPool,
    /// What the staking pool runs where that ends: rewards, losses, delegation, terms.
    PoolOperations,
    /// What the validator registry runs.
    ValidatorRegistry,
    /// What the withdrawal queue runs.
    WithdrawalQueue,
    /// What the withdrawal queue hands over: readers, pictures, leaving at once.
    QueueDesk,
    /// wlsETH, which is called itself: it is never replaced, so no proxy stands in front of it.
    WrappedToken,
    /// The ETH vault of wlsETH; called itself, as it.
    EtherVault,
}

impl Program {
    /// Every program, in the order in which they are deployed.
    pub const ALL: [Self; 9] = [
        Self::Administration,
        Self::RegistryDesk,
        Self::StakingPool,
        Self::PoolOperations,
        Self::ValidatorRegistry,
        Self::WithdrawalQueue,
        Self::QueueDesk,
        Self::WrappedToken,
        Self::EtherVault,
    ];

    /// Name of the cargo package and of the folder under `contracts/`.
    pub const fn package(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::RegistryDesk => "registry-desk",
            Self::StakingPool => "staking-pool",
            Self::PoolOperations => "pool-operations",
            Self::ValidatorRegistry => "validator-registry",
            Self::WithdrawalQueue => "withdrawal-queue",
            Self::QueueDesk => "queue-desk",
            Self::WrappedToken => "wrapped-token",
            Self::EtherVault => "ether-vault",
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.package())
    }
}
