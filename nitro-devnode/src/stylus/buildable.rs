//! Decides whether the proving machine could be built from a module: every import resolves, no
//! floating-point arithmetic, and segments that fit.
//!
//! No such machine is built here; only its refusals are observable.

use wasmparser::{ConstExpr, Data, DataKind, Element, ElementItems, ElementKind, Operator};

use super::activate::ActivationRules;
use super::floats;
use super::imports::{self, Signature};
use super::refusal::{BuildRefusal, Lambda};
use super::wasm::{Import, Module};

/// Bytes of a memory page.
const PAGE_BYTES: u64 = 65_536;

/// Checks what building the machine would.
///
/// - Errors: the first [`BuildRefusal`] in Nitro's order.
pub fn check(module: &Module<'_>, rules: &ActivationRules) -> Result<(), BuildRefusal> {
    for import in &module.imports {
        check_import(import, module, rules)?;
    }
    if module.bodies.is_empty() {
        return Err(BuildRefusal::NoFunctions);
    }
    for body in &module.bodies {
        // Validation has read every operator already.
        for op in body.get_operators_reader().into_iter().flatten().flatten() {
            if let Some(name) = floats::arithmetic(&op) {
                return Err(BuildRefusal::Float(name));
            }
        }
    }
    module
        .datas
        .iter()
        .try_for_each(|data| check_data(data, module))?;
    module
        .elements
        .iter()
        .try_for_each(|element| check_element(element, module))
}

fn check_import(
    import: &Import<'_>,
    module: &Module<'_>,
    rules: &ActivationRules,
) -> Result<(), BuildRefusal> {
    let (from, name) = (import.module.to_owned(), import.name.to_owned());
    let offered = imports::offered(import.module, rules);
    let Some(host) = offered.iter().find(|host| host.name == import.name) else {
        return Err(BuildRefusal::NoSuchImport { module: from, name });
    };
    let Signature {
        params, results, ..
    } = *host;
    match module.type_at(import.type_index) {
        Some(ty) if ty.params() == params && ty.results() == results => Ok(()),
        ty => Err(BuildRefusal::ImportType {
            module: from,
            name,
            expected: Lambda::new(params, results),
            actual: ty.map_or_else(|| Lambda::new(&[], &[]), Lambda::from),
        }),
    }
}

/// The value of a lone `i32.const`, sign-extended and read as unsigned.
fn constant_offset(expr: &ConstExpr<'_>) -> Option<u64> {
    let mut ops = expr.get_operators_reader();
    match (ops.read(), ops.read()) {
        (Ok(Operator::I32Const { value }), Ok(Operator::End)) => {
            Some(i64::from(value).cast_unsigned())
        }
        _ => None,
    }
}

/// Passive segments can never be used, and are not looked at.
fn check_data(data: &Data<'_>, module: &Module<'_>) -> Result<(), BuildRefusal> {
    let DataKind::Active { offset_expr, .. } = &data.kind else {
        return Ok(());
    };
    let offset = constant_offset(offset_expr).ok_or(BuildRefusal::DataOffset)?;
    let memory = module.initial_pages().saturating_mul(PAGE_BYTES);
    let size = data.data.len();
    match offset.checked_add(size as u64) {
        Some(end) if end <= memory => Ok(()),
        _ => Err(BuildRefusal::DataOutOfBounds { offset, size }),
    }
}

/// Passive and declared segments can never be used, and are not looked at.
fn check_element(element: &Element<'_>, module: &Module<'_>) -> Result<(), BuildRefusal> {
    let ElementKind::Active {
        table_index,
        offset_expr,
    } = &element.kind
    else {
        return Ok(());
    };
    let ElementItems::Functions(functions) = &element.items else {
        return Err(BuildRefusal::ElementInitializer);
    };
    let offset = constant_offset(offset_expr).ok_or(BuildRefusal::ElementInitializer)?;
    let index = usize::try_from(table_index.unwrap_or_default()).unwrap_or(usize::MAX);
    let table = module.tables.get(index).map_or(0, |table| table.initial);
    let len = functions.count();
    match offset.checked_add(u64::from(len)) {
        Some(end) if end <= table => Ok(()),
        _ => Err(BuildRefusal::ElementOutOfBounds { offset, len, table }),
    }
}
