//! Makes `memory.fill` and `memory.copy` pay for the bytes they touch, and refuses the bulk
//! operations that have no price.

use wasmparser::{BlockType, Operator};

use super::instrument::AddedGlobals;
use super::refusal::FunctionRefusal;

/// Ink for each byte filled or copied.
pub const INK_PER_BYTE: i64 = 100;

/// Operators that the charge adds before each fill and copy.
pub const CHARGE_OPS: usize = 17;

/// Puts the charge by length before each fill and copy of `ops`.
///
/// - Errors: [`FunctionRefusal::Opcode`] for the other bulk and table operations.
pub fn charge_bulk_operations<'a>(
    ops: Vec<Operator<'a>>,
    globals: AddedGlobals,
) -> Result<Vec<Operator<'a>>, FunctionRefusal> {
    use Operator as O;
    let mut charged = Vec::with_capacity(ops.len());
    for op in ops {
        match op {
            O::MemoryFill { .. } | O::MemoryCopy { .. } => charged.extend(charge(globals)),
            O::MemoryInit { .. }
            | O::DataDrop { .. }
            | O::ElemDrop { .. }
            | O::TableInit { .. }
            | O::TableCopy { .. }
            | O::TableFill { .. }
            | O::TableGet { .. }
            | O::TableSet { .. }
            | O::TableGrow { .. }
            | O::TableSize { .. } => return Err(FunctionRefusal::Opcode),
            _ => {}
        }
        charged.push(op);
    }
    Ok(charged)
}

/// Expects the length on top of the stack and leaves it there.
///
/// The subtraction wraps; more ink after it than before means that there was too little.
/// The length also remains in the scratch global.
fn charge(globals: AddedGlobals) -> [Operator<'static>; CHARGE_OPS] {
    use Operator as O;
    let (ink_left, scratch) = (globals.ink_left(), globals.scratch());
    [
        O::GlobalSet {
            global_index: scratch,
        },
        O::GlobalGet {
            global_index: ink_left,
        },
        O::GlobalGet {
            global_index: ink_left,
        },
        O::GlobalGet {
            global_index: scratch,
        },
        O::I64ExtendI32U,
        O::I64Const {
            value: INK_PER_BYTE,
        },
        O::I64Mul,
        O::I64Sub,
        O::GlobalSet {
            global_index: ink_left,
        },
        O::GlobalGet {
            global_index: ink_left,
        },
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
            global_index: scratch,
        },
    ]
}

/// Makes `memory.fill` trap on a value above a byte, as Nitro's engines do below Stylus version 3.
///
/// WASM itself takes the value modulo 256. The check parks the value in local `spare`, an `i32`
/// that the function does not use; it is the engine's behaviour, so it counts nowhere.
/// It follows the charge, whose scratch global still holds the length.
pub fn trap_on_wide_fills<'a>(
    ops: Vec<Operator<'a>>,
    spare: u32,
    globals: AddedGlobals,
) -> Vec<Operator<'a>> {
    use Operator as O;
    let mut checked = Vec::with_capacity(ops.len());
    for op in ops {
        if matches!(op, O::MemoryFill { .. }) {
            checked.extend([
                O::Drop,
                O::LocalTee { local_index: spare },
                O::I32Const { value: 0xff },
                O::I32GtU,
                O::If {
                    blockty: BlockType::Empty,
                },
                O::Unreachable,
                O::End,
                O::LocalGet { local_index: spare },
                O::GlobalGet {
                    global_index: globals.scratch(),
                },
            ]);
        }
        checked.push(op);
    }
    checked
}
