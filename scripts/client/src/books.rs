//! Reconciles the ETH of the contracts with what their books say it is.
//!
//! Each contract attributes its balance in `reserves()`. The parts must sum to the balance that
//! the chain knows, and what one contract owes another must stand in both their books.

use alloy::eips::BlockId;
use alloy::primitives::{I256, U256};
use alloy::providers::Provider;

use crate::contract::Contract;
use crate::protocol::Protocol;
use crate::send::SendError;

/// The ETH of one contract and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The contract.
    pub contract: Contract,
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
    /// One account per contract, in the order of [`Contract::ALL`].
    pub accounts: Vec<Account>,
    /// Wei that the pool says the registry keeps for it.
    pub delegated_by_pool: U256,
    /// Wei that the registry says it keeps for the pool.
    pub delegated_at_registry: U256,
    /// Wei that all lsETH are worth.
    pub total_pooled: U256,
    /// Buffered and delegated wei, which is what they should be worth.
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
            let what = format!("balance of {} against its reserves", account.contract);
            (what, account.unexplained())
        });
        let delegated = (
            "stake at the registry against the pool's books".to_owned(),
            difference(self.delegated_at_registry, self.delegated_by_pool),
        );
        let pooled = (
            "pooled ETH against what backs it".to_owned(),
            difference(self.total_pooled, self.backing),
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
    let [pool, registry, queue] = balances(protocol, block).await?;
    let in_pool = protocol.pool.reserves().block(block);
    let in_registry = protocol.registry.reserves().block(block);
    let in_queue = protocol.queue.reserves().block(block);
    let total = protocol.pool.getTotalPooledEther().block(block);
    let (in_pool, in_registry, in_queue, total_pooled) = tokio::try_join!(
        in_pool.call(),
        in_registry.call(),
        in_queue.call(),
        total.call()
    )?;
    let account = |contract, balance, surplus, claims| Account {
        contract,
        balance,
        claims,
        surplus,
    };
    let accounts = vec![
        account(
            Contract::StakingPool,
            pool,
            in_pool.surplus,
            vec![
                ("buffered", in_pool.buffered),
                ("unreleased rewards", in_pool.unreleased),
            ],
        ),
        account(
            Contract::ValidatorRegistry,
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
            Contract::WithdrawalQueue,
            queue,
            in_queue.surplus,
            vec![("locked for claims", in_queue.locked)],
        ),
    ];
    Ok(Books {
        accounts,
        delegated_by_pool: in_pool.delegated,
        delegated_at_registry: in_registry.delegated.saturating_add(in_registry.unbonding),
        total_pooled,
        backing: in_pool.buffered.saturating_add(in_pool.delegated),
    })
}

/// Wei that each contract has, in the order of [`Contract::ALL`].
async fn balances(protocol: &Protocol, block: BlockId) -> Result<[U256; 3], SendError> {
    let [pool, registry, queue] = Contract::ALL.map(|contract| {
        let balance = protocol.provider.get_balance(protocol.address(contract));
        balance.block_id(block).into_future()
    });
    Ok(tokio::try_join!(pool, registry, queue)?.into())
}

fn sum(amounts: impl Iterator<Item = U256>) -> U256 {
    amounts.fold(U256::ZERO, U256::saturating_add)
}

/// `left - right`; amounts of ETH are far from the edge of either type.
fn difference(left: U256, right: U256) -> I256 {
    I256::from_raw(left.wrapping_sub(right))
}
