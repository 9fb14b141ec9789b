//! Rewrites a module so that it meters itself: what it burns, how deep it calls and what it grows
//! by are kept in four added globals.
//!
//! Sections that the rewrite leaves alone are copied byte for byte.

use std::ops::Range;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType,
    Instruction, MemorySection, RawSection, SectionId, ValType,
};
use wasmparser::{Export, ExternalKind, FunctionBody, Operator};

use super::activate::ActivationRules;
use super::branch;
use super::depth;
use super::dynamic;
use super::heap::{self, MEMORY_EXPORT};
use super::meter;
use super::refusal::{FunctionRefusal, Lambda, ParseRefusal, kind_word};
use super::wasm::Module;

/// The export that runs a program: calldata length in, status out.
pub const ENTRYPOINT_EXPORT: &str = "user_entrypoint";

/// Where a debug chain's start function goes; it is never run.
pub const START_EXPORT: &str = "stylus_start";

/// Exported `i64`: ink left, meaningful while the status is zero.
pub const INK_LEFT_EXPORT: &str = "stylus_ink_left";

/// Exported `i32`: one once the ink is exhausted.
pub const INK_STATUS_EXPORT: &str = "stylus_ink_status";

/// Exported `i32`: where instrumentation parks an operand.
pub const SCRATCH_EXPORT: &str = "stylus_scratch_global";

/// Exported `i32`: words left for frames, zero once exhausted.
pub const STACK_LEFT_EXPORT: &str = "stylus_stack_left";

/// The first Stylus version whose `memory.fill` takes values above a byte.
const WIDE_FILL_VERSION: u16 = 3;

/// Indices of the four globals that follow the module's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddedGlobals {
    first: u32,
}

impl AddedGlobals {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// The globals added after the `own` ones.
    pub const fn after(own: u32) -> Self {
        Self { first: own }
    }

    /// Index of [`INK_LEFT_EXPORT`].
    pub const fn ink_left(self) -> u32 {
        self.first
    }

    /// Index of [`INK_STATUS_EXPORT`].
    pub const fn ink_status(self) -> u32 {
        self.first + 1
    }

    /// Index of [`SCRATCH_EXPORT`].
    pub const fn scratch(self) -> u32 {
        self.first + 2
    }

    /// Index of [`STACK_LEFT_EXPORT`].
    pub const fn stack_left(self) -> u32 {
        self.first + 3
    }
}

/// An own function after instrumentation.
pub struct InstrumentedFunction<'a> {
    /// Declared locals as runs of one type, parameters not included.
    pub locals: Vec<(u32, wasmparser::ValType)>,
    /// All its operators.
    pub ops: Vec<Operator<'a>>,
}

impl InstrumentedFunction<'_> {
    /// Declared locals.
    pub fn local_count(&self) -> u64 {
        self.locals.iter().map(|(count, _)| u64::from(*count)).sum()
    }
}

/// A module that meters itself, not yet encoded.
pub struct Instrumented<'m, 'a> {
    /// The module as it was deployed.
    pub module: &'m Module<'a>,
    /// Its own functions, rewritten.
    pub functions: Vec<InstrumentedFunction<'a>>,
    /// The exports that remain, without those added.
    pub exports: Vec<Export<'a>>,
    globals: AddedGlobals,
}

impl<'m, 'a> Instrumented<'m, 'a> {
    /// Rewrites `module`, checking as it goes what can only be seen then.
    ///
    /// - Errors: [`ParseRefusal`], in Nitro's order: the start function, the memory, each function
    ///   in turn, the entrypoint.
    pub fn new(module: &'m Module<'a>, rules: &ActivationRules) -> Result<Self, ParseRefusal> {
        let exports = remaining_exports(module, rules)?;
        let payer = heap::payer(module)?;
        // Validation allows a million globals.
        let globals = AddedGlobals::after(u32::try_from(module.globals.len()).unwrap_or(u32::MAX));
        let functions = module
            .bodies
            .iter()
            .enumerate()
            .map(|(index, body)| rewrite(module, index, body, payer, globals))
            .collect::<Result<_, _>>()?;
        check_entrypoint(module, &exports)?;
        Ok(Self {
            module,
            functions,
            exports,
            globals,
        })
    }

