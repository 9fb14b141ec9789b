//! Every reason for which a program is refused, in Nitro's words.
//!
//! The words are what clients search for: cargo-stylus, for one, takes any text with
//! `pay_for_memory_grow` to mean a missing entrypoint. Details are coloured as Nitro's are.

use std::error::Error;
use std::fmt::{self, Write};

use wasmparser::{BinaryReaderError, ExternalKind, FuncType, ValType};

use super::color::red;
use super::imports::PAY_FOR_MEMORY_GROW;
use super::instrument::ENTRYPOINT_EXPORT;

/// Why a module is refused while it is read, instrumented and measured.
#[derive(Debug, thiserror::Error)]
pub enum ParseRefusal {
    /// Standard validation failed under the accepted proposals.
    #[error("failed to validate {}", red("user"))]
    Invalid(#[source] BinaryReaderError),
    /// A part that validation does not look at is malformed, such as the name section.
    #[error(transparent)]
    Malformed(#[from] BinaryReaderError),
    /// Only functions can be imported; holds the import as the parser prints it.
    #[error("unsupported import kind {0}")]
    ImportKind(String),
    /// A global starts from something other than one constant.
    #[error("Non-constant global initializer")]
    GlobalInitializer,
    /// A section with an id outside the standard.
    #[error("unsupported unknown section type {0}")]
    UnknownSection(String),
    /// A section of a proposal that is not accepted, or the data count section.
    #[error("unsupported section type {0}")]
    SectionKind(String),
    /// One import under two types.
    #[error("inconsistent imports for {} {}", red(module), red(format_args!("{name:?}")))]
    InconsistentImports {
        /// The module imported from.
        module: String,
        /// The name imported twice.
        name: String,
    },
    /// An export whose name, after its last `__`, is that of an import.
    #[error("binary exports an import with the same name {}", red(.0))]
    ExportsImport(String),
    /// An export under a name kept for the instrumentation.
    #[error("binary exports reserved symbol {}", red(.0))]
    ExportsReserved(String),
    /// An import under a name kept for the instrumentation.
    #[error("binary imports reserved symbol {}", red(.0))]
    ImportsReserved(String),
    /// A start function on a chain that is not for debugging.
    #[error("start functions not allowed")]
    StartFunction,
    /// No memory at all.
    #[error("missing memory export with name {}", red("memory"))]
    NoMemory,
    /// More than one memory.
    #[error("only one memory is allowed")]
    SeveralMemories,
    /// The memory is not exported as `memory`.
    #[error("missing memory with export name {}", red("memory"))]
    MemoryNotExported,
    /// More initial pages than any program may have.
    #[error("memory size {} exceeds bound {}", red(pages), red(bound))]
    MemoryBound {
        /// Initial pages.
        pages: u64,
        /// Pages allowed.
        bound: u64,
    },
    /// A memory that can grow, and no function to pay for it.
    #[error("missing import {}", red(PAY_FOR_MEMORY_GROW))]
    NoPayImport,
    /// The paying function has another type than `(i32) -> ()`.
    #[error("wrong type for {}: {}", red(PAY_FOR_MEMORY_GROW), red(.0))]
    PayImportType(Lambda),
    /// A pass over a function's operators refused it.
    #[error("{pass} failure")]
    Pass {
        /// Nitro's name of the pass.
        pass: &'static str,
        /// What it refused.
        #[source]
        source: FunctionRefusal,
    },
    /// No entrypoint.
    #[error("missing export with name {}", red(ENTRYPOINT_EXPORT))]
    NoEntrypoint,
    /// The entrypoint is not a function.
    #[error("export {} must be a function but is a {}", red(ENTRYPOINT_EXPORT), red(.0))]
    EntrypointKind(&'static str),
    /// The entrypoint has another type than `(i32) -> i32`.
    #[error("wrong type for {}: {}", red(ENTRYPOINT_EXPORT), red(.0))]
    EntrypointType(Lambda),
    /// The start-up cost does not fit its field.
    #[error("init cost too high")]
    InitCost,
    /// The start-up cost of a cached program does not fit its field.
    #[error("cached cost too high")]
    CachedCost,
    /// The estimated native size does not fit its field.
    #[error("asm estimate too large")]
    AsmEstimate,
    /// More initial pages than the transaction has left.
    #[error("memory exceeds limit: {} > {}", red(pages), red(limit))]
    PageLimit {
        /// Initial pages.
        pages: u64,
        /// The page limit less the pages already open.
        limit: u16,
    },
    /// The instrumented module has too many of something.
    #[error("too many wasm {what}: {count} > {limit}")]
    TooMany {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// How many are allowed.
        limit: u64,
    },
    /// An export's or the module's name is too long.
    #[error("wasm {} too long: {} > {}", red("name"), red(len), red(limit))]
    NameTooLong {
        /// Length in bytes.
        len: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The rewritten module could not be encoded; the validated input rules this out.
    #[error("failed to encode the instrumented module")]
    Encode(#[source] wasm_encoder::reencode::Error),
}

/// Why a single function is refused by an instrumentation pass.
#[derive(Debug, thiserror::Error)]
pub enum FunctionRefusal {
    /// A bulk operation without a price.
    #[error("opcode not supported")]
    Opcode,
    /// A frame of more words than any function may take.
    #[error("frame too large: {} > {}-word limit", red(words), red(limit))]
    FrameTooLarge {
        /// Words of the frame.
        words: u64,
        /// Words allowed.
        limit: u64,
    },
    /// More values alive at once than the native stack is sized for.
    #[error(
        "too many values on the stack at once in func {}: {} > {}",
        red(function),
        red(values),
        red(limit)
    )]
    TooManyValues {
        /// Index among the module's own functions.
        function: usize,
        /// The most values alive at once.
        values: u64,
        /// Values allowed.
        limit: u64,
    },
    /// An operator of a proposal whose stack effect is not modelled.
    #[error("{0} extension not supported")]
    Extension(String),
}

/// Why the proving machine cannot be built from an otherwise acceptable module.
#[derive(Debug, thiserror::Error)]
pub enum BuildRefusal {
    /// The host has no such function.
    #[error("No such import {} in {} for {}", red(name), red(module), red("user"))]
    NoSuchImport {
        /// The module imported from.
        module: String,
        /// The name imported.
        name: String,
    },
    /// The host's function has another type.
    #[error(
        "Import {} for {} has different function signature than export.\n\
         expected {} in {}\nbut have {}",
        red(name),
        red("user"),
        red(expected),
        red(module),
        red(actual)
    )]
    ImportType {
        /// The module imported from.
        module: String,
        /// The name imported.
        name: String,
        /// The host's type.
        expected: Lambda,
        /// The importer's type.
        actual: Lambda,
    },
    /// Nothing to run.
    #[error("Module must have at least one function")]
    NoFunctions,
    /// Floating-point arithmetic, which has no deterministic implementation here.
    #[error("No implementation for floating point operation {} in {}", red(.0), red("user"))]
    Float(&'static str),
    /// A data segment that starts from something other than an `i32.const`.
    #[error("Non-constant data segment offset")]
    DataOffset,
    /// A data segment outside the initial memory.
    #[error(
        "Out-of-bounds data memory init with offset {} and size {}",
        red(offset),
        red(size)
    )]
    DataOutOfBounds {
        /// The signed 32-bit offset, sign-extended and read as unsigned.
        offset: u64,
        /// Bytes of the segment.
        size: usize,
    },
    /// An element segment that is not a list of functions at a constant offset.
    #[error("Non-constant element initializers are not supported")]
    ElementInitializer,
    /// An element segment outside its table.
    #[error(
        "Out of bounds element segment at offset {offset} and length {len} for table of length {table}"
    )]
    ElementOutOfBounds {
        /// The signed 32-bit offset, sign-extended and read as unsigned.
        offset: u64,
        /// Functions of the segment.
        len: u32,
        /// Initial entries of the table.
        table: u64,
    },
}

