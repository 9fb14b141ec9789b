//! Reconciles the ETH of the contracts with what their books say it is.
//!
//! Each contract attributes its balance in `reserves()`. The parts must sum to the balance that
//! the chain knows, and what one contract owes another must stand in both their books.

use alloy::eips::BlockId;
use alloy::primitives::{I256, U256};
use alloy::providers::Provider;

use crate::contract::{Contract, Program};
use crate::protocol::Protocol;
use crate::send::SendError;

/// The ETH of one contract and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the contract runs.
    pub program: Program,
    /// Wei that the chain says it has.
    pub balance: U256,
    /// Wei that it says it owes, by purpose.
    pub claims: Vec<(&'static str, U256)>,
    /// Wei that it says are nobody's: forced in, past its functions.
    pub surplus: U256,
}

/// The accounts of all contracts at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// One account per contract that keeps ETH: those of [`Contract::ALL`], and the ETH vault.
    pub accounts: Vec<Account>,
    /// Wei that the pool says the registry keeps for it.
    pub delegated_by_pool: U256,
    /// Wei that the registry says it keeps for the pool.
    pub delegated_at_registry: U256,
    /// Wei that all lsETH are worth, and wei that nobody owns yet.
    pub pooled_and_unreleased: U256,
    /// Wei in the pool and delegated, which is what they should be.
    pub backing: U256,
}

impl Account {
    /// Wei of the balance that no claim and no surplus explains; negative if wei are missing.
    pub fn unexplained(&self) -> I256 {
        let explained = self.claims.iter().map(|(_, assets)| *assets);
        difference(self.balance, sum(explained).saturating_add(self.surplus))
    }
}

impl Books {
    /// Every disagreement, in wei; all are zero while every wei is explained.
    pub fn disagreements(&self) -> Vec<(String, I256)> {
        let own = self.accounts.iter().map(|account| {
            let what = format!("balance of {} against its reserves", account.program);
            (what, account.unexplained())
        });
        let delegated = (
            "stake at the registry against the pool's books".to_owned(),
            difference(self.delegated_at_registry, self.delegated_by_pool),
        );
        let pooled = (
            "pooled and unreleased ETH against what backs them".to_owned(),
            difference(self.pooled_and_unreleased, self.backing),
        );
        own.chain([delegated, pooled]).collect()
    }

    /// Wei that are not explained, over all disagreements.
    pub fn unexplained(&self) -> U256 {
        sum(self
            .disagreements()
            .into_iter()
            .map(|(_, wei)| wei.unsigned_abs()))
    }

    /// Wei in the contracts that are nobody's.
    pub fn surplus(&self) -> U256 {
        sum(self.accounts.iter().map(|account| account.surplus))
    }
}

/// Reads the books of all contracts at the latest block.
///
/// # Errors
/// [`SendError`] if a contract does not answer.
pub async fn read(protocol: &Protocol) -> Result<Books, SendError> {
    let block = protocol.provider.get_block_number().await?.into();
    let [pool, registry, queue, vault] = balances(protocol, block).await?;
    let unreleased = unreleased(protocol, block).await?;
    let in_pool = protocol.pool.reserves().block(block);
    let in_registry = protocol.registry.reserves().block(block);
    let in_queue = protocol.queue.reserves().block(block);
    let in_vault = protocol.vault.reserves().block(block);
    let total = protocol.pool.getTotalPooledEther().block(block);
    let (in_pool, in_registry, in_queue, in_vault, total_pooled) = tokio::try_join!(
        in_pool.call(),
        in_registry.call(),
        in_queue.call(),
        in_vault.call(),
        total.call()
    )?;
    let account = |program, balance, surplus, claims| Account {
        program,
        balance,
        claims,
        surplus,
    };
    let accounts = vec![
        account(
            Program::StakingPool,
            pool,
            in_pool.surplus,
            vec![
                ("buffered", in_pool.buffered),
                ("unreleased", in_pool.unreleased),
            ],
        ),
        account(
            Program::ValidatorRegistry,
            registry,
            in_registry.surplus,
            vec![
                ("bonds", in_registry.bonds),
                ("delegated", in_registry.delegated),
                ("unbonding", in_registry.unbonding),
                ("cover fund", in_registry.cover),
                ("owed to reporters", in_registry.owedToReporters),
            ],
        ),
        account(
            Program::WithdrawalQueue,
            queue,
            in_queue.surplus,
            vec![("locked for claims", in_queue.locked)],
        ),
        account(
            Program::EtherVault,
            vault,
            in_vault.surplus,
            vec![("owed to controllers", in_vault.owed)],
        ),
    ];
    let in_the_pool = in_pool.buffered.saturating_add(in_pool.unreleased);
    Ok(Books {
        accounts,
        delegated_by_pool: in_pool.delegated,
        delegated_at_registry: in_registry.delegated.saturating_add(in_registry.unbonding),
        pooled_and_unreleased: total_pooled.saturating_add(unreleased),
        backing: in_the_pool.saturating_add(in_pool.delegated),
    })
}

/// Wei that each contract has, in the order of [`Contract::ALL`], and the vault.
async fn balances(protocol: &Protocol, block: BlockId) -> Result<[U256; 4], SendError> {
    let balance = |address| {
        let balance = protocol.provider.get_balance(address);
        balance.block_id(block).into_future()
    };
    let [pool, registry, queue] = Contract::ALL.map(|contract| protocol.address(contract));
    let vault = *protocol.vault.address();
    Ok(tokio::try_join!(
        balance(pool),
        balance(registry),
        balance(queue),
        balance(vault)
    )?
    .into())
}

/// Wei that the running release still has to hand out, by its own terms.
async fn unreleased(protocol: &Protocol, block: BlockId) -> Result<U256, SendError> {
    let release = protocol.pool.release().block(block);
    let header = protocol.provider.get_block(block).into_future();
    let (release, block) = tokio::try_join!(
        async { release.call().await.map_err(SendError::from) },
        async { header.await.map_err(SendError::from) }
    )?;
    let now = block.map_or(0, |block| block.header.timestamp);
    let elapsed = U256::from(now.min(release.end).saturating_sub(release.start));
    let duration = U256::from(release.end.saturating_sub(release.start));
    // Of a release without a duration everything is released.
    let released = release
        .amount
        .saturating_mul(elapsed)
        .checked_div(duration)
        .unwrap_or(release.amount);
    Ok(release.amount.saturating_sub(released))
}

fn sum(amounts: impl Iterator<Item = U256>) -> U256 {
    amounts.fold(U256::ZERO, U256::saturating_add)
}

/// `left - right`; amounts of ETH are far from the edge of either type.
fn difference(left: U256, right: U256) -> I256 {
    I256::from_raw(left.wrapping_sub(right))
}
