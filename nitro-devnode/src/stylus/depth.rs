//! Bounds the call stack in words, the same on every machine: each function takes its frame from
//! a budget when entered and gives it back when it returns.
//!
//! A branch to the function's outermost label leaves without giving the frame back; that is
//! Nitro's behaviour and part of what programs can observe.

use wasmparser::{BlockType, Operator};

use super::instrument::AddedGlobals;
use super::refusal::FunctionRefusal;
use super::wasm::Module;

/// Words that any one frame may take.
pub const MAX_FRAME_WORDS: u64 = 10_240;

/// Values that may be alive at once in one frame.
pub const MAX_LIVE_VALUES: u64 = 4_096;

/// Words of a frame on top of its values and locals.
const FRAME_OVERHEAD: u64 = 4;

/// Operators that entering a function adds.
pub const PROLOGUE_OPS: usize = 12;

/// Operators that each return adds.
pub const EPILOGUE_OPS: usize = 4;

/// Makes a function take its frame on entry and give it back before each return, and inserts a
/// return before its last `end`.
///
/// `ops` are those of the function `index`, with the metering already in place: metering adds to
/// the height of the stack. `locals` counts declared locals, not parameters.
///
/// - Errors: [`FunctionRefusal`] for frames above [`MAX_FRAME_WORDS`] or [`MAX_LIVE_VALUES`].
pub fn bound_stack<'a>(
    ops: Vec<Operator<'a>>,
    index: usize,
    locals: u64,
    module: &Module<'_>,
    globals: AddedGlobals,
) -> Result<Vec<Operator<'a>>, FunctionRefusal> {
    let words = frame_words(&ops, index, locals, module)?;
    let size = Operator::I32Const {
        value: words.cast_signed(),
    };
    let returns = ops
        .iter()
        .filter(|op| matches!(op, Operator::Return))
        .count();
    let mut bounded =
        Vec::with_capacity(ops.len() + PROLOGUE_OPS + EPILOGUE_OPS * (returns + 1) + 1);
    bounded.extend(prologue(&size, globals));
    let last = ops.len().saturating_sub(1);
    for (position, op) in ops.into_iter().enumerate() {
        if matches!(op, Operator::Return) {
            bounded.extend(epilogue(&size, globals));
        }
        if position == last {
            bounded.extend(epilogue(&size, globals));
            bounded.push(Operator::Return);
        }
        bounded.push(op);
    }
    Ok(bounded)
}

