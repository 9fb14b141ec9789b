//! Bounds the memory a program starts with, and makes it pay for what it grows by.

use wasmparser::{ExternalKind, MemoryType, Operator, ValType};

use super::imports::{PAY_FOR_MEMORY_GROW, VM_HOOKS};
use super::instrument::AddedGlobals;
use super::refusal::{Lambda, ParseRefusal};
use super::wasm::Module;

/// The export under which the host reaches a program's memory.
pub const MEMORY_EXPORT: &str = "memory";

/// Pages that any program may start with.
pub const MAX_INITIAL_PAGES: u64 = 128;

/// Pages that a memory may reach: singlepass of wasmer, with which Nitro runs programs, never grants
/// the last one of 32 bits.
const MAX_PAGES: u64 = 65_535;

/// Pages that a memory may reach from [`CAPPED_SINCE`] on.
const MAX_PAGES_CAPPED: u64 = 65_534;

/// The ArbOS version that caps growth.
const CAPPED_SINCE: u64 = 59;

/// Operators that the payment adds before each `memory.grow`.
pub const PAYMENT_OPS: usize = 4;

/// The function that pays for growth: its index, or `None` if the memory has a fixed size.
///
/// - Errors: [`ParseRefusal`] when the memory is missing, not exported, too large at the start, or
///   may grow without the import that pays.
pub fn payer(module: &Module<'_>) -> Result<Option<u32>, ParseRefusal> {
    let memory = exported_memory(module)?;
    if memory.initial > MAX_INITIAL_PAGES {
        let (pages, bound) = (memory.initial, MAX_INITIAL_PAGES);
        return Err(ParseRefusal::MemoryBound { pages, bound });
    }
    if memory.maximum == Some(memory.initial) {
        return Ok(None);
    }
    let position = module
        .imports
        .iter()
        .position(|import| import.module == VM_HOOKS && import.name == PAY_FOR_MEMORY_GROW)
        .and_then(|position| u32::try_from(position).ok())
        .ok_or(ParseRefusal::NoPayImport)?;
    match module.function_type(position) {
        Some(ty) if ty.params() == [ValType::I32] && ty.results().is_empty() => Ok(Some(position)),
        Some(ty) => Err(ParseRefusal::PayImportType(Lambda::from(ty))),
        None => Err(ParseRefusal::NoPayImport),
    }
}

fn exported_memory<'m>(module: &'m Module<'_>) -> Result<&'m MemoryType, ParseRefusal> {
    let memory = match module.memories.as_slice() {
        [] => return Err(ParseRefusal::NoMemory),
        [memory] => memory,
        _ => return Err(ParseRefusal::SeveralMemories),
    };
    match module.export(MEMORY_EXPORT) {
        Some(export) if export.kind == ExternalKind::Memory => Ok(memory),
        _ => Err(ParseRefusal::MemoryNotExported),
    }
}

/// The memory as the engine gets it: never above 65,535 pages, from ArbOS 59 on never above 65,534.
pub fn capped(memory: MemoryType, arbos_version: u64) -> MemoryType {
    let most = match arbos_version {
        CAPPED_SINCE.. => MAX_PAGES_CAPPED,
        _ => MAX_PAGES,
    };
    let maximum = memory.maximum.map_or(most, |declared| declared.min(most));
    MemoryType {
        maximum: Some(maximum),
        ..memory
    }
}

/// Calls `payer` with the pages asked for before each `memory.grow` of `ops`.
///
/// The call comes first, so that growth that then fails is paid all the same.
pub fn pay_for_growth<'a>(
    ops: Vec<Operator<'a>>,
    payer: u32,
    globals: AddedGlobals,
) -> Vec<Operator<'a>> {
    use Operator as O;
    let global_index = globals.scratch();
    let mut paid = Vec::with_capacity(ops.len());
    for op in ops {
        if matches!(op, O::MemoryGrow { .. }) {
            let payment: [Operator<'static>; PAYMENT_OPS] = [
                O::GlobalSet { global_index },
                O::GlobalGet { global_index },
                O::Call {
                    function_index: payer,
                },
                O::GlobalGet { global_index },
            ];
            paid.extend(payment);
        }
        paid.push(op);
    }
    paid
}
