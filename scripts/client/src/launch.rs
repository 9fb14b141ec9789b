//! Deploys the whole protocol and connects its parts.

use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolValue;

use crate::address_book::{AddressBook, Entry};
use crate::artifact::Artifact;
use crate::contract::Contract;
use crate::deploy::{self, Constructor, DeployError, Program};
use crate::protocol::{Protocol, Role};
use crate::send::{SendError, send};

/// Why the protocol could not be deployed.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// A contract was not built.
    #[error("there is no artifact of {0}")]
    NoArtifact(Contract),
    /// A contract could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The pool did not accept the other two contracts.
    #[error("the pool cannot be connected")]
    Connect(#[source] SendError),
    /// A role could not be given.
    #[error("role {role:?} of {contract} cannot be given to {account}")]
    Grant {
        /// The role.
        role: Role,
        /// The contract that guards it.
        contract: Contract,
        /// Who should have it.
        account: Address,
        /// Why not.
        source: SendError,
    },
}

/// What the protocol is deployed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Deploys, administers every contract, and holds no other role.
    pub admin: Address,
    /// Receives the fee shares.
    pub treasury: Address,
    /// Pays rewards in.
    pub distributor: Address,
    /// Takes penalties.
    pub slasher: Address,
    /// Jails validators.
    pub jailer: Address,
    /// Pauses.
    pub pauser: Address,
    /// Sets the deposit limit.
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
    /// The parameters of a devnode, every role with `admin`: rewards are released over an hour at
    /// least, and stake unbonds for 7 days.
    pub fn devnode(admin: Address) -> Self {
        let ether = U256::from(1_000_000_000_000_000_000_u64);
        Self {
            admin,
            treasury: admin,
            distributor: admin,
            slasher: admin,
            jailer: admin,
            pauser: admin,
            limiter: admin,
            fee_bps: 1_000,
            release_secs: 3_600,
            minimum_bond: ether,
            unbonding_secs: 7 * 86_400,
            bootstrap: U256::from(10_000_000_000_000_000_u64),
        }
    }

    fn grants(&self) -> [(Contract, Role, Address); 7] {
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
            (registry, Role::Pauser, self.pauser),
            (queue, Role::Pauser, self.pauser),
        ]
    }
}

/// A deployed protocol.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Its contracts.
    pub protocol: Protocol,
    /// What putting each of them on the chain took, in the order of [`Contract::ALL`].
    pub programs: Vec<Program>,
    /// Gas of connecting the contracts and granting the roles.
    pub setup_gas: u64,
}

impl Launch {
    /// The address book of this deployment.
    pub fn book(&self, chain_id: u64) -> AddressBook {
        let mut book = AddressBook::empty(chain_id);
        for program in &self.programs {
            let entry = Entry {
                address: program.address,
                codehash: program.codehash,
                block: program.block,
            };
            book.contracts.insert(program.contract, entry);
        }
        book
    }
}

/// Deploys every contract, connects the pool to the other two, and grants the roles.
///
/// # Errors
/// [`LaunchError`]; what was done before the failing step stays on the chain and is not connected.
pub async fn launch(
    provider: &DynProvider,
    artifacts: &[Artifact],
    parameters: &Parameters,
) -> Result<Launch, LaunchError> {
    deploy::check_chain(provider).await?;
    let admin = parameters.admin;
    let mut programs = Vec::new();
    for contract in Contract::ALL {
        let artifact = artifacts
            .iter()
            .find(|artifact| artifact.contract == contract);
        let artifact = artifact.ok_or(LaunchError::NoArtifact(contract))?;
        let pool = programs
            .first()
            .map_or(Address::ZERO, |pool: &Program| pool.address);
        let constructor = constructor(contract, parameters, pool);
        programs.push(deploy::program(provider, admin, artifact, &constructor).await?);
    }
    let address = |contract| {
        let program = programs.iter().find(|program| program.contract == contract);
        program.map_or(Address::ZERO, |program| program.address)
    };
    let protocol = Protocol::at(
        provider.clone(),
        address(Contract::StakingPool),
        address(Contract::ValidatorRegistry),
        address(Contract::WithdrawalQueue),
    );
    let setup_gas = set_up(&protocol, parameters).await?;
    Ok(Launch {
        protocol,
        programs,
        setup_gas,
    })
}

fn constructor(contract: Contract, parameters: &Parameters, pool: Address) -> Constructor {
    let Parameters {
        admin, treasury, ..
    } = *parameters;
    let arguments = match contract {
        Contract::StakingPool => {
            (admin, treasury, parameters.fee_bps, parameters.release_secs).abi_encode_params()
        }
        Contract::ValidatorRegistry => (
            admin,
            pool,
            parameters.minimum_bond,
            parameters.unbonding_secs,
        )
            .abi_encode_params(),
        Contract::WithdrawalQueue => (admin, pool).abi_encode_params(),
    };
    let value = match contract {
        Contract::StakingPool => parameters.bootstrap,
        Contract::ValidatorRegistry | Contract::WithdrawalQueue => U256::ZERO,
    };
    Constructor { arguments, value }
}

async fn set_up(protocol: &Protocol, parameters: &Parameters) -> Result<u64, LaunchError> {
    let (registry, queue) = (*protocol.registry.address(), *protocol.queue.address());
    let connect = protocol
        .pool
        .connect(registry, queue)
        .from(parameters.admin);
    let connected = send(&protocol.provider, connect.into_transaction_request()).await;
    let mut gas = connected.map_err(LaunchError::Connect)?.gas_used;
    for (contract, role, account) in parameters.grants() {
        let request = grant(protocol, contract, role, account).from(parameters.admin);
        let granted = send(&protocol.provider, request).await;
        let granted = granted.map_err(|source| LaunchError::Grant {
            role,
            contract,
            account,
            source,
        })?;
        gas = gas.saturating_add(granted.gas_used);
    }
    Ok(gas)
}

fn grant(
    protocol: &Protocol,
    contract: Contract,
    role: Role,
    account: Address,
) -> TransactionRequest {
    let id = role.id();
    match contract {
        Contract::StakingPool => {
            let call = protocol.pool.grantRole(id, account);
            call.into_transaction_request()
        }
        Contract::ValidatorRegistry => {
            let call = protocol.registry.grantRole(id, account);
            call.into_transaction_request()
        }
        Contract::WithdrawalQueue => {
            let call = protocol.queue.grantRole(id, account);
            call.into_transaction_request()
        }
    }
}
