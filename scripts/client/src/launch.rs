//! Deploys the whole protocol and connects its parts.

use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;

use crate::abi::{IStakingPool, IValidatorRegistry, IWithdrawalQueue};
use crate::address_book::{AddressBook, Code, Entry};
use crate::artifact::Artifact;
use crate::contract::{Contract, Program};
use crate::deploy::{self, DeployError, Deployed};
use crate::parameters::Parameters;
use crate::protocol::{Protocol, Role};
use crate::proxy::{self, Beginning, Created};
use crate::send::{SendError, send};

/// Why the protocol could not be deployed.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// A program was not built.
    #[error("there is no artifact of {0}")]
    NoArtifact(Program),
    /// A program could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// A contract could not be created, or its program refused to be initialised.
    #[error("{contract} cannot be created")]
    Create {
        /// The contract.
        contract: Contract,
        /// Why not.
        source: SendError,
    },
    /// wlsETH did not accept the pool, or the ETH vault wlsETH.
    #[error("wlsETH and its vault cannot be initialised")]
    Wrap(#[source] SendError),
    /// The pool did not accept the other two contracts.
    #[error("the pool cannot be connected")]
    Connect(#[source] SendError),
    /// A role could not be given or given up.
    #[error("role {role:?} of {contract} cannot be that of {account}")]
    Grant {
        /// The role.
        role: Role,
        /// The contract that guards it.
        contract: Contract,
        /// Whose it should be.
        account: Address,
        /// Why not.
        source: SendError,
    },
}

/// A deployed protocol.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Its contracts.
    pub protocol: Protocol,
    /// What putting each program on the chain took, in the order of [`Program::ALL`].
    pub programs: Vec<Deployed>,
    /// What creating each contract took, in the order of [`Contract::ALL`].
    pub contracts: Vec<Created>,
    /// Gas of connecting the contracts and granting the roles.
    pub setup_gas: u64,
}

impl Launch {
    /// The address book of this deployment.
    pub fn book(&self, chain_id: u64) -> AddressBook {
        let mut book = AddressBook::empty(chain_id);
        for created in &self.contracts {
            let entry = Entry {
                address: created.address,
                codehash: created.codehash,
                program: created.program,
                block: created.block,
            };
            book.contracts.insert(created.contract, entry);
        }
        for deployed in &self.programs {
            let code = Code {
                address: deployed.address,
                codehash: deployed.codehash,
            };
            book.programs.insert(deployed.program, code);
        }
        book
    }
}

/// Deploys every program, creates and initialises pool, registry and queue, connects the pool to
/// the other two, initialises wlsETH and its vault, grants the roles, and hands the administration
/// over if another than the deployer is to have it.
///
/// # Errors
/// [`LaunchError`]; what was done before the failing step stays on the chain and is not connected.
pub async fn launch(
    provider: &DynProvider,
    artifacts: &[Artifact],
    parameters: &Parameters,
) -> Result<Launch, LaunchError> {
    deploy::check_chain(provider).await?;
    let deployer = parameters.deployer;
    let mut programs = Vec::new();
    for program in Program::ALL {
        let artifact = artifacts.iter().find(|found| found.program == program);
        let artifact = artifact.ok_or(LaunchError::NoArtifact(program))?;
        programs.push(deploy::deploy(provider, deployer, artifact).await?);
    }
    let mut contracts: Vec<Created> = Vec::new();
    for contract in Contract::ALL {
        let pool = contracts.first().map_or(Address::ZERO, |pool| pool.address);
        let beginning = beginning(contract, parameters, &programs, pool);
        let created = proxy::create(provider, deployer, contract, &beginning).await;
        contracts.push(created.map_err(|source| LaunchError::Create { contract, source })?);
    }
    let address = |contract| {
        let created = contracts.iter().find(|found| found.contract == contract);
        created.map_or(Address::ZERO, |created| created.address)
    };
    let protocol = Protocol::at(
        provider.clone(),
        address(Contract::StakingPool),
        address(Contract::ValidatorRegistry),
        address(Contract::WithdrawalQueue),
        program(&programs, Program::WrappedToken),
        program(&programs, Program::EtherVault),
    );
    let setup_gas = set_up(&protocol, parameters).await?;
    Ok(Launch {
        protocol,
        programs,
        contracts,
        setup_gas,
    })
}

