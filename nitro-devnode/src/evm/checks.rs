//! What must hold before a transaction is executed, and what it pays before it starts.
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr, Transaction as _, transaction::TransactionType},
    primitives::U256,
};

use super::{ArbContext, MAX_INITCODE_SIZE, Purpose, Transaction, TxError};
use crate::arbos::{layout, storage::Slots};

/// Gas of a transaction that does nothing.
const TX_GAS: u64 = 21_000;

/// Least gas for one token of calldata (EIP-7623).
const FLOOR_GAS_OF_TOKEN: u64 = 10;

/// Checks `tx`, which is in `ctx`, as a block's transaction, in geth's order.
///
/// Calls and probes skip the checks of nonce and sender, and have no fee to check when
/// their fee cap is zero.
pub(super) fn check_sender<DB: Database>(
    ctx: &mut ArbContext<DB>,
    tx: &Transaction,
) -> Result<(), TxError> {
    if ctx.chain.purpose == Purpose::Commit {
        let address = ctx.tx.caller;
        let account = ctx
            .journal_mut()
            .load_account(address)
            .map_err(|error| TxError::Database(error.to_string()))?;
        let nonce = account.data.info.nonce;
        check_nonce(ctx, nonce)?;
    }
    check_means(ctx, tx)
}

/// Checks of a transaction that is to wait for a block what does not depend on what comes
/// before it there: all but its nonce and the price of its bytes on L1.
pub(super) fn check_waiting<DB: Database>(
    ctx: &mut ArbContext<DB>,
    tx: &Transaction,
) -> Result<(), TxError> {
    let (address, nonce) = (ctx.tx.caller, ctx.tx.nonce);
    if nonce == u64::MAX {
        return Err(TxError::NonceMax { address, nonce });
    }
    check_means(ctx, tx)?;
    charge_intrinsic(ctx)
}

/// Who sends it, what it offers, and whether it can be paid.
fn check_means<DB: Database>(ctx: &mut ArbContext<DB>, tx: &Transaction) -> Result<(), TxError> {
    let address = ctx.tx.caller;
    let fee_cap = tx.env.gas_price;
    let commit = ctx.chain.purpose == Purpose::Commit;
    let account = ctx
        .journal_mut()
        .load_account_with_code(address)
        .map_err(|error| TxError::Database(error.to_string()))?;
    let balance = account.data.info.balance;
    let code = account.data.info.code.clone().unwrap_or_default();
    let is_contract = !code.is_empty() && !code.is_eip7702();
    if commit && is_contract && !tx.is_impersonated {
        return Err(TxError::SenderNotEoa {
            address,
            length: code.original_byte_slice().len(),
        });
    }
    check_fee_cap(ctx, fee_cap, commit)?;
    check_type(ctx)?;
    let want = U256::from(ctx.tx.gas_limit)
        .saturating_mul(U256::from(fee_cap))
        .saturating_add(ctx.tx.value);
    if balance < want {
        return Err(TxError::InsufficientFunds {
            address,
            have: balance,
            want,
        });
    }
    Ok(())
}

fn check_nonce<DB: Database>(ctx: &ArbContext<DB>, state: u64) -> Result<(), TxError> {
    let (address, tx) = (ctx.tx.caller, ctx.tx.nonce);
    if tx < state {
        return Err(TxError::NonceTooLow { address, tx, state });
    }
    if tx > state {
        return Err(TxError::NonceTooHigh { address, tx, state });
    }
    if state == u64::MAX {
        return Err(TxError::NonceMax {
            address,
            nonce: state,
        });
    }
    Ok(())
}

fn check_fee_cap<DB: Database>(
    ctx: &ArbContext<DB>,
    fee_cap: u128,
    commit: bool,
) -> Result<(), TxError> {
    if !commit && fee_cap == 0 {
        return Ok(());
    }
    let address = ctx.tx.caller;
    let tip = ctx.tx.gas_priority_fee.unwrap_or(0);
    if tip > fee_cap {
        return Err(TxError::TipAboveFeeCap {
            address,
            tip,
            fee_cap,
        });
    }
    let base_fee = ctx.chain.block.base_fee;
    if fee_cap < u128::from(base_fee) {
        return Err(TxError::FeeCapTooLow {
            address,
            fee_cap,
            base_fee,
        });
    }
    Ok(())
}

fn check_type<DB: Database>(ctx: &ArbContext<DB>) -> Result<(), TxError> {
    let address = ctx.tx.caller;
    match ctx.tx.tx_type() {
        kind if kind == TransactionType::Eip4844 as u8 => Err(TxError::TypeNotSupported),
        kind if kind == TransactionType::Eip7702 as u8 => {
            if ctx.tx.kind.is_create() {
                Err(TxError::SetCodeCreate { address })
            } else if ctx.tx.authorization_list.is_empty() {
                Err(TxError::EmptyAuthorizationList { address })
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    }
}

/// Charges intrinsic gas, then the L1 gas already in `ctx`.
pub(super) fn charge_intrinsic<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<(), TxError> {
    let intrinsic = intrinsic_gas(ctx);
    let have = ctx.tx.gas_limit;
    let want = intrinsic.saturating_add(ctx.chain.poster_gas);
    if have < intrinsic {
        return Err(TxError::IntrinsicGas { have, want });
    }
    let floor = floor_gas(ctx).map_err(|error| TxError::Database(error.to_string()))?;
    if have < floor {
        return Err(TxError::FloorGas { have, want: floor });
    }
    let size = ctx.tx.data.len();
    if ctx.tx.kind.is_create() && size > MAX_INITCODE_SIZE {
        return Err(TxError::InitcodeTooLarge {
            size,
            limit: MAX_INITCODE_SIZE,
        });
    }
    if have < want {
        return Err(TxError::IntrinsicGas { have, want });
    }
    ctx.chain.intrinsic_gas = intrinsic;
    ctx.chain.floor_gas = floor;
    Ok(())
}

/// Least gas for the calldata (EIP-7623), where the chain's owner has switched it on; 0
/// elsewhere. A zero byte is one token, another four.
fn floor_gas<DB: Database>(ctx: &mut ArbContext<DB>) -> Result<u64, DB::Error> {
    let features = ctx.read(layout::features().at(0))?;
    if !features.bit(layout::CALLDATA_PRICE_INCREASE) {
        return Ok(0);
    }
    let data = &ctx.tx.data;
    let zeros = data.iter().filter(|byte| **byte == 0).count();
    let tokens = data
        .len()
        .saturating_mul(4)
        .saturating_sub(zeros.saturating_mul(3)) as u64;
    Ok(tokens
        .saturating_mul(FLOOR_GAS_OF_TOKEN)
        .saturating_add(TX_GAS))
}

/// Gas charged for being a transaction.
pub(super) fn intrinsic_gas<DB: Database>(ctx: &ArbContext<DB>) -> u64 {
    ctx.cfg
        .gas_params
        .initial_tx_gas_for_tx(&ctx.tx, None)
        .initial_regular_gas()
}
