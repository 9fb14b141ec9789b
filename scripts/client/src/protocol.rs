//! The contracts of one deployment, ready to be called.

use alloy::primitives::{Address, B256, U256, address, keccak256};
use alloy::providers::DynProvider;

use crate::abi::IAdministration::IAdministrationInstance;
use crate::abi::IEtherVault::IEtherVaultInstance;
use crate::abi::IStakingPool::IStakingPoolInstance;
use crate::abi::IValidatorRegistry::IValidatorRegistryInstance;
use crate::abi::IWithdrawalQueue::IWithdrawalQueueInstance;
use crate::abi::IWrappedToken::IWrappedTokenInstance;
use crate::address_book::{AddressBook, BookError};
use crate::contract::{Contract, Program};
use crate::send::SendError;

/// Holds the bootstrap shares and receives burned penalties; nobody has its key.
pub const DEAD: Address = address!("0x000000000000000000000000000000000000dEaD");

/// A role of the contracts' access control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Grants and revokes every role.
    Admin,
    /// Pays rewards into the pool.
    Distributor,
    /// Takes penalties.
    Slasher,
    /// Jails and frees validators.
    Jailer,
    /// Vets validators and limits what they carry.
    Curator,
    /// Pauses groups of functions.
    Pauser,
    /// Sets the limits of deposits and of the instant lane.
    Limiter,
    /// Suspends the instant lane while a slash is being decided.
    Guardian,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Admin,
        Self::Distributor,
        Self::Slasher,
        Self::Jailer,
        Self::Curator,
        Self::Pauser,
        Self::Limiter,
        Self::Guardian,
    ];

    /// The name of the role.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "DEFAULT_ADMIN_ROLE",
            Self::Distributor => "DISTRIBUTOR_ROLE",
            Self::Slasher => "SLASHER_ROLE",
            Self::Jailer => "JAILER_ROLE",
            Self::Curator => "CURATOR_ROLE",
            Self::Pauser => "PAUSER_ROLE",
            Self::Limiter => "LIMITER_ROLE",
            Self::Guardian => "GUARDIAN_ROLE",
        }
    }

    /// The role as the contracts know it: zero for the admin, else the hash of its name.
    pub fn id(self) -> B256 {
        match self {
            Self::Admin => B256::ZERO,
            other => keccak256(other.name()),
        }
    }
}

/// The contracts of one deployment.
#[derive(Debug, Clone)]
pub struct Protocol {
    /// The connection they are called over.
    pub provider: DynProvider,
    /// lsETH.
    pub pool: IStakingPoolInstance<DynProvider>,
    /// Validators, their bonds and the delegated stake.
    pub registry: IValidatorRegistryInstance<DynProvider>,
    /// Requests to leave.
    pub queue: IWithdrawalQueueInstance<DynProvider>,
    /// wlsETH.
    pub wrapped: IWrappedTokenInstance<DynProvider>,
    /// ETH to wlsETH, and back through the queue.
    pub vault: IEtherVaultInstance<DynProvider>,
}

impl Protocol {
    /// The contracts at these addresses.
    pub fn at(
        provider: DynProvider,
        pool: Address,
        registry: Address,
        queue: Address,
        wrapped: Address,
        vault: Address,
    ) -> Self {
        Self {
            pool: IStakingPoolInstance::new(pool, provider.clone()),
            registry: IValidatorRegistryInstance::new(registry, provider.clone()),
            queue: IWithdrawalQueueInstance::new(queue, provider.clone()),
            wrapped: IWrappedTokenInstance::new(wrapped, provider.clone()),
            vault: IEtherVaultInstance::new(vault, provider.clone()),
            provider,
        }
    }

    /// The contracts that an address book lists.
    ///
    /// # Errors
    /// [`BookError::NotDeployed`], [`BookError::NoProgram`] if it does not list all of them.
    pub fn from_book(provider: DynProvider, book: &AddressBook) -> Result<Self, BookError> {
        Ok(Self::at(
            provider,
            book.address(Contract::StakingPool)?,
            book.address(Contract::ValidatorRegistry)?,
            book.address(Contract::WithdrawalQueue)?,
            book.program(Program::WrappedToken)?,
            book.program(Program::EtherVault)?,
        ))
    }

    /// Where a contract is.
    pub fn address(&self, contract: Contract) -> Address {
        match contract {
            Contract::StakingPool => *self.pool.address(),
            Contract::ValidatorRegistry => *self.registry.address(),
            Contract::WithdrawalQueue => *self.queue.address(),
        }
    }

    /// Roles and pauses of a contract.
    pub fn administration(&self, contract: Contract) -> IAdministrationInstance<DynProvider> {
        IAdministrationInstance::new(self.address(contract), self.provider.clone())
    }

    /// What shares are worth now.
    ///
    /// # Errors
    /// [`SendError`] if the pool does not answer.
    pub async fn rate(&self) -> Result<Rate, SendError> {
        let (assets, shares) = (self.pool.getTotalPooledEther(), self.pool.getTotalShares());
        let (assets, shares) = tokio::try_join!(assets.call(), shares.call())?;
        Ok(Rate { assets, shares })
    }
}

/// The two sides of the exchange rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Wei that all shares are worth.
    pub assets: U256,
    /// All shares.
    pub shares: U256,
}

impl Rate {
    /// Wei per share with 27 decimals, rounded down; 0 while there are no shares.
    pub fn e27(self) -> U256 {
        let scale = U256::from(10).pow(U256::from(27));
        self.assets
            .saturating_mul(scale)
            .checked_div(self.shares)
            .unwrap_or_default()
    }
}
