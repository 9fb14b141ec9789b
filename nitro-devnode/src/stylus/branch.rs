//! Makes `br_table` on a constant take its default branch, as the recorded node's engine does.
//!
//! That engine (wasmer 7.1, singlepass, x86-64) folds the comparison of a constant index with the
//! number of targets, and the folded comparison never says "below". It knows an index that
//! `i32.const` pushed for as long as it stays on the operand stack, whatever else is pushed and
//! popped above it; a local, a result and a loop's parameter hold their value in a register or in
//! memory. No compiler emits such a table. Nothing is charged for it here, since it is the
//! engine's behaviour.

use wasmparser::{BlockType, Operator};

use super::depth::{Effect, fixed_effect};
use super::wasm::Module;

/// An index above any number of targets.
const BEYOND_ALL: i32 = -1;

/// Replaces the index of every `br_table` of a valid function's `ops` that is known when compiling.
pub fn take_default_on_constants<'a>(
    ops: Vec<Operator<'a>>,
    module: &Module<'_>,
) -> Vec<Operator<'a>> {
    if !ops.iter().any(|op| matches!(op, Operator::BrTable { .. })) {
        return ops;
    }
    let mut operands = Operands {
        known: Vec::new(),
        scopes: Vec::new(),
        dead: 0,
        module,
    };
    let mut replaced = Vec::with_capacity(ops.len());
    for op in ops {
        let is_live_table = operands.dead == 0 && matches!(op, Operator::BrTable { .. });
        if is_live_table && operands.known.last() == Some(&true) {
            let value = BEYOND_ALL;
            replaced.extend([Operator::Drop, Operator::I32Const { value }]);
        }
        operands.apply(&op);
        replaced.push(op);
    }
    replaced
}

/// An abstract operand stack that tells constants from other values.
struct Operands<'m, 'a> {
    /// Whether each value is a constant, the topmost last.
    known: Vec<bool>,
    scopes: Vec<Scope>,
    /// Scopes that dead code is in, which the engine skips.
    dead: usize,
    module: &'m Module<'a>,
}

/// An open block.
struct Scope {
    /// Values below its parameters.
    base: usize,
    /// Whether each parameter is a constant.
    params: Vec<bool>,
    results: usize,
}

impl Operands<'_, '_> {
    fn apply(&mut self, op: &Operator<'_>) {
        if self.dead > 0 {
            self.skip(op);
        } else {
            self.run(op);
        }
    }

    /// Looks for the end of dead code.
    fn skip(&mut self, op: &Operator<'_>) {
        match op {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.dead += 1,
            Operator::Else if self.dead == 1 => {
                self.dead = 0;
                self.start_over();
            }
            Operator::End => {
                self.dead -= 1;
                if self.dead == 0 {
                    self.close();
                }
            }
            _ => {}
        }
    }

    fn run(&mut self, op: &Operator<'_>) {
        use Operator as O;
        match op {
            O::I32Const { .. } => self.known.push(true),
            O::LocalTee { .. } | O::Nop => {}
            O::Drop | O::LocalSet { .. } | O::GlobalSet { .. } | O::BrIf { .. } => {
                self.replace(1, 0);
            }
            O::Select => self.replace(3, 1),
            O::MemoryFill { .. } | O::MemoryCopy { .. } => self.replace(3, 0),
            O::Block { blockty } => self.open(*blockty),
            O::Loop { blockty } => {
                // Its parameters differ from round to round.
                self.replace(self.arity(*blockty).0, self.arity(*blockty).0);
                self.open(*blockty);
            }
            O::If { blockty } => {
                self.replace(1, 0);
                self.open(*blockty);
            }
            O::Else => self.start_over(),
            O::End => self.close(),
            O::Br { .. } | O::BrTable { .. } | O::Return | O::Unreachable => self.dead = 1,
            O::Call { function_index } => {
                if let Some(ty) = self.module.function_type(*function_index) {
                    self.replace(ty.params().len(), ty.results().len());
                }
            }
            O::CallIndirect { type_index, .. } => {
                if let Some(ty) = self.module.type_at(*type_index) {
                    self.replace(ty.params().len() + 1, ty.results().len());
                }
            }
            _ => match fixed_effect(op) {
                Some(Effect::Push) => self.replace(0, 1),
                Some(Effect::Keep) => self.replace(1, 1),
                Some(Effect::Pop(1)) => self.replace(2, 1),
                // Stores; what has no effect here was refused when the stack was bounded.
                Some(Effect::Pop(_)) | None => self.replace(2, 0),
            },
        }
    }

    /// Pops values and pushes others that are no constants.
    fn replace(&mut self, pops: usize, pushes: usize) {
        let kept = self.known.len().saturating_sub(pops);
        self.known.truncate(kept);
        self.known.resize(kept + pushes, false);
    }

    /// Parameters and results of a block.
    fn arity(&self, ty: BlockType) -> (usize, usize) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => self
                .module
                .type_at(index)
                .map_or((0, 0), |ty| (ty.params().len(), ty.results().len())),
        }
    }

    fn open(&mut self, ty: BlockType) {
        let (params, results) = self.arity(ty);
        let base = self.known.len().saturating_sub(params);
        self.scopes.push(Scope {
            base,
            params: self.known.get(base..).unwrap_or_default().to_vec(),
            results,
        });
    }

    /// Gives the parameters of an `if` to its `else` too.
    fn start_over(&mut self) {
        if let Some(scope) = self.scopes.last() {
            self.known.truncate(scope.base);
            self.known.extend(&scope.params);
        }
    }

    /// Leaves the innermost block, if it is not the function.
    fn close(&mut self) {
        if let Some(scope) = self.scopes.pop() {
            self.known.truncate(scope.base);
            self.known.resize(scope.base + scope.results, false);
        }
    }
}
