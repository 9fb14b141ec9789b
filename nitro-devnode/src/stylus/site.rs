//! Where in Nitro's source a refusal is raised: its error reports end with the place.
//!
//! The places are facts of the recordings (ArbOS 51), one for each check. A check that no
//! recorded program fails has none here, and its report ends before the place.
use super::refusal::{BuildRefusal, FunctionRefusal, ParseRefusal};

/// The place of the charge for activation.
pub const ACTIVATION_GAS: &str = "crates/prover/src/programs/mod.rs:481:13";

impl ParseRefusal {
    /// File, line and column, if a recording shows them.
    pub fn site(&self) -> Option<&'static str> {
        Some(match self {
            Self::Invalid(_) => "crates/prover/src/binary.rs:346:10",
            Self::Malformed(_) => "crates/prover/src/binary.rs:456:27",
            Self::ImportKind(_) => "crates/prover/src/binary.rs:411:25",
            Self::SectionKind(_) => "crates/prover/src/binary.rs:471:18",
            Self::InconsistentImports { .. } => "crates/prover/src/binary.rs:487:13",
            Self::ExportsImport(_) => "crates/prover/src/binary.rs:500:13",
            Self::ExportsReserved(_) => "crates/prover/src/binary.rs:507:9",
            Self::ImportsReserved(_) => "crates/prover/src/binary.rs:510:9",
            Self::NoMemory => "crates/prover/src/programs/mod.rs:372:13",
            Self::MemoryNotExported => "crates/prover/src/programs/mod.rs:378:13",
            Self::MemoryBound { .. } => "crates/prover/src/programs/heap.rs:50:13",
            Self::NoPayImport => "crates/prover/src/programs/mod.rs:347:28",
            Self::PayImportType(_) => "crates/prover/src/programs/heap.rs:62:13",
            Self::Pass { source, .. } => return source.site(),
            Self::NoEntrypoint => "crates/prover/src/binary.rs:742:13",
            Self::EntrypointKind(_) => "crates/prover/src/binary.rs:746:13",
            Self::EntrypointType(_) => "crates/prover/src/binary.rs:750:13",
            Self::PageLimit { .. } => "crates/prover/src/binary.rs:684:13",
            Self::TooMany { what, .. } => return limit_site(what),
            Self::NameTooLong { .. } => "crates/prover/src/binary.rs:728:13",
            Self::GlobalInitializer
            | Self::UnknownSection(_)
            | Self::StartFunction
            | Self::SeveralMemories
            | Self::InitCost
            | Self::CachedCost
            | Self::AsmEstimate
            | Self::Encode(_) => return None,
        })
    }
}

impl FunctionRefusal {
    fn site(&self) -> Option<&'static str> {
        match self {
            Self::Opcode => Some("crates/prover/src/programs/dynamic.rs:144:17"),
            Self::TooManyValues { .. } => Some("crates/prover/src/programs/depth.rs:521:13"),
            Self::FrameTooLarge { .. } | Self::Extension(_) => None,
        }
    }
}

impl BuildRefusal {
    /// File, line and column, if a recording shows them.
    pub fn site(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoSuchImport { .. } => "crates/prover/src/machine.rs:410:25",
            Self::ImportType { .. } => "crates/prover/src/machine.rs:419:13",
            Self::Float(operation) => return float_site(operation),
            Self::DataOutOfBounds { .. } => "crates/prover/src/machine.rs:528:17",
            Self::ElementOutOfBounds { .. } => "crates/prover/src/machine.rs:583:13",
            Self::NoFunctions | Self::DataOffset | Self::ElementInitializer => return None,
        })
    }
}

/// Every limit is checked on a line of its own.
fn limit_site(what: &str) -> Option<&'static str> {
    Some(match what {
        "datas" => "crates/prover/src/binary.rs:696:9",
        "elements" => "crates/prover/src/binary.rs:697:9",
        "exports" => "crates/prover/src/binary.rs:698:9",
        "functions" => "crates/prover/src/binary.rs:699:9",
        "locals" => "crates/prover/src/binary.rs:702:13",
        "opcodes in func body" => "crates/prover/src/binary.rs:703:13",
        "imports" => "crates/prover/src/binary.rs:707:13",
        "table entries" => "crates/prover/src/binary.rs:711:9",
        "element entries" => "crates/prover/src/binary.rs:714:9",
        _ => return None,
    })
}

/// Every kind of operation is refused on a line of its own, whatever its types.
fn float_site(operation: &str) -> Option<&'static str> {
    let (kind, operands) = operation.split_once('(')?;
    Some(match kind {
        "UnOp" => "crates/prover/src/wavm.rs:955:23",
        "BinOp" => "crates/prover/src/wavm.rs:961:23",
        "RelOp" => "crates/prover/src/wavm.rs:914:22",
        "ConvertIntOp" => "crates/prover/src/wavm.rs:998:31",
        // The third operand says whether the truncation saturates.
        "TruncIntOp" if operands.contains(", true, ") => "crates/prover/src/wavm.rs:1012:32",
        "TruncIntOp" => "crates/prover/src/wavm.rs:983:29",
        _ => return None,
    })
}