    /// Globals of the instrumented module.
    pub fn global_count(&self) -> usize {
        self.module.globals.len() + AddedGlobals::COUNT
    }

    /// Exports of the instrumented module.
    pub fn export_count(&self) -> usize {
        self.exports.len() + AddedGlobals::COUNT + usize::from(self.module.start.is_some())
    }

    /// The instrumented module's bytes, ready for the engine.
    ///
    /// - Errors: [`ParseRefusal::Encode`], which validation of the original rules out.
    pub fn encode(&self, rules: &ActivationRules) -> Result<Vec<u8>, ParseRefusal> {
        let mut encoded = wasm_encoder::Module::new();
        let ranges = &self.module.ranges;
        self.copy(&mut encoded, SectionId::Type, ranges.types.as_ref());
        self.copy(&mut encoded, SectionId::Import, ranges.imports.as_ref());
        self.copy(&mut encoded, SectionId::Function, ranges.functions.as_ref());
        self.copy(&mut encoded, SectionId::Table, ranges.tables.as_ref());
        encoded.section(&self.memory_section(rules));
        encoded.section(&self.global_section()?);
        encoded.section(&self.export_section());
        self.copy(&mut encoded, SectionId::Element, ranges.elements.as_ref());
        encoded.section(&self.code_section(rules)?);
        self.copy(&mut encoded, SectionId::Data, ranges.datas.as_ref());
        Ok(encoded.finish())
    }

    fn copy(
        &self,
        encoded: &mut wasm_encoder::Module,
        id: SectionId,
        range: Option<&Range<usize>>,
    ) {
        if let Some(data) = range.and_then(|range| self.module.bytes.get(range.clone())) {
            encoded.section(&RawSection {
                id: id.into(),
                data,
            });
        }
    }

    fn memory_section(&self, rules: &ActivationRules) -> MemorySection {
        let mut section = MemorySection::new();
        for memory in &self.module.memories {
            section.memory(heap::capped(*memory, rules.arbos_version).into());
        }
        section
    }

    fn global_section(&self) -> Result<GlobalSection, ParseRefusal> {
        let mut section = GlobalSection::new();
        for global in &self.module.globals {
            RoundtripReencoder
                .parse_global(&mut section, global.clone())
                .map_err(ParseRefusal::Encode)?;
        }
        let mutable = |val_type| GlobalType {
            val_type,
            mutable: true,
            shared: false,
        };
        section.global(mutable(ValType::I64), &ConstExpr::i64_const(0));
        for _ in 1..AddedGlobals::COUNT {
            section.global(mutable(ValType::I32), &ConstExpr::i32_const(0));
        }
        Ok(section)
    }

    fn export_section(&self) -> ExportSection {
        let mut section = ExportSection::new();
        for export in &self.exports {
            section.export(export.name, export.kind.into(), export.index);
        }
        if let Some(start) = self.module.start {
            section.export(START_EXPORT, ExportKind::Func, start);
        }
        for (name, index) in [
            (INK_LEFT_EXPORT, self.globals.ink_left()),
            (INK_STATUS_EXPORT, self.globals.ink_status()),
            (SCRATCH_EXPORT, self.globals.scratch()),
            (STACK_LEFT_EXPORT, self.globals.stack_left()),
        ] {
            section.export(name, ExportKind::Global, index);
        }
        section
    }

    fn code_section(&self, rules: &ActivationRules) -> Result<CodeSection, ParseRefusal> {
        let mut section = CodeSection::new();
        for (function, type_index) in self.functions.iter().zip(&self.module.functions) {
            let params = self
                .module
                .type_at(*type_index)
                .map_or(0, |ty| ty.params().len());
            section.function(&self.encode_function(function, params, rules)?);
        }
        Ok(section)
    }

