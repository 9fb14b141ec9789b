//! What changes in ArbOS state when its version rises.
//!
//! Known versions: 40, 50 and 51. Steps that leave no state behind are not listed.
use revm::{Database, bytecode::Bytecode, context_interface::JournalTr, primitives::U256};

use super::{
    accounts, genesis::PRECOMPILE_CODE, l2_pricing, layout, params::StylusParams, storage::Slots,
};
use crate::{evm::ArbContext, precompiles};

/// ArbOS versions this node can run.
pub const SUPPORTED: [u64; 3] = [40, 50, 51];

/// Whether this node can run `version`.
pub fn is_supported(version: u64) -> bool {
    SUPPORTED.contains(&version)
}

/// Raises the stored version from `from` to `to`, step by step.
pub fn upgrade<S: Slots>(slots: &mut S, from: u64, to: u64) -> Result<(), S::Error> {
    if from < 50 && to >= 50 {
        let mut params = StylusParams::unpack(slots.read(layout::stylus_params())?, from);
        params.lower_stack_depth();
        slots.write(layout::stylus_params(), params.pack())?;
        l2_pricing::initialize_tx_limit(slots)?;
    }
    slots.write(layout::root(layout::VERSION), U256::from(to))
}

/// Gives the precompiles that are new between two versions the code of a contract.
pub fn announce_precompiles<DB: Database>(
    ctx: &mut ArbContext<DB>,
    from: u64,
    to: u64,
) -> Result<(), DB::Error> {
    let known: Vec<_> = precompiles::addresses(from).collect();
    for address in precompiles::addresses(to).filter(|address| !known.contains(address)) {
        // The journal takes code for loaded accounts only.
        accounts::peek(ctx, address)?;
        let code = Bytecode::new_legacy(PRECOMPILE_CODE);
        ctx.journaled_state.set_code(address, code);
    }
    Ok(())
}
