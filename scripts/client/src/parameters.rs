//! What the protocol is deployed with, and the least that a chain with real ETH demands of it.

use alloy::primitives::{Address, U256};
use alloy::providers::{DynProvider, Provider};

use crate::contract::Contract;
use crate::protocol::Role;
use crate::send::SendError;

/// Shortest release of rewards in production, and so the shortest epoch: a day.
pub const PRODUCTION_RELEASE_SECS: u64 = 86_400;

/// Shortest unbonding in production: 7 days, a day longer than evidence stays valid.
pub const PRODUCTION_UNBONDING_SECS: u64 = 7 * 86_400;

/// Why parameters are not fit for production.
#[derive(Debug, thiserror::Error)]
pub enum ProductionError {
    /// Rewards could be sandwiched.
    #[error(
        "rewards are released over {secs} s; in production over {PRODUCTION_RELEASE_SECS} s at least"
    )]
    ReleaseTooShort {
        /// What was asked for.
        secs: u64,
    },
    /// Stake could leave before evidence comes.
    #[error("stake unbonds for {secs} s; in production for {PRODUCTION_UNBONDING_SECS} s at least")]
    UnbondingTooShort {
        /// What was asked for.
        secs: u64,
    },
    /// Whoever deploys keeps power.
    #[error(
        "{role:?} of {contract} is the deployer {deployer}: in production its key opens nothing"
    )]
    DeployerHoldsRole {
        /// The role.
        role: Role,
        /// The contract that guards it.
        contract: Contract,
        /// Whoever deploys.
        deployer: Address,
    },
    /// Programs could be replaced, or roles given, by one key, at once.
    #[error("the {place} {account} has no code: in production it is a timelock, or many together")]
    WithoutCode {
        /// What it may do: `upgrader` or `admin`.
        place: &'static str,
        /// Who it is.
        account: Address,
    },
    /// The node did not say what is at their addresses.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// What the protocol is deployed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Sends every transaction of the deployment.
    pub deployer: Address,
    /// Administers pool, registry and queue in the end.
    pub admin: Address,
    /// May replace the programs: the place of a timelock, fixed in the code of every proxy.
    pub upgrader: Address,
    /// Receives the fee shares.
    pub treasury: Address,
    /// Pays rewards in.
    pub distributor: Address,
    /// Takes penalties.
    pub slasher: Address,
    /// Jails validators.
    pub jailer: Address,
    /// Vets validators and limits what they carry.
    pub curator: Address,
    /// Pauses, and suspends the instant lane.
    pub pauser: Address,
    /// Sets the limits of deposits and of the instant lane.
    pub limiter: Address,
    /// Part of the rewards that becomes fee shares, in 1/10,000.
    pub fee_bps: u16,
    /// Time over which rewards are released.
    pub release_secs: u64,
    /// Smallest bond of a validator, in wei.
    pub minimum_bond: U256,
    /// Time that undelegated stake stays slashable.
    pub unbonding_secs: u64,
    /// Wei whose shares belong to nobody, so that the pool is never empty.
    pub bootstrap: U256,
}

impl Parameters {
    /// The parameters of a devnode, every role with `deployer`: rewards are released over an hour at
    /// least, and stake unbonds for 7 days.
    pub fn devnode(deployer: Address) -> Self {
        let ether = U256::from(1_000_000_000_000_000_000_u64);
        Self {
            deployer,
            admin: deployer,
            upgrader: deployer,
            treasury: deployer,
            distributor: deployer,
            slasher: deployer,
            jailer: deployer,
            curator: deployer,
            pauser: deployer,
            limiter: deployer,
            fee_bps: 1_000,
            release_secs: 3_600,
            minimum_bond: ether,
            unbonding_secs: PRODUCTION_UNBONDING_SECS,
            bootstrap: U256::from(10_000_000_000_000_000_u64),
        }
    }

    /// Whether people's ETH may be kept with these parameters: long timers, a deployer without power,
    /// and contracts as upgrader and admin.
    ///
    /// # Errors
    /// [`ProductionError`], the first that is found.
    pub async fn check_production(&self, provider: &DynProvider) -> Result<(), ProductionError> {
        let (release, unbonding) = (self.release_secs, self.unbonding_secs);
        if release < PRODUCTION_RELEASE_SECS {
            return Err(ProductionError::ReleaseTooShort { secs: release });
        }
        if unbonding < PRODUCTION_UNBONDING_SECS {
            return Err(ProductionError::UnbondingTooShort { secs: unbonding });
        }
        let deployer = self.deployer;
        let admins = Contract::ALL.map(|contract| (contract, Role::Admin, self.admin));
        let mut roles = self.grants().into_iter().chain(admins);
        if let Some((contract, role, _)) = roles.find(|(_, _, account)| *account == deployer) {
            return Err(ProductionError::DeployerHoldsRole {
                role,
                contract,
                deployer,
            });
        }
        for (place, account) in [("upgrader", self.upgrader), ("admin", self.admin)] {
            let code = provider.get_code_at(account).await;
            if code.map_err(SendError::from)?.is_empty() {
                return Err(ProductionError::WithoutCode { place, account });
            }
        }
        Ok(())
    }

    /// Every role but the admin's, and who gets it.
    pub(crate) fn grants(&self) -> [(Contract, Role, Address); 10] {
        let (pool, registry, queue) = (
            Contract::StakingPool,
            Contract::ValidatorRegistry,
            Contract::WithdrawalQueue,
        );
        [
            (pool, Role::Distributor, self.distributor),
            (pool, Role::Pauser, self.pauser),
            (pool, Role::Limiter, self.limiter),
            (registry, Role::Slasher, self.slasher),
            (registry, Role::Jailer, self.jailer),
            (registry, Role::Curator, self.curator),
            (registry, Role::Pauser, self.pauser),
            (queue, Role::Pauser, self.pauser),
            (queue, Role::Limiter, self.limiter),
            (queue, Role::Guardian, self.pauser),
        ]
    }
}