    fn encode_function(
        &self,
        function: &InstrumentedFunction<'_>,
        params: usize,
        rules: &ActivationRules,
    ) -> Result<Function, ParseRefusal> {
        let mut locals = Vec::with_capacity(function.locals.len() + 1);
        for (count, ty) in &function.locals {
            locals.push((
                *count,
                RoundtripReencoder
                    .val_type(*ty)
                    .map_err(ParseRefusal::Encode)?,
            ));
        }
        let mut ops = branch::take_default_on_constants(function.ops.clone(), self.module);
        let fills = ops
            .iter()
            .any(|op| matches!(op, Operator::MemoryFill { .. }));
        if fills && rules.stylus_version < WIDE_FILL_VERSION {
            // Validation allows 1,000 parameters and 50,000 locals.
            let spare = u32::try_from(params as u64 + function.local_count()).unwrap_or(u32::MAX);
            locals.push((1, ValType::I32));
            ops = dynamic::trap_on_wide_fills(ops, spare, self.globals);
        }
        let mut encoded = Function::new(locals);
        for op in ops {
            encoded.instruction(&Instruction::try_from(op).map_err(ParseRefusal::Encode)?);
        }
        Ok(encoded)
    }
}

/// The exports that stay: all on a debug chain, else those that the host uses.
fn remaining_exports<'a>(
    module: &Module<'a>,
    rules: &ActivationRules,
) -> Result<Vec<Export<'a>>, ParseRefusal> {
    if !rules.production_rules {
        return Ok(module.exports.clone());
    }
    if module.start.is_some() {
        return Err(ParseRefusal::StartFunction);
    }
    let used = [ENTRYPOINT_EXPORT, START_EXPORT, MEMORY_EXPORT];
    Ok(module
        .exports
        .iter()
        .filter(|export| used.contains(&export.name))
        .copied()
        .collect())
}

/// Runs the passes over one function, in the order that decides what pays for what.
fn rewrite<'a>(
    module: &Module<'a>,
    index: usize,
    body: &FunctionBody<'a>,
    payer: Option<u32>,
    globals: AddedGlobals,
) -> Result<InstrumentedFunction<'a>, ParseRefusal> {
    let locals = body
        .get_locals_reader()?
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let local_count = locals.iter().map(|(count, _)| u64::from(*count)).sum();
    let ops = body
        .get_operators_reader()?
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let ops = meter::charge_blocks(ops, module, globals);
    let ops = dynamic::charge_bulk_operations(ops, globals)
        .map_err(|source| pass_failure("dynamic ink meter", source))?;
    let ops = depth::bound_stack(ops, index, local_count, module, globals)
        .map_err(|source| pass_failure("depth checker", source))?;
    let ops = match payer {
        Some(payer) => heap::pay_for_growth(ops, payer, globals),
        None => ops,
    };
    Ok(InstrumentedFunction { locals, ops })
}

fn pass_failure(pass: &'static str, source: FunctionRefusal) -> ParseRefusal {
    ParseRefusal::Pass { pass, source }
}

fn check_entrypoint(module: &Module<'_>, exports: &[Export<'_>]) -> Result<(), ParseRefusal> {
    use wasmparser::ValType::I32;
    let export = exports
        .iter()
        .find(|export| export.name == ENTRYPOINT_EXPORT)
        .ok_or(ParseRefusal::NoEntrypoint)?;
    if export.kind != ExternalKind::Func {
        return Err(ParseRefusal::EntrypointKind(kind_word(export.kind)));
    }
    match module.function_type(export.index) {
        Some(ty) if ty.params() == [I32] && ty.results() == [I32] => Ok(()),
        Some(ty) => Err(ParseRefusal::EntrypointType(Lambda::from(ty))),
        None => Err(ParseRefusal::NoEntrypoint),
    }
}
