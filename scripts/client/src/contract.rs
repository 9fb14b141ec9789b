//! The contracts of the protocol, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A contract of the protocol; each is one package of the contracts' workspace.
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
    /// Every contract, in the order in which they are deployed.
    pub const ALL: [Self; 3] = [
        Self::StakingPool,
        Self::ValidatorRegistry,
        Self::WithdrawalQueue,
    ];

    /// Name of the cargo package and of the folder under `contracts/`.
    pub const fn package(self) -> &'static str {
        match self {
            Self::StakingPool => "staking-pool",
            Self::ValidatorRegistry => "validator-registry",
            Self::WithdrawalQueue => "withdrawal-queue",
        }
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.package())
    }
}
