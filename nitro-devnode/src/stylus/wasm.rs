//! Reads a module into the parts that activation works on, and decides which proposals, sections
//! and names a program may use.
//!
//! Prices, limits and the host's functions are decided elsewhere.

use std::collections::HashMap;
use std::ops::Range;

use wasmparser::{
    CustomSectionReader, Data, Element, Export, FuncType, FunctionBody, Global, KnownCustom,
    MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef, Validator, WasmFeatures,
};

use super::activate::ActivationRules;
use super::refusal::ParseRefusal;

/// Names that the instrumentation keeps for itself.
const RESERVED_PREFIX: &str = "stylus";

/// The Stylus version from which functions and blocks have at most one result.
const SINGLE_RESULT_VERSION: u16 = 3;

/// An imported function.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The module imported from.
    pub module: &'a str,
    /// The function's name there.
    pub name: &'a str,
    /// Index into [`Module::types`].
    pub type_index: u32,
}

/// A validated module, in the order of its sections.
#[derive(Default)]
pub struct Module<'a> {
    /// The whole binary.
    pub bytes: &'a [u8],
    /// Function types; validation has bounded every index into them.
    pub types: Vec<FuncType>,
    /// Imported functions.
    pub imports: Vec<Import<'a>>,
    /// Type indices of the module's own functions.
    pub functions: Vec<u32>,
    /// Tables, at most one.
    pub tables: Vec<TableType>,
    /// Memories, at most one.
    pub memories: Vec<MemoryType>,
    /// The module's own globals.
    pub globals: Vec<Global<'a>>,
    /// Exports of every kind.
    pub exports: Vec<Export<'a>>,
    /// The start function, not to be run.
    pub start: Option<u32>,
    /// Element segments.
    pub elements: Vec<Element<'a>>,
    /// Data segments.
    pub datas: Vec<Data<'a>>,
    /// Bodies of the module's own functions.
    pub bodies: Vec<FunctionBody<'a>>,
    /// The module's name from the name section, empty without one.
    pub name: &'a str,
    /// Where the sections that instrumentation leaves alone lie in [`Module::bytes`].
    pub ranges: SectionRanges,
}

/// Byte ranges of section contents, without id and size.
#[derive(Debug, Clone, Default)]
pub struct SectionRanges {
    /// Type section.
    pub types: Option<Range<usize>>,
    /// Import section.
    pub imports: Option<Range<usize>>,
    /// Function section.
    pub functions: Option<Range<usize>>,
    /// Table section.
    pub tables: Option<Range<usize>>,
    /// Element section.
    pub elements: Option<Range<usize>>,
    /// Data section.
    pub datas: Option<Range<usize>>,
}

impl<'a> Module<'a> {
    /// Validates `bytes`, walks its sections and checks the names it imports and exports.
    ///
    /// - Errors: the first refusal in Nitro's order; never panics on any input.
    pub fn parse(bytes: &'a [u8], rules: &ActivationRules) -> Result<Self, ParseRefusal> {
        Validator::new_with_features(features(rules))
            .validate_all(bytes)
            .map_err(ParseRefusal::Invalid)?;
        let mut module = Self {
            bytes,
            ..Self::default()
        };
        for payload in Parser::new(0).parse_all(bytes) {
            module.read(payload?)?;
        }
        module.check_imports_agree()?;
        module.check_names()?;
        Ok(module)
    }

    /// The type of a function, counted from the first import.
    ///
    /// `None` only for an index that validation would have refused.
    pub fn function_type(&self, index: u32) -> Option<&FuncType> {
        let index = usize::try_from(index).ok()?;
        let type_index = match self.imports.get(index) {
            Some(import) => import.type_index,
            None => *self.functions.get(index.checked_sub(self.imports.len())?)?,
        };
        self.type_at(type_index)
    }

    /// The function type at `type_index`.
    ///
    /// `None` only for an index that validation would have refused.
    pub fn type_at(&self, type_index: u32) -> Option<&FuncType> {
        self.types.get(usize::try_from(type_index).ok()?)
    }

    /// The export called `name`, of whatever kind.
    pub fn export(&self, name: &str) -> Option<&Export<'a>> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// Initial pages of the memory, none without one.
    pub fn initial_pages(&self) -> u64 {
        self.memories.first().map_or(0, |memory| memory.initial)
    }

