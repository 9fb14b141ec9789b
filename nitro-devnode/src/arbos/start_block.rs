//! What the internal StartBlock transaction does before a block's first user transaction.
//!
//! It runs with the values of the block it opens and is not charged.
use revm::{
    Database,
    primitives::{B256, U256},
};

use super::{
    accounts::HISTORY,
    l2_pricing, layout,
    storage::{self, Slots},
    upgrade,
};
use crate::evm::ArbContext;

/// Parent hashes that the history contract keeps: about a day of 250 ms blocks.
const HISTORY_LENGTH: u64 = 393_168;
/// L1 block hashes that ArbOS keeps.
const L1_HASHES: u64 = 256;

/// What the chain must know after StartBlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartBlock {
    /// ArbOS version in force from here on.
    pub arbos_version: u64,
    /// Base fee of the next block, wei.
    pub next_base_fee: u64,
}

/// Opens a block: history, L1 block record, prices, a due upgrade.
///
/// `_l1_base_fee` is part of the transaction's arguments; only batch reports, which a dev
/// chain has none of, would use it.
pub fn start_block<DB: Database>(
    ctx: &mut ArbContext<DB>,
    _l1_base_fee: U256,
    l1_block_number: u64,
    time_passed: u64,
) -> Result<StartBlock, DB::Error> {
    let parent = ctx.chain.block.number.saturating_sub(1);
    let parent_hash = ctx.journaled_state.database.block_hash(parent)?;
    let slot = U256::from(parent % HISTORY_LENGTH);
    storage::set_storage(ctx, HISTORY, slot, parent_hash.into())?;
    record_l1_block(ctx, l1_block_number, parent_hash)?;
    l2_pricing::update(ctx, time_passed)?;
    apply_scheduled_upgrade(ctx)?;
    Ok(StartBlock {
        arbos_version: ctx.chain.block.arbos_version,
        next_base_fee: l2_pricing::base_fee(ctx)?,
    })
}

/// Notes a newer L1 block under its number; the dev chain's stays 0.
fn record_l1_block<DB: Database>(
    ctx: &mut ArbContext<DB>,
    number: u64,
    parent_hash: B256,
) -> Result<(), DB::Error> {
    let space = layout::l1_blocks();
    if number <= ctx.read_u64(space.at(0))? {
        return Ok(());
    }
    ctx.write(space.at(1 + number % L1_HASHES), parent_hash.into())?;
    ctx.write(space.at(0), U256::from(number))
}

/// Executes an upgrade whose time has come. One to a version this node does not know stays
/// scheduled: the chain goes on at the old version, and the log says so.
fn apply_scheduled_upgrade<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<(), DB::Error> {
    let current = ctx.chain.block.arbos_version;
    let target = ctx.read_u64(layout::root(layout::UPGRADE_VERSION))?;
    let when = ctx.read_u64(layout::root(layout::UPGRADE_TIMESTAMP))?;
    if target <= current || ctx.chain.block.timestamp < when {
        return Ok(());
    }
    if !upgrade::is_supported(target) {
        tracing::warn!(target, current, "ArbOS upgrade is due but not supported");
        return Ok(());
    }
    upgrade::upgrade(ctx, current, target)?;
    upgrade::announce_precompiles(ctx, current, target)?;
    ctx.chain.block.arbos_version = target;
    Ok(())
}

#[cfg(test)]
mod tests {
    use revm::primitives::B256;

    use super::*;
    use crate::arbos::{genesis::testing::context_at, params};

    #[test]
    fn an_upgrade_takes_effect_in_the_first_block_at_its_time() {
        let mut ctx = context_at(40);
        ctx.chain.block.timestamp = 99;
        ctx.write(layout::root(layout::UPGRADE_VERSION), U256::from(51))
            .expect("memory database");
        ctx.write(layout::root(layout::UPGRADE_TIMESTAMP), U256::from(100))
            .expect("memory database");
        let early = start_block(&mut ctx, U256::ZERO, 0, 0).expect("memory database");
        assert_eq!(early.arbos_version, 40);
        ctx.chain.block.timestamp = 100;
        let due = start_block(&mut ctx, U256::ZERO, 0, 0).expect("memory database");
        assert_eq!(due.arbos_version, 51);
        assert_eq!(ctx.read_u64(layout::root(layout::VERSION)), Ok(51));
        let params = params::load(&mut ctx).expect("memory database");
        assert_eq!(params.max_stack_depth, 22_000);
        assert_eq!(l2_pricing::tx_gas_limit(&mut ctx), Ok(32_000_000));
    }

    #[test]
    fn an_unknown_version_is_not_upgraded_to() {
        let mut ctx = context_at(51);
        ctx.write(layout::root(layout::UPGRADE_VERSION), U256::from(60))
            .expect("memory database");
        let started = start_block(&mut ctx, U256::ZERO, 0, 0).expect("memory database");
        assert_eq!(started.arbos_version, 51);
    }

    #[test]
    fn the_parents_hash_goes_into_the_history_ring() {
        let mut ctx = context_at(51);
        ctx.chain.block.number = 393_168 + 6;
        start_block(&mut ctx, U256::ZERO, 0, 0).expect("memory database");
        let account = crate::arbos::accounts::peek(&mut ctx, HISTORY).expect("memory database");
        let stored = account.storage[&U256::from(5)].present_value;
        // The empty database hashes a block's decimal number.
        let expected: B256 = alloy::primitives::keccak256(b"393173");
        assert_eq!(B256::from(stored), expected);
    }
}