/// A function type as Nitro prints it, such as `λ(i32, i64) -> i32`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lambda {
    params: Box<[ValType]>,
    results: Box<[ValType]>,
}

impl Lambda {
    /// The type with these parameters and results.
    pub fn new(params: &[ValType], results: &[ValType]) -> Self {
        Self {
            params: params.into(),
            results: results.into(),
        }
    }
}

impl From<&FuncType> for Lambda {
    fn from(ty: &FuncType) -> Self {
        Self::new(ty.params(), ty.results())
    }
}

impl fmt::Display for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "λ({})", list(&self.params))?;
        match &*self.results {
            [] => Ok(()),
            [one] => write!(f, " -> {one}"),
            several => write!(f, " -> ({})", list(several)),
        }
    }
}

fn list(types: &[ValType]) -> String {
    types
        .iter()
        .map(ValType::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Nitro's word for what an export holds.
pub fn kind_word(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => "Func",
        ExternalKind::Table => "Table",
        ExternalKind::Memory => "Memory",
        ExternalKind::Global => "Global",
        ExternalKind::Tag => "Tag",
    }
}

/// Writes `heading`, the chain of causes below it and the place of the refusal, laid out as
/// Nitro's error reports are: a lone cause is indented, several are numbered.
pub fn write_report(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    cause: &(dyn Error + 'static),
    site: Option<&str>,
) -> fmt::Result {
    let mut chain = vec![cause.to_string()];
    let mut deeper = cause.source();
    while let Some(error) = deeper {
        chain.push(error.to_string());
        deeper = error.source();
    }
    write!(f, "{heading}\n\nCaused by:")?;
    for (index, text) in chain.iter().enumerate() {
        let (first, rest) = if chain.len() == 1 {
            ("    ".to_owned(), "    ")
        } else {
            (format!("{index:4}: "), "      ")
        };
        for (line, words) in text.lines().enumerate() {
            let indent = if line == 0 { first.as_str() } else { rest };
            f.write_char('\n')?;
            write!(f, "{indent}{words}")?;
        }
    }
    write_site(f, site)
}

/// Writes the end of a report.
pub fn write_site(f: &mut fmt::Formatter<'_>, site: Option<&str>) -> fmt::Result {
    match site {
        Some(site) => write!(f, "\n\nLocation:\n    {site}"),
        None => Ok(()),
    }
}
