//! The chain's own access to accounts: balances and code without warming them.
use revm::{
    Database,
    bytecode::Bytecode,
    context::JournalEntry,
    context_interface::journaled_state::entry::JournalEntryTr,
    primitives::{Address, B256, U256, address},
    state::Account,
};

use crate::evm::ArbContext;

/// The account whose storage is the ArbOS state.
pub const ARBOS_STATE: Address = address!("A4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
/// Sender and target of the StartBlock transaction.
pub const ARBOS_ACTS: Address = address!("00000000000000000000000000000000000A4B05");
/// Holds the L1 fees until a batch poster is paid from them.
pub const L1_PRICER_POOL: Address = address!("A4B00000000000000000000000000000000000f6");
/// The sequencer: batch poster and coinbase.
pub const BATCH_POSTER: Address = address!("A4B000000000000000000073657175656e636572");
/// EIP-2935's history contract.
pub const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");
/// The prefunded account of a dev chain, one of its owners.
pub const DEV_ACCOUNT: Address = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

/// The journal's copy of an account, loaded cold where the journal has none.
///
/// Expects one transaction a journal, as this node's executor has it.
pub fn peek<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
) -> Result<&mut Account, DB::Error> {
    use std::collections::hash_map::Entry;
    let journal = &mut ctx.journaled_state;
    let id = journal.inner.transaction_id;
    match journal.inner.state.entry(address) {
        Entry::Occupied(account) => Ok(account.into_mut()),
        Entry::Vacant(vacant) => {
            let mut account = match journal.database.basic(address)? {
                Some(info) => Account::from(info),
                None => Account::new_not_existing(id),
            };
            account.transaction_id = id;
            account.mark_cold();
            Ok(vacant.insert(account))
        }
    }
}

/// Marks a loaded account as changed.
pub(super) fn touch<DB: Database>(ctx: &mut ArbContext<DB>, address: Address) {
    ctx.journaled_state.inner.touch(address);
}

/// Balance in wei.
pub fn balance<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
) -> Result<U256, DB::Error> {
    Ok(peek(ctx, address)?.info.balance)
}

/// The state's code hash: zero for an account that does not exist.
pub fn code_hash<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
) -> Result<B256, DB::Error> {
    let account = peek(ctx, address)?;
    if account.is_loaded_as_not_existing_not_touched() {
        return Ok(B256::ZERO);
    }
    Ok(account.info.code_hash())
}

/// The account's code, empty if it has none.
pub fn code<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
) -> Result<Bytecode, DB::Error> {
    let info = &peek(ctx, address)?.info;
    if let Some(code) = &info.code {
        return Ok(code.clone());
    }
    if info.is_empty_code_hash() {
        return Ok(Bytecode::default());
    }
    let hash = info.code_hash;
    let code = ctx.journaled_state.database.code_by_hash(hash)?;
    peek(ctx, address)?.info.code = Some(code.clone());
    Ok(code)
}

/// Adds `amount` wei to a balance, out of nothing.
///
/// Stops at `U256::MAX`, which only a state override can come near.
pub fn mint<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
    amount: U256,
) -> Result<(), DB::Error> {
    let balance = balance(ctx, address)?.saturating_add(amount);
    set_balance(ctx, address, balance)
}

/// Takes `amount` wei from a balance into nothing; false, and no change, if it holds less.
pub fn burn<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
    amount: U256,
) -> Result<bool, DB::Error> {
    let Some(rest) = balance(ctx, address)?.checked_sub(amount) else {
        return Ok(false);
    };
    set_balance(ctx, address, rest)?;
    Ok(true)
}

/// Moves `amount` wei; false, and no change, if `from` holds less.
pub fn transfer<DB: Database>(
    ctx: &mut ArbContext<DB>,
    from: Address,
    to: Address,
    amount: U256,
) -> Result<bool, DB::Error> {
    if !burn(ctx, from, amount)? {
        return Ok(false);
    }
    mint(ctx, to, amount)?;
    Ok(true)
}

fn set_balance<DB: Database>(
    ctx: &mut ArbContext<DB>,
    address: Address,
    balance: U256,
) -> Result<(), DB::Error> {
    let info = &mut peek(ctx, address)?.info;
    let previous = std::mem::replace(&mut info.balance, balance);
    if previous != balance {
        touch(ctx, address);
        let entry = JournalEntry::balance_changed(address, previous);
        ctx.journaled_state.inner.journal.push(entry);
    }
    Ok(())
}
