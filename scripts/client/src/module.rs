//! Reads a WASM module: drops what a chain has no use for and refuses what Nitro refuses.
//!
//! The checks are those that need no instrumentation. A module that passes can still be
//! refused at activation, by limits that Nitro measures on the instrumented module.

use wasmparser::{
    CompositeInnerType, ExternalKind, Parser, Payload, TypeRef, ValType, Validator, WasmFeatures,
};

/// Module that every host function is imported from.
const HOST_MODULE: &str = "vm_hooks";

/// Memory pages a program may start with.
const PAGE_LIMIT: u64 = 128;

/// Why Nitro would refuse a module at activation.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// Not WASM, or WASM that uses a feature which Stylus does not have.
    #[error("not a module that Stylus validates")]
    Invalid(#[from] wasmparser::BinaryReaderError),
    /// A section that Nitro does not know.
    #[error("unsupported section type {0}")]
    Section(&'static str),
    /// An import that is not a host function.
    #[error("import of {module}.{name}: only functions of {HOST_MODULE} can be imported")]
    Import {
        /// Module named by the import.
        module: String,
        /// Name of the import.
        name: String,
    },
    /// The memory is not exported under the name `memory`.
    #[error("missing memory with export name memory")]
    NoMemory,
    /// The module starts with too much memory.
    #[error("memory size {pages} exceeds bound {PAGE_LIMIT}")]
    TooMuchMemory {
        /// Pages that the module asks for.
        pages: u64,
    },
    /// The memory can grow and nobody pays for it.
    #[error("missing import pay_for_memory_grow")]
    GrowthUnpaid,
    /// No `user_entrypoint` is exported.
    #[error("missing export with name user_entrypoint")]
    NoEntrypoint,
    /// `user_entrypoint` does not take one i32 and return one.
    #[error("wrong type for user_entrypoint")]
    EntrypointType,
}

/// A module that passed the checks, without its custom sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The bytes that are deployed once compressed.
    pub bytes: Vec<u8>,
    /// Memory pages it starts with.
    pub pages: u64,
}

impl Module {
    /// Checks `bytes` and strips names, producers and debug information.
    ///
    /// # Errors
    /// [`ModuleError`], in the words that Nitro uses.
    pub fn read(bytes: &[u8]) -> Result<Self, ModuleError> {
        Validator::new_with_features(features()).validate_all(bytes)?;
        let mut facts = Facts::default();
        let mut stripped = Vec::with_capacity(bytes.len());
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            facts.note(&payload)?;
            match payload {
                Payload::Version { range, .. } => stripped.extend(bytes.get(range).unwrap_or(&[])),
                Payload::CustomSection(_) => {}
                kept => {
                    if let Some((id, range)) = kept.as_section() {
                        let content = bytes.get(range).unwrap_or(&[]);
                        append_section(&mut stripped, id, content);
                    }
                }
            }
        }
        Ok(Self {
            bytes: stripped,
            pages: facts.judge()?,
        })
    }
}

/// What Nitro validates with at ArbOS 51.
fn features() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        | WasmFeatures::GC_TYPES
        | WasmFeatures::MULTI_VALUE
}

fn append_section(module: &mut Vec<u8>, id: u8, content: &[u8]) {
    module.push(id);
    let mut rest = content.len();
    loop {
        let low = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            module.push(low);
            break;
        }
        module.push(low | 0x80);
    }
    module.extend_from_slice(content);
}

/// What is learnt while walking the sections.
#[derive(Default)]
struct Facts {
    /// For each type, whether it is `(i32) -> i32`.
    types: Vec<bool>,
    /// Type of each function, imported ones first.
    functions: Vec<u32>,
    memory: Option<Memory>,
    memory_exported: bool,
    growth_paid: bool,
    entrypoint: Option<u32>,
}

#[derive(Clone, Copy)]
struct Memory {
    pages: u64,
    fixed: bool,
}

impl Facts {
    fn note(&mut self, payload: &Payload<'_>) -> Result<(), ModuleError> {
        match payload {
            Payload::TypeSection(types) => self.note_types(types.clone()),
            Payload::ImportSection(imports) => self.note_imports(imports.clone()),
            Payload::FunctionSection(functions) => {
                for function in functions.clone() {
                    self.functions.push(function?);
                }
                Ok(())
            }
            Payload::MemorySection(memories) => {
                for memory in memories.clone() {
                    let memory = memory?;
                    self.memory = Some(Memory {
                        pages: memory.initial,
                        fixed: memory.maximum == Some(memory.initial),
                    });
                }
                Ok(())
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone() {
                    let export = export?;
                    match (export.name, export.kind) {
                        ("memory", ExternalKind::Memory) => self.memory_exported = true,
                        ("user_entrypoint", ExternalKind::Func) => {
                            self.entrypoint = Some(export.index);
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            Payload::DataCountSection { .. } => Err(ModuleError::Section("DataCountSection")),
            Payload::TagSection(_) => Err(ModuleError::Section("TagSection")),
            // A debug chain moves a start function out of the way; every other chain refuses it.
            Payload::StartSection { .. } => Err(ModuleError::Section("StartSection")),
            _ => Ok(()),
        }
    }

    fn note_types(&mut self, types: wasmparser::TypeSectionReader<'_>) -> Result<(), ModuleError> {
        for group in types {
            for subtype in group?.into_types() {
                let plain = match &subtype.composite_type.inner {
                    CompositeInnerType::Func(function) => {
                        function.params() == [ValType::I32] && function.results() == [ValType::I32]
                    }
                    _ => false,
                };
                self.types.push(plain);
            }
        }
        Ok(())
    }

    fn note_imports(
        &mut self,
        imports: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), ModuleError> {
        for import in imports.into_imports() {
            let import = import?;
            match import.ty {
                TypeRef::Func(function) if import.module == HOST_MODULE => {
                    self.functions.push(function);
                    self.growth_paid |= import.name == "pay_for_memory_grow";
                }
                _ => {
                    return Err(ModuleError::Import {
                        module: import.module.to_owned(),
                        name: import.name.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    fn judge(self) -> Result<u64, ModuleError> {
        let memory = self.memory.filter(|_| self.memory_exported);
        let memory = memory.ok_or(ModuleError::NoMemory)?;
        if memory.pages > PAGE_LIMIT {
            return Err(ModuleError::TooMuchMemory {
                pages: memory.pages,
            });
        }
        if !memory.fixed && !self.growth_paid {
            return Err(ModuleError::GrowthUnpaid);
        }
        let entrypoint = self.entrypoint.ok_or(ModuleError::NoEntrypoint)?;
        let plain = usize::try_from(entrypoint)
            .ok()
            .and_then(|index| self.functions.get(index))
            .and_then(|index| self.types.get(usize::try_from(*index).ok()?));
        if plain != Some(&true) {
            return Err(ModuleError::EntrypointType);
        }
        Ok(memory.pages)
    }
}
