//! Reads a WASM module: drops what a chain has no use for and refuses what Nitro refuses.
//!
//! The module is written anew on the way. The linker pads the table index of `call_indirect` to
//! five bytes, which only a parser with reference types reads, and Nitro's has none.
//!
//! The checks are those that need no instrumentation. A module that passes can still be
//! refused at activation, by limits that Nitro measures on the instrumented module.

use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasmparser::{
    CompositeInnerType, CustomSectionReader, ExternalKind, Parser, Payload, TypeRef, ValType,
    Validator, WasmFeatures,
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
    /// Not a module that can be written anew.
    #[error("not a module")]
    Malformed(#[from] reencode::Error),
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
        let stripped = strip(bytes)?;
        Validator::new_with_features(features()).validate_all(&stripped)?;
        let mut facts = Facts::default();
        for payload in Parser::new(0).parse_all(&stripped) {
            facts.note(&payload?)?;
        }
        Ok(Self {
            pages: facts.judge()?,
            bytes: stripped,
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

/// The same module without custom sections, every integer in as few bytes as it needs.
fn strip(bytes: &[u8]) -> Result<Vec<u8>, ModuleError> {
    let mut module = wasm_encoder::Module::new();
    Stripper.parse_core_module(&mut module, Parser::new(0), bytes)?;
    Ok(module.finish())
}

struct Stripper;

impl Reencode for Stripper {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRYPOINT: &str =
        r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;
    const PAYS: &str = r#"(import "vm_hooks" "pay_for_memory_grow" (func (param i32)))"#;
    const MEMORY: &str = r#"(memory (export "memory") 1)"#;

    fn read(parts: &[&str]) -> Result<Module, ModuleError> {
        let text = format!("(module {})", parts.join(" "));
        Module::read(&wat::parse_str(text).expect("the text is WAT"))
    }

    fn refusal(parts: &[&str]) -> String {
        read(parts).expect_err("the module is refused").to_string()
    }

    #[test]
    fn custom_sections_are_stripped_and_nothing_else() {
        let plain = read(&[PAYS, MEMORY, ENTRYPOINT]).expect("a module that Nitro takes");
        let named = read(&[PAYS, MEMORY, ENTRYPOINT, r#"(@custom "producers" "rustc")"#]);
        assert_eq!(
            named.expect("custom sections are no reason to refuse"),
            plain
        );
        assert_eq!(plain.pages, 1);
        let again = Module::read(&plain.bytes).expect("what was stripped is a module");
        assert_eq!(again, plain);
    }

    #[test]
    fn a_memory_that_cannot_grow_needs_nobody_to_pay_for_it() {
        let fixed = r#"(memory (export "memory") 1 1)"#;
        assert!(read(&[fixed, ENTRYPOINT]).is_ok());
        let refusal = refusal(&[MEMORY, ENTRYPOINT]);
        assert_eq!(refusal, "missing import pay_for_memory_grow");
    }

    #[test]
    fn a_module_without_an_exported_memory_is_refused() {
        let refusal = refusal(&["(memory 1 1)", ENTRYPOINT]);
        assert_eq!(refusal, "missing memory with export name memory");
    }

    #[test]
    fn a_module_that_starts_with_too_much_memory_is_refused() {
        let refusal = refusal(&[r#"(memory (export "memory") 129 129)"#, ENTRYPOINT]);
        assert_eq!(refusal, "memory size 129 exceeds bound 128");
    }

    #[test]
    fn a_module_without_an_entrypoint_of_the_right_type_is_refused() {
        assert_eq!(
            refusal(&[PAYS, MEMORY]),
            "missing export with name user_entrypoint"
        );
        let other = r#"(func (export "user_entrypoint") (result i32) i32.const 0)"#;
        assert_eq!(
            refusal(&[PAYS, MEMORY, other]),
            "wrong type for user_entrypoint"
        );
    }

    #[test]
    fn only_host_functions_can_be_imported() {
        let import = r#"(import "env" "print" (func))"#;
        assert_eq!(
            refusal(&[import, PAYS, MEMORY, ENTRYPOINT]),
            "import of env.print: only functions of vm_hooks can be imported"
        );
    }

    #[test]
    fn a_data_count_section_is_refused() {
        let init = r#"(data "x") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))"#;
        assert_eq!(
            refusal(&[PAYS, MEMORY, ENTRYPOINT, init]),
            "unsupported section type DataCountSection"
        );
    }

    #[test]
    fn a_feature_that_stylus_lacks_is_refused() {
        let simd = "(func (result v128) (v128.const i64x2 0 0))";
        let refusal = read(&[PAYS, MEMORY, ENTRYPOINT, simd]);
        assert!(
            matches!(refusal, Err(ModuleError::Invalid(_))),
            "{refusal:?}"
        );
    }
}