/// Words of the frame of a function: its deepest stack, its declared locals and an overhead.
pub fn frame_words(
    ops: &[Operator<'_>],
    index: usize,
    locals: u64,
    module: &Module<'_>,
) -> Result<u32, FunctionRefusal> {
    let mut stack = Stack {
        height: 0,
        worst: 0,
        scopes: Vec::new(),
        module,
    };
    for op in ops {
        stack.apply(op)?;
    }
    if stack.worst > MAX_LIVE_VALUES {
        let (values, limit) = (stack.worst, MAX_LIVE_VALUES);
        return Err(FunctionRefusal::TooManyValues {
            function: index,
            values,
            limit,
        });
    }
    let words = stack
        .worst
        .saturating_add(locals)
        .saturating_add(FRAME_OVERHEAD);
    match u32::try_from(words) {
        Ok(fitting) if words <= MAX_FRAME_WORDS => Ok(fitting),
        _ => Err(FunctionRefusal::FrameTooLarge {
            words,
            limit: MAX_FRAME_WORDS,
        }),
    }
}

fn prologue(size: &Operator<'static>, globals: AddedGlobals) -> [Operator<'static>; PROLOGUE_OPS] {
    use Operator as O;
    let global_index = globals.stack_left();
    [
        O::GlobalGet { global_index },
        size.clone(),
        O::I32LeU,
        O::If {
            blockty: BlockType::Empty,
        },
        O::I32Const { value: 0 },
        O::GlobalSet { global_index },
        O::Unreachable,
        O::End,
        O::GlobalGet { global_index },
        size.clone(),
        O::I32Sub,
        O::GlobalSet { global_index },
    ]
}

fn epilogue(size: &Operator<'static>, globals: AddedGlobals) -> [Operator<'static>; EPILOGUE_OPS] {
    use Operator as O;
    let global_index = globals.stack_left();
    [
        O::GlobalGet { global_index },
        size.clone(),
        O::I32Add,
        O::GlobalSet { global_index },
    ]
}

/// An abstract operand stack that only knows its height.
///
/// Dead code counts like live code, and popping an empty stack leaves it empty.
struct Stack<'m, 'a> {
    height: u64,
    worst: u64,
    scopes: Vec<u64>,
    module: &'m Module<'a>,
}

impl Stack<'_, '_> {
    fn push(&mut self, values: usize) {
        self.height = self.height.saturating_add(values as u64);
        self.worst = self.worst.max(self.height);
    }

    fn pop(&mut self, values: usize) {
        self.height = self.height.saturating_sub(values as u64);
    }

    /// Counts a block's results as pushed at its start, then opens its scope at that height.
    fn open(&mut self, ty: BlockType) {
        match ty {
            BlockType::Empty => {}
            BlockType::Type(_) => self.push(1),
            BlockType::FuncType(index) => self.apply_type(index),
        }
        self.scopes.push(self.height);
    }

    /// Pushes the results of a type before popping its parameters.
    fn apply_type(&mut self, type_index: u32) {
        let module = self.module;
        if let Some(ty) = module.type_at(type_index) {
            self.push(ty.results().len());
            self.pop(ty.params().len());
        }
    }

    fn apply(&mut self, op: &Operator<'_>) -> Result<(), FunctionRefusal> {
        use Operator as O;
        match op {
            O::Block { blockty } | O::Loop { blockty } => self.open(*blockty),
            O::If { blockty } => {
                self.pop(1);
                self.open(*blockty);
            }
            O::Else => self.height = self.scopes.last().copied().unwrap_or_default(),
            // The last `end` closes the function itself, whose height no longer matters.
            O::End => self.height = self.scopes.pop().unwrap_or_default(),
            O::Call { function_index } => {
                let module = self.module;
                if let Some(ty) = module.function_type(*function_index) {
                    self.push(ty.results().len());
                    self.pop(ty.params().len());
                }
            }
            O::CallIndirect { type_index, .. } => {
                self.apply_type(*type_index);
                self.pop(1);
            }
            O::MemoryFill { .. } | O::MemoryCopy { .. } => self.pop(3),
            _ => match fixed_effect(op) {
                Some(Effect::Push) => self.push(1),
                Some(Effect::Keep) => {}
                Some(Effect::Pop(values)) => self.pop(values),
                None => return Err(FunctionRefusal::Extension(format!("{op:?}"))),
            },
        }
        Ok(())
    }
}

/// What an operator does to the height of the stack, whatever its operands.
pub(super) enum Effect {
    Push,
    Keep,
    Pop(usize),
}

/// The effect of an operator that has always the same; none for those that validation or Nitro
/// refuses, and for blocks, calls and bulk operations.
#[rustfmt::skip]
pub(super) fn fixed_effect(op: &Operator<'_>) -> Option<Effect> {
    use Operator as O;
    Some(match op {
        O::LocalGet { .. } | O::GlobalGet { .. } | O::MemorySize { .. } | O::I32Const { .. }
        | O::I64Const { .. } | O::F32Const { .. } | O::F64Const { .. } => Effect::Push,

        O::Select | O::I32Store { .. } | O::I32Store8 { .. } | O::I32Store16 { .. }
        | O::I64Store { .. } | O::I64Store8 { .. } | O::I64Store16 { .. } | O::I64Store32 { .. }
        | O::F32Store { .. } | O::F64Store { .. } => Effect::Pop(2),

        O::Drop | O::BrIf { .. } | O::BrTable { .. } | O::LocalSet { .. } | O::GlobalSet { .. }
        | O::I32Eq | O::I32Ne | O::I32LtS | O::I32LtU | O::I32GtS | O::I32GtU
        | O::I32LeS | O::I32LeU | O::I32GeS | O::I32GeU
        | O::I64Eq | O::I64Ne | O::I64LtS | O::I64LtU | O::I64GtS | O::I64GtU
        | O::I64LeS | O::I64LeU | O::I64GeS | O::I64GeU
        | O::F32Eq | O::F32Ne | O::F32Lt | O::F32Gt | O::F32Le | O::F32Ge
        | O::F64Eq | O::F64Ne | O::F64Lt | O::F64Gt | O::F64Le | O::F64Ge
        | O::I32Add | O::I32Sub | O::I32Mul | O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU
        | O::I32And | O::I32Or | O::I32Xor | O::I32Shl | O::I32ShrS | O::I32ShrU
        | O::I32Rotl | O::I32Rotr
        | O::I64Add | O::I64Sub | O::I64Mul | O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU
        | O::I64And | O::I64Or | O::I64Xor | O::I64Shl | O::I64ShrS | O::I64ShrU
        | O::I64Rotl | O::I64Rotr
        | O::F32Add | O::F32Sub | O::F32Mul | O::F32Div | O::F32Min | O::F32Max | O::F32Copysign
        | O::F64Add | O::F64Sub | O::F64Mul | O::F64Div | O::F64Min | O::F64Max
        | O::F64Copysign => Effect::Pop(1),

        O::Nop | O::Unreachable | O::Br { .. } | O::Return | O::LocalTee { .. }
        | O::MemoryGrow { .. }
        | O::I32Load { .. } | O::I32Load8S { .. } | O::I32Load8U { .. } | O::I32Load16S { .. }
        | O::I32Load16U { .. }
        | O::I64Load { .. } | O::I64Load8S { .. } | O::I64Load8U { .. } | O::I64Load16S { .. }
        | O::I64Load16U { .. } | O::I64Load32S { .. } | O::I64Load32U { .. }
        | O::F32Load { .. } | O::F64Load { .. }
        | O::I32Eqz | O::I32Clz | O::I32Ctz | O::I32Popcnt
        | O::I64Eqz | O::I64Clz | O::I64Ctz | O::I64Popcnt
        | O::F32Abs | O::F32Neg | O::F32Ceil | O::F32Floor | O::F32Trunc | O::F32Nearest
        | O::F32Sqrt
        | O::F64Abs | O::F64Neg | O::F64Ceil | O::F64Floor | O::F64Trunc | O::F64Nearest
        | O::F64Sqrt
        | O::I32WrapI64 | O::I64ExtendI32S | O::I64ExtendI32U
        | O::I32Extend8S | O::I32Extend16S | O::I64Extend8S | O::I64Extend16S | O::I64Extend32S
        | O::I32TruncF32S | O::I32TruncF32U | O::I32TruncF64S | O::I32TruncF64U
        | O::I64TruncF32S | O::I64TruncF32U | O::I64TruncF64S | O::I64TruncF64U
        | O::I32TruncSatF32S | O::I32TruncSatF32U | O::I32TruncSatF64S | O::I32TruncSatF64U
        | O::I64TruncSatF32S | O::I64TruncSatF32U | O::I64TruncSatF64S | O::I64TruncSatF64U
        | O::F32ConvertI32S | O::F32ConvertI32U | O::F32ConvertI64S | O::F32ConvertI64U
        | O::F64ConvertI32S | O::F64ConvertI32U | O::F64ConvertI64S | O::F64ConvertI64U
        | O::F32DemoteF64 | O::F64PromoteF32
        | O::I32ReinterpretF32 | O::I64ReinterpretF64 | O::F32ReinterpretI32
        | O::F64ReinterpretI64 => Effect::Keep,

        _ => return None,
    })
}
