//! What a transaction pays beside its execution, what it may spend, and who is paid.
use revm::{Database, primitives::U256};

use super::{ArbContext, Purpose, SEQUENCER, Transaction};
use crate::arbos::{
    accounts,
    l1_pricing::{self, PosterCharge},
    l2_pricing,
};

/// Works out the L1 charge and the compute limit of the transaction in `ctx`.
pub(super) fn set_limits<DB: Database>(
    ctx: &mut ArbContext<DB>,
    tx: &Transaction,
) -> Result<(), DB::Error> {
    let charge = if tx.skips_l1 || ctx.block.beneficiary != SEQUENCER {
        PosterCharge::default()
    } else {
        l1_pricing::charge(ctx, tx.raw.as_ref().map(AsRef::as_ref))?
    };
    ctx.chain.poster_gas = charge.gas;
    ctx.chain.poster_fee = charge.fee;
    ctx.chain.compute_limit = match ctx.chain.purpose {
        Purpose::Call => u64::MAX,
        Purpose::Commit | Purpose::Estimate => compute_limit(ctx)?,
    };
    Ok(())
}

/// Largest share of a transaction's gas that may be spent on execution.
fn compute_limit<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    if ctx.chain.block.arbos_version < 50 {
        return l2_pricing::block_gas_limit(ctx);
    }
    let limit = l2_pricing::tx_gas_limit(ctx)?;
    let intrinsic = super::checks::intrinsic_gas(ctx);
    Ok(limit.saturating_sub(intrinsic))
}

/// Pays the fee accounts for `gas_used` gas, refunds deducted, and books the backlog.
///
/// The sender's gas has been burned; the fees are minted. The coinbase gets nothing.
pub(super) fn distribute<DB: Database>(
    ctx: &mut ArbContext<DB>,
    gas_used: u64,
) -> Result<(), DB::Error> {
    let compute_gas = gas_used.saturating_sub(ctx.chain.poster_gas);
    let price = U256::from(ctx.tx.gas_price);
    if !price.is_zero() {
        let mut cost = U256::from(compute_gas).saturating_mul(price);
        let infra = l2_pricing::infra_fee_account(ctx)?;
        if !infra.is_zero() {
            let min_fee = U256::from(l2_pricing::min_base_fee(ctx)?).min(price);
            let part = U256::from(compute_gas).saturating_mul(min_fee).min(cost);
            accounts::mint(ctx, infra, part)?;
            cost = cost.saturating_sub(part);
        }
        if !cost.is_zero() {
            let network = l2_pricing::network_fee_account(ctx)?;
            accounts::mint(ctx, network, cost)?;
        }
        let poster_fee = ctx.chain.poster_fee;
        if !poster_fee.is_zero() {
            l1_pricing::credit_pool(ctx, poster_fee)?;
        }
    }
    l2_pricing::add_backlog(ctx, compute_gas)
}