fn beginning(
    contract: Contract,
    parameters: &Parameters,
    programs: &[Deployed],
    pool: Address,
) -> Beginning {
    let address = |name| program(programs, name);
    let administration = address(Program::Administration);
    let admin = parameters.deployer;
    let initialiser = match contract {
        Contract::StakingPool => IStakingPool::initializeCall {
            admin,
            administration,
            operations: address(Program::PoolOperations),
            treasury: parameters.treasury,
            feeBps: parameters.fee_bps,
            releaseSeconds: parameters.release_secs,
        }
        .abi_encode(),
        Contract::ValidatorRegistry => IValidatorRegistry::initializeCall {
            admin,
            administration,
            desk: address(Program::RegistryDesk),
            pool,
            minimumBond: parameters.minimum_bond,
            unbondingSeconds: parameters.unbonding_secs,
            // A commission is announced an epoch ahead, and an epoch is what rewards are released over.
            epochSeconds: parameters.release_secs,
        }
        .abi_encode(),
        Contract::WithdrawalQueue => IWithdrawalQueue::initializeCall {
            admin,
            administration,
            desk: address(Program::QueueDesk),
            pool,
        }
        .abi_encode(),
    };
    let value = match contract {
        Contract::StakingPool => parameters.bootstrap,
        Contract::ValidatorRegistry | Contract::WithdrawalQueue => U256::ZERO,
    };
    Beginning {
        upgrader: parameters.upgrader,
        program: address(contract.program()),
        initialiser,
        value,
    }
}

/// Where a program is; all are deployed before anybody asks, so this is never zero.
fn program(programs: &[Deployed], program: Program) -> Address {
    let deployed = programs.iter().find(|found| found.program == program);
    deployed.map_or(Address::ZERO, |deployed| deployed.address)
}

async fn set_up(protocol: &Protocol, parameters: &Parameters) -> Result<u64, LaunchError> {
    let (registry, queue) = (*protocol.registry.address(), *protocol.queue.address());
    let connect = protocol
        .pool
        .connect(registry, queue)
        .from(parameters.deployer);
    let connected = send(&protocol.provider, connect.into_transaction_request()).await;
    let mut gas = connected.map_err(LaunchError::Connect)?.gas_used;
    // Somebody else may have named a pool or a token since the programs were created. Then this fails,
    // and the next launch begins others: nobody knows of these. wlsETH asks the pool for its queue, and
    // the vault asks wlsETH for its pool.
    let (pool, vault) = (*protocol.pool.address(), *protocol.vault.address());
    let wrap = protocol.wrapped.initialize(pool, vault);
    let open = protocol.vault.initialize(*protocol.wrapped.address());
    for begin in [
        wrap.into_transaction_request(),
        open.into_transaction_request(),
    ] {
        let begun = send(&protocol.provider, begin.from(parameters.deployer)).await;
        let begun = begun.map_err(LaunchError::Wrap)?.gas_used;
        gas = gas.saturating_add(begun);
    }
    for (contract, role, account) in parameters.grants() {
        let office = protocol.administration(contract);
        let grant = office.grantRole(role.id(), account);
        let request = grant.into_transaction_request();
        let used = administer(protocol, parameters, (contract, role, account), request);
        gas = gas.saturating_add(used.await?);
    }
    if parameters.admin != parameters.deployer {
        for contract in Contract::ALL {
            gas = gas.saturating_add(hand_over(protocol, parameters, contract).await?);
        }
    }
    Ok(gas)
}

/// The admin becomes one, and then the deployer no longer is.
async fn hand_over(
    protocol: &Protocol,
    parameters: &Parameters,
    contract: Contract,
) -> Result<u64, LaunchError> {
    let administration = protocol.administration(contract);
    let (role, deployer) = (Role::Admin, parameters.deployer);
    let grant = administration.grantRole(role.id(), parameters.admin);
    let renounce = administration.renounceRole(role.id(), deployer);
    let whose = [parameters.admin, deployer];
    let calls = [
        grant.into_transaction_request(),
        renounce.into_transaction_request(),
    ];
    let mut gas = 0_u64;
    for (account, call) in whose.into_iter().zip(calls) {
        let used = administer(protocol, parameters, (contract, role, account), call).await?;
        gas = gas.saturating_add(used);
    }
    Ok(gas)
}

/// Sends what changes who has a role; returns its gas.
async fn administer(
    protocol: &Protocol,
    parameters: &Parameters,
    (contract, role, account): (Contract, Role, Address),
    request: TransactionRequest,
) -> Result<u64, LaunchError> {
    let sent = send(&protocol.provider, request.from(parameters.deployer)).await;
    let done = sent.map_err(|source| LaunchError::Grant {
        role,
        contract,
        account,
        source,
    })?;
    Ok(done.gas_used)
}
