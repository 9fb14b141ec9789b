//! Bounds every dimension of an instrumented module, so that proving it stays affordable.

use super::activate::ActivationRules;
use super::instrument::Instrumented;
use super::refusal::ParseRefusal;

/// Memories of a module.
pub const MEMORIES: u64 = 1;
/// Data segments.
pub const DATAS: u64 = 128;
/// Element segments.
pub const ELEMENTS: u64 = 128;
/// Exports, those of the added globals included.
pub const EXPORTS: u64 = 1_024;
/// Own functions.
pub const FUNCTIONS: u64 = 4_096;
/// Globals, the added ones included.
pub const GLOBALS: u64 = 32_768;
/// Declared locals of a function; parameters are free.
pub const LOCALS: u64 = 348;
/// Operators of a function after instrumentation.
pub const OPCODES: u64 = 65_536;
/// Imports: the 42 host functions many times over.
pub const IMPORTS: u64 = 513;
/// Initial entries of all tables.
pub const TABLE_ENTRIES: u64 = 4_096;
/// Encoded bytes of all element segments, which Nitro counts as their entries.
pub const ELEMENT_BYTES: u64 = 4_096;
/// Bytes of an export's or the module's name.
pub const NAME_BYTES: usize = 512;

/// The ArbOS version that bounds imports.
const IMPORT_LIMIT_SINCE: u64 = 32;

/// Checks every limit, in Nitro's order.
///
/// - Errors: [`ParseRefusal::TooMany`] or [`ParseRefusal::NameTooLong`] for the first one passed.
pub fn check(program: &Instrumented<'_, '_>, rules: &ActivationRules) -> Result<(), ParseRefusal> {
    let module = program.module;
    at_most("memories", module.memories.len() as u64, MEMORIES)?;
    at_most("datas", module.datas.len() as u64, DATAS)?;
    at_most("elements", module.elements.len() as u64, ELEMENTS)?;
    at_most("exports", program.export_count() as u64, EXPORTS)?;
    at_most("functions", program.functions.len() as u64, FUNCTIONS)?;
    at_most("globals", program.global_count() as u64, GLOBALS)?;
    for function in &program.functions {
        at_most("locals", function.local_count(), LOCALS)?;
        at_most("opcodes in func body", function.ops.len() as u64, OPCODES)?;
    }
    if rules.arbos_version >= IMPORT_LIMIT_SINCE {
        at_most("imports", module.imports.len() as u64, IMPORTS)?;
    }
    let entries = module
        .tables
        .iter()
        .fold(0, |sum: u64, ty| sum.saturating_add(ty.initial));
    at_most("table entries", entries, TABLE_ENTRIES)?;
    at_most("element entries", element_bytes(program), ELEMENT_BYTES)?;
    let names = program.exports.iter().map(|export| export.name);
    names.chain([module.name]).try_for_each(short_enough)
}

/// Encoded bytes of all element segments.
pub fn element_bytes(program: &Instrumented<'_, '_>) -> u64 {
    program
        .module
        .elements
        .iter()
        .map(|element| element.range.len() as u64)
        .sum()
}

fn at_most(what: &'static str, count: u64, limit: u64) -> Result<(), ParseRefusal> {
    if count <= limit {
        Ok(())
    } else {
        Err(ParseRefusal::TooMany { what, count, limit })
    }
}

fn short_enough(name: &str) -> Result<(), ParseRefusal> {
    let (len, limit) = (name.len(), NAME_BYTES);
    if len <= limit {
        Ok(())
    } else {
        Err(ParseRefusal::NameTooLong { len, limit })
    }
}
