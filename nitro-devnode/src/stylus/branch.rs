//! Makes `br_table` on a constant take its default branch, as the recorded node's engine does.
//!
//! That engine (wasmer 7.1, singlepass, x86-64) folds the comparison of a constant index with the
//! number of targets, and the folded comparison never says "below". No compiler emits such a
//! table. Nothing is charged for it here, since it is the engine's behaviour.

use wasmparser::Operator;

/// An index above any number of targets.
const BEYOND_ALL: i32 = -1;

/// Replaces the index of every `br_table` of `ops` that is known when compiling.
pub fn take_default_on_constants(ops: Vec<Operator<'_>>) -> Vec<Operator<'_>> {
    let mut replaced = Vec::with_capacity(ops.len());
    for op in ops {
        if matches!(op, Operator::BrTable { .. }) && ends_in_constant(&replaced) {
            let value = BEYOND_ALL;
            replaced.extend([Operator::Drop, Operator::I32Const { value }]);
        }
        replaced.push(op);
    }
    replaced
}

/// Whether the value on top of the stack after `ops` is a constant, which `local.tee` leaves it.
fn ends_in_constant(ops: &[Operator<'_>]) -> bool {
    let last = ops
        .iter()
        .rev()
        .find(|op| !matches!(op, Operator::LocalTee { .. } | Operator::Nop));
    matches!(last, Some(Operator::I32Const { .. }))
}