    fn read(&mut self, payload: Payload<'a>) -> Result<(), ParseRefusal> {
        match payload {
            Payload::TypeSection(section) => {
                self.ranges.types = Some(section.range());
                self.types = section
                    .into_iter_err_on_gc_types()
                    .collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                self.ranges.imports = Some(section.range());
                for import in section.into_imports() {
                    self.read_import(import?)?;
                }
            }
            Payload::FunctionSection(section) => {
                self.ranges.functions = Some(section.range());
                self.functions = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(section) => {
                self.ranges.tables = Some(section.range());
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                self.memories = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    require_constant(&global)?;
                    self.globals.push(global);
                }
            }
            Payload::ExportSection(section) => {
                self.exports = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                self.ranges.elements = Some(section.range());
                self.elements = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(section) => {
                self.ranges.datas = Some(section.range());
                self.datas = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CustomSection(section) => self.read_names(&section)?,
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            unknown @ Payload::UnknownSection { .. } => {
                return Err(ParseRefusal::UnknownSection(format!("{unknown:?}")));
            }
            other => return Err(ParseRefusal::SectionKind(format!("{other:?}"))),
        }
        Ok(())
    }

    fn read_import(&mut self, import: wasmparser::Import<'a>) -> Result<(), ParseRefusal> {
        let TypeRef::Func(type_index) = import.ty else {
            return Err(ParseRefusal::ImportKind(format!("{import:?}")));
        };
        let wasmparser::Import { module, name, .. } = import;
        self.imports.push(Import {
            module,
            name,
            type_index,
        });
        Ok(())
    }

    /// Reads the names of the module and its functions, if the section holds them; other names are
    /// not looked at.
    fn read_names(&mut self, section: &CustomSectionReader<'a>) -> Result<(), ParseRefusal> {
        let KnownCustom::Name(names) = section.as_known() else {
            return Ok(());
        };
        for name in names {
            match name? {
                Name::Module { name, .. } => self.name = name,
                Name::Function(functions) => {
                    for naming in functions {
                        naming?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_imports_agree(&self) -> Result<(), ParseRefusal> {
        let mut seen = HashMap::new();
        for import in &self.imports {
            let first = seen
                .entry((import.module, import.name))
                .or_insert(import.type_index);
            if *first != import.type_index {
                return Err(ParseRefusal::InconsistentImports {
                    module: import.module.to_owned(),
                    name: import.name.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Refuses exports that would shadow an import or a name of the instrumentation once their
    /// module prefix, up to the last `__`, is cut.
    fn check_names(&self) -> Result<(), ParseRefusal> {
        let imported: HashMap<&str, ()> = self
            .imports
            .iter()
            .map(|import| (import.name, ()))
            .collect();
        let exported: Vec<&str> = self
            .exports
            .iter()
            .map(|export| base_name(export.name))
            .collect();
        if let Some(name) = exported.iter().find(|name| imported.contains_key(*name)) {
            return Err(ParseRefusal::ExportsImport((*name).to_owned()));
        }
        if let Some(name) = exported
            .iter()
            .find(|name| name.starts_with(RESERVED_PREFIX))
        {
            return Err(ParseRefusal::ExportsReserved((*name).to_owned()));
        }
        match self
            .imports
            .iter()
            .find(|import| import.name.starts_with(RESERVED_PREFIX))
        {
            Some(import) => Err(ParseRefusal::ImportsReserved(import.name.to_owned())),
            None => Ok(()),
        }
    }
}

/// The accepted proposals.
fn features(rules: &ActivationRules) -> WasmFeatures {
    let mut features = WasmFeatures::WASM1
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY;
    features.set(
        WasmFeatures::MULTI_VALUE,
        rules.stylus_version < SINGLE_RESULT_VERSION,
    );
    features
}

fn base_name(name: &str) -> &str {
    name.rsplit_once("__").map_or(name, |(_, base)| base)
}

/// Accepts a global that starts from exactly one constant.
fn require_constant(global: &Global<'_>) -> Result<(), ParseRefusal> {
    let mut ops = global.init_expr.get_operators_reader();
    let first = ops.read()?;
    let constant = matches!(
        first,
        Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::F32Const { .. }
            | Operator::F64Const { .. }
    );
    if constant && matches!(ops.read()?, Operator::End) && ops.eof() {
        Ok(())
    } else {
        Err(ParseRefusal::GlobalInitializer)
    }
}
