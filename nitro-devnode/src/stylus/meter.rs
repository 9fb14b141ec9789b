//! Prices operators and makes every basic block pay for itself before it runs.
//!
//! Prices are in ink and the same for all Stylus versions; `corpus/30-opcodes` shows them.

use wasmparser::{BlockType, Operator};

use super::instrument::AddedGlobals;
use super::wasm::Module;

/// What the check at the head of each block costs, on top of the block's operators.
pub const BLOCK_HEADER_INK: u64 = 2_450;

/// What an operator without a price costs: more than any call can hold, so its block never runs.
pub const UNPRICED: u64 = u64::MAX;

/// Operators that the check adds to each block.
pub const BLOCK_HEADER_OPS: usize = 12;

/// Whether `op` is the last of its basic block.
///
/// `block` and `unreachable` are not: what follows them is paid with them.
pub fn ends_block(op: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        op,
        O::End
            | O::Else
            | O::Return
            | O::Loop { .. }
            | O::Br { .. }
            | O::BrTable { .. }
            | O::BrIf { .. }
            | O::If { .. }
            | O::Call { .. }
            | O::CallIndirect { .. }
    )
}

/// The ink that `op` costs each time its block runs.
pub fn price(op: &Operator<'_>, module: &Module<'_>) -> u64 {
    use Operator as O;
    match op {
        O::Unreachable
        | O::Return
        | O::Nop
        | O::I32Const { .. }
        | O::I64Const { .. }
        | O::Block { .. }
        | O::Loop { .. }
        | O::Else
        | O::End => 1,
        O::Drop => 9,
        O::Br { .. } | O::BrIf { .. } | O::If { .. } => 765,
        O::BrTable { targets } => 2_400 + 325 * u64::from(targets.len()),
        O::Select => 1_250,
        O::Call { .. } => 3_800,
        O::CallIndirect { type_index, .. } => {
            let params = module
                .type_at(*type_index)
                .map_or(0, |ty| ty.params().len());
            13_610 + 650 * params as u64
        }
        O::LocalGet { .. } | O::LocalTee { .. } => 75,
        O::LocalSet { .. } => 210,
        O::GlobalGet { .. } => 225,
        O::GlobalSet { .. } => 575,
        O::MemorySize { .. } => 3_000,
        O::MemoryGrow { .. } => 8_050,
        O::MemoryCopy { .. } | O::MemoryFill { .. } => 950,
        _ => memory_access_price(op)
            .or_else(|| numeric_price(op))
            .unwrap_or(UNPRICED),
    }
}

fn memory_access_price(op: &Operator<'_>) -> Option<u64> {
    use Operator as O;
    Some(match op {
        O::I32Load { .. }
        | O::I32Load8S { .. }
        | O::I32Load8U { .. }
        | O::I32Load16S { .. }
        | O::I32Load16U { .. } => 670,
        O::I64Load { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. } => 680,
        O::I32Store { .. } | O::I32Store8 { .. } | O::I32Store16 { .. } => 825,
        O::I64Store { .. } | O::I64Store8 { .. } | O::I64Store16 { .. } | O::I64Store32 { .. } => {
            950
        }
        _ => return None,
    })
}

#[rustfmt::skip]
fn numeric_price(op: &Operator<'_>) -> Option<u64> {
    use Operator as O;
    Some(match op {
        O::I32Eqz | O::I32Eq | O::I32Ne | O::I32LtS | O::I32LtU | O::I32GtS | O::I32GtU
        | O::I32LeS | O::I32LeU | O::I32GeS | O::I32GeU => 170,
        O::I64Eqz | O::I64Eq | O::I64Ne | O::I64LtS | O::I64LtU | O::I64GtS | O::I64GtU
        | O::I64LeS | O::I64LeU | O::I64GeS | O::I64GeU => 225,
        O::I32Clz | O::I32Ctz | O::I64Clz | O::I64Ctz => 210,
        O::I32Add | O::I32Sub | O::I32And | O::I32Or | O::I32Xor | O::I32Shl | O::I32ShrS
        | O::I32ShrU | O::I32Rotl | O::I32Rotr => 70,
        O::I64Add | O::I64Sub | O::I64And | O::I64Or | O::I64Xor | O::I64Shl | O::I64ShrS
        | O::I64ShrU | O::I64Rotl | O::I64Rotr => 100,
        O::I32Mul | O::I64Mul => 160,
        O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU => 1_120,
        O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU => 1_270,
        O::I32Popcnt => 2_650,
        O::I64Popcnt => 6_000,
        O::I32WrapI64 | O::I64ExtendI32S | O::I64ExtendI32U | O::I32Extend8S | O::I32Extend16S
        | O::I64Extend8S | O::I64Extend16S | O::I64Extend32S => 100,
        _ => return None,
    })
}

/// Puts the check of a basic block before each block of `ops`.
///
/// A block that cannot be paid sets the status and traps without deducting: an exhausted meter
/// reads as no ink, whatever the global holds.
pub fn charge_blocks<'a>(
    ops: Vec<Operator<'a>>,
    module: &Module<'_>,
    globals: AddedGlobals,
) -> Vec<Operator<'a>> {
    let blocks = ops.iter().filter(|op| ends_block(op)).count();
    let mut metered = Vec::with_capacity(ops.len() + BLOCK_HEADER_OPS * blocks);
    let mut block = Vec::new();
    let mut cost = BLOCK_HEADER_INK;
    for op in ops {
        cost = cost.saturating_add(price(&op, module));
        let last = ends_block(&op);
        block.push(op);
        if last {
            metered.extend(header(cost, globals));
            metered.append(&mut block);
            cost = BLOCK_HEADER_INK;
        }
    }
    // A validated function ends in `end`, so nothing is left over.
    metered.append(&mut block);
    metered
}

fn header(cost: u64, globals: AddedGlobals) -> [Operator<'static>; BLOCK_HEADER_OPS] {
    use Operator as O;
    // Ink is unsigned; only the encoding of constants is signed.
    let cost = O::I64Const {
        value: cost.cast_signed(),
    };
    let ink_left = globals.ink_left();
    [
        O::GlobalGet {
            global_index: ink_left,
        },
        cost.clone(),
        O::I64LtU,
        O::If {
            blockty: BlockType::Empty,
        },
        O::I32Const { value: 1 },
        O::GlobalSet {
            global_index: globals.ink_status(),
        },
        O::Unreachable,
        O::End,
        O::GlobalGet {
            global_index: ink_left,
        },
        cost,
        O::I64Sub,
        O::GlobalSet {
            global_index: ink_left,
        },
    ]
}
